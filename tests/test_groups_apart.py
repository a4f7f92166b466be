"""Two groups in one installation: what the pages of one tell of the other, which is nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from consultations.models import Consultation, Contribution
from cwg.accounts.models import User
from cwg.report.models import Report
from meetings.models import (
    GroupName,
    Meeting,
    Outcome,
    RoleTerm,
    Session,
    Topic,
    WorkingGroup,
)
from tests.conftest import signed_in
from tests.documents_in_states import make_documents
from tests.two_groups import make_group, make_person, make_rows, make_shared

FOREIGN = "FOREIGN"
TERMS = "/secretariat/meetings/roleterm/"


@pytest.fixture
def own(db: None) -> WorkingGroup:
    """Make the own group and another, each with a row of every kind."""
    shared = make_shared()
    group = make_group("own")
    make_rows(group, shared)
    make_rows(make_group("foreign"), shared)
    for each in WorkingGroup.objects.filter(record_kept_here=True):
        make_documents(each)
    return group


@pytest.fixture
def foreign(own: WorkingGroup) -> WorkingGroup:
    """The other group."""
    return WorkingGroup.objects.get(slug="foreign")


@pytest.fixture
def lead(own: WorkingGroup) -> Client:
    """Give a browser of the own group's lead."""
    return signed_in(make_person(own, "lead"))


def own_pages(own: WorkingGroup) -> list[str]:
    """Give the lists, forms, histories and delete pages of the own group's rows."""
    found = ["/secretariat/", "/secretariat/meetings/"]
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        if model is User:
            continue
        found += [reverse(f"{name}_changelist"), reverse(f"{name}_changelist") + "?q=o"]
        found += [] if model._meta.label == "auditlog.LogEntry" else [reverse(f"{name}_add")]
        pages: Any = admin.site._registry[model]
        request: Any = type(
            "Asking", (), {"user": User.objects.get(email="lead-own@example.org")}
        )()
        row = pages.get_queryset(request).first()
        found += [reverse(f"{name}_{act}", args=[row.pk]) for act in ("change", "history")]
    meeting = Meeting.objects.get(group=own, ordinal=1)
    found.append(reverse("admin:meetings_meeting_delete", args=[meeting.pk]))
    round_ = Consultation.objects.get(group=own)
    names = ("announce", "extend", "correct", "address", "enter", "late", "alike")
    found += [reverse(f"admin:round_{name}", args=[round_.pk]) for name in names]
    contribution = Contribution.objects.get(consultation=round_)
    found += [reverse("admin:contributions"), reverse("admin:launches")]
    found.append(reverse("admin:contribution", args=[contribution.pk]))
    found.append(reverse("admin:launch", args=[Outcome.objects.get(meeting=meeting).pk]))
    found.append(reverse("admin:report_report_preview", args=[Report.objects.get(group=own).pk]))
    return found


def test_no_page_names_anything_of_another_group(lead: Client, own: WorkingGroup) -> None:
    named = []
    pages = own_pages(own)
    assert len(pages) > 70
    for address in pages:
        if "foreign" in lead.get(address).content.decode().lower():
            named.append(address)
    # that a group exists is public; the page on which a group recalls another offers its name
    assert named == []


def test_an_administrator_sees_both(own: WorkingGroup) -> None:
    page = signed_in(User.objects.create_superuser("administrator@example.org", "x"))
    for model in ("meeting", "topic", "officer"):
        said = page.get(f"/secretariat/meetings/{model}/").content.decode()
        assert "OWN" in said
        assert FOREIGN in said


def test_a_form_takes_no_row_of_another_group(lead: Client, foreign: WorkingGroup) -> None:
    sent = {"group": foreign.pk, "key": "new", "title_0": "New", "title_en": "New"}
    page = lead.post("/secretariat/meetings/topic/add/", sent)
    assert "Select a valid choice" in str(page.context["adminform"].form.errors["group"])
    assert Topic.objects.filter(group=foreign).count() == 1


