"""A contribution's way in: begun, saved, sent, confirmed, changed, withdrawn.

A draft belongs to whoever holds its private link. What was sent counts from the confirmation on,
which only the owner of the address can give; with it the private link is a new one, so that nobody
who typed another's address keeps a way in. What was sent in time may be confirmed later.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core import signing
from django.db import transaction

from consultations import counting, standing
from consultations.models import UNCONFIRMED, Answer, Consultation, Contribution, Standing
from consultations.models.consultation import State
from meetings import outbox
from meetings.languages import in_any_language
from meetings.outbox import Mail
from meetings.wording.messages import messages

NOTICE_VERSION = "1"
# A form opened before the closing is taken this long after it
GRACE = timedelta(minutes=15)
CONFIRM_WITHIN = timedelta(days=7)
_PRIVATE, _CONFIRM = "consultations.private", "consultations.confirm"
# What its sender may still change or withdraw
OWN = (Standing.AWAITING, Standing.PUBLISHED, Standing.PASSED)


class IntakeError(Exception):
    """What a sender cannot do now; never raised itself. It reads as a sentence."""


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
        super().__init__(said)


class NotChangeableError(IntakeError):
    """A contribution that its sender can change no more, wherever the round stands."""

    def __init__(self, contribution: Contribution) -> None:
        now = contribution.get_standing_display()
        super().__init__(f"This contribution stands as “{now}”: it cannot be changed any more.")


class IncompleteError(IntakeError):
    """A draft that lacks what every contribution needs."""


class LinkError(IntakeError):
    """A link that leads nowhere any more."""

    def __init__(self, why: str = "This link is not complete, or another has replaced it.") -> None:
        super().__init__(f"{why} The newest mail about your contribution has the one that works.")


@dataclass(frozen=True, slots=True)
class Links:
    """How the addresses of a contribution's private pages are made: `{token}` stands in each."""

    own: str
    confirm: str


def token(contribution: Contribution) -> str:
    """Return what stands in the address of a contribution's private pages."""
    return signing.dumps([contribution.pk, contribution.link_version], salt=_PRIVATE)


def by_token(text: str) -> Contribution:
    """Return the contribution of a private link. Raises LinkError."""
    try:
        key, version = signing.loads(text, salt=_PRIVATE)
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
    if contribution.standing not in (*UNCONFIRMED, *OWN):
        raise NotChangeableError(contribution)
    # a draft begun before the closing is such a form, whichever of its pages was opened when
    begun = contribution.created_at if contribution.standing in UNCONFIRMED else opened
    if not takes(contribution.consultation, at, begun, contribution.late_until):
        raise ClosedError(contribution.consultation, at)


@transaction.atomic
def begin(
    consultation: Consultation,
    facts: dict[str, Any],
    organisations: Collection[str],
    *,
    at: datetime,
    opened: datetime | None = None,
) -> Contribution:
    """Make a draft of what its sender told of themselves. Raises ClosedError."""
    if not takes(consultation, at, opened):
        raise ClosedError(consultation, at)
    made = Contribution.objects.create(
        consultation=consultation,
        created_at=opened or at,
        saved_at=at,
        notice_version=NOTICE_VERSION,
        **facts,
    )
    _organisations(made, organisations)
    return made


def _organisations(contribution: Contribution, names: Collection[str]) -> None:
    contribution.organisations.all().delete()
    for place, name in enumerate(names, 1):
        contribution.organisations.create(name=name, position=place)


@transaction.atomic
def save(
    contribution: Contribution,
    facts: dict[str, Any],
    *,
    at: datetime,
    organisations: Collection[str] | None = None,
    answers: dict[int, str] | None = None,
    opened: datetime | None = None,
) -> Contribution:
    """Keep what was typed. A contribution that was received awaits the secretariat again.

    `answers` are texts by the key of their question; an empty one is taken away. The address of one
    that was received stays. Raises ClosedError, NotChangeableError.
    """
    held = standing.locked(contribution)
    guard(held, at, opened)
    counted = counting.counted_in(held) if held.standing == Standing.PUBLISHED else None
    for name, value in facts.items():
        if name != "email" or not held.is_received:
            setattr(held, name, value)
    held.saved_at = at
    if organisations is not None:
        _organisations(held, organisations)
    for question, text in (answers or {}).items():
        if text:
            Answer.objects.update_or_create(
                contribution=held, question_id=question, defaults={"text": text}
            )
        else:
            held.answers.filter(question_id=question).delete()
    if held.is_received:
        return standing.move(
            held, Standing.AWAITING, "intake.change", at=at, snapshot=True, counted=counted
        )
    held.save()
    return held


