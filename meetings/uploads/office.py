"""A Word file or an OpenDocument text: which of them it is, looked through and cleaned."""

from __future__ import annotations

from pathlib import Path

from . import apart, archive, docx, odt
from .docx import Cleaned
from .refusal import FileRefusedError

READER = Path(__file__).with_name("office_apart.py")
NEITHER = "It is no PDF, DOCX or ODT file, whatever its name says. Save it as one of them."


def clean_apart(data: bytes) -> tuple[str, Cleaned]:
    """Return what `clean` returns, read by a process of its own: a small part may hold millions of
    elements, and each takes a hundred times the space that it had. Raises FileRefusedError, OSError.
    """
    try:
        said, cleaned = apart.read(READER, data)
    except apart.WentDownError:
        raise FileRefusedError(archive.TOO_LARGE) from None
    if "refused" in said:
        raise FileRefusedError(said["refused"])
    return said["kind"], Cleaned(cleaned, tuple(said["notes"]))


def clean(data: bytes) -> tuple[str, Cleaned]:
    """Return the kind of a file and the file without its author's name. Raises FileRefusedError."""
    budget = archive.Budget()
    opened = archive.read(data, budget)
    if docx.is_docx(opened):
        return "docx", docx.clean(opened, data, budget)
    if odt.is_odt(opened):
        return "odt", odt.clean(opened, data)
    raise FileRefusedError(NEITHER)