def test_nobody_moves_a_row_to_a_group_where_they_only_read(
    own: WorkingGroup, foreign: WorkingGroup
) -> None:
    person = make_person(own, "editor")
    RoleTerm.objects.create(person=person, group=foreign, role="reader", from_day=date(2000, 1, 1))
    client = signed_in(person)
    form = client.get("/secretariat/meetings/topic/add/").context["adminform"].form
    assert [*form.fields["group"].queryset] == [own]
    theirs = Topic.objects.get(group=foreign)
    page = client.get(f"/secretariat/meetings/topic/{theirs.pk}/change/")
    assert page.status_code == 200
    assert not page.context["has_change_permission"]
    assert client.post(f"/secretariat/meetings/topic/{theirs.pk}/change/").status_code == 403
    form = client.get("/secretariat/meetings/topic/add/").context["adminform"].form
    assert {each.group for each in form.fields["proposed_in"].queryset} == {own, foreign}


def test_a_list_deletes_only_where_one_may(own: WorkingGroup, foreign: WorkingGroup) -> None:
    person = make_person(own, "lead", "two@example.org")
    RoleTerm.objects.create(person=person, group=foreign, role="reader", from_day=date(2000, 1, 1))
    Contribution.objects.filter(consultation__group=foreign).delete()  # it would hold its round
    keys = [each.pk for each in Consultation.objects.filter(group=foreign)]
    sent = {"action": "delete_selected", "_selected_action": keys, "post": "yes"}
    address = "/secretariat/consultations/consultation/"
    assert signed_in(person).post(address, sent).status_code == 403
    assert signed_in(make_person(own, "lead")).post(address, sent).status_code == 302
    assert Consultation.objects.filter(group=foreign).exists()
    assert signed_in(make_person(foreign, "lead")).post(address, sent).status_code == 302
    assert not Consultation.objects.filter(group=foreign).exists()


def test_what_would_go_with_a_row_is_not_named_where_it_is_anothers(
    own: WorkingGroup, foreign: WorkingGroup
) -> None:
    """A row of one group on which another's rests is rare; its page must not tell of the other."""
    lead = signed_in(make_person(own, "lead"))
    topic = Topic.objects.get(group=own)
    theirs = Outcome.objects.get(meeting__group=foreign, meeting__ordinal=1)
    theirs.outcome_topics.create(topic=topic)
    address = reverse("admin:meetings_topic_delete", args=[topic.pk])
    page = lead.get(address)
    assert page.context["protected"] == ["Something of another group"]
    assert FOREIGN not in page.content.decode()
    lead.post(address, {"post": "yes"})
    assert Topic.objects.filter(pk=topic.pk).exists()


def test_filters_offer_only_what_one_sees(own: WorkingGroup, foreign: WorkingGroup) -> None:
    person = make_person(own, "reader")
    third = make_group("third")
    RoleTerm.objects.create(person=person, group=third, role="reader", from_day=date(2000, 1, 1))
    page = signed_in(person).get("/secretariat/meetings/officer/")
    offered = {
        choice["display"] for spec in page.context["cl"].filter_specs
        for choice in spec.choices(page.context["cl"])
    }  # fmt: skip
    assert {"OWN", "THIRD"} <= offered
    assert FOREIGN not in offered
    none = signed_in(person).get(f"/secretariat/meetings/officer/?group__id__exact={foreign.pk}")
    assert none.context["cl"].result_count == 0


def test_a_group_that_is_only_named_is_added_by_staff_and_kept_here_by_an_administrator(
    lead: Client, own: WorkingGroup
) -> None:
    inlines = {
        f"{prefix}-{name}_FORMS": "0" for prefix in ("names", "patterns") for name in ("TOTAL", "INITIAL")
    }  # fmt: skip
    sent = {
        "slug": "named", "zone": "Europe/Zurich", "ordinals": "words", "windows": "long",
        "day_ranges": "hyphen", "number_pattern": "{acronym}-{meeting}/{number}", "documents_days": "14",
        "record_kept_here": "on", **inlines,
    }  # fmt: skip
    answer = lead.post("/secretariat/meetings/workinggroup/add/", sent)
    assert answer.status_code == 302, answer.context["errors"]
    named = WorkingGroup.objects.get(slug="named")
    assert not named.record_kept_here
    assert lead.get(f"/secretariat/meetings/workinggroup/{named.pk}/change/").status_code == 200
    lead.post(f"/secretariat/meetings/workinggroup/{own.pk}/change/", sent | {"slug": "own"})
    own.refresh_from_db()
    assert own.record_kept_here
    assert GroupName.objects.filter(group=own).exists()


