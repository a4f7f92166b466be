"""What a role carries, on which days."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from cwg.accounts.models import User
from cwg.roles import may, may_enter
from meetings.models import RoleTerm, WorkingGroup

MATRIX = {
    # permission: (secretariat, reader)
    "meetings.view_meeting": (True, True),
    "meetings.add_meeting": (True, False),
    "meetings.change_outcome": (True, False),
    "meetings.delete_settlement": (True, False),
    "meetings.view_roleterm": (True, True),
    "meetings.add_roleterm": (False, False),
    "meetings.change_roleterm": (False, False),
    "meetings.delete_roleterm": (False, False),
    "consultations.change_consultation": (True, False),
    "consultations.view_consultation": (True, True),
    "report.change_report": (True, False),
    "report.view_report": (True, True),
    "auditlog.view_logentry": (True, False),
    "auditlog.change_logentry": (False, False),
    "auditlog.delete_logentry": (False, False),
    "accounts.view_user": (False, False),
    "accounts.change_user": (False, False),
    "sessions.view_session": (False, False),
}


@pytest.mark.parametrize("permission", MATRIX)
def test_what_each_role_carries(permission: str) -> None:
    given = tuple(
        may(role, permission) for role in (RoleTerm.Role.SECRETARIAT, RoleTerm.Role.READER)
    )
    assert given == MATRIX[permission]


def test_permissions_follow_the_roles_of_the_day(group: WorkingGroup, stranger: User) -> None:
    today = timezone.localdate()
    assert not stranger.has_perm("meetings.view_meeting")
    term = RoleTerm.objects.create(
        person=stranger, group=group, role="secretariat", from_day=date(2000, 1, 1), to_day=today
    )
    for last_day, holds in ((today, True), (date(2000, 1, 2), False), (None, True)):
        term.to_day = last_day
        term.save()
        asked_anew = User.objects.get(pk=stranger.pk)
        assert asked_anew.has_perm("meetings.change_meeting") is holds
        assert asked_anew.has_module_perms("meetings") is holds
        assert may_enter(asked_anew) is holds


def test_a_role_opens_nothing_to_a_closed_account(secretary: User) -> None:
    assert may_enter(secretary)
    secretary.is_active = False
    assert not may_enter(secretary)
    assert not secretary.has_perm("meetings.view_meeting")


def test_an_administrator_may_everything_without_a_role(administrator: User) -> None:
    assert may_enter(administrator)
    assert administrator.has_perm("accounts.change_user")
