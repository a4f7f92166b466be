"""The secretariat's home: what needs an act, for whom, on which day."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cwg.accounts import viewing
from cwg.accounts.models import User
from cwg.accounts.visits import last_visit
from cwg.cockpit import Cockpit, cockpit
from cwg.cockpit.days import how_far, how_long
from cwg.report import clearance, drafting, finalising
from cwg.report.checks import accepting, read
from cwg.report.compose import compose
from cwg.report.gather import gather
from cwg.report.models import Report
from meetings import history
from meetings.editions import words_of
from meetings.models import (
    Instrument,
    Meeting,
    Outcome,
    OutcomeTopic,
    Revision,
    RoleTerm,
    Session,
    Topic,
    WorkingGroup,
)
from tests.conftest import signed_in
from tests.two_groups import make_person

HOME = "/secretariat/"
NOON = datetime(2026, 1, 21, 12, tzinfo=UTC)
DAY = NOON.date()
Role = RoleTerm.Role
NAME = "CWG-Internet, Chair’s report to Council 2026"
ROUND = (
    "“Ensuring meaningful connectivity to the Internet for landlocked developing countries (LLDCs)”"
)
FINDINGS = ("The checks found 1 blocker and 2 warnings", "", "Holds it up", "Read the findings")
MISSING = ("2 facts are missing", "", "Missing", "Enter them")
SUMMARY = (
    f"Summary of {ROUND} to Council 2026",
    "Council 2026, in 4 months",
    "Open",
    "Record it as submitted",
)
GAP = (
    "The Secretariat: to contribute to this effort where it concerns the CWG-Internet Terms of Reference",
    "no day named", "Open", "Record what was sent",
)  # fmt: skip
LAUNCH = (
    f"Launch of the consultation on {ROUND}, February-September 2025",
    "February 2025, 11 months ago", "To confirm", "It was launched: confirm",
)  # fmt: skip

type Told = dict[str, list[tuple[str, str, str, str]]]


def told(shown: Cockpit) -> Told:
    """Return what stands in each section, row by row."""
    return {
        section.key: [(task.what, plain(task.when), task.label, task.act) for task in section.tasks]
        for section in shown.sections
    }


def plain(text: str) -> str:
    """Return printed days with the spaces and hyphens of a keyboard."""
    return text.replace("\u00a0", " ").replace("\u2011", "-")


def seen_by(user: User, at: datetime = NOON) -> Told:
    """Return what `user` is shown at an instant."""
    return told(cockpit(User.objects.get(pk=user.pk), at, None))


def page(user: User) -> str:
    """Return the words of the page as `user` sees it today."""
    said = signed_in(user).get(HOME).content.decode()
    main = said[said.index('id="content"') : said.index('id="record"')]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


def with_role(group: WorkingGroup, role: RoleTerm.Role) -> User:
    """Make somebody with a role in `group`, called after it."""
    return make_person(group, role, f"{role}@example.org")


@pytest.fixture
def lead(group: WorkingGroup) -> User:
    """The lead of the group's secretariat."""
    return with_role(group, Role.LEAD)


@pytest.fixture
def other_lead(group: WorkingGroup) -> User:
    """The lead of another group, whose record is empty."""
    other = WorkingGroup.objects.create(slug="other")
    return make_person(other, Role.LEAD, "other@example.org")


def meeting(group: WorkingGroup, ordinal: int, first_day: date) -> Meeting:
    return Meeting.objects.create(
        group=group, ordinal=ordinal, first_day=first_day, last_day=first_day + timedelta(days=1)
    )


def clear(report: Report, lead: User, chair: User, at: datetime = NOON) -> None:
    """Send the report to the Chair, who clears it."""
    clearance.send(report, by=lead, at=at)
    document = compose(gather(report)).document
    clearance.clear(report, document, seen=words_of(document), by=chair, at=at)


