"""Who comes into a delegation and who leaves it: invited, invited again, removed, handed over.

A delegation is one Member State's people in a group, with terms. `day` is always the first day on
which something counts: whoever is removed on a day is in no longer from that day on. A delegation
has one focal point at a time; who begins to be one in the place of another does so by a hand-over.
Each act locks its group, so that two at once are one after the other. docs/delegations.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from auditlog.models import LogEntry
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from meetings import history, invitations
from meetings.languages import in_any_language
from meetings.models import DelegateTerm, MemberState, Message, WorkingGroup

Role = DelegateTerm.Role


class DelegationError(Exception):
    """What cannot be done in a delegation as asked; never raised itself. It reads as a sentence.

    `field` is the part of what was said that has to be mended, "" for the whole.
    """

    field = ""


class AlreadyThereError(DelegationError):
    """Inviting somebody who is in the delegation."""

    field = "email"

    def __init__(self, email: str) -> None:
        super().__init__(f"{email} is in this delegation already. Nobody is invited twice.")


class ElsewhereError(DelegationError):
    """Inviting somebody who is in another delegation to the group."""

    field = "email"

    def __init__(self, email: str, group: WorkingGroup) -> None:
        super().__init__(
            f"{email} is in another delegation to {group}. One person is in one delegation to a "
            "group at a time; the secretariat ends that term first."
        )


class ClosedAccountError(DelegationError):
    """Inviting somebody whose account an administrator closed."""

    field = "email"

    def __init__(self, email: str) -> None:
        super().__init__(f"The account of {email} is closed. An administrator can open it.")


class FocalPointStandsError(DelegationError):
    """Inviting a focal point beside another."""

    field = "role"

    def __init__(self, term: DelegateTerm) -> None:
        super().__init__(
            f"The delegation has a focal point: {term.person}. Invite a delegate, then hand over."
        )


class AlreadySignsInError(DelegationError):
    """Sending the invitation again to somebody who has a password."""

    def __init__(self, term: DelegateTerm) -> None:
        super().__init__(
            f"{term.person} signs in already. Who forgot a password sets it anew at the sign-in page."
        )


class EndedError(DelegationError):
    """An act on a term that ended meanwhile."""

    def __init__(self, term: DelegateTerm) -> None:
        super().__init__(f"{term.person} is in the delegation no longer. Nothing was changed.")


class BeforeTermError(DelegationError):
    """A day on which somebody was not in the delegation yet, or not in that role."""

    field = "day"

    def __init__(self, term: DelegateTerm) -> None:
        super().__init__(
            f"The term of {term.person} as {term.get_role_display().lower()} begins on "
            f"{term.from_day:%-d %B %Y}. Give that day or a later one."
        )


class ReasonMissingError(DelegationError):
    """An act that needs a reason, without one."""

    field = "reason"

    def __init__(self) -> None:
        super().__init__("Say why; the history keeps it.")


class NotThereError(DelegationError):
    """Handing over to somebody who is not in the delegation."""

    field = "to"

    def __init__(self, person: Any, state: MemberState) -> None:
        super().__init__(
            f"{person} is not in the delegation of {in_any_language(state.name)}. Invite them first."
        )


class AlreadyFocalPointError(DelegationError):
    """Handing over to the one who is the focal point, perhaps since a moment ago."""

    field = "to"

    def __init__(self, term: DelegateTerm) -> None:
        super().__init__(f"{term.person} is the focal point already. Nothing was changed.")


class ChangedMeanwhileError(DelegationError):
    """Handing over from somebody who is not the focal point any more."""

    def __init__(self, term: DelegateTerm | None) -> None:
        now = f"{term.person} is the focal point now" if term else "There is no focal point now"
        super().__init__(f"{now}: somebody changed it meanwhile. Nothing was changed; look again.")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a list of people to invite, read."""

    number: int
    text: str
    email: str
    name: str
    member_state: MemberState
    role: str


@dataclass(frozen=True, slots=True)
class LeftLine:
    """A line of a list of which nobody was invited: its number, what it says, why."""

    number: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Invited:
    """What came of a list: who was invited, and the lines of people who were there already or are bad."""

    terms: tuple[DelegateTerm, ...]
    standing: tuple[LeftLine, ...]
    refused: tuple[LeftLine, ...]


# Who is there


def people(group: WorkingGroup, member_state: MemberState, day: date) -> QuerySet[DelegateTerm]:
    """Return the terms of a delegation that cover `day`, the focal point's first."""
    terms = DelegateTerm.objects.on(day).filter(group=group, member_state=member_state)
    return terms.select_related("person", "group", "member_state").order_by(
        "-role", "person__first_name", "person__last_name", "person__email", "pk"
    )


# They come


def invite(
    group: WorkingGroup,
    member_state: MemberState,
    email: str,
    name: str,
    role: str,
    *,
    by: Any,
    at: datetime,
) -> DelegateTerm:
    """Take somebody into a delegation from today on, and mail them.

    An address that is new here gets an account without a password, which the link of the mail sets;
    the name of an account that stands already stays. Raises AlreadyThereError, ElsewhereError,
    ClosedAccountError, FocalPointStandsError; ValidationError for an address or a name that cannot be.
    """
    day = timezone.localdate(at)
    email = email.strip().lower()
    with history.activity("delegations.invite", by):
        _lock(group)
        person = _account(email, name.strip())
        standing = _not_ended(group, day)
        term = standing.filter(person=person).first()
        if term is not None and term.member_state_id == member_state.pk:
            raise AlreadyThereError(email)
        if term is not None:
            raise ElsewhereError(email, group)
        if not person.is_active:
            raise ClosedAccountError(email)
        focal = standing.filter(member_state=member_state, role=Role.FOCAL_POINT).first()
        if role == Role.FOCAL_POINT and focal is not None:
            raise FocalPointStandsError(focal)
        begun = _begin(DelegateTerm(group=group, member_state=member_state), person, role, day)
        invitations.send(begun, by=by, at=at)
    return begun


