"""Whose row it is, who sees it, and that one row and many are answered alike."""

from __future__ import annotations

import ast
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.test import Client

from consultations.models import Consultation
from cwg.accounts.models import User
from cwg.report import access as report_access
from cwg.report.models import Passage, Report
from meetings.access import (
    ViewedAs,
    audience,
    group_of,
    groups_of,
    may_see,
    path_to_group,
    visible_to,
)
from meetings.models import (
    Document,
    GroupName,
    HousePattern,
    Meeting,
    Outcome,
    RoleTerm,
    Settlement,
    WorkingGroup,
)
from tests.documents_in_states import DRAFTS, make_documents
from tests.two_groups import SharedRows, make_group, make_person, make_rows, make_shared

DAY = date(2030, 1, 15)
ROOMS = ("meetings", "consultations", "report")
# Models whose rows belong to no group: everybody with a role sees them.
SHARED = {
    "meetings.Body", "meetings.Session", "meetings.Instrument", "meetings.Revision",
    "meetings.ListedTopic", "meetings.Region", "meetings.MemberState",
    "meetings.FileReading", "meetings.FilePage",  # words inside files, which no page reads by itself
    "report.ReportType", "report.TypePassage",
}  # fmt: skip


@pytest.fixture
def shared(db: None) -> SharedRows:
    return make_shared()


@pytest.fixture
def own(shared: SharedRows) -> WorkingGroup:
    group = make_group("own")
    make_rows(group, shared)
    make_documents(group)
    return group


@pytest.fixture
def other(shared: SharedRows) -> WorkingGroup:
    group = make_group("other")
    make_rows(group, shared)
    make_documents(group)
    return group


@pytest.fixture
def named(db: None) -> WorkingGroup:
    group = make_group("named")
    group.record_kept_here = False
    group.save()
    return group


def people(own: WorkingGroup, other: WorkingGroup) -> dict[str, Any]:
    """Make everybody who meets the rows."""
    cast: dict[str, Any] = {role.value: make_person(own, role) for role in RoleTerm.Role}
    cast["nobody"] = AnonymousUser()
    cast["stranger"] = make_person(None, "stranger")
    cast["lead of the other"] = make_person(other, "lead")
    cast["administrator"] = User.objects.create_superuser("administrator@example.org", "x")
    cast["closed"] = make_person(own, "lead", "closed@example.org")
    cast["closed"].is_active = False
    cast["both"] = make_person(own, "lead", "both@example.org")
    RoleTerm.objects.create(person=cast["both"], group=other, role="reader", from_day=DAY)
    cast["past"] = make_person(own, "lead", "past@example.org")
    cast["past"].role_terms.update(to_day=date(2029, 12, 31))
    cast["both, viewing"] = User.objects.get(email="both@example.org")
    cast["both, viewing"].viewed_as = ViewedAs(own.pk, "reader", by_administrator=False)
    cast["past, viewing"] = User.objects.get(email="past@example.org")
    cast["past, viewing"].viewed_as = ViewedAs(own.pk, "lead", by_administrator=False)
    return cast


def test_one_row_and_many_are_answered_alike(
    own: WorkingGroup, other: WorkingGroup, named: WorkingGroup
) -> None:
    cast = people(own, other)
    seen: dict[str, int] = {}
    every: list[type[models.Model]] = [
        *(model for app in ROOMS for model in apps.get_app_config(app).get_models()), User, LogEntry,
    ]  # fmt: skip
    for name, user in cast.items():
        for model in every:
            rows = model._default_manager.order_by("pk")
            if model._meta.label in {"meetings.MemberState", "auditlog.LogEntry"}:
                kept = Q(pk__in=rows[:40].values("pk"))
                if model is LogEntry:
                    kept |= Q(content_type=ContentType.objects.get_for_model(Document))
                rows = rows.filter(kept)
            one = {row.pk for row in rows if may_see(user, row, DAY)}
            assert one == {row.pk for row in visible_to(user, rows, DAY)}, (name, model)
            seen[name] = seen.get(name, 0) + len(one)
        for report in Report.objects.all():
            listed = report_access.visible_to(user, DAY).filter(pk=report.pk).exists()
            assert report_access.may_read(user, report, DAY) is listed, name
    assert {name for name, count in seen.items() if not count} == {
        "nobody", "stranger", "closed", "past", "past, viewing",
    }  # fmt: skip
    assert seen["reader"] == seen["lead"] == seen["both, viewing"]
    assert seen["lead"] < seen["both"] < seen["administrator"]


def test_what_a_delegation_has_not_submitted_is_nobodys_here_nor_is_its_history(
    own: WorkingGroup, other: WorkingGroup
) -> None:
    cast = people(own, other)
    drafts = Document.objects.drafts()
    assert drafts.count() == 2 * len(DRAFTS)
    kind = ContentType.objects.get_for_model(Document)
    history = LogEntry.objects.filter(content_type=kind)
    of_drafts = history.filter(object_id__in=drafts.values("pk"))
    assert of_drafts.count() >= drafts.count()
    for name, user in cast.items():
        for rows in (drafts, of_drafts):
            assert not visible_to(user, rows, DAY).exists(), name
            assert not any(may_see(user, row, DAY) for row in rows), name
    administrator = cast["administrator"]
    assert {*visible_to(administrator, Document.objects.all(), DAY)} == {
        *Document.objects.submitted()
    }
    assert {*visible_to(administrator, history, DAY)} == {*history} - {*of_drafts}


