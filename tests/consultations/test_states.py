"""Where a round stands is told by the clock and its own dates, and a list and a page agree."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from consultations.models import Consultation, Extension
from consultations.models.consultation import State
from tests.consultations.making import CLOSES, MEANWHILE, OPENS, make_group, make_round

LONG_AFTER = datetime(2030, 1, 1, tzinfo=UTC)
UNKNOWN: dict[str, Any] = {"opens_at": None, "closes_at": None, "announced_at": None}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("facts", "at", "state"),
    [
        ({}, OPENS - timedelta(days=30), State.PREPARED),
        ({}, OPENS - timedelta(seconds=1), State.ANNOUNCED),
        ({}, OPENS, State.OPEN),
        ({}, CLOSES - timedelta(seconds=1), State.OPEN),
        ({}, CLOSES, State.CLOSED),
        ({"announced_at": None}, OPENS - timedelta(days=1), State.PREPARED),
        ({**UNKNOWN, "record_incomplete": True}, LONG_AFTER, State.DECIDED),
        (UNKNOWN, LONG_AFTER, State.PREPARED),
        # known only by month, it is closed when that month has ended in the group's zone
        (
            {**UNKNOWN, "closes_month": date(2026, 5, 1)},
            datetime(2026, 5, 31, 22, tzinfo=UTC), State.CLOSED,
        ),
        (
            {**UNKNOWN, "opens_month": date(2026, 3, 1), "closes_month": date(2026, 5, 1)},
            datetime(2026, 5, 31, 21, 59, tzinfo=UTC), State.OPEN,
        ),
        (
            {**UNKNOWN, "closes_day": date(2026, 5, 29), "opens_day": date(2026, 5, 29)},
            datetime(2026, 5, 28, 22, tzinfo=UTC), State.OPEN,
        ),
    ],
)  # fmt: skip
def test_its_state_at_an_instant(facts: dict[str, Any], at: datetime, state: State) -> None:
    made = make_round(**facts)
    assert made.state(at) == state
    listed = {each: list(Consultation.objects.in_state(each, at)) for each in State}
    assert listed == {each: [made] if each == state else [] for each in State}


def test_an_extension_moves_its_closing_everywhere(db: None) -> None:
    made = make_round()
    later = CLOSES + timedelta(days=7)
    moved = Extension.objects.create(
        consultation=made, was=CLOSES, now=later, decided_on=MEANWHILE.date(),
        decided_by={"en": "the Chair"}, reason="For translation.",
    )  # fmt: skip
    made.refresh_from_db()
    assert made.closed_from == later
    assert made.state(CLOSES) == State.OPEN
    assert list(Consultation.objects.open(CLOSES)) == [made]
    assert made.deadline().now.at == later
    moved.delete()
    made.refresh_from_db()
    assert made.closed_from == CLOSES
    assert list(Consultation.objects.open(CLOSES)) == []


def test_a_round_known_by_days_follows_the_zone_of_its_group(db: None) -> None:
    group = make_group()
    made = make_round(group, **UNKNOWN | {"closes_day": date(2026, 5, 29)})
    assert made.closed_from == datetime(2026, 5, 29, 22, tzinfo=UTC)
    group.zone = "Africa/Abidjan"
    group.save()
    made.refresh_from_db()
    assert made.closed_from == datetime(2026, 5, 30, tzinfo=UTC)


def test_everybody_reads_what_is_announced_and_the_archive(db: None) -> None:
    group = make_group()
    make_round(group, slug="prepared", key="1", announced_at=None)
    announced = make_round(group, slug="announced", key="2")
    past = make_round(group, slug="past", key="3", **UNKNOWN, record_incomplete=True)
    assert list(Consultation.objects.public()) == [announced, past]
