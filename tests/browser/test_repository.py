"""Searching contributions on a phone, by keyboard alone and without scripts; for everybody in every state."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from cwg.report.models import Report
from tests.browser.accessibility import not_for_everybody, small_targets, too_wide
from tests.browser.rounds import make_full_rounds
from tests.browser.test_reading import press, reach
from tests.indexed import index

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/cwg-internet/contributions/"


@pytest.fixture
def rounds(report: Report, own_index: None) -> Report:
    """The demo record with rounds and contributions, all of it indexed."""
    make_full_rounds(report.group)
    index()
    return report


@pytest.mark.no_javascript
def test_searched_and_narrowed_on_a_phone_by_keyboard(page: Page, rounds: Report) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/cwg-internet/consultations/open-example/")
    reach(page, page.get_by_label("Words in them and their files"))
    page.keyboard.type("answer")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/contributions/\?round=2031-03&text=answer$"))
    expect(page.locator(".found mark").first).to_be_visible()
    before = page.locator(".count").inner_text()
    press(page, "Narrow down")
    group = page.locator("#narrow section[aria-labelledby=group] a").first
    called = group.inner_text().split()[0]
    reach(page, group)
    page.keyboard.press("Enter")
    expect(page.locator(".chosen")).to_contain_text(called)
    assert page.locator(".count").inner_text() != before
    reach(page, page.locator(".chosen a", has_text=called))
    page.keyboard.press("Enter")
    expect(page.locator(".count")).to_have_text(before)
    place = page.locator(".place").first
    reach(page, place)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/contributions/2031-03/\d+/#answer-\d$"))


@pytest.mark.parametrize(
    "end",
    [
        "",
        "?text=answer",
        "?text=answer&group=government&order=new",
        "?text=nosuchword&group=academia",
    ],
)
def test_the_page_is_for_everybody(page: Page, rounds: Report, end: str) -> None:
    page.goto(f"{PAGE}{end}")
    assert not_for_everybody(page) == {}


@pytest.mark.parametrize("address", [f"{PAGE}?text=answer", "/contributions/dictionary/"])
def test_without_an_index_and_what_the_columns_mean(
    page: Page, report: Report, own_index: None, address: str
) -> None:
    page.goto(address)
    assert not_for_everybody(page) == {}
    page.set_viewport_size({"width": 390, "height": 844})
    assert (too_wide(page), small_targets(page)) == (0, [])
