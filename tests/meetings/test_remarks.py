"""Who said what stays with the secretariat; delegations comment on draft outcomes within a window."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cwg.accounts.models import User
from cwg.report.compose import compose
from cwg.report.gather import gather
from cwg.report.models import Report
from meetings import attributing, commenting
from meetings.models import (
    AgendaItem,
    Meeting,
    MemberState,
    OutcomeComment,
    Statement,
    WorkingGroup,
)
from tests.conftest import signed_in
from tests.meetings.delegates import make_delegate

AT = datetime(2026, 1, 20, 12, tzinfo=UTC)
SPEAKER = "Ms Protected Name"


@pytest.fixture
def meeting(group: WorkingGroup) -> Meeting:
    """Give the last meeting of the demo record, with an item on its agenda."""
    last = Meeting.objects.get(group=group, series="own", ordinal=23)
    AgendaItem.objects.create(meeting=last, position=1, title={"en": "Other business"})
    return last


def statements(meeting: Meeting) -> str:
    return reverse("admin:statements", args=[meeting.pk])


def comments(meeting: Meeting) -> str:
    return reverse("admin:comments", args=[meeting.pk])


def at_desk(meeting: Meeting) -> str:
    return reverse("desk:draft_outcomes", args=[meeting.group.slug, meeting.number])


# Statements


def test_a_statement_is_kept_on_an_item_and_removed(as_editor: Client, meeting: Meeting) -> None:
    item = AgendaItem.objects.get(meeting=meeting)
    typed = {
        "agenda_item": item.pk, "member_state": MemberState.objects.get(iso="PL").pk,
        "speaker": SPEAKER, "text": "Connectivity comes first.",
    }  # fmt: skip
    assert as_editor.post(statements(meeting), typed).status_code == 302
    page = as_editor.get(statements(meeting)).content.decode()
    assert SPEAKER in page
    assert "Connectivity comes first." in page
    said = Statement.objects.get()
    assert as_editor.post(statements(meeting), {"remove": said.pk}).status_code == 302
    assert not Statement.objects.exists()


def test_what_is_wrong_with_a_statement_is_said_and_what_was_typed_is_kept(
    as_editor: Client, meeting: Meeting
) -> None:
    answer = as_editor.post(statements(meeting), {"speaker": SPEAKER, "text": "Words to keep."})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Words to keep." in page
    assert "This field is required." in page
    assert not Statement.objects.exists()


def test_statements_stand_in_the_order_in_which_they_were_kept(
    meeting: Meeting, editor: User
) -> None:
    item = AgendaItem.objects.get(meeting=meeting)
    for words in ("First.", "Second."):
        attributing.record_statement(item, words, by=editor)
    assert list(item.statements.values_list("position", "text")) == [(1, "First."), (2, "Second.")]


def test_a_statement_on_an_item_that_went_meanwhile_is_given_back(
    as_editor: Client, meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    item, keep = AgendaItem.objects.get(meeting=meeting), attributing.record_statement

    def after_it_went(*args: Any, **said: Any) -> Statement:
        AgendaItem.objects.filter(pk=item.pk).delete()
        return keep(*args, **said)

    monkeypatch.setattr(attributing, "record_statement", after_it_went)
    answer = as_editor.post(statements(meeting), {"agenda_item": item.pk, "text": "Words to keep."})
    assert answer.status_code == 422
    assert "removed from the agenda meanwhile" in answer.content.decode()
    assert "Words to keep." in answer.content.decode()


def test_a_protected_name_is_nowhere_but_on_the_secretariats_page(
    client: Client, as_editor: Client, as_reader: Client, meeting: Meeting, editor: User,
    capsys: Any, group: WorkingGroup,
) -> None:  # fmt: skip
    item = AgendaItem.objects.get(meeting=meeting)
    said = "A secret saying of a delegation"
    attributing.record_statement(
        item, said, member_state=MemberState.objects.get(iso="PL"), speaker=SPEAKER, by=editor
    )
    assert SPEAKER in as_editor.get(statements(meeting)).content.decode()
    delegate = signed_in(make_delegate(group, "PL"))
    slug = group.slug
    public = [
        "/", f"/{slug}/", f"/{slug}/meetings/", meeting.get_absolute_url(),
        f"/{slug}/consultations/", f"/{slug}/consultations/feed.atom", f"/{slug}/calendar.ics",
        f"/{slug}/reports/",
    ]  # fmt: skip
    for browser in (client, delegate):
        for address in [*public, "/desk/", at_desk(meeting)]:
            body = browser.get(address).content.decode()
            assert SPEAKER not in body, address
            assert said not in body, address
    for address in ("/secretariat/", "/secretariat/search/?q=Protected"):
        for browser in (as_editor, as_reader):
            body = browser.get(address).content.decode().replace('value="Protected"', "")
            assert SPEAKER not in body, address
    assert as_reader.get(statements(meeting)).status_code == 403
    call_command("dump_record", slug)
    assert SPEAKER not in capsys.readouterr().out
    report = repr(compose(gather(Report.objects.get(group=group))))
    assert SPEAKER not in report
    assert said not in report


# Comments


def test_comments_are_taken_within_the_window(meeting: Meeting, editor: User) -> None:
    outcome = meeting.outcomes.first()
    assert outcome is not None
    poland = MemberState.objects.get(iso="PL")

    def remark(at: datetime) -> None:
        commenting.comment(outcome, "Words.", member_state=poland, by=editor, at=at)

    with pytest.raises(commenting.NotOpenError):
        remark(AT)
    with pytest.raises(commenting.WindowInPastError):
        commenting.open_window(meeting, AT, by=editor, at=AT)
    until = AT + timedelta(days=7)
    commenting.open_window(meeting, until, by=editor, at=AT)
    remark(AT)
    remark(until - timedelta(seconds=1))
    with pytest.raises(commenting.NotOpenError):
        remark(until)
    later = commenting.open_window(
        meeting, until + timedelta(days=1), by=editor, at=AT + timedelta(days=1)
    )
    assert (later.comments_from, later.comments_until) == (AT, until + timedelta(days=1))
    remark(until)
    assert OutcomeComment.objects.count() == 3


def test_a_delegation_comments_and_reads_what_was_done(
    as_editor: Client, meeting: Meeting, group: WorkingGroup
) -> None:
    poland = signed_in(make_delegate(group, "PL"))
    brazil = signed_in(make_delegate(group, "BR"))
    assert poland.get(at_desk(meeting)).status_code == 404  # not shown before the window is open
    day = timezone.localdate() + timedelta(days=7)
    opened = as_editor.post(comments(meeting), {"day": day.isoformat(), "time": "23:59"})
    assert opened.status_code == 302
    outcome = meeting.outcomes.get(position=2)
    page = poland.get(at_desk(meeting)).content.decode()
    assert "should PP‑26 decide" in page or "PP" in page
    sent = poland.post(at_desk(meeting), {"outcome": outcome.pk, "text": "Say “requested”."})
    assert sent.status_code == 302
    assert "Say “requested”." in poland.get(at_desk(meeting)).content.decode()
    assert "Say “requested”." not in brazil.get(at_desk(meeting)).content.decode()
    remark = OutcomeComment.objects.get()
    page = as_editor.get(comments(meeting)).content.decode()
    assert "Say “requested”." in page
    assert "Poland" in page
    answered = as_editor.post(comments(meeting), {"answer": remark.pk, "text": "Taken over."})
    assert answered.status_code == 302
    assert "Taken over." in poland.get(at_desk(meeting)).content.decode()
    again = as_editor.post(comments(meeting), {"answer": remark.pk, "text": "Not taken over."})
    assert "Somebody has answered this comment meanwhile." in again.content.decode()


def test_an_empty_comment_is_refused_at_its_outcome(
    meeting: Meeting, group: WorkingGroup, editor: User
) -> None:
    poland = signed_in(make_delegate(group, "PL"))
    now = timezone.now()
    commenting.open_window(meeting, now + timedelta(days=1), by=editor, at=now)
    outcome = meeting.outcomes.get(position=1)
    answer = poland.post(at_desk(meeting), {"outcome": outcome.pk, "text": " "})
    assert answer.status_code == 422
    assert answer.content.decode().count("This field is required.") == 2  # on top, and at its place
    other = Meeting.objects.get(group=group, series="own", ordinal=22).outcomes.get(position=1)
    wrong = poland.post(at_desk(meeting), {"outcome": other.pk, "text": "Words."})
    assert wrong.status_code == 422
    assert not OutcomeComment.objects.exists()


def test_others_find_nothing_at_the_desk(
    client: Client, as_stranger: Client, as_editor: Client, meeting: Meeting, group: WorkingGroup,
    editor: User,
) -> None:  # fmt: skip
    now = timezone.now()
    commenting.open_window(meeting, now + timedelta(days=1), by=editor, at=now)
    address = at_desk(meeting)
    absent = address.replace("/23/", "/99/")
    sent_to_sign_in = client.get(address)
    assert (sent_to_sign_in.status_code, client.get(absent).status_code) == (302, 302)
    for browser in (as_stranger, as_editor):
        assert browser.get(address).status_code == browser.get(absent).status_code == 404
    assert signed_in(make_delegate(group, "PL")).get(absent).status_code == 404
    for answer in (sent_to_sign_in, as_stranger.get(address)):
        assert answer["Cache-Control"] == "private, no-store"


def test_queries_of_the_pages(
    as_editor: Client, meeting: Meeting, group: WorkingGroup, editor: User
) -> None:  # fmt: skip
    item = AgendaItem.objects.get(meeting=meeting)
    outcome = meeting.outcomes.get(position=1)
    now = timezone.now()
    commenting.open_window(meeting, now + timedelta(days=1), by=editor, at=now)
    poland = make_delegate(group, "PL")
    for place in range(5):
        attributing.record_statement(item, f"Words {place}.", by=editor)
        commenting.comment(
            outcome,
            f"Words {place}.",
            member_state=MemberState.objects.get(iso="PL"),
            by=poland,
            at=now,
        )
    browser = signed_in(poland)
    counted = {}
    for name, ask, address in (
        ("statements", as_editor, statements(meeting)), ("comments", as_editor, comments(meeting)),
        ("desk", browser, at_desk(meeting)),
    ):  # fmt: skip
        ask.get(address)
        with CaptureQueriesContext(connection) as found:
            ask.get(address)
        counted[name] = len(found)
    assert counted == QUERIES


QUERIES = {"statements": 10, "comments": 14, "desk": 17}
