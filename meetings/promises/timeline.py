"""The promises of a page on one line of time, as a picture: places in per cent, drawn by a template."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from meetings.models import Meeting, Session, WorkingGroup
from meetings.promises.ledger import Row
from meetings.promises.states import LABELS, OPEN_STATES, State

# Where the line of time begins and ends, in per cent of the picture's width: labels stand beside it
LEFT, RIGHT = 17.0, 80.0
TOP, LANE = 44, 26  # pixels
SESSION_ROWS = 2
# Labels of sessions, meetings and years this near would run into each other on a phone
SESSION_APART, MEETING_APART, YEAR_APART = 22.0, 6.0, 10.0
FEWEST_DAYS = 60

# The words beside the lanes, where those of the table are too long for a phone
WORDS = {**LABELS, State.WAITING: "Waits"}
# Each state has a shape of its own, so that none is told by its colour alone
SHAPES = {
    State.OPEN: "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0",
    State.LATE: "M0-6.5L6.5 5.5H-6.5Z",
    State.WAITING: "M-5-5.5h3.5v11h-3.5zM1.5-5.5h3.5v11h-3.5z",
    State.TO_CONFIRM: "M0-6.5L6.5 0L0 6.5L-6.5 0Z",
    State.KEPT: "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0",
    State.KEPT_LATE: "M-5-5h10v10h-10z",
    State.REPLACED: "M-6-2.5H0V-6.5L7 0L0 6.5V2.5H-6Z",
    State.DROPPED: "M-5-5L5 5M5-5L-5 5",
}


@dataclass(frozen=True, slots=True)
class Tick:
    """A day on the line, and what it is called; "" where the name would find no room."""

    x: str
    label: str
    name: str
    y: int = 0


@dataclass(frozen=True, slots=True)
class Lane:
    """One promise: from the day it was made to the day it was settled, or to the day asked for."""

    label: str
    name: str
    state: State
    word: str
    y: int
    text_y: int
    made: str
    due: str  # "" where it has no due day
    reached: str  # the place of the mark
    in_time: str  # to where the line is drawn as in time
    shape: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """Everything the picture shows."""

    height: int
    bottom: int
    top: int
    left: str
    right: str
    today: str  # "" where the day lies outside
    lanes: tuple[Lane, ...]
    sessions: tuple[Tick, ...]
    meetings: tuple[Tick, ...]
    years: tuple[Tick, ...]
    legend: tuple[tuple[State, str, str], ...]


class _Scale:
    """From days to per cent of the picture's width."""

    def __init__(self, days: Collection[date]) -> None:
        self.first, last = min(days), max(days)
        self.days = max((last - self.first).days, FEWEST_DAYS)
        self.last = self.first + timedelta(self.days)

    def at(self, day: date) -> float:
        return LEFT + (RIGHT - LEFT) * (day - self.first).days / self.days

    def x(self, day: date) -> str:
        return f"{self.at(day):.2f}%"


def timeline(rows: Sequence[Row], day: date, groups: Iterable[WorkingGroup]) -> Timeline | None:
    """Return the picture of `rows` on `day`; None where there is nothing to draw."""
    if not rows:
        return None
    ordered = sorted(rows, key=lambda row: (row.standing.facts.made, row.standing.facts.position))
    scale = _Scale([on for row in ordered for on in _days(row, day)])
    bottom = TOP + LANE * len(ordered)
    held = Meeting.objects.own_series().filter(
        group__in=groups, cancelled_on=None, last_day__range=(scale.first, scale.last)
    )
    meetings = sorted({(meeting.last_day, f"{meeting.ordinal}") for meeting in held})
    sessions = [
        (session.ends(), str(session))
        for session in Session.objects.filter(
            year__gte=scale.first.year, year__lte=scale.last.year
        )
        if scale.first <= session.ends() <= scale.last
    ]  # fmt: skip
    years = [
        (date(year, 1, 1), f"{year}") for year in range(scale.first.year + 1, scale.last.year + 1)
    ]
    states = {row.state for row in ordered}
    return Timeline(
        height=bottom + 44,
        bottom=bottom,
        top=TOP,
        left=f"{LEFT}%",
        right=f"{RIGHT}%",
        today=scale.x(day) if scale.first <= day <= scale.last else "",
        lanes=tuple(_lane(row, place, day, scale) for place, row in enumerate(ordered)),
        sessions=tuple(_ticks(sorted(sessions), scale, SESSION_APART, SESSION_ROWS)),
        meetings=tuple(_ticks(meetings, scale, MEETING_APART)),
        years=tuple(_ticks(years, scale, YEAR_APART)),
        legend=tuple((state, LABELS[state], SHAPES[state]) for state in State if state in states),
    )


def _days(row: Row, day: date) -> Iterator[date]:
    standing = row.standing
    yield standing.facts.made
    yield _reached(row, day)
    if standing.due is not None:
        yield standing.due
    if standing.state == State.WAITING and standing.facts.event_ends is not None:
        yield standing.facts.event_ends


def _reached(row: Row, day: date) -> date:
    """Return the day of the mark: when it was settled, else the day asked for."""
    settled = row.standing.settled_on
    return max(settled if settled is not None else day, row.standing.facts.made)


def _lane(row: Row, place: int, day: date, scale: _Scale) -> Lane:
    standing = row.standing
    facts, due = standing.facts, standing.due
    if due is None and standing.state == State.WAITING:
        due = facts.event_ends
    reached = _reached(row, day)
    counts = standing.state in OPEN_STATES or standing.state == State.KEPT_LATE
    late = due is not None and due < reached and counts and standing.state != State.TO_CONFIRM
    y = TOP + LANE * place + LANE // 2
    return Lane(
        label=f"{row.promise.meeting.number} {row.letter})",
        name=f"{row.by}: {row.what}. {row.state.label}.",
        state=row.state,
        word=WORDS[row.state],
        y=y,
        text_y=y + 4,
        made=scale.x(facts.made),
        due=scale.x(due) if due is not None else "",
        reached=scale.x(reached),
        in_time=scale.x(due if late and due is not None else reached),
        shape=SHAPES[row.state],
    )


def _ticks(
    named: Iterable[tuple[date, str]], scale: _Scale, apart: float, rows: int = 1
) -> Iterator[Tick]:
    """Yield a tick for each day; its label stands in the first row that has room, else nowhere."""
    taken = [-apart] * rows
    for day, name in named:
        at = scale.at(day)
        room = next((row for row in range(rows) if at - taken[row] >= apart), None)
        if room is not None:
            taken[room] = at
        yield Tick(scale.x(day), name if room is not None else "", name, 12 + 16 * (room or 0))
