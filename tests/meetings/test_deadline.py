"""A deadline: one object for what it is, when it has passed and how it reads."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from meetings.deadline import Deadline, Moment, Move
from meetings.wording.messages import messages

EN = messages("en")


def moment(
    at: datetime | None = None,
    day: date | None = None,
    month: date | None = None,
    zone: str = "Europe/Zurich",
) -> Moment:
    return Moment(zone, "Geneva time", at, day, month)


def utc(
    year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0
) -> datetime:
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC)


def read(said: Moment | Deadline) -> str:
    """Give the words with plain spaces: the day and its month are never parted on a page."""
    return said.words(EN).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("known", "words"),
    [
        (moment(utc(2025, 1, 13, 22, 59)), "13 January 2025, 23:59 Geneva time"),
        (moment(utc(2025, 7, 13, 21, 59)), "13 July 2025, 23:59 Geneva time"),
        (moment(utc(2025, 1, 13, 23, 0)), "13 January 2025, 24:00 Geneva time"),
        (moment(utc(2024, 12, 31, 23, 0)), "31 December 2024, 24:00 Geneva time"),
        (moment(utc(2025, 1, 13, 23, 1)), "14 January 2025, 00:01 Geneva time"),
        (moment(day=date(2025, 1, 13)), "13 January 2025"),
        (moment(month=date(2025, 1, 1)), "January 2025"),
        (moment(), ""),
    ],
)
def test_it_reads_with_its_place_and_never_as_a_bare_midnight(known: Moment, words: str) -> None:
    assert read(known) == words
    assert read(Deadline(known)) == words


@pytest.mark.parametrize(
    ("known", "starts", "ends"),
    [
        # in winter an hour before midnight UTC, in summer two
        (moment(day=date(2025, 1, 13)), utc(2025, 1, 12, 23), utc(2025, 1, 13, 23)),
        (moment(day=date(2025, 7, 13)), utc(2025, 7, 12, 22), utc(2025, 7, 13, 22)),
        # the days on which the clocks change have 23 and 25 hours
        (moment(day=date(2025, 3, 30)), utc(2025, 3, 29, 23), utc(2025, 3, 30, 22)),
        (moment(day=date(2025, 10, 26)), utc(2025, 10, 25, 22), utc(2025, 10, 26, 23)),
        (moment(month=date(2025, 3, 1)), utc(2025, 2, 28, 23), utc(2025, 3, 31, 22)),
        (moment(month=date(2024, 12, 1)), utc(2024, 11, 30, 23), utc(2024, 12, 31, 23)),
        # a day whose midnight is skipped begins an hour later by the clock
        (moment(day=date(2018, 11, 4), zone="America/Sao_Paulo"), utc(2018, 11, 4, 3), utc(2018, 11, 5, 2)),
        (moment(utc(2025, 1, 13, 22, 59)), utc(2025, 1, 13, 22, 59), utc(2025, 1, 13, 22, 59)),
        (moment(), None, None),
    ],
)  # fmt: skip
def test_a_day_and_a_month_pass_when_they_end_where_they_are_meant(
    known: Moment, starts: datetime | None, ends: datetime | None
) -> None:
    assert (known.starts, known.ends) == (starts, ends)


def test_its_day_is_that_of_its_zone() -> None:
    assert moment(utc(2024, 12, 31, 23, 30)).first_day == date(2025, 1, 1)
    assert moment(day=date(2025, 1, 13)).first_day == date(2025, 1, 13)
    assert moment(month=date(2025, 1, 1)).first_day == date(2025, 1, 1)
    assert moment().first_day is None


def test_it_has_passed_at_its_instant_and_not_before() -> None:
    deadline = Deadline(moment(utc(2025, 1, 13, 22, 59)))
    assert not deadline.passed(utc(2025, 1, 13, 22, 58, 59))
    assert deadline.passed(utc(2025, 1, 13, 22, 59))
    assert not Deadline(moment()).passed(utc(9999, 1, 1))


@pytest.mark.parametrize(
    ("known", "at", "left"),
    [
        (moment(utc(2025, 1, 13, 22, 59)), utc(2025, 1, 13, 1), 0),
        # in Geneva it is the 13th already
        (moment(utc(2025, 1, 13, 22, 59)), utc(2025, 1, 12, 23, 30), 0),
        (moment(utc(2025, 1, 13, 22, 59)), utc(2025, 1, 12, 22, 30), 1),
        (moment(utc(2025, 1, 13, 23)), utc(2025, 1, 13, 1), 0),  # midnight belongs to its day
        (moment(day=date(2025, 1, 13)), utc(2025, 1, 1, 12), 12),
        (moment(month=date(2025, 1, 1)), utc(2025, 1, 1, 12), 30),
        (moment(), utc(2025, 1, 1), 0),
    ],
)  # fmt: skip
def test_days_are_left_as_a_calendar_in_its_zone_counts(
    known: Moment, at: datetime, left: int
) -> None:
    assert known.days_left(at) == left


def test_the_last_extension_counts() -> None:
    first, second = moment(utc(2017, 1, 4, 22, 59)), moment(utc(2017, 1, 11, 22, 59))
    moved = Deadline(first, [Move(first, second, date(2016, 12, 20), "the Chair", "Translation.")])
    assert read(moved) == "11 January 2017, 23:59 Geneva time"
    assert moved.ends == utc(2017, 1, 11, 22, 59)
    assert read(moved.first) == "4 January 2017, 23:59 Geneva time"
