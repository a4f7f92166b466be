"""What came by e-mail or on paper: entered on its sender's behalf, received at once, marked so."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from consultations import counting, entry, reading
from consultations.models import Consultation, Standing
from cwg.accounts.models import User
from meetings.models import Message
from tests.consultations.making import CLOSES, MEANWHILE, OPENS, make_round

pytestmark = pytest.mark.django_db

LETTER = entry.Letter(
    "paper", date(2026, 3, 20), "She ticked “publish” on the printed form.",
    {
        "name": "Example Person", "email": "person@example.org", "language": "fr",
        "stakeholder_group": "academia", "publish_text": True, "publish_name": True,
    },
    ["Example Institute", "Example Society"],
)  # fmt: skip


def letter(round_: Consultation, **facts: Any) -> entry.Letter:
    question = round_.questions.get(position=2)
    return replace(LETTER, **{"answers": {question.pk: "Une réponse."}, **facts})


def person() -> User:
    return User.objects.create_user(email="staff@example.org", password=None)


def test_it_is_received_and_numbered_at_once_with_the_day_it_arrived() -> None:
    round_, by = make_round(), person()
    made = entry.enter(round_, letter(round_), at=MEANWHILE, by=by)
    assert (made.standing, made.number, made.reference) == (
        Standing.AWAITING, 1, "EG/OC-2026-03/1",
    )  # fmt: skip
    assert made.received_at == datetime(2026, 3, 20, 11, tzinfo=UTC)  # noon in Zurich
    assert reading.sender(made).entered == "On paper, entered by the secretariat"
    assert [str(each) for each in made.organisations.all()] == LETTER.organisations
    event = made.events.get()
    assert (event.what, event.by, event.reason) == (
        "entry.enter", by,
        "Consent as its sender gave it: She ticked “publish” on the printed form.",
    )  # fmt: skip
    assert event.snapshot is not None
    assert event.snapshot["answers"][0]["text"] == "Une réponse."
    assert counting.kept(round_) == counting.recount(round_)


def test_a_receipt_says_what_is_published_and_goes_to_a_known_address_only() -> None:
    round_, by = make_round(), person()
    entry.enter(round_, letter(round_), at=MEANWHILE, by=by)
    mail = Message.objects.get()
    assert (mail.to, mail.rule) == ("person@example.org", "entry.receipt")
    assert "As you said, we publish your name, your text." in mail.body
    unknown = {**LETTER.facts, "email": ""}
    entry.enter(round_, letter(round_, facts=unknown), at=MEANWHILE, by=by)
    assert Message.objects.count() == 1


def test_what_comes_late_needs_a_word_on_why_it_is_taken() -> None:
    round_, by = make_round(), person()
    late = letter(round_, arrived_on=CLOSES.date() + timedelta(days=1))
    after = CLOSES + timedelta(days=5)
    with pytest.raises(entry.LateError):
        entry.enter(round_, late, at=after, by=by)
    # on the day of the closing it came in time, whatever the clock said
    entry.enter(round_, letter(round_, arrived_on=CLOSES.date()), at=after, by=by)
    made = entry.enter(round_, replace(late, late_reason="The post."), at=after, by=by)
    assert made.events.get().reason.endswith("\nTaken after the closing: The post.")


@pytest.mark.parametrize(
    ("facts", "error"),
    [
        ({"arrived_on": OPENS.date() - timedelta(days=1)}, entry.NotBegunError),
        ({"arrived_on": MEANWHILE.date() + timedelta(days=1)}, entry.NotArrivedError),
        ({"answers": {}}, entry.NothingSaidError),
        ({"organisations": [], "facts": {"text": "Text."}}, entry.NobodyError),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(facts: Any, error: type[Exception]) -> None:
    round_, by = make_round(), person()
    with pytest.raises(error):
        entry.enter(round_, letter(round_, **facts), at=MEANWHILE, by=by)
    assert not round_.contributions.exists()


def test_nothing_comes_to_a_round_that_has_not_opened() -> None:
    round_, by = make_round(), person()
    before = OPENS - timedelta(hours=1)
    with pytest.raises(entry.NotBegunError):
        entry.enter(round_, letter(round_, arrived_on=before.date()), at=before, by=by)
