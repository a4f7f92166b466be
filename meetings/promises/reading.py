"""From the record to the facts of promises: three queries, however many there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import F, QuerySet

from meetings.models import PROMISES, Meeting, Outcome
from meetings.promises.states import Facts, Standing, State, stand

COLUMNS = (
    "pk", "kind", "meeting__group", "meeting", "position", "meeting__last_day", "window_from",
    "session", "session__last_day", "session__year", "due",
    "awaits", "awaits__last_day", "awaits__year", "waking__decision__on",
    "settlement__how", "settlement__on", "settlement__at_session__last_day",
    "settlement__at_session__year", "settlement__by_outcome__meeting__last_day",
)  # fmt: skip


def standings(promises: QuerySet[Outcome], day: date) -> list[Standing]:
    """Return how each promise among `promises` stands on `day`, those made later left out."""
    return standings_on(promises, [day])[day]


def standings_on(promises: QuerySet[Outcome], days: Collection[date]) -> dict[date, list[Standing]]:
    """Return the same for each of `days`, of which there is one at least: asked for all at once."""
    made = promises.filter(kind__in=PROMISES, meeting__last_day__lte=max(days))
    rows = list(made.order_by("meeting__last_day", "position", "pk").values_list(*COLUMNS))
    later = _later(made)
    found = [_facts(row, later) for row in rows]
    meetings = _meetings({facts.group for facts in found})
    return {
        day: [stand(facts, day, meetings[facts.group]) for facts in found if facts.made <= day]
        for day in days
    }


def standing(promise: Outcome, day: date) -> Standing:
    """Return how one promise stands on `day`. Raises LookupError before the day it was made."""
    return standings(Outcome.objects.filter(pk=promise.pk), day)[0]


def state(promise: Outcome, day: date) -> State:
    """Return what `promise` came to by `day`."""
    return standing(promise, day).state


def _meetings(groups: set[int]) -> dict[int, list[date]]:
    """Return the last days of the groups' own meetings, sorted."""
    held = Meeting.objects.own_series().filter(cancelled_on=None, group__in=groups)
    days: dict[int, list[date]] = defaultdict(list)
    for group, last_day in held.order_by("last_day").values_list("group", "last_day"):
        days[group].append(last_day)
    return days


def _later(promises: QuerySet[Outcome]) -> dict[tuple[int, bool], tuple[int, date]]:
    """Return the first later outcome that goes on from each promise, by whether the kind is the same."""
    following = (
        Outcome.objects.filter(follows__in=promises.order_by().values("pk"))
        .order_by(F("meeting__last_day").desc(), "-position")
        .values_list("follows", "kind", "follows__kind", "pk", "meeting__last_day")
    )
    # the latest first, so that the earliest is the one that stays
    return {(of, kind == was): (key, day) for of, kind, was, key, day in following if of}


def _facts(row: Any, later: dict[tuple[int, bool], tuple[int, date]]) -> Facts:
    (
        key, kind, group, meeting, position, made, window_from,
        session, session_last, session_year, due,
        event, event_last, event_year, woken_on,
        how, on, at_last, at_year, told_on,
    ) = row  # fmt: skip
    at = _ends(at_last, at_year)
    taken_up_by, taken_up_on = later.get((key, False), (None, None))
    put_off_by, put_off_on = later.get((key, True), (None, None))
    return Facts(
        key=key, kind=kind, group=group, meeting=meeting, position=position, made=made,
        window_from=window_from, session_ends=_ends(session_last, session_year) if session else None,
        due=due, event=event, event_ends=_ends(event_last, event_year), woken_on=woken_on,
        how=how or "", settled_by=(on or at or told_on) if how else None, day_known=bool(on or at),
        taken_up_by=taken_up_by, taken_up_on=taken_up_on,
        put_off_by=put_off_by, put_off_on=put_off_on,
    )  # fmt: skip


def _ends(last_day: date | None, year: int | None) -> date | None:
    """Return the last day of a session as `Session.ends` does."""
    return last_day or (date(year, 12, 31) if year is not None else None)
