"""Rows of summaries that break a rule, by its name; the fixture of test_constraints stands before them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import models

from consultations.models import (
    Attachment,
    Citation,
    Contribution,
    Question,
    SetAside,
    Summary,
    SummaryComment,
    SummaryGuest,
    SummaryParagraph,
    SummaryReading,
    Tag,
    TaggedPassage,
)
from cwg.report.models import AttachedSummary, Report

AT = datetime(2024, 10, 4, 12, tzinfo=UTC)
EARLIER = AT - timedelta(days=1)


def summary(**facts: Any) -> Summary:
    """Return the summary of the round that has none yet."""
    return Summary(consultation=contribution().consultation, begun_at=AT, **facts)


def begun() -> Summary:
    row = Summary.objects.first()
    if row is None:
        row = summary()
        row.save()
    return row


def contribution() -> Contribution:
    return Contribution.objects.latest("pk")


def question() -> Question:
    found = Question.objects.filter(consultation=contribution().consultation).first()
    return found or Question.objects.create(
        consultation=contribution().consultation, position=1, text={"en": "Why?"}
    )


def tag(**facts: Any) -> Tag:
    return Tag(consultation=contribution().consultation, **({"name": "Nets"} | facts))


def kept[Row: models.Model](row: Row) -> Row:
    row.save()
    return row


def tagged() -> Tag:
    found = Tag.objects.first()
    return found or kept(tag())


def words(**facts: Any) -> TaggedPassage:
    """Return words of the free text of a contribution under a tag."""
    told = {"start": 0, "end": 4, "words": "Nets", "made_at": AT}
    return TaggedPassage(tag=tagged(), contribution=contribution(), **(told | facts))


def a_file() -> Attachment:
    return kept(Attachment(
        contribution=contribution(), name="a.pdf", kind="pdf", path="a", size=1, sha256="0", added_at=AT
    ))  # fmt: skip


def paragraph(**facts: Any) -> SummaryParagraph:
    return SummaryParagraph(summary=begun(), written_at=AT, **({"text": "So [1]."} | facts))


def written() -> SummaryParagraph:
    return SummaryParagraph.objects.first() or kept(paragraph())


def citation() -> Citation:
    return Citation(
        paragraph=written(), contribution=contribution(), seen_sha256="0", seen_words="So"
    )


def aside(**facts: Any) -> SetAside:
    return SetAside(
        summary=begun(), contribution=contribution(), at=AT, **({"reason": "So"} | facts)
    )


def reading(**facts: Any) -> SummaryReading:
    return SummaryReading(summary=begun(), reader_name="Somebody", asked_at=AT, **facts)


def guest(**facts: Any) -> SummaryGuest:
    return SummaryGuest(summary=begun(), invited_at=AT, **({"email": "a@example.org"} | facts))


def comment(**facts: Any) -> SummaryComment:
    return SummaryComment(summary=begun(), name="Somebody", made_at=AT, **({"text": "So"} | facts))


def attached() -> AttachedSummary:
    """Return the summary of another round, attached to the report of the demo record."""
    other = Summary.objects.exclude(consultation__key="2024-10").first() or kept(summary())
    return AttachedSummary(report=Report.objects.get(), summary=other)


def twice(row: models.Model, other: Callable[[], models.Model]) -> models.Model:
    """Save a row, and return another."""
    row.save()
    return other()


BROKEN_SUMMARIES: dict[str, list[Callable[[], models.Model]]] = {
    "summaries_window_has_both_ends": [
        lambda: summary(opened_at=AT), lambda: summary(open_until=AT),
    ],
    "summaries_window_in_order": [lambda: summary(opened_at=AT, open_until=EARLIER)],
    "summaries_final_with_document": [
        lambda: summary(final_at=AT), lambda: summary(published_at=AT),
    ],
    "summaries_tag_once_for_a_question": [
        lambda: twice(tag(question=question()), lambda: tag(question=question(), name="NETS")),
    ],
    "summaries_tag_once_for_a_round": [lambda: twice(tag(), lambda: tag(name="nets"))],
    "summaries_passage_has_one_place": [
        lambda: words(start=None), lambda: words(end=None), lambda: words(start=None, end=None),
        lambda: words(start=4), lambda: words(page=1), lambda: words(attachment=a_file()),
        lambda: words(attachment=a_file(), question=question(), start=None, end=None),
    ],
    "summaries_passage_has_words": [lambda: words(words="")],
    "summaries_passage_once_in_answer": [
        lambda: twice(words(question=question()), lambda: words(question=question())),
    ],
    "summaries_passage_once_in_text": [lambda: twice(words(), words)],
    "summaries_paragraph_has_text": [lambda: paragraph(text="")],
    "summaries_citation_once": [lambda: twice(citation(), citation)],
    "summaries_set_aside_once": [lambda: twice(aside(), aside)],
    "summaries_set_aside_with_reason": [lambda: aside(reason="")],
    "summaries_reading_complete": [
        lambda: reading(read_at=AT), lambda: reading(read_at=AT, agreed=True),
        lambda: reading(agreed=True, words="0"), lambda: reading(words="0"),
    ],
    "summaries_reading_refused_with_remarks": [
        lambda: reading(read_at=AT, agreed=False, words="0"),
    ],
    "summaries_reading_one_at_a_time": [lambda: twice(reading(), reading)],
    "summaries_guest_once": [lambda: twice(guest(), lambda: guest(email="A@example.org"))],
    "summaries_comment_answered_whole": [
        lambda: comment(done="taken"), lambda: comment(answered_at=AT), lambda: comment(answer="So"),
    ],
    "summaries_comment_not_taken_with_words": [lambda: comment(done="not_taken", answered_at=AT)],
    "summaries_comment_has_text": [lambda: comment(text="")],
    "report_summary_once": [lambda: twice(attached(), attached)],
}  # fmt: skip
ALLOWED: list[Callable[[], models.Model]] = [
    lambda: twice(words(removed_at=AT), words),
    lambda: twice(words(question=question()), words),
    lambda: twice(tag(), lambda: tag(question=question())),
    lambda: words(attachment=a_file(), start=None, end=None, page=7),
    lambda: summary(opened_at=AT, open_until=AT),
    lambda: twice(reading(read_at=AT, agreed=True, words="0"), reading),
    lambda: comment(done="taken", answered_at=AT),
]
