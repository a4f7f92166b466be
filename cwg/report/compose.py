"""The record becomes a document: a pure function, in the order of the printed page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from cwg.report import slots
from cwg.report.gather import Record
from cwg.report.models import Part, Passage, Shape
from meetings import paragraph as paragraphs
from meetings import record as facts_of
from meetings.languages import in_language
from meetings.lettering import letter
from meetings.models import Meeting, Officer
from meetings.typesetting.tree import (
    CoverRow,
    CoverRule,
    Document,
    Head,
    Item,
    Origin,
    OriginKind,
    Paragraph,
    Section,
    Span,
    Spans,
    lines,
    plain,
)
from meetings.wording import dates, inline, patterns
from meetings.wording.facts import NOTHING, Fact, House, Viewpoint
from meetings.wording.sentences import joined


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


@dataclass(frozen=True, slots=True)
class _Page:
    """What every part of the page is written with."""

    record: Record
    house: House
    viewpoint: Viewpoint
    chair: Officer | None
    values: Mapping[str, Spans]
    numbers: Mapping[int, str] = field(default_factory=dict)


def compose(record: Record) -> Composed:
    """Return the document of a report, told from its date.

    Raises NoMessagesError where the house has no wording in the report's
    language, SlotError where a text names a slot that cannot be filled.
    """
    report = record.report
    house = facts_of.house(record.group, report.as_of, report.language)
    session = facts_of.session_facts(report.session, report.language)
    chair = report.signed_by or _chair_on(record, report.as_of)
    numbers = dict(_numbers(record))
    page = _Page(
        record, house, Viewpoint(report.as_of, session), chair,
        _values(record, house, chair, numbers), numbers,
    )  # fmt: skip
    head = _head(page)
    document = Document(
        language=report.language,
        title=plain(head.title),
        head=head,
        cover=tuple(_cover(page)),
        sections=_sections(page),
        signature=_signature(page),
        running_head=report.document_number,
        author=plain(house.group.acronym.spans(house.messages)),
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
        facts_of.meeting_facts(meeting), outcomes, viewpoint, house, number
    )


def _chair_on(record: Record, day: date) -> Officer | None:
    chairs = [
        officer for officer in record.officers
        if officer.role != Officer.Role.VICE_CHAIR and officer.in_office_on(day)
    ]  # fmt: skip
    return chairs[-1] if chairs else None


def _bounds(record: Record) -> tuple[date, date]:
    """Return the first and last day told of: those of the meetings, else of the period."""
    days = [day for meeting in record.meetings for day in (meeting.first_day, meeting.last_day)]
    return (min(days), max(days)) if days else (record.report.first_day, record.report.last_day)


def _values(
    record: Record, house: House, chair: Officer | None, numbers: Mapping[int, str]
) -> dict[str, Spans]:
    """Return what every slot of a passage prints."""
    said, language, group = house.messages, house.language, record.group
    first, last = _bounds(record)
    held = [facts_of.meeting_facts(meeting) for meeting in record.meetings]
    key, report_key = str(group.pk), str(record.report.pk or "")

    def span_of_days(text: str) -> Spans:
        return slots.plain_fact(text, "report.report", report_key, "first_day", house)

    values = {
        "group.acronym": house.group.acronym.spans(said),
        "group.name": house.group.name.spans(said),
        "group.subject": slots.plain_fact(
            in_language(group.subject, language), "meetings.workinggroup", key, "subject", house
        ),
        "group.membership": slots.plain_fact(
            in_language(group.membership, language),
            "meetings.workinggroup",
            key,
            "membership",
            house,
        ),
        **slots.officer_values(chair, house),
        "chairs": slots.chairs_spans(_chairs(record, first, last, chair), first, last, house),
        "period": span_of_days(dates.period(said, first, last)),
        "period.years": span_of_days(dates.years(said, first, last)),
        "meetings": slots.meetings_spans(held, house),
        "meetings.count": span_of_days(str(len(held))),
    }
    for session in record.sessions:
        facts = facts_of.session_facts(session, language)
        if facts:
            values |= slots.session_values(f"session.{session.key}", facts, house)
            if session.pk == record.report.session_id:
                values |= slots.session_values("session", facts, house)
    citations = [
        slots.cited(reference.revision.instrument, reference.revision, language)
        for reference in record.references
    ]
    for citation in citations:
        values |= slots.citation_values(citation, house)
    short = slots.listed(citations, house, formal=False) or (NOTHING.spans(said),)
    formal = slots.listed(citations, house, formal=True) or (NOTHING.spans(said),)
    values["instruments"] = joined(short, said.lists["middle"], said.lists["last_after_comma"])
    values["references"] = joined(formal, said.lists["topics"], said.lists["topics"])
    for passage in record.passages:
        if passage.key:
            values[f"paragraph.{passage.key}"] = paragraphs.number(
                numbers.get(passage.pk, said.missing)
            )
    return values


def _chairs(record: Record, first: date, last: date, chair: Officer | None) -> list[Officer]:
    serving = [
        officer for officer in record.officers
        if officer.role != Officer.Role.VICE_CHAIR and officer.serves_between(first, last)
    ]  # fmt: skip
    return serving or ([chair] if chair else [])


def _head(page: _Page) -> Head:
    report, house = page.record.report, page.house
    session = page.viewpoint.session
    assert session is not None  # a report goes to a session: the database holds it
    key = str(report.pk or "")

    def fact(text: str, name: str) -> Spans:
        return slots.plain_fact(text, "report.report", key, name, house) if text else ()

    original = house.messages.languages.get(report.original_language, "")
    source = in_language(report.source, report.language)
    title = in_language(report.title, report.language)
    return Head(
        session=session.label.spans(house.messages),
        place_and_dates=_place_and_dates(page),
        agenda_item=_labelled(
            page, "head_agenda_item", "item", fact(report.agenda_item, "agenda_item")
        ),
        number=_labelled(
            page, "head_number", "number", fact(report.document_number, "document_number")
        ),
        date=fact(dates.day(house.messages, report.as_of), "as_of"),
        original=_labelled(page, "head_original", "language", fact(original, "original_language")),
        source=fact(source, "source") or _head_line(page, "head_source"),
        title=fact(title, "title")
        or tuple(Span(span.text.upper(), span.origin) for span in _head_line(page, "head_title")),
    )


def _place_and_dates(page: _Page) -> Spans:
    session, said = page.record.report.session, page.house.messages
    key = str(session.pk)
    parts: list[Spans] = []
    place = in_language(session.place, page.house.language)
    if place:
        parts.append(slots.plain_fact(place, "meetings.session", key, "place", page.house))
    if session.first_day and session.last_day:
        days = dates.days(said, session.first_day, session.last_day)
        parts.append(slots.plain_fact(days, "meetings.session", key, "first_day", page.house))
    return joined(parts, said.lists["middle"], said.lists["middle"])


def _labelled(page: _Page, name: str, slot: str, value: Spans) -> Spans:
    if not value:
        return ()
    pattern, origin = page.house.pattern(name)
    label = Origin(OriginKind.LABEL, origin.model, origin.key, origin.field)
    return patterns.fill(pattern, page.house.language, {slot: value}, {}, label)


def _head_line(page: _Page, name: str) -> Spans:
    house, session = page.house, page.viewpoint.session
    pattern, origin = house.pattern(name)
    known = house.group.name.text
    acronym = house.group.acronym.spans(house.messages)
    return patterns.fill(
        pattern, house.language,
        {
            "name": house.group.name.spans(house.messages) if known else acronym,
            "acronym": acronym,
            "session": session.label.spans(house.messages) if session else (),
        },
        {"named_twice": "yes" if known else "no"}, origin,
    )  # fmt: skip


def _cover(page: _Page) -> Iterator[CoverRow | CoverRule]:
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


def _text(page: _Page, passage: Passage, text: str) -> Spans:
    origin = Origin(OriginKind.PASSAGE, "report.passage", str(passage.pk), "text")
    return inline.read(text, page.values, origin)


def _numbers(record: Record) -> Iterator[tuple[int, str]]:
    """Yield the printed number of every passage that has one, so that references can name it."""
    section = paragraph = 0
    for passage in record.passages:
        if passage.shape == Shape.HEADING:
            section, paragraph = section + 1, 0
            yield passage.pk, f"{section}"
        elif passage.shape == Shape.NUMBERED:
            paragraph += 1
            yield passage.pk, f"{section}.{paragraph}" if section else f"{paragraph}"
        elif passage.shape == Shape.MEETINGS:
            paragraph += len(record.meetings)


@dataclass(slots=True)
class _Draft:
    """A section while it is being written."""

    part: str
    number: Spans = ()
    heading: Spans = ()
    paragraphs: list[Paragraph] = field(default_factory=list)

    def next_number(self) -> Spans:
        count = sum(1 for paragraph in self.paragraphs if paragraph.number) + 1
        return paragraphs.number(f"{self.part}.{count}" if self.number else f"{count}")

    def add_item(self, number: Spans, text: Spans, anchor: str) -> None:
        last = self.paragraphs.pop() if self.paragraphs else Paragraph((), ())
        items = (*last.items, Item(number, text, anchor=anchor))
        self.paragraphs.append(Paragraph(last.number, last.text, items, last.anchor))


def _sections(page: _Page) -> tuple[Section, ...]:
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


def _passage(page: _Page, passage: Passage) -> Spans:
    text = in_language(passage.text, page.house.language)
    if not text:
        return Fact("", "report.passage", str(passage.pk), "text").spans(
            page.house.messages, OriginKind.PASSAGE
        )
    return _text(page, passage, text)


def _add(page: _Page, draft: _Draft, passage: Passage) -> None:
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


def _signature(page: _Page) -> tuple[Spans, ...]:
    officer = page.record.report.signed_by
    if officer is None:
        return ()
    house = page.house
    pattern, origin = house.pattern("signature")
    role = patterns.fill(
        pattern, house.language,
        {
            "role": slots.role_word(officer, house),
            "group": house.group.acronym.spans(house.messages),
        },
        {}, origin,
    )  # fmt: skip
    return (slots.officer_spans(officer, house, short=True), role)


def _missing(page: _Page, document: Document) -> Iterator[Missing]:
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
    mark = page.house.messages.missing
    for line in lines(document):
        for span in line.spans:
            if span.text == mark:
                at = span.origin
                where = plain(line.number) or plain(line.text)[:60]
                yield Missing(f"A fact of “{where}”", at.model, at.key, at.field)
