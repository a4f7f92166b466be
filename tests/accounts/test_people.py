"""An administrator makes accounts and gives them roles; the demo has sign-ins of its own."""

from __future__ import annotations

from io import StringIO

import pytest
from django.contrib import admin
from django.core.management import CommandError, call_command
from django.db import IntegrityError
from django.test import Client
from pytest_django import Settings

from cwg.accounts.management.commands.demo_accounts import PASSWORD as DEMO_PASSWORD
from cwg.accounts.models import User
from meetings.models import DelegateTerm, RoleTerm, WorkingGroup

NEW = {
    "email": "New.Person@example.org",
    "usable_password": "true",
    "password1": "a battery of horses",
    "password2": "a battery of horses",
    "role_terms-TOTAL_FORMS": "1",
    "role_terms-INITIAL_FORMS": "0",
}


def test_an_account_is_made_with_its_role(as_administrator: Client, group: WorkingGroup) -> None:
    role = {"group": group.pk, "role": "reader", "from_day": "2025-01-01", "to_day": ""}
    sent = NEW | {f"role_terms-0-{name}": str(value) for name, value in role.items()}
    answer = as_administrator.post("/secretariat/accounts/user/add/", sent)
    assert answer.status_code == 302, answer.context["errors"]
    person = User.objects.get(email__iexact=NEW["email"])
    assert person.check_password(NEW["password1"])
    assert [term.role for term in RoleTerm.objects.filter(person=person)] == ["reader"]


def test_an_address_signs_in_once_however_it_is_written(
    as_administrator: Client, stranger: User
) -> None:
    sent = NEW | {"email": stranger.email.title(), "role_terms-TOTAL_FORMS": "0"}
    page = as_administrator.post("/secretariat/accounts/user/add/", sent).content.decode()
    assert "Somebody with this e-mail address signs in here already." in page
    with pytest.raises(IntegrityError):
        User.objects.create(email=stranger.email.upper())


def test_accounts_are_the_administrators_alone(as_secretary: Client) -> None:
    assert as_secretary.get("/secretariat/accounts/user/").status_code == 403
    assert as_secretary.get("/secretariat/accounts/user/add/").status_code == 403
    assert as_secretary.get("/secretariat/meetings/roleterm/").status_code == 200


def test_an_accounts_page_says_who_can_see_it(as_administrator: Client, stranger: User) -> None:
    page = as_administrator.get(f"/secretariat/accounts/user/{stranger.pk}/change/")
    assert "Who can see this: administrators." in page.content.decode()
    added = as_administrator.get("/secretariat/accounts/user/add/").content.decode()
    assert "Who can see this" not in added


def test_what_others_brought_to_the_site_is_not_shown() -> None:
    shown = {model._meta.label for model in admin.site._registry}
    assert not shown & {"auth.Group", "account.EmailAddress", "mfa.Authenticator"}
    assert "accounts.User" in shown


def test_demo_sign_ins_are_made_once_and_refreshed(group: WorkingGroup) -> None:
    out = StringIO()
    call_command("demo_accounts", stdout=out)
    User.objects.get(email="reader@example.org").set_password("something else")
    call_command("demo_accounts", stdout=out)
    roles = RoleTerm.objects.filter(group=group).values_list("person__email", "role")
    assert sorted(roles) == [
        ("chair@example.org", "chair"),
        ("editor@example.org", "editor"),
        ("reader@example.org", "reader"),
        ("secretariat@example.org", "lead"),
        ("vice-chair@example.org", "vice_chair"),
    ]
    delegates = DelegateTerm.objects.filter(group=group).values_list(
        "person__email", "member_state__iso", "role"
    )
    assert sorted(delegates) == [
        ("delegate-ke@example.org", "KE", "delegate"),
        ("delegate-no@example.org", "NO", "delegate"),
        ("focal-point-ke@example.org", "KE", "focal_point"),
        ("focal-point-no@example.org", "NO", "focal_point"),
    ]
    for email in [*(email for email, _ in roles), *(email for email, _, _ in delegates)]:
        assert User.objects.get(email=email).check_password(DEMO_PASSWORD)
        assert out.getvalue().count(f"  {email}  {DEMO_PASSWORD}") == 2


@pytest.mark.django_db
def test_demo_sign_ins_are_refused_in_production(settings: Settings) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="not made where DEPLOYMENT is production"):
        call_command("demo_accounts")
    assert not User.objects.exists()
