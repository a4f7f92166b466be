"""What a delegation writes: begun, saved part by part, files and co-sponsors, deleted.

A draft belongs to the delegation of one Member State: all its people write on it, nobody else reads
it but those it asks to co-sponsor (`meetings.submitting`). The history that staff read begins with
the submission; the delegation sees who saved which part, and when.

Nobody writes over a colleague's words unseen: who saves says which save they had read. A save of
another part is in nobody's way.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from meetings import files, history
from meetings.languages import TextByLanguage
from meetings.models import (
    AgendaItem,
    Document,
    DocumentFile,
    DraftSave,
    Meeting,
    MemberState,
    Source,
    TopicProposal,
)
from meetings.uploads.examine import Examined

Part, Relation, Version = DraftSave.Part, Document.Relation, DocumentFile.Version
# Written in the language of the original; the secretariat adds the others
TEXTS = ("title", "summary", "action_required")
PROPOSED = ("title", "background", "questions")
# What a co-sponsor confirms: a change of it asks them again
SUBSTANCE = (*TEXTS, "purpose", "changed", "files", "proposal")
NOT_HERE = frozenset({"odt"})  # documents are kept as Word and PDF


class DraftingError(Exception):
    """What cannot be done with a draft; never raised itself. It reads as a sentence."""


class GoneError(DraftingError):
    """A draft that a colleague deleted."""

    def __init__(self) -> None:
        super().__init__("This draft was deleted by somebody of your delegation.")


class NotDraftError(DraftingError):
    """Writing on what was submitted."""

    def __init__(self, document: Document) -> None:
        self.document = document
        super().__init__(
            f"This document was submitted meanwhile (receipt {document.receipt}). Nothing was "
            "changed. To change it, submit a revision."
        )


class StaleError(DraftingError):
    """A save of a part that a colleague saved since it was read."""

    def __init__(self, document: Document, save: DraftSave) -> None:
        self.document, self.save = document, save
        zone = ZoneInfo(document.group.zone)
        super().__init__(
            f"{save.by or 'A colleague'} saved this page at {save.at.astimezone(zone):%H:%M} on "
            f"{save.at.astimezone(zone):%-d %B}, after you had opened it. Nothing was saved now. "
            "What you typed stands below, with their words beside it: mend yours, then save again."
        )


class NoMeetingError(DraftingError):
    """A meeting that takes no documents any more."""

    def __init__(self, meeting: Meeting | None) -> None:
        name = f"The {meeting}" if meeting is not None else "It"
        super().__init__(f"{name} takes no documents any more: it is over or was called off.")


class NoParentError(DraftingError):
    """A revision, addendum or corrigendum of what has none."""

    def __init__(self, document: Document) -> None:
        super().__init__(
            f"“{document}” stands as “{document.state.label.lower()}”: nothing can be numbered "
            "after it."
        )


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that was taken, and the language it is in."""

    language: str
    examined: Examined


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody typed in one part; what is None was not asked there."""

    facts: Mapping[str, Any] = field(default_factory=dict)
    agenda_items: Collection[AgendaItem] | None = None
    co_sponsors: Sequence[MemberState] | None = None
    files: Collection[NewFile] = ()
    without: Collection[int] = ()  # the keys of files to remove
    # the texts of a topic to propose; with an empty title nothing is proposed
    proposal: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """A draft as it was saved, and the Member States that had answered an earlier text."""

    document: Document
    asked_anew: tuple[str, ...] = ()


def locked(document: Document) -> Document:
    """Return the document as it stands, locked until the transaction ends. Raises GoneError."""
    rows = Document.objects.select_for_update(of=("self",), no_key=True)
    try:
        return rows.select_related("group", "meeting__group", "member_state", "parent").get(
            pk=document.pk
        )
    except Document.DoesNotExist:
        raise GoneError from None


def takes(meeting: Meeting | None, at: datetime) -> bool:
    """Say whether documents can be sent to `meeting` at `at`, in time or late."""
    if meeting is None:
        return False
    day = timezone.localdate(at, ZoneInfo(meeting.group.zone))
    return Meeting.objects.taking_documents(day).filter(pk=meeting.pk).exists()


def begin(
    meeting: Meeting,
    member_state: MemberState,
    change: Change,
    *,
    by: AbstractBaseUser,
    at: datetime,
    form_key: str = "",
) -> Document:
    """Begin a contribution of a Member State to a meeting.

    The same form sent again is the same draft, and writes over nothing that was saved since. Raises
    NoMeetingError, NotDraftError, StaleError.
    """
    if not takes(meeting, at):
        raise NoMeetingError(meeting)
    with history.unkept():
        document, made = Document.objects.get_or_create(
            group=meeting.group, member_state=member_state,
            key=f"draft-{member_state.iso.lower()}-{form_key or secrets.token_hex(10)}",
            defaults={
                "meeting": meeting, "kind": Document.Kind.CONTRIBUTION,
                "title": {change.facts.get("original_language", "en"): "Without a title"},
                "original_language": change.facts.get("original_language", "en"),
                "created_at": at, "saved_at": at,
            },
        )  # fmt: skip
        if made:
            _own_source(document, by, at)
        # what was saved since, by a colleague perhaps, its writer has not read
        read = 0 if made else 1
        return save(document, Part.ABOUT, change, saves=read, by=by, at=at).document


def begin_later(
    document: Document, relation: str, *, by: AbstractBaseUser, at: datetime
) -> Document:
    """Begin the revision, addendum or corrigendum of what the delegation submitted.

    It is numbered after the first of its line: Rev.2 comes after the document, not after Rev.1. One
    that was begun is gone on with. A revision begins with what the newest one says; its files are
    to be added. Raises NoParentError, NoMeetingError.
    """
    with history.unkept():
        # what is numbered after another is locked after it, by everybody
        first = locked(document.parent) if document.parent is not None else None
        newest = locked(document)
        parent = first or newest
        for stood in (newest, parent):
            if stood.is_draft or stood.withdrawn_at is not None:
                raise NoParentError(stood)
        begun = Document.objects.drafts().filter(parent=parent, relation=relation).first()
        if begun is not None:
            return begun
        if not takes(parent.meeting, at):
            raise NoMeetingError(parent.meeting)
        made = Document(
            group=parent.group, meeting=parent.meeting, kind=parent.kind, parent=parent,
            relation=Relation(relation), member_state=newest.member_state,
            key=f"draft-{secrets.token_hex(10)}", title=newest.title, purpose=newest.purpose,
            original_language=newest.original_language, contact=newest.contact,
            created_at=at, saved_at=at, saved_by_id=by.pk,
        )  # fmt: skip
        if relation == Relation.REVISION:
            made.summary, made.action_required = newest.summary, newest.action_required
        made.save()
        made.agenda_items.set(newest.agenda_items.all())
        _own_source(made, by, at)
        others = Source.objects.standing().filter(document=newest)
        others = others.exclude(member_state=newest.member_state_id)
        for place, each in enumerate(others, 2):
            made.sources.create(member_state_id=each.member_state_id, position=place)
    return made


def _own_source(document: Document, by: AbstractBaseUser, at: datetime) -> None:
    assert document.member_state is not None
    document.sources.create(
        member_state=document.member_state, position=1, confirmed_at=at, confirmed_by_id=by.pk
    )


def save(
    document: Document,
    part: str,
    change: Change,
    *,
    saves: int,
    by: AbstractBaseUser,
    at: datetime,
) -> Saved:
    """Keep what was typed in one part of a draft; `saves` is the save that its writer had read.

    Files and words are kept together or not at all. What changes nothing is no save, and in nobody's
    way: the same form comes again from whoever had no answer. Where the text changes that co-sponsors
    had answered, they are pending again. Raises GoneError, NotDraftError, StaleError, NoMeetingError,
    and meetings.files.NotStoredError.
    """
    with files.keeping() as keep, history.unkept():
        held = locked(document)
        if not held.is_draft:
            raise NotDraftError(held)
        since = held.draft_saves.filter(part=part, number__gt=saves).select_related("by").last()
        before = as_written(held)
        _facts(held, change.facts, at)
        if change.agenda_items is not None:
            held.agenda_items.set(
                each for each in change.agenda_items if each.meeting_id == held.meeting_id
            )
        if change.co_sponsors is not None:
            _co_sponsors(held, change.co_sponsors)
        _without(held, change.without)
        for new in change.files:
            _file(held, new, keep(new.examined.data, new.examined.kind), by, at)
        _versions(held)
        if change.proposal is not None:
            _proposal(held, change.proposal)
        after = as_written(held)
        if before == after and held.saves:
            return Saved(held)
        if since is not None:
            raise StaleError(locked(held), since)
        held.saves += 1
        held.saved_at, held.saved_by_id = at, by.pk
        held.save()
        held.draft_saves.create(number=held.saves, part=part, at=at, by_id=by.pk)
        moved = any(before[name] != after[name] for name in SUBSTANCE)
        return Saved(held, _ask_anew(held) if moved else ())


def as_written(document: Document) -> dict[str, Any]:
    """Return what a document says, by what is asked of whoever writes it."""
    proposal = TopicProposal.objects.filter(document=document).first()
    said = {
        name: getattr(document, name)
        for name in (*TEXTS, "purpose", "changed", "contact", "original_language", "meeting_id")
    }
    return said | {
        "agenda_items": sorted(document.agenda_items.values_list("pk", flat=True)),
        "sources": list(document.sources.values_list("member_state", "position")),
        "files": list(document.files.values_list("language", "form", "sha256", "version")),
        "proposal": {name: getattr(proposal, name) for name in PROPOSED} if proposal else None,
    }


def _facts(held: Document, facts: Mapping[str, Any], at: datetime) -> None:
    meeting = facts.get("meeting")
    if meeting is not None and meeting.pk != held.meeting_id:
        if held.parent_id is not None or not takes(meeting, at):
            raise NoMeetingError(meeting)
        held.meeting = meeting
        held.agenda_items.clear()
    language = facts.get("original_language") or held.original_language
    if language != held.original_language:
        _translate(held, TEXTS, held.original_language, language)
        proposal = TopicProposal.objects.filter(document=held).first()
        if proposal is not None:
            _translate(proposal, PROPOSED, held.original_language, language)
            proposal.save()
        held.original_language = language
    for name, value in facts.items():
        if name in TEXTS:
            setattr(held, name, _said(getattr(held, name), language, value))
        elif name not in ("meeting", "original_language"):
            setattr(held, name, value)


def _said(texts: TextByLanguage | None, language: str, text: str) -> dict[str, str] | None:
    others = {code: said for code, said in (texts or {}).items() if code != language}
    return ({language: text} if text else {}) | others or None


def _translate(row: Any, names: Collection[str], was: str, now: str) -> None:
    """Put texts that were written as of one language under the other: the writer says which it is."""
    for name in names:
        texts = dict(getattr(row, name) or {})
        if was in texts:
            texts[now] = texts.pop(was)
            setattr(row, name, texts)


def _co_sponsors(held: Document, states: Sequence[MemberState]) -> None:
    """Set the co-sponsors in the order agreed; those that stay keep what they answered."""
    standing = {each.member_state_id: each for each in held.sources.all()}
    own = standing.pop(held.member_state_id or 0, None)
    assert own is not None, "its own delegation is the first source"
    wanted = [each for each in dict.fromkeys(states) if each.pk != held.member_state_id]
    for place, state in enumerate(wanted, 2):
        source = standing.pop(state.pk, None) or Source(document=held, member_state=state)
        source.position = place
        source.save()
    for source in standing.values():
        source.delete()


def _file(
    held: Document, new: NewFile, kept: files.Kept, by: AbstractBaseUser, at: datetime
) -> None:
    """Add a file; it replaces the one in the same language and format."""
    _without(
        held, held.files.filter(language=new.language, form=new.examined.kind).values_list("pk", flat=True)
    )  # fmt: skip
    held.files.create(
        language=new.language, form=new.examined.kind, note=new.examined.note, path=kept.path,
        size=kept.size, sha256=kept.sha256, added_at=at, added_by_id=by.pk,
    )  # fmt: skip


def _without(held: Document, keys: Collection[int]) -> None:
    """Take files off a draft; they go once that is sure."""
    for each in held.files.filter(pk__in=list(keys)):
        each.delete()
        transaction.on_commit(partial(files.discard, each.path))


def _versions(held: Document) -> None:
    """Say of each language version what it is: the delegation's own translations are courtesy ones."""
    for each in held.files.all():
        own = each.language == held.original_language
        version = Version.ORIGINAL if own else Version.COURTESY
        if each.version != version:
            each.version = version
            each.save()


def _proposal(held: Document, texts: Mapping[str, str]) -> None:
    proposal = TopicProposal.objects.filter(document=held).first()
    if not texts.get("title"):
        if proposal is not None:
            proposal.delete()
        return
    proposal = proposal or TopicProposal(document=held)
    for name in PROPOSED:
        said = _said(getattr(proposal, name), held.original_language, texts.get(name, ""))
        setattr(proposal, name, said)
    proposal.save()


def _ask_anew(held: Document) -> tuple[str, ...]:
    """Let the co-sponsors that answered an earlier text be pending again; return which they are."""
    answered = held.sources.exclude(member_state=held.member_state_id).exclude(
        confirmed_at=None, declined_at=None
    )
    names = []
    for source in answered.select_related("member_state"):
        source.confirmed_at = source.confirmed_by = source.declined_at = None
        source.save()
        names.append(str(source))
    return tuple(names)


def delete(document: Document) -> None:
    """Delete a draft with its files; nothing of it stays. Raises GoneError, NotDraftError."""
    with history.unkept():
        held = locked(document)
        if not held.is_draft:
            raise NotDraftError(held)
        for path in held.files.values_list("path", flat=True):
            transaction.on_commit(partial(files.discard, path))
        held.delete()
