"""A meeting is closed once it is whole; then nothing changes it until it is reopened for a reason."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from cwg.accounts.models import User
from meetings import attendance, closing, recording
from meetings.models import Meeting, Outcome, Participant, WorkingGroup
from meetings.open_meeting import CancelledError, ClosedError
from tests.at_once import Stop, at_once, shared
from tests.meetings.planned import FIRST_DAY, make_agenda, plan
from tests.pages.page_words import words

DAY = date(2026, 9, 8)


@pytest.fixture
def meeting(group: WorkingGroup) -> Meeting:
    """A meeting that was planned here: two items, one of them a heading with two below it."""
    made = plan(group).meeting
    made.agenda_items.all().delete()
    make_agenda(made, "Contributions", ".One", ".Two", "Report")
    Outcome.objects.create(
        meeting=made, position=1, kind="agreed", action={"en": "to go on"},
        agenda_item=made.agenda_items.get(title__en="One"),
    )  # fmt: skip
    return made


def make_whole(meeting: Meeting) -> None:
    reasons = {each.item.pk: "It was not opened." for each in closing.missing(meeting)}
    closing.say_no_outcome(meeting, reasons)


def missing(meeting: Meeting) -> list[str]:
    return [str(each) for each in closing.missing(meeting)]


def test_what_is_missing_is_named_until_it_is_said(meeting: Meeting) -> None:
    assert missing(meeting) == ["1.2 Two", "2 Report"]
    with pytest.raises(closing.NotWholeError) as refused:
        closing.close(meeting, on=DAY)
    assert [str(each) for each in refused.value.missing] == ["1.2 Two", "2 Report"]
    assert str(refused.value).startswith("2 items of the agenda have neither an outcome nor a word")
    report = meeting.agenda_items.get(title__en="Report")
    assert closing.say_no_outcome(meeting, {report.pk: " It was not opened. "}) == 1
    assert closing.say_no_outcome(meeting, {report.pk: "It was not opened."}) == 0
    assert missing(meeting) == ["1.2 Two"]
    with pytest.raises(closing.NotWholeError, match="1 item of the agenda has"):
        closing.close(meeting, on=DAY)
    make_whole(meeting)
    assert closing.close(meeting, on=DAY).closed_on == DAY


def test_a_word_on_an_item_is_of_this_meeting_and_can_be_printed(meeting: Meeting) -> None:
    other = Meeting.objects.get(group=meeting.group, ordinal=23)
    foreign, *_ = make_agenda(other, "Theirs")
    with pytest.raises(closing.NotOfThisMeetingError):
        closing.say_no_outcome(meeting, {foreign.pk: "None."})
    own = closing.missing(meeting)[0].item
    with pytest.raises(ValidationError):
        closing.say_no_outcome(meeting, {own.pk: "None\u202e."})
    assert closing.missing(meeting)[0].item == own


def test_neither_before_it_begins_nor_when_called_off_nor_twice(meeting: Meeting) -> None:
    make_whole(meeting)
    with pytest.raises(closing.NotHeldError):
        closing.close(meeting, on=date(2026, 9, 6))
    closing.close(meeting, on=FIRST_DAY)
    with pytest.raises(ClosedError):
        closing.close(meeting, on=DAY)
    off = plan(meeting.group, date(2027, 2, 1)).meeting
    off.cancelled_on = DAY
    off.save()
    with pytest.raises(CancelledError):
        closing.close(off, on=date(2027, 2, 2))


def test_a_closed_meeting_is_reopened_for_a_reason_that_is_kept(
    meeting: Meeting, secretary: User
) -> None:
    make_whole(meeting)
    with pytest.raises(closing.NotClosedError):
        closing.reopen(meeting, "A slip.")
    closing.close(meeting, on=DAY, by=secretary)
    with pytest.raises(closing.ReasonMissingError):
        closing.reopen(meeting, " ")
    assert closing.reopen(meeting, "A slip in b).", by=secretary).closed_on is None
    entry = LogEntry.objects.get_for_object(meeting).first()
    assert entry is not None
    assert entry.additional_data == {"activity": "closing.reopen", "reason": "A slip in b)."}
    assert (entry.actor, entry.changes["closed_on"]) == (secretary, ["2026-09-08", "None"])


def test_nothing_changes_a_closed_meeting(meeting: Meeting) -> None:
    somebody = Participant.objects.create(meeting=meeting, name="Somebody", organisation="A")
    make_whole(meeting)
    closing.close(meeting, on=DAY)
    outcome = meeting.outcomes.get()
    for act, refusal in (
        (
            lambda: recording.record_outcomes(
                meeting, [], [outcome], seen=recording.stamp(meeting)
            ),
            recording.NotRecordedError,
        ),
        (lambda: closing.say_no_outcome(meeting, {}), ClosedError),
        (lambda: attendance.bring_in(meeting, "A,CH"), ClosedError),
        (lambda: attendance.remove(somebody), ClosedError),
        (lambda: attendance.save(somebody), ClosedError),
    ):
        with pytest.raises(refusal, match="is closed, so nothing was changed"):
            act()
    assert meeting.outcomes.get() == outcome
    assert Participant.objects.get(meeting=meeting) == somebody


def test_the_site_changes_nothing_of_a_closed_meeting(
    meeting: Meeting, as_secretary: Client
) -> None:
    make_whole(meeting)
    change = reverse("admin:meetings_meeting_change", args=[meeting.pk])
    assert 'name="agenda_items-0-title_en"' in as_secretary.get(change).content.decode()
    assert (
        as_secretary.get(reverse("admin:meetings_meeting_delete", args=[meeting.pk])).status_code
        == 200
    )
    closing.close(meeting, on=DAY)
    page = as_secretary.get(change).content.decode()
    assert 'name="agenda_items-0-title_en"' not in page
    assert 'name="closed_on"' not in page
    assert (
        as_secretary.get(reverse("admin:meetings_meeting_delete", args=[meeting.pk])).status_code
        == 403
    )
    several: Any = as_secretary.post(
        reverse("admin:meetings_meeting_changelist"),
        {"action": "delete_selected", "_selected_action": [meeting.pk], "post": "yes"},
    )
    assert Meeting.objects.filter(pk=meeting.pk).exists()
    assert "is closed: reopen it first." in several.content.decode()
    outcomes = reverse("admin:meetings_meeting_outcomes", args=[meeting.pk])
    assert "its outcomes do not change" in as_secretary.get(outcomes).content.decode()


def test_everybody_reads_its_outcomes_once_it_is_closed(meeting: Meeting, client: Client) -> None:
    """Neither its page nor the group’s says before what it decided."""
    promise = Outcome.objects.create(
        meeting=meeting, position=2, kind="request", addressee={"en": "the Secretariat"},
        action={"en": "to wait and see"},
        agenda_item=meeting.agenda_items.get(title__en="Two"),
    )  # fmt: skip
    topic = meeting.group.topics.get(key="lldcs")
    launch = Outcome.objects.create(
        meeting=meeting, position=3, kind="would_launch", window_from=date(2026, 11, 1),
        window_to=date(2026, 12, 1),
    )  # fmt: skip
    launch.outcome_topics.create(topic=topic)
    make_whole(meeting)
    own, groups = meeting.get_absolute_url(), f"/{meeting.group.slug}/"
    before = words(client.get(own)) + words(client.get(groups))
    assert "The Group agreed to go on." not in before
    assert "Twenty-fourth meeting, b)" not in before
    assert "Twenty-fourth meeting, c)" not in before
    closing.close(meeting, on=DAY)
    assert "The Group agreed to go on." in words(client.get(own))
    said = words(client.get(groups))
    assert "Twenty-fourth meeting, b)" in said
    assert "Twenty-fourth meeting, c)" in said
    closing.reopen(meeting, "A slip.")
    assert "The Group agreed to go on." not in words(client.get(own))
    assert promise.is_promise()


def test_the_agenda_is_read_once_it_is_published(meeting: Meeting, client: Client) -> None:
    own = meeting.get_absolute_url()
    assert "Contributions" not in words(client.get(own), part="main")
    meeting.agenda_published_at = meeting.planned_at
    meeting.save()
    assert "1 Contributions 1.1 One 1.2 Two 2 Report" in words(client.get(own), part="main")


@pytest.mark.django_db(transaction=True)
def test_who_records_while_it_is_closed_comes_too_late(
    meeting: Meeting, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_whole(meeting)
    seen, stop = recording.stamp(meeting), Stop()
    monkeypatch.setattr(closing, "missing", stop.after(closing.missing))
    with shared(tmp_path):
        first, second = at_once(
            stop,
            lambda: closing.close(meeting, on=DAY),
            lambda: recording.record_outcomes(meeting, [], seen=seen),
        )
        assert first == meeting
        assert isinstance(second, recording.NotRecordedError), second
