"""A PDF: what it must not hold, and its author's name out of it; read by a process of its own."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import BadZipFile, ZipFile

from . import refusal
from .docx import Cleaned
from .refusal import FileRefusedError

READER = Path(__file__).with_name("pdf_apart.py")
LONGEST = 40  # seconds; the reader stops itself earlier
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
    "large": "Unpacked it is far larger than a document. Print it as PDF and add it again.",
}


def clean(data: bytes) -> Cleaned:
    """Return a PDF without its author's name. Raises FileRefusedError, OSError."""
    if _PAGE.search(data[:2048]) or _is_archive(data):
        raise FileRefusedError(refusal.TWO_KINDS)
    with TemporaryDirectory(prefix="pdf-") as folder:
        source, target = Path(folder, "source.pdf"), Path(folder, "target.pdf")
        source.write_bytes(data)
        said = _said(source, target)
        if "refused" in said:
            raise FileRefusedError(WHY[str(said["refused"])])
        if "failed" in said:
            raise OSError(said["failed"])
        kept = data if said["signed"] else target.read_bytes()
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


def _said(source: Path, target: Path) -> dict[str, object]:
    command = [sys.executable, "-I", str(READER), str(source), str(target)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=LONGEST, check=False)  # noqa: S603  # our own reader, by a path of ours
    except subprocess.TimeoutExpired:
        raise FileRefusedError(WHY["large"]) from None
    if done.returncode != 0:  # it went down with the file: out of time or memory, or a crash
        raise FileRefusedError(WHY["large"])
    said: dict[str, object] = json.loads(done.stdout)
    return said


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
