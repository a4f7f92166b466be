"""The summaries that a report submits: what they print as an annex, and which promises they keep."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db.models import Exists, OuterRef, QuerySet

from consultations import outcomes
from consultations.models import Summary
from consultations.summary import document as summaries
from consultations.summary import published
from cwg.report.models import AttachedSummary, Report
from meetings import editions
from meetings.lettering import letter
from meetings.models import Edition, Kind, Outcome, WorkingGroup
from meetings.typesetting.tree import (
    Annex,
    Document,
    Item,
    Origin,
    OriginKind,
    Paragraph,
    Span,
    Spans,
    Table,
)


@dataclass(frozen=True, slots=True)
class Annexed:
    """A summary that a report prints, as it reads; `name` is what its anchors begin with."""

    name: str
    document: Document
    public: bool = False  # whether everybody reads it so by itself


def with_printing(groups: QuerySet[WorkingGroup]) -> QuerySet[WorkingGroup]:
    """Return groups that know whether a report of theirs prints a summary: few do."""
    rows = AttachedSummary.objects.filter(report__group=OuterRef("pk"), annex=True)
    return groups.annotate(prints_summaries=Exists(rows))


def annexed(
    reports: Sequence[Report], groups: Mapping[int, WorkingGroup]
) -> dict[int, tuple[Annexed, ...]]:
    """Return the summaries that each of `reports` prints, by its key; `groups` are `with_printing`.

    A summary is printed as its latest edition was kept; one without an edition, as it reads now.
    """
    if not any(getattr(each, "prints_summaries", True) for each in groups.values()):
        return {}
    rows = list(
        AttachedSummary.objects.filter(report__in=reports, annex=True)
        .select_related("summary__consultation__group", "summary__document")
        .order_by("report", "position", "pk")
    )
    kept: dict[tuple[int, str], Edition] = {}
    made = Edition.objects.filter(document__in=[row.summary.document_id for row in rows])
    for edition in made.order_by("pk"):
        kept[edition.document_id, edition.language] = edition
    found: dict[int, list[Annexed]] = {}
    for row in rows:
        summary = row.summary
        standing = kept.get((summary.document_id or 0, summary.language))
        printed = editions.document_of(standing) if standing is not None else _now(row)
        name = f"summary-{summary.consultation.key}-"
        public = standing is not None and published.is_published(summary, standing)
        found.setdefault(row.report_id, []).append(Annexed(name, printed, public))
    return {key: tuple(each) for key, each in found.items()}


def _now(row: AttachedSummary) -> Document:
    """Return what a summary says that was not kept yet, dated as it became final, else as the report."""
    day = row.summary.final_at.date() if row.summary.final_at else row.report.as_of
    return summaries.compose(summaries.gather(row.summary, day))


def annex(each: Annexed, part: str, label: Spans) -> Annex:
    """Return a summary as an annex of a report; its own headings and annexes stand in bold."""
    return Annex(part, label, each.document.head.title, tuple(_blocks(each)), anchor=part)


def _blocks(each: Annexed) -> Iterator[Paragraph | Table]:
    printed, name = each.document, each.name
    told = (*printed.head.number, *printed.head.date)
    if told:
        comma = Span(", ", Origin(OriginKind.LABEL))
        first = printed.head.number
        yield Paragraph((), (*first, comma, *printed.head.date) if first else told)
    for section in printed.sections:
        if section.heading:
            heading = (*section.number, *section.heading)
            yield _moved(Paragraph((), _strong(heading), anchor=section.anchor), name)
        for paragraph in section.paragraphs:
            yield _moved(paragraph, name)
    for below in printed.annexes:
        colon = Span(": ", Origin(OriginKind.LABEL))
        heading = (*below.label, colon, *below.heading)
        yield _moved(Paragraph((), _strong(heading), anchor=below.anchor), name)
        for block in below.blocks:
            yield _moved(block, name) if isinstance(block, Paragraph) else block


def _strong(spans: Spans) -> Spans:
    return tuple(replace(span, strong=True) for span in spans)


def _moved(paragraph: Paragraph, name: str) -> Paragraph:
    """Return a paragraph whose anchors, and ways inside the summary, stand once in the report."""

    def anchor(at: str) -> str:
        return f"{name}{at}" if at else ""

    return replace(
        paragraph,
        text=_led(paragraph.text, name),
        items=tuple(
            Item(item.number, _led(item.text, name), anchor=anchor(item.anchor))
            for item in paragraph.items
        ),
        anchor=anchor(paragraph.anchor),
    )


def _led(spans: Spans, name: str) -> Spans:
    return tuple(
        replace(span, href=f"#{name}{span.href[1:]}") if span.href.startswith("#") else span
        for span in spans
    )


def submitted(report: Report) -> list[Summary]:
    """Return the summaries that a report submits, in order."""
    rows = report.summaries.select_related("summary__consultation__group", "summary__document")
    return [row.summary for row in rows.order_by("position", "pk")]


def keeps(
    report: Report, attached: Sequence[Summary], promises: Iterable[Outcome]
) -> dict[Outcome, Summary]:
    """Return which of the open `promises` are kept by the summaries that are attached to a report."""
    about = {
        outcome.pk: summary
        for summary in attached
        for outcome in outcomes.about([summary.consultation], report.as_of).get(
            summary.consultation_id, []
        )
    }
    return {promise: about[promise.pk] for promise in promises if promise.pk in about}


def with_ways(document: Document, report: Report) -> Document:
    """Return a report as everybody reads it on its page: its sentences lead to the summaries.

    The topic in the sentence of an outcome that tells of the summary of a round leads to the page
    of that summary, where that is attached and public. Files stay as they were kept.
    """
    ways: dict[str, str] = {}
    for summary in submitted(report):
        if not published.editions_of(summary):
            continue
        about = outcomes.about([summary.consultation], report.last_day)
        for outcome in about.get(summary.consultation_id, []):
            if outcome.kind == Kind.SUMMARY:
                at = f"outcome-{outcome.meeting.ordinal}-{letter(outcome.place())}"
                ways[at] = published.address(summary)
    if not ways:
        return document
    return replace(
        document,
        sections=tuple(
            replace(
                section,
                paragraphs=tuple(_with_way(each, ways) for each in section.paragraphs),
            )
            for section in document.sections
        ),
    )


def _with_way(paragraph: Paragraph, ways: Mapping[str, str]) -> Paragraph:
    items = tuple(
        replace(item, text=_to(item.text, ways[item.anchor])) if item.anchor in ways else item
        for item in paragraph.items
    )
    return replace(paragraph, items=items)


def _to(spans: Spans, address: str) -> Spans:
    """Let the topic in a sentence lead to an address; where it names none, all of it does."""
    topics = [span for span in spans if span.origin.model == "meetings.topic"]
    return tuple(
        replace(span, href=address) if span in topics or not topics else span for span in spans
    )
