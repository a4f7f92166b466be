"""When the contributions to a round were received, as a picture: one column a day, a week or a month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from meetings.wording import dates
from meetings.wording.messages import Messages

MOST_COLUMNS = 53
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Step:
    """What a column is: the first day of that in which a day lies, and the first day of the next."""

    name: str
    begin: Callable[[date], date]
    following: Callable[[date], date]


@dataclass(frozen=True, slots=True)
class Column:
    """A day, a week or a month: its name, how many came, and its height in percent of the highest."""

    name: str
    number: int
    height: float

    @property
    def above(self) -> float:
        """Return what stands empty above it, in percent."""
        return round(100 - self.height, 1)


@dataclass(frozen=True, slots=True)
class OverTime:
    """The columns in order, from the first day of the round to its last; `step` is what each one is."""

    step: str
    begins: str
    ends: str
    columns: tuple[Column, ...]


def over_time(
    messages: Messages, received: Mapping[date, int], first: date | None, last: date | None
) -> OverTime | None:
    """Return the picture of what was `received` on each day; None where nothing was.

    It reaches from the `first` day of the round to its `last`, as far as they are known, and to
    whatever came before or after. The finest step is taken that needs few enough columns.
    """
    if not received:
        return None
    first = min([*received, *([first] if first else [])])
    last = max([*received, *([last] if last else [])])
    step, starts = _fitting(first, last)
    counted: Counter[date] = Counter()
    for day, number in received.items():
        counted[step.begin(day)] += number
    highest = max(counted.values())
    return OverTime(
        step.name, dates.day(messages, first), dates.day(messages, last),
        tuple(
            Column(_name(messages, step.name, each), counted[each], round(100 * counted[each] / highest, 1))
            for each in starts
        ),
    )  # fmt: skip


def _fitting(first: date, last: date) -> tuple[Step, list[date]]:
    """Return the finest step that needs few enough columns, else the coarsest, and where each begins."""
    for step in STEPS:
        starts = [step.begin(first)]
        while (after := step.following(starts[-1])) <= last:
            starts.append(after)
        if len(starts) <= MOST_COLUMNS or step is STEPS[-1]:
            break
    return step, starts


def _name(messages: Messages, step: str, start: date) -> str:
    if step == "day":
        return dates.day(messages, start)
    if step == "week":
        return dates.days(messages, start, start + 6 * DAY)
    return dates.month(messages, start)


def _month_after(day: date) -> date:
    return (day.replace(day=28) + 4 * DAY).replace(day=1)


STEPS = (
    Step("day", lambda day: day, lambda day: day + DAY),
    Step("week", lambda day: day - day.weekday() * DAY, lambda day: day + 7 * DAY),
    Step("month", lambda day: day.replace(day=1), _month_after),
)
