"""A stakeholder's way through the pages, for tests: by HTTP, at an instant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

from django.conf import settings
from django.test import Client

from consultations.models import Contribution
from consultations.views.private import Opening
from meetings.models import Message
from tests.consultations.making import MEANWHILE

BEGIN = "/example-group/consultations/example-round/contribute/"
ABOUT = {
    "name": "Example Person", "email": "person@example.org", "stakeholder_group": "civil_society",
    "on_behalf": "organisation", "organisations": "First Example\nSecond Example",
    "publish_text": "on", "publish_name": "on",
}  # fmt: skip


@contextmanager
def clock(at: datetime) -> Iterator[None]:
    """Let it be `at` at the door of the contributor's pages."""
    with patch("django.utils.timezone.now", return_value=at):
        yield


def opened(at: datetime, key: str = "") -> str:
    """Return what a form carries that was opened at `at`."""
    return Opening(at, key).signed()


def begin(client: Client, at: datetime = MEANWHILE, **told: Any) -> Any:
    """Send the first step at `at`, opened a minute before."""
    sent = {**ABOUT, "opened": opened(at - timedelta(minutes=1)), **told}
    with clock(at):
        return client.post(BEGIN, sent)


def private(answer: Any) -> str:
    """Return the private address that an answer leads to, without the step."""
    return "/".join(str(answer["Location"]).split("/")[:4]) + "/"


def sent(client: Client, at: datetime = MEANWHILE) -> str:
    """Go the three steps; return the private address of what was sent."""
    own = private(begin(client, at))
    question = Contribution.objects.latest("pk").consultation.questions.order_by("pk")[0]
    with clock(at):
        client.post(f"{own}answers/", answering({f"answer_{question.pk}": "My answer."}))
        client.post(f"{own}send/")
    return own


def answering(told: dict[str, Any]) -> dict[str, Any]:
    """Return the second step as a browser sends it."""
    return {"language": "en", **told, "whole": "1"}


def link(rule: str) -> str:
    """Return the link in the latest mail of a rule."""
    body = Message.objects.filter(rule=rule).latest("pk").body
    found = re.search(rf"{re.escape(settings.SITE_ADDRESS)}(\S+)", body)
    assert found is not None
    return found[1]


def received(client: Client, at: datetime = MEANWHILE) -> str:
    """Send and confirm; return the private address of what was received."""
    sent(client, at)
    return private(confirm(client, at))


def confirm(client: Client, at: datetime = MEANWHILE) -> Any:
    """Open the page that the latest mail to confirm leads to, and press its button."""
    with clock(at):
        page = client.get(link("intake.confirm"))
        return client.post(link("intake.confirm"), {"shown": page.context["digest"]})
