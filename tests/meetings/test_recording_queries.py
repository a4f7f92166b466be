"""How often the page on which a meeting is recorded asks the database."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from meetings.forms.outcomes import CHECKS
from meetings.models import Document, Meeting, Outcome, Session, Topic, WorkingGroup
from tests.meetings.test_recording import fields, page


@pytest.fixture
def held(group: WorkingGroup) -> Meeting:
    """A meeting after those of the demo record."""
    return Meeting.objects.create(
        group=group, ordinal=24, first_day=date(2026, 3, 2), last_day=date(2026, 3, 2)
    )


def fill(meeting: Meeting, outcomes: int) -> None:
    """Record as many outcomes, each with everything that is chosen from a list."""
    promise = Outcome.objects.get(meeting__ordinal=21, position=1)
    topic, session = Topic.objects.get(key="lldcs"), Session.objects.get(key="pp-26")
    item = meeting.agenda_items.create(position=1, title={"en": "Opening"})
    document = Document.objects.create(
        group=meeting.group, key="c24", number="24/1", meeting=meeting, title={"en": "A paper"}
    )
    for position in range(1, outcomes + 1):
        facts: dict[str, Any] = {
            "kind": "launched", "follows": promise, "window_from": promise.window_from,
            "window_to": promise.window_to,
        }  # fmt: skip
        if position % 2:
            facts = {"kind": "summary", "session": session, "follows": promise}
        outcome = Outcome.objects.create(
            meeting=meeting, position=position, agenda_item=item, **facts
        )
        outcome.outcome_topics.create(topic=topic, position=1)
        outcome.points.create(position=1, text={"en": "A part"})
        outcome.documents.add(document)


def asked(client: Client, meeting: Meeting, sent: dict[str, Any], **headers: str) -> int:
    connection.queries_log.clear()
    with CaptureQueriesContext(connection) as queries:
        answer = client.post(page(meeting), sent, headers=headers)
    assert answer.status_code == (200 if headers else 302)
    return len(queries)


@pytest.mark.parametrize("outcomes", [5, 50])
def test_a_preview_asks_as_often_for_many_outcomes(
    as_secretary: Client, held: Meeting, outcomes: int
) -> None:
    fill(held, outcomes)
    assert asked(as_secretary, held, fields(as_secretary, held), **{"X-Preview": "1"}) == 34


@pytest.mark.parametrize("outcomes", [5, 50])
def test_an_outcome_that_changed_is_checked_in_one_question(
    as_secretary: Client, held: Meeting, outcomes: int
) -> None:
    """Which is a savepoint, the question, and the end of the savepoint."""
    fill(held, outcomes)
    sent = fields(as_secretary, held)
    for place in range(outcomes):
        sent[f"outcomes-{place}-points"] = ["Another part"]
    assert asked(as_secretary, held, sent, **{"X-Preview": "1"}) == 34 + 3 * outcomes


def test_what_stands_is_saved_again_with_few_questions(as_secretary: Client, held: Meeting) -> None:
    """One of the six for each outcome notes it for the index of what is found."""
    fill(held, 50)
    assert asked(as_secretary, held, fields(as_secretary, held)) == 38 + 6 * 50


def test_every_rule_of_an_outcome_is_asked_at_once() -> None:
    """One of another kind would pass the form unasked."""
    assert Outcome._meta.constraints == CHECKS
