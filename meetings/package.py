"""All documents of a meeting in one archive: written while it is sent, never whole in memory.

Word files and PDFs are compressed already, so the archive only lines them up. It begins with two
lists of what it holds: `manifest.json` for programs, `SHA256SUMS` for `sha256sum --check`.
"""

from __future__ import annotations

import hashlib
import io
import json
import logging
import threading
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from meetings import files, register
from meetings.models import Document, DocumentFile, Meeting

# How many archives one process writes at a time: each holds a thread until its reader has it all
AT_ONCE = 2
TYPE = "application/zip"
FIRST_YEAR = (1980, 1, 1, 0, 0, 0)  # of the format
logger = logging.getLogger(__name__)
_turns = threading.BoundedSemaphore(AT_ONCE)


class BusyError(Exception):
    """As many archives are being sent as this process sends at a time."""


@dataclass(frozen=True, slots=True)
class Part:
    """A file of the archive: its name in it, where it is kept, when it was added."""

    name: str
    path: str
    sha256: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Package:
    """What an archive will hold."""

    name: str
    parts: tuple[Part, ...]
    manifest: bytes

    @property
    def file_name(self) -> str:
        """Return the name under which it is saved."""
        return f"{self.name}.zip"

    @property
    def sums(self) -> bytes:
        """Return the checksums as `sha256sum --check` reads them."""
        lines = [f"{part.sha256}  {part.name}\n" for part in self.parts]
        return "".join(lines).encode()

    @property
    def tag(self) -> str:
        """Return another word for each content."""
        return hashlib.sha256(self.manifest).hexdigest()


def package(meeting: Meeting, documents: Sequence[Document], name: str) -> Package:
    """Return what the archive of `documents` holds, read `with_all_it_shows`.

    What was withdrawn is listed without its files; a file that is not there is listed as missing.
    """
    parts: list[Part] = []
    listed = [_listed(each, parts) for each in documents]
    told = {"meeting": f"{meeting.group.slug}/{meeting.number}", "documents": listed}
    manifest = json.dumps(told, ensure_ascii=False, indent=1).encode()
    return Package(name, tuple(parts), manifest)


def _listed(document: Document, parts: list[Part]) -> dict[str, Any]:
    """Return what the manifest says of a document, and add its files to `parts`."""
    kept = [] if document.withdrawn_at is not None else list(document.files.all())
    said = []
    for row in sorted(kept, key=lambda row: (row.language, row.form)):
        name = register.file_name(document, row)
        there = files.stands(row.path, row.size)
        if there:
            parts.append(Part(name, row.path, row.sha256, row.added_at))
        else:
            logger.error("The file of document %s in %s is not there", document.pk, row.language)
        said.append(_file(row, name, there=there))
    sources = register.sources(document)
    return {
        "number": document.number,
        "title": document.title,
        "kind": document.kind,
        "source": [each.name for each in sources],
        # named among them, and not confirmed
        "pending": [each.name for each in sources if each.pending],
        "date": document.dated.isoformat() if document.dated else None,
        "state": document.state.value,
        "files": said,
    }


def _file(row: DocumentFile, name: str, *, there: bool) -> dict[str, Any]:
    said: dict[str, Any] = {
        "name": name, "language": row.language, "version": row.version, "size": row.size,
        "sha256": row.sha256,
    }  # fmt: skip
    return said if there else {**said, "missing": True}


class Sending(Iterator[bytes]):
    """An archive on its way: its bytes, piece by piece. Closing it lets another one go.

    Raises BusyError where too many are on their way.
    """

    def __init__(self, made: Package) -> None:
        if not _turns.acquire(blocking=False):
            raise BusyError
        self._open = True
        self._pieces = _pieces(made)

    def __next__(self) -> bytes:
        return next(self._pieces)

    def close(self) -> None:
        """Let another archive go, once."""
        if self._open:
            self._open = False
            self._pieces.close()
            _turns.release()


class _Held(io.RawIOBase):
    """What was written to an archive and not sent yet."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        """Return it, and hold it no more."""
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


def _pieces(made: Package) -> Generator[bytes]:
    held = _Held()
    with ZipFile(held, "w", ZIP_STORED) as archive:
        for name, data in (("manifest.json", made.manifest), ("SHA256SUMS", made.sums)):
            archive.writestr(ZipInfo(f"{made.name}/{name}", FIRST_YEAR), data)
        yield held.taken()
        for part in made.parts:
            info = ZipInfo(f"{made.name}/{part.name}", part.at.astimezone(UTC).timetuple()[:6])
            with archive.open(info, "w") as entry:
                for piece in files.pieces(part.path):
                    entry.write(piece)
                    yield held.taken()
    yield held.taken()