@pytest.mark.parametrize(
    ("ahead", "far", "long"),
    [
        (0, "today", "since today"), (1, "tomorrow", "since today"), (3, "in 3 days", "since today"),
        (60, "in 60 days", "since today"), (61, "in 2 months", "since today"),
        (-1, "yesterday", "since yesterday"), (-12, "12 days ago", "for 12 days"),
        (-300, "10 months ago", "for 10 months"), (-1500, "4 years ago", "for 4 years"),
    ],
)  # fmt: skip
def test_how_far_a_day_is(ahead: int, far: str, long: str) -> None:
    day = DAY + timedelta(days=ahead)
    assert (how_far(day, DAY), how_long(day, DAY)) == (far, long)


# What stands there, and for whom


def test_what_must_happen_the_day_after_a_meeting(lead: User) -> None:
    assert seen_by(lead) == {
        "promises": [SUMMARY, GAP, LAUNCH],
        "reports": [FINDINGS, MISSING],
    }


def test_a_promise_that_waits_needs_an_act_once_its_event_is_over(lead: User) -> None:
    during, after = (seen_by(lead, datetime(2026, 11, day, 12, tzinfo=UTC)) for day in (27, 28))
    late = (SUMMARY[0], "Council 2026, 7 months ago", "Late", SUMMARY[3])
    over = (
        "Topics for future consultations", "waits for PP-26, over since 27 November 2026",
        "Waits for an event", "PP-26 has decided…",
    )  # fmt: skip
    launch = (LAUNCH[0], "February 2025, 21 months ago", *LAUNCH[2:])
    assert during["promises"] == [late, GAP, launch]
    assert after["promises"] == [late, over, GAP, launch]


def test_meetings_without_outcomes_and_the_next_one(group: WorkingGroup, lead: User) -> None:
    meeting(group, 24, date(2026, 3, 2))
    closed = meeting(group, 25, date(2026, 3, 10))
    closed.closed_on = date(2026, 3, 20)
    closed.save()
    open_to_all = meeting(group, 7, date(2026, 3, 9))
    open_to_all.series = Meeting.Series.OPEN_CONSULTATION
    open_to_all.save()
    meeting(group, 26, date(2026, 4, 20))
    meeting(group, 27, date(2026, 9, 1))
    shown = cockpit(lead, datetime(2026, 4, 1, 9, tzinfo=UTC), None)
    assert told(shown)["meetings"] == [
        ("24th meeting", "2-3 March 2026, 29 days ago", "Nothing recorded", "Record its outcomes")
    ]
    assert shown.next_meetings is not None
    assert [(task.what, plain(task.when)) for task in shown.next_meetings.tasks] == [
        ("26th meeting", "20-21 April 2026, in 19 days")
    ]


def test_a_draft_goes_to_the_chair_and_back(
    group: WorkingGroup, report: Report, lead: User, chair: User
) -> None:
    vice, editor, reader = (
        with_role(group, role) for role in (Role.VICE_CHAIR, Role.EDITOR, Role.READER)
    )
    clearance.send(report, by=lead, at=NOON - timedelta(days=3))
    assert next(iter(seen_by(chair).items())) == (
        "for-you", [(NAME, "sent by lead@example.org, for 3 days", "", "Read and clear it")]
    )  # fmt: skip
    assert next(iter(seen_by(vice).items())) == (
        "for-you", [(NAME, "sent by lead@example.org, for 3 days", "", "Read it and remark")]
    )  # fmt: skip
    waits = ("Waits for the Chair", "for 3 days", "With the Chair", "See the remarks")
    assert seen_by(editor)["reports"] == [waits, FINDINGS, MISSING]
    assert page(chair).startswith("1 draft waits for you", page(chair).index("1 draft"))
    assert "for-you" not in seen_by(lead)
    clearance.send_back(report, by=chair, at=NOON, reason="Name the topic in full.")
    back = ("Returned by the Chair", "by chair@example.org, since today", "Returned")
    assert seen_by(editor)["reports"][0] == (*back, "Mend it, send it again")
    assert seen_by(reader)["reports"][0] == (*back, "")
    assert "for-you" not in seen_by(chair)


