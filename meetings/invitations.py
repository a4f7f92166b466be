"""The invitation to a delegation: its link, which works once, and what delegates are mailed.

A link sets the first password of somebody who has none. It is bound to what stands in the place of
the password, so that it is worth nothing once one was set, whichever way; and to the term, so that
it is worth nothing once that ended. Reading it changes nothing: programs that look through mails
follow every link.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.core import signing
from django.urls import reverse
from django.utils import timezone

from meetings import outbox
from meetings.deadline import Moment, zone_in_words
from meetings.languages import in_any_language
from meetings.models import DelegateTerm, Message
from meetings.outbox import Mail
from meetings.site_address import absolute
from meetings.wording.messages import messages

WITHIN = timedelta(days=14)
_SALT = "meetings.invitations"
_ENGLISH = "en"


class LinkError(Exception):
    """A link that sets no password: used, too old, of a term that ended, or not whole."""

    def __str__(self) -> str:
        return "This link sets no password: it was used, it is too old, or it is not whole."


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a link stands for: the term of whoever was invited, and who invited them, in words."""

    term: DelegateTerm
    by: str


# Links


def link(term: DelegateTerm, *, by: Any, at: datetime) -> str:
    """Return the address at which the person of `term` sets their first password, for fourteen days."""
    until = int((at + WITHIN).timestamp())
    focal = _focal_key(term, by, timezone.localdate(at))
    signed = signing.Signer(salt=_SALT).sign_object([term.pk, mark(term.person), until, focal])
    return absolute(reverse("account_invitation", args=[signed]))


def by_link(text: str, *, at: datetime) -> Invitation:
    """Return what a link stands for, whose person has no password yet. Raises LinkError."""
    try:
        key, marked, until, focal = signing.Signer(salt=_SALT).unsign_object(text)
        over = datetime.fromtimestamp(until, UTC) <= at
    except (signing.BadSignature, ValueError, TypeError):
        raise LinkError from None
    terms = DelegateTerm.objects.on(timezone.localdate(at))
    term = (
        terms.filter(pk=key, person__is_active=True)
        .select_related("person", "group", "member_state")
        .first()
    )
    if over or term is None or term.person.has_usable_password() or mark(term.person) != marked:
        raise LinkError
    return Invitation(
        term, _inviter(term, get_user_model()._default_manager.filter(pk=focal).first())
    )


def mark(person: Any) -> str:
    """Return what stands in the place of somebody's password, so that nobody learns it from this."""
    return hashlib.sha256(f"{person.pk} {person.password}".encode()).hexdigest()[:20]


def _focal_key(term: DelegateTerm, by: Any, day: date) -> int | None:
    """Return the key of who invites, where that is the delegation's focal point; else None."""
    focal = DelegateTerm.objects.on(day).filter(
        group=term.group, member_state=term.member_state, role=DelegateTerm.Role.FOCAL_POINT,
        person=getattr(by, "pk", None),
    )  # fmt: skip
    return by.pk if focal.exists() else None


def _inviter(term: DelegateTerm, focal: Any) -> str:
    """Return who invites, in words: the delegation's focal point by name, else the secretariat."""
    if focal is None:
        return f"The secretariat of {term.group}"
    return f"{focal}, focal point of the delegation,"


# Mails


def send(term: DelegateTerm, *, by: Any, at: datetime) -> Message:
    """Mail the invitation, with its link where the person has no password yet.

    A mail of the same term is written at most once a minute. Raises outbox.BadAddressError.
    """
    who = _inviter(term, by if _focal_key(term, by, timezone.localdate(at)) else None)
    key = f"{term.pk}/{at:%Y%m%d%H%M}"
    subject = f"Delegation to {term.group}: {in_any_language(term.member_state.name)}"
    desk = absolute(reverse("desk:home"))
    if term.person.has_usable_password():
        body = (
            f"{who} added you to a delegation.\n\n{_facts(term)}\n\nSign in with this address and "
            f"the password that you have; the delegation’s desk stands at\n\n{desk}\n"
        )
        return _write("delegations.added", term, key, subject, body, at=at)
    zone = term.group.zone
    until = Moment(
        zone, in_any_language(term.group.zone_words) or zone_in_words(zone), at=at + WITHIN
    )
    body = (
        f"{who} invites you to a delegation.\n\n{_facts(term)}\n\nSet your password until "
        f"{until.words(messages(_ENGLISH))}:\n\n{link(term, by=by, at=at)}\n\nThe link works once. From "
        f"then on you sign in with this address; the delegation’s desk stands at\n\n{desk}\n\n"
        "If the link is too old, ask whoever invited you to send it again. If you do not expect "
        "this invitation, do nothing: nobody can sign in before a password is set.\n"
    )
    return _write(
        "delegations.invite", term, key, f"Invitation: {subject}", body, at=at, private=True
    )


def tell_handed_over(term: DelegateTerm, was: DelegateTerm | None, *, at: datetime) -> None:
    """Tell the focal point who begins with `term`, and the one before, where there was one."""
    said = f"{term.from_day:%-d %B %Y}"
    subject = f"Focal point of the delegation to {term.group}"
    desk = absolute(reverse("desk:home"))
    mine = (
        f"From {said} on you are the focal point of your delegation.\n\n{_facts(term)}\n\nThe focal "
        "point submits documents, confirms co-sponsorships, invites delegates and removes them, at"
        f"\n\n{desk}\n"
    )
    _write("delegations.handed_over", term, f"{term.pk}/begins", subject, mine, at=at)
    if was is not None:
        theirs = (
            f"From {said} on {term.person} is the focal point of your delegation in your place; the "
            f"secretariat of {term.group} recorded it.\n\n{_facts(was)}\n"
        )
        _write("delegations.handed_over", was, f"{term.pk}/ends", subject, theirs, at=at)


def tell_removed(term: DelegateTerm, *, day: date, at: datetime) -> None:
    """Tell somebody that they are in a delegation no longer, from `day` on."""
    body = (
        f"From {day:%-d %B %Y} on you are no longer in this delegation.\n\n{_facts(term)}\n\nAsk its "
        "focal point or the secretariat if that is a mistake.\n"
    )
    subject = f"Delegation to {term.group}: {in_any_language(term.member_state.name)}"
    _write("delegations.removed", term, f"{term.pk}", subject, body, at=at)


def _facts(term: DelegateTerm) -> str:
    return (
        f"Delegation: {in_any_language(term.member_state.name)}\nWorking group: {term.group}\n"
        f"As: {term.get_role_display().lower()}"
    )


def _write(
    rule: str,
    term: DelegateTerm,
    key: str,
    subject: str,
    body: str,
    *,
    at: datetime,
    private: bool = False,
) -> Message:
    return outbox.write(
        Mail(
            key=f"{rule}/{key}", rule=rule, to=term.person.email, subject=subject, body=body,
            group=term.group, private=private,
        ),
        at=at,
    )  # fmt: skip
