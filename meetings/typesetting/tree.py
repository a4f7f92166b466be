"""An official document as a tree of values: what every format is made from, and nothing else.

Every word is a `Span`: a piece of text that knows where it came from. The
renderers beside this file read the tree and only the tree; they import
nothing of the project and no Django.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class OriginKind(StrEnum):
    """Where the words of a span come from."""

    NUMBER = "number"  # computed: 2.3, a), (i), –
    LABEL = "label"  # standing words of the form: Purpose, Original:
    PATTERN = "pattern"  # house wording, from the messages of the language
    FACT = "fact"  # a fact of the record: a day, a title, a name
    PHRASE = "phrase"  # words typed into one fact of an outcome
    PASSAGE = "passage"  # standing text of the report
    HAND = "hand"  # a sentence changed by hand


@dataclass(frozen=True, slots=True)
class Origin:
    """The record a span comes from: model ("meetings.outcome"), its key, the field."""

    kind: OriginKind
    model: str = ""
    key: str = ""
    field: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text with one origin and one look."""

    text: str
    origin: Origin
    emphasis: bool = False
    strong: bool = False
    href: str = ""


_DASHES = frozenset("-–—•·")

type Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a Council document, in the order of the printed page.

    A line that the record does not know is empty and is not printed.
    """

    session: Spans = ()
    place_and_dates: Spans = ()
    agenda_item: Spans = ()
    number: Spans = ()
    date: Spans = ()
    original: Spans = ()
    source: Spans = ()
    title: Spans = ()


@dataclass(frozen=True, slots=True)
class CoverRow:
    """One row of the cover box: its label and its text, a paragraph each."""

    label: Spans
    text: tuple[Spans, ...]
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class CoverRule:
    """The rule between two rows of the cover box."""


@dataclass(frozen=True, slots=True)
class Item:
    """A lettered, roman or dashed item: "a)", "(i)", "–" and its text."""

    number: Spans
    text: Spans
    items: tuple[Item, ...] = ()
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, numbered ("1.1") or, where `number` is empty, not."""

    number: Spans
    text: Spans
    items: tuple[Item, ...] = ()
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered heading and the paragraphs below it; `part` is its number as text."""

    part: str
    number: Spans
    heading: Spans
    paragraphs: tuple[Paragraph, ...]
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the words over its columns, and its rows, each a text per column."""

    header: tuple[Spans, ...]
    rows: tuple[tuple[Spans, ...], ...]

    @property
    def columns(self) -> int:
        """How many columns the widest row has."""
        return max(map(len, (self.header, *self.rows)))


@dataclass(frozen=True, slots=True)
class Annex:
    """An annex, on a page of its own: "Annex 1" and its heading, paragraphs and tables in order."""

    part: str
    label: Spans
    heading: Spans
    blocks: tuple[Paragraph | Table, ...]
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document. `title` and `number` are for the file's properties and running head."""

    language: str  # BCP 47: "en", "ar", …
    title: str
    head: Head = Head()
    cover: tuple[CoverRow | CoverRule, ...] = ()
    sections: tuple[Section, ...] = ()
    signature: tuple[Spans, ...] = ()
    running_head: str = ""  # the document's number, where it has one
    author: str = ""  # who the document is from, for the file's properties
    annexes: tuple[Annex, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One printed paragraph: its part of the document, its number (may be empty), its text."""

    part: str
    number: Spans
    text: Spans

    @property
    def spans(self) -> Spans:
        """Number and text, as printed one after the other."""
        return self.number + self.text


def plain(spans: Spans) -> str:
    """Return the text of `spans` without their origins."""
    return "".join(span.text for span in spans)


def dashed(number: Spans) -> bool:
    """Return whether the mark of an item is a dash or a dot, which counts nothing."""
    return plain(number).strip() in _DASHES


def lines(document: Document) -> Iterator[Line]:
    """Yield every printed paragraph of `document` in the order of the page, empty ones left out.

    Each cell of a table is a paragraph, row after row.
    """
    head = document.head
    for spans in (
        head.session,
        head.place_and_dates,
        head.agenda_item,
        head.number,
        head.date,
        head.original,
        head.source,
        head.title,
    ):
        if spans:
            yield Line("head", (), spans)
    for row in document.cover:
        if isinstance(row, CoverRow):
            yield Line("cover", (), row.label)
            for text in row.text:
                yield Line("cover", (), text)
    for section in document.sections:
        if section.heading:
            yield Line(section.part, section.number, section.heading)
        for paragraph in section.paragraphs:
            yield from _block(section.part, paragraph)
    for spans in document.signature:
        yield Line("signature", (), spans)
    for annex in document.annexes:
        if annex.label or annex.heading:
            yield Line(annex.part, annex.label, annex.heading)
        for block in annex.blocks:
            yield from _block(annex.part, block)


def _block(part: str, block: Paragraph | Item | Table) -> Iterator[Line]:
    if isinstance(block, Table):
        for row in (block.header, *block.rows):
            yield from (Line(part, (), cell) for cell in row if cell)
        return
    yield Line(part, block.number, block.text)
    for item in block.items:
        yield from _block(part, item)