def test_an_editor_removes_nothing(own: WorkingGroup) -> None:
    client = signed_in(make_person(own, "editor"))
    meeting = Meeting.objects.get(group=own, ordinal=1)
    address = reverse("admin:meetings_meeting_outcomes", args=[meeting.pk])
    page = client.get(address)
    form = page.context["formset"].forms[0]
    assert "DELETE" not in form.fields
    assert "ORDER" in form.fields
    sent = {
        "outcomes-TOTAL_FORMS": "1", "outcomes-INITIAL_FORMS": "1", "seen": page.context["seen"],
        "outcomes-0-id": form.instance.pk, "outcomes-0-kind": "would_launch",
        "outcomes-0-topics": [topic.pk for topic in Topic.objects.filter(group=own)],
        "outcomes-0-window_from": "2029-06", "outcomes-0-window_to": "2029-10",
        "outcomes-0-ORDER": "1", "outcomes-0-DELETE": "on",
    }  # fmt: skip
    assert client.post(address, sent).status_code == 302
    assert Outcome.objects.get(meeting=meeting).window_to == date(2029, 10, 1)
    report = Report.objects.get(group=own)
    passages = client.get(reverse("admin:report_report_change", args=[report.pk])).context
    assert {each.formset.can_delete for each in passages["inline_admin_formsets"]} == {False}


# Roles given by a lead


def term(person: str, group: WorkingGroup, role: str) -> dict[str, Any]:
    return {
        "person": person,
        "group": group.pk,
        "role": role,
        "from_day": "2030-01-01",
        "to_day": "",
    }


@pytest.mark.parametrize("role", ["editor", "chair", "vice_chair", "reader"])
def test_a_lead_gives_a_role_in_the_own_group_by_address(
    lead: Client, own: WorkingGroup, role: str
) -> None:
    newcomer = make_person(None, "newcomer")
    answer = lead.post(f"{TERMS}add/", term(newcomer.email.upper(), own, role))
    assert answer.status_code == 302, answer.context["errors"]
    assert [(each.group, each.role) for each in newcomer.role_terms.all()] == [(own, role)]


def test_a_lead_makes_no_lead_and_gives_nothing_elsewhere(
    lead: Client, own: WorkingGroup, foreign: WorkingGroup
) -> None:
    newcomer = make_person(None, "newcomer")
    for group, role, field in ((own, "lead", "role"), (foreign, "reader", "group")):
        page = lead.post(f"{TERMS}add/", term(newcomer.email, group, role))
        assert [*page.context["adminform"].form.errors] == [field]
    page = lead.post(f"{TERMS}add/", term("unknown@example.org", own, "reader"))
    assert "Nobody signs in here with this address." in page.content.decode()
    assert not newcomer.role_terms.exists()


def test_a_lead_ends_a_role_but_no_leads_own_included(lead: Client, own: WorkingGroup) -> None:
    member = RoleTerm.objects.get(person__email="member-own@example.org")
    sent = term(member.person.email, own, "reader") | {"to_day": "2030-02-01"}
    assert lead.post(f"{TERMS}{member.pk}/change/", sent).status_code == 302
    member.refresh_from_db()
    assert member.to_day == date(2030, 2, 1)
    mine = RoleTerm.objects.get(person__email="lead-own@example.org")
    for act in ("change", "delete"):
        assert lead.post(f"{TERMS}{mine.pk}/{act}/", sent | {"post": "yes"}).status_code == 403
    lead.post(TERMS, {"action": "delete_selected", "_selected_action": [mine.pk], "post": "yes"})
    mine.refresh_from_db()
    assert (mine.role, mine.to_day) == ("lead", None)


def test_accounts_are_not_listed_to_a_lead(lead: Client, own: WorkingGroup) -> None:
    make_person(None, "elsewhere")
    assert "elsewhere" not in lead.get(f"{TERMS}add/").content.decode()
    assert Session.objects.exists()
