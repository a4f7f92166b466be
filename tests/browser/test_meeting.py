"""A whole meeting in a browser, by keyboard: planned from the last one, run, closed, in the report."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from cwg.accounts.models import User
from cwg.report.models import Report
from meetings import attendance
from meetings.models import Document, Meeting, Outcome
from tests.browser.accessibility import too_wide, violations
from tests.browser.signing_in import sign_in
from tests.meetings.planned import make_agenda, plan

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

LINES = (
    "1: The Group agreed to approve the report of its last meeting.",
    "2: The Group took note of the report on Internet activities.",
)


def called(focused: Locator) -> str:
    """Return what the element with the focus is called."""
    name: str = focused.evaluate(
        "e => e.getAttribute('aria-label') || (e.labels?.[0] ?? e).innerText.trim()"
    )
    return name


def reach(page: Page, name: str) -> Locator:
    """Press Tab until what is called `name` has the focus, which has to be seen."""
    for _ in range(400):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if focused.count() and called(focused).startswith(name):
            assert focused.evaluate("e => getComputedStyle(e).outlineStyle") != "none"
            return focused
    raise AssertionError(f"“{name}” is not reached with Tab")


def type_day(page: Page, name: str, day: date) -> None:
    """Type a day into the browser's own box, as somebody with an English keyboard does."""
    reach(page, name)
    page.keyboard.type(f"{day:%m%d%Y}")


def press(page: Page, name: str) -> None:
    reach(page, name).press("Enter")


def test_a_whole_meeting_by_keyboard(page: Page, report: Report, secretary: User) -> None:
    today = timezone.localdate()
    make_agenda(Meeting.objects.get(ordinal=23), "Internet activities", "Other business")
    sign_in(page, secretary.email)
    plan_it(page, today)
    meeting = Meeting.objects.get(ordinal=24)
    call_it(page, meeting)
    write_the_agenda(page)
    publish(page, meeting)
    record(page, meeting)
    bring_in_people(page, meeting)
    close_it(page, meeting)
    page.goto(meeting.get_absolute_url())
    expect(page.get_by_text("The Group took note of the report on Internet")).to_be_visible()
    begin_the_report(page, today)


def plan_it(page: Page, today: date) -> None:
    press(page, "Meetings")
    page.wait_for_url("**/meetings/meeting/")
    press(page, "New from the last one")
    type_day(page, "First day", today)
    type_day(page, "Last day", today)
    reach(page, "Place")
    page.keyboard.press("Control+a")
    page.keyboard.type("Geneva")
    press(page, "Plan the meeting")
    expect(page.get_by_text("returned by themselves.")).to_be_visible()


def call_it(page: Page, meeting: Meeting) -> None:
    press(page, "Record the circular that calls it")
    reach(page, "Number of the circular")
    page.keyboard.type("CL-26/44")
    press(page, "Keep it")
    expect(page.get_by_text("The circular is recorded.")).to_be_visible()
    meeting.refresh_from_db()
    assert meeting.circular == "CL-26/44"


