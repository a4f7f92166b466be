"""Looking at the site as another role: it shows less, changes nothing, and ends."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse

from cwg.accounts import viewing
from cwg.accounts.models import LoweredUserError, User
from cwg.roles import ACTS, may
from meetings.access import groups_of, is_administrator
from meetings.models import Meeting, RoleTerm, WorkingGroup
from tests.conftest import PASSWORD, signed_in
from tests.two_groups import make_group, make_person, make_rows, make_shared

VIEW_AS = "/accounts/view-as/"
STOP = "/accounts/view-as/stop/"
DAY = date(2030, 1, 15)
BANNER = "You see this page as <strong>{}</strong> would."


@pytest.fixture
def own(db: None) -> WorkingGroup:
    """Make a group and another, each with a row of every kind."""
    shared = make_shared()
    group = make_group("own")
    make_rows(group, shared)
    make_rows(make_group("other"), shared)
    return group


@pytest.fixture
def lead(own: WorkingGroup) -> User:
    return make_person(own, "lead")


def begin(client: Client, choice: str, then: str = "/secretariat/") -> None:
    answer = client.post(VIEW_AS, {"role": choice, "next": then})
    assert answer.status_code == 302, answer.content.decode()
    assert answer["Location"] == then


def as_role(own: WorkingGroup, role: str) -> str:
    return f"{own.pk}:{role}"


def test_a_lead_sees_what_a_reader_sees_and_stops(lead: User, own: WorkingGroup) -> None:
    client = signed_in(lead)
    meeting = reverse("admin:meetings_meeting_change", args=[Meeting.objects.get(group=own).pk])
    assert "_save" in client.get(meeting).content.decode()
    assert f'href="{VIEW_AS}?next={meeting}"' in client.get(meeting).content.decode()
    begin(client, as_role(own, "reader"), meeting)
    page = client.get(meeting).content.decode()
    assert BANNER.format("Reader of OWN") in page
    assert "_save" not in page
    assert VIEW_AS + "?" not in page
    assert client.get("/secretariat/meetings/roleterm/").status_code == 403
    stopped = client.post(STOP, {"next": meeting})
    assert stopped["Location"] == meeting
    again = client.get(meeting).content.decode()
    assert "_save" in again
    assert "You see this page as" not in again


def test_every_page_says_so(lead: User, own: WorkingGroup) -> None:
    client = signed_in(lead)
    begin(client, as_role(own, "editor"))
    addresses = ["/accounts/logout/", "/accounts/password/change/", "/secretariat/promises/"]
    addresses += ["/secretariat/", "/secretariat/accounts/user/", "/accounts/2fa/", "/accounts/no/"]
    for model in admin.site._registry:
        base = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        addresses += [base, f"{base}?_popup=1", f"{base}add/"]
    statuses = set()
    for address in addresses:
        answer = client.get(address)
        statuses.add(answer.status_code)
        assert answer.content.decode().count(BANNER.format("Editor of OWN")) == 1, address
        assert f'action="{STOP}"' in answer.content.decode()
    assert statuses == {200, 403, 404}


def test_nothing_is_changed_meanwhile(lead: User, own: WorkingGroup) -> None:
    client = signed_in(lead)
    begin(client, as_role(own, "editor"))
    meeting = Meeting.objects.get(group=own)
    change = reverse("admin:meetings_meeting_change", args=[meeting.pk])
    outcomes = reverse("admin:meetings_meeting_outcomes", args=[meeting.pk])
    for address in (change, outcomes, VIEW_AS, "/accounts/password/change/", "/accounts/login/"):
        for ask in (client.post, client.put, client.delete):
            refused = ask(address, {"ordinal": 7})
            assert refused.status_code == 403
            assert "Nothing was changed" in refused.content.decode()
    meeting.refresh_from_db()
    assert meeting.ordinal == 1


def test_as_everybody_one_is_not_signed_in(lead: User, own: WorkingGroup) -> None:
    client = signed_in(lead)
    begin(client, viewing.EVERYBODY, "/own/")
    page = client.get("/accounts/login/").content.decode()
    assert BANNER.format("everybody") in page
    assert "Sign in" in page
    assert client.get("/secretariat/").status_code == 302
    assert client.get("/own/").content == Client().get("/own/").content
    client.post(STOP)
    assert client.get("/secretariat/").status_code == 200


def test_it_ends_with_the_session_and_is_nobody_elses(lead: User, own: WorkingGroup) -> None:
    client = Client()
    sign_in = {"login": lead.email, "password": PASSWORD}
    client.post("/accounts/login/", sign_in)
    begin(client, as_role(own, "reader"))
    assert client.post("/accounts/logout/").status_code == 302
    assert viewing.KEY not in client.session
    client.post("/accounts/login/", sign_in)
    assert "You see this page as" not in client.get("/secretariat/").content.decode()
    begin(client, as_role(own, "reader"))
    assert client.post("/secretariat/logout/").status_code in {200, 302}
    assert viewing.KEY not in client.session
    session = {viewing.KEY: {"person": lead.pk, "as": as_role(own, "lead")}}
    assert viewing.current(session, make_person(own, "reader")) is None
    assert viewing.current(session, AnonymousUser()) is None


@pytest.mark.parametrize("role", ["chair", "vice_chair", "reader"])
def test_only_staff_may(own: WorkingGroup, role: str) -> None:
    client = signed_in(make_person(own, role))
    assert VIEW_AS not in client.get("/secretariat/").content.decode()
    assert client.get(VIEW_AS).status_code == 403
    assert client.post(VIEW_AS, {"role": as_role(own, "lead")}).status_code == 403
    assert viewing.KEY not in client.session


def test_nobody_and_a_stranger_may_not(client: Client, own: WorkingGroup) -> None:
    assert client.get(VIEW_AS).status_code == 302
    assert client.post(STOP).status_code == 302
    assert client.get(STOP).status_code == 405
    assert signed_in(make_person(None, "stranger")).get(VIEW_AS).status_code == 403


def test_only_the_own_groups_roles_are_offered(lead: User, own: WorkingGroup) -> None:
    other = WorkingGroup.objects.get(slug="other")
    client = signed_in(lead)
    offered = client.get(VIEW_AS).content.decode()
    assert offered.count('type="radio"') == 1 + len(RoleTerm.Role)
    assert "OTHER" not in offered
    refused = client.post(VIEW_AS, {"role": as_role(other, "reader")})
    assert "Select a valid choice" in refused.content.decode()
    assert client.post(VIEW_AS, {}).status_code == 200
    assert viewing.KEY not in client.session


def test_it_leads_to_no_other_site(lead: User, own: WorkingGroup) -> None:
    client = signed_in(lead)
    sent = {"role": as_role(own, "reader"), "next": "https://elsewhere.example/"}
    assert client.post(VIEW_AS, sent)["Location"] == "/secretariat/"
    assert client.post(STOP, {"next": "//elsewhere.example/"})["Location"] == "/secretariat/"


def everything(user: object, own: WorkingGroup) -> set[tuple[str, str]]:
    """Give every permission and act that `user` has in each group."""
    names = {*ACTS, "accounts.change_user", "meetings.delete_session"} | {
        f"{model._meta.app_label}.{verb}_{model._meta.model_name}"
        for model in admin.site._registry for verb in ("view", "add", "change", "delete")
    }  # fmt: skip
    return {
        (group.slug, name)
        for group in WorkingGroup.objects.all() for name in names if may(user, name, group, DAY)
    }  # fmt: skip


@pytest.mark.parametrize("held", [*RoleTerm.Role.values, "administrator", "nothing any more"])
@pytest.mark.parametrize("looked_as", [*RoleTerm.Role.values, viewing.EVERYBODY])
def test_nothing_is_gained(own: WorkingGroup, held: str, looked_as: str) -> None:
    """What one may while looking as a role is what oneself and that role both may, there."""
    if held == "administrator":
        person = User.objects.create_superuser("administrator@example.org", PASSWORD)
    else:
        person = make_person(own if held in RoleTerm.Role.values else None, held.replace(" ", "-"))
    RoleTerm.objects.create(
        person=person, group=WorkingGroup.objects.get(slug="other"), role="reader", from_day=DAY
    )
    other_self = User.objects.get(pk=person.pk)
    chosen = looked_as if looked_as == viewing.EVERYBODY else as_role(own, looked_as)
    seen = viewing.current({viewing.KEY: {"person": person.pk, "as": chosen}}, person)
    assert seen is not None
    mine = everything(other_self, own)
    theirs: set[tuple[str, str]] = set()
    if looked_as != viewing.EVERYBODY:
        role_only = make_person(own, looked_as, "role-only@example.org")
        theirs = everything(role_only, own)
    assert everything(seen.user, own) == mine & theirs
    assert not is_administrator(seen.user)
    assert {*groups_of(seen.user, DAY)} <= {*groups_of(other_self, DAY)} & {own}
    assert everything(person, own) == mine  # oneself is not touched


def test_the_lowered_copy_of_somebody_is_never_saved(own: WorkingGroup) -> None:
    person = User.objects.create_superuser("administrator@example.org", PASSWORD)
    kept = {viewing.KEY: {"person": person.pk, "as": as_role(own, "reader")}}
    seen = viewing.current(kept, person)
    assert seen is not None
    with pytest.raises(LoweredUserError):
        seen.user.save()
    person.refresh_from_db()
    assert person.is_superuser


def test_a_group_that_is_gone_shows_what_everybody_sees(lead: User, own: WorkingGroup) -> None:
    seen = viewing.current({viewing.KEY: {"person": lead.pk, "as": "987654:reader"}}, lead)
    assert seen is not None
    assert seen.label == "everybody"
    assert seen.user.is_anonymous
