"""A launch that was kept is offered, ready written, where the next meeting is recorded."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client

from meetings import settling
from meetings.models import Meeting, Outcome, WorkingGroup
from meetings.settling import Settling
from tests.meetings.test_recording import fields, page

pytestmark = pytest.mark.django_db


@pytest.fixture
def promise(group: WorkingGroup) -> Outcome:
    """The launch of the demo record that nobody confirmed."""
    return Outcome.objects.get(meeting__ordinal=21, position=1)


@pytest.fixture
def next_meeting(group: WorkingGroup) -> Meeting:
    """A meeting after those of the demo record."""
    day = date(2026, 3, 2)
    return Meeting.objects.create(group=group, ordinal=24, first_day=day, last_day=day)


def keep(promise: Outcome, on: date) -> None:
    settling.settle(Settling(promise, "kept", on=on, fact="It opened.", source="Its page."))


def test_it_is_recorded_where_it_is_taken(
    as_secretary: Client, promise: Outcome, next_meeting: Meeting
) -> None:
    keep(promise, date(2026, 3, 2))
    shown = as_secretary.get(page(next_meeting))
    sentence = shown.context["offers"][0][1]
    assert "launched" in sentence
    sent = fields(as_secretary, next_meeting)
    as_secretary.post(page(next_meeting), sent)
    assert not next_meeting.outcomes.exists()  # it is offered, not recorded by itself
    taken = sent | {f"offer-{promise.pk}-take": ["on"]}
    preview = as_secretary.post(page(next_meeting), taken | {"preview": ["1"]})
    assert "launched" in str(preview.context["paragraph"])
    as_secretary.post(page(next_meeting), taken)
    made = next_meeting.outcomes.get()
    assert (made.kind, made.follows, made.window_from) == (
        "launched", promise, promise.window_from,
    )  # fmt: skip
    assert [each.topic for each in made.outcome_topics.all()] == [
        each.topic for each in promise.outcome_topics.all()
    ]
    assert as_secretary.get(page(next_meeting)).context["offers"] == []


def test_nothing_is_offered_before_it_was_kept_or_where_a_later_outcome_tells_it(
    as_secretary: Client, promise: Outcome, next_meeting: Meeting
) -> None:
    assert as_secretary.get(page(next_meeting)).context["offers"] == []
    keep(promise, next_meeting.last_day + timedelta(days=1))
    assert as_secretary.get(page(next_meeting)).context["offers"] == []
    for ordinal in (20, 21):
        earlier = Meeting.objects.get(group=next_meeting.group, ordinal=ordinal, series="own")
        assert as_secretary.get(page(earlier)).context["offers"] == []
