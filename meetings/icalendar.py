"""A calendar as a file that calendar programs subscribe to (RFC 5545): pure, no database.

The rules of the zone stand inside, change by change, for the years that the events cover; a time
that a change of the clock makes double is written in UTC, for its name alone would mean the first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

LONGEST_LINE = 75  # octets, without the line's end
# What RFC 5545 does not allow in a text
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Event:
    """One event: at an instant (aware), or from a day to a day, the last one included."""

    uid: str
    title: str
    address: str
    changed: datetime
    at: datetime | None = None
    first_day: date | None = None
    last_day: date | None = None
    text: str = ""
    place: str = ""
    sequence: int = 0
    cancelled: bool = False


def render(name: str, zone: str, events: Sequence[Event]) -> bytes:
    """Return the calendar; the same events give the same bytes."""
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//CWG Secretariat//Open consultations//EN",
        "CALSCALE:GREGORIAN", "METHOD:PUBLISH", f"NAME:{_text(name)}", f"X-WR-CALNAME:{_text(name)}",
        f"X-WR-TIMEZONE:{zone}", "REFRESH-INTERVAL;VALUE=DURATION:PT6H", "X-PUBLISHED-TTL:PT6H",
    ]  # fmt: skip
    instants = [each.at for each in events if each.at is not None]
    if instants:
        lines += _zone(zone, min(instants), max(instants))
    for each in events:
        lines += _event(each, zone)
    lines.append("END:VCALENDAR")
    return b"".join(_folded(line) for line in lines)


def _event(event: Event, zone: str) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(event.uid)}"
    yield f"DTSTAMP:{_utc(event.changed)}"
    yield f"LAST-MODIFIED:{_utc(event.changed)}"
    yield f"SEQUENCE:{event.sequence}"
    if event.at is not None:
        yield f"DTSTART{_local(event.at, zone)}"
    elif event.first_day is not None:
        after = (event.last_day or event.first_day) + timedelta(days=1)
        yield f"DTSTART;VALUE=DATE:{event.first_day:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{after:%Y%m%d}"
    yield f"SUMMARY:{_text(event.title)}"
    if event.text:
        yield f"DESCRIPTION:{_text(event.text)}"
    if event.place:
        yield f"LOCATION:{_text(event.place)}"
    yield f"URL:{event.address}"
    yield f"STATUS:{'CANCELLED' if event.cancelled else 'CONFIRMED'}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _local(at: datetime, zone: str) -> str:
    local = at.astimezone(ZoneInfo(zone))
    if local.fold:
        return f":{_utc(at)}"
    return f";TZID={zone}:{local:%Y%m%dT%H%M%S}"


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


# The rules of a zone


def _zone(zone: str, first: datetime, last: datetime) -> Iterator[str]:
    """Yield the zone: how it stands before the first event, and each change until after the last."""
    there = ZoneInfo(zone)
    begin = datetime(first.year - 1, 1, 1, tzinfo=UTC)
    yield "BEGIN:VTIMEZONE"
    yield f"TZID:{zone}"
    yield from _observance(begin, begin, there)
    for change in changes(there, begin, datetime(last.year + 2, 1, 1, tzinfo=UTC)):
        yield from _observance(change - timedelta(seconds=1), change, there)
    yield "END:VTIMEZONE"


def _observance(before: datetime, change: datetime, there: ZoneInfo) -> Iterator[str]:
    was, now = before.astimezone(there), change.astimezone(there)
    kind = "DAYLIGHT" if now.dst() else "STANDARD"
    began = (change + (was.utcoffset() or timedelta(0))).replace(tzinfo=None)
    yield f"BEGIN:{kind}"
    yield f"DTSTART:{began:%Y%m%dT%H%M%S}"
    yield f"TZOFFSETFROM:{_offset(was)}"
    yield f"TZOFFSETTO:{_offset(now)}"
    yield f"TZNAME:{_text(now.tzname() or '')}"
    yield f"END:{kind}"


def changes(there: ZoneInfo, begin: datetime, end: datetime) -> Iterator[datetime]:
    """Yield each instant, in UTC, from which clocks in a zone stand otherwise than a second before."""

    def stands(at: datetime) -> tuple[timedelta | None, timedelta | None]:
        local = at.astimezone(there)
        return local.utcoffset(), local.dst()

    at, step = begin, timedelta(days=1)
    while at < end:
        if stands(at) != stands(at + step):
            low, high = at, at + step
            while high - low > timedelta(seconds=1):
                middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
                low, high = (low, middle) if stands(middle) != stands(low) else (middle, high)
            yield high
        at += step


def _offset(local: datetime) -> str:
    minutes, seconds = divmod(int((local.utcoffset() or timedelta(0)).total_seconds()), 60)
    sign = "-" if minutes < 0 else "+"
    if minutes < 0 and seconds:
        minutes, seconds = minutes + 1, 60 - seconds
    hours, minutes = divmod(abs(minutes), 60)
    return f"{sign}{hours:02}{minutes:02}{f'{seconds:02}' if seconds else ''}"


# The letters


def _text(said: str) -> str:
    said = CONTROL.sub("", said.replace("\r\n", "\n").replace("\r", "\n"))
    for sign in ("\\", ";", ","):
        said = said.replace(sign, f"\\{sign}")
    return said.replace("\n", "\\n")


def _folded(line: str) -> bytes:
    """Return a line with its end, folded so that no part is too long and no letter is cut."""
    parts: list[bytes] = [b""]
    for letter in line:
        octets = letter.encode()
        if len(parts[-1]) + len(octets) > LONGEST_LINE:
            parts.append(b" ")
        parts[-1] += octets
    return b"\r\n".join(parts) + b"\r\n"


def unique(uid: Iterable[str], host: str) -> str:
    """Return what names an event for ever."""
    return f"{'.'.join(uid)}@{host}"
