"""What the secretariat does with contributions that were received, each in one transaction.

Whoever calls asks first for `consultations.change_contribution` with the row
(cwg/roles.py). The move itself is made, counted and kept by `consultations.standing`.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from consultations.models import (
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


def publish(contribution: Contribution, *, at: datetime, by: AbstractBaseUser) -> Contribution:
    """Publish a contribution. Raises NoConsentError, DoneAlreadyError or NoWayError."""
    with transaction.atomic():
        held = _held(contribution, Standing.PUBLISHED)
        if not held.publish_text:
            raise NoConsentError(held)
        _drop_proposal(held)
        return move(held, Standing.PUBLISHED, "moderation.publish", at=at, by=by)


def publish_all(
    contributions: Collection[Contribution], *, at: datetime, by: AbstractBaseUser
) -> list[Contribution]:
    """Publish several, all or none, in one order; raises what `publish` raises."""
    with transaction.atomic():
        ordered = sorted(contributions, key=lambda each: each.pk)
        return [publish(each, at=at, by=by) for each in ordered]


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
        declined = move(
            held, Standing.DECLINED, "moderation.confirm_decline", at=at, by=by, reason=reason
        )
        event = declined.events.latest("pk")
        _tell(
            declined, event, f"{declined.reference}: not published",
            f"Your contribution {declined.reference} was declined by the secretariat.\n\n{reason}\n",
        )  # fmt: skip
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
        takes = (Standing.AWAITING, Standing.PUBLISHED, Standing.PASSED)
        together = held.consultation_id == other.consultation_id and held.pk != other.pk
        if not together or other.standing not in takes or held.merged.exists():
            raise NotTogetherError(held, other)
        if held.standing == Standing.MERGED:
            raise DoneAlreadyError(held)
        _drop_proposal(held)
        held.merged_into = other
        return move(
            held, Standing.MERGED, "moderation.merge", at=at, by=by, reason=str(other.reference)
        )


def ask(
    contribution: Contribution, question: str, link: str, *, at: datetime, by: AbstractBaseUser
) -> None:
    """Mail a question to the contributor with their private `link`; it stays in the history.

    Raises ReasonMissingError or NotReceivedError.
    """
    said = _said(question)
    with transaction.atomic():
        held = _open(contribution)
        event = remember(held, "moderation.ask", held.standing, at=at, by=by, reason=said)
        _tell(
            held, event, f"{held.reference}: a question",
            f"The secretariat asks about your contribution {held.reference}:\n\n{said}\n\n{link}\n",
            private=True,
        )  # fmt: skip


def redact(
    contribution: Contribution, passage: str, reason: str, *, at: datetime, by: AbstractBaseUser
) -> Redaction:
    """Keep a passage from the public; the original stays.

    Raises ReasonMissingError, NotReceivedError or NotInTextError.
    """
    reason = _said(reason)
    with transaction.atomic():
        held = _open(contribution)
        texts = [held.text, *held.answers.values_list("text", flat=True)]
        if not passage.strip() or not any(passage in text for text in texts):
            raise NotInTextError
        made = Redaction.objects.create(
            contribution=held, passage=passage, reason=reason, made_by_id=by.pk, made_at=at
        )
        remember(held, "moderation.redact", held.standing, at=at, by=by, reason=made.reason)
        return made


def withhold(
    attachment: Attachment, reason: str, *, at: datetime, by: AbstractBaseUser
) -> Attachment:
    """Keep a file from the public; the original stays. Raises ReasonMissingError, NotReceivedError."""
    reason = _said(reason)
    with transaction.atomic():
        held = _open(attachment.contribution)
        file = held.attachments.get(pk=attachment.pk)
        file.withheld_for = reason
        file.save()
        remember(held, "moderation.withhold", held.standing, at=at, by=by, reason=reason)
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
    if held.standing not in (Standing.AWAITING, Standing.PUBLISHED, Standing.PASSED):
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
