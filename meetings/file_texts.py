"""Read the words inside files, each once: in a process apart, claimed by a row, given up after a time."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import F

from meetings import files
from meetings.models import FilePage, FileReading
from meetings.uploads import apart
from meetings.uploads.refusal import FileRefusedError

READER = Path(__file__).with_name("uploads") / "text_apart.py"
MOST_TRIES = 3
AGAIN_AFTER = timedelta(minutes=2)  # longer than a reader may take: whoever claimed it is gone
WRITTEN_AT_ONCE = 200


def pages_of(paths: Iterable[str]) -> dict[str, list[tuple[int, str]]]:
    """Return the pages of files by their place, as (number, text), in order: one query."""
    wanted = list(paths)
    found: dict[str, list[tuple[int, str]]] = {}
    if not wanted:
        return found
    rows = FilePage.objects.filter(reading__path__in=wanted, reading__problem="")
    for path, page, text in rows.order_by("reading", "page").values_list(
        "reading__path", "page", "text"
    ):
        found.setdefault(path, []).append((page, text))
    return found


def ended(paths: Iterable[str]) -> set[str]:
    """Return those of `paths` that were read or given up, or that somebody reads just now."""
    rows = FileReading.objects.filter(path__in=list(paths), ended_at__isnull=False)
    return set(rows.values_list("path", flat=True))


def read(path: str, kind: str, *, at: datetime, then: Callable[[], None]) -> bool:
    """Read one file unless somebody else does; say whether it was read or given up.

    `then` is called in the transaction that keeps its pages: the file has words now.
    """
    if not _claimed(path, at):
        return False
    pages, problem = _read(path)
    if problem == "later":
        return False
    with transaction.atomic():
        reading = FileReading.objects.select_for_update(no_key=True).get(path=path)
        reading.pages.all().delete()
        FilePage.objects.bulk_create(  # bulk: derived from a file, whose own history is kept
            (
                FilePage(reading=reading, page=number if kind == "pdf" else 0, text=text)
                for number, text in enumerate(pages, 1)
                if text.strip()
            ),
            batch_size=WRITTEN_AT_ONCE,
        )
        reading.ended_at, reading.problem = at, problem
        reading.save()
        then()
    return True


def _claimed(path: str, at: datetime) -> bool:
    """Claim a file: new, or begun so long ago that whoever did is gone."""
    _, new = FileReading.objects.get_or_create(path=path, defaults={"tried_at": at, "tries": 1})
    if new:
        return True
    rows = FileReading.objects.filter(
        path=path, ended_at=None, tried_at__lte=at - AGAIN_AFTER, tries__lt=MOST_TRIES
    )
    if rows.update(tried_at=at, tries=F("tries") + 1):  # bulk: a claim, which keeps no history
        return True
    spent = FileReading.objects.filter(
        path=path, ended_at=None, tried_at__lte=at - AGAIN_AFTER, tries__gte=MOST_TRIES
    )
    spent.update(ended_at=at, problem="given up")  # bulk: derived from a file
    return False


def _read(path: str) -> tuple[list[str], str]:
    """Return the pages of a file and why there are none: "" where there may be, "later" for now."""
    try:
        data = b"".join(files.pieces(path))
    except OSError:
        return [], "not there"
    try:
        said, written = apart.read(READER, data)
    except apart.WentDownError:
        return [], "went down"
    except (FileRefusedError, OSError):
        return [], "later"
    if "damaged" in said:
        return [], "damaged"
    found: list[str] = json.loads(written)
    return found, ""
