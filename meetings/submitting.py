"""A document's way to the secretariat: co-sponsors asked, submitted, received, withdrawn.

Submission gives a receipt at once, and whether it came late: by the instant at which it arrives,
not at which a page was opened. Late ones are taken; the secretariat decides about them. Co-sponsors
may be pending then, and are shown as pending until they answer.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils import timezone

from meetings import drafting, history, numbering, proposing, submitting_mails
from meetings.models import Document, DraftSave, MemberState, Source, TopicProposal

Part, Purpose = DraftSave.Part, Document.Purpose
# Read aloud without a doubt: no 0 and O, no 1, I and L
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


class SubmittingError(Exception):
    """What cannot be done with a document now; never raised itself. It reads as a sentence."""


@dataclass(frozen=True, slots=True)
class Lack:
    """What a draft lacks before it can be submitted, and the part in which it is mended."""

    part: str
    words: str


class IncompleteError(SubmittingError):
    """A draft that lacks what every document needs."""

    def __init__(self, lacking: list[Lack]) -> None:
        self.lacking = lacking
        super().__init__(" ".join(each.words for each in lacking))


class MeetingOverError(SubmittingError):
    """A meeting that takes no documents any more."""

    def __init__(self, document: Document) -> None:
        super().__init__(
            f"The {document.meeting} takes no documents any more. Your draft is kept: choose "
            "another meeting under “About”, or write to the secretariat."
        )


class NotSubmittedError(SubmittingError):
    """Withdrawing what was never submitted, or is withdrawn already."""

    def __init__(self, document: Document) -> None:
        super().__init__(
            f"This document stands as “{document.state.label.lower()}”: it cannot be withdrawn."
        )


class ClosedMeetingError(SubmittingError):
    """Withdrawing a document of a meeting that is closed."""

    def __init__(self, document: Document) -> None:
        super().__init__(
            f"The {document.meeting} is closed, and this document is a part of its record. Write "
            "to the secretariat."
        )


class ReasonMissingError(SubmittingError):
    """Withdrawing without a reason."""

    def __init__(self) -> None:
        super().__init__("Give the reason; it is kept with the document. Nothing was changed.")


class NotAskedError(SubmittingError):
    """Answering for a co-sponsorship that nobody asks for any more."""

    def __init__(self) -> None:
        super().__init__(
            "This document does not ask for your co-sponsorship any more: it was withdrawn, "
            "deleted, or its sources changed."
        )


class AnsweredError(SubmittingError):
    """Answering otherwise once the document was submitted."""

    def __init__(self, source: Source) -> None:
        said = "confirmed" if source.confirmed_at is not None else "declined"
        super().__init__(
            f"{source} has {said}, and the document was submitted with that. Write to the "
            "secretariat to change it."
        )


class ChangedMeanwhileError(SubmittingError):
    """Answering for a text that is no longer the one that was shown."""

    def __init__(self) -> None:
        super().__init__(
            "The document was changed meanwhile. Read it once more; nothing was done yet."
        )


# Co-sponsors


def ask_co_sponsors(document: Document, *, by: AbstractBaseUser, at: datetime) -> list[Source]:
    """Ask the co-sponsors that are pending to confirm; return which were asked.

    Their delegations read the document from then on. The same text is mailed once. Raises
    drafting.GoneError.
    """
    with _kept_or_not(document, "submitting.ask", by):
        return _ask(drafting.locked(document), at)


def _kept_or_not(
    document: Document, activity: str, by: AbstractBaseUser
) -> AbstractContextManager[None]:
    """Keep an act in the history, unless it is one on a draft."""
    return history.unkept() if document.is_draft else history.activity(activity, by)


def _ask(held: Document, at: datetime) -> list[Source]:
    asked = []
    pending = held.sources.filter(confirmed_at=None, declined_at=None)
    for source in pending.select_related("member_state"):
        if source.asked_at is None:
            source.asked_at = at
            source.save()
        submitting_mails.ask(held, source, at)
        asked.append(source)
    return asked


def answer(
    source: Source, *, confirmed: bool, saves: int, by: AbstractBaseUser, at: datetime
) -> Source:
    """Confirm or decline a co-sponsorship; `saves` says which text was read.

    While the document is a draft the answer may be changed. Raises NotAskedError, AnsweredError,
    ChangedMeanwhileError.
    """
    with _kept_or_not(source.document, "submitting.answer", by):
        try:
            held = drafting.locked(source.document)
        except drafting.GoneError:
            raise NotAskedError from None
        now = held.sources.select_related("member_state").filter(pk=source.pk).first()
        if now is None or now.asked_at is None or held.withdrawn_at is not None:
            raise NotAskedError
        if not now.is_pending and (now.confirmed_at is not None) == confirmed:
            return now
        if not now.is_pending and not held.is_draft:
            raise AnsweredError(now)
        if saves != held.saves:
            raise ChangedMeanwhileError
        now.confirmed_at, now.declined_at = (at, None) if confirmed else (None, at)
        now.confirmed_by_id = by.pk if confirmed else None
        now.save()
        if confirmed and not held.is_draft:
            proposing.join(held, now.member_state)
        submitting_mails.answered(held, now, at)
    return now


# Submitted


def lacks(document: Document) -> list[Lack]:
    """Return what a draft lacks before it can be submitted."""
    return list(_lacks(document))


def _lacks(document: Document) -> Iterator[Lack]:
    language = document.original_language
    if not document.title:
        yield Lack(Part.ABOUT, "Give it a title.")
    if not document.purpose:
        yield Lack(Part.ABOUT, "Say whether it is for action or for information.")
    if not document.files.filter(language=language).exists():
        spoken = document.get_original_language_display()
        yield Lack(
            Part.TEXT, f"Add its text in {spoken}, the language of the original: Word or PDF."
        )
    if document.purpose == Purpose.ACTION and not document.action_required:
        yield Lack(Part.TEXT, "It is for action: say what the meeting is asked to do.")
    if document.parent_id is not None and not document.changed:
        yield Lack(Part.TEXT, "Say what is changed.")
    proposal = TopicProposal.objects.filter(document=document).first()
    if proposal is not None:
        if proposing.stands(document.group, proposal.title or {}):
            error = proposing.TopicStandsError(str(proposal))
            yield Lack(Part.TOPIC, str(error))
        if not proposal.questions:
            yield Lack(Part.TOPIC, "Give the questions to be asked about the topic.")


def is_late(document: Document, at: datetime) -> bool:
    """Say whether the document, arriving at `at`, comes after the deadline of its meeting."""
    meeting = document.meeting
    ends = meeting.documents_deadline().ends if meeting is not None else None
    return ends is not None and ends <= at


def submit(
    document: Document, *, by: AbstractBaseUser, at: datetime, saves: int | None = None
) -> Document:
    """Submit a draft: it has its receipt from then on, and is no draft any more.

    A second time it is the same one. Co-sponsors not asked yet are asked. A topic it proposes is
    one of the group's. Where the Group numbers at submission it gets its number, unless it is late:
    then the secretariat decides first. `saves` says which text was looked over. Raises
    ChangedMeanwhileError, IncompleteError, MeetingOverError, and drafting.GoneError; and
    drafting.NoParentError where the document that it comes after was withdrawn.
    """
    with history.activity("submitting.submit", by):
        # what is numbered after another is locked after it, by everybody
        parent = drafting.locked(document.parent) if document.parent is not None else None
        held = drafting.locked(document)
        if not held.is_draft:
            return held
        if parent is not None and parent.withdrawn_at is not None:
            raise drafting.NoParentError(parent)
        if saves is not None and saves != held.saves:
            raise ChangedMeanwhileError
        if not drafting.takes(held.meeting, at):
            raise MeetingOverError(held)
        if lacking := lacks(held):
            raise IncompleteError(lacking)
        held.receipt = new_receipt()
        held.submitted_at, held.submitted_by_id = at, by.pk
        held.late = is_late(held, at)
        held.dated = held.dated or timezone.localdate(at, ZoneInfo(held.group.zone))
        if held.group.number_at_submission and not held.late and _can_be_numbered(held):
            numbering.give(held)
            held.registered_at = at
        held.save()
        try:
            proposing.make_topic(held)
        except proposing.TopicStandsError as problem:
            raise IncompleteError([Lack(Part.TOPIC, str(problem))]) from problem
        _ask(held, at)
        submitting_mails.receipt(held, at)
    return held


def _can_be_numbered(document: Document) -> bool:
    return document.parent is None or document.parent.in_register


def new_receipt(letter: str = "R") -> str:
    """Return a reference that was never given: R-7KQ2-MX4T. What came on paper has another letter."""
    while True:
        drawn = "".join(secrets.choice(LETTERS) for _ in range(8))
        receipt = f"{letter}-{drawn[:4]}-{drawn[4:]}"
        if not Document.objects.filter(receipt=receipt).exists():
            return receipt


def withdraw(document: Document, reason: str, *, by: AbstractBaseUser, at: datetime) -> Document:
    """Withdraw what was submitted. Its number, where it has one, stays and says so.

    What was numbered after it stays as it is. Raises ReasonMissingError, NotSubmittedError,
    ClosedMeetingError.
    """
    if not (said := reason.strip()):
        raise ReasonMissingError
    with history.activity("submitting.withdraw", by, said):
        held = drafting.locked(document)
        if held.is_draft or held.withdrawn_at is not None:
            raise NotSubmittedError(held)
        if held.meeting is not None and held.meeting.closed_on is not None:
            raise ClosedMeetingError(held)
        held.withdrawn_at, held.withdrawn_reason = at, said
        held.save()
    return held


def named(document: Document) -> list[MemberState]:
    """Return the Member States that the document comes from, pending ones too, in their order."""
    sources = Source.objects.standing().filter(document=document)
    return [each.member_state for each in sources.select_related("member_state")]
