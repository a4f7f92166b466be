"""What the secretariat does with a contribution, and what it is refused."""

from __future__ import annotations

import pytest

from consultations import counting, moderation
from consultations.models import Standing
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
