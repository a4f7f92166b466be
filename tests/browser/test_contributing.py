"""A stakeholder contributes in a browser: with a file, with scripts and without, by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from consultations import intake_mails
from consultations.models import Consultation, Contribution, Standing
from consultations.views import contributor
from cwg.report.models import Report
from tests.browser.accessibility import not_for_everybody
from tests.browser.mailed import mailed
from tests.browser.rounds import make_full_rounds
from tests.consultations.making import make_contribution
from tests.meetings import uploading as make

pytestmark = pytest.mark.django_db(transaction=True)

FORM = "/cwg-internet/consultations/open-example/contribute/"
SCRIPTS = [True, pytest.param(False, marks=pytest.mark.no_javascript)]
MACROS: FilePayload = {
    "name": "annex.docm", "mimeType": "text/plain", "buffer": make.docx_typed(make.MACRO_MAIN),
}  # fmt: skip
PAPER: FilePayload = {"name": "position-paper.pdf", "mimeType": "text/plain", "buffer": make.pdf()}


@pytest.fixture(autouse=True)
def rounds(report: Report, settings: Any, tmp_path: Path) -> Any:
    settings.MEDIA_ROOT = tmp_path
    make_full_rounds(report.group)
    with patch.object(contributor, "TOO_FAST", contributor.TOO_FAST * 0):
        yield


def without_answers() -> str:
    """Make a draft that answers nothing, and return where it would be sent."""
    round_ = Consultation.objects.get(slug="open-example")
    token = intake_mails.token(make_contribution(round_, Standing.DRAFT, answers={}))
    return f"/cwg-internet/contribute/{token}/send/"


def heading(page: Page) -> Locator:
    return page.get_by_role("heading", level=1)


def walk(page: Page, look: Callable[[str], None]) -> None:
    """Go the whole way by the pointer, with an error on the way; `look` at each page."""
    page.goto("/cwg-internet/consultations/open-example/")
    page.get_by_role("link", name="Contribute", exact=True).click()
    look("about you")
    page.get_by_label("Full name").fill("Amina Example")
    page.get_by_label("E-mail").fill("nobody")
    page.get_by_label("Stakeholder group").select_option("civil_society")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_contain_text("One thing to mend.")
    expect(page.get_by_label("Full name")).to_have_value("Amina Example")
    look("about you, with an error")
    page.get_by_label("E-mail").fill("amina@example.org")
    for agreed in ("Publish my name", "Publish my answers and files"):
        page.get_by_label(agreed).check()
    page.get_by_role("button", name="Continue").click()
    look("answers")
    page.get_by_label("1. Example question 1?").fill("My words.")
    page.get_by_label("Add attachments").set_input_files([MACROS, PAPER])
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_contain_text(
        "“annex.docm” was not taken: it holds macros."
    )
    expect(page.get_by_label("1. Example question 1?")).to_have_value("My words.")
    expect(page.get_by_role("link", name="position-paper.pdf")).to_be_visible()
    look("answers, with an error")
    page.get_by_role("button", name="1 About you").click()
    expect(page.get_by_label("Full name")).to_have_value("Amina Example")
    page.get_by_role("button", name="3 Check and send").click()
    expect(page.get_by_text("My words.")).to_be_visible()
    look("check and send")
    page.get_by_role("button", name="Send").click()
    expect(heading(page)).to_have_text("One step is left")
    look("sent")
    page.goto(mailed("intake.confirm"))
    look("confirm")
    page.get_by_role("button", name="Confirm").click()
    expect(heading(page)).to_have_text("CWG-Internet/OC-2031-03/28")
    look("receipt")
    page.get_by_role("link", name="Change it").click()
    page.get_by_label("1. Example question 1?").fill("Other words.")
    page.get_by_role("button", name="Save the change").click()
    expect(page.get_by_text("Other words.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="position-paper.pdf").click()
    assert download.value.suggested_filename == "position-paper.pdf"
    page.get_by_role("link", name="Withdraw it").click()
    look("withdraw")
    page.get_by_role("button", name="Withdraw it").click()
    expect(page.get_by_text("Withdrawn by you")).to_be_visible()


@pytest.mark.parametrize("scripts", SCRIPTS)
def test_with_a_file_to_the_receipt_changed_and_withdrawn(page: Page, scripts: bool) -> None:
    walk(page, lambda name: None)
    made = Contribution.objects.get(email="amina@example.org")
    assert (made.standing, made.number) == (Standing.WITHDRAWN, 28)
    assert made.attachments.count() == 1


def test_every_page_on_the_way_is_for_everybody(page: Page) -> None:
    wrong = {}

    def look(name: str) -> None:
        if found := not_for_everybody(page):
            wrong[name] = found

    walk(page, look)
    for name in ("coming", "over"):
        page.goto(f"/cwg-internet/consultations/{name}-example/contribute/")
        expect(heading(page)).to_have_text("Not possible now")
        look(f"not open: {name}")
    page.get_by_role("link", name="Read about the consultation").click()
    expect(heading(page)).to_have_text("An example topic of 2031-01")
    page.goto("/cwg-internet/contribute/nothing/")
    look("a link that leads nowhere")
    page.goto(without_answers())
    expect(page.get_by_role("alert")).to_have_text("Answer at least one question, or add a file.")
    expect(page.get_by_role("button", name="Send")).to_have_count(0)
    look("check and send, with an error")
    assert wrong == {}


def test_the_back_button_loses_nothing_and_begins_nothing_twice(page: Page) -> None:
    page.goto(FORM)
    page.get_by_label("Full name").fill("Amina Example")
    page.get_by_label("E-mail").fill("amina@example.org")
    page.get_by_label("Stakeholder group").select_option("academia")
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("1. Example question 1?").fill("Typed and not sent.")
    page.go_back()
    expect(page.get_by_label("Full name")).to_have_value("Amina Example")
    page.go_forward()
    expect(page.get_by_label("1. Example question 1?")).to_have_value("Typed and not sent.")
    page.go_back()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_label("1. Example question 1?")).to_be_visible()
    assert Contribution.objects.filter(email="amina@example.org").count() == 1


def reach(page: Page, wanted: Locator) -> None:
    """Press Tab until `wanted` has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError("it is not reached by Tab")


def test_by_the_keyboard_alone(page: Page) -> None:
    page.goto(FORM)
    for label, text in (("Full name", "Amina Example"), ("E-mail", "amina@example.org")):
        reach(page, page.get_by_label(label))
        page.keyboard.type(text)
    reach(page, page.get_by_label("Stakeholder group"))
    page.keyboard.press("ArrowDown")
    reach(page, page.get_by_label("Publish my answers and files"))
    page.keyboard.press("Space")
    reach(page, page.get_by_role("button", name="Continue"))
    page.keyboard.press("Enter")
    reach(page, page.get_by_label("1. Example question 1?"))
    page.keyboard.type("My words.")
    reach(page, page.get_by_role("button", name="Continue"))
    page.keyboard.press("Enter")
    reach(page, page.get_by_role("button", name="Send"))
    page.keyboard.press("Enter")
    expect(heading(page)).to_have_text("One step is left")
    page.goto(mailed("intake.confirm"))
    reach(page, page.get_by_role("button", name="Confirm"))
    page.keyboard.press("Enter")
    expect(heading(page)).to_have_text("CWG-Internet/OC-2031-03/28")
