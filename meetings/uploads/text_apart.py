"""Read the text of one file in a process of its own: python text_apart.py SOURCE TARGET.

SOURCE is a PDF, a Word document or an OpenDocument text, by what it holds. The pages are written to
TARGET as one JSON list of texts; a document that knows no pages has one. It imports nothing of the
project.
"""

from __future__ import annotations

import json
import re
import resource
import sys
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

import pypdfium2
from lxml import etree

MEMORY, SECONDS, LARGEST = 800 * 1024 * 1024, 20, 64 * 1024 * 1024
MOST_PAGES = 2_000
MOST_CHARACTERS = 3_000_000  # of one file: some thousand pages
UNPACKED = 100 * 1024 * 1024
PARTS = ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml", "content.xml")

PARAGRAPHS, SPACES = {"p", "h"}, {"tab", "br", "cr", "s", "line-break"}
NOT_SHOWN = {"delText", "instrText", "tracked-changes", "annotation"}


class DamagedError(Exception):
    """No file whose text can be read."""


def pages(source: Path) -> list[str]:
    """Return the text of each page. Raises DamagedError."""
    with source.open("rb") as file:
        start = file.read(8)
    if start.startswith(b"%PDF-"):
        return _pdf(source)
    if start.startswith(b"PK"):
        return ["\n".join(_archive(source))]
    raise DamagedError


def _pdf(source: Path) -> list[str]:
    try:
        opened = pypdfium2.PdfDocument(source)
    except pypdfium2.PdfiumError:
        raise DamagedError from None
    found, long = [], 0
    for number in range(min(len(opened), MOST_PAGES)):
        page = opened[number]
        shown = page.get_textpage()
        # a word that is broken at the end of a line is one word: pdfium says so with this sign
        text = shown.get_text_range().replace("\ufffe", "").replace("\r", "")
        shown.close()
        page.close()
        found.append(text)
        long += len(text)
        if long > MOST_CHARACTERS:
            break
    return found


def _archive(source: Path) -> list[str]:
    lines: list[str] = []
    try:
        with ZipFile(source) as opened:
            names = [name for name in PARTS if name in opened.namelist()]
            if not names or sum(opened.getinfo(name).file_size for name in names) > UNPACKED:
                raise DamagedError
            for name in names:
                lines += _paragraphs(opened.read(name))
    except (BadZipFile, etree.XMLSyntaxError, NotImplementedError, RuntimeError, EOFError):
        raise DamagedError from None
    return lines


def _paragraphs(part: bytes) -> list[str]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    lines: list[list[str]] = [[]]
    _walk(etree.fromstring(part, parser), lines)
    return [line for line in (re.sub(r"\s+", " ", "".join(each)).strip() for each in lines) if line]


def _walk(root: Any, lines: list[list[str]]) -> None:
    """Collect what is read, a line for each paragraph; a stack of its own, so that depth is no matter."""
    stack: list[tuple[Any, bool]] = [(root, False)]
    while stack:
        element, left = stack.pop()
        if left:
            if etree.QName(element).localname in PARAGRAPHS:
                lines.append([])
            lines[-1].append(_text(element.tail, element.getparent()))
            continue
        if not isinstance(element.tag, str):  # a remark of the file itself
            lines[-1].append(_text(element.tail, element.getparent()))
            continue
        name = etree.QName(element).localname
        stack.append((element, True))
        if name in NOT_SHOWN:
            continue
        if name in PARAGRAPHS:
            lines.append([])
        if name in SPACES:
            lines[-1].append(" ")
        lines[-1].append(_text(element.text, element))
        stack += [(child, False) for child in reversed(element)]


def _text(text: str | None, of: Any) -> str:
    """Return a text where it is shown: in Word only what stands in runs, else inside paragraphs."""
    if not text or of is None:
        return ""
    return text if text.strip() or etree.QName(of).localname not in {"body", "document"} else ""


def main() -> int:
    """Read the file that the command names."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST, LARGEST))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        found = pages(Path(sys.argv[1]))
        found = [each.encode("utf-8", "ignore").decode().replace("\0", " ") for each in found]
        Path(sys.argv[2]).write_text(json.dumps(found), encoding="utf-8")
        said = {"pages": len(found)}
    except DamagedError:
        said = {"damaged": 1}
    print(json.dumps(said))  # the answer
    return 0


if __name__ == "__main__":
    sys.exit(main())
