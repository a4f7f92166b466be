"""The example group's record, moved in time so that its round opened a week ago."""

from __future__ import annotations

import re
import zoneinfo
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from cwg.record.reading import Place, read
from cwg.record.rows import Data

EXAMPLE = Path(__file__).with_name("example.yaml")
OPEN_SINCE = timedelta(days=7)
DAY = re.compile(r"\d{4}-\d\d-\d\d(T.*)?", re.ASCII)


def example(today: date) -> tuple[Data, Place]:
    """Return the example's data as of `today`, and where each stands in its file."""
    data, place = read(EXAMPLE)
    zone = zoneinfo.ZoneInfo(data["group"]["zone"])
    consultation = data["consultations"][0]
    later = today - OPEN_SINCE - _local(consultation["opens"], zone).date()
    moved: Data = _moved(data, later, zone)
    consultation = moved["consultations"][0]
    consultation["key"] = consultation["opens"][: len("2024-06")]
    return moved, place


def _moved(value: Any, later: timedelta, zone: zoneinfo.ZoneInfo) -> Any:
    """Return data with every day and instant `later`; the clock of the zone shows the same time."""
    if isinstance(value, dict):
        return {name: _moved(part, later, zone) for name, part in value.items()}
    if isinstance(value, list):
        return [_moved(part, later, zone) for part in value]
    if isinstance(value, str) and (found := DAY.fullmatch(value)):
        if found[1]:
            return (_local(value, zone) + later).isoformat()
        return (date.fromisoformat(value) + later).isoformat()
    return value


def _local(instant: str, zone: zoneinfo.ZoneInfo) -> datetime:
    return datetime.fromisoformat(instant).astimezone(zone)
