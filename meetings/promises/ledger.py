"""The ledger: promises as rows that people read, for pages, for the cockpit, for a report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, islice

from django.db.models import Prefetch, QuerySet, prefetch_related_objects

from meetings.lettering import letter
from meetings.models import (
    Kind,
    Meeting,
    Outcome,
    OutcomeTopic,
    Settlement,
    WorkingGroup,
)
from meetings.promises import words
from meetings.promises.reading import standings, standings_on
from meetings.promises.states import OPEN_STATES, Standing, State


@dataclass(frozen=True, slots=True)
class Row:
    """A promise as the ledger shows it."""

    promise: Outcome
    standing: Standing
    what: str
    recalls: str  # the decision it goes back to, if any
    letter: str
    by: str
    due: str
    settlement: Settlement | None  # as far as known on the day asked for
    settled_by: str
    settled_when: str
    taken_up_by: Outcome | None
    taken_up: str

    @property
    def state(self) -> State:
        """Return what it came to."""
        return self.standing.state

    @property
    def act(self) -> str:
        """Return the one act that would settle it, as the words of a link."""
        if self.state == State.WAITING:
            return f"{self.promise.awaits} has decided…"
        if self.state == State.TO_CONFIRM:
            launch = self.promise.kind == Kind.WOULD_LAUNCH
            return "It was launched: confirm" if launch else "It was taken up: confirm"
        if self.state not in OPEN_STATES:
            return ""
        if self.standing.put_off_by is not None:
            return "Record what replaced it"
        return ACTS[Kind(self.promise.kind)]


ACTS = {
    Kind.WOULD_LAUNCH: "Record the launch",
    Kind.SUMMARY: "Record it as submitted",
    Kind.REQUEST: "Record what was sent",
    Kind.DEFERRED: "Record what was decided",
}


@dataclass(frozen=True, slots=True)
class StatusRow:
    """A promise in the status annex of a report, as plain words and days."""

    key: int  # of the outcome
    promised: str
    by: str
    due: str
    due_day: date | None
    state: State
    settled_by: str
    settled_when: str


def rows(standing: Sequence[Standing]) -> list[Row]:
    """Return a row for each promise in the order given; the number of queries does not grow."""
    found = _outcomes([each.facts.key for each in standing])
    later = _outcomes_named(
        [key for each in standing if (key := each.taken_up_by or each.put_off_by) is not None]
    )
    settling = (getattr(row, "settlement", None) for row in found.values())
    meetings = [
        *(row.meeting_id for row in (*found.values(), *later.values())),
        *(
            settlement.by_outcome.meeting_id
            for settlement in settling
            if settlement is not None and settlement.by_outcome is not None
        ),
    ]
    letters = letters_of(meetings)
    return [_row(each, found[each.facts.key], later, letters) for each in standing]


def _row(
    standing: Standing, promise: Outcome, later: dict[int, Outcome], letters: dict[int, str]
) -> Row:
    known = standing.settled_on is not None
    settlement: Settlement | None = promise.settlement if known else None
    by_letter = letters.get(settlement.by_outcome_id or 0, "") if settlement else ""
    taken_up_by = later.get(standing.taken_up_by or standing.put_off_by or 0)
    mine = letters[promise.pk]
    return Row(
        promise=promise,
        standing=standing,
        what=words.promised(promise, standing.day),
        recalls=words.recalled(promise, standing.day),
        letter=mine,
        by=words.outcome_name(promise, mine),
        due=words.due(promise, standing),
        settlement=settlement,
        settled_by=words.settled(settlement, by_letter) if settlement else "",
        settled_when=words.settled_when(settlement) if settlement else "",
        taken_up_by=taken_up_by,
        taken_up=words.outcome_name(taken_up_by, letters[taken_up_by.pk]) if taken_up_by else "",
    )


def _outcomes(keys: list[int]) -> dict[int, Outcome]:
    about = Prefetch("outcome_topics", OutcomeTopic.objects.select_related("topic"))
    found = (
        Outcome.objects.filter(pk__in=keys)
        .select_related(
            "meeting__group", "session", "awaits", "recalls_group", "settlement__at_session",
            "settlement__by_document", "settlement__by_outcome__meeting__group",
        )
        .prefetch_related("meeting__group__names", "recalls_group__names", about)
    )  # fmt: skip
    return {row.pk: row for row in found}


def _outcomes_named(keys: Iterable[int]) -> dict[int, Outcome]:
    found = Outcome.objects.filter(pk__in=keys).select_related("meeting__group")
    return {row.pk: row for row in found}


def letters_of(meetings: Iterable[int]) -> dict[int, str]:
    """Return the letter of every outcome of `meetings` (their keys), by the outcome's key."""
    listed = (
        Outcome.objects.filter(meeting__in=set(meetings))
        .order_by("meeting", "position", "pk")
        .values_list("meeting", "pk")
    )
    letters: dict[int, str] = {}
    place, before = 0, None
    for meeting, key in listed:
        place = place + 1 if meeting == before else 1
        letters[key], before = letter(place), meeting
    return letters


def open_standings(day: date, groups: QuerySet[WorkingGroup]) -> list[Standing]:
    """Return how each promise of `groups` stands that nobody had settled by `day`, the oldest first."""
    made = Outcome.objects.filter(meeting__group__in=groups)
    return [each for each in standings(made, day) if each.state in OPEN_STATES]


def open_rows(day: date, groups: QuerySet[WorkingGroup]) -> list[Row]:
    """Return the promises of `groups` that nobody had settled by `day`, the oldest first."""
    return rows(open_standings(day, groups))


def open_on(day: date, groups: QuerySet[WorkingGroup]) -> list[tuple[Outcome, State]]:
    """Return the promises of `groups` that nobody had settled by `day`, each with its state."""
    found = [(row.promise, row.state) for row in open_rows(day, groups)]
    prefetch_related_objects([promise for promise, _ in found], "meeting__outcomes")
    return found


def returning(meeting: Meeting) -> list[Row]:
    """Return the promises of earlier meetings that come back on the page of `meeting`."""
    groups = WorkingGroup.objects.filter(pk=meeting.group_id)
    return [
        row for row in open_rows(meeting.last_day, groups) if row.promise.meeting_id != meeting.pk
    ]


def status_annexes(
    asked: Sequence[tuple[int, date, date | None]],
) -> list[list[StatusRow]]:
    """Return the rows of the status annex of each report asked for; as many queries as for one.

    Asked for are the key of a group, the day by which it had promised, and the day since when: a
    promise that was made and settled before that is left out, none where it is None.
    """
    if not asked:
        return []
    promises = Outcome.objects.filter(meeting__group__in={group for group, _, _ in asked})
    on = standings_on(promises, {day for _, day, _ in asked})
    told = [
        [
            each for each in on[day]
            if each.facts.group == group and (
                since is None or each.facts.made >= since
                or each.settled_on is None or each.settled_on >= since
            )
        ]
        for group, day, since in asked
    ]  # fmt: skip
    written = iter(rows(list(chain.from_iterable(told))))
    return [[_status(row) for row in islice(written, len(each))] for each in told]


def _status(row: Row) -> StatusRow:
    return StatusRow(
        row.promise.pk, row.what, row.by, row.due, row.standing.due, row.state,
        row.settled_by, row.settled_when,
    )  # fmt: skip
