"""How files are kept and served: outside every static tree, under names of our own.

A file is there whole or not at all, and stands or falls with the row that names it. A process that
is killed between the two leaves a file without a row, which `sweep` removes.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponseBase, HttpResponseNotModified
from django.utils.http import content_disposition_header, parse_etags

FOLDER = "received"
TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
}
POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"
PIECE = 256 * 1024
# A file without a row is left alone so long: its row may be on the way
SWEPT_AFTER = timedelta(days=1)


class NotStoredError(Exception):
    """There was no room for a file, or none could be written."""

    def __init__(self) -> None:
        super().__init__(
            "The file could not be stored just now, for want of room. Nothing of it was kept; add "
            "it again later."
        )


@dataclass(frozen=True, slots=True)
class Kept:
    """Where a file is kept, how large it is, and its SHA-256."""

    path: str
    size: int
    sha256: str


@contextmanager
def keeping() -> Iterator[Callable[[bytes, str], Kept]]:
    """Give a function that keeps a file; what was kept is removed where the block fails.

    The block is the transaction that writes the rows. Raises NotStoredError.
    """
    paths: list[Path] = []

    def keep(data: bytes, kind: str) -> Kept:
        name = secrets.token_hex(16)
        place = f"{FOLDER}/{name[:2]}/{name}.{kind}"
        path = _at(place)
        try:
            _write(path, data)
        except OSError as error:
            raise NotStoredError from error
        paths.append(path)
        return Kept(place, len(data), hashlib.sha256(data).hexdigest())

    try:
        yield keep
    except BaseException:
        for path in paths:
            with suppress(OSError):
                path.unlink(missing_ok=True)
        raise


def _at(place: str) -> Path:
    return Path(settings.MEDIA_ROOT, place)


def _write(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole, also after a power cut, or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    part = path.with_suffix(".part")
    try:
        with part.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.chmod(0o640)
        part.replace(path)
    except BaseException:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def stands(place: str, size: int) -> bool:
    """Say whether a file is there, as large as its row says."""
    try:
        return _at(place).stat().st_size == size
    except OSError:
        return False


def pieces(place: str) -> Iterator[bytes]:
    """Yield a file piece by piece. Raises FileNotFoundError."""
    with _at(place).open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def discard(place: str) -> None:
    """Remove a file whose row is gone; one that is not there is no error."""
    with suppress(OSError):
        _at(place).unlink(missing_ok=True)


def sweep(named: Collection[str], *, at: datetime) -> int:
    """Remove the files that no row names, and halves of files; return how many."""
    kept, gone = set(named), 0
    for path in _at(FOLDER).glob("*/*"):
        place = f"{FOLDER}/{path.parent.name}/{path.name}"
        with suppress(OSError):
            if place not in kept and path.stat().st_mtime < (at - SWEPT_AFTER).timestamp():
                path.unlink()
                gone += 1
    return gone


def answer(
    request: HttpRequest, place: str, name: str, kind: str, sha256: str, *, public: bool
) -> HttpResponseBase:
    """Send a file to be saved, never to be shown as a page of the site. Raises FileNotFoundError.

    The `name` is encoded as RFC 6266 and 8187 say. A public copy is asked about each time it is
    used, since it may be withheld tomorrow.
    """
    tag = f'"{sha256}"'
    headers = {
        "ETag": tag,
        "Cache-Control": "public, max-age=0, must-revalidate" if public else "private, no-store",
    }
    if public and tag in {
        each.removeprefix("W/") for each in parse_etags(request.META.get("HTTP_IF_NONE_MATCH", ""))
    }:
        return HttpResponseNotModified(headers=headers)
    sent = FileResponse(_at(place).open("rb"), content_type=TYPES[kind])
    for header, value in headers.items():
        sent[header] = value
    sent["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    sent["X-Content-Type-Options"] = "nosniff"
    sent["Content-Security-Policy"] = POLICY
    sent["Cross-Origin-Resource-Policy"] = "same-origin"
    return sent
