"""A late window: the secretariat opens a closed round for one contributor, with a reason, recorded.

Whoever calls asks first for `consultations.change_contribution`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from consultations import intake, intake_mails, standing
from consultations.intake_mails import Links
from consultations.models import OPEN, UNCONFIRMED, Consultation, Contribution
from meetings.wording.messages import messages


@transaction.atomic
def open_window(
    contribution: Contribution, until: datetime, reason: str, links: Links, *, at: datetime,
    by: AbstractBaseUser,
) -> Contribution:  # fmt: skip
    """Let a contribution's sender send or change it `until` an instant, and mail them the link.

    Opened again, the window has its new end. Raises ReasonMissingError, LateWindowError,
    NotChangeableError.
    """
    if not (said := reason.strip()):
        raise intake.ReasonMissingError
    held = standing.locked(contribution)
    if until <= at:
        raise intake.LateWindowError("The window would end before it begins. Nothing was changed.")
    if held.standing not in (*UNCONFIRMED, *OPEN):
        raise intake.NotChangeableError(held)
    held.late_until = until
    held.save()
    standing.remember(held, "intake.open_late", held.standing, at=at, by=by, reason=said)
    if held.email:
        intake_mails.late(held, _words(held, until), links, at)
    return held


def _words(contribution: Contribution, until: datetime) -> str:
    opening = contribution.consultation.opening()  # says the house's zone
    return replace(opening, at=until, day=None, month=None).words(messages("en"))


@transaction.atomic
def invite(
    consultation: Consultation, until: datetime, reason: str, links: Links, *,
    name: str, email: str, at: datetime, by: AbstractBaseUser,
) -> Contribution:  # fmt: skip
    """Open a late window for somebody who began nothing: a draft of theirs, by a link in a mail.

    Raises what `open_window` raises.
    """
    made = Contribution.objects.create(
        consultation=consultation, name=name, email=email, created_at=at, saved_at=at,
        notice_version=intake.NOTICE_VERSION,
    )  # fmt: skip
    return open_window(made, until, reason, links, at=at, by=by)
