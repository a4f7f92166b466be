"""What the secretariat does with contributions that were received, each in one transaction.

Whoever calls asks first for `consultations.change_contribution` with the row
(cwg/roles.py). The move itself is made, counted and kept by `consultations.standing`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import datetime

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from consultations.intake_mails import own_page
from consultations.models import (
    OPEN,
    Attachment,
    Contribution,
    ContributionEvent,
    Redaction,
    Refusal,
    Standing,
)
from consultations.standing import locked, move, remember
from meetings import outbox


class ModerationError(Exception):
    """An act on a contribution that cannot be done as asked; never raised itself."""


class NoConsentError(ModerationError):
    """Publishing what its sender asked not to publish."""

    def __init__(self, contribution: Contribution) -> None:
        super().__init__(
            f"{contribution} was sent with the wish not to publish its text. It can be passed on "
            "to the Group only. Nothing was changed."
        )


class DoneAlreadyError(ModerationError):
    """An act that somebody else did meanwhile."""

    def __init__(self, contribution: Contribution) -> None:
        super().__init__(
            f"{contribution} stands as “{contribution.get_standing_display()}” already. "
            "Nothing was changed."
        )


class ChangedMeanwhileError(ModerationError):
    """Publishing another text than the one that was read."""

    def __init__(self, contribution: Contribution) -> None:
        super().__init__(
            f"The sender of {contribution} changed it since you opened this page. Read it once "
            "more, then publish it. Nothing was changed."
        )


class ReasonMissingError(ModerationError):
    """An act that needs a reason, without one."""

    def __str__(self) -> str:
        return "Give the reason; it is kept in the history. Nothing was changed."


class ProposedAlreadyError(ModerationError):
    """A second proposal to decline while one stands."""

    def __init__(self, contribution: Contribution) -> None:
        super().__init__(f"Somebody proposed to decline {contribution} already.")


class NotProposedError(ModerationError):
    """Confirming a proposal to decline that does not stand."""

    def __init__(self, contribution: Contribution) -> None:
        super().__init__(f"No proposal to decline {contribution} stands. Nothing was changed.")


class SamePersonError(ModerationError):
    """Confirming one's own proposal."""

    def __str__(self) -> str:
        return "Who proposed to decline it cannot confirm it: a second person does."


class SecondPersonError(ModerationError):
    """Declining alone where a second person is to confirm."""

    def __str__(self) -> str:
        return "A second person confirms that a contribution is declined. Nothing was changed."


class NoAddressError(ModerationError):
    """Asking a contributor of whom no address is known."""

    def __init__(self, contribution: Contribution) -> None:
        super().__init__(
            f"No e-mail address is known of {contribution}: it cannot be asked by mail."
        )


class NotLaterError(ModerationError):
    """A late window that ends before it begins."""

    def __str__(self) -> str:
        return "This instant has passed already. Nothing was changed."


class NotTogetherError(ModerationError):
    """Merging into a contribution that cannot take it."""

    def __init__(self, contribution: Contribution, into: Contribution) -> None:
        super().__init__(
            f"{contribution} cannot be merged into {into}: only into another contribution to the "
            "same round that awaits the secretariat, is published or was passed on."
        )


class NotInTextError(ModerationError):
    """A passage that does not stand in the contribution."""

    def __str__(self) -> str:
        return "These words do not stand in the contribution exactly so. Nothing was changed."


class NotReceivedError(ModerationError):
    """An act on what nobody confirmed, or on what has been decided for good."""

    def __init__(self, contribution: Contribution) -> None:
        super().__init__(f"{contribution} is not one that the secretariat can act on.")


def publish(
    contribution: Contribution,
    *,
    at: datetime,
    by: AbstractBaseUser,
    seen: datetime | None = None,
) -> Contribution:
    """Publish a contribution, of which `seen` is when the text was saved that somebody read.

    Its sender may change it at any time: what nobody of the secretariat read is not published.
    Raises NoConsentError, DoneAlreadyError, ChangedMeanwhileError or NoWayError.
    """
    with transaction.atomic():
        held = _held(contribution, Standing.PUBLISHED)
        if seen is not None and held.saved_at != seen:
            raise ChangedMeanwhileError(held)
        if not held.publish_text:
            raise NoConsentError(held)
        _drop_proposal(held)
        return move(held, Standing.PUBLISHED, "moderation.publish", at=at, by=by)


def publish_all(
    contributions: Collection[Contribution],
    *,
    at: datetime,
    by: AbstractBaseUser,
    seen: Mapping[int, datetime] | None = None,
) -> list[Contribution]:
    """Publish several, all or none, in one order; raises what `publish` raises.

    `seen` is by their keys.
    """
    read = seen or {}
    with transaction.atomic():
        ordered = sorted(contributions, key=lambda each: each.pk)
        for each in ordered:  # before the group, whose contributors each publishing names
            locked(each)
        return [publish(each, at=at, by=by, seen=read.get(each.pk)) for each in ordered]


