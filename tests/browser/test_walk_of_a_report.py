"""A report's whole way, in a browser: begun, filled, cleared on a phone, finalised, compared, considered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from cwg.accounts.models import User
from cwg.report.models import Comment, Consideration, Report
from meetings.models import Edition, Meeting, Outcome, Session, Settlement
from tests.browser.accessibility import too_wide
from tests.browser.signing_in import sign_in
from tests.typesetting.file_reading import docx_words

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def held(report: Report) -> Meeting:
    """A meeting after those of the demo report, which promised a summary and forgot a bracket."""
    meeting = Meeting.objects.create(
        group=report.group, ordinal=24, first_day=date(2026, 9, 7), last_day=date(2026, 9, 8)
    )
    promise = Outcome.objects.create(
        meeting=meeting, position=1, kind="summary", session=Session.objects.get(key="pp-26")
    )
    promise.outcome_topics.create(topic=report.group.topics.get(key="lldcs"), position=1)
    Outcome.objects.create(
        meeting=meeting,
        position=2,
        kind="noted",
        action={"en": "the report (on Internet activities"},
    )
    return meeting


@pytest.fixture
def phone(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """Open a window of a phone beside the other one, for somebody else."""
    opened = browser.new_context(
        base_url=live_server.url, viewport={"width": 390, "height": 844}, has_touch=True
    )
    yield opened.new_page()
    opened.close()


def page_of(report: Report, name: str) -> str:
    return reverse(f"admin:report_report_{name}", args=[report.pk])


def test_a_report_is_taken_from_the_last_one_to_the_session(
    page: Page, phone: Page, held: Meeting, secretary: User, chair: User, tmp_path: Path
) -> None:
    last = Report.objects.get()
    sign_in(page, secretary.email)
    begin(page, last)
    report = Report.objects.get(slug="pp-26")
    fill(page, report)
    accept_what_is_found(page, report)
    page.goto(page_of(report, "reading"))
    page.get_by_role("button", name="Send it to the Chair").click()
    expect(page.get_by_text("The draft is with the Chair.")).to_be_visible()

    sign_in(phone, chair.email)
    the_chair_remarks_and_writes(phone, report)
    answer_the_remark(page, report)
    the_chair_clears(phone, report)
    finalise(page, report)
    assert Settlement.objects.get(promise__meeting=held).how == "kept"
    download(page, report, tmp_path)

    change_the_number(page, report, "PP-26/51")
    the_chair_clears_again(page, phone, report)
    make_another(page, report, "a revision", "The number was missing.", "PP-26/51 Rev.1")
    change_the_number(page, report, "PP-26/52")
    the_chair_clears_again(page, phone, report)
    make_another(page, report, "a corrigendum", "The number was wrong.", "PP-26/52 Corr.1")
    compare(page, report)
    consider(page, report)


def begin(page: Page, last: Report) -> None:
    """Begin from the last report; what is wrong is said at its place, and what was typed stands."""
    page.goto(page_of(last, "preview"))
    page.get_by_role("link", name="New report from this one").click()
    page.get_by_label("Session").select_option(label="PP-26")
    expect(page.get_by_label("First day")).to_have_value("2026-02-01")
    page.get_by_label("Last day").fill("2026-01-01")
    page.get_by_label("Date", exact=True).fill("2026-10-02")
    page.get_by_role("button", name="Begin it").click()
    problem = page.get_by_role("alert")
    expect(problem).to_have_text("Last day: The period ends before it begins.")
    expect(page.get_by_label("Date", exact=True)).to_have_value("2026-10-02")
    problem.get_by_role("link").press("Enter")
    expect(page.get_by_label("Last day")).to_be_focused()
    page.get_by_label("Last day").fill("2026-09-30")
    page.get_by_role("button", name="Begin it").click()
    expect(page.get_by_text("is begun from")).to_be_visible()


def fill(page: Page, report: Report) -> None:
    """Mend what has to be looked at again, where the preview leads to it; a slip is not saved."""
    page.goto(page_of(report, "preview"))
    again = page.locator(".finding", has_text="names a year or a session in plain words")
    again.get_by_role("link", name="Open").click()
    box = page.locator("textarea:target")
    box.fill("Within the budget of {{ nothing }}.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("There is no slot “nothing”.")).to_be_visible()
    box = page.locator("textarea", has_text="Within the budget of {{ nothing }}.")
    box.fill("Within the allocated budget.")
    page.get_by_label("Agenda item").fill("WG-PL 4")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("is saved.")).to_be_visible()
    assert report.references.count() == 4


def accept_what_is_found(page: Page, report: Report) -> None:
    """Accept each blocker with a reason, and read that nothing holds the report up any more."""
    page.goto(page_of(report, "preview"))
    expect(page.get_by_text("Within the allocated budget.")).to_be_visible()
    blocker = page.locator(".findings-list > li", has=page.locator(".badge-blocker"))
    expect(blocker).to_have_count(1)
    blocker.get_by_text("Accept with a reason").click()
    blocker.get_by_label("Why it may stay").fill("As the document is titled.")
    blocker.get_by_role("button", name="Accept").click()
    expect(page.get_by_text("is accepted, with your reason.")).to_be_visible()
    expect(blocker).to_have_count(0)


def the_chair_remarks_and_writes(phone: Page, report: Report) -> None:
    """What is typed in two boxes is both there after one of them was sent."""
    phone.get_by_role("link", name="Read and clear it").click()
    first = phone.locator(".noted:has(#meeting-24)")
    own = phone.locator(".noted", has=phone.get_by_text("Write this paragraph")).last
    first.get_by_text("Remark", exact=True).click()
    first.get_by_role("textbox").fill("Was it not three days?")
    own.get_by_text("Write this paragraph").click()
    box = own.get_by_label("The paragraph. Words in double braces are filled from the record.")
    box.fill("The Chair thanks {{ group.acronym }}.")
    first.get_by_role("button", name="Keep the remark").click()
    expect(phone.get_by_text("The remark is kept beside its paragraph.")).to_be_attached()
    expect(box).to_have_value("The Chair thanks {{ group.acronym }}.")
    own.get_by_role("button", name="Keep the paragraph").click()
    expect(phone.get_by_text("The Chair thanks CWG-Internet.")).to_be_visible()
    assert too_wide(phone) == 0


def answer_the_remark(page: Page, report: Report) -> None:
    page.goto(page_of(report, "finalise"))
    page.get_by_role("link", name="One remark is not answered yet").click()
    expect(page.get_by_text("One remark is not answered yet")).to_be_visible()
    remark = page.locator(".remark", has_text="Was it not three days?")
    remark.get_by_text("Say what was done").click()
    remark.get_by_label("What was done").fill("It was two, see the list of participants.")
    remark.get_by_role("button", name="Keep").click()
    expect(remark).to_contain_text("It was two, see the list of participants.")
    expect(page.get_by_text("not answered yet")).to_have_count(0)
    assert Comment.objects.get().done_by == "secretariat@example.org"


def the_chair_clears(phone: Page, report: Report) -> None:
    """At the end of what was read; the page then begins at its top, where it says so."""
    phone.goto(page_of(report, "reading"))
    phone.get_by_role("button", name="Clear the report as it stands above").click()
    expect(phone.get_by_text("The report is cleared.")).to_be_in_viewport()


def the_chair_clears_again(page: Page, phone: Page, report: Report) -> None:
    page.goto(page_of(report, "reading"))
    page.get_by_role("button", name="Send it to the Chair").click()
    phone.goto(page_of(report, "reading"))
    expect(phone.get_by_role("heading", name="Changed since it was cleared")).to_be_visible()
    phone.get_by_role("button", name="Clear the report as it stands below").click()
    expect(phone.get_by_text("The report is cleared.")).to_be_in_viewport()


def finalise(page: Page, report: Report) -> None:
    """The cockpit leads there; the promise that the report keeps is confirmed and settled."""
    page.goto("/secretariat/")
    page.get_by_role("link", name="Finalise it").click()
    page.get_by_label("24 a) Summary for a session").check()
    page.get_by_role("button", name="Finalise").click()
    expect(page.get_by_text("Its files are kept as they are now.")).to_be_visible()
    page.goto("/secretariat/promises/?day=2026-12-31")
    row = page.locator(".ledger-rows tr", has_text="24th meeting, a)")
    expect(row.locator(".state")).to_have_text("Kept")


def download(page: Page, report: Report, folder: Path) -> None:
    page.goto(page_of(report, "editions"))
    files = page.locator("td.files")
    expect(files.get_by_role("link")).to_have_text(["Word", "HTML", "PDF", "Text"])
    with page.expect_download() as started:
        files.get_by_role("link", name="Word").click()
    assert started.value.suggested_filename == "cwg-internet-pp-26-original.docx"
    started.value.save_as(folder / "report.docx")
    words = " ".join(docx_words((folder / "report.docx").read_bytes()))
    assert "The Chair thanks CWG-Internet." in words


def change_the_number(page: Page, report: Report, number: str) -> None:
    page.goto(page_of(report, "change"))
    page.get_by_label("Document number").fill(number)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("is saved.")).to_be_visible()


def make_another(page: Page, report: Report, series: str, why: str, named: str) -> None:
    page.goto(page_of(report, "preview"))
    page.get_by_role("link", name="Finalise it").click()
    page.get_by_label(series).check()
    page.get_by_label("Why it is made").fill(why)
    page.get_by_role("button", name="Finalise").click()
    expect(page.get_by_text(f"Finalised: {named}.")).to_be_visible()


def compare(page: Page, report: Report) -> None:
    page.goto(page_of(report, "editions"))
    page.get_by_role("link", name="With Rev.1").click()
    added, gone = page.locator(".sheet ins"), page.locator(".sheet del")
    expect(added.filter(has_text="52")).not_to_have_count(0)
    expect(gone.filter(has_text="51")).not_to_have_count(0)
    with page.expect_download() as started:
        page.get_by_role("link", name="Word, with tracked changes").click()
    assert started.value.suggested_filename == "pp-26-rev-1-corr-1.docx"
    assert [str(each.designation) for each in Edition.objects.order_by("pk")] == [
        "", "Rev.1", "Corr.1",
    ]  # fmt: skip


def consider(page: Page, report: Report) -> None:
    """What the session did; what is missing is said, and what was typed stands."""
    page.goto(page_of(report, "editions"))
    page.get_by_text("Record what the session did").click()
    page.get_by_label("Decision").select_option(label="Noted")
    page.get_by_label("English").first.fill("The Conference noted the report.")
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_role("alert")).to_have_text("On: This field is required.")
    page.get_by_label("On", exact=True).fill("2026-11-20")
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_text("Noted on 20 November 2026", exact=True)).to_be_visible()
    expect(page.get_by_text("The Conference noted the report.")).to_be_visible()
    assert Consideration.objects.get().report == report
    page.get_by_role("link", name="Correct or remove").click()
    page.get_by_label("Decision").select_option(label="Approved")
    page.get_by_label("Why it is corrected").fill("The summary record says approved.")
    page.get_by_role("button", name="Keep the correction").click()
    expect(page.get_by_text("Approved on 20 November 2026", exact=True)).to_be_visible()


def test_a_report_is_begun_from_its_type(page: Page, report: Report, secretary: User) -> None:
    sign_in(page, secretary.email)
    page.get_by_role("navigation").get_by_role("link", name="Reports").click()
    page.get_by_role("link", name="Add report").click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".errorlist")).to_have_count(6)
    page.get_by_label("Group").select_option(label="CWG-Internet")
    page.get_by_label("Type").select_option(label="Chair’s report to Council")
    page.get_by_label("Session").select_option(label="PP-26")
    for name, day in (
        ("First day", "2026-02-01"),
        ("Last day", "2026-09-30"),
        ("Date", "2026-10-02"),
    ):
        page.get_by_label(name, exact=True).fill(day)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(
        page.get_by_text("is begun. Fill its cover and passages, then read the preview.")
    ).to_be_visible()
    begun = Report.objects.get(slug="pp-26")
    assert begun.type is not None
    assert begun.passages.count() == begun.type.passages.count() > 5
    assert page.url.endswith(page_of(begun, "change"))


def test_the_way_is_walked_by_keyboard(
    page: Page, phone: Page, report: Report, secretary: User, chair: User
) -> None:
    """Every step of it is reached with Tab and done with Enter and Space."""
    Outcome.objects.filter(meeting__ordinal=19, position=2).update(wording=None, wording_reason="")
    sign_in(page, secretary.email)
    page.goto(page_of(report, "reading"))
    reach(page, "Send it to the Chair").press("Enter")
    expect(page.get_by_text("The draft is with the Chair.")).to_be_visible()
    sign_in(phone, chair.email)
    reach(phone, "Read and clear it").press("Enter")
    reach(phone, "Clear the report as it stands below").press("Enter")
    expect(phone.get_by_text("The report is cleared.")).to_be_visible()
    page.goto("/secretariat/")
    reach(page, "Finalise it").press("Enter")
    page.wait_for_url("**/finalise/")
    page.keyboard.press("Tab")
    reach(page, "22 a) Summary for a session").press("Space")
    reach(page, "Finalise").press("Enter")
    expect(page.get_by_text("Its files are kept as they are now.")).to_be_visible()
    assert Settlement.objects.get(promise__meeting__ordinal=22, promise__position=1).how == "kept"


def reach(page: Page, name: str) -> Locator:
    """Press Tab until what is called `name` has the focus, which has to be seen."""
    for _ in range(120):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        called = (
            focused.evaluate("e => (e.labels?.[0] ?? e).innerText.trim()")
            if focused.count()
            else ""
        )
        if called.startswith(name):
            assert focused.evaluate("e => getComputedStyle(e).outlineStyle") != "none"
            return focused
    raise AssertionError(f"“{name}” is not reached with Tab")