def test_a_draft_is_its_own_groups_and_a_public_report_everybodys(
    own: WorkingGroup, other: WorkingGroup
) -> None:
    ours, theirs = Report.objects.get(group=own), Report.objects.get(group=other)
    reader = make_person(own, "reader")
    assert [*report_access.visible_to(reader, DAY)] == [ours]
    theirs.public = True
    theirs.save()
    assert {*report_access.visible_to(reader, DAY)} == {ours, theirs}
    assert [*report_access.visible_to(AnonymousUser(), DAY)] == [theirs]
    assert not may_see(reader, theirs, DAY)  # what is public is read on the public pages


def test_whose_row_it_is(own: WorkingGroup) -> None:
    meeting = Meeting.objects.get(group=own, ordinal=1)
    for row in (
        own, meeting, Outcome.objects.get(meeting=meeting), Passage.objects.get(),
        Settlement.objects.get(), Consultation.objects.get(), GroupName.objects.get(group=own),
        HousePattern(group=own), RoleTerm.objects.get(group=own),
    ):  # fmt: skip
        assert group_of(row) == own, row
    assert path_to_group(Settlement) == "promise__meeting__group"
    assert group_of(Meeting()) is None


def test_a_model_whose_rows_belong_to_no_group_is_named_here() -> None:
    found = {
        model._meta.label
        for app in ROOMS
        for model in apps.get_app_config(app).get_models()
        if path_to_group(model) is None
    }
    assert found == SHARED


def test_groups_of_somebody_on_a_day(own: WorkingGroup, other: WorkingGroup) -> None:
    cast = people(own, other)
    expected = {
        "nobody": set(), "stranger": set(), "closed": set(), "past": set(), "past, viewing": set(),
        "both": {own, other}, "administrator": {own, other}, "lead of the other": {other},
    }  # fmt: skip
    for name, user in cast.items():
        assert {*groups_of(user, DAY)} == expected.get(name, {own}), name
    asked_anew = User.objects.get(email="past@example.org")
    assert [*groups_of(asked_anew, date(2029, 12, 31))] == [own]


def test_the_groups_of_somebody_are_read_once_a_request(
    own: WorkingGroup, django_assert_num_queries: Any
) -> None:
    reader = make_person(own, "reader")
    meeting = Meeting.objects.select_related("group").get(group=own, ordinal=1)
    with django_assert_num_queries(1):
        for _ in range(5):
            assert reader.has_perm("meetings.view_meeting", meeting)


# Who can see this


def test_who_can_see_a_row_is_said_in_words(own: WorkingGroup, named: WorkingGroup) -> None:
    report = Report.objects.get(group=own)
    said = {
        "meeting": audience(Meeting.objects.get(group=own, ordinal=1)),
        "named group": audience(named),
        "pattern": audience(HousePattern(group=own)),
        "settlement": audience(Settlement.objects.get()),
        "role": audience(RoleTerm.objects.get(group=own)),
        "form of report": audience(apps.get_model("report.ReportType").objects.get()),
        "draft": report_access.audience(report),
    }
    report.public = True
    own.record_kept_here = False
    own.save()
    said["report"] = report_access.audience(report)
    said["meeting of a group that is only named"] = audience(
        Meeting.objects.get(group=own, ordinal=1)
    )
    assert said == {
        "meeting": "everybody",
        "named group": "everybody",
        "pattern": "people with a role in OWN",
        "settlement": "people with a role in OWN",
        "role": "the secretariat of OWN",
        "form of report": "people with a role in any group",
        "draft": "people with a role in OWN",
        "report": "everybody",
        "meeting of a group that is only named": "people with a role in OWN",
    }


def test_what_everybody_can_see_has_a_public_page_and_nothing_else_has(
    client: Client, own: WorkingGroup, other: WorkingGroup
) -> None:
    public = Report.objects.get(group=own)
    public.public = True
    public.save()
    answers = {}
    for model in (WorkingGroup, Meeting, apps.get_model("meetings.Instrument"), Report):
        says: Any = report_access.audience if model is Report else audience
        for row in model._default_manager.all():
            answers[str(row)] = (
                says(row) == "everybody", client.get(row.get_absolute_url()).status_code == 200
            )  # fmt: skip
    assert {said is shown for said, shown in answers.values()} == {True}, answers
    assert {said for said, _ in answers.values()} == {True, False}


# The house


def test_role_terms_are_asked_in_one_place() -> None:
    """A question that reads the terms past access.py would not know of looking as another role."""
    root = Path(__file__).parent.parent
    asked = set()
    for room in ("cwg", "meetings", "consultations"):
        for path in (root / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Attribute) and ast.unparse(node) == "RoleTerm.objects":
                    asked.add(str(path.relative_to(root)))
    assert asked == {
        "meetings/access/secretariat.py",
        "cwg/accounts/management/commands/demo_accounts.py",  # makes them
    }
