"""A meeting's page: its outcomes as official text, with what became of each beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q, QuerySet
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from cwg.pages.rows import OutcomeRow, anchor, due, outcome_row, states
from cwg.report.gather import with_outcomes
from meetings import record as facts_of
from meetings.agenda_numbers import numbered
from meetings.document_page import Link
from meetings.languages import in_language
from meetings.models import Document, Meeting, Outcome, Settlement
from meetings.paragraph import meeting_paragraph
from meetings.promises import State
from meetings.typesetting import tree
from meetings.typesetting.html import render_fragment
from meetings.wording import dates
from meetings.wording.facts import House, Viewpoint

KEPT = frozenset({State.KEPT, State.KEPT_LATE})
SETTLED = KEPT | {State.REPLACED, State.DROPPED}


@dataclass(frozen=True, slots=True)
class AgendaRow:
    """An item of the agenda with its number: 1, 1.1."""

    key: int
    number: str
    title: str
    rows: list[AgendaRow]
    documents: Sequence[Link] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """What stands beside an outcome."""

    promise: State | None  # what it came to, where it is one
    when: str
    settlement: Settlement | None
    settled_by: OutcomeRow | None
    settles: list[OutcomeRow]
    follows: OutcomeRow | None
    agenda_number: str
    documents: list[Document]


def with_all_it_shows(meetings: QuerySet[Meeting]) -> QuerySet[Meeting]:
    """Return `meetings` with what their pages show, in a number of queries that does not grow."""
    settles = Settlement.objects.select_related(
        "promise__meeting__group", "promise__session", "promise__awaits", "promise__settlement"
    )
    return meetings.prefetch_related(
        with_outcomes(),
        "outcomes__documents",
        "outcomes__follows__meeting__group",
        "outcomes__follows__meeting__outcomes",
        "outcomes__settlement__by_document",
        "outcomes__settlement__by_outcome__meeting__outcomes",
        Prefetch("outcomes__settles", settles),
        "outcomes__settles__promise__meeting__outcomes",
        "agenda_items",
        "chairings__officer__country",
    )


def article(meeting: Meeting, house: House, today: date) -> SafeString:
    """Return the meeting's paragraph as official text, told from its last day.

    Raises SlotError and PatternError for a wording that cannot be printed.
    """
    outcomes = list(meeting.outcomes.all())
    facts = [facts_of.outcome_facts(each, "en", meeting.last_day) for each in outcomes]
    told = meeting_paragraph(
        facts_of.meeting_facts(meeting), facts, Viewpoint(meeting.last_day), house
    )
    numbers = {item.pk: number for number, item in numbered(meeting.agenda_items.all())}
    came_to = states(_spoken_of(meeting), today)
    notes = {anchor(each): _note(each, house, came_to, numbers) for each in outcomes}

    def beside(at: str, _: tree.Spans) -> str:
        found = notes.get(at)
        return render_to_string("pages/_outcome_note.html", {"note": found}) if found else ""

    document = tree.Document("en", "", sections=(tree.Section("", (), (), (told,)),))
    # The renderer escapes every word of the record; the notes are a template's.
    return mark_safe(render_fragment(document, beside))  # noqa: S308


def _spoken_of(meeting: Meeting) -> QuerySet[Outcome]:
    """Return the outcomes of a meeting, and those they go on from, settle or are settled by."""
    own = Q(meeting=meeting)
    about = Q(later_outcomes__meeting=meeting) | Q(settlement__by_outcome__meeting=meeting)
    return Outcome.objects.filter(own | about | Q(settles__promise__meeting=meeting)).distinct()


def _note(
    outcome: Outcome, house: House, came_to: Mapping[int, State], numbers: dict[int, str]
) -> Note:
    now = came_to.get(outcome.pk)
    settlement = outcome.settlement if now in SETTLED else None
    by = settlement.by_outcome if settlement else None
    if by is not None and not by.meeting.outcomes_public:
        by = None  # its own page does not show it yet
    settles = [
        each.promise for each in outcome.settles.all()
        if each.how == Settlement.How.KEPT and came_to.get(each.promise_id) in KEPT
    ]  # fmt: skip
    follows = outcome.follows if outcome.follows not in settles else None
    return Note(
        promise=now,
        when=_when(outcome, now, settlement, house),
        settlement=settlement,
        settled_by=outcome_row(by, house, came_to) if by else None,
        settles=[outcome_row(each, house, came_to) for each in settles],
        follows=outcome_row(follows, house, came_to) if follows else None,
        agenda_number=numbers.get(outcome.agenda_item_id or 0, ""),
        documents=[each for each in outcome.documents.all() if each.public],
    )


def _when(outcome: Outcome, now: State | None, settlement: Settlement | None, house: House) -> str:
    """Return when a promise was settled, or by when it is due, in words."""
    if settlement is not None:
        if settlement.on:
            return f"on {dates.day(house.messages, settlement.on)}"
        return f"at {settlement.at_session}"
    by = due(outcome, house) if now else ""
    if not by or by.startswith("waits"):
        return by
    return f"was due by {by}" if now is State.LATE else f"due by {by}"


def agenda(
    meeting: Meeting, documents: Mapping[int, Sequence[Link]] | None = None
) -> list[AgendaRow]:
    """Return the agenda of a meeting, its items numbered, those below others within them.

    `documents` are those that each item is to be discussed with, by its key.
    """
    within: dict[int | None, list[AgendaRow]] = {None: []}
    for number, item in numbered(meeting.agenda_items.all()):
        row = AgendaRow(
            item.pk, number, in_language(item.title, "en"), within.setdefault(item.pk, []),
            (documents or {}).get(item.pk, ()),
        )  # fmt: skip
        within[item.parent_id].append(row)
    return within[None]
