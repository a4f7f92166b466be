"""A document as PDF/UA-1: tagged, with its fonts, the same bytes for the same tree.

The page is described once, in `templates/council.typ`. The record's words go to it as data
(JSON) and are never read as markup.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import typst

from . import fonts
from .pdf_data import page_data
from .runs import REPLACEMENT, clean
from .tree import Document, lines, plain

_PAGE = Path(__file__).parent / "templates" / "council.typ"
_TIMESTAMP = 0  # the file carries no clock: two prints of one tree are one file


@dataclass(frozen=True, slots=True)
class Pdf:
    """A PDF file, and the letters it prints as U+FFFD because no shipped font holds them."""

    content: bytes
    missing_letters: tuple[str, ...]


def render_pdf(document: Document) -> Pdf:
    """Return `document` as a PDF/UA-1 file on A4.

    A letter that no shipped font holds never stops it: it is printed as U+FFFD and named.
    """
    printed = "".join([document.running_head, *(plain(line.spans) for line in lines(document))])
    missing = fonts.missing_letters(clean(printed))
    data = page_data(document, dict.fromkeys(map(ord, missing), REPLACEMENT))
    compiler = typst.Compiler(
        input=_source(),
        font_paths=_fonts(),
        sys_inputs={"document": json.dumps(data, ensure_ascii=False)},
    )
    content = compiler.compile(format="pdf", pdf_standards="ua-1", timestamp=_TIMESTAMP)
    if not isinstance(content, bytes):  # only pictures come as several files
        raise TypeError("The typesetter returned no single PDF file.")
    return Pdf(content, missing)


@cache
def _source() -> bytes:
    return _PAGE.read_bytes()


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[fonts.FOLDER]
    )