def test_a_cleared_draft_is_finalised_by_the_lead(
    group: WorkingGroup, report: Report, lead: User, chair: User
) -> None:
    editor = with_role(group, Role.EDITOR)
    report.document_number, report.agenda_item = "C26/51", "PL 1.5"
    report.save()
    clear(report, lead, chair)
    cleared = ("Cleared, not finalised yet", "by chair@example.org, since today", "Cleared")
    assert seen_by(lead)["reports"][0] == (*cleared, "Finalise it")
    assert seen_by(editor)["reports"][0] == (*cleared, "")
    topic = Topic.objects.get(key="lldcs")
    before, topic.title = topic.title, {"en": "Islands"}
    topic.save()
    changed = (
        "Changed since it was cleared",
        "cleared by chair@example.org, since today",
        "Changed",
    )
    assert seen_by(editor)["reports"][0] == (*changed, "See what changed, send it again")
    topic.title = before
    topic.save()
    for finding in accepting.blockers(read(report)):
        accepting.accept(report, finding, lead, "As printed.", DAY)
    report = Report.objects.get(pk=report.pk)
    finalising.finalise(report, by=lead, at=NOON)
    assert "reports" not in seen_by(lead)
    clearance.send(report, by=lead, at=NOON + timedelta(days=1))
    again = seen_by(lead, NOON + timedelta(days=2))["reports"]
    assert again[0] == (
        "Waits for the Chair",
        "since yesterday",
        "With the Chair",
        "See the remarks",
    )


def test_a_draft_without_a_flaw_is_ready_to_be_sent(
    group: WorkingGroup, report: Report, lead: User
) -> None:
    report.document_number, report.agenda_item = "C26/51", "PL 1.5"
    report.save()
    for finding in accepting.blockers(read(report)):
        accepting.accept(report, finding, lead, "As printed.", DAY)
    ready = ("Ready for the Chair", "", "Draft", "Send it to the Chair")
    assert seen_by(lead)["reports"] == [
        ready, ("The checks found 2 warnings", "", "To look at", "Read the findings")
    ]  # fmt: skip
    assert ready not in seen_by(with_role(group, Role.READER))["reports"]


def test_a_report_that_cannot_be_written_says_why(report: Report, lead: User) -> None:
    report.language = "fr"
    report.save()
    shown = cockpit(lead, NOON, None)
    assert told(shown)["reports"] == [
        ("The report cannot be written", "", "Problem", "See what hinders it")
    ]
    assert shown.sections[-1].tasks[0].about.startswith(f"{NAME}. ")


def test_a_citation_of_an_earlier_revision_is_moved_by_those_who_may(
    group: WorkingGroup, report: Report, lead: User
) -> None:
    reader = with_role(group, Role.READER)
    now = Revision.objects.create(
        instrument=Instrument.objects.get(key="pp-102"), label={"en": "Rev. Doha, 2026"},
        in_force_from=date(2026, 1, 1),
    )  # fmt: skip
    words = ("PP Resolution 102 (Rev. Bucharest, 2022) is cited", "Rev. Doha, 2026 stands now", "")
    assert seen_by(lead)["citations"] == [(*words, "Cite Rev. Doha, 2026 instead")]
    assert seen_by(reader)["citations"] == [(*words, "")]
    shown = signed_in(lead).get(HOME).context["cockpit"].sections
    reference = report.references.get(revision__instrument=now.instrument_id)
    address = f"/secretariat/report/report/{report.pk}/cite/{reference.pk}/{now.pk}/"
    assert [each.tasks[0].act_address for each in shown if each.key == "citations"] == [address]


def test_a_lead_of_another_group_sees_nothing_of_this_one(
    group: WorkingGroup, report: Report, lead: User, chair: User, other_lead: User
) -> None:
    clearance.send(report, by=lead, at=NOON)
    meeting(group, 24, date(2026, 1, 1))
    meeting(group, 25, timezone.localdate() + timedelta(days=9))
    assert {*seen_by(lead)} == {"promises", "meetings", "reports"}
    assert seen_by(other_lead) == {}
    said = page(other_lead)
    assert "Nothing needs an act today" in said
    assert "25th meeting" not in said
    assert "25th meeting" in page(lead)
    assert "CWG-Internet" not in said


