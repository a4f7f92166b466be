"""What every part of a report's page is written with: the house, the viewpoint, what slots print."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from cwg.report import slots
from cwg.report.gather import Record
from cwg.report.models import Part, Shape
from meetings import record as facts_of
from meetings.languages import in_language
from meetings.lettering import letter
from meetings.models import Officer
from meetings.paragraph import number
from meetings.typesetting.tree import Origin, OriginKind, Span, Spans
from meetings.wording import dates
from meetings.wording.facts import NOTHING, House, SessionFacts, Viewpoint
from meetings.wording.sentences import joined


@dataclass(frozen=True, slots=True)
class Page:
    """What every part of the page is written with."""

    record: Record
    house: House
    viewpoint: Viewpoint
    session: SessionFacts
    chair: Officer | None
    values: Mapping[str, Spans]
    numbers: Mapping[int, str] = field(default_factory=dict)


def page_of(record: Record) -> Page:
    """Return what the page of `record` is written with, told from the report's date.

    Raises NoMessagesError where the house has no wording in the report's language.
    """
    report = record.report
    chair = report.signed_by or _chair_on(record, report.as_of)
    house = facts_of.house(record.group, report.as_of, report.language, chair)
    session = facts_of.session_facts(report.session, report.language)
    assert session is not None  # a report goes to a session: the database holds it
    numbers = dict(_numbers(record))
    values = {
        **_group_values(record, house), **slots.officer_values(chair, house),
        **_period_values(record, house, chair), **_session_values(record, house),
        **_citation_values(record, house), **_paragraph_values(record, house, numbers),
        **_document_values(record, house),
    }  # fmt: skip
    return Page(record, house, Viewpoint(report.as_of, session), session, chair, values, numbers)


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


def _group_values(record: Record, house: House) -> dict[str, Spans]:
    group, said, key = record.group, house.messages, str(record.group.pk)

    def fact(name: str) -> Spans:
        text = in_language(getattr(group, name), house.language)
        return slots.plain_fact(text, "meetings.workinggroup", key, name, house)

    return {
        "group.acronym": house.group.acronym.spans(said),
        "group.name": house.group.name.spans(said),
        "group.subject": fact("subject"),
        "group.membership": fact("membership"),
    }


def _period_values(record: Record, house: House, chair: Officer | None) -> dict[str, Spans]:
    report, said = record.report, house.messages
    first, last = _bounds(record)
    told = [facts_of.meeting_facts(meeting, house.language) for meeting in record.meetings]

    def fact(text: str) -> Spans:
        return slots.plain_fact(text, "report.report", str(report.pk or ""), "first_day", house)

    before, months, after = dates.held(said, first, last)
    held = Origin(OriginKind.PATTERN, "", "", "held")
    return {
        "period": fact(months),
        "period.years": fact(dates.years(said, first, last)),
        "held": tuple(
            span for span in (Span(before, held), *fact(months), Span(after, held)) if span.text
        ),
        "meetings": slots.meetings_spans(told, house),
        "meetings.count": fact(str(len(told))),
        "chairs": slots.chairs_spans(
            _chairs(record, chair), report.first_day, report.last_day, house
        ),
    }


def _chairs(record: Record, chair: Officer | None) -> list[Officer]:
    """Return who was Chair, or acted as such, in the period of the report."""
    report = record.report
    serving = [
        officer for officer in record.officers
        if officer.role != Officer.Role.VICE_CHAIR
        and officer.serves_between(report.first_day, report.last_day)
    ]  # fmt: skip
    return serving or ([chair] if chair else [])


def _session_values(record: Record, house: House) -> dict[str, Spans]:
    values: dict[str, Spans] = {}
    for session in record.sessions:
        facts = facts_of.session_facts(session, house.language)
        if facts:
            values |= slots.session_values(f"session.{session.key}", facts, house)
            if session.pk == record.report.session_id:
                values |= slots.session_values("session", facts, house)
    return values


def _citation_values(record: Record, house: House) -> dict[str, Spans]:
    said = house.messages
    citations = [
        slots.cited(reference.revision.instrument, reference.revision, house.language)
        for reference in record.references
    ]
    values: dict[str, Spans] = {}
    for citation in reversed(citations):  # of two revisions of one instrument, the first listed
        values |= slots.citation_values(citation, house)
    short = slots.listed(citations, house, formal=False) or (NOTHING.spans(said),)
    formal = slots.listed(citations, house, formal=True) or (NOTHING.spans(said),)
    values["instruments"] = joined(short, said.lists["middle"], said.lists["last_after_comma"])
    values["references"] = joined(formal, said.lists["topics"], said.lists["topics"])
    return values


def _document_values(record: Record, house: House) -> dict[str, Spans]:
    return {
        f"document.{document.key}": slots.plain_fact(
            document.number, "meetings.document", str(document.pk), "number", house
        )
        for document in record.documents
    }


def _paragraph_values(record: Record, house: House, numbers: Mapping[int, str]) -> dict[str, Spans]:
    """Return the numbers of the passages with a key, of the meetings and of their outcomes."""
    missing = house.messages.missing
    values = {
        f"paragraph.{passage.key}": number(numbers.get(passage.pk, missing))
        for passage in record.passages
        if passage.key
    }
    listed = next((p for p in record.passages if p.shape == Shape.MEETINGS), None)
    named = any(
        "paragraph.meeting-" in in_language(passage.text, house.language)
        for passage in record.passages
    )
    if listed is None or not named:
        return values
    before, _, first = numbers[listed.pk].rpartition(".")
    for place, meeting in enumerate(record.meetings, int(first)):
        here = f"{before}.{place}" if before else f"{place}"
        name = f"paragraph.meeting-{meeting.ordinal}"
        values[name] = number(here)
        for count in range(1, len(meeting.outcomes.all()) + 1):
            values[f"{name}.{letter(count)}"] = number(f"{here} {letter(count)})")
    return values


def _numbers(record: Record) -> Iterator[tuple[int, str]]:
    """Yield the printed number of every passage that has one, so that references can name it.

    That of the passage "meetings" is the number of the first meeting.
    """
    section = paragraph = item = 0
    for passage in record.passages:
        if passage.part != Part.BODY:
            continue
        if passage.shape == Shape.LETTERED:
            item += 1
            above = f"{section}.{paragraph}" if section else f"{paragraph}"
            yield passage.pk, f"{above} {letter(item)})" if paragraph else f"{letter(item)})"
            continue
        if passage.shape != Shape.DASHED:
            item = 0
        if passage.shape == Shape.HEADING:
            section, paragraph = section + 1, 0
            yield passage.pk, f"{section}"
        elif passage.shape in {Shape.NUMBERED, Shape.MEETINGS}:
            here = paragraph + 1
            yield passage.pk, f"{section}.{here}" if section else f"{here}"
            paragraph += len(record.meetings) if passage.shape == Shape.MEETINGS else 1
