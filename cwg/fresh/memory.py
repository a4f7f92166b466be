"""What a process remembers of public pages: whole ones, and the parts that many of them share.

All of it holds as long as the record has the same stamp and the clock has not reached the next
instant at which anything changes by itself (an opening, a closing, a new day).
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import cast

from django.conf import settings
from django.db.models import Min, Q
from django.utils import timezone

from consultations.models import Consultation
from cwg.fresh import stamp
from meetings import finding


@dataclass(frozen=True, slots=True)
class Edition:
    """The record as it shows between two changes: what is made of one is not given in another."""

    stamp: stamp.Stamp
    index: str  # of the search: it follows the record a moment later
    since: datetime
    until: datetime


_latest: Edition | None = None


def edition(now: datetime) -> Edition:
    """Return the edition of the record at `now`: ask for it before what is made of it is read.

    What changes while a page is made then makes it newer than its edition, never older.
    """
    global _latest  # noqa: PLW0603  # one for each process
    standing, index, latest = stamp.now(), finding.version(), _latest
    if (
        latest is None
        or (latest.stamp, latest.index) != (standing, index)
        or not latest.since <= now < latest.until
    ):
        latest = _latest = Edition(standing, index, now, next_change(now))
    return latest


def next_change(now: datetime) -> datetime:
    """Return the next instant after `now` at which a public page changes by the clock.

    A new day begins in UTC, by which pages tell what is past; rounds are announced, open and close.
    """
    midnight = datetime.combine(now.date() + timedelta(days=1), time(0), now.tzinfo)
    instants = Consultation.objects.public().aggregate(
        **{
            name: Min(name, filter=Q(**{f"{name}__gt": now}))
            for name in ("announced_at", "opens_from", "closed_from")
        }
    )
    known: list[datetime] = [each for each in instants.values() if each is not None]
    return min([midnight, *known])


class Memory[Value]:
    """Values by their keys, each of one edition: those used last, at most so many."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._values: OrderedDict[Hashable, tuple[Edition, Value]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, of: Edition) -> Value | None:
        """Return the value kept under a key, if it is of this edition."""
        with self._lock:
            kept = self._values.get(key)
            if kept is None or kept[0] != of:
                return None
            self._values.move_to_end(key)
        return kept[1]

    def put(self, key: Hashable, of: Edition, value: Value) -> None:
        """Keep a value; the one that was not used for longest makes room."""
        with self._lock:
            self._values[key] = (of, value)
            self._values.move_to_end(key)
            while len(self._values) > self.most:
                self._values.popitem(last=False)


_parts: Memory[object] = Memory(0)


def part[Value](key: tuple[Hashable, ...], make: Callable[[], Value]) -> Value:
    """Return what `make` makes, kept for whoever asks for the same part of the same edition.

    Only what nobody changes afterwards may be a part: texts, numbers, frozen rows; no model, whose
    relations are filled in as they are asked for, but those of which no relation is
    read (`consultations.search.Shared`).
    """
    if not settings.PAGES_KEPT:
        return make()
    _parts.most = settings.PAGES_KEPT
    now = edition(timezone.now())
    kept = _parts.get(key, now)
    if kept is None:
        kept = make()
        _parts.put(key, now, kept)
    return cast("Value", kept)
