"""What the secretariat's home shows of open consultations, for whom."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consultations import moderation
from consultations.models import Consultation
from cwg.accounts.models import User
from cwg.cockpit import cockpit
from meetings.models import WorkingGroup
from tests.consultations.making import (
    CLOSES,
    MEANWHILE,
    OPENS,
    make_contribution,
    make_group,
    make_round,
)
from tests.test_cockpit import told
from tests.two_groups import make_person

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def group(db: None) -> WorkingGroup:
    return make_group()


def seen(user: User, at: Any) -> Any:
    return told(cockpit(User.objects.get(pk=user.pk), at, None))


def test_what_awaits_is_told_by_round_the_oldest_first(group: WorkingGroup) -> None:
    lead = make_person(group, "lead")
    second = make_round(group, slug="second", key="2026-04")
    first = make_round(group)
    make_contribution(first, at=MEANWHILE)
    for place in range(3):
        make_contribution(second, at=MEANWHILE - (3 - place) * DAY)
    assert seen(lead, MEANWHILE + 4 * DAY)["contributions"] == [
        ("3 contributions await", "the oldest for 7 days", "Late", "Moderate"),
        ("1 contribution awaits", "for 4 days", "Awaiting", "Moderate"),
    ]


def test_a_refusal_waits_for_a_second_person_and_not_for_who_proposed_it(
    group: WorkingGroup,
) -> None:
    lead, editor = make_person(group, "lead"), make_person(group, "editor")
    made = make_contribution(make_round(group))
    moderation.propose_to_decline(made, "Off the topic.", at=MEANWHILE, by=editor)
    row = "1 contribution to be declined"
    assert seen(lead, MEANWHILE)["contributions"][0] == (row, "", "Second person", "Confirm or not")
    assert seen(editor, MEANWHILE)["contributions"][0] == (row, "", "With a second person", "")


def test_rounds_to_be_announced_and_those_that_close_within_days(group: WorkingGroup) -> None:
    lead = make_person(group, "lead")
    made = make_round(group, announced_at=None)
    title = f"An example topic of {made.key}"
    assert seen(lead, OPENS - 3 * DAY)["rounds"] == [
        (f"To be announced: {title}", "opens 2 March 2026, 09:00 Geneva time, in 3 days",
         "Not announced", "Announce it"),
    ]  # fmt: skip
    assert seen(lead, OPENS + DAY)["rounds"][0][1:3] == (
        "was to open 2 March 2026, 09:00 Geneva time, yesterday", "Late",
    )  # fmt: skip
    made.announced_at = OPENS
    made.save()
    assert "rounds" not in seen(lead, CLOSES - 8 * DAY)
    assert seen(lead, CLOSES - 6 * DAY)["rounds"] == [
        (f"Closes: {title}", "29 May 2026, 23:59 Geneva time, in 6 days", "Closes soon",
         "Extend it"),
    ]  # fmt: skip
    assert "rounds" not in seen(lead, CLOSES)


def test_a_round_of_the_past_and_one_without_dates_need_no_act(group: WorkingGroup) -> None:
    lead = make_person(group, "lead")
    make_round(group, announced_at=None, record_incomplete=True)
    make_round(group, slug="b", key="b", announced_at=None, opens_at=None, closes_at=None)
    assert seen(lead, OPENS) == {}


def test_who_does_not_moderate_is_told_nothing(group: WorkingGroup) -> None:
    make_contribution(make_round(group, announced_at=None))
    other = make_person(make_group("other"), "lead")
    for user in (make_person(group, "reader"), make_person(group, "chair"), other):
        assert seen(user, OPENS) == {}


def test_the_number_of_queries_is_fixed(group: WorkingGroup) -> None:
    lead = make_person(group, "lead")

    def fill(number: int) -> Consultation:
        made = make_round(group, slug=f"s{number}", key=f"k{number}", closes_at=MEANWHILE + DAY)
        make_round(group, slug=f"t{number}", key=f"l{number}", announced_at=None)
        for _ in range(number):
            row = make_contribution(made)
        moderation.propose_to_decline(row, "No.", at=MEANWHILE, by=make_person(None, f"n{number}"))
        return made

    def asked() -> int:
        user = User.objects.get(pk=lead.pk)
        with CaptureQueriesContext(connection) as queries:
            cockpit(user, MEANWHILE, None)
        return len(queries)

    fill(1)
    few = asked()
    for number in range(2, 6):
        fill(number)
    assert (few, asked()) == (34, 34)
