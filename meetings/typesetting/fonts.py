"""The fonts that ship with the project, and which letters they hold.

The system's fonts are never asked: a document prints the same on every machine.
"""

from __future__ import annotations

import re
import struct
from functools import cache
from pathlib import Path

from .runs import REPLACEMENT

FOLDER = Path(__file__).parent / "fonts"

# Asked in this order for every letter. Quotation marks and dashes of a Chinese text are the
# Chinese font's; in Arabic the points, brackets and digits are the Arabic font's.
FAMILIES: dict[str, tuple[str, ...]] = {
    "": ("Noto Serif", "Noto Naskh Arabic", "Noto Serif CJK SC"),
    "ar": ("Noto Naskh Arabic", "Noto Serif", "Noto Serif CJK SC"),
    "zh": ("Noto Serif CJK SC", "Noto Serif", "Noto Naskh Arabic"),
}
_REGULAR = (
    "NotoSerif-Regular.ttf",
    "NotoNaskhArabic-Regular.ttf",
    "NotoSerifCJKsc-Regular.otf",
)
# Held by a font, but not allowed in the text of a PDF/UA file.
_REFUSED = {0xFEFF}
# What has no look of its own: hyphens, joiners, direction marks, selectors. No font need hold it.
_INVISIBLE = re.compile(
    "[\u00ad\u061c\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f"
    "\U000e0001\U000e0020-\U000e007f\U000e0100-\U000e01ef]"
)


@cache
def covered() -> frozenset[str]:
    """Return every letter that at least one of the shipped fonts can print."""
    codes: set[int] = set()
    for name in _REGULAR:
        codes |= _codes((FOLDER / name).read_bytes())
    return frozenset(map(chr, codes - _REFUSED))


def missing_letters(text: str) -> tuple[str, ...]:
    """Return the letters of `text` that no shipped font holds, each once, in code order.

    What has no look of its own (a direction mark, a joiner) is never missing.
    """
    absent = set(text) - covered()
    return tuple(sorted(letter for letter in absent if not _INVISIBLE.match(letter)))


def printable(text: str) -> str:
    """Return `text` with every letter that no shipped font holds as U+FFFD."""
    absent = missing_letters(text)
    return text.translate(dict.fromkeys(map(ord, absent), REPLACEMENT)) if absent else text


def _codes(font: bytes) -> set[int]:
    """Return the character codes of an OpenType font file, from its `cmap` table.

    Only format 4, the one that every font for the first 65,536 characters has.
    """
    (tables,) = struct.unpack_from(">H", font, 4)
    directory = (struct.unpack_from(">4s3I", font, 12 + 16 * n) for n in range(tables))
    start = next(offset for tag, _, offset, _ in directory if tag == b"cmap")
    (count,) = struct.unpack_from(">H", font, start + 2)
    offsets = {struct.unpack_from(">2HI", font, start + 4 + 8 * n)[2] for n in range(count)}
    codes: set[int] = set()
    for offset in offsets:
        if struct.unpack_from(">H", font, start + offset) == (4,):
            codes |= _segments(font, start + offset)
    return codes


def _segments(font: bytes, at: int) -> set[int]:
    (doubled,) = struct.unpack_from(">H", font, at + 6)
    row = f">{doubled // 2}H"
    ends = struct.unpack_from(row, font, at + 14)
    starts = struct.unpack_from(row, font, at + 16 + doubled)
    deltas = struct.unpack_from(row, font, at + 16 + 2 * doubled)
    ranges_at = at + 16 + 3 * doubled
    ranges = struct.unpack_from(row, font, ranges_at)
    codes: set[int] = set()
    for n, (first, last, delta, far) in enumerate(zip(starts, ends, deltas, ranges, strict=True)):
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = code
            if far:
                place = ranges_at + 2 * n + far + 2 * (code - first)
                (glyph,) = struct.unpack_from(">H", font, place)
            if glyph and (glyph + delta) % 0x10000:
                codes.add(code)
    return codes
