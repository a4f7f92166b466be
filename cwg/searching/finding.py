"""The rows of a person's groups that hold what was asked for, exact numbers first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Model, Prefetch, Q, QuerySet, Value, When
from django.urls import reverse

from cwg.report.models import Passage, Report
from cwg.roles import may
from cwg.searching import matching
from cwg.searching.asking import Asked
from cwg.searching.excerpts import Pieces, excerpt, marked
from meetings.access import groups_of
from meetings.languages import TextByLanguage
from meetings.models import (
    Document,
    Instrument,
    Meeting,
    Outcome,
    OutcomeTopic,
    Topic,
    WorkingGroup,
)
from meetings.promises.ledger import letters_of
from meetings.promises.words import outcome_name

MOST_HITS = 10


@dataclass(frozen=True, slots=True)
class Hit:
    """A row that was found: its name, its page, a line of it."""

    name: Pieces
    address: str
    context: Pieces


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of one kind: the first of it, and how much there is."""

    heading: str
    total: int
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Search:
    """What is asked for, by whom, on which day, and in which groups they look."""

    asked: Asked
    person: Any
    day: date
    groups: QuerySet[WorkingGroup]

    def first[Row: Model](
        self, rows: QuerySet[Row], exact: Q | None, says: Callable[[str], Q], *order: str
    ) -> tuple[int, list[Row]]:
        """Return how many of `rows` fit, and the first: those that `exact` names, then by words."""
        words = matching.every(says(word) for word in self.asked.words)
        fits = words if exact is None else exact | words
        found = rows.filter(fits)
        rank = [] if exact is None else [Case(When(exact, then=Value(0)), default=Value(1))]
        return found.count(), list(found.order_by(*rank, *order, "-pk")[:MOST_HITS])

    def hit(self, name: str, address: str, *texts: TextByLanguage | str | None) -> Hit:
        """Return a hit of that name, with the line of `texts` in which most of it was found."""
        lines = [line for text in texts for line in _lines(text)]
        words = self.asked.words
        return Hit(marked(name, words), address, excerpt(lines, words))


def find(asked: Asked, person: Any, day: date) -> list[Found]:
    """Return what fits `asked`, by kind, in the groups in which `person` has a role on `day`.

    Instruments are shared by all groups. The number of queries is fixed.
    """
    if not asked:
        return []
    search = Search(asked, person, day, groups_of(person, day))
    found = [
        _found("Meetings", _meetings(search)), _found("Outcomes", _outcomes(search)),
        _found("Topics", _topics(search)), _found("Documents", _documents(search)),
        _found("Reports", _reports(search)), _found("Instruments", _instruments(search)),
    ]  # fmt: skip
    named = _named(asked)
    return sorted(
        (each for each in found if each.total), key=lambda kind: kind.heading not in named
    )


def _named(asked: Asked) -> frozenset[str]:
    """Return the kinds that what was typed is a number of: they are shown first."""
    if asked.outcome:
        return frozenset({"Outcomes"})
    if asked.document:
        return frozenset({"Documents", "Reports"})
    typed = asked.instrument is not None and asked.instrument.kind
    return frozenset({"Instruments"}) if typed else frozenset()


def _found(heading: str, of_kind: tuple[int, Iterator[Hit]]) -> Found:
    total, hits = of_kind
    return Found(heading, total, tuple(hits))


def _meetings(search: Search) -> tuple[int, Iterator[Hit]]:
    asked = search.asked
    exact = Q(series=asked.meeting[0], ordinal=asked.meeting[1]) if asked.meeting else None
    rows = Meeting.objects.filter(group__in=search.groups).select_related("group")
    total, meetings = search.first(
        rows.prefetch_related("group__names", "agenda_items"), exact,
        lambda word: matching.meeting_says(word, asked), "-first_day",
    )  # fmt: skip
    return total, (
        search.hit(
            str(each), reverse("admin:meetings_meeting_change", args=[each.pk]),
            each.place, each.cluster, *(item.title for item in each.agenda_items.all()),
        )
        for each in meetings
    )  # fmt: skip


def _outcomes(search: Search) -> tuple[int, Iterator[Hit]]:
    rows = (
        Outcome.objects.filter(meeting__group__in=search.groups)
        .select_related("meeting__group", "session", "awaits")
        .prefetch_related(
            "meeting__group__names", "points",
            Prefetch("outcome_topics", OutcomeTopic.objects.select_related("topic")),
        )
    )  # fmt: skip
    total, outcomes = search.first(
        rows, _named_outcome(search), matching.outcome_says, "-meeting__first_day", "position"
    )
    letters = letters_of(each.meeting_id for each in outcomes)
    return total, (_outcome(search, each, letters[each.pk]) for each in outcomes)


