"""Promises that nobody settled: late ones first, then those that are due next."""

from __future__ import annotations

from datetime import date

from django.urls import reverse

from cwg.cockpit.days import how_far
from cwg.cockpit.desk import MOST_ROWS, Desk, Section, Task, section
from meetings.promises import Row, Standing, State, open_standings, rows

# A promise that waits for an event needs an act only once the event is over
ORDER = (State.LATE, State.WAITING, State.OPEN, State.TO_CONFIRM)


def owed(desk: Desk) -> Section | None:
    """Return the promises of the person's groups that somebody must see to."""
    owed = [each for each in open_standings(desk.day, desk.groups) if needs_an_act(each)]
    owed.sort(key=lambda each: (ORDER.index(each.state), each.due or date.max))
    tasks = [_task(desk, row) for row in rows(owed[:MOST_ROWS])]
    return section(
        "promises", "Promises", tasks, len(owed),
        all_words="Every promise, and what became of it", all_address=reverse("admin:promises"),
    )  # fmt: skip


def needs_an_act(promise: Standing) -> bool:
    """Say whether somebody can do something about it now."""
    ends = promise.facts.event_ends
    return promise.state != State.WAITING or (ends is not None and ends < promise.day)


def _task(desk: Desk, row: Row) -> Task:
    group = row.promise.meeting.group
    address = reverse("admin:promise", args=[row.promise.pk])
    acts = desk.may("meetings.add_settlement", group)
    waiting = row.state == State.WAITING
    done = (
        reverse("admin:promise_decided", args=[row.promise.pk]) if waiting else f"{address}#settle"
    )
    far = how_far(row.standing.due, desk.day) if row.standing.due and not waiting else ""
    taken_up = f"{row.taken_up} goes on from it" if row.taken_up else ""
    return Task(
        what=row.what, address=address, about=desk.about(group, row.by, taken_up),
        when=", ".join(filter(None, (row.due or "no day named", far))),
        state=row.state.value, label=row.state.label,
        act=row.act if acts else "", act_address=done if acts else "",
    )  # fmt: skip
