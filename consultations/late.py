"""A late window: the secretariat opens a round for one contributor, with a reason, recorded.

Whoever calls asks first for `consultations.change_contribution`.
"""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from consultations import intake, intake_mails, standing
from consultations.models import OPEN, UNCONFIRMED, Consultation, Contribution, Standing
from consultations.moderation import (
    ModerationError,
    NoAddressError,
    NotLaterError,
    NotReceivedError,
    ReasonMissingError,
)


class NotAnnouncedError(ModerationError):
    """Letting somebody in late to a round of which nobody was told."""

    def __str__(self) -> str:
        return "This round is not announced: nobody can be late for it."


@transaction.atomic
def open_window(
    contribution: Contribution, until: datetime, reason: str, *, at: datetime, by: AbstractBaseUser
) -> Contribution:
    """Let a contribution's sender send, change or withdraw it `until` an instant; mail them the link.

    Opened again, the window has its new end. Raises ReasonMissingError, NotLaterError,
    NotReceivedError (for one that was withdrawn, declined or merged) or NoAddressError.
    """
    if not (said := reason.strip()):
        raise ReasonMissingError
    if until <= at:
        raise NotLaterError
    held = standing.locked(contribution)
    if held.standing not in (*UNCONFIRMED, *OPEN):
        raise NotReceivedError(held)
    if not held.email:
        raise NoAddressError(held)  # without its private link nobody gets in
    held.late_until = until
    held.save()
    standing.remember(held, "late.open_window", held.standing, at=at, by=by, reason=said)
    intake_mails.late(held, until, at)
    return held


@transaction.atomic
def invite(
    consultation: Consultation, until: datetime, reason: str, *,
    name: str, email: str, at: datetime, by: AbstractBaseUser,
) -> Contribution:  # fmt: skip
    """Open a late window for somebody who began nothing: a draft of theirs, by a link in a mail.

    Asked twice for one address it is the same draft, with the later end. Raises what `open_window`
    raises, and NotAnnouncedError for a round that nobody was told of.
    """
    if consultation.announced_at is None:
        raise NotAnnouncedError
    begun = consultation.contributions.filter(standing=Standing.DRAFT, late_until__isnull=False)
    if again := begun.filter(email__iexact=email).first():
        return open_window(again, until, reason, at=at, by=by)
    made = Contribution.objects.create(
        consultation=consultation, name=name, email=email, created_at=at, saved_at=at,
        notice_version=intake.NOTICE_VERSION,
    )  # fmt: skip
    return open_window(made, until, reason, at=at, by=by)
