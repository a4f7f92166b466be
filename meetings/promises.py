"""Promises: what was promised, and what it came to, computed for a day."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from django.db.models import F, Q, QuerySet

from meetings.models import PROMISES, Kind, Outcome, WorkingGroup


class State(StrEnum):
    """What a promise came to by a day."""

    OPEN = "open"
    LATE = "late"
    WAITING = "waiting"
    KEPT = "kept"
    REPLACED = "replaced"
    DROPPED = "dropped"


def settles_later(promise: Outcome | None, by: Outcome) -> bool:
    """Say whether `by` was decided after `promise`: an earlier outcome settles no later one."""
    if promise is None:
        return False
    return _when(promise) < _when(by)


def _when(outcome: Outcome) -> tuple[date, int, int]:
    return outcome.meeting.last_day, outcome.meeting.ordinal, outcome.position


def due_day(promise: Outcome) -> date | None:
    """Return the day by which a promise is due; None where only an event or meeting is named."""
    if promise.kind == Kind.WOULD_LAUNCH and promise.window_from:
        first = promise.window_from
        following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
        return date.fromordinal(following.toordinal() - 1)
    if promise.kind == Kind.SUMMARY and promise.session:
        return promise.session.ends()
    return promise.due


def state(promise: Outcome, day: date) -> State:
    """Return what `promise` came to by `day`."""
    settlement = getattr(promise, "settlement", None)
    if settlement is not None:
        at = settlement.at_session
        settled_by = settlement.on or (at.ends() if at else date.max)
        if settled_by <= day:
            return State(settlement.how)
    if promise.awaits_id is not None:
        return State.WAITING
    due = due_day(promise)
    return State.LATE if due is not None and due < day else State.OPEN


def open_on(day: date, groups: QuerySet[WorkingGroup]) -> list[tuple[Outcome, State]]:
    """Return the promises of `groups` that nobody had settled by `day`, the oldest first."""
    made = (
        Outcome.objects.filter(
            Q(settlement=None) | Q(settlement__on__gt=day) | Q(settlement__on=None),
            kind__in=PROMISES, meeting__group__in=groups, meeting__last_day__lte=day,
        )
        .select_related(
            "meeting__group", "session", "awaits", "settlement__at_session", "recalls_group"
        )
        .prefetch_related("meeting__outcomes", "meeting__group__names", "outcome_topics__topic")
        .order_by(F("meeting__last_day"), "position")
    )  # fmt: skip
    states = ((promise, state(promise, day)) for promise in made)
    return [(promise, now) for promise, now in states if now in OPEN_STATES]


OPEN_STATES = frozenset({State.OPEN, State.LATE, State.WAITING})