def pass_on(contribution: Contribution, *, at: datetime, by: AbstractBaseUser) -> Contribution:
    """Pass a contribution to the Group only. Raises DoneAlreadyError or NoWayError."""
    with transaction.atomic():
        held = _held(contribution, Standing.PASSED)
        _drop_proposal(held)
        return move(held, Standing.PASSED, "moderation.pass_on", at=at, by=by)


def propose_to_decline(
    contribution: Contribution, reason: str, *, at: datetime, by: AbstractBaseUser
) -> Refusal:
    """Propose to decline a contribution; a second person confirms it.

    Raises ReasonMissingError, NotReceivedError or ProposedAlreadyError.
    """
    reason = _said(reason)
    with transaction.atomic():
        held = _open(contribution)
        if Refusal.objects.filter(contribution=held).exists():
            raise ProposedAlreadyError(held)
        made = Refusal.objects.create(
            contribution=held, reason=reason, proposed_by_id=by.pk, proposed_at=at
        )
        remember(
            held, "moderation.propose_to_decline", held.standing, at=at, by=by, reason=made.reason
        )
        return made


def confirm_decline(
    contribution: Contribution, *, at: datetime, by: AbstractBaseUser
) -> Contribution:
    """Decline a contribution as somebody else proposed, and mail the reason.

    Raises NotProposedError, SamePersonError or NoWayError.
    """
    with transaction.atomic():
        held = locked(contribution)
        proposal = Refusal.objects.filter(contribution=held).first()
        if proposal is None:
            raise NotProposedError(held)
        if proposal.proposed_by_id == by.pk:
            raise SamePersonError
        reason = proposal.reason
        proposal.delete()
        return _decline(held, reason, "moderation.confirm_decline", at, by)


def reject_decline(
    contribution: Contribution, reason: str, *, at: datetime, by: AbstractBaseUser
) -> Contribution:
    """Drop the proposal to decline a contribution: it stays where it stands.

    Raises ReasonMissingError or NotProposedError.
    """
    reason = _said(reason)
    with transaction.atomic():
        held = locked(contribution)
        dropped, _ = Refusal.objects.filter(contribution=held).delete()
        if not dropped:
            raise NotProposedError(held)
        remember(held, "moderation.reject_decline", held.standing, at=at, by=by, reason=reason)
        return held


def decline_alone(
    contribution: Contribution, reason: str, *, at: datetime, by: AbstractBaseUser
) -> Contribution:
    """Decline a contribution without a second person, where DECLINE_ALONE allows it.

    Its history says so. Raises SecondPersonError, ReasonMissingError, NotReceivedError or NoWayError.
    """
    if not settings.DECLINE_ALONE:
        raise SecondPersonError
    reason = _said(reason)
    with transaction.atomic():
        held = _open(contribution)
        _drop_proposal(held)
        return _decline(held, reason, "moderation.decline_alone", at, by)


def declined_words(contribution: Contribution, reason: str) -> tuple[str, str]:
    """Return the subject and the text of the mail that tells a contributor of declining."""
    return (
        f"{contribution.reference}: not published",
        f"Your contribution {contribution.reference} was declined by the secretariat.\n\n{reason}\n",
    )


def _decline(
    held: Contribution, reason: str, what: str, at: datetime, by: AbstractBaseUser
) -> Contribution:
    declined = move(held, Standing.DECLINED, what, at=at, by=by, reason=reason)
    _tell(declined, declined.events.latest("pk"), *declined_words(declined, reason))
    return declined


def take_back(
    contribution: Contribution, reason: str, *, at: datetime, by: AbstractBaseUser
) -> Contribution:
    """Undo publishing, passing on, declining or merging: it awaits the secretariat again.

    Raises ReasonMissingError, DoneAlreadyError or NoWayError.
    """
    reason = _said(reason)
    with transaction.atomic():
        held = _held(contribution, Standing.AWAITING)
        _drop_proposal(held)
        return move(held, Standing.AWAITING, "moderation.take_back", at=at, by=by, reason=reason)


def merge(
    contribution: Contribution, into: Contribution, *, at: datetime, by: AbstractBaseUser
) -> Contribution:
    """Merge a contribution into another to the same round; `take_back` undoes it.

    Raises NotTogetherError, DoneAlreadyError or NoWayError.
    """
    with transaction.atomic():
        # one order, so that two merges of the same pair never lock each other out
        rows = {key: locked(Contribution(pk=key)) for key in sorted({contribution.pk, into.pk})}
        held, other = rows[contribution.pk], rows[into.pk]
        together = held.consultation_id == other.consultation_id and held.pk != other.pk
        if not together or other.standing not in OPEN or held.merged.exists():
            raise NotTogetherError(held, other)
        if held.standing == Standing.MERGED:
            raise DoneAlreadyError(held)
        _drop_proposal(held)
        held.merged_into = other
        return move(
            held, Standing.MERGED, "moderation.merge", at=at, by=by, reason=str(other.reference)
        )


