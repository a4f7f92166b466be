"""A meeting's pages in the secretariat's site, over HTTP."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from meetings import agenda, closing
from meetings.models import (
    Document,
    Meeting,
    MemberState,
    Outcome,
    Participant,
    TopicProposal,
    WorkingGroup,
)
from tests.meetings.planned import AT, make_agenda, plan
from tests.meetings.test_recording import Fields
from tests.pages.page_words import words


def address(name: str, meeting: Meeting, *more: int) -> str:
    return reverse(f"admin:{name}", args=[meeting.pk, *more])


def today() -> date:
    return timezone.localdate()


def sent_back(client: Client, at: str) -> dict[str, list[str]]:
    """Return what a browser sends back of a page, nothing changed."""
    reader = Fields()
    reader.feed(client.get(at).content.decode())
    return {name: value for name, value in reader.sent.items() if name != "q"}


@pytest.fixture
def meeting(group: WorkingGroup) -> Meeting:
    """A meeting that begins in a hundred days, with an agenda."""
    made = plan(group, today() + timedelta(days=100)).meeting
    made.agenda_items.all().delete()
    make_agenda(made, "Opening", "Contributions", ".One", "Report")
    return made


@pytest.fixture
def held(meeting: Meeting) -> Meeting:
    """The same when it is over."""
    meeting.first_day, meeting.last_day = today() - timedelta(2), today() - timedelta(1)
    meeting.save()
    return meeting


# Planned


def test_the_next_meeting_is_planned_on_one_page(as_editor: Client, group: WorkingGroup) -> None:
    page = reverse("admin:meeting_new", args=[group.pk])
    shown = words(as_editor.get(page))
    assert "Summary of “Ensuring meaningful connectivity" in shown
    first = today() + timedelta(days=200)
    sent = sent_back(as_editor, page) | {
        "first_day": [f"{first}"], "last_day": [f"{first - timedelta(1)}"], "place": ["Geneva"],
    }  # fmt: skip
    refused = as_editor.post(page, sent)
    assert (refused.status_code, Meeting.objects.filter(ordinal=24).exists()) == (422, False)
    assert "The last day lies before the first." in words(refused)
    done: Any = as_editor.post(page, sent | {"last_day": [f"{first}"]}, follow=True)
    made = Meeting.objects.get(group=group, ordinal=24)
    assert done.redirect_chain == [(address("meeting", made), 302)]
    assert (made.place, made.planned_at is not None) == ({"en": "Geneva"}, True)
    assert "matters and No documents returned by themselves." in words(done)
    again = as_editor.post(page, sent | {"last_day": [f"{first}"]})
    assert "Somebody else planned a meeting meanwhile; the next would be number 25." in words(again)
    assert (
        Meeting.objects.filter(group=group).count()
        == Meeting.objects.filter(ordinal__lt=25).count()
    )


def test_the_workplace_says_where_a_meeting_stands(as_editor: Client, meeting: Meeting) -> None:
    said = words(as_editor.get(address("meeting", meeting)))
    assert "Call the meeting by circular" in said
    assert "in 10 days To come Record the circular" in said
    page = as_editor.get(address("meeting", meeting)).content.decode()
    assert page.count(f'href="/secretariat/documents/?meeting={meeting.pk}"') == 2
    assert f'href="/secretariat/delegations/?group={meeting.group.slug}"' in page
    assert "No participant is recorded." not in said
    for act, facts, then in (
        ("call", {"circular": "CL-26/44", "on": f"{today()}"}, "The circular is recorded."),
        ("publish", {}, "The agenda is public."),
        ("deadline", {"day": f"{meeting.first_day - timedelta(20)}", "clock": "18:00"}, "is set."),
    ):
        done: Any = as_editor.post(address("meeting", meeting), {"act": act, **facts}, follow=True)
        assert then in words(done), act
    meeting.refresh_from_db()
    assert (meeting.circular, meeting.invited_on) == ("CL-26/44", today())
    said = words(as_editor.get(address("meeting", meeting)))
    assert "by CL-26/44 on" in said
    assert ", 18:00" in said
    twice = as_editor.post(address("meeting", meeting), {"act": "publish"})
    assert "That is no longer to be done here. Nothing was changed." in words(twice)


def test_what_an_act_refuses_is_said_at_its_place(as_editor: Client, meeting: Meeting) -> None:
    page = address("meeting", meeting)
    late = as_editor.post(page, {"act": "call", "circular": "CL-1", "on": "2999-01-01"})
    assert late.status_code == 422
    assert "A circular calls a meeting before it begins." in words(late)
    bare = as_editor.post(page, {"act": "cancel", "on": f"{today()}", "reason": ""})
    assert bare.status_code == 422
    meeting.refresh_from_db()
    assert (meeting.circular, meeting.cancelled_on) == ("", None)
    as_editor.post(page, {"act": "cancel", "on": f"{today()}", "reason": "The cluster moved."})
    meeting.refresh_from_db()
    assert meeting.cancelled_on == today()
    assert "Call the meeting off" not in words(as_editor.get(page))


def test_a_meeting_of_the_archive_is_asked_for_nothing(
    as_editor: Client, twentieth: Meeting
) -> None:
    said = words(as_editor.get(address("meeting", twentieth)))
    assert "The record of this meeting was entered as it was" in said
    assert "Checklist" not in said
    assert "The secretariat launched the open consultation" in said
    assert "Told in CWG-Internet, Chair’s report to Council 2026" in said


def test_the_chair_reads_the_workplace_and_acts_on_nothing(
    as_chair: Client, as_vice_chair: Client, meeting: Meeting
) -> None:
    for client in (as_chair, as_vice_chair):
        page = client.get(address("meeting", meeting)).content.decode()
        assert "Checklist" in page
        assert 'name="act"' not in page
        assert "Record the circular" not in page
        for act in ("call", "deadline", "publish", "cancel", "reopen", ""):
            assert client.post(address("meeting", meeting), {"act": act}).status_code == 403
        assert client.get(address("meeting_script", meeting)).status_code == 200
    meeting.refresh_from_db()
    assert meeting.agenda_published_at is None


@pytest.mark.parametrize("count", [1, 3])
def test_the_workplace_asks_as_often_for_many_outcomes(
    as_editor: Client, held: Meeting, count: int
) -> None:
    for n in range(count):
        Outcome.objects.create(meeting=held, position=n, kind="agreed", action={"en": "to go on"})
        Participant.objects.create(meeting=held, name=f"P {n}", organisation="A")
    with CaptureQueriesContext(connection) as asked:
        as_editor.get(address("meeting", held))
    assert len(asked) == 20


# The agenda


def press(client: Client, meeting: Meeting, button: str, sent: dict[str, list[str]]) -> Any:
    name, _, value = button.partition("=")
    return client.post(address("meeting_agenda", meeting), {**sent, name: [value or "1"]})


def typed_back(answer: Any) -> dict[str, list[str]]:
    reader = Fields()
    reader.feed(answer.content.decode())
    return {name: value for name, value in reader.sent.items() if name != "q"}


def shown(answer: Any) -> list[str]:
    """Return the rows of an agenda as the page shows them."""
    page = answer.content.decode()
    numbers = re.findall(r'<span class="number">([\d.]+)</span>', page)
    titles = re.findall(r'name="items-\d+-title"(?: value="([^"]*)")?', page)
    return [f"{number} {title}".strip() for number, title in zip(numbers, titles, strict=True)]


def test_buttons_move_rows_and_saving_keeps_them(as_editor: Client, meeting: Meeting) -> None:
    page = address("meeting_agenda", meeting)
    sent = sent_back(as_editor, page)
    sent["items-0-title"] = ["Beginning"]
    up = press(as_editor, meeting, "move=up-3", sent)
    assert shown(up) == ["1 Beginning", "2 Report", "3 Contributions", "3.1 One"]
    assert "Not saved yet." in words(up)
    below = press(as_editor, meeting, "move=deeper-1", typed_back(up))
    assert shown(below)[:2] == ["1 Beginning", "1.1 Report"]
    more = press(as_editor, meeting, "more", typed_back(below))
    sent = typed_back(more) | {"items-4-title": ["Other business"]}
    assert str(agenda.of(meeting)[0]) == "1 Opening"
    saved = as_editor.post(page, sent, follow=True)
    assert "is saved." in words(saved)
    assert [str(each) for each in agenda.of(Meeting.objects.get(pk=meeting.pk))] == [
        "1 Beginning", "1.1 Report", "2 Contributions", "2.1 One", "3 Other business",
    ]  # fmt: skip


def test_numbers_of_a_public_agenda_are_confirmed(as_editor: Client, meeting: Meeting) -> None:
    page = address("meeting_agenda", meeting)
    meeting.agenda_published_at = AT
    meeting.save()
    moved = typed_back(press(as_editor, meeting, "move=remove-0", sent_back(as_editor, page)))
    asked = as_editor.post(page, moved)
    assert asked.status_code == 422
    assert (
        "Opening: 1 goes Contributions: 2 becomes 1 One: 2.1 becomes 1.1 Report: 3 becomes 2"
        in (words(asked))
    )
    assert meeting.agenda_items.count() == 4
    as_editor.post(page, typed_back(asked) | {"confirmed": ["1"]})
    assert [str(each) for each in agenda.of(Meeting.objects.get(pk=meeting.pk))] == [
        "1 Contributions", "1.1 One", "2 Report",
    ]  # fmt: skip


def test_who_writes_on_an_older_agenda_keeps_what_they_typed(
    as_editor: Client, meeting: Meeting
) -> None:
    page = address("meeting_agenda", meeting)
    sent = sent_back(as_editor, page) | {"items-0-title": ["Mine"]}
    item = meeting.agenda_items.get(title__en="Report")
    item.title = {"en": "Theirs"}
    item.save()
    refused = as_editor.post(page, sent)
    assert refused.status_code == 422
    said = words(refused)
    assert "Somebody else changed this agenda while you were writing." in said
    assert "What is saved now 1 Opening 2 Contributions 2.1 One 3 Theirs" in said
    assert shown(refused)[0] == "1 Mine"
    as_editor.post(page, typed_back(refused))
    assert [str(each) for each in agenda.of(Meeting.objects.get(pk=meeting.pk))] == [
        "1 Mine", "2 Contributions", "2.1 One", "3 Report",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("items-0-title", "", "An item has a title. To take it out, press Remove."),
        ("items-0-title", "a\u202eb", "This text holds a character that cannot be printed"),
        ("items-0-title", "x" * 501, "at most 500 characters"),
        ("items-0-depth", "9", "Nothing was saved yet."),
        ("items-0-key", "987654", "not of this meeting"),
        ("items-0-documents", "987654", "is not one of the available choices"),
        ("items-TOTAL_FORMS", "many", "The page was not sent whole. Go back, and send it again."),
    ],
)  # fmt: skip
def test_what_no_agenda_can_be_is_refused(
    as_editor: Client, meeting: Meeting, name: str, value: str, said: str
) -> None:
    page, before = address("meeting_agenda", meeting), agenda.stamp(meeting)
    refused = as_editor.post(page, sent_back(as_editor, page) | {name: [value]})
    assert refused.status_code == 422
    assert said in words(refused)
    assert agenda.stamp(meeting) == before


@pytest.mark.parametrize("button", ["move=up-99", "move=nothing-1", "move=up-x", "move=up-"])
def test_a_button_that_is_none_moves_nothing(
    as_editor: Client, meeting: Meeting, button: str
) -> None:
    sent = sent_back(as_editor, address("meeting_agenda", meeting))
    answer = press(as_editor, meeting, button, sent)
    assert answer.status_code == 200
    assert shown(answer) == ["1 Opening", "2 Contributions", "2.1 One", "3 Report"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_agenda_asks_as_often(as_editor: Client, meeting: Meeting, count: int) -> None:
    for n in range(count):
        paper = Document.objects.create(
            group=meeting.group, meeting=meeting, key=f"d{n}", title={"en": "D"}
        )
        paper.agenda_items.set(meeting.agenda_items.all())
    with CaptureQueriesContext(connection) as asked:
        as_editor.get(address("meeting_agenda", meeting))
    assert len(asked) == 12


# In the room


LINES = """\
1: The Group took note of the report on Internet activities.
a) The Group agreed to continue its work in the spring.
The matter was deferred to the next meeting.
3: It was a good meeting.
"""


def test_pasted_lines_become_rows_to_be_checked(as_editor: Client, held: Meeting) -> None:
    page = address("meetings_meeting_outcomes", held)
    pasted = as_editor.post(page, sent_back(as_editor, page) | {"lines": [LINES], "paste": ["1"]})
    assert held.outcomes.count() == 0
    sent = typed_back(pasted)
    rows = [
        tuple(
            sent.get(f"outcomes-{place}-{name}", [""])[0] for name in ("kind", "action", "wording")
        )
        for place in range(1, 5)
    ]
    # the house says the first two itself; the others keep the words of the room
    assert rows == [
        ("noted", "the report on Internet activities", ""),
        ("agreed", "to continue its work in the spring", ""),
        ("deferred", "", "The matter was deferred to the next meeting."),
        ("free", "", "It was a good meeting."),
    ]
    assert sent["outcomes-3-wording_reason"] == ["As agreed in the room"]
    report = held.agenda_items.get(title__en="Report")
    assert sent["outcomes-4-agenda_item"] == [str(report.pk)]
    sent |= {"outcomes-3-until": ["next_meeting"], "outcomes-3-action": ["the matter"]}
    assert as_editor.post(page, sent).status_code == 302
    assert [f"{each} {each.agenda_item or ''}".strip() for each in held.outcomes.all()] == [
        "24 a) Noted Opening", "24 b) Agreed", "24 c) Matter deferred", "24 d) In free words Report",
    ]  # fmt: skip
    screen = words(as_editor.get(address("meeting_room", held)))
    assert "a) The Group took note of the report on Internet activities." in screen
    assert "c) The matter was deferred to the next meeting." in screen


def test_the_screen_asks_again_only_where_that_was_asked(as_chair: Client, held: Meeting) -> None:
    page = address("meeting_room", held)
    once, again = as_chair.get(page), as_chair.get(f"{page}?again")
    assert ("Refresh" in once, again["Refresh"]) == (False, "15")
    assert "No outcome yet." in words(once)


def test_the_script_has_everything_on_one_page(as_chair: Client, meeting: Meeting) -> None:
    item = meeting.agenda_items.get(title__en="One")
    item.returns = Outcome.objects.get(meeting__ordinal=22, position=1)
    item.save()
    paper = Document.objects.create(
        group=meeting.group, meeting=meeting, key="p", number="CWG-Internet-24/3",
        title={"en": "A proposal"}, purpose="action",
    )  # fmt: skip
    paper.sources.create(member_state=MemberState.objects.get(iso="BR"))
    paper.agenda_items.set([item])
    TopicProposal.objects.create(document=paper, title={"en": "A new topic"})
    loose = Document.objects.create(
        group=meeting.group, meeting=meeting, key="l", number="CWG-Internet-24/4", title={"en": "Loose"}
    )  # fmt: skip
    Document.objects.create(
        group=meeting.group, meeting=meeting, key="draft", title={"en": "Their draft"},
        member_state=MemberState.objects.get(iso="BR"),
    )  # fmt: skip
    said = words(as_chair.get(address("meeting_script", meeting)))
    assert (
        "2.1 One CWG-Internet-24/3 A proposal (Brazil), for action "
        "Expected: a decision on the topic proposed, “A new topic”. "
        "Expected: what became of it. Late: Council 2026."
    ) in said
    assert f"Documents on no item {loose} Loose" in said
    assert "On the topic “A new topic”, proposed in CWG-Internet-24/3" in said
    assert "Their draft" not in said


@pytest.mark.parametrize("count", [1, 3])
def test_the_script_asks_as_often(as_chair: Client, meeting: Meeting, count: int) -> None:
    state = MemberState.objects.get(iso="BR")
    for n in range(count):
        paper = Document.objects.create(
            group=meeting.group, meeting=meeting, key=f"d{n}", title={"en": "D"}
        )
        paper.sources.create(member_state=state)
        paper.agenda_items.set(meeting.agenda_items.all())
        TopicProposal.objects.create(document=paper, title={"en": "T"})
    with CaptureQueriesContext(connection) as asked:
        as_chair.get(address("meeting_script", meeting))
    assert len(asked) == 24


# Participants


def test_a_list_is_pasted_or_sent_as_a_file(
    as_editor: Client, held: Meeting, tmp_path: Any
) -> None:
    page = address("meeting_participants", held)
    some = as_editor.post(page, {"lines": "Ana,BR\nBob,XX\n"}, follow=True)
    assert "1 participant added." in words(some)
    assert "Line 2, “Bob,XX”: “XX” is the code of no Member State." in words(some)
    path = tmp_path / "list.csv"
    path.write_bytes("\ufeffname,of\nÉva,HU\n".encode())
    with path.open("rb") as file:
        as_editor.post(page, {"lines": "", "file": file})
    path.write_bytes("Éva,HU".encode("latin-1"))
    with path.open("rb") as file:
        refused = as_editor.post(page, {"lines": "", "file": file})
    assert "The file is no text in UTF-8." in words(refused)
    assert [each.name for each in held.participants.order_by("name")] == ["Ana", "Éva"]
    assert "Paste the lines, or choose a file." in words(as_editor.post(page, {"lines": " "}))


def test_one_participant_is_added_changed_and_taken_out(as_editor: Client, held: Meeting) -> None:
    add = address("meeting_participant_add", held)
    state = MemberState.objects.get(iso="BR").pk
    facts = {"name": "Ana", "member_state": state, "mode": "in_person"}
    as_editor.post(add, facts)
    assert "stands in the list already" in words(as_editor.post(add, facts))
    assert "Name the Member State or the organization." in words(
        as_editor.post(add, {"name": "Bob", "mode": "remote"})
    )
    ana = held.participants.get()
    page = address("meeting_participant", held, ana.pk)
    as_editor.post(page, facts | {"function": "Head of delegation"})
    ana.refresh_from_db()
    assert ana.function == "Head of delegation"
    as_editor.post(page, {"remove": "1"})
    assert not held.participants.exists()
    entry = LogEntry.objects.order_by("-pk")[0]
    assert entry.additional_data["activity"] == "attendance.remove"
    other = Participant.objects.create(
        meeting=Meeting.objects.get(ordinal=20), name="Elsewhere", organisation="A"
    )
    assert as_editor.get(address("meeting_participant", held, other.pk)).status_code == 404


# Closed


def test_it_is_closed_with_what_is_missing_said(as_editor: Client, held: Meeting) -> None:
    page = address("meeting_close", held)
    keys = [each.item.pk for each in closing.missing(held)]
    assert words(as_editor.get(page)).count("no outcome, because") == 3
    some = {f"item-{keys[0]}": "It was courtesy."}
    refused = as_editor.post(page, some | {"close": "1"})
    assert refused.status_code == 422
    assert "2 items of the agenda have neither an outcome nor a word" in words(refused)
    assert len(closing.missing(held)) == 2
    as_editor.post(page, {f"item-{keys[1]}": "It fell away.", "keep": "1"})
    held.refresh_from_db()
    assert (held.closed_on, len(closing.missing(held))) == (None, 1)
    done = as_editor.post(page, {f"item-{keys[2]}": "None.", "close": "1"}, follow=True)
    assert "is closed. Everybody reads its outcomes now." in words(done)
    held.refresh_from_db()
    assert held.closed_on == today()
    reopened = as_editor.post(
        address("meeting", held), {"act": "reopen", "reason": "A slip."}, follow=True
    )
    assert ": A slip." in words(reopened)
    held.refresh_from_db()
    assert held.closed_on is None
