"""Drafts: the same form is one draft, reminders, late windows, and that they are not kept for ever."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client

from consultations import counting, events, intake, late, moderation, rounds
from consultations.intake import Change
from consultations.models import Consultation, Contribution, ContributionEvent, Standing
from consultations.views import contributor
from consultations.views import private as views
from cwg.accounts.models import User
from cwg.duties.registry import DUTIES
from meetings.models import Message
from tests.away import database_away
from tests.consultations import contributing
from tests.consultations.contributing import answering, begin, clock, link, opened, private
from tests.consultations.making import CLOSES, MEANWHILE, make_contribution, make_round

DAY = timedelta(days=1)


@pytest.fixture
def held(db: None) -> Consultation:
    return make_round()


def test_the_same_form_sent_again_is_the_same_draft(held: Consultation) -> None:
    client, form = Client(), opened(MEANWHILE - DAY, "a" * 32)
    first = begin(client, opened=form)
    with clock(MEANWHILE):
        client.post(f"{private(first)}answers/", answering({"text": "Kept."}))
    again = begin(client, opened=form, name="Another Name")
    assert again["Location"] == first["Location"]
    made = Contribution.objects.get()
    assert (made.name, made.text) == ("Another Name", "Kept.")


def test_a_form_whose_draft_was_received_begins_another(held: Consultation) -> None:
    client, form = Client(), opened(MEANWHILE - DAY, "a" * 32)
    own = private(begin(client, opened=form))
    with clock(MEANWHILE):
        client.post(f"{own}answers/", answering({"text": "Words."}))
        client.post(f"{own}send/")
    contributing.confirm(client)
    begin(client, opened=form)
    assert sorted(Contribution.objects.values_list("standing", flat=True)) == ["awaiting", "draft"]


def test_the_private_link_goes_by_mail_with_the_first_step(held: Consultation) -> None:
    own = private(begin(Client()))
    assert link("intake.draft") == own
    assert Message.objects.get().private


def test_a_step_keeps_what_was_typed_on_the_way(held: Consultation) -> None:
    client = Client()
    own = private(begin(client))
    with clock(MEANWHILE):
        answer = client.post(f"{own}answers/", answering({"text": "Typed.", "to": "about_you"}))
        assert answer["Location"] == f"{own}about-you/"
        assert "Typed." in client.get(f"{own}answers/").text


def test_what_was_typed_while_the_database_left_is_shown_to_take_along(held: Consultation) -> None:
    client = Client()
    own = private(begin(client))
    with clock(MEANWHILE), database_away():
        answer = client.post(f"{own}answers/", answering({"text": "Typed for an hour."}))
    assert answer.status_code == 503
    assert "Typed for an hour." in answer.text


def test_what_arrives_too_late_is_shown_to_take_along(held: Consultation) -> None:
    client = Client()
    own = private(begin(client))
    with clock(CLOSES + timedelta(minutes=16)):
        answer = client.post(f"{own}answers/", answering({"text": "Long words."}))
    assert answer.status_code == 409
    assert "Long words." in answer.text


def test_nobody_confirms_what_was_changed_meanwhile(held: Consultation) -> None:
    client = Client()
    own = contributing.sent(client)
    with clock(MEANWHILE):
        shown = client.get(link("intake.confirm")).context["digest"]
        client.post(f"{own}answers/", answering({"text": "Slipped in."}))
        refused = client.post(link("intake.confirm"), {"shown": shown})
        assert refused.status_code == 409
        assert "Slipped in." in refused.text
        assert counting.tally(held).received == 0
        assert client.post(link("intake.confirm")).status_code == 409


def test_what_was_received_cannot_be_emptied(held: Consultation) -> None:
    client = Client()
    own = contributing.received(client)
    question = held.questions.order_by("pk")[0]
    with clock(MEANWHILE):
        refused = client.post(f"{own}answers/", answering({f"answer_{question.pk}": ""}))
    assert refused.status_code == 422
    assert "Answer at least one question" in refused.text
    assert Contribution.objects.get().answers.count() == 1


def test_a_draft_is_reminded_once_before_the_closing(held: Consultation) -> None:
    for to in (Standing.DRAFT, Standing.SENT, Standing.AWAITING):
        make_contribution(held, to)
    fresh = make_contribution(held, Standing.DRAFT, at=CLOSES - DAY)
    duty = DUTIES[0]
    assert duty.do(CLOSES - 4 * DAY) == 0
    soon = CLOSES - DAY
    assert duty.count(soon) == 2
    assert [duty.do(soon), duty.do(soon)] == [2, 0]
    mails = Message.objects.filter(rule="intake.remind")
    assert mails.count() == 2
    assert not mails.filter(key__startswith=f"intake.remind/{fresh.pk}/").exists()
    assert "http://127.0.0.1:8000/example-group/contribute/" in mails[0].body
    assert duty.do(CLOSES) == 0


def test_what_nobody_confirmed_is_removed_in_time(held: Consultation) -> None:
    for to in (Standing.DRAFT, Standing.SENT, Standing.AWAITING):
        make_contribution(held, to)
    duty = DUTIES[1]
    assert duty.do(CLOSES + 29 * DAY) == 0
    assert duty.count(CLOSES + 30 * DAY) == 2
    assert [duty.do(CLOSES + 30 * DAY), duty.do(CLOSES + 30 * DAY)] == [2, 0]
    assert Contribution.objects.get().standing == Standing.AWAITING
    assert counting.kept(held) == counting.recount(held)


def test_a_late_window_is_opened_for_one_with_a_reason(
    held: Consultation, admin_user: User
) -> None:
    made, at, by = make_contribution(held), CLOSES + DAY, admin_user
    with pytest.raises(moderation.ReasonMissingError):
        late.open_window(made, at + DAY, " ", at=at, by=by)
    with pytest.raises(moderation.NotLaterError):
        late.open_window(made, at, "Ill.", at=at, by=by)
    with pytest.raises(moderation.NotReceivedError):
        gone = make_contribution(held, Standing.WITHDRAWN)
        late.open_window(gone, at + DAY, "Ill.", at=at, by=by)
    with pytest.raises(moderation.NoAddressError):
        on_paper = make_contribution(held, email="")
        late.open_window(on_paper, at + DAY, "Ill.", at=at, by=by)
    assert not ContributionEvent.objects.filter(what="late.open_window").exists()
    with pytest.raises(intake.ClosedError):
        intake.save(made, Change({"text": "x"}), at=at)
    late.open_window(made, at + DAY, "Ill on the day.", at=at, by=by)
    event = ContributionEvent.objects.get(what="late.open_window")
    assert (event.reason, event.by) == ("Ill on the day.", by)
    assert events.said(event) == "Late window opened"
    assert "Until 31 May 2026, 23:59 Geneva time" in Message.objects.get(
        rule="intake.late"
    ).body.replace("\xa0", " ")
    assert intake.save(made, Change({"text": "x"}), at=at).text == "x"
    with pytest.raises(intake.ClosedError):
        intake.save(made, Change({"text": "y"}), at=at + DAY)


def test_somebody_who_began_nothing_is_let_in_late(held: Consultation, admin_user: User) -> None:
    at = CLOSES + DAY
    late.invite(
        held, at + DAY, "Ministry asked.", name="Late Person",
        email="late@example.org", at=at, by=admin_user,
    )  # fmt: skip
    body = Message.objects.get(rule="intake.late").body
    own = body[body.index("http://127.0.0.1:8000") + 21 :].split()[0]
    client: Any = Client()
    with clock(at):
        assert "Late Person" in client.get(f"{own}about-you/").text
    with clock(at + DAY):
        assert client.get(f"{own}about-you/").status_code == 409


def test_a_former_address_leads_to_the_form_with_what_was_typed(
    held: Consultation, admin_user: User
) -> None:
    rounds.move_address(held, "moved", reason="Its name.", by=admin_user)
    for answer in (Client().get(contributing.BEGIN), begin(Client())):
        assert answer.status_code == 307  # a form that was sent is sent there again
        assert answer["Location"] == "/example-group/consultations/moved/contribute/"
    nowhere = contributing.BEGIN.replace("example-round", "never")
    assert Client().get(nowhere).status_code == 404


def test_a_draft_that_is_removed_while_it_is_saved_gives_back_what_was_typed(
    held: Consultation,
) -> None:
    own = private(begin(Client()))
    found = views.of_link

    def removed(slug: str, token: str) -> Contribution:
        made = found(slug, token)
        Contribution.objects.filter(pk=made.pk).delete()  # as run_due does it meanwhile
        return made

    with clock(MEANWHILE), patch.object(contributor, "of_link", removed):
        answer = Client().post(f"{own}answers/", answering({"text": "Words of mine."}))
    assert answer.status_code == 404
    assert "This draft was removed" in answer.text
    assert "Words of mine." in answer.text
