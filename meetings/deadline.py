"""One object is a deadline: its instant, its zone, its words, every move of it.

Form, page, feed, calendar, mail and report take it from here, so that none of them can say another
time. What is known of it may be an instant, only a day, or only a month; a day or a month has
passed when it has ended in the zone in which it is meant.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from meetings.wording import dates
from meetings.wording.messages import Messages


@dataclass(frozen=True, slots=True)
class Moment:
    """When something is: an instant (aware), else a day, else a month (its first day).

    `zone` is a name of the IANA database; `place` how the house says it: "Geneva time".
    """

    zone: str
    place: str
    at: datetime | None = None
    day: date | None = None
    month: date | None = None

    @property
    def known(self) -> bool:
        """Say whether anything is known of it."""
        return bool(self.at or self.day or self.month)

    @property
    def first_day(self) -> date | None:
        """Return its day in its zone, of a month the first; None where nothing is known."""
        if self.at is not None:
            return self.at.astimezone(zoneinfo.ZoneInfo(self.zone)).date()
        return self.day or self.month

    @property
    def starts(self) -> datetime | None:
        """Return the first instant of it, in UTC; None where nothing is known."""
        if self.at is not None:
            return self.at.astimezone(UTC)
        first = self.day or self.month
        return _midnight(first, self.zone) if first else None

    @property
    def ends(self) -> datetime | None:
        """Return the first instant after it, in UTC: a day’s is midnight, a month’s the next month."""
        if self.at is not None:
            return self.at.astimezone(UTC)
        if self.day is not None:
            return _midnight(self.day + timedelta(days=1), self.zone)
        if self.month is not None:
            return _midnight(
                (self.month.replace(day=1) + timedelta(days=32)).replace(day=1), self.zone
            )
        return None

    def days_left(self, at: datetime) -> int:
        """Return how many days `at` is before it, as a calendar in its zone counts; 0 on its day.

        Midnight belongs to the day that it ends. Of what is not known it is 0.
        """
        today = at.astimezone(zoneinfo.ZoneInfo(self.zone)).date()
        if self.ends is None:
            return 0
        last = (self.ends - timedelta(microseconds=1)).astimezone(zoneinfo.ZoneInfo(self.zone))
        return (last.date() - today).days

    def words(self, messages: Messages) -> str:
        """Return it as it is read: 13 January 2025, 23:59 Geneva time; 13 January 2025; January 2025.

        Midnight belongs to the day that it ends, and is said as 24:00 of it: nobody knows of which
        day a bare midnight is.
        """
        if self.at is not None:
            local = self.at.astimezone(zoneinfo.ZoneInfo(self.zone))
            ended = local.time() == time(0)
            day = dates.day(
                messages, (local - timedelta(minutes=1)).date() if ended else local.date()
            )
            clock = "24:00" if ended else f"{local:%H:%M}"
            return str(messages.dates["instant"]).format(day=day, time=clock, place=self.place)
        if self.day is not None:
            return dates.day(messages, self.day)
        return dates.month(messages, self.month) if self.month else ""


@dataclass(frozen=True, slots=True)
class Move:
    """One extension of a deadline: until when, from when, decided on which day, by whom, why.

    Of an extension of the past the last three may not be known.
    """

    was: Moment
    now: Moment
    decided_on: date | None = None
    decided_by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline as it was set, and every extension of it, the first one first."""

    first: Moment
    moves: Sequence[Move] = ()

    @property
    def now(self) -> Moment:
        """Return the moment that counts: of the last extension, else as it was set."""
        return self.moves[-1].now if self.moves else self.first

    @property
    def ends(self) -> datetime | None:
        """Return the first instant at which it has passed; None where nothing is known of it."""
        return self.now.ends

    def passed(self, at: datetime) -> bool:
        """Say whether it has passed at `at`; what is not known has not."""
        return self.ends is not None and self.ends <= at

    def words(self, messages: Messages) -> str:
        """Return the moment that counts in words."""
        return self.now.words(messages)


def zone_in_words(zone: str) -> str:
    """Return words for a zone whose group gives none: Zurich time."""
    return f"{zone.rpartition('/')[2].replace('_', ' ')} time"


def _midnight(day: date, zone: str) -> datetime:
    """Return when `day` begins in `zone`, in UTC.

    Where a change of the clock skips midnight, the day begins with its first instant: the skipped
    time read with the offset before the change is that very instant.
    """
    return datetime.combine(day, time(0), zoneinfo.ZoneInfo(zone)).astimezone(UTC)
