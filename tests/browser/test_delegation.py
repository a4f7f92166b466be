"""A delegation writes to a meeting in a browser: with a file, co-sponsors, a colleague, late, revised, withdrawn."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, FilePayload, Locator, Page, expect

from cwg.accounts.models import User
from meetings.models import Document, Meeting, Message, Topic, WorkingGroup
from tests.browser.accessibility import small_targets, too_wide, violations
from tests.conftest import PASSWORD
from tests.meetings import uploading as make
from tests.meetings.desk.delegating import (
    make_delegate,
    make_draft,
    make_group,
    make_meeting,
)

pytestmark = pytest.mark.django_db(transaction=True)

SCRIPTS = [True, pytest.param(False, marks=pytest.mark.no_javascript)]
MACROS: FilePayload = {
    "name": "annex.docm", "mimeType": "text/plain", "buffer": make.docx_typed(make.MACRO_MAIN),
}  # fmt: skip
PAPER: FilePayload = {"name": "nets.docx", "mimeType": "text/plain", "buffer": make.docx()}


@pytest.fixture
def fish(settings: Any, tmp_path: Path) -> WorkingGroup:
    settings.MEDIA_ROOT = tmp_path
    group = make_group()
    Topic.objects.create(group=group, key="old", title={"en": "Mending of old nets"})
    return group


@pytest.fixture
def meeting(fish: WorkingGroup) -> Meeting:
    return make_meeting(fish)


@pytest.fixture
def pole(fish: WorkingGroup) -> User:
    return make_delegate(fish, "PL", "ewa@example.org")


@pytest.fixture
def kenyan(fish: WorkingGroup) -> User:
    return make_delegate(fish, "KE", "amani@example.org")


def to_desk(page: Page, email: str) -> None:
    """Sign in at the desk."""
    page.goto("/desk/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(heading(page)).to_have_text("Your delegation’s desk")


def heading(page: Page) -> Locator:
    return page.get_by_role("heading", level=1)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def for_everybody(page: Page) -> dict[str, Any]:
    """Return what is wrong with the page, at two widths, by day and by night."""
    wrong: dict[str, Any] = {}
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            if found := violations(page):
                wrong[f"{width} {scheme}"] = found
        if width == 390 and (bad := (too_wide(page), small_targets(page))) != (0, []):
            wrong["390"] = bad
    return wrong


def first_contribution(page: Page, look: Callable[[str], None]) -> None:
    """Go from the desk to the receipt, with an error on the way; `look` at each page."""
    look("desk")
    page.get_by_role("link", name="Write a contribution").click()
    press(page, "Continue")
    expect(page.get_by_role("alert")).to_contain_text("2 things to mend.")
    look("about, with errors")
    page.get_by_label("Title").fill("On the mending of nets")
    page.get_by_label("For action or for information").select_option("information")
    page.get_by_label("2. Contributions").check()
    look("about")
    press(page, "Continue")
    page.get_by_label("Summary").fill("Nets have holes.")
    page.get_by_label("Add the text").set_input_files(MACROS)
    press(page, "Continue")
    expect(page.get_by_role("alert")).to_contain_text(
        "“annex.docm” was not taken: it holds macros."
    )
    expect(page.get_by_label("Summary")).to_have_value("Nets have holes.")
    look("text, with an error")
    page.get_by_label("Add the text").set_input_files(PAPER)
    press(page, "Continue")
    page.get_by_label("Co-sponsor 1").select_option(label="Kenya")
    press(page, "Save and name another")
    expect(page.get_by_role("list").filter(has_text="Kenya (pending)")).to_be_visible()
    page.get_by_label("Co-sponsor 2").select_option(label="Brazil")
    look("co-sponsors")
    press(page, "Continue")
    page.get_by_label("Exact title").fill("Mending of nets by hand")
    page.get_by_label("Questions").fill("Who mends?\nWith what?")
    press(page, "2 Text and files")
    expect(page.get_by_role("link", name="English, Word")).to_be_visible()
    look("text, with a file")
    press(page, "4 Topic to propose")
    expect(page.get_by_role("heading", name="Mending of old nets")).to_be_visible()
    look("topic")
    press(page, "Continue")
    expect(heading(page)).to_have_text("Check and submit")
    look("check")
    press(page, "Submit to the secretariat")
    expect(page.get_by_text(re.compile(r"Receipt R-.{4}-.{4}")).first).to_be_visible()
    look("receipt")


@pytest.mark.parametrize("scripts", SCRIPTS)
def test_from_the_desk_to_the_receipt(
    page: Page, meeting: Meeting, pole: User, kenyan: User, scripts: bool
) -> None:
    to_desk(page, "ewa@example.org")
    first_contribution(page, lambda name: None)
    made = Document.objects.get()
    expect(page.get_by_text(f"Receipt {made.receipt}").first).to_be_visible()
    assert [each.member_state.iso for each in made.sources.all()] == ["PL", "KE", "BR"]
    assert Topic.objects.get(proposed_in=made).questions.count() == 2
    with page.expect_download() as download:
        page.get_by_role("link", name="English, Word").click()
    assert download.value.suggested_filename == f"draft-{made.pk}-en.docx"


def test_every_page_on_the_way_is_for_everybody(
    page: Page, meeting: Meeting, pole: User, kenyan: User
) -> None:
    wrong = {}

    def look(name: str) -> None:
        if found := for_everybody(page):
            wrong[name] = found

    to_desk(page, "ewa@example.org")
    first_contribution(page, look)
    for link in ("Withdraw", "Keep it"):
        page.get_by_role("link", name=link).click()
        look(link)
    page.get_by_role("link", name="CWG-Fish documents").click()
    look("documents")
    mail = Message.objects.get(rule="submitting.ask")
    found = re.search(r"https?://[^/]+(\S+)", mail.body)
    assert found is not None
    page.goto(found[1])
    look("co-sponsor’s link")
    assert wrong == {}


def test_items_of_two_meetings_and_draft_outcomes_are_for_everybody(
    page: Page, fish: WorkingGroup, meeting: Meeting, pole: User
) -> None:
    at = timezone.now()
    other = make_meeting(fish, 24, in_days=200)
    other.agenda_items.create(position=4, title={"en": "An item of very many words " * 8})
    meeting.outcomes.create(position=1, kind="agreed", action={"en": "to mend nets"})
    meeting.comments_from, meeting.comments_until = at, at + timedelta(days=3)
    meeting.save()
    to_desk(page, "ewa@example.org")
    page.get_by_role("link", name="Read and comment").click()
    expect(heading(page)).to_have_text("Draft outcomes")
    page.get_by_text("Comment on this outcome").click()
    assert for_everybody(page) == {}
    page.goto("/desk/fish/documents/begin/")
    boxes = [each.bounding_box() for each in page.get_by_role("checkbox").all()]
    places = [(box["x"], box["y"]) for box in boxes if box]
    assert len(places) == len({y for _, y in places}) == 7
    assert for_everybody(page) == {}


def test_a_co_sponsor_is_asked_and_confirms(
    page: Page, window: BrowserContext, meeting: Meeting, pole: User, kenyan: User
) -> None:
    draft = make_draft(meeting, pole)
    to_desk(page, "ewa@example.org")
    page.get_by_role("link", name="On nets").click()
    page.get_by_role("link", name="Go on writing").click()
    press(page, "3 Co-sponsors")
    page.get_by_label("Co-sponsor 1").select_option(label="Kenya")
    press(page, "Save and ask them to confirm")
    expect(page.get_by_text("Asked to confirm: Kenya.")).to_be_visible()
    window.clear_cookies()
    to_desk(page, "amani@example.org")
    page.get_by_role("link", name="On nets").click()
    expect(page.get_by_text("Poland asks Kenya to co-sponsor this document.")).to_be_visible()
    press(page, "Confirm")
    expect(page.get_by_text("Kenya is confirmed as a co-sponsor.")).to_be_visible()
    assert draft.sources.get(member_state__iso="KE").confirmed_by == kenyan


def test_a_colleague_prepares_and_the_focal_point_submits(
    page: Page, window: BrowserContext, fish: WorkingGroup, meeting: Meeting, pole: User
) -> None:
    make_delegate(fish, "PL", "jan@example.org", role="delegate")
    to_desk(page, "jan@example.org")
    page.get_by_role("link", name="Write a contribution").click()
    page.get_by_label("Title").fill("On nets")
    page.get_by_label("For action or for information").select_option("information")
    press(page, "Continue")
    page.get_by_label("Add the text").set_input_files(PAPER)
    press(page, "5 Check and submit")
    expect(page.get_by_text("ewa@example.org, your delegation’s focal point")).to_be_visible()
    expect(page.get_by_role("button", name="Submit to the secretariat")).to_have_count(0)
    window.clear_cookies()
    to_desk(page, "ewa@example.org")
    page.get_by_role("link", name="On nets").click()
    page.get_by_role("link", name="Preview").click()
    page.get_by_role("link", name="Check and submit").click()
    press(page, "Submit to the secretariat")
    expect(page.get_by_text("The secretariat has it.")).to_be_visible()
    made = Document.objects.get()
    assert (made.submitted_by, made.state) == (pole, "received")


def test_two_colleagues_see_each_others_words(
    page: Page, window: BrowserContext, meeting: Meeting, pole: User
) -> None:
    draft = make_draft(meeting, pole)
    to_desk(page, "ewa@example.org")
    address = f"/desk/fish/documents/{draft.pk}/text/"
    page.goto(address)
    other = window.new_page()
    other.goto(address)
    other.get_by_label("Summary").fill("Their words.")
    press(other, "Continue")
    page.get_by_label("Summary").fill("My words.")
    press(page, "Continue")
    expect(page.get_by_text("Their words.")).to_be_visible()
    expect(page.get_by_label("Summary")).to_have_value("My words.")
    assert for_everybody(page) == {}
    press(page, "Save mine")
    draft.refresh_from_db()
    assert draft.summary == {"en": "My words."}


def test_late_is_said_and_taken(page: Page, fish: WorkingGroup, pole: User) -> None:
    draft = make_draft(make_meeting(fish, 22, in_days=3), pole)
    to_desk(page, "ewa@example.org")
    page.goto(f"/desk/fish/documents/{draft.pk}/check/")
    expect(page.get_by_text("It is taken nevertheless, marked as late")).to_be_visible()
    press(page, "Submit to the secretariat")
    expect(page.get_by_text("Received, late")).to_be_visible()
    draft.refresh_from_db()
    assert draft.late


def test_revised_and_withdrawn(
    page: Page, fish: WorkingGroup, meeting: Meeting, pole: User
) -> None:
    fish.number_at_submission = True
    fish.save()
    draft = make_draft(meeting, pole)
    to_desk(page, "ewa@example.org")
    page.goto(f"/desk/fish/documents/{draft.pk}/check/")
    press(page, "Submit to the secretariat")
    expect(page.get_by_text("Its number is CWG-Fish-23/1.")).to_be_visible()
    press(page, "Revise")
    expect(heading(page)).to_have_text("Revision of CWG-Fish-23/1")
    page.get_by_label("What is changed").fill("The second paragraph.")
    page.get_by_label("Add the text").set_input_files(PAPER)
    press(page, "5 Check and submit")
    press(page, "Submit to the secretariat")
    expect(page.get_by_text("Its number is CWG-Fish-23/1 Rev.1.")).to_be_visible()
    page.get_by_role("link", name="Withdraw").click()
    press(page, "Withdraw it")
    expect(page.get_by_role("alert")).to_contain_text("Reason: This field is required.")
    page.get_by_label("Reason").fill("Overtaken by events.")
    press(page, "Withdraw it")
    expect(page.get_by_text("Withdrawn: Overtaken by events.")).to_be_visible()
    numbers = Document.objects.order_by("pk").values_list("number", flat=True)
    assert list(numbers) == ["CWG-Fish-23/1", "CWG-Fish-23/1 Rev.1"]


def test_by_keyboard_alone(page: Page, meeting: Meeting, pole: User) -> None:
    to_desk(page, "ewa@example.org")
    keys = page.keyboard
    reach(page, page.get_by_role("link", name="Write a contribution"))
    keys.press("Enter")
    reach(page, page.get_by_label("Title"))
    keys.type("On nets")
    reach(page, page.get_by_label("For action or for information"))
    keys.type("for info")
    reach(page, page.get_by_label("1. Opening"))
    keys.press("Space")
    reach(page, page.get_by_role("button", name="Continue"))
    keys.press("Enter")
    expect(page.get_by_label("Summary")).to_be_visible()
    page.get_by_label("Add the text").set_input_files(PAPER)  # the file chooser is the system's
    for step in ("Co-sponsor 1", "Exact title"):
        reach(page, page.get_by_role("button", name="Continue"))
        keys.press("Enter")
        expect(page.get_by_label(step)).to_be_visible()
    reach(page, page.get_by_role("button", name="Continue"))
    keys.press("Enter")
    expect(heading(page)).to_have_text("Check and submit")
    reach(page, page.get_by_role("button", name="Submit to the secretariat"))
    keys.press("Enter")
    expect(page.get_by_text("The secretariat has it.")).to_be_visible()
    assert Document.objects.get().agenda_items.count() == 1


def reach(page: Page, wanted: Locator) -> None:
    """Press Tab until `wanted` has the focus."""
    expect(wanted).to_be_visible()
    for _ in range(80):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"no Tab leads to {wanted}")
