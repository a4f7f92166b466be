"""What everybody finds beside contributions: which rows, what each is called, where it is read, what it says.

The index is filled from here, and what it finds is read again from here, so that nothing is shown
that is public no more. No draft, no source that is kept from the public, no statement, no remark.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from django.db.models import QuerySet

from consultations import announcing, search
from consultations.access import public_consultations
from consultations.models import Consultation, Summary
from consultations.summary import published
from cwg.report.models import Report
from cwg.report.public import kept_editions
from cwg.searching.excerpts import SLOT
from meetings import editions, file_texts
from meetings.finding import Entry, Part
from meetings.languages import TextByLanguage, in_any_language, in_language
from meetings.lettering import letter
from meetings.models import Document, Instrument, Meeting, Outcome, Topic
from meetings.register import PUBLIC, with_all_it_shows
from meetings.typesetting.text import render_text

type Facets = Mapping[str, tuple[str, ...]]
AT = "at"  # the place of a text with an anchor on its page: "at paragraph-3"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing that everybody finds."""

    name: str  # in the index
    heading: str
    rows: Callable[[], QuerySet[Any]]
    called: Callable[[Any], str]
    address: Callable[[Any], str]
    says: Callable[[Any], list[TextByLanguage | str | None]]
    group: Callable[[Any], int | None] = lambda row: int(row.group_id)
    day: Callable[[Any], date | datetime | None] = lambda row: None
    topics: Callable[[Any], Iterable[int | None]] = lambda row: ()  # the listed ones it draws on
    files: Callable[[Any], Iterable[Any]] = lambda row: ()
    placed: Callable[[Any], Iterable[Part]] = lambda row: ()  # its texts with an anchor

    def parts(self, row: Any, pages: search.Pages | None = None) -> tuple[Part, ...]:
        """Return what a row says, its name first; `pages` are the words inside its files."""
        texts = [Part("title", self.called(row))]
        for text in self.says(row):
            said = {"": text} if isinstance(text, str) else (text or {})
            texts += [Part("text", SLOT.sub("…", each), code) for code, each in said.items()]
        texts += self.placed(row)
        for file in self.files(row):
            texts += [
                Part(f"file {file.pk} {page}", text, str(file.language))
                for page, text in (pages or {}).get(file.path, ())
            ]
        return tuple(each for each in texts if each.text)

    def pages(self, rows: Iterable[Any]) -> search.Pages:
        """Return the words inside the files of rows: one query."""
        return file_texts.pages_of(str(file.path) for row in rows for file in self.files(row))

    def entries(self, rows: list[Any]) -> Iterator[Entry]:
        """Yield rows as they are indexed, in a number of queries that does not grow."""
        pages = self.pages(rows)
        for row in rows:
            day = self.day(row)
            listed = {str(topic) for topic in self.topics(row) if topic is not None}
            facets = {"year": (f"{day:%Y}",) if day else (), "topic": tuple(sorted(listed))}
            yield Entry(
                f"{self.name}:{row.pk}", self.name, self.group(row),
                {name: values for name, values in facets.items() if values},
                _order(day), self.parts(row, pages),
            )  # fmt: skip


def _order(day: date | datetime | None) -> int:
    """Return what orders entries by day: seconds, as of published contributions."""
    if day is None:
        return 0
    at = day if isinstance(day, datetime) else datetime.combine(day, time(), UTC)
    return int(at.timestamp())


def _meetings() -> QuerySet[Meeting]:
    kept = Meeting.objects.filter(group__record_kept_here=True).select_related("group")
    return kept.prefetch_related("group__names", "agenda_items")


def _outcomes() -> QuerySet[Outcome]:
    kept = Outcome.objects.public().filter(meeting__group__record_kept_here=True)
    return kept.select_related("meeting__group", "session", "awaits").prefetch_related(
        "meeting__group__names", "meeting__outcomes", "points", "outcome_topics__topic"
    )


def _documents() -> QuerySet[Document]:
    """Return the public documents; of a withdrawn one only the number stays visible: no words."""
    public = Document.objects.public().filter(
        group__record_kept_here=True, ordinal__isnull=False, withdrawn_at=None
    )
    return with_all_it_shows(public).select_related("group", "meeting__group", "parent")


def _topics() -> QuerySet[Topic]:
    known = Topic.objects.known().filter(group__record_kept_here=True)
    return known.select_related("group").prefetch_related("questions")


def _rounds() -> QuerySet[Consultation]:
    return (
        public_consultations()
        .select_related("group")
        .prefetch_related("consultation_topics__topic", "questions", "group__names")
    )


