"""Plan a meeting: made from the last one, called by a circular, its agenda published, or called off.

What returns by itself is computed from the record: the report to approve, the promises nobody has
settled, the documents that came too late for the last meeting.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Max, QuerySet

from meetings import agenda, history, moving, registering_mails
from meetings import record as facts_of
from meetings.languages import TextByLanguage
from meetings.models import AgendaItem, Document, Meeting, Outcome, WorkingGroup
from meetings.open_meeting import locked_to_be_held
from meetings.promises import Row, State, open_standings, rows
from meetings.settling import By
from meetings.typesetting.tree import plain
from meetings.wording import patterns
from meetings.wording.sentences import ordinal

ENGLISH = "en"  # the language in which an agenda begins
LONGEST_TITLE = 500


class PlanningError(Exception):
    """A meeting that cannot be planned as asked; never raised itself.

    `field` is the part of what was said that has to be mended, "" for the whole.
    """

    field = ""


class PlannedMeanwhileError(PlanningError):
    """The next meeting has another number than was read: somebody else planned one."""

    def __init__(self, next_ordinal: int) -> None:
        super().__init__(
            f"Somebody else planned a meeting meanwhile; the next would be number {next_ordinal}. "
            "Nothing was made. Look at the meetings first."
        )


class BeforeTheLastError(PlanningError):
    """A next meeting that would begin before the last one ended."""

    field = "first_day"

    def __init__(self, last: Meeting) -> None:
        super().__init__(f"{last} ends on {last.last_day:%-d %B %Y}; the next one begins after it.")


class CalledTooLateError(PlanningError):
    """A circular that is dated after the meeting began."""

    field = "on"

    def __str__(self) -> str:
        return "A circular calls a meeting before it begins."


class DeadlineTooLateError(PlanningError):
    """A deadline for documents after the meeting ended."""

    field = "at"

    def __str__(self) -> str:
        return "Documents are due before the meeting ends."


class NoAgendaError(PlanningError):
    """An agenda to be published without any item."""

    def __str__(self) -> str:
        return "The agenda has no item yet, so there is nothing to publish."


class AlreadyPublicError(PlanningError):
    """An agenda that is public already."""

    def __str__(self) -> str:
        return "The agenda is public already. Nothing was changed."


class HasOutcomesError(PlanningError):
    """A meeting to be called off that has decided something."""

    def __str__(self) -> str:
        return "Outcomes are recorded, so the meeting took place; it cannot be called off."


class ReasonMissingError(PlanningError):
    """A meeting called off, and nobody says why."""

    field = "reason"

    def __str__(self) -> str:
        return "Say why."


@dataclass(frozen=True, slots=True)
class Planned:
    """A meeting that was made, and what came back with it."""

    meeting: Meeting
    returned: tuple[AgendaItem, ...] = ()
    documents: tuple[Document, ...] = field(default=())


def next_ordinal(group: WorkingGroup) -> int:
    """Return the number of the group's next own meeting: that of a cancelled one stays used."""
    last = Meeting.objects.own_series().filter(group=group).aggregate(last=Max("ordinal"))["last"]
    return int(last or 0) + 1


def last_held(group: WorkingGroup) -> Meeting | None:
    """Return the group's last own meeting that was not called off: the next one is made from it."""
    own = Meeting.objects.own_series().filter(group=group, cancelled_on=None)
    return own.select_related("group").order_by("-ordinal").first()


def returning(group: WorkingGroup, day: date) -> list[Row]:
    """Return the promises that come back at a meeting on `day`, the oldest first.

    One that waits for a session comes back once that is over.
    """
    groups = WorkingGroup.objects.filter(pk=group.pk)
    return rows(
        [
            each for each in open_standings(day, groups)
            if each.state != State.WAITING or (each.facts.event_ends or date.max) < day
        ]
    )  # fmt: skip


def held_over(last: Meeting) -> list[Document]:
    """Return the documents that came too late for `last` and were held for the next meeting.

    One that has its number keeps it, in the register of the meeting that gave it.
    """
    return list(_held_over(last))


def _held_over(last: Meeting) -> QuerySet[Document]:
    held = Document.objects.submitted().filter(
        meeting=last, late_decision=Document.LateDecision.HELD, number="", withdrawn_at=None
    )
    return held.order_by("submitted_at", "pk")


def new_from_last(
    group: WorkingGroup,
    first_day: date,
    last_day: date,
    *,
    number: int,
    at: datetime,
    by: By = None,
    place: TextByLanguage | None = None,
    mode: str = "",
    cluster: str = "",
) -> Planned:
    """Make the group's next meeting from its last one.

    Its agenda is that of the last meeting, the approval of the last report first; with it return
    the promises that are open on its first day, and the documents that were held for it, whose
    delegations are told. `number`
    is the one that was read before: two who plan at once make one meeting. Raises
    PlannedMeanwhileError, BeforeTheLastError; and ValidationError for days that are none.
    """
    with history.activity("planning.new_from_last", by):
        WorkingGroup.objects.select_for_update(no_key=True).get(pk=group.pk)
        if next_ordinal(group) != number:
            raise PlannedMeanwhileError(next_ordinal(group))
        last = last_held(group)
        if last is not None and first_day <= last.last_day:
            raise BeforeTheLastError(last)
        meeting = Meeting(
            group=group, ordinal=number, first_day=first_day, last_day=last_day, planned_at=at,
            place=dict(place) if place else None, mode=mode, cluster=cluster,
            captions=last.captions if last else None,
        )  # fmt: skip
        meeting.full_clean()
        meeting.save()
        if last is None:
            return Planned(meeting)
        return _taken_over(meeting, last, at)


