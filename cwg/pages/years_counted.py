"""What came in over the years, as columns: known only where the contributions of a round are kept here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from consultations.counting import Facet


@dataclass(frozen=True, slots=True)
class Bar:
    """A run on the line of years, in percent of its length."""

    at: float
    length: float


@dataclass(frozen=True, slots=True)
class Round:
    """A round on the line of years."""

    name: str
    address: str
    year: int
    window: str
    published: int | None  # None: its contributions are not kept here
    bar: Bar | None  # None: when it opened and closed is not recorded

    @property
    def as_list(self) -> tuple[Round]:
        """Return it as the only one of its line."""
        return (self,)


@dataclass(frozen=True, slots=True)
class Year:
    """A year: how many rounds began in it, and of how many of these the contributions are kept here."""

    year: int
    rounds: int
    kept: int

    @property
    def missing(self) -> bool:
        """Say whether there were rounds, and nothing of what came in is kept here."""
        return self.rounds > 0 and self.kept == 0

    @property
    def in_part(self) -> bool:
        """Say whether only some of its rounds are kept here."""
        return 0 < self.kept < self.rounds


@dataclass(frozen=True, slots=True)
class Column:
    """What came in one year: None where nobody knows, or where there was no round."""

    year: Year
    number: int | None
    height: float  # in percent of the highest of all

    @property
    def above(self) -> float:
        """Return what stands empty above it, in percent."""
        return round(100 - self.height, 1)


@dataclass(frozen=True, slots=True)
class Line:
    """One value of a facet over the years."""

    name: str
    total: int
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A facet over the years: it adds up to what was published."""

    name: str
    caption: str
    lines: tuple[Line, ...]


def by_year(rounds: Sequence[Round], first: int, last: int) -> tuple[Year, ...]:
    """Return every year from the first to the last with how many rounds began in it."""
    return tuple(
        Year(
            year, sum(each.year == year for each in rounds),
            sum(each.year == year and each.published is not None for each in rounds),
        )
        for year in range(first, last + 1)
    )  # fmt: skip


def total(years: Sequence[Year], rounds: Sequence[Round]) -> Line:
    """Return all that was published over the years."""
    numbers: defaultdict[int, int] = defaultdict(int)
    for each in rounds:
        numbers[each.year] += each.published or 0
    return _line("All", numbers, years, max(numbers.values(), default=0))


def _line(name: str, numbers: Mapping[int, int], years: Sequence[Year], most: int) -> Line:
    columns = tuple(
        Column(
            each, numbers.get(each.year, 0) if each.kept else None,
            round(100 * numbers.get(each.year, 0) / most, 1) if most and each.kept else 0,
        )
        for each in years
    )  # fmt: skip
    return Line(name, sum(each.number or 0 for each in columns), columns)


def by_value(
    facet: Facet,
    counted: Mapping[int, Mapping[Facet, Mapping[str, int]]],
    rounds: Mapping[int, Round],
) -> dict[str, dict[int, int]]:
    """Return how many contributions each value of a facet has in each year, of the rounds kept here."""
    found: defaultdict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for key, facets in counted.items():
        if rounds[key].published is not None:
            for value, number in facets[facet].items():
                found[value][rounds[key].year] += number
    return found


def chart(
    name: str,
    names: Mapping[str, str],
    numbers: Mapping[str, Mapping[int, int]],
    years: Sequence[Year],
) -> Chart:
    """Return a facet over the years: each of its values that anything came from."""
    most = max((max(each.values(), default=0) for each in numbers.values()), default=0)
    lines = [
        _line(label, numbers[value], years, most)
        for value, label in names.items()
        if any(numbers.get(value, {}).values())
    ]
    return Chart(name, f"{name}, by the year in which the round began", tuple(lines))
