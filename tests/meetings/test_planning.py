"""A meeting is made from the last one, called, its agenda published; or called off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from auditlog.models import LogEntry
from django.core.exceptions import ValidationError

from cwg.accounts.models import User
from meetings import agenda, planning, submitting
from meetings.models import Document, Meeting, MemberState, Message, Outcome, WorkingGroup
from meetings.open_meeting import CancelledError, ClosedError
from tests.at_once import Stop, at_once, shared
from tests.meetings.delegates import make_delegate
from tests.meetings.planned import AT, FIRST_DAY, make_agenda, plan


def read(meeting: Meeting) -> list[str]:
    return [str(each) for each in agenda.of(meeting)]


@pytest.fixture
def last(group: WorkingGroup) -> Meeting:
    """The last meeting of the demo record, with an agenda."""
    meeting = Meeting.objects.get(group=group, ordinal=23)
    make_agenda(meeting, "Opening", "Contributions", ".From Member States", "Other business")
    return meeting


def held(meeting: Meeting, **facts: object) -> Document:
    """A document that came too late for `meeting` and was held."""
    return Document.objects.create(
        **{
            "group": meeting.group, "meeting": meeting, "key": "late", "title": {"en": "Late"},
            "member_state": MemberState.objects.get(iso="BR"), "submitted_at": AT, "receipt": "R-1",
            "late": True, "late_decision": "held",
        } | facts
    )  # fmt: skip


def test_the_next_meeting_begins_with_what_the_last_one_left(last: Meeting) -> None:
    paper = held(last)
    paper.agenda_items.set([last.agenda_items.get(title__en="From Member States")])
    made = plan(last.group, by=None, place={"en": "Geneva"}, mode="hybrid")
    meeting = made.meeting
    assert (meeting.ordinal, meeting.place, meeting.mode) == (24, {"en": "Geneva"}, "hybrid")
    assert (meeting.planned_at, meeting.agenda_public, meeting.outcomes_public) == (
        AT,
        False,
        False,
    )
    assert read(meeting) == [
        "1 Approval of the report of the twenty-third meeting",
        "2 Opening",
        "3 Contributions",
        "3.1 From Member States",
        "4 Other business",
        "5 Matters that return from earlier meetings",
        "5.1 Launch of the consultation on “Ensuring meaningful connectivity to the Internet for "
        "landlocked developing countries (LLDCs)”, February-September 2025 (21st meeting, a))",
        "5.2 Summary of “Ensuring meaningful connectivity to the Internet for landlocked developing "
        "countries (LLDCs)” to Council 2026 (22nd meeting, a))",
        "5.3 The Secretariat: to contribute to this effort where it concerns the CWG-Internet Terms "
        "of Reference (23rd meeting, a))",
    ]
    paper.refresh_from_db()
    assert (paper.meeting, paper.late, paper.late_decision) == (meeting, False, "")
    assert [str(item) for item in paper.agenda_items.all()] == ["From Member States"]
    assert paper.agenda_items.get().meeting == meeting
    assert made.documents == (paper,)


def test_what_was_the_last_meetings_own_is_not_copied(last: Meeting) -> None:
    """The report it approved and the matters that returned to it come anew, or not at all."""
    first = plan(last.group).meeting
    Outcome.objects.create(meeting=first, kind="agreed", action={"en": "to go on"})
    for promise in planning.returning(last.group, FIRST_DAY):
        promise.promise.delete() if not promise.promise.later_outcomes.exists() else None
    second = plan(last.group, date(2027, 2, 1)).meeting
    assert read(second)[:5] == [
        "1 Approval of the report of the twenty-fourth meeting",
        "2 Opening",
        "3 Contributions",
        "3.1 From Member States",
        "4 Other business",
    ]
    assert not any("twenty-third" in each for each in read(second))


def test_what_waits_for_a_session_returns_once_it_is_over(last: Meeting) -> None:
    waits = Outcome.objects.get(meeting=last, kind="deferred")
    assert waits.awaits is not None
    ends = waits.awaits.ends()
    before = [row.promise for row in planning.returning(last.group, ends)]
    after = [row.promise for row in planning.returning(last.group, date(2027, 2, 1))]
    assert waits not in before
    assert waits in after


def test_a_cancelled_meeting_keeps_its_number_and_is_not_gone_on_from(last: Meeting) -> None:
    off = plan(last.group).meeting
    planning.cancel(off, date(2026, 8, 1), "The cluster moved.")
    made = plan(last.group, date(2026, 10, 5)).meeting
    assert made.ordinal == 25
    assert read(made)[0] == "1 Approval of the report of the twenty-third meeting"


def test_what_comes_after_a_document_goes_on_with_it(last: Meeting) -> None:
    paper, focal = held(last), make_delegate(last.group, "BR", "focal_point")
    brazil = MemberState.objects.get(iso="BR")
    after = {"parent": paper, "relation": "rev", "late": False, "late_decision": ""}
    draft = held(last, **after, key="draft", receipt=None, submitted_at=None, saves=7)
    received = held(last, **after | {"late": True}, key="rev", receipt="R-2")
    made = plan(last.group).meeting
    for each in (draft, received):
        each.refresh_from_db()
        assert (each.meeting, each.late) == (made, False)
    assert (draft.saves, draft.is_draft, draft.member_state) == (7, True, brazil)
    mail = Message.objects.get()
    assert (mail.rule, mail.to) == ("registering.decided", focal.email)
    assert f"It is held for the next meeting, the {made}." in mail.body
    # the history of a draft begins with its submission
    planned = LogEntry.objects.filter(additional_data__activity="planning.new_from_last")
    assert [
        planned.filter(pk__in=LogEntry.objects.get_for_object(each)).exists()
        for each in (paper, received, draft)
    ] == [True, True, False]


def test_documents_with_a_number_or_withdrawn_stay_where_they_are(last: Meeting) -> None:
    numbered = held(last, number="CWG-Internet-23/9")
    withdrawn = held(last, key="gone", receipt="R-2", withdrawn_at=AT)
    draft = held(last, key="draft", receipt=None, submitted_at=None, late=False, late_decision="")
    taken = held(last, key="taken", receipt="R-3", late_decision="taken")
    assert plan(last.group).documents == ()
    for each in (numbered, withdrawn, draft, taken):
        each.refresh_from_db()
        assert each.meeting == last


def test_a_meeting_that_cannot_be_is_refused_and_nothing_is_made(last: Meeting) -> None:
    count = Meeting.objects.count()
    with pytest.raises(planning.BeforeTheLastError) as early:
        plan(last.group, last.last_day)
    assert early.value.field == "first_day"
    with pytest.raises(planning.PlannedMeanwhileError, match="the next would be number 24"):
        plan(last.group, number=25)
    with pytest.raises(ValidationError):
        planning.new_from_last(last.group, date(2026, 9, 8), date(2026, 9, 7), number=24, at=AT)
    assert Meeting.objects.count() == count


def test_a_group_that_never_met_begins_with_nothing(group: WorkingGroup) -> None:
    other = WorkingGroup.objects.create(slug="other")
    made = plan(other)
    assert (made.meeting.ordinal, made.returned, read(made.meeting)) == (1, (), [])


def test_it_is_called_and_its_documents_are_due(last: Meeting) -> None:
    meeting = plan(last.group).meeting
    called = planning.call(meeting, "CL-26/12", date(2026, 6, 1))
    assert (called.circular, called.invited_on) == ("CL-26/12", date(2026, 6, 1))
    with pytest.raises(planning.CalledTooLateError):
        planning.call(meeting, "CL-26/12", date(2026, 9, 8))
    with pytest.raises(ValidationError):
        planning.call(meeting, "CL\u202e-26", date(2026, 6, 1))
    due = datetime(2026, 8, 20, 16, tzinfo=UTC)
    assert planning.set_deadline(meeting, due).documents_deadline().at == due
    with pytest.raises(planning.DeadlineTooLateError):
        planning.set_deadline(meeting, datetime(2026, 9, 10, tzinfo=UTC))
    assert planning.set_deadline(meeting, None).documents_due is None


def test_the_agenda_is_published_once_and_only_where_there_is_one(last: Meeting) -> None:
    meeting = plan(last.group).meeting
    assert planning.publish_agenda(meeting, at=AT).agenda_public
    with pytest.raises(planning.AlreadyPublicError):
        planning.publish_agenda(meeting, at=AT)
    bare = Meeting.objects.create(
        group=last.group, ordinal=30, first_day=FIRST_DAY, last_day=FIRST_DAY
    )
    with pytest.raises(planning.NoAgendaError):
        planning.publish_agenda(bare, at=AT)


def test_a_meeting_is_called_off_with_a_reason_before_it_decided(
    last: Meeting, secretary: User
) -> None:
    meeting = plan(last.group).meeting
    with pytest.raises(planning.ReasonMissingError):
        planning.cancel(meeting, date(2026, 8, 1), "  ")
    with pytest.raises(planning.HasOutcomesError):
        planning.cancel(last, date(2026, 8, 1), "It moved.")
    planning.cancel(meeting, date(2026, 8, 1), "It moved.", by=secretary)
    entry = LogEntry.objects.get_for_object(meeting).first()
    assert entry is not None
    assert entry.additional_data == {"activity": "planning.cancel", "reason": "It moved."}
    assert entry.actor == secretary
    acts: tuple[Callable[[], object], ...] = (
        lambda: planning.call(meeting, "CL-1", date(2026, 6, 1)),
        lambda: planning.set_deadline(meeting, None),
        lambda: planning.publish_agenda(meeting, at=AT),
        lambda: planning.cancel(meeting, date(2026, 8, 1), "Again."),
    )
    for act in acts:
        with pytest.raises(CancelledError):
            act()


def test_nothing_of_a_closed_meeting_is_planned(last: Meeting) -> None:
    last.closed_on = date(2026, 2, 1)
    last.save()
    acts: tuple[Callable[[], object], ...] = (
        lambda: planning.call(last, "CL-1", date(2025, 6, 1)),
        lambda: planning.set_deadline(last, None),
        lambda: planning.publish_agenda(last, at=AT),
        lambda: planning.cancel(last, date(2026, 8, 1), "It moved."),
    )
    for act in acts:
        with pytest.raises(ClosedError):
            act()


@pytest.mark.django_db(transaction=True)
def test_two_who_plan_at_once_make_one_meeting(
    group: WorkingGroup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop = Stop()
    monkeypatch.setattr(planning, "next_ordinal", stop.after(planning.next_ordinal))
    with shared(tmp_path):
        first, second = at_once(
            stop, lambda: plan(group, number=24), lambda: plan(group, number=24)
        )
        assert first.meeting.ordinal == 24
        assert isinstance(second, planning.PlannedMeanwhileError), second
        assert Meeting.objects.filter(group=group, ordinal__gte=24).count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_is_withdrawn_while_a_meeting_is_planned_stays_withdrawn(
    group: WorkingGroup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop = Stop()
    with shared(tmp_path):
        paper = held(Meeting.objects.get(group=group, ordinal=23))
        # of a meeting that is not closed: its delegation may withdraw
        Meeting.objects.filter(documents=paper).update(closed_on=None)  # bulk: a test's own
        lead = User.objects.create_user("lead@example.org")
        monkeypatch.setattr(planning, "_locked", stop.after(planning._locked))
        planned, withdrawn = at_once(
            stop, lambda: plan(group),
            lambda: submitting.withdraw(paper, "A mistake.", by=lead, at=AT),
        )  # fmt: skip
        assert planned.documents == (paper,)
        assert withdrawn.withdrawn_at == AT
        paper.refresh_from_db()
        assert (paper.withdrawn_at, paper.withdrawn_reason) == (AT, "A mistake.")