def _taken_over(meeting: Meeting, last: Meeting, at: datetime) -> Planned:
    agendas = _Agenda(meeting)
    approval = _approval(last)
    agendas.add(None, {ENGLISH: approval}, approves=last)
    copied = _copy(agendas, last)
    returned = _return(agendas, meeting)
    documents = _locked(_held_over(last))
    for document in documents:
        wanted = [copied[item.pk] for item in document.agenda_items.all() if item.pk in copied]
        moving.go_on(document, meeting)
        document.agenda_items.set(wanted)
        registering_mails.decided(document, meeting, at)
    return Planned(meeting, tuple(returned), tuple(documents))


def _locked(documents: QuerySet[Document]) -> list[Document]:
    """Return documents as they stand, locked: who withdraws one meanwhile waits."""
    return list(documents.select_for_update(of=("self",), no_key=True))


class _Agenda:
    """An agenda that is written from above: each item after its neighbours."""

    def __init__(self, meeting: Meeting) -> None:
        self.meeting = meeting
        self._counted: dict[int | None, int] = {}

    def add(self, parent: AgendaItem | None, title: Mapping[str, str], **facts: Any) -> AgendaItem:
        key = parent.pk if parent else None
        self._counted[key] = self._counted.get(key, 0) + 1
        item = AgendaItem(
            meeting=self.meeting, parent=parent, position=self._counted[key], title=dict(title),
            **facts,
        )  # fmt: skip
        item.save()
        return item


def _copy(agendas: _Agenda, last: Meeting) -> dict[int, AgendaItem]:
    """Copy the items of the last agenda that belong to every meeting; return them by the old key.

    What was that meeting's own goes: the report it approved, and the matters that returned to it.
    """
    read = agenda.of(last)
    own = {
        each.item.pk for each in read
        if each.item.approves_id is not None or each.item.returns_id is not None
    }  # fmt: skip
    headings = {each.item.parent_id for each in read} - {None}
    heads_only_own = headings - {
        each.item.parent_id for each in read if each.item.pk not in own
    }  # fmt: skip
    made: dict[int, AgendaItem] = {}
    for each in read:
        item = each.item
        below_one_that_goes = item.parent_id is not None and item.parent_id not in made
        if item.pk in own | heads_only_own or below_one_that_goes:
            continue
        parent = made[item.parent_id] if item.parent_id is not None else None
        made[item.pk] = agendas.add(parent, item.title or {})
    return made


def _return(agendas: _Agenda, meeting: Meeting) -> list[AgendaItem]:
    found = returning(meeting.group, meeting.first_day)
    if not found:
        return []
    heading = agendas.add(None, {ENGLISH: _said("agenda_returning", meeting)})
    return [
        agendas.add(heading, {ENGLISH: _title_of(row)}, returns=row.promise) for row in found
    ]  # fmt: skip


def _title_of(row: Row) -> str:
    """Return the title of an item for a promise that returns: what it is, and who promised it."""
    by = f" ({row.by})"
    what = " ".join(row.what.split())
    room = LONGEST_TITLE - len(by)
    return (what if len(what) <= room else f"{what[: room - 1]}…") + by


def _approval(last: Meeting) -> str:
    return _said("agenda_approval", last)


def _said(name: str, meeting: Meeting) -> str:
    """Return words of an agenda as the group's house prints them."""
    house = facts_of.house(meeting.group, meeting.first_day, ENGLISH)
    pattern, origin = house.pattern(name)
    named = {"ordinal": ordinal(facts_of.meeting_facts(meeting), house)}
    return plain(patterns.fill(pattern, ENGLISH, named, {}, origin))


def call(meeting: Meeting, circular: str, on: date, *, by: By = None) -> Meeting:
    """Record the circular that called the meeting; said again, it is corrected.

    Raises ClosedError, CancelledError, CalledTooLateError; and ValidationError for a number that
    cannot be printed.
    """
    with history.activity("planning.call", by):
        standing = locked_to_be_held(meeting)
        if on > standing.first_day:
            raise CalledTooLateError
        standing.circular, standing.invited_on = circular, on
        standing.clean_fields()
        standing.save()
    return standing


def set_deadline(meeting: Meeting, at: datetime | None, *, by: By = None) -> Meeting:
    """Set until when documents are to be in; None leaves it to the group's days before.

    Raises ClosedError, CancelledError, DeadlineTooLateError.
    """
    with history.activity("planning.set_deadline", by):
        standing = locked_to_be_held(meeting)
        standing.documents_due = at
        due = standing.documents_deadline().first_day
        if due is not None and due > standing.last_day:
            raise DeadlineTooLateError
        standing.save()
    return standing


def publish_agenda(meeting: Meeting, *, at: datetime, by: By = None) -> Meeting:
    """Make the agenda public: from now on its numbers are known.

    Raises ClosedError, CancelledError, AlreadyPublicError, NoAgendaError.
    """
    with history.activity("planning.publish_agenda", by):
        standing = locked_to_be_held(meeting)
        if standing.agenda_published_at is not None:
            raise AlreadyPublicError
        if not standing.agenda_items.exists():
            raise NoAgendaError
        standing.agenda_published_at = at
        standing.save()
    return standing


def cancel(meeting: Meeting, on: date, reason: str, *, by: By = None) -> Meeting:
    """Call a meeting off. Its number stays used; the history keeps the reason.

    Raises ClosedError, CancelledError, HasOutcomesError, ReasonMissingError.
    """
    if not reason.strip():
        raise ReasonMissingError
    with history.activity("planning.cancel", by, reason):
        standing = locked_to_be_held(meeting)
        if Outcome.objects.filter(meeting=standing).exists():
            raise HasOutcomesError
        standing.cancelled_on = on
        standing.save()
    return standing