def _summaries() -> QuerySet[Summary]:
    return (
        published.public()
        .select_related("consultation__group", "document")
        .prefetch_related("consultation__consultation_topics__topic")
    )


def _reports() -> QuerySet[Report]:
    public = Report.objects.filter(public=True, group__record_kept_here=True)
    return public.select_related("group", "session", "type", "signed_by__country").prefetch_related(
        "group__names"
    )


def _instruments() -> QuerySet[Instrument]:
    return Instrument.objects.select_related("body").prefetch_related("revisions")


def _meeting_name(meeting: Meeting) -> str:
    days = f"{meeting.first_day:%-d %B %Y}"
    series = "open consultation " if meeting.series == Meeting.Series.OPEN_CONSULTATION else ""
    return f"{meeting.group}, {series}meeting {meeting.ordinal}, {days}"


def _document_name(document: Document) -> str:
    """Return its number and title; that of a summary says that the summary itself stands elsewhere."""
    name = ": ".join(filter(None, (document.number, in_language(document.title, "en"))))
    return f"{name} (entry in the register)" if document.kind == Document.Kind.SUMMARY else name


def _summary_name(summary: Summary) -> str:
    document = summary.document
    assert document is not None, "what is published has its document"
    return ", ".join(filter(None, (in_any_language(document.title), document.number)))


def _outcome_address(outcome: Outcome) -> str:
    place = f"outcome-{outcome.meeting.ordinal}-{letter(outcome.place())}"
    return f"{outcome.meeting.get_absolute_url()}#{place}"


def _of_report(report: Report) -> list[TextByLanguage | str | None]:
    """Return its title, and its text once it is final: a draft made public changes with the record."""
    made = kept_editions(report)
    final = {str(report.language): render_text(editions.document_of(made[-1]))} if made else None
    return [report.title, final]


KINDS = (
    Kind(
        "meeting", "Meetings", _meetings, _meeting_name, Meeting.get_absolute_url,
        lambda row: [
            row.place, row.cluster,
            *(each.title for each in row.agenda_items.all() if row.agenda_public),
        ],
        day=lambda row: row.first_day,
    ),
    Kind(
        "outcome", "Outcomes", _outcomes, lambda row: f"{row.meeting.group} {row}", _outcome_address,
        lambda row: [
            *(each.topic.title for each in row.outcome_topics.all()), row.action, row.wording,
            row.recalls, row.condition, row.addressee, *(each.text for each in row.points.all()),
            *(each.label for each in (row.session, row.awaits) if each is not None),
        ],
        group=lambda row: int(row.meeting.group_id), day=lambda row: row.meeting.last_day,
        topics=lambda row: [each.topic.draws_on_id for each in row.outcome_topics.all()],
    ),
    Kind(
        "document", "Documents", _documents,
        _document_name, PUBLIC.address,
        lambda row: [row.title, *(each.member_state.name for each in row.sources.all())],
        day=lambda row: row.dated, files=lambda row: row.files.all(),
    ),
    Kind(
        "round", "Consultations", _rounds, lambda row: f"{announcing.name(row)} ({row.key})",
        lambda row: row.get_absolute_url(),
        lambda row: [
            row.heading, *(each.topic.title for each in row.consultation_topics.all()),
            row.preamble, row.background, *(each.text for each in row.questions.all()),
        ],
        day=lambda row: row.opens_from,
        topics=lambda row: [each.topic.draws_on_id for each in row.consultation_topics.all()],
    ),
    Kind(
        "summary", "Summaries of contributions", _summaries, _summary_name, published.address,
        lambda row: [],
        group=lambda row: int(row.consultation.group_id), day=lambda row: row.published_at,
        topics=lambda row: [
            each.topic.draws_on_id for each in row.consultation.consultation_topics.all()
        ],
        placed=lambda row: [
            Part(f"{AT} {anchor}", text, str(row.language))
            for anchor, text in published.said(row.tree)
        ],
    ),
    Kind(
        "topic", "Topics", _topics, str, lambda row: f"{row.group.get_absolute_url()}#topics",
        lambda row: [row.title, row.background, *(each.text for each in row.questions.all())],
        topics=lambda row: [row.draws_on_id],
    ),
    Kind(
        "report", "Reports", _reports, lambda row: ", ".join(filter(None, (str(row), row.document_number))),
        lambda row: row.get_absolute_url(), _of_report, day=lambda row: row.as_of,
    ),
    Kind(
        "instrument", "Instruments", _instruments, str, lambda row: row.get_absolute_url(),
        lambda row: [row.title, row.body.name, *(each.label for each in row.revisions.all())],
        group=lambda row: None,
    ),
)  # fmt: skip
BY_NAME: Mapping[str, Kind] = {each.name: each for each in KINDS}
