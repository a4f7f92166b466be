"""Who may what at the desk: the people of a Member State's delegation, by the terms of the day.

A delegate reads every document of the groups' meetings that has its number, what their own
delegation wrote, and what it is asked to co-sponsor; another delegation's draft never. Delegates
prepare; the focal point submits, invites and removes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from meetings.models import DelegateTerm, Document, Source


@dataclass(frozen=True, slots=True)
class Membership:
    """Somebody's place in a delegation: the keys of the group and of the Member State."""

    group: int
    member_state: int
    focal_point: bool


def memberships(user: Any, day: date) -> tuple[Membership, ...]:
    """Return the delegations that `user` is in on `day`; read once for each user object."""
    if not user.is_active or user.pk is None:
        return ()
    kept = getattr(user, "_memberships", None)
    if kept is None or kept[0] != day:
        terms = DelegateTerm.objects.on(day).filter(
            person=user.pk, group__record_kept_here=True
        ).order_by("group", "pk")  # fmt: skip
        held = tuple(
            Membership(group, state, role == DelegateTerm.Role.FOCAL_POINT)
            for group, state, role in terms.values_list("group", "member_state", "role")
        )
        kept = user._memberships = (day, held)
    result: tuple[Membership, ...] = kept[1]
    return result


def is_focal_point(user: Any, group: int, member_state: int | None, day: date) -> bool:
    """Say whether `user` is the focal point of a Member State's delegation to a group on `day`."""
    return member_state is not None and (
        Membership(group, member_state, focal_point=True) in memberships(user, day)
    )


def may_remove(user: Any, term: DelegateTerm, day: date) -> bool:
    """Say whether `user` may end a term at the desk: its focal point may, a delegate's alone."""
    # and so nobody ends their own: a focal point's term is no delegate's
    return term.role == DelegateTerm.Role.DELEGATE and is_focal_point(
        user, term.group_id, term.member_state_id, day
    )


def _is_of(user: Any, document: Document, day: date) -> bool:
    """Say whether `document` was written by the delegation that `user` is in on `day`."""
    return any(
        (each.group, each.member_state) == (document.group_id, document.member_state_id)
        for each in memberships(user, day)
    )


def may_prepare(user: Any, document: Document, day: date) -> bool:
    """Say whether `user` may write on a draft: every delegate of the delegation may."""
    return document.is_draft and _is_of(user, document, day)


def may_submit(user: Any, document: Document, day: date) -> bool:
    """Say whether `user` may submit, revise or withdraw a document: its focal point may."""
    return is_focal_point(user, document.group_id, document.member_state_id, day)


def _readable(user: Any, day: date) -> Q:
    """Return the condition on a document that `user` may read it on `day`."""
    condition = Q(pk=None)
    for each in memberships(user, day):
        of_the_group = Q(group=each.group)
        asked = Source.objects.filter(member_state=each.member_state, asked_at__isnull=False)
        condition |= of_the_group & (
            ~Q(number="")
            | Q(member_state=each.member_state)
            | Q(pk__in=asked.values("document"))
        )  # fmt: skip
    return condition


def documents_at_desk(user: Any, day: date) -> QuerySet[Document]:
    """Return the documents that `user` reads at the desk on `day`: `may_read` of many."""
    if not memberships(user, day):
        return Document.objects.none()
    return Document.objects.filter(_readable(user, day))


def may_read(user: Any, document: Document, day: date) -> bool:
    """Say whether `user` reads `document` at the desk on `day`."""
    for each in memberships(user, day):
        if each.group != document.group_id:
            continue
        if document.number or document.member_state_id == each.member_state:
            return True
        asked = document.sources.filter(member_state=each.member_state, asked_at__isnull=False)
        if asked.exists():
            return True
    return False
