"""A round's questions as a document, to be answered with colleagues before the form is filled in."""

from __future__ import annotations

from datetime import date

from consultations import announcing, reading
from consultations.models import Consultation
from consultations.reading import NumberedQuestion
from meetings.languages import in_any_language
from meetings.record import group_facts
from meetings.typesetting.tree import (
    Document,
    Head,
    Item,
    Origin,
    OriginKind,
    Paragraph,
    Section,
    Span,
    Spans,
)
from meetings.wording.messages import messages

_LABEL = Origin(OriginKind.LABEL)


def document(consultation: Consultation, address: str, day: date) -> Document | None:
    """Return the questions of a round as a document; None where it asks none.

    `address` is the round's page, from which the answers are sent. Raises nothing.
    """
    asked = reading.questions(consultation.questions.all())
    if not asked:
        return None
    group = group_facts(consultation.group, day, "en")
    title = announcing.name(consultation)
    fact = Origin(OriginKind.FACT, "consultations.consultation", str(consultation.pk))
    preamble = _paragraphs(in_any_language(consultation.preamble), fact)
    sections = [Section("how", (), (), (_how(consultation, address), *preamble))]
    sections += [_question(each) for each in asked]
    name = group.name.text or group.acronym.text
    return Document(
        language="en",
        title=f"Questions: {title}",
        head=Head(
            session=(Span(name, _LABEL),) if name else (),
            place_and_dates=(Span("Open consultation: the questions", _LABEL),),
            title=(Span(title, fact),),
        ),
        sections=tuple(sections),
        running_head=f"{group.acronym.text}/OC-{consultation.key}",
        author=name,
    )


def _how(consultation: Consultation, address: str) -> Paragraph:
    deadline = consultation.deadline().words(messages("en"))
    until = f" until {deadline}" if deadline else ""
    text = (
        "This file is for working on the answers with others. Answer any of the questions, at least "
        f"one, and send the answers by the form{until}: "
    )
    return Paragraph((), (Span(text, _LABEL), Span(address, _LABEL, href=address)))


def _paragraphs(text: str, origin: Origin) -> tuple[Paragraph, ...]:
    lines = (line.strip() for line in text.splitlines())
    return tuple(Paragraph((), (Span(line, origin),)) for line in lines if line)


def _question(question: NumberedQuestion) -> Section:
    origin = Origin(OriginKind.FACT, "consultations.question", str(question.row.pk), "text")
    number: Spans = (Span(f"{question.number}.", _LABEL),) if question.number else ()
    text, *more = in_any_language(question.row.text).splitlines() or [""]
    areas = tuple(
        Item((Span("–", _LABEL),), (Span(in_any_language(each.row.text), origin),))
        for each in question.areas
    )
    under = [Paragraph((), (Span(line.strip(), origin),)) for line in more if line.strip()]
    if areas:
        under.append(Paragraph((), (Span("In particular:", _LABEL),), areas))
    answer = Paragraph((), (Span("[Your answer]", _LABEL, emphasis=True),))
    return Section(question.number, number, (Span(text, origin),), (*under, answer))