def invite_list(group: WorkingGroup, lines: Iterable[Line], *, by: Any, at: datetime) -> Invited:
    """Invite the people of a list, each in a transaction of its own: a bad line keeps no other back.

    May be done again: who is in the delegation already is named and left as they are.
    """
    terms: list[DelegateTerm] = []
    standing: list[LeftLine] = []
    refused: list[LeftLine] = []
    for line in lines:
        try:
            terms.append(
                invite(group, line.member_state, line.email, line.name, line.role, by=by, at=at)
            )
        except AlreadyThereError as problem:
            standing.append(LeftLine(line.number, line.text, str(problem)))
        except DelegationError as problem:
            refused.append(LeftLine(line.number, line.text, str(problem)))
    return Invited(tuple(terms), tuple(standing), tuple(refused))


def invite_again(term: DelegateTerm, *, by: Any, at: datetime) -> Message:
    """Mail the invitation once more, with a link for another fourteen days.

    Raises EndedError, or AlreadySignsInError for somebody who has a password.
    """
    with history.activity("delegations.invite_again", by):
        _lock(term.group)
        now = _as_it_stands(term, timezone.localdate(at))
        if now.person.has_usable_password():
            raise AlreadySignsInError(now)
        LogEntry.objects.log_create(now, force_log=True, action=LogEntry.Action.UPDATE, changes={})
        return invitations.send(now, by=by, at=at)


# They leave


def remove(term: DelegateTerm, *, by: Any, day: date, reason: str, at: datetime) -> None:
    """End a term, so that its person is in the delegation no longer from `day` on, and tell them.

    A term that would end before it counted is removed; the history keeps both. Raises EndedError,
    BeforeTermError or ReasonMissingError.
    """
    said = _said(reason)
    with history.activity("delegations.remove", by, said):
        _lock(term.group)
        now = _as_it_stands(term, day)
        invitations.tell_removed(now, day=day, at=at)
        _end(now, day)


def hand_over(
    group: WorkingGroup,
    member_state: MemberState,
    to: Any,
    *,
    by: Any,
    day: date,
    reason: str,
    at: datetime,
    was: DelegateTerm | None = None,
    stays: bool = True,
) -> DelegateTerm:
    """Make a delegate, the person `to`, the focal point from `day` on; return the new term.

    `was` is the focal point whom the secretariat saw in office, None where there was none; that
    one becomes a delegate, or leaves where `stays` is false. Raises ReasonMissingError,
    ChangedMeanwhileError, AlreadyFocalPointError, NotThereError or BeforeTermError.
    """
    said = _said(reason)
    with history.activity("delegations.hand_over", by, said):
        _lock(group)
        standing = _not_ended(group, day).filter(member_state=member_state)
        before = standing.filter(role=Role.FOCAL_POINT).order_by("from_day", "pk").last()
        after = standing.filter(person=to).order_by("from_day", "pk").last()
        if before is not None and after is not None and before.pk == after.pk:
            raise AlreadyFocalPointError(after)
        if (before and before.pk) != (was and was.pk):
            raise ChangedMeanwhileError(before)
        if after is None:
            raise NotThereError(to, member_state)
        if before is not None:
            _step_down(before, day, stays=stays)
        _end(after, day)
        begun = _begin(after, to, Role.FOCAL_POINT, day)
        invitations.tell_handed_over(begun, before, at=at)
    return begun


def _step_down(term: DelegateTerm, day: date, *, stays: bool) -> None:
    _end(term, day)
    if stays:
        _begin(term, term.person, Role.DELEGATE, day)


# One row


def _lock(group: WorkingGroup) -> None:
    WorkingGroup.objects.select_for_update(no_key=True).get(pk=group.pk)


def _not_ended(group: WorkingGroup, day: date) -> QuerySet[DelegateTerm]:
    """Return the terms in `group` that had not ended before `day`: those that begin later, too."""
    terms = DelegateTerm.objects.filter(Q(to_day=None) | Q(to_day__gte=day), group=group)
    return terms.select_related("person", "group", "member_state")


def _as_it_stands(term: DelegateTerm, day: date) -> DelegateTerm:
    now = _not_ended(term.group, day).filter(pk=term.pk).first()
    if now is None:
        raise EndedError(term)
    return now


def _account(email: str, name: str) -> Any:
    """Return whoever signs in with `email`; a new account where nobody does."""
    accounts: Any = get_user_model()._default_manager
    found = accounts.filter(email__iexact=email).first()
    if found is None:
        try:
            with transaction.atomic():
                return accounts.create_user(email, first_name=name)
        except (IntegrityError, ValidationError):
            # another group invited the same address meanwhile; else the address cannot be
            found = accounts.filter(email__iexact=email).first()
            if found is None:
                raise
    return found


def _begin(like: DelegateTerm, person: Any, role: str, day: date) -> DelegateTerm:
    """Begin a term in the delegation of `like`."""
    term = DelegateTerm(
        person=person, group=like.group, member_state=like.member_state, role=role, from_day=day
    )
    term.full_clean()
    term.save()
    return term


def _end(term: DelegateTerm, day: date) -> None:
    """End a term on the day before `day`; remove one that begins on it. Raises BeforeTermError."""
    if day < term.from_day:
        raise BeforeTermError(term)
    if day == term.from_day:
        term.delete()
        return
    term.to_day = day - timedelta(days=1)
    term.full_clean()
    term.save()


def _said(reason: str) -> str:
    if not (said := reason.strip()):
        raise ReasonMissingError
    return said
