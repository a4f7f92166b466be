"""People of delegations, for tests."""

from __future__ import annotations

from datetime import date

from cwg.accounts.models import User
from meetings.models import DelegateTerm, MemberState, WorkingGroup
from tests.two_groups import LONG_AGO, PASSWORD


def make_term(
    group: WorkingGroup, iso: str, role: str, email: str, from_day: date = LONG_AGO
) -> DelegateTerm:
    """Make somebody with a password and a term in the delegation of `iso` to `group`."""
    return DelegateTerm.objects.create(
        person=User.objects.create_user(email, PASSWORD), group=group,
        member_state=MemberState.objects.get(iso=iso), role=role, from_day=from_day,
    )  # fmt: skip


def make_delegate(group: WorkingGroup, iso: str, role: str = "delegate", email: str = "") -> User:
    """Make somebody in the delegation of a Member State to `group` since long ago."""
    at = email or f"{role}-{iso}-{group.slug}@example.org".lower()
    return make_term(group, iso, role, at).person
