"""All documents of a meeting in one archive: written while it is sent, never whole in memory.

Word files and PDFs are compressed already, so the archive only lines them up. It begins with two
lists of what it holds: `manifest.json` for programs, `SHA256SUMS` for `sha256sum --check`.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from meetings import files, register
from meetings.models import Document, DocumentFile, Meeting
from meetings.sending import Entry, zipped

TYPE = "application/zip"
logger = logging.getLogger(__name__)


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


def pieces(made: Package) -> Generator[bytes]:
    """Yield the archive: its two lists, then its files."""
    return zipped(_entries(made))


def _entries(made: Package) -> Iterator[Entry]:
    for name, data in (("manifest.json", made.manifest), ("SHA256SUMS", made.sums)):
        yield Entry(f"{made.name}/{name}", (data,))
    for part in made.parts:
        at = part.at.astimezone(UTC).timetuple()[:6]
        yield Entry(f"{made.name}/{part.name}", files.pieces(part.path), at)
