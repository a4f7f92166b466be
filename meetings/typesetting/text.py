"""A document as plain text."""

from __future__ import annotations

from collections.abc import Iterator

from .runs import clean
from .tree import CoverRow, CoverRule, Document, Item, Paragraph, Spans, Table, plain

_RULE = "_" * 15


def render_text(document: Document) -> str:
    """Return `document` as plain text: a line a paragraph, a blank line between its parts.

    A number is followed by a tab, and so is each cell of a table but the last.
    """
    return "\n\n".join("\n".join(block) for block in _blocks(document) if block) + "\n"


def _blocks(document: Document) -> Iterator[list[str]]:
    """Yield the lines that stand together."""
    head = document.head
    yield _lines(head.session, head.place_and_dates)
    yield _lines(head.agenda_item, head.number, head.date, head.original)
    yield _lines(head.source)
    yield _lines(head.title)
    for row in document.cover:
        yield _cover(row)
    for section in document.sections:
        if section.heading:
            yield [_numbered(section.number, section.heading)]
        for paragraph in section.paragraphs:
            yield list(_block(paragraph))
    yield _lines(*document.signature)
    for annex in document.annexes:
        if annex.label or annex.heading:
            yield [_numbered(annex.label, annex.heading)]
        for block in annex.blocks:
            yield _table(block) if isinstance(block, Table) else list(_block(block))


def _cover(row: CoverRow | CoverRule) -> list[str]:
    return _lines(row.label, *row.text) if isinstance(row, CoverRow) else [_RULE]


def _block(block: Paragraph | Item) -> Iterator[str]:
    yield _numbered(block.number, block.text)
    for item in block.items:
        yield from _block(item)


def _table(table: Table) -> list[str]:
    rows = (table.header, *table.rows)
    return ["\t".join(map(_letters, row)) for row in rows if any(row)]


def _lines(*spans: Spans) -> list[str]:
    return [line for line in map(_letters, spans) if line]


def _numbered(number: Spans, text: Spans) -> str:
    return f"{_letters(number)}\t{_letters(text)}" if number else _letters(text)


def _letters(spans: Spans) -> str:
    return clean(plain(spans))
