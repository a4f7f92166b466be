"""What the secretariat's home shows of summaries: who is asked to read, and comments to answer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consultations.models import SummaryGuest
from consultations.summary import beginning, commenting, second_reading, writing
from consultations.summary.commenting import Guest
from consultations.summary.states import words_of
from cwg.accounts.models import User
from cwg.cockpit import cockpit
from tests.consultations.making import make_group, make_round
from tests.consultations.summarizing import AT, LATER, Desk, make_desk
from tests.test_cockpit import told
from tests.two_groups import make_person

pytestmark = pytest.mark.django_db
SOON = AT + timedelta(hours=1)


@pytest.fixture
def desk() -> Desk:
    made = make_desk()
    made.write("Languages matter.")
    return made


def seen(user: User, at: Any) -> Any:
    return told(cockpit(User.objects.get(pk=user.pk), at, None)).get("summaries", [])


def test_who_is_asked_to_read_sees_it_until_they_answered(desk: Desk) -> None:
    assert seen(desk.reader, AT) == []
    second_reading.ask(desk.summary, desk.reader, by=desk.writer, at=AT)
    row = ("You are asked to read a summary", "for 3 days", "Second reader", "Read and answer")
    assert seen(desk.reader, AT + timedelta(days=3)) == [row]
    for other in (desk.writer, desk.lead, make_person(desk.round.group, "chair")):
        assert seen(other, AT) == []
    (task,) = [
        task
        for section in cockpit(desk.reader, AT, None).sections
        for task in section.tasks
        if section.key == "summaries"
    ]
    client = Client()
    client.force_login(desk.reader)
    page, _, anchor = task.act_address.partition("#")
    assert f'id="{anchor}"' in client.get(page).content.decode()
    words = words_of(desk.summary)
    second_reading.read(desk.summary, agreed=True, words=words, by=desk.reader, at=AT)
    assert seen(desk.reader, AT) == []


def test_who_wrote_since_can_answer_no_more_and_is_not_asked_to(desk: Desk) -> None:
    second_reading.ask(desk.summary, desk.reader, by=desk.writer, at=AT)
    writing.write(desk.summary, "Words of the reader.", by=desk.reader, at=AT)
    assert seen(desk.reader, AT) == []


def test_comments_are_to_be_answered_by_those_who_may_write(desk: Desk) -> None:
    desk.read()
    guests = [Guest("a@example.org", "A guest"), Guest("b@example.org", "Another")]
    commenting.open_window(desk.summary, guests, LATER, by=desk.lead, at=AT)
    first, second = SummaryGuest.objects.all()
    assert seen(desk.writer, SOON) == []
    one = commenting.comment(first, "Say which.", at=SOON)
    alone = ("1 comment on a summary", "since today", "To be answered", "Answer")
    assert seen(desk.writer, SOON) == seen(desk.lead, SOON) == [alone]
    commenting.comment(second, "Say more.", at=SOON + timedelta(hours=2))
    both = ("2 comments on a summary", "the oldest for 2 days", "To be answered", "Answer")
    assert seen(desk.writer, SOON + timedelta(days=3)) == [both]
    for role in ("chair", "vice_chair", "reader"):
        assert seen(make_person(desk.round.group, role), SOON) == []
    assert seen(make_person(make_group("other"), "lead"), SOON) == []
    commenting.answer(one, "taken", by=desk.writer, at=SOON)
    assert seen(desk.writer, SOON)[0][0] == "1 comment on a summary"
    client = Client()
    client.force_login(desk.writer)
    address = reverse("admin:round_summary_way", args=[desk.round.pk])
    assert 'id="comments"' in client.get(address).content.decode()


def test_the_number_of_queries_is_fixed(desk: Desk) -> None:
    """However many summaries the person is asked to read, and comments there are, on how many."""

    def asked() -> int:
        user = User.objects.get(pk=desk.reader.pk)
        with CaptureQueriesContext(connection) as queries:
            told = seen(user, SOON)
        rows.append(len(told))
        return len(queries)

    def fill(number: int) -> None:
        held = make_round(desk.round.group, slug=f"s{number}", key=f"k{number}")
        made = beginning.begin(held, by=desk.writer, at=AT)
        writing.write(made, "Languages matter.", by=desk.writer, at=AT)
        second_reading.ask(made, desk.lead, by=desk.writer, at=AT)
        second_reading.read(made, agreed=True, words=words_of(made), by=desk.lead, at=AT)
        commenting.open_window(
            made, [Guest("a@example.org", "A guest")], LATER, by=desk.lead, at=AT
        )
        for _ in range(number):
            commenting.comment(made.guests.get(), "Say which.", at=SOON)
        second_reading.ask(made, desk.reader, by=desk.writer, at=SOON)

    rows: list[int] = []
    fill(1)
    few = asked()
    for number in range(2, 5):
        fill(number)
    assert (few, asked(), rows) == (29, 29, [2, 8])
