"""The record becomes a document: a pure function, in the order of the printed page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from cwg.report import attached
from cwg.report.gather import Record
from cwg.report.head import head_of, signature_of
from cwg.report.models import Part, Passage, Shape
from cwg.report.page import Page, page_of
from meetings import paragraph as paragraphs
from meetings import record as facts_of
from meetings.languages import in_language
from meetings.lettering import letter
from meetings.models import Meeting
from meetings.promises import StatusRow
from meetings.typesetting.tree import (
    Annex,
    CoverRow,
    CoverRule,
    Document,
    Item,
    Origin,
    OriginKind,
    Paragraph,
    Section,
    Span,
    Spans,
    Table,
    lines,
    plain,
)
from meetings.wording import inline
from meetings.wording.facts import Fact, House, Viewpoint
from meetings.wording.messages import NoMessagesError
from meetings.wording.patterns import PatternError
from meetings.wording.slots import SlotError

# What `compose` raises for a report that cannot be written
WORDING_ERRORS = (NoMessagesError, PatternError, SlotError)


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact that the report would print and the record does not know."""

    what: str
    model: str = ""
    key: str = ""
    field: str = ""


@dataclass(frozen=True, slots=True)
class Composed:
    """A composed report: its document, and what is missing from it."""

    document: Document
    missing: tuple[Missing, ...]


def compose(record: Record) -> Composed:
    """Return the document of a report, told from its date.

    Raises one of WORDING_ERRORS: NoMessagesError where the house has no wording
    in the report's language, PatternError where a pattern of the house cannot be
    read, SlotError where a text names a slot that cannot be filled.
    """
    report, page = record.report, page_of(record)
    head = head_of(page)
    document = Document(
        language=report.language,
        title=plain(head.title),
        head=head,
        cover=tuple(_cover(page)),
        sections=_sections(page),
        signature=signature_of(page),
        running_head=report.document_number,
        annexes=_annexes(page),
        author=plain(page.house.group.acronym.spans(page.house.messages)),
    )
    return Composed(document, tuple(_missing(page, document)))


def meeting_paragraph(
    meeting: Meeting, house: House, viewpoint: Viewpoint, number: Spans = ()
) -> Paragraph:
    """Return the paragraph on a meeting and its lettered outcomes."""
    outcomes = [
        facts_of.outcome_facts(outcome, house.language, viewpoint.as_of)
        for outcome in meeting.outcomes.all()
    ]
    return paragraphs.meeting_paragraph(
        facts_of.meeting_facts(meeting, house.language), outcomes, viewpoint, house, number
    )


def _cover(page: Page) -> Iterator[CoverRow | CoverRule]:
    for passage in page.record.passages:
        if passage.part != Part.COVER:
            continue
        if passage.shape == Shape.RULE:
            yield CoverRule()
            continue
        texts = tuple(
            _text(page, passage, text)
            for text in in_language(passage.text, page.house.language).split("\n\n")
            if text.strip()
        )
        if texts:
            label = Fact(
                in_language(passage.label, page.house.language), "report.passage",
                str(passage.pk), "label",
            )  # fmt: skip
            yield CoverRow(
                label.spans(page.house.messages, OriginKind.LABEL), texts,
                anchor=f"cover-{passage.position}",
            )  # fmt: skip


def _text(page: Page, passage: Passage, text: str) -> Spans:
    origin = Origin(OriginKind.PASSAGE, "report.passage", str(passage.pk), "text")
    return inline.read(text, page.values, origin)


def _annexes(page: Page) -> tuple[Annex, ...]:
    """Return the annexes of a report: what was promised, then the summaries that it prints."""
    before = _status_annex(page)
    said = page.house.messages.summary["annex"]
    return before + tuple(
        attached.annex(
            each, f"annex-{number}",
            (Span(said.replace("{number}", f"{number}"), Origin(OriginKind.LABEL)),),
        )
        for number, each in enumerate(page.record.annexed, len(before) + 1)
    )  # fmt: skip


def _status_annex(page: Page) -> tuple[Annex, ...]:
    """Return the status annex, where the report's type asks for one and something was promised."""
    rows, said = page.record.status, page.house.messages.status
    if not rows:
        return ()

    def label(name: str) -> Spans:
        return (Span(said[name], Origin(OriginKind.LABEL)),)

    def cells(row: StatusRow) -> tuple[Spans, ...]:
        key = str(row.key)
        state = _came_to(row, said[row.state.value])
        fields = (
            (row.promised, "kind"),
            (row.by, "meeting"),
            (row.due, "due"),
            (state, "settlement"),
        )
        return tuple(
            (Span(text, Origin(OriginKind.FACT, "meetings.outcome", key, name)),) if text else ()
            for text, name in fields
        )

    table = Table(
        tuple(label(name) for name in ("promised", "by", "due", "state")),
        tuple(cells(row) for row in rows),
    )
    return (Annex("annex-1", label("label"), label("heading"), (table,), anchor="annex-1"),)


