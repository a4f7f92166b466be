"""A private link is the whole authority: where it must not come to stand, and who is counted."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client

from consultations import limits
from consultations.models import Contribution
from cwg.accounts.models import User
from cwg.discreet import DiscreetFormatter
from meetings.models import Message
from tests.consultations.contributing import BEGIN, begin, clock, private, received, sent
from tests.consultations.making import MEANWHILE, make_round

pytestmark = pytest.mark.django_db
ELSEWHERE = {"host": "localhost:6666"}


def test_links_in_mails_lead_to_the_site_whatever_a_request_calls_it() -> None:
    make_round()
    received(Client(headers=ELSEWHERE))
    Client(headers=ELSEWHERE).post(
        "/example-group/follow/", {"what": "consultations", "email": "a@example.org"}
    )
    told = {each.rule: each.body for each in Message.objects.all()}
    assert sorted(told) == ["following.confirm", "intake.confirm", "intake.draft", "intake.receipt"]
    assert all(f"{settings.SITE_ADDRESS}/example-group/" in body for body in told.values())
    assert not any("6666" in body for body in told.values())


def test_so_does_the_link_that_sets_a_password_anew(stranger: User) -> None:
    Client(headers=ELSEWHERE).post("/accounts/password/reset/", {"email": stranger.email})
    (written,) = mail.outbox
    assert f"{settings.SITE_ADDRESS}/accounts/password/reset/key/" in str(written.body)
    assert "6666/" not in str(written.body)


def test_no_page_behind_a_private_link_tells_its_address_to_others() -> None:
    make_round()
    client = Client()
    draft = private(begin(client))
    own = received(client)
    asked = {
        BEGIN: "private, no-cache",
        f"{draft}about-you/": "private, no-cache",  # what was typed comes back with the back button
        own: "no-store, private, no-cache",
        f"{own}withdraw/": "no-store, private, no-cache",
        "/example-group/follow/": "max-age=0, no-cache, no-store, must-revalidate, private",
    }
    with clock(MEANWHILE):
        answers = {address: client.get(address) for address in asked}
    assert {address: each["Cache-Control"] for address, each in answers.items()} == asked
    assert {each.status_code for each in answers.values()} == {200}
    assert {each["Referrer-Policy"] for each in answers.values()} == {"no-referrer"}


def test_the_log_holds_no_private_link(caplog: pytest.LogCaptureFixture) -> None:
    make_round()
    client = Client()
    own = sent(client)
    # what is wrong on a page behind a link is logged with its address
    with clock(MEANWHILE):
        assert client.post(f"{own}about-you/", {}).status_code == 422
    assert client.get(f"{own}files/1/").status_code == 404
    assert client.put("/example-group/follow/end/1:secret/").status_code == 405
    written = [each for each in caplog.records if each.name == "django.request"]
    formatter = DiscreetFormatter("{message}", style="{")
    assert [formatter.format(each).partition("\n")[0] for each in written] == [
        "Unprocessable Content: /example-group/contribute/[…]/about-you/",
        "Not Found: /example-group/contribute/[…]/files/1/",
        "Method Not Allowed (PUT): /example-group/follow/end/[…]/",
    ]
    assert settings.LOGGING["handlers"]["stderr"]["formatter"] == "line"
    assert settings.LOGGING["formatters"]["line"]["()"] == "cwg.discreet.DiscreetFormatter"


def test_many_others_do_not_make_a_limit_forgotten() -> None:
    limit = ("drafts", 2)
    assert [limits.allowed(limit, "10.0.0.1") for _ in range(3)] == [True, True, False]
    for place in range(600):
        limits.allowed(limit, f"192.0.2.{place}")
    assert not limits.allowed(limit, "10.0.0.1")


@pytest.mark.parametrize(
    ("told", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
    ],
)
def test_one_machine_is_counted_by_its_own_address(rf: Any, told: str, counted: str) -> None:
    assert limits.machine(rf.get("/", REMOTE_ADDR=told)) == counted


def test_nobody_is_another_machine_by_saying_so(rf: Any) -> None:
    request = rf.get("/", REMOTE_ADDR="192.0.2.7", headers={"x-forwarded-for": "198.51.100.1"})
    assert limits.machine(request) == "192.0.2.7"


def test_each_file_counts_as_an_upload() -> None:
    make_round()
    client = Client()
    own = private(begin(client))
    most = limits.UPLOADS[1]
    assert limits.allowed(limits.UPLOADS, "127.0.0.1", most - 2)
    files = [BytesIO(b"no file") for _ in range(3)]
    told = {"language": "en", "text": "My words.", "whole": "1", "files": files}
    with clock(MEANWHILE):
        answer = client.post(f"{own}answers/", told)
    assert answer.status_code == 429
    assert Contribution.objects.get().attachments.count() == 0
