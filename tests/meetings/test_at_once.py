"""Two people change a group's record at the same moment; who only names a locked row does not wait."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from meetings import recording, settling
from meetings.models import Document, Meeting, Officer, Outcome, Settlement, Topic, WorkingGroup
from meetings.recording import Draft, record_outcomes
from meetings.settling import Settling, settle
from tests.at_once import Stop, at_once, shared

pytestmark = pytest.mark.django_db(transaction=True)


def promise(group: WorkingGroup) -> Outcome:
    """Return an open promise of the demo record."""
    return Outcome.objects.get(meeting__group=group, meeting__ordinal=22, position=1)


def keep(promised: Outcome, fact: str) -> Settlement:
    return settle(Settling(promised, "kept", date(2026, 1, 10), fact=fact, source="A page"))


def add_chair(group: WorkingGroup, key: str, stop: Stop) -> None:
    """Add a Chair as a form does: cleaned, then saved, in one transaction."""
    officer = Officer(group=group, key=key, role="chair", name={"en": key})
    officer.from_day = date(2030, 1, 1)
    with transaction.atomic():
        stop.after(officer.full_clean)()
        officer.save()


def record_anew(meeting: Meeting, seen: str) -> Meeting:
    """Record one outcome more."""
    drafts = [Draft(each, [said.topic for said in each.outcome_topics.all()])
              for each in meeting.outcomes.order_by("position")]  # fmt: skip
    return record_outcomes(
        meeting, [*drafts, Draft(Outcome(kind="free", wording={"en": "It met."}))], seen=seen
    )


def test_a_promise_settled_twice_at_once_is_settled_once(
    group: WorkingGroup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    promised, stop = promise(group), Stop()
    monkeypatch.setattr(settling, "_guard", stop.after(settling._guard))
    with shared(tmp_path):
        first, second = at_once(
            stop, lambda: keep(promised, "Sent."), lambda: keep(promised, "Published.")
        )
        assert isinstance(first, Settlement), first
        assert isinstance(second, settling.AlreadySettledError), second
        assert Settlement.objects.get(promise=promised).fact == "Sent."


def test_outcomes_recorded_twice_at_once_are_recorded_once(
    group: WorkingGroup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting = Meeting.objects.get(group=group, ordinal=22)
    seen, count, stop = recording.stamp(meeting), meeting.outcomes.count(), Stop()
    monkeypatch.setattr(recording, "stamp", stop.after(recording.stamp))
    with shared(tmp_path):
        first, second = at_once(
            stop, lambda: record_anew(meeting, seen), lambda: record_anew(meeting, seen)
        )
        assert first == meeting
        assert isinstance(second, recording.ChangedMeanwhileError), second
        assert meeting.outcomes.count() == count + 1


def test_two_chairs_who_come_at_once_are_one(group: WorkingGroup, tmp_path: Path) -> None:
    Officer.objects.filter(group=group).update(to_day=date(2029, 12, 31), from_day=None)
    stop = Stop()
    with shared(tmp_path):
        first, second = at_once(
            stop, lambda: add_chair(group, "one", stop), lambda: add_chair(group, "two", stop)
        )
        assert first is None
        assert isinstance(second, ValidationError), second
        assert "A group has one Chair at a time" in second.messages[0]


@pytest.mark.parametrize("held", ["a group", "a meeting", "a promise"])
def test_who_names_a_locked_row_does_not_wait(
    group: WorkingGroup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, held: str
) -> None:
    promised, stop = promise(group), Stop()
    Officer.objects.filter(group=group).update(to_day=date(2029, 12, 31))
    meeting, seen = promised.meeting, recording.stamp(promised.meeting)
    topic = Topic.objects.filter(group=group).exclude(
        pk__in=promised.outcome_topics.values("topic")
    )[0]
    titled: dict[str, Any] = {"group": group, "key": "new", "title": {"en": "New"}}
    acts: dict[str, tuple[Callable[[], Any], Callable[[], Any]]] = {
        "a group": (lambda: add_chair(group, "one", stop), lambda: Topic.objects.create(**titled)),
        "a meeting": (
            lambda: record_anew(meeting, seen),
            lambda: Document.objects.create(meeting=meeting, **titled),
        ),
        "a promise": (
            lambda: keep(promised, "Sent."),
            lambda: promised.outcome_topics.create(topic=topic, position=9),
        ),
    }
    monkeypatch.setattr(recording, "stamp", stop.after(recording.stamp))
    monkeypatch.setattr(settling, "_guard", stop.after(settling._guard))
    with shared(tmp_path):
        answers = at_once(stop, *acts[held])
    assert [each for each in answers if isinstance(each, Exception)] == []
    assert stop.held_up is (connection.vendor == "sqlite")  # which has one writer at a time
