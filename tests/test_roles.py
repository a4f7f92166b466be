"""What a role carries, in which group, on which days."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import timezone

from cwg.accounts.models import User
from cwg.roles import ACTS, THE_CHAIRS, UnknownActError, carries, may, may_enter
from meetings.models import Meeting, Outcome, RoleTerm, Session, WorkingGroup
from tests.conftest import signed_in
from tests.two_groups import make_group, make_person, make_rows, make_shared

Role = RoleTerm.Role
DAY = date(2030, 1, 15)
COLUMNS = (Role.LEAD, Role.EDITOR, Role.CHAIR, Role.VICE_CHAIR, Role.READER)
MATRIX = {
    # permission: lead, editor, Chair, Vice-Chair, reader
    "meetings.view_meeting": "yes yes yes yes yes",
    "meetings.add_meeting": "yes yes no no no",
    "meetings.change_outcome": "yes yes no no no",
    "meetings.delete_settlement": "yes no no no no",
    "meetings.view_roleterm": "yes yes no no no",
    "meetings.add_roleterm": "yes no no no no",
    "meetings.change_roleterm": "yes no no no no",
    "meetings.delete_roleterm": "yes no no no no",
    "meetings.add_workinggroup": "yes yes no no no",
    "meetings.delete_workinggroup": "no no no no no",
    "meetings.change_session": "yes yes no no no",
    "meetings.delete_session": "no no no no no",
    "consultations.change_consultation": "yes yes no no no",
    "consultations.view_consultation": "yes yes yes yes yes",
    "consultations.view_contribution": "yes yes no no no",
    "consultations.change_contribution": "yes yes no no no",
    "consultations.delete_contribution": "no no no no no",
    "report.change_report": "yes yes no no no",
    "report.view_report": "yes yes yes yes yes",
    "report.delete_report": "yes no no no no",
    "report.delete_reporttype": "no no no no no",
    "report.delete_typepassage": "yes no no no no",
    "meetings.view_message": "yes yes no no no",
    "meetings.change_message": "yes yes no no no",
    "meetings.add_message": "no no no no no",
    "meetings.delete_message": "no no no no no",
    "auditlog.view_logentry": "yes yes no no no",
    "auditlog.change_logentry": "no no no no no",
    "auditlog.delete_logentry": "no no no no no",
    "accounts.view_user": "no no no no no",
    "accounts.change_user": "no no no no no",
    "sessions.view_session": "no no no no no",
    "meeting.plan": "yes yes no no no",
    "meeting.close": "yes yes no no no",
    "meeting.reopen": "yes yes no no no",
    "delegation.invite": "yes yes no no no",
    "delegation.hand_over": "yes yes no no no",
    "meetings.view_delegateterm": "yes yes no no no",
    "meetings.add_delegateterm": "no no no no no",
    "meetings.delete_delegateterm": "no no no no no",
    "record.settle": "yes yes no no no",
    "finding.accept": "yes yes no no no",
    "report.send_to_chair": "yes yes no no no",
    "report.comment": "yes yes yes yes no",
    "report.edit_own_section": "no no yes no no",
    "report.clear": "no no yes no no",
    "report.finalise": "yes no no no no",
    "summary.read": "yes yes no no no",
    "summary.finalise": "yes no no no no",
    "site.view_as": "yes yes no no no",
}
# The lines of the table in docs/roles.md: what people call it, and what is asked
LINES = {
    "see the record and drafts of the group": ("meetings.view_meeting", "report.view_report"),
    "enter and change meetings, outcomes, consultations, reports": (
        "meetings.change_outcome", "consultations.add_consultation", "report.change_report",
    ),
    "read and moderate contributions, enter those that came by post": (
        "consultations.view_contribution", "consultations.change_contribution",
        "consultations.add_contribution",
    ),
    "enter and change what all groups share": ("meetings.add_session", "meetings.change_body"),
    "delete rows of the group": ("meetings.delete_meeting", "report.delete_passage"),
    "plan a meeting: its circular, agenda, participants: `meeting.plan`": ("meeting.plan",),
    "close a meeting: `meeting.close`": ("meeting.close",),
    "reopen a meeting, for a reason: `meeting.reopen`": ("meeting.reopen",),
    "see the delegations, invite delegates and remove them: `delegation.invite`": (
        "meetings.view_delegateterm", "delegation.invite",
    ),
    "hand a delegation over to another focal point: `delegation.hand_over`": (
        "delegation.hand_over",
    ),
    "settle a promise: `record.settle`": ("record.settle",),
    "accept a finding: `finding.accept`": ("finding.accept",),
    "send a report to the Chair: `report.send_to_chair`": ("report.send_to_chair",),
    "comment on a report: `report.comment`": ("report.comment",),
    "edit the Chair’s own section: `report.edit_own_section`": ("report.edit_own_section",),
    "clear a report: `report.clear`": ("report.clear",),
    "finalise a report: `report.finalise`": ("report.finalise",),
    "read a summary as its second reader, who wrote none of it: `summary.read`": ("summary.read",),
    "finalise, publish and reopen a summary: `summary.finalise`": ("summary.finalise",),
    "read, correct, approve and stop the group’s mails": (
        "meetings.view_message", "meetings.change_message",
    ),
    "see the roles and the history of the group": (
        "meetings.view_roleterm", "auditlog.view_logentry",
    ),
    "give and end roles, but not a lead’s": ("meetings.add_roleterm", "meetings.change_roleterm"),
    "look at pages as another role: `site.view_as`": ("site.view_as",),
    "delete what all groups share, make accounts and leads": (
        "meetings.delete_session", "accounts.change_user",
    ),
}  # fmt: skip


@pytest.mark.parametrize("permission", MATRIX)
def test_what_each_role_carries(permission: str) -> None:
    given = " ".join("yes" if carries(role, permission) else "no" for role in COLUMNS)
    assert given == MATRIX[permission]


def test_every_act_stands_in_the_matrix_and_on_the_page() -> None:
    assert {name for name in MATRIX if "_" not in name.split(".")[0] and name in ACTS} == {*ACTS}
    assert {name for asked in LINES.values() for name in asked if name in ACTS} == {*ACTS}
    assert {*ACTS} >= THE_CHAIRS


def test_the_documented_table_is_the_one_asked() -> None:
    page = (Path(__file__).parent.parent / "docs" / "roles.md").read_text()
    between = re.search(r"<!-- table: begin -->\n(.*?)<!-- table: end -->", page, re.DOTALL)
    assert between is not None
    lines = ["| may | Secretariat lead | Editor | Chair | Vice-Chair | Reader | administrator |"]
    lines.append("|---|---|---|---|---|---|---|")
    for words, asked in LINES.items():
        cells = []
        for role in COLUMNS:
            (given,) = {carries(role, name) for name in asked}
            cells.append("yes" if given else "")
        cells.append("" if asked[0] in THE_CHAIRS else "yes")
        lines.append(
            f"| {words} | {' | '.join(cells)} |".replace("|  |", "| |").replace("|  |", "| |")
        )
    assert between[1].splitlines() == lines


def test_a_role_counts_in_its_group(db: None) -> None:
    shared = make_shared()
    own, other = make_group("own"), make_group("other")
    for each in (own, other):
        make_rows(each, shared)
    held = {group.pk: Meeting.objects.get(group=group) for group in (own, other)}
    lead = make_person(own, "lead")
    RoleTerm.objects.create(person=lead, group=other, role="reader", from_day=date(2000, 1, 1))
    for verb, here, there in (("view", True, True), ("change", True, False)):
        assert lead.has_perm(f"meetings.{verb}_meeting", held[own.pk]) is here
        assert lead.has_perm(f"meetings.{verb}_meeting", held[other.pk]) is there
        assert lead.has_perm(f"meetings.{verb}_meeting")
        assert may(lead, f"meetings.{verb}_meeting", own, DAY) is here
        assert may(lead, f"meetings.{verb}_meeting", other, DAY) is there
    promise = Outcome.objects.get(meeting=held[other.pk])
    assert lead.has_perm("meetings.view_outcome", promise)
    assert not lead.has_perm("record.settle", promise.settlement)
    assert lead.has_perm("meetings.change_session", Session.objects.get())
    assert not lead.has_perm("meetings.change_meeting", Meeting())  # says no group yet


def test_permissions_follow_the_roles_of_the_day(group: WorkingGroup, stranger: User) -> None:
    today = timezone.localdate()
    assert not stranger.has_perm("meetings.view_meeting")
    term = RoleTerm.objects.create(
        person=stranger, group=group, role="lead", from_day=date(2000, 1, 1), to_day=today
    )
    for last_day, holds in ((today, True), (date(2000, 1, 2), False), (None, True)):
        term.to_day = last_day
        term.save()
        asked_anew = User.objects.get(pk=stranger.pk)
        assert asked_anew.has_perm("meetings.change_meeting") is holds
        assert asked_anew.has_perm("meetings.change_workinggroup", group) is holds
        assert asked_anew.has_module_perms("meetings") is holds
        assert may_enter(asked_anew) is holds


def test_a_role_opens_nothing_to_a_closed_account(secretary: User, group: WorkingGroup) -> None:
    assert may_enter(secretary)
    secretary.is_active = False
    assert not may_enter(secretary)
    assert not secretary.has_perm("meetings.view_meeting")
    assert not may(secretary, "meetings.view_meeting", group, DAY)


def test_nobody_who_is_not_signed_in_may_anything(group: WorkingGroup) -> None:
    assert not may_enter(AnonymousUser())
    assert not may(AnonymousUser(), "meetings.view_meeting", group, DAY)


def test_an_administrator_may_everything_but_what_is_the_chairs(
    administrator: User, group: WorkingGroup
) -> None:
    assert may_enter(administrator)
    assert administrator.has_perm("accounts.change_user")
    assert administrator.has_perm("meetings.change_meeting", Meeting())
    assert may(administrator, "report.finalise", group, DAY)
    assert not may(administrator, "report.clear", group, DAY)
    assert not administrator.has_perm("report.clear")
    assert not administrator.has_perm("report.clear", group)


def test_an_administrator_who_is_the_chair_clears_in_that_group_alone(
    administrator: User, group: WorkingGroup
) -> None:
    other = make_group("other")
    RoleTerm.objects.create(person=administrator, group=group, role="chair", from_day=DAY)
    assert may(administrator, "report.clear", group, DAY)
    assert not may(administrator, "report.clear", other, DAY)
    assert not may(administrator, "report.clear", group, date(2030, 1, 14))


def test_an_act_that_stands_nowhere_is_a_mistake(administrator: User, group: WorkingGroup) -> None:
    with pytest.raises(UnknownActError, match="“report.claer” is no permission and no act"):
        may(administrator, "report.claer", group, DAY)


def test_nobody_gives_themselves_a_role(
    secretary: User, editor: User, administrator: User, group: WorkingGroup
) -> None:
    """A lead who made themselves Chair would clear what they sent; another's term is no way round."""
    add = reverse("admin:meetings_roleterm_add")
    typed = {"group": group.pk, "role": "chair", "from_day": "2000-01-01", "to_day": ""}
    lead = signed_in(secretary)
    refused = lead.post(add, {**typed, "person": secretary.email})
    assert refused.status_code == 200
    assert "Nobody gives themselves a role." in refused.content.decode()
    assert not secretary.role_terms.filter(role="chair").exists()
    assert lead.post(add, {**typed, "person": editor.email}).status_code == 302
    given = editor.role_terms.get(role="chair")
    change = reverse("admin:meetings_roleterm_change", args=[given.pk])
    assert lead.post(change, {**typed, "person": secretary.email}).status_code == 200
    given.refresh_from_db()
    assert given.person == editor
    answer = signed_in(administrator).post(add, {**typed, "person": administrator.pk})
    assert answer.status_code == 302
