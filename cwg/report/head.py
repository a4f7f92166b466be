"""The head of a Council document, and the signature at its end."""

from __future__ import annotations

from cwg.report import slots
from cwg.report.page import Page
from meetings.languages import in_language
from meetings.typesetting.tree import Head, Origin, OriginKind, Span, Spans
from meetings.wording import dates, patterns
from meetings.wording.sentences import joined


def head_of(page: Page) -> Head:
    """Return the head of the report; a line that the record does not know is empty."""
    report, house = page.record.report, page.house
    key = str(report.pk or "")

    def fact(text: str, name: str) -> Spans:
        return slots.plain_fact(text, "report.report", key, name, house) if text else ()

    original = house.messages.languages.get(report.original_language, "")
    source = in_language(report.source, report.language)
    title = in_language(report.title, report.language)
    return Head(
        session=page.session.label.spans(house.messages),
        place_and_dates=_place_and_dates(page),
        agenda_item=_labelled(
            page, "head_agenda_item", "item", fact(report.agenda_item, "agenda_item")
        ),
        number=_labelled(
            page, "head_number", "number", fact(report.document_number, "document_number")
        ),
        date=fact(dates.day(house.messages, report.as_of), "as_of"),
        original=_labelled(page, "head_original", "language", fact(original, "original_language")),
        source=fact(source, "source") or _line(page, "head_source"),
        title=fact(title, "title")
        or tuple(Span(span.text.upper(), span.origin) for span in _line(page, "head_title")),
    )


def _place_and_dates(page: Page) -> Spans:
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


def _labelled(page: Page, name: str, slot: str, value: Spans) -> Spans:
    if not value:
        return ()
    pattern, origin = page.house.pattern(name)
    label = Origin(OriginKind.LABEL, origin.model, origin.key, origin.field)
    return patterns.fill(pattern, page.house.language, {slot: value}, {}, label)


def _line(page: Page, name: str) -> Spans:
    house, said = page.house, page.house.messages
    pattern, origin = house.pattern(name)
    known = house.group.name.text
    acronym = house.group.acronym.spans(said)
    return patterns.fill(
        pattern, house.language,
        {
            "name": house.group.name.spans(said) if known else acronym,
            "acronym": acronym,
            "session": page.session.label.spans(said),
            "role": slots.role_word(page.chair, house) if page.chair else house.chair_word(),
            "chair": house.chair_word(),
        },
        {"named_twice": "yes" if known else "no"}, origin,
    )  # fmt: skip


def signature_of(page: Page) -> tuple[Spans, ...]:
    """Return who signs and as what; nothing where nobody does."""
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
            "name": house.group.name.spans(house.messages),
        },
        {}, origin,
    )  # fmt: skip
    return (slots.officer_spans(officer, house, short=True), role)
