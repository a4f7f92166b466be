"""Signing in, forgetting a password, and a second factor."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.conf import settings
from django.contrib.messages import get_messages
from django.core import mail
from django.test import Client

from cwg.accounts.models import User
from tests.conftest import PASSWORD

LOGIN = "/accounts/login/"


def sign_in(client: Client, email: str, password: str = PASSWORD) -> str:
    """Sign in and give the address that follows, or what the page says is wrong."""
    answer = client.post(LOGIN, {"login": email, "password": password})
    if answer.status_code in {200, 429}:
        alert = re.search(r'role="alert">(.*?)</div>', answer.content.decode(), re.DOTALL)
        return alert[1] if alert else str(answer.status_code)
    return str(answer["Location"])


def test_the_right_password_opens_the_secretariats_site(client: Client, stranger: User) -> None:
    assert sign_in(client, stranger.email.upper()) == "/secretariat/"
    said = [str(each).strip() for each in get_messages(client.get("/").wsgi_request)]
    assert said == [f"Signed in as {stranger.email}."]


def test_a_wrong_password_and_an_unknown_address_answer_alike(
    client: Client, stranger: User
) -> None:
    wrong = sign_in(client, stranger.email, "wrong")
    assert "not correct" in wrong
    assert sign_in(client, "nobody@example.org", "wrong") == wrong


def test_guessing_is_slowed_down_even_for_the_right_password(
    client: Client, stranger: User
) -> None:
    for _ in range(5):
        sign_in(client, stranger.email, "wrong")
    assert "Too many failed login attempts" in sign_in(client, stranger.email)


def test_an_account_that_was_closed_opens_nothing(client: Client, stranger: User) -> None:
    stranger.is_active = False
    stranger.save()
    assert sign_in(client, stranger.email) == "/accounts/inactive/"
    assert client.get("/accounts/password/change/").status_code == 302


def test_where_somebody_wished_to_go_is_kept_but_never_another_site(
    client: Client, administrator: User
) -> None:
    asked = client.get("/secretariat/meetings/meeting/?q=1", follow=True).redirect_chain[-1][0]
    assert asked == f"{LOGIN}?next=/secretariat/meetings/meeting/%3Fq%3D1"
    sent = {"login": administrator.email, "password": PASSWORD}
    assert client.post(asked, sent)["Location"] == "/secretariat/meetings/meeting/?q=1"
    client.post("/accounts/logout/")
    assert client.post(f"{LOGIN}?next=https://elsewhere.example/", sent)["Location"] == (
        "/secretariat/"
    )


def test_a_forgotten_password_is_set_anew_through_a_link(client: Client, stranger: User) -> None:
    answer = client.post("/accounts/password/reset/", {"email": stranger.email})
    assert answer["Location"] == "/accounts/password/reset/done/"
    (sent,) = mail.outbox
    assert sent.to == [stranger.email]
    link = re.search(
        rf"{re.escape(settings.SITE_ADDRESS)}(/accounts/password/reset/key/\S+)", str(sent.body)
    )
    assert link is not None
    form = client.get(link[1], follow=True)
    chosen = "another horse battery"
    address = form.redirect_chain[-1][0]
    done = client.post(address, {"password1": chosen, "password2": chosen})
    assert done["Location"] == "/accounts/password/reset/key/done/"
    assert client.get(done["Location"]).status_code == 200
    assert "not correct" in sign_in(client, stranger.email)
    assert sign_in(client, stranger.email, chosen) == "/secretariat/"


@pytest.mark.django_db
def test_asking_for_an_unknown_address_answers_alike_and_sends_nothing(client: Client) -> None:
    answer = client.post("/accounts/password/reset/", {"email": "nobody@example.org"})
    assert answer["Location"] == "/accounts/password/reset/done/"
    assert mail.outbox == []


def test_a_password_is_changed_with_the_old_one(client: Client, stranger: User) -> None:
    sign_in(client, stranger.email)
    assert client.get("/accounts/password/change/").status_code == 200
    chosen = {"password1": "another horse battery", "password2": "another horse battery"}
    wrong = client.post("/accounts/password/change/", {"oldpassword": "wrong", **chosen})
    assert "Please type your current password" in wrong.content.decode()
    right = client.post("/accounts/password/change/", {"oldpassword": PASSWORD, **chosen})
    assert right.status_code == 302
    stranger.refresh_from_db()
    assert stranger.check_password("another horse battery")


def code(secret: str) -> str:
    """Give the code an authenticator shows now."""
    counters = list(yield_hotp_counters_from_time())
    return str(format_hotp_value(hotp_value(secret, counters[len(counters) // 2])))


def test_a_second_factor_is_set_up_and_then_asked_for(client: Client, stranger: User) -> None:
    sign_in(client, stranger.email)
    assert client.get("/accounts/2fa/").status_code == 200
    unsure = client.get("/accounts/2fa/totp/activate/")["Location"]
    assert unsure.startswith("/accounts/reauthenticate/")
    page = client.post(unsure, {"password": PASSWORD}, follow=True)
    assert 'src="data:image/svg+xml' in page.content.decode()
    secret = client.session["mfa.totp.secret"]
    client.post("/accounts/2fa/totp/activate/", {"code": code(secret)})
    for path in ("", "recovery-codes/", "recovery-codes/download/", "recovery-codes/generate/"):
        assert client.get(f"/accounts/2fa/{path}").status_code == 200
    client.post("/accounts/logout/")

    assert sign_in(client, stranger.email) == "/accounts/2fa/authenticate/"
    assert client.get("/accounts/2fa/authenticate/").status_code == 200
    assert client.get("/accounts/password/change/").status_code == 302
    wrong = client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert "Incorrect code" in wrong.content.decode()
    spare = Authenticator.objects.get(user=stranger, type="recovery_codes").wrap()
    answer = client.post("/accounts/2fa/authenticate/", {"code": spare.get_unused_codes()[0]})
    assert answer["Location"] == "/secretariat/"


def test_an_administrator_removes_a_second_factor_that_was_lost(
    as_administrator: Client, client: Client, stranger: User
) -> None:
    TOTP.activate(stranger, generate_totp_secret())
    assert sign_in(client, stranger.email) == "/accounts/2fa/authenticate/"
    as_administrator.post(
        "/secretariat/accounts/user/",
        {"action": "remove_second_factor", "_selected_action": [stranger.pk]},
    )
    assert sign_in(Client(), stranger.email) == "/secretariat/"