def write_the_agenda(page: Page) -> None:
    """Internet activities go after other business; then back, and an item is added below it."""
    press(page, "Agenda")
    press(page, "Move item 2 down")
    expect(page.get_by_label("Title of item 3", exact=True)).to_have_value("Internet activities")
    expect(page.get_by_label("Move item 3 up")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Title of item 2", exact=True)).to_have_value("Internet activities")
    expect(page.get_by_text("Not saved yet.")).to_be_visible()
    press(page, "Save the agenda")
    expect(page.get_by_text("is saved.")).to_be_visible()


def publish(page: Page, meeting: Meeting) -> None:
    press(page, str(meeting))
    press(page, "Publish the agenda")
    press(page, "Publish it")
    expect(page.get_by_text("The agenda is public.")).to_be_visible()


def record(page: Page, meeting: Meeting) -> None:
    press(page, "Outcomes")
    press(page, "Paste the lines agreed in the room")
    reach(page, "Lines agreed in the room")
    for line in LINES:
        page.keyboard.type(line)
        page.keyboard.press("Enter")
    press(page, "Make them outcomes")
    expect(page.locator(".outcome").nth(1).get_by_label("What happened")).to_have_value("agreed")
    assert not meeting.outcomes.exists()
    press(page, "Save")
    expect(page.get_by_text("The outcomes of CWG-Internet meeting 24")).to_be_visible()
    assert [f"{each} {each.agenda_item}" for each in meeting.outcomes.all()] == [
        "24 a) Agreed Approval of the report of the twenty-third meeting",
        "24 b) Noted Internet activities",
    ]
    press(page, "Screen in the room")
    expect(page.locator(".room-items > li").first).to_contain_text("a) The Group agreed to approve")
    size = page.locator(".room").evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
    line = page.locator(".room-items > li").first.evaluate(
        "e => parseFloat(getComputedStyle(e).lineHeight)"
    )
    assert line > size
    assert size >= 40  # of 1,280 pixels: a letter fills a fiftieth of the height of the screen
    press(page, "Record outcomes")
    press(page, "Workplace")


def bring_in_people(page: Page, meeting: Meeting) -> None:
    press(page, "Participants")
    reach(page, "Lines")
    page.keyboard.type("Ana Example, BR, Head of delegation, in person")
    press(page, "Bring it in")
    expect(page.get_by_text("1 participant added.")).to_be_visible()
    press(page, str(meeting))


def close_it(page: Page, meeting: Meeting) -> None:
    press(page, "Close the meeting")
    page.wait_for_url("**/close/")
    press(page, "Close the meeting")
    refused = page.get_by_role("alert")
    expect(refused).to_contain_text("have neither an outcome nor a word on why there is none.")
    boxes = page.get_by_label("no outcome, because")
    for place in range(boxes.count()):
        name = called(boxes.nth(place))
        reach(page, name)
        page.keyboard.type("It was not opened.")
    press(page, "Close the meeting")
    expect(page.get_by_text("is closed. Everybody reads its outcomes now.")).to_be_visible()
    meeting.refresh_from_db()
    assert meeting.closed_on == timezone.localdate()


def begin_the_report(page: Page, today: date) -> None:
    """The next report begins from the last one, and tells of the meeting."""
    page.goto("/secretariat/")
    press(page, "Reports")
    page.wait_for_url("**/report/report/")
    press(page, "CWG-Internet, Chair’s report to Council 2026")
    press(page, "Preview")
    press(page, "New report from this one")
    reach(page, "Session")
    page.keyboard.type("PP-26")
    type_day(page, "Last day", today)
    type_day(page, "Date", today)
    press(page, "Begin it")
    expect(page.get_by_text("is begun from")).to_be_visible()
    expect(page.locator("#meeting-24")).to_contain_text("twenty-fourth meeting")
    expect(page.get_by_text("The Group took note of the report on Internet")).to_be_visible()


@pytest.fixture
def full(report: Report) -> Meeting:
    """A meeting with everything its pages can show."""
    group = report.group
    meeting = plan(group, timezone.localdate()).meeting
    one = make_agenda(meeting, "An item with a very long title " * 8, ".Below it", ".And below")[1]
    paper = Document.objects.create(
        group=group, meeting=meeting, key="p", number="CWG-Internet-24/1", title={"en": "A paper"}
    )
    paper.agenda_items.set([one])
    Outcome.objects.create(
        meeting=meeting, position=1, kind="agreed", action={"en": "to go on"}, agenda_item=one
    )
    attendance.bring_in(meeting, "Ana Example,BR\nBob Example,A house of examples,,remote")
    return meeting


@pytest.mark.parametrize(
    "name",
    [
        "",
        "agenda/",
        "participants/",
        "participants/add/",
        "room/",
        "script/",
        "statements/",
        "comments/",
        "close/",
        "new",
    ],
)
def test_a_page_of_a_meeting_is_for_everybody(
    page: Page, full: Meeting, secretary: User, name: str
) -> None:
    sign_in(page, secretary.email)
    address = f"/secretariat/meetings/{full.pk}/{name}"
    if name == "new":
        address = f"/secretariat/meetings/new/{full.group_id}/"
    page.goto(address)
    for summary in page.locator("#content details > summary").all():
        summary.click()
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert violations(page) == []
        assert too_wide(page) == 0
