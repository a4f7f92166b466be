"""A document's way through the register: numbered, corrected, decided about, made public, withdrawn.

A number is given with everything that goes with it in one transaction, and stays for ever
(`meetings.numbering`). What a delegation submitted is changed here by the secretariat alone, with a
reason. What it enters itself is `meetings.entering`, the files are `meetings.language_versions`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser

from meetings import history, moving, numbering, registering_mails
from meetings.models import (
    AgendaItem,
    Document,
    Meeting,
    MemberState,
    Session,
)

Decision = Document.LateDecision
# What the secretariat may write of a document
FACTS = (
    "title", "dated", "purpose", "summary", "action_required", "changed", "contact",
    "original_language", "link", "note",
)  # fmt: skip


class RegisteringError(Exception):
    """What cannot be done with a document; never raised itself. It reads as a sentence.

    `field` names what has to be mended, where one box does.
    """

    field = ""


class NotThereError(RegisteringError):
    """A draft, which is its delegation's own, or a document that is gone."""

    def __init__(self) -> None:
        super().__init__("This document is not with the secretariat.")


class WithdrawnError(RegisteringError):
    """An act on what was withdrawn."""

    def __init__(self, document: Document) -> None:
        super().__init__(f"“{document}” is withdrawn. It stays as it is.")


class UndecidedError(RegisteringError):
    """Registering a late document before somebody decided about it."""

    def __init__(self, document: Document) -> None:
        held = document.late_decision == Decision.HELD
        super().__init__(
            "It is held for the next meeting: it is registered there, once there is one."
            if held
            else "It came late. Decide first whether it is taken at this meeting."
        )


class NotLateError(RegisteringError):
    """Deciding about what is not late, or has its number already."""

    def __init__(self, document: Document) -> None:
        said = "has its number already" if document.number else "did not come late"
        super().__init__(f"“{document}” {said}: there is nothing to decide.")


class ParentFirstError(RegisteringError):
    """Numbering a document after one that has no number."""

    def __init__(self, parent: Document) -> None:
        super().__init__(f"Register “{parent}” first: this one is numbered after it.")


class KindError(RegisteringError):
    """Making a numbered document one of a kind that is numbered in another series."""

    field = "kind"

    def __init__(self, document: Document) -> None:
        super().__init__(
            f"“{document}” keeps its number, and documents of that kind are numbered in another "
            "series. Withdraw this one and enter it anew."
        )


class ItemError(RegisteringError):
    """An agenda item of another meeting."""

    field = "agenda_items"

    def __init__(self, item: AgendaItem) -> None:
        super().__init__(f"“{item}” stands on another meeting’s agenda.")


class SourceError(RegisteringError):
    """A contribution of Member States without one, or without the one that sent it."""

    field = "sources"


class ReasonMissingError(RegisteringError):
    """An act that needs a reason, without one."""

    field = "reason"

    def __init__(self) -> None:
        super().__init__("Give the reason; it is kept in the history. Nothing was changed.")


class NoNumberError(RegisteringError):
    """Making public what was received and is not registered."""

    def __init__(self, document: Document) -> None:
        super().__init__(f"“{document}” has no number yet. Register it first.")


