"""Instants of a record file: read at their place, written in the group's own zone."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

from cwg.record.reading import Path_, Place

# In every zone on Earth an instant of these years has a year that the file can say
FIRST_YEAR, LAST_YEAR = 1001, 2998


def read_instant(place: Place, path: Path_, text: str) -> datetime:
    """Return an instant; raises RecordError for one that no clock shows."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise place.error(path, f"there is no such instant: {text}") from error
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise place.error(path, f"expected an instant of the years {FIRST_YEAR} to {LAST_YEAR}")
    return at


def instant(at: datetime | None, zone: tzinfo) -> str | None:
    """Return an instant with its offset in `zone`.

    Before zones were agreed clocks differed by seconds, which no file says: then it is in UTC.
    """
    if at is None:
        return None
    local = at.astimezone(zone)
    offset = local.utcoffset()
    whole = offset is not None and not offset.total_seconds() % 60
    return (local if whole else at.astimezone(UTC)).isoformat()
