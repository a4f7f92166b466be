"""What the secretariat enters: documents of its own, of a session, on paper, and what comes after one.

Each has its number at once (`meetings.registering`), but for what came late.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.text import slugify

from meetings import history, numbering, registering_mails
from meetings.models import AgendaItem, Document, MemberState, WorkingGroup
from meetings.registering import (
    FACTS,
    Entry,
    RegisteringError,
    SourceError,
    WithdrawnError,
    locked,
    number,
    set_items,
    set_sources,
)
from meetings.submitting import new_receipt

ON_PAPER = "P"  # the first letter of the receipt
NOON = time(12)


class NotABaseError(RegisteringError):
    """Numbering a document after what is no document with a number of its own."""

    def __init__(self, document: Document) -> None:
        super().__init__(
            f"Revisions, addenda and corrigenda are numbered after a document of the register that "
            f"is none itself, not after “{document}”."
        )


class NumberError(RegisteringError):
    """A number that cannot be given to a document."""

    field = "number"


def enter(group: WorkingGroup, entry: Entry, *, by: AbstractBaseUser, at: datetime) -> Document:
    """Enter a document of the secretariat, one of a session, or one that came on paper.

    It has its number at once, unless it came late: then it waits for a decision. What Member
    States sent on paper has a receipt, and stands on the desk of the first of them. Raises
    NumberError, SourceError, ItemError, and ValidationError where the record refuses it.
    """
    with history.activity("entering.enter", by):
        made = Document(
            group=group, meeting=entry.meeting, session=entry.session, kind=entry.kind,
            public=entry.public, created_at=at,
            key=f"entered-{secrets.token_hex(8)}",
            **{name: value for name, value in entry.facts.items() if name in FACTS},
        )  # fmt: skip
        of_states = entry.kind == Document.Kind.CONTRIBUTION
        if of_states and not entry.sources:
            raise SourceError("Name the Member States it comes from.")
        if of_states and entry.meeting is not None and not entry.number:
            _came_on_paper(made, entry.sources[0], entry.arrived_on, at)
        if entry.session is not None:
            _of_a_session(made, entry.number)
        elif entry.number:
            _numbered_before(made, entry.number, at)
        elif not made.late:
            number(made, at)
        if made.late:
            made.public = False
        _keep(made, entry.sources, entry.agenda_items, at)
        registering_mails.registered(made, at)
    return made


def _keep(
    made: Document, sources: Sequence[MemberState], items: Collection[AgendaItem], at: datetime
) -> None:
    made.full_clean()
    made.save()
    set_sources(made, sources, at)
    set_items(made, items)


def _came_on_paper(
    made: Document, member_state: MemberState, arrived_on: date | None, at: datetime
) -> None:
    """Say of a document when it came and from whom; the first source's delegation has it."""
    zone = ZoneInfo(made.group.zone)
    today = at.astimezone(zone).date()
    arrived = at
    if arrived_on is not None and arrived_on != today:
        arrived = datetime.combine(arrived_on, NOON, zone)
    ends = made.meeting.documents_deadline().ends if made.meeting is not None else None
    made.member_state, made.submitted_at, made.receipt = (
        member_state,
        arrived,
        new_receipt(ON_PAPER),
    )
    made.late = ends is not None and ends <= arrived


def _of_a_session(made: Document, given: str) -> None:
    if not given:
        raise NumberError("A document of a session has its number from there: give it.")
    made.number = given
    made.key = slugify(given.replace("/", "-"))[:50]


def _numbered_before(made: Document, given: str, at: datetime) -> None:
    """Give a document the number that it already has. Raises NumberError."""
    meeting = made.meeting
    place = numbering.read(meeting, given) if meeting is not None else None
    if meeting is None or place is None or place.relation:
        raise NumberError(f"“{given}” is no number of a document of this meeting.")
    if place.series != numbering.series_of(made.kind):
        raise NumberError(f"“{given}” stands in another series than documents of this kind.")
    made.series, made.ordinal = place.series, place.ordinal
    made.number = numbering.printed(meeting, place)
    made.key = f"{meeting.number}-{made.register_name}"
    made.registered_at = at
    numbering.count_as_given(meeting, place)


def enter_later(
    parent: Document, relation: str, entry: Entry, *, by: AbstractBaseUser, at: datetime
) -> Document:
    """Enter a revision, addendum or corrigendum by the secretariat; it has its number at once.

    It comes from whom the document comes from. Raises NotThereError, WithdrawnError, NotABaseError,
    and ValidationError where the record refuses it.
    """
    with history.activity("entering.enter_later", by):
        base = locked(parent)
        if base.withdrawn_at is not None:
            raise WithdrawnError(base)
        if not base.in_register or base.parent_id is not None:
            raise NotABaseError(base)
        made = Document(
            group=base.group, meeting=base.meeting, parent=base, relation=Document.Relation(relation),
            kind=base.kind, public=entry.public, created_at=at,
            key=f"entered-{secrets.token_hex(8)}",
            **{name: value for name, value in entry.facts.items() if name in FACTS},
        )  # fmt: skip
        if base.member_state is not None:
            made.member_state, made.submitted_at = base.member_state, at
            made.receipt = new_receipt(ON_PAPER)
        number(made, at)
        made.full_clean()
        made.save()
        for source in base.sources.all():
            made.sources.create(
                member_state_id=source.member_state_id, position=source.position,
                asked_at=source.asked_at, confirmed_at=source.confirmed_at,
                confirmed_by_id=source.confirmed_by_id, declined_at=source.declined_at,
            )  # fmt: skip
        made.agenda_items.set(base.agenda_items.all())
        registering_mails.registered(made, at)
    return made
