"""What a person prints: the substance, and nothing to press."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from consultations import intake_mails
from cwg.report.models import Report
from tests.browser.rounds import make_full_rounds
from tests.pages.example import make_full_meeting

pytestmark = pytest.mark.django_db(transaction=True)

_SEEN = """selector => [...document.querySelectorAll(selector)]
  .filter(element => element.checkVisibility())
  .map(element => element.outerHTML.slice(0, 80))"""
TO_PRESS = "nav, form, button, input, select, textarea, summary, .button, .skip, footer"


def test_on_paper_there_is_what_is_said_and_nothing_to_press(page: Page, report: Report) -> None:
    make_full_meeting(report.group)
    made = make_full_rounds(report.group).contributions.get(number=25)
    receipt = f"/cwg-internet/contribute/{intake_mails.token(made)}/"
    pages = {
        "/cwg-internet/": "From the Group|Topics and what became of them",
        "/cwg-internet/meetings/30/": "Outcomes|Agenda",
        "/cwg-internet/consultations/open-example/": "27 received|Who has taken part",
        "/cwg-internet/contributions/2031-03/25/": "To cite it|Further remarks",
        receipt: "This is your receipt|What you agreed to",
    }
    for address, words in pages.items():
        page.emulate_media(media="screen")
        page.goto(address)
        assert page.evaluate(_SEEN, TO_PRESS) != []
        page.emulate_media(media="print")
        assert page.evaluate(_SEEN, TO_PRESS) == [], address
        assert len(page.evaluate(_SEEN, "h1")) == 1
        said = page.locator("body").inner_text()
        assert [each for each in words.split("|") if each not in said] == [], address
        # a private page does not print the address that opens it
        assert (address in said) == (address != receipt)
