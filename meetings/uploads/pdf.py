"""A PDF: what it must not hold, and its author's name out of it; read by a process of its own."""

from __future__ import annotations

import io
import re
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from . import apart, refusal
from .docx import Cleaned
from .refusal import FileRefusedError

READER = Path(__file__).with_name("pdf_apart.py")
START = b"%PDF-"
_PAGE = re.compile(rb"<(?:html|script|svg|!doctype|body|iframe|\?php)", re.IGNORECASE)
WHY = {
    "damaged": refusal.DAMAGED,
    "encrypted": refusal.ENCRYPTED,
    "embedded": refusal.EMBEDDED,
    "scripts": (
        "It holds scripts or starts programs. Save it without them, or print it as PDF, and add it "
        "again."
    ),
    "form": "It is an interactive form (XFA). Print it as PDF and add it again.",
    "deep": "It is nested deeper than a document. Print it as PDF and add it again.",
    "large": "Unpacked it is far larger than a document. Print it as PDF and add it again.",
}


def clean(data: bytes) -> Cleaned:
    """Return a PDF without its author's name. Raises FileRefusedError, OSError."""
    if _PAGE.search(data[:2048]) or _is_archive(data):
        raise FileRefusedError(refusal.TWO_KINDS)
    try:
        said, cleaned = apart.read(READER, data)
    except apart.WentDownError:
        raise FileRefusedError(WHY["large"]) from None
    if "refused" in said:
        raise FileRefusedError(WHY[str(said["refused"])])
    kept = data if said["signed"] else cleaned
    return Cleaned(kept, tuple(_notes(said)))


def _is_archive(data: bytes) -> bool:
    """Say whether programs that open archives would open it too."""
    tail = data.rfind(b"PK\x05\x06", -70_000)
    if tail < 0:
        return False
    try:
        with ZipFile(io.BytesIO(data)) as opened:
            return bool(opened.infolist())
    except (BadZipFile, OSError, ValueError, NotImplementedError):
        return False


def _notes(said: dict[str, object]) -> list[str]:
    notes = [f"{said['pages']} page{'' if said['pages'] == 1 else 's'}"]
    people = said["people"]
    if said["signed"]:
        shown = f": the author’s name in it, “{str(people)[:80]}”, will be seen" if people else ""
        notes.append(f"Signed, so kept as it is{shown}")
    else:
        taken = people or said["remarks"]
        notes.append("Author’s name in the file: removed" if taken else "No author’s name in it")
        if said["remarks"]:
            notes.append("It holds remarks, which will be seen")
    return notes
