"""Contributors who ask to be told where the summary cites them: the box, the receipt, the mail."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from consultations.intake_mails import token
from consultations.models import Contribution, Standing
from consultations.summary import finalising
from meetings.models import Message
from tests.consultations.making import make_contribution, make_open_round
from tests.consultations.summarizing import AT, LATER, make_desk

pytestmark = pytest.mark.django_db

TOLD = "A mail says where it cites this contribution, once it is published"


def page(name: str, of: Contribution) -> str:
    return reverse(f"consultations:{name}", args=[of.consultation.group.slug, token(of)])


def told(of: Contribution) -> bool:
    return bool(Contribution.objects.get(pk=of.pk).tell_when_cited)


def words(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_a_box_in_the_last_step_asks_and_the_receipt_says_so() -> None:
    made, client = make_contribution(make_open_round(), Standing.DRAFT), Client()
    shown = client.get(page("send", made))
    assert "Tell me where the summary cites my contribution" in words(shown)
    assert "checked" not in shown.content.decode()
    assert client.post(page("send", made), {"tell_when_cited": "on"}).status_code == 302
    assert told(made)
    assert TOLD in words(client.get(page("own", made)))
    again = client.get(page("send", made))  # sent once more, the box stands as it was ticked
    assert 'id="tell_when_cited" checked' in again.content.decode()
    client.post(page("send", made), {})
    assert not told(made)
    assert TOLD not in words(client.get(page("own", made)))


def test_only_those_who_asked_are_told_once_for_each_edition() -> None:
    desk = make_desk()
    desk.contribution(answers={1: "More languages."}, tell_when_cited=True)
    desk.contribution(answers={1: "Fewer forms."}, email="two@example.org")
    desk.write("They ask for languages and fewer forms [1, 2].", 1, at=AT)
    desk.read()
    desk.finalise()
    finalising.publish(desk.summary, by=desk.lead, at=LATER)
    mails = Message.objects.filter(rule="summary.cited")
    assert [each.to for each in mails] == ["person@example.org"]
    mail = mails.get()
    assert "is cited in paragraph 1." in mail.body
    assert "/example-group/consultations/example-round/summary/" in mail.body
