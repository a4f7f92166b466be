"""Reading: from the start page to a meeting, to the report, to its files."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from cwg.report.models import Report
from tests.browser.rounds import make_full_rounds

pytestmark = pytest.mark.django_db(transaction=True)

SCRIPTS = [pytest.param("", marks=pytest.mark.no_javascript), "scripts"]


def reach(page: Page, target: Locator, most: int = 80) -> None:
    """Press Tab until `target` has the focus, and see that the focus is seen."""
    expect(target).to_have_count(1)
    for _ in range(most):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if focused.count() and focused.evaluate("(e, t) => e === t", target.element_handle()):
            style = focused.evaluate("e => getComputedStyle(e).outlineStyle")
            assert style != "none"
            return
    raise AssertionError(f"{target} is not reached in {most} steps")


def press(page: Page, name: str, *, exact: bool = True) -> None:
    """Go to a link by keyboard and follow it."""
    reach(page, page.get_by_role("link", name=name, exact=exact).first)
    page.keyboard.press("Enter")


def test_from_the_start_to_the_report_and_its_files_by_keyboard(page: Page, report: Report) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to content")
    page.keyboard.press("Enter")
    press(page, "Twenty-third meeting")
    expect(page).to_have_url(re.compile(r"/meetings/23/$"))
    press(page, "Chair’s report to Council 2026")
    expect(page).to_have_url(re.compile(r"/reports/council-2026/#meeting-23$"))
    expect(page.locator("#meeting-23")).to_be_in_viewport()
    page.goto(f"/{report.group.slug}/reports/{report.slug}/")
    reach(page, page.get_by_role("link", name="Word", exact=True))
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename == "cwg-internet-council-2026.docx"
    press(page, "2.3 twentieth meeting")
    expect(page.get_by_role("heading", level=1)).to_have_text("Twentieth meeting")


@pytest.mark.parametrize("scripts", SCRIPTS)
def test_from_the_start_to_the_report_and_its_files(
    page: Page, report: Report, scripts: str
) -> None:
    page.goto("/")
    page.get_by_role("link", name="All meetings").click()
    page.get_by_role("link", name="Nineteenth meeting").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nineteenth meeting")
    # what kept the promise
    page.get_by_role("link", name="Twentieth meeting, a)").click()
    expect(page).to_have_url(re.compile("/meetings/20/#outcome-20-a$"))
    page.get_by_role("link", name="Chair’s report to Council 2026").click()
    expect(page).to_have_url(re.compile("/reports/council-2026/#meeting-20$"))
    page.get_by_role("link", name="b) twenty-second meeting").click()
    expect(page).to_have_url(re.compile("/meetings/22/#outcome-22-b$"))
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Reports").click()
    expect(page.get_by_role("navigation", name="Main").locator("[aria-current=page]")).to_have_text(
        "Reports"
    )
    for name, kind in (("PDF", "application/pdf"), ("Text", "text/plain; charset=utf-8")):
        address = page.get_by_role("link", name=name).get_attribute("href")
        assert address is not None
        answer = page.request.get(address)
        assert (answer.status, answer.headers["content-type"]) == (200, kind)
    with page.expect_download() as download:
        page.get_by_role("link", name="Word").click()
    assert download.value.suggested_filename == "cwg-internet-council-2026.docx"


def test_a_reader_of_instruments_finds_who_draws_on_them(page: Page, report: Report) -> None:
    page.goto("/")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Instruments").click()
    page.get_by_role("link", name="Council Resolution 1305").click()
    page.get_by_role("link", name="The developmental aspects to strengthen the Internet").click()
    expect(page.locator("#topics")).to_be_in_viewport()


def test_the_report_looks_like_a_document(page: Page, report: Report) -> None:
    page.goto(report.get_absolute_url())
    paragraph = page.locator("#meeting-20")
    font = paragraph.evaluate("e => getComputedStyle(e).fontFamily")
    assert font.startswith('"Noto Serif"')
    # Numbers hang: every line of the text begins right of the number, at one place.
    starts = paragraph.evaluate(
        """element => {
          const range = document.createRange();
          range.selectNodeContents(element.lastChild);
          return [...range.getClientRects()].map(box => Math.round(box.left));
        }"""
    )
    assert len(starts) > 1
    assert len(set(starts)) == 1
    number = paragraph.locator(".number a").bounding_box()
    assert number is not None
    assert number["x"] + 12 < starts[0]
    # About 70 characters a line.
    width = paragraph.evaluate("e => e.getBoundingClientRect().width")
    size = paragraph.evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
    assert 60 < width / (size * 0.5) < 85


def test_paper_has_no_navigation_and_says_where_it_is_from(page: Page, report: Report) -> None:
    page.emulate_media(media="print")
    page.goto(f"/{report.group.slug}/meetings/20/")
    for hidden in ("header nav", "footer.site", ".pager"):
        expect(page.locator(hidden).first).to_be_hidden()
    expect(page.locator("article")).to_be_visible()
    expect(page.get_by_text("at Council 2025").first).to_be_visible()
    expect(page.locator(".print-only")).to_have_text(page.url)
    page.goto(report.get_absolute_url())
    expect(page.locator("article")).to_be_visible()
    for hidden in ("header.site", "aside", ".crumbs", ".files"):
        expect(page.locator(hidden).first).to_be_hidden()


@pytest.mark.parametrize("scripts", SCRIPTS)
def test_from_the_start_to_a_contribution_narrowed_and_paged(
    page: Page, report: Report, scripts: str
) -> None:
    make_full_rounds(report.group)
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("An example topic of 2031-03")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Consultations").click()
    page.get_by_label("State").select_option("Open for contributions")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("link", name="An example topic of 2031-03").click()
    expect(page.get_by_text("Open for contributions")).to_be_visible()
    rows = page.locator("#contributions ~ table tbody tr")
    expect(rows).to_have_count(20)
    page.get_by_role("link", name="Earlier").click()
    expect(rows).to_have_count(4)
    page.get_by_label("Stakeholder group").select_option("Government (7)")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("7 of 24 fit.")).to_be_visible()
    expect(rows).to_have_count(7)
    page.get_by_label("Country").select_option("PL")
    page.get_by_role("button", name="Show").click()
    expect(rows).to_have_count(2)
    rows.get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="1. Example question 1?")).to_be_visible()
    page.get_by_role("link", name="An example topic of 2031-03").click()
    own = page.locator("[data-own-time]")
    if scripts:
        expect(own).to_contain_text("where you are. 3")
    else:
        expect(own).to_have_text("")


def test_a_round_is_read_by_keyboard(page: Page, report: Report) -> None:
    make_full_rounds(report.group)
    page.goto("/cwg-internet/consultations/open-example/")
    reach(page, page.get_by_label("Language"))
    page.keyboard.press("ArrowDown")
    reach(page, page.get_by_role("button", name="Show"))
    page.keyboard.press("Enter")
    expect(page.get_by_text(re.compile("of 24 fit"))).to_be_visible()
    press(page, "OC-2031-03/25")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Example Organization 24")
