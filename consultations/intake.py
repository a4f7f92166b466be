"""A contribution's way in: begun, saved, sent, confirmed, changed, withdrawn.

A draft belongs to whoever holds its private link. What was sent counts from the confirmation on,
which only the owner of the address can give; with it the private link is a new one, so that nobody
who typed another's address keeps a way in. What was sent in time may be confirmed later.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import Any

from django.core import signing
from django.db import IntegrityError, transaction

from consultations import counting, intake_mails, standing
from consultations.attaching import MOST_FILES, TOO_MANY_FILES, attach
from consultations.models import (
    OPEN,
    UNCONFIRMED,
    Answer,
    Consultation,
    Contribution,
    Refusal,
    Standing,
)
from consultations.models.consultation import State
from meetings import files
from meetings.uploads.examine import Examined
from meetings.wording.messages import messages

NOTICE_VERSION = "1"
# A form opened before the closing is taken this long after it
GRACE = timedelta(minutes=15)
CONFIRM_WITHIN = timedelta(days=7)
_CONFIRM = "consultations.confirm"


class IntakeError(Exception):
    """What a sender cannot do now; never raised itself. It reads as a sentence.

    It names the round that it is about, where there is one.
    """

    def __init__(self, said: str, about: Consultation | None = None) -> None:
        super().__init__(said)
        self.consultation = about


class ClosedError(IntakeError):
    """The round takes nothing at this instant."""

    def __init__(self, consultation: Consultation, at: datetime) -> None:
        deadline = consultation.deadline().words(messages("en"))
        opening = consultation.opening().words(messages("en"))
        if consultation.state(at) == State.CLOSED:
            said = f"This consultation closed on {deadline}. What was kept until then stays kept."
        elif consultation.state(at) == State.ANNOUNCED:
            said = f"This consultation opens on {opening}."
        else:
            said = "This consultation takes no contributions."
        super().__init__(said, consultation)


class NotChangeableError(IntakeError):
    """A contribution that its sender can change no more, wherever the round stands."""

    def __init__(self, contribution: Contribution) -> None:
        now = contribution.get_standing_display()
        said = f"This contribution stands as “{now}”: it cannot be changed any more."
        super().__init__(said, contribution.consultation)


class IncompleteError(IntakeError):
    """A contribution that lacks what every contribution needs."""


class ChangedMeanwhileError(IntakeError):
    """Confirming a text that is no longer the one that was shown."""

    def __init__(self) -> None:
        super().__init__("It was changed meanwhile. Look at it once more, then confirm it.")


class TooManyFilesError(IntakeError):
    """More files than one contribution may have."""

    def __init__(self) -> None:
        super().__init__(TOO_MANY_FILES)


class LinkError(IntakeError):
    """A link that leads nowhere any more."""

    def __init__(self, why: str = "This link is not complete, or another has replaced it.") -> None:
        super().__init__(f"{why} The newest mail about your contribution has the one that works.")


@dataclass(frozen=True, slots=True)
class Change:
    """What a sender typed; what is None was not asked on the page they sent."""

    facts: Mapping[str, Any]
    organisations: Collection[str] | None = None
    # the texts by the key of their question; an empty one is taken away
    answers: Mapping[int, str] | None = None
    files: Collection[Examined] = ()
    without: Collection[int] = ()  # the keys of files to remove


def by_token(text: str) -> Contribution:
    """Return the contribution of a private link. Raises LinkError."""
    try:
        key, version = signing.Signer(salt=intake_mails.PRIVATE).unsign_object(text)
    except (signing.BadSignature, ValueError, TypeError):
        raise LinkError from None
    return _found(pk=key, link_version=version)


def by_confirmation(text: str) -> Contribution:
    """Return the contribution that a link in a mail confirms. Raises LinkError."""
    try:
        key, email = signing.loads(text, salt=_CONFIRM, max_age=CONFIRM_WITHIN)
    except signing.SignatureExpired:
        raise LinkError("This link has expired: it could be used for seven days.") from None
    except (signing.BadSignature, ValueError, TypeError):
        raise LinkError from None
    return _found(pk=key, email=email)


def _found(**facts: Any) -> Contribution:
    rows = Contribution.objects.select_related("consultation__group", "country__region")
    found = rows.filter(**facts).first()
    if found is None:
        raise LinkError
    return found


def takes(
    consultation: Consultation,
    at: datetime,
    opened: datetime | None = None,
    late_until: datetime | None = None,
) -> bool:
    """Say whether a round takes what arrives at `at` by a form that was `opened` then.

    `late_until` is the late window of the one contribution. Only an announced round takes any.
    """
    if consultation.announced_at is None:
        return False
    if late_until is not None and at < late_until:
        return True
    if consultation.state(at) == State.OPEN:
        return True
    closed = consultation.closed_from
    return (
        consultation.state(at) == State.CLOSED
        and closed is not None
        and opened is not None
        and opened < closed
        and at < closed + GRACE
    )


def guard(contribution: Contribution, at: datetime, opened: datetime | None = None) -> None:
    """Raise ClosedError or NotChangeableError where its sender cannot change it now."""
    if contribution.standing not in (*UNCONFIRMED, *OPEN):
        raise NotChangeableError(contribution)
    # a draft begun before the closing is such a form, whichever of its pages was opened when
    begun = contribution.created_at if contribution.standing in UNCONFIRMED else opened
    if not takes(contribution.consultation, at, begun, contribution.late_until):
        raise ClosedError(contribution.consultation, at)


def begin(
    consultation: Consultation,
    change: Change,
    *,
    at: datetime,
    opened: datetime | None = None,
    form_key: str = "",
) -> Contribution:
    """Make a draft of what its sender told of themselves. Raises ClosedError.

    The same form sent again, by a second press or after the back button, is the same draft as long
    as nobody confirmed it.
    """
    if not takes(consultation, at, opened):
        raise ClosedError(consultation, at)
    if again := _begun(consultation, form_key):
        return save(again, change, at=at, opened=opened)
    try:
        with transaction.atomic():
            made = Contribution.objects.create(
                consultation=consultation, created_at=opened or at, saved_at=at,
                notice_version=NOTICE_VERSION, form_key=form_key or None, **change.facts,
            )  # fmt: skip
            _organisations(made, change.organisations or ())
    except IntegrityError:
        if again := _begun(consultation, form_key):  # the other press came first
            return save(again, change, at=at, opened=opened)
        if not form_key:
            raise
        return begin(consultation, change, at=at, opened=opened)
    return made


def _begun(consultation: Consultation, form_key: str) -> Contribution | None:
    """Return what a form began, unless it was received: then it has a new link, and the form none."""
    begun = Contribution.objects.filter(consultation=consultation, standing__in=UNCONFIRMED)
    return begun.filter(form_key=form_key).first() if form_key else None


def _organisations(contribution: Contribution, names: Collection[str]) -> None:
    contribution.organisations.all().delete()
    for place, name in enumerate(names, 1):
        contribution.organisations.create(name=name, position=place)


def save(
    contribution: Contribution, change: Change, *, at: datetime, opened: datetime | None = None
) -> Contribution:
    """Keep what was typed. A contribution that was received awaits the secretariat again.

    The address of one that was received stays. Files and words are kept together or not at all.
    Raises ClosedError, NotChangeableError, IncompleteError, TooManyFilesError, NotStoredError.
    """
    with files.keeping() as keep, transaction.atomic():
        held = standing.locked(contribution)
        guard(held, at, opened)
        counted = counting.counted_in(held) if held.standing == Standing.PUBLISHED else None
        for name, value in change.facts.items():
            if name != "email" or not held.is_received:
                setattr(held, name, value)
        if "publish_text" in change.facts:
            held.notice_version = NOTICE_VERSION  # what was agreed to is what was shown now
        held.saved_at = at
        if change.organisations is not None:
            _organisations(held, change.organisations)
        _answers(held, change.answers or {})
        _without(held, change.without)
        if held.attachments.count() + len(change.files) > MOST_FILES:
            raise TooManyFilesError
        for each in change.files:
            attach(held, each, keep, at=at)
        if held.standing != Standing.DRAFT and (missing := lacks(held)):
            raise IncompleteError(missing)
        if held.is_received:
            held = standing.move(
                held, Standing.AWAITING, "intake.change", at=at, snapshot=True, counted=counted
            )
            intake_mails.changed(held, at)
            return held
        held.save()
        return held


def _answers(contribution: Contribution, answers: Mapping[int, str]) -> None:
    for question, text in answers.items():
        if text:
            Answer.objects.update_or_create(
                contribution=contribution, question_id=question, defaults={"text": text}
            )
        else:
            contribution.answers.filter(question_id=question).delete()


def _without(contribution: Contribution, keys: Collection[int]) -> None:
    """Take files off a contribution; they go once that is sure."""
    for each in contribution.attachments.filter(pk__in=keys):
        each.delete()
        transaction.on_commit(partial(files.discard, each.path))


def lacks(contribution: Contribution) -> str:
    """Return what a draft lacks before it can be sent, in a sentence; "" where nothing."""
    if not contribution.name or not contribution.email or not contribution.stakeholder_group:
        return "Tell who you are: name, e-mail and stakeholder group are needed."
    said = contribution.text or contribution.answers.exists() or contribution.attachments.exists()
    return "" if said else "Answer at least one question, or add a file."


@transaction.atomic
def send(
    contribution: Contribution,
    *,
    at: datetime,
    opened: datetime | None = None,
    tell_when_cited: bool | None = None,
) -> Contribution:
    """Send a draft: a link goes to its address, and it counts once that link was followed.

    `tell_when_cited` is whether its sender is mailed where the summary cites it; None, as it stands.

    Raises ClosedError, NotChangeableError, IncompleteError.
    """
    held = standing.locked(contribution)
    if held.is_received:
        raise NotChangeableError(held)
    guard(held, at, opened)
    if missing := lacks(held):
        raise IncompleteError(missing)
    held.sent_at = at
    if tell_when_cited is not None:
        held.tell_when_cited = tell_when_cited
    standing.move(held, Standing.SENT, "intake.send", at=at, snapshot=True)
    times = held.events.filter(what="intake.send").count()
    token = signing.dumps([held.pk, held.email], salt=_CONFIRM)
    intake_mails.confirm(held, times, token, at)
    return held


def digest(contribution: Contribution) -> str:
    """Return what the words, names and files of a contribution add up to, in one short text."""
    return sha256(repr(standing.as_sent(contribution)).encode()).hexdigest()[:32]


@transaction.atomic
def confirm(contribution: Contribution, *, at: datetime, shown: str | None = None) -> Contribution:
    """Receive what was sent; a second time it is the same one.

    It gets its number and reference, a new private link, and its receipt by mail. `shown` is the
    `digest` of what stood above the button: nobody confirms what somebody else wrote meanwhile.
    Raises NotChangeableError, IncompleteError, ChangedMeanwhileError.
    """
    held = standing.locked(contribution)
    if held.is_received:
        return held
    if held.standing != Standing.SENT or held.email != contribution.email:
        raise NotChangeableError(held)
    if missing := lacks(held):
        raise IncompleteError(missing)
    if shown is not None and shown != digest(held):
        raise ChangedMeanwhileError
    held.link_version += 1
    standing.move(held, Standing.AWAITING, "intake.confirm", at=at, snapshot=True)
    intake_mails.receipt(held, at)
    return held


@transaction.atomic
def withdraw(
    contribution: Contribution, *, at: datetime, opened: datetime | None = None
) -> Contribution:
    """Withdraw a contribution that was received, and tell its address.

    Raises ClosedError, NotChangeableError.
    """
    held = standing.locked(contribution)
    if held.standing not in OPEN:
        raise NotChangeableError(held)
    guard(held, at, opened)
    Refusal.objects.filter(contribution=held).delete()  # nothing is left to be declined
    held = standing.move(held, Standing.WITHDRAWN, "intake.withdraw", at=at)
    intake_mails.withdrawn(held, at)
    return held
