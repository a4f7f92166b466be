"""Read the archive that a .docx or .odt file is, within limits, and write it anew.

Nothing is unpacked to disk. What an archive says of its sizes is believed only as a limit: no more
is read of a part than it declared.
"""

from __future__ import annotations

import io
import re
import stat
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from .refusal import DAMAGED, EMBEDDED, ENCRYPTED, TWO_KINDS, FileRefusedError

START, END = b"PK\x03\x04", b"PK\x05\x06"
MOST_PARTS = 2_000
MOST_BYTES = 120 * 1024 * 1024  # of all parts together, unpacked
# A part above the first size that shrinks more than the second tells is no text of a document
RATIO_FROM, MOST_RATIO = 1024 * 1024, 300
DEEPEST = 12  # folders in folders
TOO_LARGE = "Unpacked it is far larger than a document. Save it anew and add it again."
BAD_NAMES = "Its parts have names that no document has. Save it anew and add it again."

# What begins so is an archive, a program or an object of another program
ARCHIVES = (
    START,
    b"\x1f\x8b",
    b"BZh",
    b"7z\xbc\xaf\x27\x1c",
    b"\xfd7zXZ\x00",
    b"Rar!",
    b"(\xb5/\xfd",
)
PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"\x00asm")
OBJECT = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BAD_NAME = re.compile(r'[\x00-\x1f\\:*?"<>|\x7f]')


@dataclass(slots=True)
class Budget:
    """How much may still be unpacked of one upload, the archives inside it included."""

    parts: int = MOST_PARTS
    size: int = MOST_BYTES


@dataclass(frozen=True, slots=True)
class Archive:
    """The parts of an archive by their names, in order; which of them were stored as they are."""

    parts: dict[str, bytes] = field(repr=False)
    stored: frozenset[str]


def read(data: bytes, budget: Budget) -> Archive:
    """Return the parts of an archive. Raises FileRefusedError."""
    try:
        with ZipFile(io.BytesIO(data)) as opened:
            infos = opened.infolist()
            if opened.comment or not data.startswith(START) or b"%PDF-" in data[:1024]:
                raise FileRefusedError(TWO_KINDS)
            if not _ends_with_directory(data, opened.start_dir):
                raise FileRefusedError(TWO_KINDS)
            _check(infos, budget)
            parts = {each.filename: _part(opened, each) for each in infos if not each.is_dir()}
    except (BadZipFile, EOFError, OSError, ValueError, zlib.error, NotImplementedError) as error:
        raise FileRefusedError(DAMAGED) from error
    except RuntimeError as error:  # what zipfile says of a part with a password
        raise FileRefusedError(ENCRYPTED) from error
    stored = frozenset(each.filename for each in infos if each.compress_type == ZIP_STORED)
    return Archive(parts, stored)


def _ends_with_directory(data: bytes, directory: int) -> bool:
    """Say whether nothing stands behind the archive's own end, and its directory where it says."""
    end = data.rfind(END)
    if end < 0 or len(data) - end != 22:
        return False
    size, start = (int.from_bytes(data[end + at : end + at + 4], "little") for at in (12, 16))
    # a directory that says to begin elsewhere has something before the archive; zip64 has its own
    return (start == directory and start + size <= end) or 0xFFFFFFFF in (size, start)


def _check(infos: list[ZipInfo], budget: Budget) -> None:
    budget.parts -= len(infos)
    budget.size -= sum(each.file_size for each in infos)
    if budget.parts < 0 or budget.size < 0:
        raise FileRefusedError(TOO_LARGE)
    names = [each.filename.casefold() for each in infos]
    if len(set(names)) != len(names):
        raise FileRefusedError(BAD_NAMES)
    for each in infos:
        name = each.orig_filename
        steps = name.rstrip("/").split("/")
        if _BAD_NAME.search(name) or {"", ".", ".."} & set(steps) or len(steps) > DEEPEST:
            raise FileRefusedError(BAD_NAMES)
        if stat.S_ISLNK(each.external_attr >> 16):
            raise FileRefusedError(BAD_NAMES)
        if each.flag_bits & 0x41:
            raise FileRefusedError(ENCRYPTED)
        if each.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise FileRefusedError(DAMAGED)
        if each.file_size > max(RATIO_FROM, MOST_RATIO * each.compress_size):
            raise FileRefusedError(TOO_LARGE)


def _part(opened: ZipFile, info: ZipInfo) -> bytes:
    with opened.open(info) as stream:
        found = stream.read(info.file_size + 1)
    if len(found) != info.file_size:
        raise FileRefusedError(DAMAGED)
    return found


def refuse_foreign(archive: Archive, allowed: Iterable[str] = ()) -> None:
    """Refuse programs, objects of other programs and archives inside, but for the `allowed` parts.

    Raises FileRefusedError.
    """
    apart = set(allowed)
    for name, data in archive.parts.items():
        packed = data.startswith(ARCHIVES) or data[257:262] == b"ustar"
        if data.startswith((*PROGRAMS, OBJECT, b"%PDF-")) or (packed and name not in apart):
            raise FileRefusedError(EMBEDDED)


def written(parts: Mapping[str, bytes], stored: Iterable[str] = ()) -> bytes:
    """Return an archive of `parts` in their order; nothing else of the old one is in it."""
    as_they_are = set(stored)
    file = io.BytesIO()
    with ZipFile(file, "w") as made:
        for name, data in parts.items():
            info = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = ZIP_STORED if name in as_they_are else ZIP_DEFLATED
            made.writestr(info, data)
    return file.getvalue()
