"""People of delegations, for tests."""

from __future__ import annotations

from datetime import date

from cwg.accounts.models import User
from meetings.models import DelegateTerm, MemberState, WorkingGroup

LONG_AGO = date(2000, 1, 1)


def make_delegate(group: WorkingGroup, iso: str, role: str = "delegate", email: str = "") -> User:
    """Make somebody in the delegation of a Member State to `group` since long ago."""
    person = User.objects.create_user(email or f"{role}-{iso}-{group.slug}@example.org".lower())
    DelegateTerm.objects.create(
        person=person, group=group, member_state=MemberState.objects.get(iso=iso), role=role,
        from_day=LONG_AGO,
    )  # fmt: skip
    return person