def _came_to(row: StatusRow, state: str) -> str:
    """Return a state with what settled it: a sentence of its own, or what and when."""
    if row.settled_by.endswith("."):
        return f"{state}. {row.settled_by}"
    settled = ", ".join(filter(None, [row.settled_by, row.settled_when]))
    return f"{state}: {settled}" if settled else state


@dataclass(slots=True)
class _Draft:
    """A section while it is being written."""

    part: str
    number: Spans = ()
    heading: Spans = ()
    paragraphs: list[Paragraph] = field(default_factory=list)
    numbered: int = 0

    def next_number(self) -> Spans:
        self.numbered += 1
        here = f"{self.part}.{self.numbered}" if self.number else f"{self.numbered}"
        return paragraphs.number(here)

    def add_item(self, number: Spans, text: Spans, anchor: str) -> None:
        last = self.paragraphs.pop() if self.paragraphs else Paragraph((), ())
        items = (*last.items, Item(number, text, anchor=anchor))
        self.paragraphs.append(Paragraph(last.number, last.text, items, last.anchor))


def _sections(page: Page) -> tuple[Section, ...]:
    drafts: list[_Draft] = []
    for passage in page.record.passages:
        if passage.part != Part.BODY:
            continue
        if passage.shape == Shape.HEADING:
            part = page.numbers[passage.pk]
            drafts.append(_Draft(part, paragraphs.number(part), _passage(page, passage)))
            continue
        if not drafts:
            drafts.append(_Draft("body"))
        _add(page, drafts[-1], passage)
    return tuple(
        Section(
            draft.part, draft.number, draft.heading, tuple(draft.paragraphs),
            anchor=f"section-{draft.part}",
        )
        for draft in drafts
    )  # fmt: skip


def _passage(page: Page, passage: Passage) -> Spans:
    text = in_language(passage.text, page.house.language)
    if not text:
        return Fact("", "report.passage", str(passage.pk), "text").spans(
            page.house.messages, OriginKind.PASSAGE
        )
    return _text(page, passage, text)


def _add(page: Page, draft: _Draft, passage: Passage) -> None:
    """Add what a passage prints to the section that is being written."""
    anchor = f"passage-{passage.key or passage.position}"
    match passage.shape:
        case Shape.MEETINGS:
            for meeting in page.record.meetings:
                draft.paragraphs.append(
                    meeting_paragraph(meeting, page.house, page.viewpoint, draft.next_number())
                )
        case Shape.NUMBERED:
            text = _passage(page, passage)
            draft.paragraphs.append(Paragraph(draft.next_number(), text, anchor=anchor))
        case Shape.PLAIN:
            draft.paragraphs.append(Paragraph((), _passage(page, passage), anchor=anchor))
        case Shape.DASHED:
            draft.add_item(paragraphs.number("–"), _passage(page, passage), anchor)
        case Shape.LETTERED:
            before = draft.paragraphs[-1].items if draft.paragraphs else ()
            lettered = sum(1 for item in before if not plain(item.number).startswith("–"))
            draft.add_item(
                paragraphs.number(f"{letter(lettered + 1)})"), _passage(page, passage), anchor
            )


def _missing(page: Page, document: Document) -> Iterator[Missing]:
    """Yield what the head leaves out, the empty cover rows, and every mark of a missing fact."""
    report, head = page.record.report, document.head
    key = str(report.pk or "")
    for name, spans, what in (
        ("document_number", head.number, "The number of the document"),
        ("agenda_item", head.agenda_item, "The item of the session’s agenda"),
        ("signed_by", document.signature, "Who signs the report"),
    ):
        if not spans:
            yield Missing(what, "report.report", key, name)
    session = report.session
    if not in_language(session.place, report.language):
        yield Missing("The place of the session", "meetings.session", str(session.pk), "place")
    if not session.first_day:
        yield Missing("The days of the session", "meetings.session", str(session.pk), "first_day")
    for passage in page.record.passages:
        if passage.shape == Shape.ROW and not in_language(passage.text, report.language):
            yield Missing(
                f"The text of the cover row “{passage}”", "report.passage", str(passage.pk), "text"
            )
    listed = any(passage.shape == Shape.MEETINGS for passage in page.record.passages)
    if listed and not page.record.meetings:
        yield Missing("A meeting in the period of the report", "report.report", key, "first_day")
    mark = page.house.messages.missing
    for line in lines(document):
        for span in line.spans:
            if span.text == mark:
                at = span.origin
                where = plain(line.number) or plain(line.text)[:60]
                yield Missing(f"A fact of “{where}”", at.model, at.key, at.field)