def test_whose_a_row_is_stands_there_for_people_of_several_groups(
    lead: User, other_lead: User
) -> None:
    other = WorkingGroup.objects.get(slug="other")
    assert cockpit(lead, NOON, None).sections[0].tasks[0].about == "22nd meeting, a)"
    RoleTerm.objects.create(person=lead, group=other, role=Role.LEAD, from_day=date(2000, 1, 1))
    both = cockpit(User.objects.get(pk=lead.pk), NOON, None)
    assert both.sections[0].tasks[0].about == "CWG-Internet, 22nd meeting, a)"


@pytest.mark.parametrize("role", Role)
def test_every_link_opens_for_whoever_sees_it(
    group: WorkingGroup, report: Report, role: RoleTerm.Role
) -> None:
    sender = User.objects.create_user("sender@example.org")
    clearance.send(report, by=sender, at=NOON)
    meeting(group, 24, date(2026, 3, 2))
    meeting(group, 25, timezone.localdate() + timedelta(days=3))
    Revision.objects.create(
        instrument=Instrument.objects.get(key="pp-102"), label={"en": "Rev. Doha, 2026"},
        in_force_from=date(2026, 1, 1),
    )  # fmt: skip
    client = signed_in(with_role(group, role))
    said = client.get(HOME).content.decode()
    links = {
        html.unescape(each).partition("#")[0]
        for each in re.findall(r'href="(/secretariat/[^"]*)"', said)
    }
    assert len(links) > 15
    assert {each: client.get(each).status_code for each in links} == dict.fromkeys(links, 200)


# What others changed


def rename(by: User | None, title: str) -> Topic:
    topic = Topic.objects.get(key="lldcs")
    with history.activity("test.rename", by):
        topic.title = {"en": title}
        topic.save()
    return topic


def test_what_others_changed_since_the_last_visit(
    group: WorkingGroup, lead: User, other_lead: User
) -> None:
    editor, reader = with_role(group, Role.EDITOR), with_role(group, Role.READER)
    before = timezone.now()
    rename(lead, "My own")
    rename(None, "By nobody")
    topic = rename(editor, "Once")
    rename(editor, "Twice")
    with history.activity("test.change", editor):
        outcome = Outcome.objects.get(meeting__ordinal=23, position=1)
        outcome.due = date(2026, 5, 1)
        outcome.save()
    after = timezone.now()

    def changes(user: User, since: datetime | None) -> list[tuple[str, str, str, int]]:
        shown = cockpit(user, after, since)
        return [(each.who, each.what, each.address, each.times) for each in shown.changes]

    page = f"/secretariat/meetings/meeting/{outcome.meeting_id}/outcomes/#outcome-{outcome.pk}"
    assert changes(lead, before) == [
        ("editor@example.org", "Changed outcome: 23 a) Request", page, 1),
        ("editor@example.org", "Changed topic: Twice", f"/secretariat/meetings/topic/{topic.pk}/change/", 2),
    ]  # fmt: skip
    assert changes(lead, after) == changes(lead, None) == []
    assert changes(reader, before) == []  # the history is for those who keep the record
    assert changes(other_lead, before) == []


def test_a_new_visit_begins_after_an_hour(lead: User) -> None:
    visits = [
        last_visit(User.objects.get(pk=lead.pk), NOON + timedelta(minutes=minutes))
        for minutes in (0, 59, 60, 90, 300)
    ]
    hour = NOON + timedelta(hours=1)
    assert visits == [None, None, NOON, NOON, hour]


def test_who_looks_as_another_role_is_not_noted(group: WorkingGroup, lead: User) -> None:
    client = signed_in(lead)
    session = client.session
    viewing.begin(session, lead, f"{group.pk}:{Role.READER}")
    session.save()
    assert client.get(HOME).status_code == 200
    assert User.objects.get(pk=lead.pk).this_visit is None
    session = client.session
    viewing.end(session)
    session.save()
    client.get(HOME)
    assert User.objects.get(pk=lead.pk).this_visit is not None


def test_the_page_tells_what_changed_since(group: WorkingGroup, lead: User) -> None:
    editor = with_role(group, Role.EDITOR)
    client = signed_in(lead)
    client.get(HOME)
    rename(editor, "Islands")
    assert "Changed by others" not in client.get(HOME).content.decode()  # the same visit, the first
    User.objects.filter(pk=lead.pk).update(this_visit=timezone.now() - timedelta(days=2))
    said = client.get(HOME).content.decode()
    assert "Changed by others since" in said
    assert "Changed topic: Islands" in said


