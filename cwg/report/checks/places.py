"""The places of a printed report: every paragraph with its number, its words and its record."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from cwg.report.checks.findings import Record
from cwg.report.models import Part, Passage, Report, Shape
from meetings.languages import in_any_language, in_language
from meetings.typesetting.tree import (
    CoverRow,
    Document,
    Item,
    OriginKind,
    Paragraph,
    Section,
    Span,
    Spans,
    plain,
)

TYPED = frozenset({OriginKind.PASSAGE, OriginKind.PHRASE, OriginKind.HAND})
# Stands, letter for letter, for words that nobody typed at the place
NOT_TYPED = "\ufffc"
# Spaces and hyphens of typographic care are read as plain ones; no letter changes its place
_READ_AS = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2011": "-", "\n": " "})
_QUOTATION = re.compile(r"“[^“”]*”|«[^«»]*»|\"[^\"]*\"")


@dataclass(frozen=True, eq=False)
class Place:
    """One printed paragraph. `trunk` is the numbered paragraph that it belongs to."""

    name: str
    anchor: str
    part: str
    trunk: str
    spans: Spans
    record: Record
    missing: str = "[missing]"
    begins_quoted: bool = False  # a quotation runs on from the paragraph before
    ends_quoted: bool = False  # … and into the one after

    @cached_property
    def text(self) -> str:
        """Its words, typographic spaces and hyphens as plain ones."""
        return plain(self.spans).translate(_READ_AS)

    @cached_property
    def typed(self) -> str:
        """The same letters, those that nobody typed here replaced by NOT_TYPED."""
        return "".join(
            span.text.translate(_READ_AS) if self._is_typed(span) else NOT_TYPED * len(span.text)
            for span in self.spans
        )

    def _is_typed(self, span: Span) -> bool:
        return span.origin.kind in TYPED and span.text != self.missing

    @cached_property
    def has_typed(self) -> bool:
        """Whether anybody typed words here."""
        return any(self._is_typed(span) for span in self.spans)

    @cached_property
    def quotations(self) -> tuple[tuple[int, int], ...]:
        """The bounds of what stands in quotation marks."""
        bounds = [match.span() for match in _QUOTATION.finditer(self.text)]
        if self.begins_quoted:
            bounds.append((-1, self.text.find("”") if "”" in self.text else len(self.text)))
        if self.ends_quoted and "“" in self.text:
            bounds.append((self.text.rindex("“"), len(self.text)))
        return tuple(bounds)

    @cached_property
    def _quoted(self) -> bytes:
        """For each letter, whether it stands in quotation marks: a text may hold thousands of them."""
        letters = bytearray(len(self.text))
        for first, last in self.quotations:
            letters[first + 1 : last] = b"\1" * (last - first - 1)
        return bytes(letters)

    def in_quotation(self, at: int) -> bool:
        """Say whether the letter `at` stands in quotation marks."""
        return at < len(self._quoted) and self._quoted[at] == 1


def places(
    document: Document, report: Report, passages: Iterable[Passage], missing: str
) -> tuple[Place, ...]:
    """Return the places of a composed report in the order of the page.

    A cover row without text is not printed and has a place all the same.
    """
    reading = _Reading(report, tuple(passages), missing)
    return (
        *reading.head(document),
        *reading.cover(document),
        *_running_quotations(
            [place for section in document.sections for place in reading.section(section)]
        ),
        *reading.signature(document),
    )


def _running_quotations(body: list[Place]) -> list[Place]:
    """Mark the typed paragraphs through which one quotation runs, from “ in one to ” in a later."""
    begun: int | None = None
    for at, place in enumerate(body):
        if place.record.model != "report.passage":
            begun = None
            continue
        if begun is not None and place.trunk != body[begun].trunk:
            begun = None
        opened, closed = place.text.count("“"), place.text.count("”")
        if begun is None and opened > closed:
            begun = at
        elif begun is not None and closed > opened - (place.text[:1] == "“"):
            for inside in range(begun, at + 1):
                body[inside] = replace(
                    body[inside], begins_quoted=inside > begun, ends_quoted=inside < at
                )
            begun = None
    return body


HEAD = (
    ("session", "session"), ("place_and_dates", "session"), ("agenda_item", "agenda_item"),
    ("number", "document_number"), ("date", "as_of"), ("original", "original_language"),
    ("source", "source"), ("title", "title"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Reading:
    report: Report
    passages: tuple[Passage, ...]
    missing: str

    def head(self, document: Document) -> Iterator[Place]:
        for line, field in HEAD:
            spans: Spans = getattr(document.head, line)
            if spans:
                record = Record("report.report", str(self.report.pk), field)
                yield Place("head", f"head-{line}", "head", "head", spans, record, self.missing)

    def cover(self, document: Document) -> Iterator[Place]:
        printed = (row for row in document.cover if isinstance(row, CoverRow))
        for passage in self.passages:
            if passage.part != Part.COVER or passage.shape != Shape.ROW:
                continue
            label = in_language(passage.label, self.report.language)
            name = f"cover: {label or in_any_language(passage.label)}"
            key, anchor = str(passage.pk), f"cover-{passage.position}"
            text = Record("report.passage", key, "text")
            if not in_language(passage.text, self.report.language).strip():
                yield Place(name, anchor, "cover", name, (), text, self.missing)
                continue
            row = next(printed)
            above = Record("report.passage", key, "label")
            yield Place(name, anchor, "cover", name, row.label, above, self.missing)
            for spans in row.text:
                yield Place(name, anchor, "cover", name, spans, text, self.missing)

    def section(self, section: Section) -> Iterator[Place]:
        number = plain(section.number)
        if section.heading:
            yield self._of(section.heading, number or section.part, section.anchor, section.part)
        last = number or "the cover"
        for paragraph in section.paragraphs:
            last = plain(paragraph.number) or last
            name = plain(paragraph.number) or f"after {last}"
            yield from self._paragraph(paragraph, name, section.part)

    def _paragraph(self, paragraph: Paragraph, name: str, part: str) -> Iterator[Place]:
        if paragraph.text:
            yield self._of(paragraph.text, name, paragraph.anchor, part)
        yield from self._items(paragraph.items, name, paragraph.anchor, part, name)

    def _items(
        self, items: tuple[Item, ...], above: str, anchor: str, part: str, trunk: str
    ) -> Iterator[Place]:
        dashes = 0
        for item in items:
            number = plain(item.number)
            dashes += number.startswith("–")
            name = f"{above}, dash {dashes}" if number.startswith("–") else f"{above} {number}"
            here = item.anchor or anchor
            yield self._of(item.text, name, here, part, trunk)
            yield from self._items(item.items, name, here, part, trunk)

    def signature(self, document: Document) -> Iterator[Place]:
        record = Record("report.report", str(self.report.pk), "signed_by")
        for spans in document.signature:
            yield Place(
                "signature", "signature", "signature", "signature", spans, record, self.missing
            )

    def _of(self, spans: Spans, name: str, anchor: str, part: str, trunk: str = "") -> Place:
        record = _record_of(spans) or Record("report.report", str(self.report.pk), "")
        return Place(name, anchor, part, trunk or name, spans, record, self.missing)


# Whose words a paragraph is, before the facts that it names
OWNERS = ("meetings.outcome", "report.passage", "meetings.meeting")


def _record_of(spans: Spans) -> Record | None:
    """Return the record that a paragraph is changed in: its outcome, its passage, its meeting."""
    for model in OWNERS:
        for span in spans:
            if span.origin.model == model and span.origin.key:
                return Record(model, span.origin.key, span.origin.field)
    first = next((span.origin for span in spans if span.origin.key), None)
    return Record(first.model, first.key, first.field) if first else None
