"""Decide about a file that somebody sent: its kind by what it holds, never by its name."""

from __future__ import annotations

from dataclasses import dataclass, field

from . import archive, docx, office, pdf, scan
from .names import safe_name
from .refusal import FileRefusedError

LARGEST = 10 * 1024 * 1024
ACCEPTED = "PDF, DOCX or ODT"
NONE_OF_THEM = office.NEITHER
OLD_WORD = "It is an old Word file (.doc) or a protected one. Save it as .docx or PDF."


@dataclass(frozen=True, slots=True)
class Examined:
    """A file that is taken: under which name, of which kind, and what was done to it."""

    name: str
    kind: str
    data: bytes = field(repr=False)
    note: str


def examine(data: bytes, name: str) -> Examined:
    """Return a file as it is to be kept: without its author's name, under a safe name.

    Raises FileRefusedError, and OSError where this machine has no room to look at it.
    """
    if len(data) > LARGEST:
        raise FileRefusedError("It is larger than 10 MB. Make it smaller, or send it in parts.")
    if not data:
        raise FileRefusedError("It is empty.")
    scan.scan(data)
    kind, cleaned = _cleaned(data)
    return Examined(safe_name(name, kind), kind, cleaned.data, ". ".join(cleaned.notes)[:300])


def _cleaned(data: bytes) -> tuple[str, docx.Cleaned]:
    if data.startswith(pdf.START):
        return "pdf", pdf.clean(data)
    if data.startswith(archive.OBJECT):
        raise FileRefusedError(OLD_WORD)
    if not data.startswith(archive.START):
        raise FileRefusedError(NONE_OF_THEM)
    return office.clean_apart(data)
