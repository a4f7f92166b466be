"""The rules: when a promise is due, and what it came to by a day. No database is asked here."""

from __future__ import annotations

from bisect import bisect_right
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from meetings.models import Kind, Outcome


class State(StrEnum):
    """What a promise came to by a day."""

    LATE = "late"
    OPEN = "open"
    WAITING = "waiting"
    TO_CONFIRM = "to_confirm"
    KEPT = "kept"
    KEPT_LATE = "kept_late"
    REPLACED = "replaced"
    DROPPED = "dropped"

    @property
    def label(self) -> str:
        """Return the state in words, as a list shows it."""
        return LABELS[self]


LABELS = {
    State.LATE: "Late",
    State.OPEN: "Open",
    State.WAITING: "Waits for an event",
    State.TO_CONFIRM: "To confirm",
    State.KEPT: "Kept",
    State.KEPT_LATE: "Kept late",
    State.REPLACED: "Replaced",
    State.DROPPED: "Dropped",
}
# Nobody has said yet what these came to
OPEN_STATES = frozenset({State.LATE, State.OPEN, State.WAITING, State.TO_CONFIRM})


@dataclass(frozen=True, slots=True)
class Facts:
    """What the state of a promise is computed from."""

    key: int
    kind: str
    group: int
    meeting: int
    position: int
    made: date  # the last day of the meeting that made it
    window_from: date | None = None
    session_ends: date | None = None  # of the session it aims at
    due: date | None = None  # the day it names itself
    event: int | None = None  # the session it waits for
    event_ends: date | None = None
    woken_on: date | None = None  # the day that session decided
    how: str = ""  # how it was settled
    settled_by: date | None = None
    day_known: bool = True  # else it was settled by that day, and perhaps long before
    taken_up_by: int | None = None  # the first later outcome of another kind that goes on from it
    taken_up_on: date | None = None
    put_off_by: int | None = None  # the first later outcome that promises the same again
    put_off_on: date | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """A promise on a day: its state, and when it is due."""

    facts: Facts
    day: date
    state: State
    due: date | None

    @property
    def settled_on(self) -> date | None:
        """Return the day by which it was settled, as far as that is known on the day asked for."""
        by = self.facts.settled_by
        return by if by is not None and by <= self.day else None

    @property
    def taken_up_by(self) -> int | None:
        """Return the outcome that implies it was kept, where nobody has confirmed that yet."""
        return self.facts.taken_up_by if self.state == State.TO_CONFIRM else None

    @property
    def put_off_by(self) -> int | None:
        """Return the outcome by which it was promised once more, where nobody has said so yet."""
        on = self.facts.put_off_on
        known = on is not None and on <= self.day and self.state in OPEN_STATES
        return self.facts.put_off_by if known else None

    @property
    def order(self) -> tuple[int, int, int]:
        """Return its place in the ledger: what asks for an act first, the rest latest first."""
        rank = ORDER.index(self.state) if self.state in OPEN_STATES else len(ORDER)
        day = self.facts.made.toordinal()
        return (rank, day if rank < len(ORDER) else -day, self.facts.position)


ORDER = (State.LATE, State.OPEN, State.WAITING, State.TO_CONFIRM)


def stand(facts: Facts, day: date, meetings: Sequence[date] = ()) -> Standing:
    """Return how a promise stands on `day`.

    `meetings` are the last days of its group's own meetings, sorted, cancelled ones left out.
    """
    due = due_on(facts, day, meetings)
    return Standing(facts, day, _state(facts, day, due), due)


def _state(facts: Facts, day: date, due: date | None) -> State:
    settled = facts.settled_by
    if settled is not None and settled <= day:
        late = facts.day_known and due is not None and settled > due
        return State.KEPT_LATE if late and facts.how == State.KEPT else State(facts.how)
    if facts.taken_up_on is not None and facts.taken_up_on <= day:
        return State.TO_CONFIRM
    if waits(facts, day):
        return State.WAITING
    return State.LATE if due is not None and due < day else State.OPEN


def waits(facts: Facts, day: date) -> bool:
    """Say whether the session it waits for has not decided by `day`."""
    return facts.event is not None and (facts.woken_on is None or facts.woken_on > day)


def due_on(facts: Facts, day: date, meetings: Sequence[date]) -> date | None:
    """Return its due day as known on `day`; None where it names none, or no meeting is recorded.

    A launch is due in the first month of its window, a summary by the end of its session, what
    names a day on that day. A deferral is due at the group's next own meeting; where it waits for a
    session, at the first after that session decided.
    """
    own = named_day(facts.kind, facts.window_from, facts.session_ends, facts.due)
    if own is not None:
        return own
    if facts.event is not None:
        after = facts.event_ends if waits(facts, day) else facts.woken_on
        return _next(meetings, after)
    return _next(meetings, facts.made) if facts.kind == Kind.DEFERRED else None


def _next(meetings: Sequence[date], after: date | None) -> date | None:
    place = bisect_right(meetings, after) if after is not None else len(meetings)
    return meetings[place] if place < len(meetings) else None


def named_day(
    kind: str, window_from: date | None, session_ends: date | None, due: date | None
) -> date | None:
    """Return the day that a promise names by itself, whatever other meetings there are."""
    if kind == Kind.WOULD_LAUNCH and window_from:
        return window_from.replace(day=monthrange(window_from.year, window_from.month)[1])
    if kind == Kind.SUMMARY and session_ends:
        return session_ends
    return due


def due_day(promise: Outcome) -> date | None:
    """Return the day that `promise` names by itself; None where only an event or meeting is named."""
    ends = promise.session.ends() if promise.session else None
    return named_day(promise.kind, promise.window_from, ends, promise.due)


def settles_later(promise: Outcome | None, by: Outcome) -> bool:
    """Say whether `by` was decided after `promise`: an earlier outcome settles no later one."""
    if promise is None:
        return False
    return _when(promise) < _when(by)


def _when(outcome: Outcome) -> tuple[date, int, int]:
    return outcome.meeting.last_day, outcome.meeting.ordinal, outcome.position
