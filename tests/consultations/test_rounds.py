"""A round as the secretariat moves it: launched, announced, extended, corrected, moved."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from consultations import following, rounds
from consultations.following import Words
from consultations.models import Consultation, FormerAddress, Subscription
from consultations.models.consultation import State
from cwg.accounts.models import User
from meetings.models import Meeting, Message, Outcome, Topic
from meetings.promises import State as Promised
from meetings.promises import standing
from tests.consultations.making import CLOSES, MEANWHILE, OPENS, make_group, make_round

pytestmark = pytest.mark.django_db

BEFORE = OPENS - timedelta(days=10)
UNTIL = CLOSES + timedelta(days=7)


@pytest.fixture
def by() -> User:
    return User.objects.create_user(email="staff@example.org", password=None)


@pytest.fixture
def decision() -> Outcome:
    """A launch that a meeting promised, on two topics in their order."""
    group = make_group()
    held = Meeting.objects.create(
        group=group, ordinal=1, first_day=date(2026, 1, 20), last_day=date(2026, 1, 20)
    )
    made = Outcome.objects.create(
        meeting=held, kind="would_launch", position=1, window_from=date(2026, 3, 1),
        window_to=date(2026, 5, 1),
    )  # fmt: skip
    for place, key in enumerate(("second", "first"), 1):
        topic = Topic.objects.create(group=group, key=key, title={"en": f"The {key} topic"})
        made.outcome_topics.create(topic=topic, position=place)
    return made


def launched(decision: Outcome, by: User, **facts: Any) -> Consultation:
    told: dict[str, Any] = {
        "slug": "a-round",
        "key": "2026-03",
        "opens_at": OPENS,
        "closes_at": CLOSES,
    }
    return rounds.launch(decision, rounds.Launch(**told | facts), by=by)


# Launch


def test_a_decision_fills_a_new_round(decision: Outcome, by: User) -> None:
    told = rounds.proposed(decision)
    assert told == rounds.Launch(
        "second-2026", "2026-03", {"en": "March 2026 – May 2026"}, opens_month=date(2026, 3, 1),
        closes_month=date(2026, 5, 1),
    )  # fmt: skip
    made = rounds.launch(decision, told, by=by)
    assert [each.topic.key for each in made.consultation_topics.all()] == ["second", "first"]
    assert (made.decided_by, made.state(BEFORE)) == (decision, State.PREPARED)
    assert standing(decision, date(2026, 3, 2)).state == Promised.OPEN


def test_a_decision_launches_one_round(decision: Outcome, by: User) -> None:
    made = launched(decision, by)
    with pytest.raises(rounds.LaunchedAlreadyError) as refused:
        launched(decision, by, slug="another", key="2026-04")
    assert refused.value.consultation == made


def test_what_another_round_has_is_taken(decision: Outcome, by: User) -> None:
    other = make_round(decision.meeting.group, slug="second-2026", key="2026-03")
    FormerAddress.objects.create(group=other.group, slug="second-2026-2", consultation=other)
    assert rounds.proposed(decision).slug == "second-2026-3"
    assert rounds.proposed(decision).key == "2026-03-2"
    for facts in ({"key": "2026-03"}, {"key": "x", "slug": "second-2026-2"}):
        with pytest.raises(rounds.TakenError):
            launched(decision, by, **facts)


def test_only_a_launch_launches(decision: Outcome, by: User) -> None:
    decision.kind = "noted"
    with pytest.raises(rounds.NoLaunchError):
        launched(decision, by)


# Announce


def follow(round_: Consultation, email: str, **facts: Any) -> None:
    Subscription.objects.create(
        **{
            "group": round_.group, "what": "consultations", "email": email, "asked_at": BEFORE,
            "confirmed_at": BEFORE, **facts,
        }
    )  # fmt: skip


def test_announcing_mails_once_and_settles_the_promise_on_the_opening(
    decision: Outcome, by: User
) -> None:
    made = launched(decision, by)
    topic = made.consultation_topics.all()[0].topic
    follow(made, "all@example.org")
    follow(made, "ALL@example.org", what="topic", topic=topic)
    follow(made, "topic@example.org", what="topic", topic=topic)
    follow(made, "unconfirmed@example.org", confirmed_at=None)
    follow(made, "gone@example.org", ended_at=BEFORE)
    follow(made, "meetings@example.org", what="meetings")
    made = rounds.announce(made, at=BEFORE, by=by)
    assert made.state(BEFORE) == State.ANNOUNCED
    assert sorted(Message.objects.values_list("to", flat=True)) == [
        "all@example.org", "topic@example.org",
    ]  # fmt: skip
    mail = Message.objects.all()[0]
    said = mail.body.replace("\u00a0", " ")
    assert "The second topic" in mail.subject
    assert "2 March 2026, 09:00 Geneva time" in said
    assert "29 May 2026, 23:59 Geneva time" in said
    settled = Outcome.objects.get(pk=decision.pk).settlement
    assert (settled.how, settled.on, settled.source) == (
        "kept", date(2026, 3, 2), "/example-group/consultations/a-round/",
    )  # fmt: skip
    days = {date(2026, 3, 1): Promised.OPEN, date(2026, 3, 2): Promised.KEPT}
    assert {day: standing(decision, day).state for day in days} == days
    with pytest.raises(rounds.AnnouncedAlreadyError):
        rounds.announce(made, at=BEFORE, by=by)
    assert Message.objects.count() == 2


@pytest.mark.parametrize(
    ("facts", "at"),
    [
        ({"closes_at": None, "closes_month": date(2026, 5, 1)}, BEFORE),
        ({"opens_at": None, "opens_month": date(2026, 3, 1)}, BEFORE),
        ({}, CLOSES),
    ],
)
def test_what_is_not_ready_is_not_announced(
    decision: Outcome, by: User, facts: Any, at: datetime
) -> None:
    made = launched(decision, by, **facts)
    with pytest.raises(rounds.NotReadyError):
        rounds.announce(made, at=at, by=by)
    assert not hasattr(Outcome.objects.get(pk=decision.pk), "settlement")


def test_a_round_that_no_meeting_decided_settles_nothing(by: User) -> None:
    made = rounds.announce(make_round(announced_at=None), at=BEFORE, by=by)
    assert made.announced_at == BEFORE


# Extend


def extend(round_: Consultation, by: User, until: datetime = UNTIL, **facts: Any) -> Any:
    told: dict[str, Any] = {
        "decided_by": {"en": "the Chair"}, "decided_on": MEANWHILE.date(),
        "reason": "Translations take time.", "at": MEANWHILE, **facts,
    }  # fmt: skip
    return rounds.extend(round_, until, by=by, **told)


def test_an_extension_moves_the_closing_is_public_and_is_told(by: User, client: Any) -> None:
    round_ = make_round()
    follow(round_, "all@example.org")
    made = extend(round_, by)
    round_.refresh_from_db()
    assert (made.was, round_.closed_from, round_.closes_at) == (CLOSES, UNTIL, CLOSES)
    said = Message.objects.get().body.replace("\u00a0", " ")
    sentence = (
        "Extended from 29 May 2026, 23:59 Geneva time to 5 June 2026, 23:59 Geneva time. "
        "Decided by the Chair on 1 April 2026: Translations take time."
    )
    assert "5 June 2026, 23:59 Geneva time" in said
    page = client.get("/example-group/consultations/example-round/").content.decode()
    assert sentence in page.replace("\u00a0", " ")
    again = extend(round_, by, UNTIL + timedelta(days=1))
    assert again.was == UNTIL


def test_what_will_be_mailed_is_what_is_mailed_and_looking_leaves_nothing(by: User) -> None:
    round_ = make_round(announced_at=None)
    follow(round_, "all@example.org")
    shown = following.announced_words(round_, BEFORE)
    rounds.announce(round_, at=BEFORE, by=by)
    mail = Message.objects.get()
    assert said_in(mail) == shown
    round_.refresh_from_db()
    told = {"en": "the Chair"}
    ready = rounds.extension(round_, UNTIL, told, MEANWHILE.date(), "Translations.")
    shown = following.extended_words(ready, MEANWHILE)
    assert not round_.extensions.exists()
    assert Message.objects.count() == Subscription.objects.count() == 1
    extend(round_, by, reason="Translations.")
    mail = Message.objects.exclude(pk=mail.pk).get()
    # a subject is one line of plain spaces
    assert said_in(mail) == replace(shown, subject=shown.subject.replace("\xa0", " "))


def said_in(mail: Message) -> Words:
    """Return what a mail says, without the line on how it is ended."""
    return Words(mail.subject, mail.body.partition("\n\n-- \n")[0])


@pytest.mark.parametrize(
    ("facts", "error"),
    [
        ({"until": CLOSES}, rounds.NotLaterError),
        ({"until": datetime(2026, 6, 4, 22, tzinfo=UTC)}, rounds.BareMidnightError),
        ({"reason": " "}, rounds.ReasonMissingError),
        ({"decided_on": MEANWHILE.date() + timedelta(days=1)}, rounds.DayError),
        ({"at": UNTIL}, rounds.PassedError),
    ],
)
def test_what_extends_nothing_is_refused(facts: Any, error: type[Exception], by: User) -> None:
    round_ = make_round()
    with pytest.raises(error):
        extend(round_, by, **facts)
    assert not round_.extensions.exists()
    assert not Message.objects.exists()


def test_a_midnight_is_refused_with_the_minute_before() -> None:
    round_ = make_round()
    midnight = datetime(2026, 6, 4, 22, tzinfo=UTC)
    with pytest.raises(rounds.BareMidnightError) as refused:
        rounds.refuse_midnight(round_.moment(midnight))
    assert str(refused.value).replace("\u00a0", " ") == (
        "Nobody knows of which day 00:00 is the midnight. Close at 23:59 of the day before: "
        "4 June 2026, 23:59 Geneva time."
    )


def test_what_nobody_was_told_is_not_extended(by: User) -> None:
    with pytest.raises(rounds.NotAnnouncedError):
        extend(make_round(announced_at=None), by)


def test_an_extension_of_the_past_is_recorded_and_told_to_nobody(by: User) -> None:
    round_ = make_round(announced_at=None, record_incomplete=True)
    follow(round_, "all@example.org")
    extend(round_, by, at=UNTIL + timedelta(days=400))
    round_.refresh_from_db()
    assert (round_.closed_from, Message.objects.count()) == (UNTIL, 0)


# Correct


def test_a_corrected_opening_takes_its_settlement_along(decision: Outcome, by: User) -> None:
    made = rounds.announce(launched(decision, by), at=BEFORE, by=by)
    opens = OPENS + timedelta(days=1)
    rounds.correct(made, opens, CLOSES, reason="A slip.", at=BEFORE, by=by)
    made.refresh_from_db()
    assert (made.opens_at, made.closes_at) == (opens, CLOSES)
    assert Outcome.objects.get(pk=decision.pk).settlement.on == date(2026, 3, 3)


@pytest.mark.parametrize(
    ("facts", "error"),
    [
        ({"reason": ""}, rounds.ReasonMissingError),
        ({"opens_at": OPENS + timedelta(days=1)}, rounds.OpenedAlreadyError),
        ({"closes_at": MEANWHILE}, rounds.PassedError),
        ({"closes_at": datetime(2026, 6, 4, 22, tzinfo=UTC)}, rounds.BareMidnightError),
        ({"at": BEFORE, "opens_at": CLOSES}, rounds.OpensFirstError),
    ],
)
def test_what_corrects_nothing_is_refused(facts: Any, error: type[Exception], by: User) -> None:
    round_ = make_round()
    told = {"opens_at": OPENS, "closes_at": CLOSES, "reason": "A slip.", "at": MEANWHILE} | facts
    with pytest.raises(error):
        rounds.correct(round_, by=by, **told)


def test_what_was_extended_is_extended_again_and_not_corrected(by: User) -> None:
    round_ = make_round()
    extend(round_, by)
    with pytest.raises(rounds.ExtendedError):
        rounds.correct(
            round_, OPENS, CLOSES + timedelta(days=1), reason="A slip.", at=MEANWHILE, by=by
        )


# Address


def test_an_address_that_was_public_leads_to_the_new_one(by: User, client: Any) -> None:
    round_ = make_round()
    rounds.move_address(round_, "new", reason="The topic’s name.", by=by)
    old = client.get("/example-group/consultations/example-round/")
    assert (old.status_code, old["Location"]) == (301, "/example-group/consultations/new/")
    rounds.move_address(round_, "example-round", reason="Back again.", by=by)
    assert [each.slug for each in FormerAddress.objects.all()] == ["new"]
    other = make_round(round_.group, slug="other", key="2026-04")
    for taken in ("new", "example-round"):
        with pytest.raises(rounds.TakenError):
            rounds.move_address(other, taken, reason="A wish.", by=by)
    with pytest.raises(rounds.ReasonMissingError):
        rounds.move_address(other, "free", reason="", by=by)


def test_an_address_that_nobody_saw_leaves_nothing(by: User) -> None:
    rounds.move_address(make_round(announced_at=None), "new", reason="A slip.", by=by)
    assert not FormerAddress.objects.exists()


def test_a_time_that_the_clock_skips_is_refused() -> None:
    day = date(2026, 3, 29)
    with pytest.raises(ValueError, match="skips this time"):
        rounds.local("Europe/Zurich", day, time(2, 30))
    assert rounds.local("Europe/Zurich", day, rounds.LAST_MINUTE) == datetime(
        2026, 3, 29, 21, 59, tzinfo=UTC
    )