class ChangedMeanwhileError(RegisteringError):
    """Correcting a document that somebody changed since it was read, a co-sponsor perhaps."""

    def __init__(self) -> None:
        super().__init__(
            "This document was changed since you opened it. Nothing was saved: compare what you typed "
            "with its page, also its sources, then save again."
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """What the secretariat enters of a document: its own, or one that came on paper.

    `facts` are those of FACTS. One that already has its number brings it, as those of a session do.
    """

    kind: str
    facts: Mapping[str, Any]
    meeting: Meeting | None = None
    session: Session | None = None
    number: str = ""
    sources: Sequence[MemberState] = ()
    agenda_items: Collection[AgendaItem] = ()
    arrived_on: date | None = None
    public: bool = False


def locked(document: Document) -> Document:
    """Return a document as it stands, locked until the transaction ends. Raises NotThereError.

    A draft of a delegation is not with the secretariat.
    """
    rows = Document.objects.submitted().select_for_update(of=("self",), no_key=True)
    held = (
        rows.select_related("group", "meeting__group", "parent__meeting__group", "member_state")
        .filter(pk=document.pk)
        .first()
    )
    if held is None:
        raise NotThereError
    return held


def said(reason: str, *, needed: bool = True) -> str:
    """Return a reason as it is kept. Raises ReasonMissingError where one is needed."""
    words = reason.strip()
    if needed and not words:
        raise ReasonMissingError
    return words


# Registered


def register(document: Document, *, by: AbstractBaseUser, at: datetime) -> Document:
    """Give a received document its number; its delegation is told. A second time it is the same.

    Raises NotThereError, WithdrawnError, UndecidedError, ParentFirstError.
    """
    with history.activity("registering.register", by):
        if document.parent is not None:
            locked(
                document.parent
            )  # what is numbered after another is locked after it, by everybody
        held = locked(document)
        if held.number:
            return held
        if held.withdrawn_at is not None:
            raise WithdrawnError(held)
        number(held, at)
        held.save()
        registering_mails.registered(held, at)
    return held


def number(held: Document, at: datetime) -> None:
    """Give its place to a document of a meeting. Raises UndecidedError, ParentFirstError."""
    if held.late and held.late_decision != Decision.TAKEN:
        raise UndecidedError(held)
    if held.parent is not None and not held.parent.in_register:
        raise ParentFirstError(held.parent)
    numbering.give(held)
    held.registered_at = at


# Corrected


def stamp(document: Document) -> str:
    """Return a mark of what can be corrected of a document: it changes with each of these."""
    sources = document.sources.order_by("position", "pk").values_list(
        "member_state", "confirmed_at", "declined_at"
    )
    items = document.agenda_items.order_by("pk").values_list("pk", flat=True)
    said = Document.objects.values_list("kind", *FACTS).get(pk=document.pk)
    return hashlib.sha256(repr((said, list(sources), list(items))).encode()).hexdigest()[:32]


def correct(
    document: Document,
    entry: Entry,
    reason: str,
    *,
    by: AbstractBaseUser,
    at: datetime,
    seen: str = "",
) -> Document:
    """Change what the register says of a document; its number and its place stay.

    What has a number, or came from a delegation, needs a reason. `seen` is the stamp of what was
    read before writing. Raises NotThereError, ChangedMeanwhileError, KindError, SourceError,
    ItemError, ReasonMissingError, and ValidationError where the record refuses it.
    """
    needed = bool(document.number) or document.member_state_id is not None
    with history.activity("registering.correct", by, said(reason, needed=needed)):
        held = locked(document)
        if seen and seen != stamp(held):
            raise ChangedMeanwhileError
        if held.in_register and numbering.series_of(entry.kind) != held.series:
            raise KindError(held)
        named = {each.pk for each in entry.sources}
        if held.member_state_id is not None and held.member_state_id not in named:
            raise SourceError(f"{held.member_state} sent it: it stays among its sources.")
        held.kind = entry.kind
        for name in FACTS:
            if name in entry.facts:
                setattr(held, name, entry.facts[name])
        held.full_clean()
        held.save()
        set_sources(held, entry.sources, at)
        set_items(held, entry.agenda_items)
    return held


def set_sources(held: Document, states: Sequence[MemberState], at: datetime) -> None:
    """Set the sources in their order; those that stay keep what they answered.

    The secretariat records a Member State as confirmed: it has it in writing.
    """
    standing = {each.member_state_id: each for each in held.sources.all()}
    for place, state in enumerate(dict.fromkeys(states), 1):
        source = standing.pop(state.pk, None)
        if source is None:
            held.sources.create(member_state=state, position=place, confirmed_at=at)
        elif source.position != place or source.declined_at is not None:
            source.position = place
            if source.declined_at is not None:
                source.declined_at, source.confirmed_at = None, at
            source.save()
    for source in standing.values():
        if source.declined_at is None:
            source.delete()


def set_items(held: Document, items: Collection[AgendaItem]) -> None:
    """Set the agenda items a document is for. Raises ItemError."""
    for item in items:
        if item.meeting_id != held.meeting_id:
            raise ItemError(item)
    held.agenda_items.set(items)


# Late ones


def decide_late(
    document: Document, decision: str, *, by: AbstractBaseUser, at: datetime
) -> Document:
    """Take a late document at this meeting, or hold it for the next; its delegation is told.

    Held, it goes to the next meeting where there is one and is not late there; else it waits until
    one is made (`move_held`). Raises NotThereError, WithdrawnError, NotLateError.
    """
    with history.activity("registering.decide_late", by):
        held = locked(document)
        if held.withdrawn_at is not None:
            raise WithdrawnError(held)
        if not held.late or held.number:
            raise NotLateError(held)
        held.late_decision = Decision(decision)
        coming = next_meeting(held) if held.late_decision == Decision.HELD else None
        if coming is not None:
            moving.go_on(held, coming)
        else:
            held.save()
        registering_mails.decided(held, coming, at)
    return held


def next_meeting(document: Document) -> Meeting | None:
    """Return the meeting after a document's own in its series, called off ones left out."""
    meeting = document.meeting
    if meeting is None:
        return None
    after = Meeting.objects.filter(
        group=document.group_id, series=meeting.series, cancelled_on=None,
        first_day__gt=meeting.last_day,
    )  # fmt: skip
    return after.select_related("group").order_by("first_day", "ordinal").first()


def held_back() -> Any:
    """Return the documents that are held for a meeting that was not made yet."""
    return Document.objects.filter(
        late_decision=Decision.HELD, number="", withdrawn_at=None
    ).select_related("meeting__group")


def move_held(at: datetime) -> int:
    """Let what is held go to the next meeting, once there is one; return how many did."""
    moved = 0
    for each in held_back().order_by("pk"):
        coming = next_meeting(each)
        if coming is None:
            continue
        with history.activity("registering.move_held"):
            held = locked(each)
            if held.late_decision != Decision.HELD or held.withdrawn_at is not None:
                continue  # somebody decided otherwise meanwhile
            moving.go_on(held, coming)
            registering_mails.decided(held, coming, at)
            moved += 1
    return moved


def count_to_move(at: datetime) -> int:
    """Return how many documents wait for a meeting that is there by now."""
    return sum(1 for each in held_back() if next_meeting(each) is not None)


# Public, restricted


def publish(document: Document, *, by: AbstractBaseUser) -> Document:
    """Let everybody read a document. Raises NotThereError, WithdrawnError, NoNumberError."""
    with history.activity("registering.publish", by):
        held = locked(document)
        if held.withdrawn_at is not None:
            raise WithdrawnError(held)
        if held.submitted_at is not None and not held.number:
            raise NoNumberError(held)
        held.public = True
        held.save()
    return held


def restrict(document: Document, reason: str, *, by: AbstractBaseUser) -> Document:
    """Take a document back from the public. Raises NotThereError, ReasonMissingError.

    Its public addresses answer as if nothing were there: that is what restricted means.
    """
    with history.activity("registering.restrict", by, said(reason)):
        held = locked(document)
        held.public = False
        held.save()
    return held


# Withdrawn


def withdraw(document: Document, reason: str, *, by: AbstractBaseUser, at: datetime) -> Document:
    """Withdraw a document on behalf of whom it comes from; they are told. Its number stays.

    Raises NotThereError, WithdrawnError, ReasonMissingError.
    """
    words = said(reason)
    with history.activity("registering.withdraw", by, words):
        held = locked(document)
        if held.withdrawn_at is not None:
            raise WithdrawnError(held)
        held.withdrawn_at, held.withdrawn_reason = at, words
        held.save()
        registering_mails.withdrawn(held, at)
    return held
