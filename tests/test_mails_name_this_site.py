"""Whatever name a request gives this site, the mails that it leads to give the name of the settings."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as site
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consultations.models import Contribution
from cwg.accounts.models import User
from meetings.models import Message
from tests.conftest import signed_in
from tests.consultations import contributing
from tests.consultations.contributing import answering, begin, clock, private
from tests.consultations.making import CLOSES, MEANWHILE, make_round
from tests.two_groups import make_person

pytestmark = pytest.mark.django_db
ELSEWHERE = "elsewhere.example"


@pytest.fixture(autouse=True)
def _any_name(settings: Any) -> None:
    """Let the site answer under every name, as one behind a careless proxy does."""
    settings.ALLOWED_HOSTS = ["*"]


def test_mails_of_the_outbox(db: None) -> None:
    group = make_round().group
    client = Client(headers={"host": ELSEWHERE})
    own = private(begin(client))
    with clock(MEANWHILE):
        client.post(f"{own}answers/", answering({"text": "Words.", "later": "1"}))
        client.post(f"{own}send/")
    contributing.confirm(client)
    made = Contribution.objects.get()
    desk = signed_in(make_person(group, "lead"))
    desk.defaults["HTTP_HOST"] = ELSEWHERE
    address = reverse("admin:contribution", args=[made.pk])
    day = (timezone.now() + timedelta(days=3)).date().isoformat()
    for act in (
        {"act": "ask", "ask-question": "For whom?"},
        {"act": "late", "late-day": day, "late-clock": "23:59", "late-reason": "Illness."},
    ):
        assert desk.post(address, act).status_code == 302
    asked = {"what": "consultations", "email": "follower@example.org"}
    with clock(CLOSES):
        client.post("/example-group/follow/", asked)
    bodies = dict(Message.objects.values_list("rule", "body"))
    assert sorted(bodies) == [
        "following.confirm", "intake.confirm", "intake.draft", "intake.late", "intake.receipt",
        "moderation.ask",
    ]  # fmt: skip
    named = {rule: set(re.findall(r"https?://[^/\s]+", body)) for rule, body in bodies.items()}
    assert named == {rule: {site.SITE_ADDRESS} for rule in bodies}


def test_the_mail_to_set_a_password_anew(stranger: User) -> None:
    client = Client(headers={"host": ELSEWHERE})
    client.post("/accounts/password/reset/", {"email": stranger.email})
    (sent,) = mail.outbox
    assert set(re.findall(r"https?://[^/\s]+", str(sent.body))) == {site.SITE_ADDRESS}
    assert ELSEWHERE not in f"{sent.subject}{sent.body}"