def ask(contribution: Contribution, question: str, *, at: datetime, by: AbstractBaseUser) -> None:
    """Mail a question to the contributor with their private link; it stays in the history.

    Raises ReasonMissingError, NotReceivedError or NoAddressError.
    """
    said = _said(question)
    with transaction.atomic():
        held = _open(contribution)
        if not held.email:
            raise NoAddressError(held)
        event = remember(held, "moderation.ask", held.standing, at=at, by=by, reason=said)
        _tell(
            held, event, f"{held.reference}: a question",
            f"The secretariat asks about your contribution {held.reference}:\n\n{said}\n\n"
            f"{own_page(held)}\n",
            private=True,
        )  # fmt: skip


def redact(
    contribution: Contribution, passage: str, reason: str, *, at: datetime, by: AbstractBaseUser
) -> list[Redaction]:
    """Keep a passage from the public wherever it stands; the original stays.

    The passage is found by its words, however the lines break between them. Raises
    ReasonMissingError, NotReceivedError or NotInTextError.
    """
    reason = _said(reason)
    with transaction.atomic():
        held = _open(contribution)
        texts = [held.text, *held.answers.values_list("text", flat=True)]
        found = sorted({each for text in texts for each in _standing_in(str(text), passage)})
        if not found:
            raise NotInTextError
        made = [
            Redaction.objects.create(
                contribution=held, passage=each, reason=reason, made_by_id=by.pk, made_at=at
            )
            for each in found
        ]
        remember(held, "moderation.redact", held.standing, at=at, by=by, reason=reason)
        return made


def _standing_in(text: str, passage: str) -> list[str]:
    """Return the passage as it stands in a text, with the space that is there between its words."""
    said = passage.split()
    return re.findall(r"\s+".join(map(re.escape, said)), text) if said else []


def restore(
    redaction: Redaction, reason: str, *, at: datetime, by: AbstractBaseUser
) -> Contribution:
    """Take a redaction back: its passage is public again. Raises ReasonMissingError, NotReceivedError."""
    reason = _said(reason)
    with transaction.atomic():
        held = _open(redaction.contribution)
        held.redactions.filter(pk=redaction.pk).delete()
        remember(held, "moderation.restore", held.standing, at=at, by=by, reason=reason)
        return held


def withhold(
    attachment: Attachment, reason: str, *, at: datetime, by: AbstractBaseUser
) -> Attachment:
    """Keep a file from the public; the original stays. Raises ReasonMissingError, NotReceivedError."""
    return _keep_from_the_public(attachment, reason, "moderation.withhold", at, by)


def release(
    attachment: Attachment, reason: str, *, at: datetime, by: AbstractBaseUser
) -> Attachment:
    """Withhold a file no longer. Raises ReasonMissingError or NotReceivedError."""
    return _keep_from_the_public(attachment, reason, "moderation.release", at, by)


def _keep_from_the_public(
    attachment: Attachment, reason: str, what: str, at: datetime, by: AbstractBaseUser
) -> Attachment:
    reason = _said(reason)
    with transaction.atomic():
        held = _open(attachment.contribution)
        file = held.attachments.get(pk=attachment.pk)
        file.withheld_for = reason if what == "moderation.withhold" else ""
        file.save()
        remember(held, what, held.standing, at=at, by=by, reason=reason)
        return file


def _said(reason: str) -> str:
    """Return what was said, without the space around it. Raises ReasonMissingError for nothing."""
    if not (said := reason.strip()):
        raise ReasonMissingError
    return said


def _held(contribution: Contribution, to: str) -> Contribution:
    held = locked(contribution)
    if not held.is_received:
        raise NotReceivedError(held)
    if held.standing == to:
        raise DoneAlreadyError(held)
    return held


def _open(contribution: Contribution) -> Contribution:
    held = locked(contribution)
    if held.standing not in OPEN:
        raise NotReceivedError(held)
    return held


def _drop_proposal(held: Contribution) -> None:
    Refusal.objects.filter(contribution=held).delete()


def _tell(
    held: Contribution, event: ContributionEvent, subject: str, body: str, *, private: bool = False
) -> None:
    if not held.email:
        return  # entered on paper: there is nobody to mail to
    mail = outbox.Mail(
        key=f"{event.what}/{event.pk}", rule=event.what, to=held.email, subject=subject, body=body,
        group=held.consultation.group, private=private,
    )  # fmt: skip
    outbox.write(mail, at=event.at)
