"""A stakeholder contributes: three steps, the confirmation, the receipt, change and withdrawal."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client

from consultations import counting, intake, intake_mails, standing
from consultations.counting import Tally
from consultations.models import Consultation, Contribution, Standing
from consultations.views.uploading import LARGEST_BODY
from meetings.models import Message
from tests.consultations import contributing
from tests.consultations.contributing import BEGIN, answering, begin, clock, link, opened, private
from tests.consultations.making import CLOSES, MEANWHILE, OPENS, make_contribution, make_round


@pytest.fixture
def held(db: None) -> Consultation:
    return make_round()


def test_three_steps_and_a_confirmation_make_a_contribution(held: Consultation) -> None:
    client = Client()
    own = contributing.sent(client)
    made = Contribution.objects.get()
    assert made.standing == Standing.SENT
    assert [each.name for each in made.organisations.all()] == ["First Example", "Second Example"]
    assert counting.tally(held) == Tally(unconfirmed=1)
    mail = Message.objects.get(rule="intake.confirm")
    assert (mail.to, mail.private, mail.rule) == ("person@example.org", True, "intake.confirm")
    with clock(MEANWHILE):
        confirm = link("intake.confirm")
        assert "Confirm your contribution" in client.get(confirm).text
        assert counting.tally(held) == Tally(unconfirmed=1)
        first = contributing.confirm(client)
        second = contributing.confirm(client)
        assert first["Location"] == second["Location"]
        receipt = client.get(first["Location"])
        # the address typed was somebody's to confirm: who typed it has no way in any more
        assert client.get(own).status_code == 404
    made.refresh_from_db()
    assert made.reference == "EG/OC-2026-03/1"
    assert counting.tally(held) == Tally(awaiting=1)
    assert "EG/OC-2026-03/1" in receipt.text
    assert "My answer." in receipt.text
    assert "Confirmed, and so received" in receipt.text
    assert private(first) == link("intake.receipt")
    assert client.cookies == {}
    assert receipt["Cache-Control"] == "no-store, private, no-cache"


def test_what_was_typed_is_kept_beside_an_error(held: Consultation) -> None:
    client = Client()
    refused = begin(client, email="nobody", name="Kept Name")
    assert refused.status_code == 422
    assert 'value="Kept Name"' in refused.text
    assert '<a href="#id_email">E-mail: Enter a valid email address.</a>' in refused.text
    own = private(begin(client))
    question = held.questions.order_by("pk")[0]
    with clock(MEANWHILE):
        told = answering({f"answer_{question.pk}": "Kept.", "text": "Not\x07printable"})
        refused = client.post(f"{own}answers/", told)
        assert refused.status_code == 422
        assert "Not\x07printable" in refused.text
        assert "Kept." in client.get(f"{own}answers/").text
        # half of who somebody is stays too
        refused = client.post(
            f"{own}about-you/", {**contributing.ABOUT, "name": "New", "email": "x"}
        )
        assert refused.status_code == 422
    made = Contribution.objects.get()
    assert (made.name, made.email) == ("New", "person@example.org")


def test_a_draft_without_an_answer_is_not_sent(held: Consultation) -> None:
    client = Client()
    own = private(begin(client))
    with clock(MEANWHILE):
        refused = client.post(f"{own}send/")
    assert refused.status_code == 422
    assert "Answer at least one question" in refused.text
    assert not Message.objects.filter(rule="intake.confirm").exists()


def test_a_draft_is_finished_later_by_its_link(held: Consultation) -> None:
    client = Client()
    own = private(begin(client))
    with clock(MEANWHILE):
        kept = client.post(f"{own}answers/", answering({"text": "So far.", "later": "1"}))
        assert "goes to person@example.org" in kept.text
        assert link("intake.draft") == own
        assert "So far." in client.get(own, follow=True).text


def test_a_published_one_that_is_changed_awaits_again(held: Consultation) -> None:
    client = Client()
    own = contributing.received(client)
    made = Contribution.objects.get()
    standing.move(standing.locked(made), Standing.PUBLISHED, "test.move", at=MEANWHILE)
    question = held.questions.order_by("pk")[1]
    with clock(MEANWHILE):
        assert "A change takes it off" in client.get(own).text
        client.post(
            f"{own}answers/", answering({f"answer_{question.pk}": "Second.", "language": "fr"})
        )
    made.refresh_from_db()
    assert (made.standing, made.language) == (Standing.AWAITING, "fr")
    assert counting.kept(held) == counting.recount(held)


def test_it_is_withdrawn_by_a_button(held: Consultation) -> None:
    client = Client()
    own = contributing.received(client)
    with clock(MEANWHILE):
        asked = client.get(f"{own}withdraw/").text
        assert "Withdraw your contribution?" in asked
        assert ">EG/OC-2026-03/1</p>" in asked
        assert counting.tally(held) == Tally(awaiting=1)
        client.post(f"{own}withdraw/")
        client.post(f"{own}withdraw/")
        assert "Withdrawn by you" in client.get(own).text
        assert client.post(f"{own}answers/", {"text": "x"}).status_code == 409
    assert counting.tally(held) == Tally(withdrawn=1)


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (OPENS - timedelta(days=1), "This consultation opens on 2 March 2026"),
        (CLOSES + timedelta(days=1), "This consultation closed on 29 May 2026"),
    ],
)
def test_before_the_opening_and_after_the_closing_its_address_leads_to_the_round(
    held: Consultation, at: datetime, said: str
) -> None:
    with clock(at):
        page = Client().get(contributing.BEGIN)
    assert (page.status_code, page.context["consultation"]) == (409, held)
    assert said in page.text.replace("\xa0", " ")
    assert page.text.count(f'href="{held.get_absolute_url()}"') == 2  # on its way, and as an act
    assert 'class="brand" href="/example-group/"' in page.text


AFTER = CLOSES + timedelta(minutes=14)


@pytest.mark.parametrize(
    ("opened_at", "at", "status"),
    [
        (CLOSES - timedelta(minutes=1), AFTER, 302),
        (CLOSES - timedelta(minutes=1), CLOSES + timedelta(minutes=15), 409),
        (CLOSES, AFTER, 409),
        (CLOSES - timedelta(minutes=2), CLOSES - timedelta(minutes=1), 302),
        (OPENS - timedelta(minutes=2), OPENS - timedelta(minutes=1), 409),
    ],
)
def test_arrival_decides_with_a_grace(
    held: Consultation, opened_at: Any, at: Any, status: int
) -> None:
    assert begin(Client(), at, opened=opened(opened_at)).status_code == status


def test_a_draft_begun_in_time_goes_its_steps_within_the_grace(held: Consultation) -> None:
    client = Client()
    own = private(begin(client, CLOSES - timedelta(minutes=1)))
    with clock(AFTER):
        client.post(f"{own}answers/", answering({"text": "In time."}))
        assert client.get(f"{own}send/").status_code == 200
        client.post(f"{own}send/")
    contributing.confirm(client, CLOSES + timedelta(days=2))
    assert counting.tally(held) == Tally(awaiting=1)


def test_its_address_is_told_of_a_change_and_of_a_withdrawal_and_to_what_it_was(
    held: Consultation,
) -> None:
    client = Client()
    own = contributing.received(client)
    for text in ("Other words.", "And others within the hour."):
        with clock(MEANWHILE):
            client.post(f"{own}answers/", answering({"text": text}))
    with clock(MEANWHILE):
        client.post(f"{own}withdraw/")
    mails = list(Message.objects.order_by("pk"))
    assert [(each.rule, each.private) for each in mails] == [
        ("intake.draft", True), ("intake.confirm", True), ("intake.receipt", True),
        ("intake.changed", False), ("intake.withdrawn", False),
    ]  # fmt: skip
    assert {each.to for each in mails} == {"person@example.org"}
    to_what = "the open consultation of EG, “An example topic of 2026-03”"
    assert [to_what in each.body for each in mails] == [True] * 5
    assert "EG/OC-2026-03/1" in mails[3].body
    assert "It cannot be taken back" in mails[4].body


def test_a_sender_reads_every_time_in_the_zone_of_the_deadline(held: Consultation) -> None:
    client = Client()
    own = contributing.received(client)
    with clock(MEANWHILE):
        page = client.get(own).text
    assert "1 April 2026, 10:00 Geneva time: Confirmed, and so received" in page
    assert "UTC" not in page


def test_what_was_not_told_is_not_said_to_be_kept_from_the_public(held: Consultation) -> None:
    client = Client()
    own = private(begin(client, on_behalf="self", organisations=""))
    with clock(MEANWHILE):
        client.post(f"{own}answers/", answering({"text": "My words."}))
        page = client.get(f"{own}send/").text
    assert ["Your name" in page, "Your organizations" in page, "Your country" in page] == [
        True, False, False,
    ]  # fmt: skip


def test_after_closing_there_is_no_change_but_in_a_late_window(held: Consultation) -> None:
    client = Client()
    own = contributing.received(client)
    later = CLOSES + timedelta(minutes=1)
    told = answering({"text": "Too late."})
    with clock(later):
        refused = client.post(f"{own}answers/", told)
        assert refused.status_code == 409
        assert (
            "This consultation closed on 29 May 2026, 23:59 Geneva time."
            in refused.text.replace("\xa0", " ")
        )
        assert "It cannot be changed any more." in client.get(own).text
        Contribution.objects.update(late_until=later + timedelta(hours=1))
        assert client.post(f"{own}answers/", told).status_code == 302
    assert Contribution.objects.get().text == "Too late."


def test_a_link_expires_and_others_lead_nowhere(held: Consultation) -> None:
    client = Client()
    contributing.sent(client)
    assert client.get("/example-group/contribute/nonsense/").status_code == 404
    assert client.get("/another-group/contribute/nonsense/confirm/").status_code == 404
    with patch.object(intake, "CONFIRM_WITHIN", timedelta(seconds=-1)):
        gone = client.post(link("intake.confirm"))
    assert gone.status_code == 404
    assert "This link has expired" in gone.text


def test_machines_are_held_up_and_people_lose_nothing(held: Consultation) -> None:
    client = Client()
    fast = begin(client, opened=opened(MEANWHILE))
    assert "faster than anybody types" in fast.text
    assert 'value="Example Person"' in fast.text
    assert begin(client, website="http://example.org").status_code == 422
    assert begin(client, opened="made:up").status_code == 422
    for _ in range(30):
        assert begin(client).status_code == 302
    slow = begin(client)
    assert slow.status_code == 429
    assert 'value="Example Person"' in slow.text


def test_one_address_gets_few_mails(held: Consultation) -> None:
    client = Client()
    own = contributing.sent(client)
    with clock(MEANWHILE):
        answers = [client.post(f"{own}send/").status_code for _ in range(6)]
    assert answers == [302] * 4 + [429] * 2
    assert Message.objects.filter(rule="intake.confirm").count() == 5


def test_a_page_too_large_is_refused_before_it_is_read(held: Consultation) -> None:
    answer = Client().post(BEGIN, CONTENT_LENGTH=str(LARGEST_BODY + 1))
    assert answer.status_code == 413


def test_what_the_secretariat_merged_is_not_its_senders_to_change(held: Consultation) -> None:
    made = make_contribution(held, Standing.DECLINED)
    own = f"/example-group/contribute/{intake_mails.token(made)}/"
    with clock(MEANWHILE):
        assert "It cannot be changed any more." in Client().get(own).text
        assert Client().post(f"{own}withdraw/").status_code == 409
