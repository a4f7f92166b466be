"""Every public page and sign-in: for everybody, on a phone and on a desk, by day and by night."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import Page

from cwg.report.models import Report
from meetings.models import Meeting
from tests.browser.accessibility import (
    looks,
    not_for_everybody,
    small_targets,
    too_wide,
    violations,
)
from tests.browser.rounds import make_full_rounds
from tests.pages.example import make_full_meeting

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = (
    "/", "/cwg-internet/meetings/", "/cwg-internet/meetings/20/", "/cwg-internet/meetings/30/",
    "/cwg-internet/meetings/31/", "/cwg-internet/meetings/32/", "/cwg-internet/reports/",
    "/cwg-internet/reports/council-2026/",
    "/instruments/", "/instruments/council-1305/", "/nothing/", "/accounts/login/",
    "/accounts/password/reset/", "/accounts/signup/",
)  # fmt: skip
ABOUT_ROUNDS = (
    "/", "/cwg-internet/consultations/", "/cwg-internet/consultations/?state=nothing",
    "/cwg-internet/consultations/open-example/",
    "/cwg-internet/consultations/open-example/?group=nothing",
    "/cwg-internet/consultations/over-example/", "/cwg-internet/consultations/coming-example/",
    "/cwg-internet/contributions/2031-03/1/", "/cwg-internet/contributions/2031-03/2/",
    "/cwg-internet/contributions/2031-03/25/",
    "/cwg-internet/contributors/", "/cwg-internet/contributors/?text=nothing",
    "/cwg-internet/contributors/example-organization-1/", "/cwg-internet/over-the-years/",
)  # fmt: skip


@pytest.fixture
def record(report: Report) -> Report:
    """The demo record, a meeting with everything a page can show, one that was called off, one to come."""
    held = make_full_meeting(report.group)
    Meeting.objects.create(
        group=report.group, ordinal=31, first_day=held.first_day, last_day=held.last_day,
        cancelled_on=held.first_day,
    )  # fmt: skip
    Meeting.objects.create(
        group=report.group, ordinal=32, first_day=date(2099, 1, 1), last_day=date(2099, 1, 2)
    )
    return report


@pytest.fixture
def rounds(report: Report) -> Report:
    """The demo record with rounds that show everything a page can show."""
    make_full_rounds(report.group)
    return report


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_for_everybody(page: Page, record: Report, address: str) -> None:
    page.goto(address)
    wrong = {look: found for look in looks(page) if (found := violations(page))}
    assert wrong == {}


@pytest.mark.parametrize("address", PAGES)
def test_on_a_phone_nothing_is_too_wide_or_too_small_to_press(
    page: Page, record: Report, address: str
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(address)
    assert (too_wide(page), small_targets(page)) == (0, [])


@pytest.mark.parametrize("address", ABOUT_ROUNDS)
def test_a_page_about_rounds_is_for_everybody(page: Page, rounds: Report, address: str) -> None:
    page.goto(address)
    assert not_for_everybody(page) == {}


def test_in_arabic_the_pages_mirror(page: Page, record: Report) -> None:
    page.goto("/cwg-internet/meetings/30/")
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate("document.documentElement.dir = 'rtl'")
        assert too_wide(page) == 0
        heading, window = page.locator("h1").bounding_box(), page.viewport_size
        brand = page.locator(".brand").bounding_box()
        assert heading and brand and window
        # Both begin at the right edge, as far from it as they did from the left.
        assert round(brand["x"] + brand["width"]) == round(heading["x"] + heading["width"])
        edge = window["width"] - (heading["x"] + heading["width"])
        page.evaluate("document.documentElement.dir = 'ltr'")
        mirrored = page.locator("h1").bounding_box()
        assert mirrored is not None
        assert round(mirrored["x"]) == round(edge)


def test_the_rules_see_what_is_wrong(page: Page, record: Report) -> None:
    page.goto("/")
    page.evaluate(
        """() => {
          const image = document.createElement("img");
          document.querySelector("main").prepend(image);
          document.querySelector("h1").textContent = "w".repeat(500);
          document.querySelector("h1").style.overflowWrap = "normal";
          document.querySelector(".button").style.minBlockSize = "0";
          document.querySelector(".button").style.padding = "0";
        }"""
    )
    assert any(found.startswith("image-alt: img") for found in violations(page))
    assert too_wide(page) > 0
    assert len(small_targets(page)) > 0