# How it grows


def asked_for(client: Client) -> int:
    client.get(HOME)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(HOME).status_code == 200
    return len(queries)


def make_more(group: WorkingGroup, report: Report, lead: User) -> Callable[[], None]:
    """Return a way to make the record three times as large."""

    def grow() -> None:
        session = Session.objects.get(key="council-2026")
        topic = Topic.objects.get(key="lldcs")
        for ordinal in range(30, 42):
            held = meeting(group, ordinal, date(2026, 2, 1) + timedelta(days=ordinal))
            for position in range(ordinal % 3):
                promise = Outcome.objects.create(
                    meeting=held, position=position, kind="summary", session=session
                )
                OutcomeTopic.objects.create(outcome=promise, topic=topic)
        for slug in ("a", "b"):
            begun = drafting.begin(
                Report(
                    group=group, type=report.type, session=session, slug=slug, as_of=report.as_of,
                    first_day=report.first_day, last_day=date(2026, 6, 1), signed_by=report.signed_by,
                ),
                by=lead,
            )  # fmt: skip
            clearance.send(begun, by=lead, at=NOON)
            begun.references.update(
                revision=Revision.objects.get(instrument__key="council-1305", label__en="Mod. 2019")
            )

    return grow


@pytest.mark.parametrize(
    ("role", "small", "large"), [(Role.LEAD, 67, 66), (Role.CHAIR, 60, 59), (Role.READER, 60, 59)]
)
def test_the_page_asks_as_often_however_large_the_record(
    group: WorkingGroup, report: Report, lead: User, role: RoleTerm.Role, small: int, large: int
) -> None:
    """One less: of the ten promises shown at last, none is taken up by an outcome to be named."""
    user = lead if role == Role.LEAD else with_role(group, role)
    editor = with_role(group, Role.EDITOR)
    clearance.send(report, by=lead, at=NOON)
    Revision.objects.create(
        instrument=Instrument.objects.get(key="council-1305"), label={"en": "Mod. 2026"},
        in_force_from=date(2026, 1, 1),
    )  # fmt: skip
    meeting(group, 24, date(2026, 3, 2))
    meeting(group, 25, timezone.localdate() + timedelta(days=3))
    User.objects.filter(pk=user.pk).update(
        this_visit=timezone.now(), last_visit=timezone.now() - timedelta(days=1)
    )
    rename(editor, "Islands")
    with history.activity("test.due", editor):
        outcome = Outcome.objects.get(meeting__ordinal=23, position=1)
        outcome.due = date(2026, 5, 1)
        outcome.save()
    client = signed_in(user)
    assert asked_for(client) == small
    with history.activity("test.grow", editor):
        make_more(group, report, lead)()
    assert asked_for(client) == large


def test_the_ten_promises_that_are_due_first_and_how_many_more(
    group: WorkingGroup, lead: User
) -> None:
    before = seen_by(lead)["promises"]
    held = meeting(group, 30, DAY - timedelta(days=30))
    for position in range(12):
        Outcome.objects.create(
            meeting=held, position=position, kind="request", addressee={"en": "the Chair"},
            action={"en": f"to report on lake {position}"}, due=DAY + timedelta(days=12 - position),
        )  # fmt: skip
    shown = cockpit(User.objects.get(pk=lead.pk), NOON, None)
    section = {each.key: each for each in shown.sections}["promises"]
    assert [task.what for task in section.tasks] == [
        f"The Chair: to report on lake {position}" for position in range(11, 1, -1)
    ]
    assert section.more == len(before) + 2


def test_ten_rows_of_a_subject_and_how_many_more(group: WorkingGroup, lead: User) -> None:
    for ordinal in range(30, 45):
        meeting(group, ordinal, date(2026, 2, 1) + timedelta(days=ordinal))
    shown: Any = cockpit(lead, datetime(2026, 9, 1, 9, tzinfo=UTC), None)
    section = {each.key: each for each in shown.sections}["meetings"]
    assert (len(section.tasks), section.more) == (10, 5)
    assert section.tasks[0].what == "44th meeting"