def lacks(contribution: Contribution) -> str:
    """Return what a draft lacks before it can be sent, in a sentence; "" where nothing."""
    if not contribution.name or not contribution.email or not contribution.stakeholder_group:
        return "Tell who you are: name, e-mail and stakeholder group are needed."
    said = contribution.text or contribution.answers.exists() or contribution.attachments.exists()
    return "" if said else "Answer at least one question, or add a file."


@transaction.atomic
def send(
    contribution: Contribution, links: Links, *, at: datetime, opened: datetime | None = None
) -> Contribution:
    """Send a draft: a link goes to its address, and it counts once that link was followed.

    Raises ClosedError, NotChangeableError, IncompleteError.
    """
    held = standing.locked(contribution)
    if held.is_received:
        raise NotChangeableError(held)
    guard(held, at, opened)
    if missing := lacks(held):
        raise IncompleteError(missing)
    held.sent_at = at
    standing.move(held, Standing.SENT, "intake.send", at=at, snapshot=True)
    times = held.events.filter(what="intake.send").count()
    link = signing.dumps([held.pk, held.email], salt=_CONFIRM)
    _mail(
        held, f"intake.confirm/{held.pk}/{times}",
        "Confirm your contribution",
        "Your contribution was sent, and is received once you confirm that this address is "
        "yours. Open this page within seven days and press its button:\n\n"
        f"{links.confirm.format(token=link)}\n\n"
        "If you sent nothing, do nothing: it is not received, and nobody sees it.\n", at,
    )  # fmt: skip
    return held


@transaction.atomic
def confirm(contribution: Contribution, links: Links, *, at: datetime) -> Contribution:
    """Receive what was sent; a second time it is the same one. Raises NotChangeableError.

    It gets its number and reference, a new private link, and its receipt by mail.
    """
    held = standing.locked(contribution)
    if held.is_received:
        return held
    if held.standing != Standing.SENT or held.email != contribution.email:
        raise NotChangeableError(held)
    held.link_version += 1
    standing.move(held, Standing.AWAITING, "intake.confirm", at=at, snapshot=True)
    own = links.own.format(token=token(held))
    _mail(
        held, f"intake.receipt/{held.pk}/{held.link_version}",
        f"Received: {held.reference}",
        f"Your contribution was received. Its reference is {held.reference}.\n\n"
        "Read it, change it or withdraw it until the consultation closes "
        f"({held.consultation.deadline().words(messages('en'))}), by your private link:\n\n{own}\n\n"
        f"What you sent:\n\n{as_text(held)}\n", at,
    )  # fmt: skip
    return held


@transaction.atomic
def withdraw(
    contribution: Contribution, *, at: datetime, opened: datetime | None = None
) -> Contribution:
    """Withdraw a contribution that was received. Raises ClosedError, NotChangeableError."""
    held = standing.locked(contribution)
    if held.standing not in OWN:
        raise NotChangeableError(held)
    guard(held, at, opened)
    return standing.move(held, Standing.WITHDRAWN, "intake.withdraw", at=at)


def mail_link(contribution: Contribution, links: Links, *, at: datetime) -> None:
    """Mail the private link of a draft to its sender, at most once a day."""
    own = links.own.format(token=token(contribution))
    key = f"intake.draft/{contribution.pk}/{contribution.link_version}/{at:%Y-%m-%d}"
    _mail(
        contribution, key, "Your draft is kept",
        "Your draft is kept, and nothing was sent yet. Go on by your private link:\n\n"
        f"{own}\n\nThe consultation closes on "
        f"{contribution.consultation.deadline().words(messages('en'))}.\n", at,
    )  # fmt: skip


def _mail(contribution: Contribution, key: str, subject: str, body: str, at: datetime) -> None:
    """Write a mail to a contribution's sender; the first part of its key is its rule."""
    group = contribution.consultation.group
    rule = key.partition("/")[0]
    mail = Mail(key, rule, contribution.email, subject, body, group, private=True)
    outbox.write(mail, at=at)


def as_text(contribution: Contribution) -> str:
    """Return a contribution's words as plain text: each question with its answer."""
    parts = [
        f"{in_any_language(each.question.text)}\n\n{each.text}"
        for each in contribution.answers.select_related("question")
    ]
    parts += [contribution.text] if contribution.text else []
    parts += [f"File: {each.name}" for each in contribution.attachments.all()]
    return "\n\n".join(parts)
