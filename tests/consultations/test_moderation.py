"""What the secretariat does with a contribution, and what it is refused."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from consultations import counting, events, moderation, reading
from consultations.intake_mails import own_page
from consultations.models import Contribution, Standing
from consultations.views.receipt import HAPPENED
from cwg.accounts.models import User
from meetings.models import Message
from tests.consultations.making import MEANWHILE, make_contribution, make_round

pytestmark = pytest.mark.django_db


def person(name: str) -> User:
    return User.objects.create_user(email=f"{name}@example.org", password=None)


def test_publishing_is_kept_counted_and_done_once() -> None:
    made, by = make_contribution(make_round()), person("first")
    moderation.publish(made, at=MEANWHILE, by=by)
    assert counting.kept(made.consultation) == counting.recount(made.consultation)
    assert made.events.latest("pk").by == by
    with pytest.raises(moderation.DoneAlreadyError):
        moderation.publish(made, at=MEANWHILE, by=by)


def test_what_asked_not_to_be_published_is_only_passed_on() -> None:
    made, by = make_contribution(make_round(), publish_text=False), person("first")
    with pytest.raises(moderation.NoConsentError):
        moderation.publish(made, at=MEANWHILE, by=by)
    assert moderation.pass_on(made, at=MEANWHILE, by=by).standing == Standing.PASSED


def test_a_second_person_declines_and_the_reason_is_mailed() -> None:
    made, first, second = make_contribution(make_round()), person("first"), person("second")
    moderation.propose_to_decline(made, "Off the topic.", at=MEANWHILE, by=first)
    with pytest.raises(moderation.SamePersonError):
        moderation.confirm_decline(made, at=MEANWHILE, by=first)
    assert not Message.objects.exists()
    declined = moderation.confirm_decline(made, at=MEANWHILE, by=second)
    assert declined.standing == Standing.DECLINED
    assert "Off the topic." in Message.objects.get().body


def test_merging_is_undone_by_taking_it_back() -> None:
    round_, by = make_round(), person("first")
    made, other = make_contribution(round_), make_contribution(round_)
    moderation.merge(made, other, at=MEANWHILE, by=by)
    with pytest.raises(moderation.NotTogetherError):
        moderation.merge(other, made, at=MEANWHILE, by=by)
    back = moderation.take_back(made, "Two different texts.", at=MEANWHILE, by=by)
    assert (back.standing, back.merged_into) == (Standing.AWAITING, None)


def test_only_words_that_stand_there_are_redacted() -> None:
    made, by = make_contribution(make_round()), person("first")
    with pytest.raises(moderation.NotInTextError):
        moderation.redact(made, "other words", "A name.", at=MEANWHILE, by=by)
    moderation.redact(made, "example answer", "A name.", at=MEANWHILE, by=by)
    assert made.answers.get().text == "An example answer."


def test_nothing_unconfirmed_is_acted_on() -> None:
    made, by = make_contribution(make_round(), Standing.SENT), person("first")
    with pytest.raises(moderation.NotReceivedError):
        moderation.publish(made, at=MEANWHILE, by=by)


def test_several_are_published_all_or_none() -> None:
    round_, by = make_round(), person("first")
    made = [make_contribution(round_) for _ in range(3)]
    refused = make_contribution(round_, publish_text=False)
    with pytest.raises(moderation.NoConsentError):
        moderation.publish_all([*made, refused], at=MEANWHILE, by=by)
    assert counting.tally(round_).published == 0
    moderation.publish_all(made, at=MEANWHILE, by=by)
    assert counting.tally(round_) == counting.Tally(awaiting=1, published=3)
    assert counting.kept(round_) == counting.recount(round_)


def test_a_contributor_is_asked_by_mail_with_their_private_link() -> None:
    made, by = make_contribution(make_round()), person("first")
    with pytest.raises(moderation.ReasonMissingError):
        moderation.ask(made, "  ", at=MEANWHILE, by=by)
    moderation.ask(made, "For whom do you write?", at=MEANWHILE, by=by)
    mail = Message.objects.get()
    assert (mail.to, mail.rule, mail.private) == ("person@example.org", "moderation.ask", True)
    assert mail.body == (
        "The secretariat asks about your contribution EG/OC-2026-03/1:\n\nFor whom do you write?\n\n"
        f"{own_page(made)}\n"
    )
    event = made.events.latest("pk")
    assert (event.what, event.reason, event.by) == ("moderation.ask", "For whom do you write?", by)


def test_nobody_is_asked_without_an_address() -> None:
    made, by = make_contribution(make_round(), email=""), person("first")
    with pytest.raises(moderation.NoAddressError):
        moderation.ask(made, "For whom?", at=MEANWHILE, by=by)
    assert not Message.objects.exists()


def test_a_file_is_withheld_and_released() -> None:
    made, by = make_contribution(make_round()), person("first")
    file = made.attachments.create(
        name="paper.pdf", kind="pdf", path="p", size=1, sha256="0", added_at=MEANWHILE
    )
    with pytest.raises(moderation.ReasonMissingError):
        moderation.withhold(file, "", at=MEANWHILE, by=by)
    assert moderation.withhold(file, "A photograph.", at=MEANWHILE, by=by).withheld_for
    assert not moderation.release(file, "It is free.", at=MEANWHILE, by=by).withheld_for
    assert [(each.what, each.reason) for each in made.events.order_by("-pk")[:2]] == [
        ("moderation.release", "It is free."), ("moderation.withhold", "A photograph."),
    ]  # fmt: skip


def test_a_proposal_to_decline_is_rejected_with_a_reason() -> None:
    made, first, second = make_contribution(make_round()), person("first"), person("second")
    with pytest.raises(moderation.NotProposedError):
        moderation.reject_decline(made, "It is on the topic.", at=MEANWHILE, by=second)
    moderation.propose_to_decline(made, "Off the topic.", at=MEANWHILE, by=first)
    moderation.reject_decline(made, "It is on the topic.", at=MEANWHILE, by=second)
    with pytest.raises(moderation.NotProposedError):
        moderation.confirm_decline(made, at=MEANWHILE, by=second)
    made.refresh_from_db()
    assert made.standing == Standing.AWAITING


def test_one_person_declines_alone_only_where_the_setting_allows_it(settings: Any) -> None:
    made, by = make_contribution(make_round()), person("first")
    with pytest.raises(moderation.SecondPersonError):
        moderation.decline_alone(made, "Off the topic.", at=MEANWHILE, by=by)
    settings.DECLINE_ALONE = True
    moderation.decline_alone(made, "Off the topic.", at=MEANWHILE, by=by)
    assert made.events.latest("pk").what == "moderation.decline_alone"
    assert Message.objects.get().rule == "moderation.decline_alone"


def test_a_passage_is_found_by_its_words_and_restored() -> None:
    said = "Call me:\r\n555\r\n0100, or 555 0100."
    made, by = make_contribution(make_round(), answers={1: said}), person("first")
    found = moderation.redact(made, "555 0100", "A number.", at=MEANWHILE, by=by)
    assert sorted(each.passage for each in found) == ["555\r\n0100", "555 0100"]
    mark = reading.REDACTED
    assert public_answer(made) == f"Call me:\r\n{mark}, or {mark}."
    for each in found:
        moderation.restore(each, "Its owner wants it so.", at=MEANWHILE, by=by)
    assert public_answer(made) == said


def public_answer(made: Contribution) -> str:
    return "".join(each.text for each in reading.public(made).answers[0].pieces)


def test_every_act_of_a_history_has_words_and_no_other() -> None:
    # an act is named where it is kept; beside it stand the rules of mails
    named = re.compile(r'(?<!rule=)"((?:intake|entry|moderation|late)\.[a-z_]+)"')
    room = Path(__file__).parents[2] / "consultations"
    written = {act for file in room.glob("*.py") if file.name != "events.py"
               for act in named.findall(file.read_text(encoding="utf-8"))}  # fmt: skip
    assert set(events.WORDS) == written
    assert set(HAPPENED) <= written
