"""What the clock reminds of before a meeting, and how a meeting's steps follow from its days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from cwg.accounts.models import User
from cwg.duties.registry import DUTIES
from cwg.report.models import Report
from cwg.workplace.telling import told_in
from meetings import checklist, planning, reminding
from meetings.checklist import Facts, Key, Look
from meetings.models import (
    DelegateTerm,
    Document,
    Meeting,
    MemberState,
    Message,
    Outcome,
    Participant,
    WorkingGroup,
)
from tests.meetings.planned import AT, plan
from tests.two_groups import LONG_AGO, PASSWORD

FIRST = date(2026, 9, 7)


@pytest.fixture
def meeting(group: WorkingGroup) -> Meeting:
    """A meeting on 7 and 8 September 2026, planned here."""
    return plan(group, FIRST).meeting


def on(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T09:00:00+00:00")


def steps(meeting: Meeting, day: date) -> dict[Key, tuple[date | None, Look]]:
    known = checklist.facts(meeting)
    return {each.key: (each.due, each.look(day)) for each in checklist.steps(meeting, known, day)}


def test_the_days_follow_from_the_meetings_own(meeting: Meeting) -> None:
    assert steps(meeting, date(2026, 8, 20)) == {
        Key.CALL: (date(2026, 6, 9), Look.LATE),
        Key.AGENDA: (date(2026, 7, 27), Look.LATE),
        Key.INTERPRETATION: (date(2026, 8, 10), Look.LATE),
        Key.DOCUMENTS: (date(2026, 8, 24), Look.NOW),
        Key.OUTCOMES: (date(2026, 9, 8), Look.LATER),
        Key.PARTICIPANTS: (date(2026, 9, 15), Look.LATER),
        Key.CLOSE: (date(2026, 9, 22), Look.LATER),
        Key.REPORT: (None, Look.LATER),
    }
    moved = datetime(2026, 8, 31, 16, tzinfo=UTC)
    assert steps(planning.set_deadline(meeting, moved), FIRST)[Key.DOCUMENTS][0] == date(
        2026, 8, 31
    )


def test_each_step_is_done_when_the_record_says_so(meeting: Meeting) -> None:
    planning.call(meeting, "CL-26/12", date(2026, 6, 1))
    planning.publish_agenda(meeting, at=AT)
    meeting.refresh_from_db()
    meeting.captions, meeting.closed_on = {"en": "English"}, date(2026, 9, 9)
    Outcome.objects.create(meeting=meeting, kind="agreed", action={"en": "to go on"})
    Participant.objects.create(meeting=meeting, name="Ana", organisation="A")
    known = checklist.facts(meeting, "the report")
    done = {each.key: each.done for each in checklist.steps(meeting, known, date(2026, 9, 10))}
    assert {key: said.replace("\u00a0", " ") for key, said in done.items()} == {
        Key.CALL: "by CL-26/12 on 1 June 2026",
        Key.AGENDA: "public since 2 February 2026",
        Key.INTERPRETATION: "recorded",
        Key.DOCUMENTS: "the deadline has passed, and every document has its number",
        Key.OUTCOMES: "1 outcome",
        Key.PARTICIPANTS: "1 participant",
        Key.CLOSE: "closed on 9 September 2026",
        Key.REPORT: "the report",
    }


def test_documents_are_registered_once_none_waits(meeting: Meeting) -> None:
    waits = Document.objects.create(
        group=meeting.group, meeting=meeting, key="w", title={"en": "W"}, submitted_at=AT,
        receipt="R", member_state=MemberState.objects.get(iso="BR"),
    )  # fmt: skip
    assert steps(meeting, date(2026, 9, 1))[Key.DOCUMENTS][1] is Look.LATE
    waits.number = "CWG-Internet-24/1"
    waits.save()
    assert steps(meeting, date(2026, 9, 1))[Key.DOCUMENTS][1] is Look.DONE


def test_the_report_is_due_before_the_next_session_of_its_body(group: WorkingGroup) -> None:
    before = Meeting.objects.get(group=group, ordinal=23)
    session = checklist.facts(before).session
    assert session is not None
    step = checklist.steps(before, checklist.facts(before), FIRST)[-1]
    assert step.due == session.opens() - timedelta(days=30)
    assert step.what == f"Tell of it in the report to {session}"


def test_a_step_without_facts_waits(meeting: Meeting) -> None:
    assert not any(each.done for each in checklist.steps(meeting, Facts(), date(2026, 3, 1)))


def test_lead_and_editor_are_told_once_of_each_step(
    meeting: Meeting, secretary: User, editor: User, chair: User
) -> None:
    at = on("2026-06-04")
    assert reminding.count_to_remind_staff(at, told_in) == 2
    assert reminding.remind_staff(at, told_in) == 2
    assert reminding.remind_staff(at + timedelta(hours=1), told_in) == 0
    told = Message.objects.filter(rule="reminding.step")
    assert {each.to for each in told} == {secretary.email, editor.email}
    mail = told[0]
    assert (mail.subject, mail.state) == (
        "CWG-Internet, meeting of the group 24: call the meeting by circular", "due",
    )  # fmt: skip
    assert mail.body.replace("\u00a0", " ").startswith(
        "Call the meeting by circular: it is due by 9 June 2026.\n\nWhere the meeting stands:\n\nhttp"
    )
    assert f"/secretariat/meetings/{meeting.pk}/" in mail.body
    planning.call(meeting, "CL-26/12", date(2026, 6, 5))
    late = on("2026-08-05")
    assert reminding.remind_staff(late, told_in) == 4  # the agenda is late, interpretation due
    assert any("publish the agenda, late" in each.subject for each in told.all())


def test_a_step_is_not_told_for_ever(meeting: Meeting, secretary: User) -> None:
    """The outbox forgets after thirty days that it was told."""
    assert reminding.count_to_remind_staff(on("2026-06-29"), told_in) == 1  # the circular
    assert reminding.count_to_remind_staff(on("2026-06-30"), told_in) == 0
    meeting.planned_at = on("2026-06-25")
    meeting.save()
    assert reminding.count_to_remind_staff(on("2026-07-05"), told_in) == 1


def test_a_meeting_that_was_entered_or_called_off_reminds_nobody(
    group: WorkingGroup, meeting: Meeting, secretary: User
) -> None:
    planning.cancel(meeting, date(2026, 6, 1), "It moved.")
    assert reminding.remind_staff(on("2026-08-20"), told_in) == 0


def test_focal_points_are_told_that_documents_are_due(meeting: Meeting) -> None:
    brazil, swiss = (MemberState.objects.get(iso=code) for code in ("BR", "CH"))
    for email, state, role in (
        ("focal@example.org", brazil, "focal_point"), ("delegate@example.org", brazil, "delegate"),
        ("swiss@example.org", swiss, "focal_point"),
    ):  # fmt: skip
        DelegateTerm.objects.create(
            person=User.objects.create_user(email, PASSWORD), group=meeting.group,
            member_state=state, role=role, from_day=LONG_AGO,
        )  # fmt: skip
    near = on("2026-08-20")
    assert reminding.remind_delegations(near) == 0  # it is not called yet
    planning.call(meeting, "CL-26/12", date(2026, 6, 1))
    assert reminding.remind_delegations(on("2026-08-10")) == 0
    assert reminding.count_to_remind_delegations(near) == 2
    assert reminding.remind_delegations(near) == 2
    assert reminding.remind_delegations(near + timedelta(days=1)) == 0
    mails = Message.objects.filter(rule="reminding.deadline").order_by("to")
    assert [(each.to, each.state) for each in mails] == [
        ("focal@example.org", "held"), ("swiss@example.org", "held"),
    ]  # fmt: skip
    assert "due by 24 August 2026, 23:59" in mails[0].body.replace("\u00a0", " ")
    planning.set_deadline(meeting, datetime(2026, 8, 26, 16, tzinfo=UTC))
    assert reminding.remind_delegations(on("2026-08-21")) == 2  # it moved, and is told anew
    assert reminding.remind_delegations(on("2026-08-27")) == 0


def test_both_are_duties_of_the_clock(meeting: Meeting, secretary: User) -> None:
    words = [duty.words for duty in DUTIES]
    for each in (
        "reminders of a meeting’s steps written", "reminders of the deadline for documents written",
    ):  # fmt: skip
        assert words.index(each) < words.index("mails sent")
    duty = DUTIES[words.index("reminders of a meeting’s steps written")]
    at = on("2026-06-04")
    assert (duty.count(at), duty.do(at), duty.count(at)) == (1, 1, 0)


def test_a_meeting_is_told_in_a_public_report(group: WorkingGroup, report: Report) -> None:
    held = Meeting.objects.get(group=group, ordinal=20)
    assert told_in(held) == str(report)
    report.public = False
    report.save()
    assert told_in(held) == ""
