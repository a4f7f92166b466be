"""The secretariat's pages: for everybody who works there, by keyboard, on a phone, by night."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from cwg.accounts.models import User
from cwg.report import clearance, finalising
from cwg.report.checks import accepting, read
from cwg.report.compose import compose
from cwg.report.gather import gather
from cwg.report.models import Clearance, Report
from meetings import editions
from meetings.models import Meeting, Outcome, Topic
from tests.browser.accessibility import looks, too_wide, violations
from tests.browser.signing_in import sign_in

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 2, 3, 12, 30, tzinfo=UTC)


@pytest.fixture
def hard(report: Report, secretary: User, chair: User) -> Report:
    """The demo record with what makes pages break, and an edition that differs from it by now."""
    document = compose(gather(report)).document
    clearance.send(report, by=secretary, at=AT)
    clearance.comment(report, document, "outcome-20-a", "Which round?", by=chair, at=AT)
    clearance.clear(report, document, seen=editions.words_of(document), by=chair, at=AT)
    for finding in accepting.blockers(read(report)):
        accepting.accept(report, finding, secretary, "As printed.", date(2026, 2, 3))
    finalising.finalise(report, by=secretary, at=AT)
    report.considerations.create(on=date(2026, 5, 1), decision="noted")
    topic = Topic.objects.get(key="lldcs")
    topic.title = {"en": "Donaudampfschifffahrtsgesellschaftskapitän مرحبا بالعالم"}
    topic.save()
    meeting = Meeting.objects.create(
        group=report.group, ordinal=24, first_day=date(2026, 3, 2), last_day=date(2026, 3, 2)
    )
    for position in range(1, 31):
        Outcome.objects.create(
            meeting=meeting, position=position, kind="noted", action={"en": f"report {position}"}
        )
    return report


def pages(report: Report) -> dict[str, str]:
    """Return the main pages by what they are."""
    held = Meeting.objects.get(ordinal=24)
    promise = Outcome.objects.get(meeting__ordinal=22, position=1)
    admin = {
        name: reverse(f"admin:report_report_{name}", args=[report.pk])
        for name in ("change", "preview", "findings", "reading", "finalise", "editions", "go_on")
    }
    return {
        "cockpit": "/secretariat/",
        "search": "/secretariat/search/?q=report",
        "search empty": "/secretariat/search/",
        "meetings": "/secretariat/meetings/meeting/",
        "meeting": reverse("admin:meetings_meeting_change", args=[held.pk]),
        "outcomes": reverse("admin:meetings_meeting_outcomes", args=[held.pk]),
        "ledger": "/secretariat/promises/?day=2026-01-21",
        "promise": reverse("admin:promise", args=[promise.pk]),
        "cited": reverse("admin:report_report_cited", args=["pp-102"]),
        "difference": reverse("admin:report_report_difference", args=[report.pk]),
        "correct": reverse(
            "admin:report_report_consideration", args=[report.pk, report.considerations.get().pk]
        ),
        **admin,
    }


NAMES = (
    "cockpit", "search", "search empty", "meetings", "meeting", "outcomes", "ledger", "promise",
    "cited", "difference", "change", "preview", "findings", "reading", "finalise", "editions", "go_on",
    "correct",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_for_everybody_who_works_there(page: Page, hard: Report, name: str) -> None:
    sign_in(page, "secretariat@example.org")
    page.goto(pages(hard)[name])
    wrong = {}
    for look in looks(page):
        found = violations(page)
        if look.startswith("390") and (by := too_wide(page)):
            found = [*found, f"{by} px too wide"]
        if found:
            wrong[look] = found
    assert wrong == {}


def test_a_page_with_errors_is_for_everybody(page: Page, hard: Report) -> None:
    sign_in(page, "secretariat@example.org")
    page.goto(pages(hard)["outcomes"])
    page.locator(".outcome").nth(0).get_by_label("What", exact=True).fill("")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("“Noted” needs the words of what was said.")).to_be_visible()
    assert {look: found for look in looks(page) if (found := violations(page))} == {}


@pytest.mark.parametrize("scripts", [pytest.param("", marks=pytest.mark.no_javascript), "scripts"])
def test_the_chair_clears_a_report_on_a_phone_by_keyboard(
    page: Page, report: Report, secretary: User, chair: User, scripts: str
) -> None:
    clearance.send(report, by=secretary, at=AT)
    page.set_viewport_size({"width": 390, "height": 800})
    sign_in(page, chair.email)
    page.goto(pages_of_chair(report))
    remark = page.locator("#outcome-20-a ~ details, .noted:has(#outcome-20-a) details").first
    remark.locator("summary").press("Enter")
    remark.get_by_role("textbox").press_sequentially("Which round?")
    remark.get_by_role("button", name="Keep the remark").press("Enter")
    expect(page.get_by_text("Which round?")).to_be_visible()
    page.get_by_role("button", name="Clear the report as it stands below").press("Enter")
    expect(page.get_by_text("The report is cleared.")).to_be_visible()
    assert Clearance.objects.get().answered_by == str(chair)
    assert too_wide(page) == 0


def pages_of_chair(report: Report) -> str:
    """Return the page on which the Chair reads."""
    return reverse("admin:report_report_reading", args=[report.pk])


def test_the_bar_is_one_row_that_holds_everything(
    page: Page, report: Report, secretary: User
) -> None:
    sign_in(page, secretary.email)
    bar = page.locator("#header")
    leads = ["View as …", "Public pages", "Password"]
    for width, highest in ((1280, 60), (390, 220)):
        page.set_viewport_size({"width": width, "height": 900})
        box = bar.bounding_box()
        assert box
        assert (box["height"] < highest, too_wide(page)) == (True, 0), (width, box)
        bar.locator("summary").press("Enter")
        assert bar.locator(".menu a").all_inner_texts() == leads
        expect(bar.get_by_role("button", name="Sign out")).to_be_visible()
        assert violations(page) == []
        bar.locator("summary").press("Enter")
        expect(bar.get_by_role("button", name="Sign out")).to_be_hidden()


def test_a_passage_is_written_in_the_width_there_is(
    page: Page, report: Report, secretary: User
) -> None:
    sign_in(page, secretary.email)
    page.goto(reverse("admin:report_report_change", args=[report.pk]))
    first = page.locator(".passages textarea:visible").first
    for width, least in ((390, 280), (1280, 700)):
        page.set_viewport_size({"width": width, "height": 900})
        box, block = first.bounding_box(), page.locator("#passages-0").bounding_box()
        assert box
        assert block
        assert least < box["width"] <= block["width"]
    assert page.evaluate("document.documentElement.scrollHeight") < 11_000
    expect(page.locator("#passages-0 .help:visible")).to_have_count(4)


def test_what_prints_is_the_page_alone(page: Page, hard: Report, secretary: User) -> None:
    sign_in(page, secretary.email)
    page.emulate_media(media="print")
    page.goto(pages(hard)["editions"])
    expect(page.get_by_text("Record what the session did")).to_be_hidden()
    assert page.evaluate("document.documentElement.offsetHeight") < 850