def _named_outcome(search: Search) -> Q | None:
    asked = search.asked.outcome
    if asked is None:
        return None
    series, ordinal, letter = asked
    held = Meeting.objects.filter(group__in=search.groups, series=series, ordinal=ordinal)
    letters = letters_of(held.values_list("pk", flat=True))
    return Q(pk__in=[key for key, its in letters.items() if its == letter])


def _outcome(search: Search, outcome: Outcome, letter: str) -> Hit:
    meeting = outcome.meeting
    if may(search.person, "meetings.change_meeting", meeting.group, search.day):
        page = reverse("admin:meetings_meeting_outcomes", args=[meeting.pk])
        address = f"{page}#outcome-{outcome.pk}"
    else:  # the page on which outcomes are recorded is for those who record them
        address = f"{meeting.get_absolute_url()}#outcome-{letter}"
    name = f"{meeting.group}, {outcome_name(outcome, letter)} {outcome.get_kind_display()}"
    return search.hit(
        name, address, *(each.topic.title for each in outcome.outcome_topics.all()),
        outcome.action, outcome.wording, *(point.text for point in outcome.points.all()),
        outcome.recalls, outcome.condition, outcome.addressee,
        *(session.label for session in (outcome.session, outcome.awaits) if session),
    )  # fmt: skip


def _topics(search: Search) -> tuple[int, Iterator[Hit]]:
    total, topics = search.first(
        Topic.objects.filter(group__in=search.groups), None,
        lambda word: matching.said(word, "title", "background") | matching.written(word, "key"), "key",
    )  # fmt: skip
    return total, (
        search.hit(
            str(each), reverse("admin:meetings_topic_change", args=[each.pk]),
            *_besides(str(each), each.title, each.background),
        )
        for each in topics
    )  # fmt: skip


def _documents(search: Search) -> tuple[int, Iterator[Hit]]:
    number = search.asked.document
    exact = None
    if number:
        exact = matching.number_in("number", number) | Q(key=number.replace("/", "-"))
    total, documents = search.first(
        Document.objects.submitted().filter(group__in=search.groups), exact,
        lambda word: matching.said(word, "title") | matching.written(word, "number", "key", "note"),
        "-dated", "key",
    )  # fmt: skip
    return total, (
        search.hit(
            str(each), reverse("admin:document", args=[each.pk]),
            *_besides(str(each), each.title, each.note),
        )
        for each in documents
    )  # fmt: skip


def _reports(search: Search) -> tuple[int, Iterator[Hit]]:
    number = search.asked.document
    exact = matching.number_in("document_number", number) if number else None
    rows = Report.objects.filter(group__in=search.groups).select_related("group", "session")
    total, reports = search.first(
        rows.prefetch_related("group__names", "passages"), exact, _report_says, "-as_of"
    )
    return total, (
        search.hit(
            ", ".join(filter(None, (str(each), each.document_number))),
            reverse("admin:report_report_preview", args=[each.pk]),
            each.title, *(text for row in each.passages.all() for text in (row.text, row.label)),
        )
        for each in reports
    )  # fmt: skip


def _report_says(word: str) -> Q:
    found = matching.said(word, "title", "session__label", "session__long_label")
    found |= matching.written(word, "document_number", "agenda_item", "slug")
    passages = Passage.objects.filter(matching.said(word, "text", "label"))
    return found | matching.among(passages, "report")


def _instruments(search: Search) -> tuple[int, Iterator[Hit]]:
    kinds = Instrument.Kind.choices
    named, exact = search.asked.instrument, None
    if named is not None:
        exact = Q(number__iexact=named.number)
        if named.kind:
            exact &= Q(kind=named.kind)
        if named.others:
            exact &= matching.every(matching.instrument_says(word, kinds) for word in named.others)
    rows = Instrument.objects.select_related("body").prefetch_related("revisions")
    total, instruments = search.first(
        rows, exact, lambda word: matching.instrument_says(word, kinds), "body__key", "number"
    )
    return total, (
        search.hit(
            str(each), reverse("admin:meetings_instrument_change", args=[each.pk]),
            *(revision.label for revision in each.revisions.all()), each.title, each.body.name,
        )
        for each in instruments
    )  # fmt: skip


def _lines(text: TextByLanguage | str | None) -> Sequence[str]:
    return [text] if isinstance(text, str) else list((text or {}).values())


def _besides(name: str, *texts: TextByLanguage | str | None) -> list[str]:
    """Return the lines of `texts` that are not the name over again."""
    return [line for text in texts for line in _lines(text) if line != name]
