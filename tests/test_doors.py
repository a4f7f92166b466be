"""Addresses beside the record: what each answers to a stranger and to the administrator."""

from __future__ import annotations

import pytest
from auditlog.models import LogEntry
from django.test import Client

from cwg.accounts.models import User
from meetings.models import WorkingGroup

ANYBODY = {
    "/accounts/login/": 200,
    "/accounts/signup/": 200,
    "/accounts/inactive/": 200,
    "/accounts/password/reset/": 200,
    "/accounts/password/reset/done/": 200,
    "/accounts/password/reset/key/x-y/": 200,
    "/accounts/password/reset/key/done/": 200,
    "/accounts/invitation/x/": 404,
    "/accounts/logout/": 302,
    "/accounts/reauthenticate/": 302,
    "/accounts/password/change/": 302,
    "/accounts/2fa/": 302,
    "/accounts/2fa/authenticate/": 302,
    "/accounts/2fa/reauthenticate/": 302,
    "/accounts/2fa/recovery-codes/": 302,
    "/accounts/2fa/recovery-codes/download/": 302,
    "/accounts/2fa/recovery-codes/generate/": 302,
    "/accounts/2fa/totp/activate/": 302,
    "/accounts/2fa/totp/deactivate/": 302,
    "/secretariat/": 302,
    "/secretariat/meetings/": 302,
    "/secretariat/nowhere/": 302,
    "/secretariat/logout/": 302,
    "/secretariat/password_change/": 302,
    "/secretariat/password_change/done/": 302,
}


@pytest.mark.django_db
@pytest.mark.parametrize("address", ANYBODY)
def test_what_somebody_not_signed_in_is_answered(client: Client, address: str) -> None:
    assert client.get(address).status_code == ANYBODY[address]


@pytest.mark.django_db
def test_nobody_signs_up_by_themselves(client: Client) -> None:
    words = "Accounts are made by the secretariat"
    assert words in client.get("/accounts/signup/").content.decode()
    sent = {"email": "new@example.org", "password1": "a long word", "password2": "a long word"}
    assert words in client.post("/accounts/signup/", sent).content.decode()
    assert not User.objects.exists()


def test_the_administrator_sees_who_signs_in_and_what_was_changed(
    as_administrator: Client, administrator: User, group: WorkingGroup
) -> None:
    entry = LogEntry.objects.order_by("pk")[0]
    answers = {
        "/secretariat/accounts/user/": 200,
        "/secretariat/accounts/user/add/": 200,
        f"/secretariat/accounts/user/{administrator.pk}/": 302,
        f"/secretariat/accounts/user/{administrator.pk}/change/": 200,
        f"/secretariat/accounts/user/{administrator.pk}/delete/": 200,
        f"/secretariat/accounts/user/{administrator.pk}/history/": 200,
        f"/secretariat/accounts/user/{administrator.pk}/password/": 200,
        "/secretariat/auditlog/logentry/": 200,
        "/secretariat/auditlog/logentry/add/": 403,
        f"/secretariat/auditlog/logentry/{entry.pk}/": 302,
        f"/secretariat/auditlog/logentry/{entry.pk}/change/": 200,
        f"/secretariat/auditlog/logentry/{entry.pk}/delete/": 403,
        f"/secretariat/auditlog/logentry/{entry.pk}/history/": 200,
    }
    given = {address: as_administrator.get(address).status_code for address in answers}
    assert given == answers
