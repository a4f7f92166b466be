"""A document as the data that `templates/council.typ` prints: lists, dictionaries, strings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from itertools import groupby
from typing import Any

from . import fonts
from .columns import LINE, shares
from .runs import Run, clean, portable_href, right_to_left, runs, targets, turned
from .tree import (
    Annex,
    CoverRow,
    Document,
    Head,
    Item,
    Paragraph,
    Section,
    Spans,
    Table,
    plain,
)
from .words import LONGEST, Breaking, slices, stretches

type Piece = str | dict[str, Any]

_LANGUAGE = re.compile(r"([a-z]{2,3})(?:-[a-z]{4})?(?:-([a-z]{2}))?(?:-|$)", re.IGNORECASE)


def page_data(document: Document, replaced: Mapping[int, str]) -> dict[str, Any]:
    """Return what the page needs of `document`, each letter in `replaced` by its substitute."""
    return _Page(document, replaced).data()


class _Page:
    def __init__(self, document: Document, replaced: Mapping[int, str]) -> None:
        self._document = document
        self._replaced = replaced
        self._targets = targets(document)
        self._unlabelled = set(self._targets)

    def data(self) -> dict[str, Any]:
        document = self._document
        language, region = _language(document.language)
        return {
            "language": language,
            "region": region,
            "right_to_left": right_to_left(document.language),
            "fonts": fonts.FAMILIES.get(language, fonts.FAMILIES[""]),
            # PDF/UA asks for a title, even of a document that has none yet.
            "title": clean(document.title or plain(document.head.title)).strip() or "–",
            "author": clean(document.author),
            "running_head": self._printed(document.running_head),
            "head": {
                field.name: self._inline(getattr(document.head, field.name))
                for field in fields(Head)
            },
            "cover": [
                self._cover(row) if isinstance(row, CoverRow) else None for row in document.cover
            ],
            "section_level": 2 if plain(document.head.title).strip() else 1,
            "sections": [self._section(section) for section in document.sections],
            "signature": [self._inline(spans) for spans in document.signature],
            "annexes": [self._annex(annex) for annex in document.annexes],
        }

    def _cover(self, row: CoverRow) -> dict[str, Any]:
        return {
            "label": self._inline(row.label, strong=True),
            "text": [self._inline(spans) for spans in row.text],
            "anchor": self._label(row.anchor),
        }

    def _section(self, section: Section) -> dict[str, Any]:
        return {
            "number": self._number(section.number),
            "text": self._inline(section.heading),
            "anchor": self._label(section.anchor) if section.heading else "",
            "paragraphs": [self._block(paragraph) for paragraph in section.paragraphs],
        }

    def _annex(self, annex: Annex) -> dict[str, Any]:
        return {
            "label": self._inline(annex.label),
            "text": self._inline(annex.heading),
            "anchor": self._label(annex.anchor),
            "blocks": [
                self._table(block) if isinstance(block, Table) else self._block(block)
                for block in annex.blocks
            ],
        }

    def _table(self, table: Table) -> dict[str, Any]:
        columns = shares(table)
        longest = [max(int(LINE * share) - 2, 4) for share in columns]

        def cells(row: tuple[Spans, ...]) -> list[list[Piece]]:
            padded = row + ((),) * (len(columns) - len(row))
            return [self._inline(*cell) for cell in zip(padded, longest, strict=True)]

        return {
            "columns": columns,
            "header": cells(table.header) if any(table.header) else [],
            "rows": [cells(row) for row in table.rows],
        }

    def _block(self, block: Paragraph | Item) -> dict[str, Any]:
        return {
            "number": self._number(block.number),
            "text": self._inline(block.text),
            "turned": not block.number and turned(block.text),
            "anchor": self._label(block.anchor),
            "items": [self._block(item) for item in block.items],
        }

    def _number(self, spans: Spans) -> dict[str, Any]:
        return {"pieces": self._inline(spans), "letters": len(plain(spans))}

    def _label(self, anchor: str) -> str:
        """Return `anchor` where a link leads to it, and this is its first place."""
        if anchor in self._unlabelled:
            self._unlabelled.remove(anchor)
            return anchor
        return ""

    def _inline(self, spans: Spans, longest: int = LONGEST, *, strong: bool = False) -> list[Piece]:
        pieces: list[Piece] = []
        together = groupby(
            runs(spans, strong=strong), lambda run: portable_href(run.href, self._targets)
        )
        for href, linked in together:
            words = [self._stretch(*stretch, longest) for stretch in stretches(linked, longest)]
            flat = [piece for stretch in words for piece in stretch]
            pieces += [{"href": href, "pieces": flat}] if href else flat
        return pieces

    def _stretch(self, breaking: Breaking, part: list[Run], longest: int) -> list[Piece]:
        match breaking:
            case Breaking.FREE:
                return [self._piece(run) for run in part]
            case Breaking.WHOLE:
                return [{"whole": [self._piece(run) for run in part]}]
            case Breaking.LONG:
                return [
                    {"long": [self._piece(cut) for run in part for cut in slices(run, longest)]}
                ]

    def _piece(self, run: Run) -> Piece:
        text = run.text.translate(self._replaced)
        if not (run.strong or run.emphasis):
            return text
        return {"text": text, "strong": run.strong, "emphasis": run.emphasis}

    def _printed(self, text: str) -> str:
        return clean(text).translate(self._replaced)


def _language(tag: str) -> tuple[str, str]:
    """Return language and region of a BCP 47 tag as the typesetter wants them."""
    match = _LANGUAGE.match(tag)
    if match is None:
        return "und", ""
    return match[1].lower(), (match[2] or "").lower()
