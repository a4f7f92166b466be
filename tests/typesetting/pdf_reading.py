"""Read a PDF back as a reader for the blind does: by its structure, not by its lines.

Built on pikepdf alone, which shares no code with the program that writes the files. Artifacts
(running heads, rules) are no part of the structure and are therefore not read.
"""

from __future__ import annotations

import io
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

_BFCHAR = re.compile(rb"beginbfchar(.*?)endbfchar", re.DOTALL)
_BFRANGE = re.compile(rb"beginbfrange(.*?)endbfrange", re.DOTALL)
_PAIR = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]*)>")
_RANGE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")

type Texts = dict[tuple[int, int], str]


@dataclass(frozen=True)
class Element:
    """One element of the structure tree: its type and the letters below it, in reading order."""

    kind: str
    text: str


def elements(content: bytes) -> list[Element]:
    """Return every structure element of the file, parents before their children."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        texts = _texts(pdf)
        pages = {page.objgen: number for number, page in enumerate(p.obj for p in pdf.pages)}
        found: list[Element] = []
        _walk(pdf.Root.StructTreeRoot.K, None, pages, texts, found)
        return found


def reading(content: bytes) -> str:
    """Return all letters of the file in reading order, a space between its paragraphs."""
    return next(element.text for element in elements(content) if element.kind == "Document")


def _walk(node: Any, page: Any, pages: dict[Any, int], texts: Texts, found: list[Element]) -> str:
    if isinstance(node, int):
        return texts[pages[page], node]
    if isinstance(node, Array):
        return "".join(_walk(child, page, pages, texts, found) for child in node)
    if Name.Type in node and node.Type == Name.OBJR:
        return ""
    if Name.Pg in node:
        page = node.Pg.objgen
    if Name.MCID in node:
        return texts[pages[page], int(node.MCID)]
    place = len(found)
    text = _walk(node.K, page, pages, texts, found) if Name.K in node else ""
    kind = str(node.S)[1:]
    found.insert(place, Element(kind, text))
    return text if kind in {"Span", "Link", "Strong", "Em"} else f" {text} "


def _texts(pdf: pikepdf.Pdf) -> Texts:
    """Return the letters of every piece of marked content, by page and number."""
    texts: Texts = defaultdict(str)
    for number, page in enumerate(pdf.pages):
        fonts = page.Resources.get(Name.Font, Dictionary())
        maps = {name: _to_unicode(font) for name, font in fonts.items()}
        for mcid, text in _pieces(page, maps):
            texts[number, mcid] += text
    return texts


def _pieces(page: pikepdf.Page, maps: dict[str, dict[int, str]]) -> Iterator[tuple[int, str]]:
    marks: list[tuple[int | None, str | None]] = []  # open contents: number, substitute text
    font: dict[int, str] = {}
    for instruction in pikepdf.parse_content_stream(page):
        operands: Any = instruction.operands
        match str(instruction.operator):
            case "BDC" | "BMC":
                properties = operands[1] if len(operands) > 1 else Dictionary()
                outer = marks[-1] if marks else (None, None)
                own = properties.get(Name.MCID)
                mcid = outer[0] if own is None else int(own)
                actual = properties.get(Name.ActualText)
                if actual is not None and mcid is not None and outer[1] is None:
                    yield mcid, str(actual)
                marks.append((mcid, outer[1] if actual is None else str(actual)))
            case "EMC":
                marks.pop()
            case "Tf":
                font = maps[str(operands[0])]
            case "Tj" | "TJ" if marks and marks[-1][0] is not None and marks[-1][1] is None:
                shown = operands[0] if isinstance(operands[0], Array) else [operands[0]]
                yield marks[-1][0], "".join(_decoded(part, font) for part in shown)


def _decoded(part: Any, font: dict[int, str]) -> str:
    if not isinstance(part, pikepdf.String):
        return ""
    codes = bytes(part)
    return "".join(font[codes[n] << 8 | codes[n + 1]] for n in range(0, len(codes), 2))


def _to_unicode(font: Any) -> dict[int, str]:
    cmap = font.ToUnicode.read_bytes()
    table = {}
    for block in _BFCHAR.findall(cmap):
        for code, text in _PAIR.findall(block):
            table[int(code, 16)] = bytes.fromhex(text.decode()).decode("utf-16-be")
    for block in _BFRANGE.findall(cmap):
        for first, last, text in _RANGE.findall(block):
            for step in range(int(last, 16) - int(first, 16) + 1):
                table[int(first, 16) + step] = chr(int(text, 16) + step)
    return table
