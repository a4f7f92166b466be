"""Every printed paragraph and table row of a document in order, with the place it stands in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from .tree import Annex, CoverRow, Document, Item, Paragraph, Spans, Table, dashed, plain


class Place(StrEnum):
    """What a printed paragraph is on its page."""

    SESSION = "session"
    PLACE_AND_DATES = "place_and_dates"
    AGENDA_ITEM = "agenda_item"
    NUMBER = "number"
    DATE = "date"
    ORIGINAL = "original"
    SOURCE = "source"
    TITLE = "title"
    COVER_LABEL = "cover label"
    COVER_TEXT = "cover text"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    SIGNATURE = "signature"
    ANNEX = "annex"
    TABLE_HEAD = "table head"
    TABLE_ROW = "table row"


HEAD = (
    Place.SESSION,
    Place.PLACE_AND_DATES,
    Place.AGENDA_ITEM,
    Place.NUMBER,
    Place.DATE,
    Place.ORIGINAL,
    Place.SOURCE,
    Place.TITLE,
)
COVER = frozenset({Place.COVER_LABEL, Place.COVER_TEXT})
ROWS = frozenset({Place.TABLE_HEAD, Place.TABLE_ROW})


@dataclass(frozen=True, slots=True)
class Printed:
    """A paragraph, which has one cell, or a row of a table, which has a cell for each column.

    `where` is how people cite it ("2.2 b)", "Annex 1", the label of its cover row), `level` how
    deep an item stands: 0 under its paragraph.
    """

    place: Place
    number: Spans
    cells: tuple[Spans, ...]
    where: str = ""
    anchor: str = ""
    level: int = 0

    @property
    def text(self) -> Spans:
        """The words without the number; of a row, those of its cells one after the other."""
        return tuple(span for cell in self.cells for span in cell)


def printed(document: Document) -> Iterator[Printed]:
    """Yield what `document` prints, without what is empty: the words of `tree.lines` in order."""
    for place in HEAD:
        if spans := getattr(document.head, place.value):
            yield Printed(place, (), (spans,))
    for row in document.cover:
        if isinstance(row, CoverRow):
            yield from _cover(row)
    for section in document.sections:
        if section.heading:
            where = plain(section.number)
            yield Printed(Place.HEADING, section.number, (section.heading,), where, section.anchor)
        for paragraph in section.paragraphs:
            yield from _paragraph(paragraph, "" if paragraph.number else plain(section.number))
    for spans in document.signature:
        yield Printed(Place.SIGNATURE, (), (spans,))
    for annex in document.annexes:
        yield from _annex(annex)


def _cover(row: CoverRow) -> Iterator[Printed]:
    where = plain(row.label)
    if row.label:
        yield Printed(Place.COVER_LABEL, (), (row.label,), where, row.anchor)
    for text in row.text:
        yield Printed(Place.COVER_TEXT, (), (text,), where, row.anchor)


def _annex(annex: Annex) -> Iterator[Printed]:
    where = plain(annex.label or annex.heading)
    if annex.label or annex.heading:
        yield Printed(Place.ANNEX, annex.label, (annex.heading,), where, annex.anchor)
    for block in annex.blocks:
        if isinstance(block, Table):
            yield from _table(block, where)
        else:
            yield from _paragraph(block, where)


def _table(table: Table, where: str) -> Iterator[Printed]:
    if any(table.header):
        yield Printed(Place.TABLE_HEAD, (), _padded(table.header, table.columns), where)
    for row in table.rows:
        if any(row):
            yield Printed(Place.TABLE_ROW, (), _padded(row, table.columns), where)


def _padded(row: tuple[Spans, ...], columns: int) -> tuple[Spans, ...]:
    return row + ((),) * (columns - len(row))


def _paragraph(block: Paragraph, within: str) -> Iterator[Printed]:
    where = _cited(within, block.number)
    if block.number or block.text:
        yield Printed(Place.PARAGRAPH, block.number, (block.text,), where, block.anchor)
    for item in block.items:
        yield from _item(item, where, 0)


def _item(item: Item, within: str, level: int) -> Iterator[Printed]:
    where = _cited(within, item.number)
    if item.number or item.text:
        yield Printed(Place.ITEM, item.number, (item.text,), where, item.anchor, level)
    for below in item.items:
        yield from _item(below, where, level + 1)


def _cited(within: str, number: Spans) -> str:
    return " ".join(filter(None, (within, "" if dashed(number) else plain(number).strip())))
