"""A member of the secretariat records a meeting in a browser."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import Page, expect

from meetings.models import Meeting, Outcome, RoleTerm, Settlement, WorkingGroup
from tests.browser.signing_in import sign_in
from tests.two_groups import make_person

# The Member States that stand after migrate are put back before each test
pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def twenty_fourth(group: WorkingGroup) -> Meeting:
    """A meeting with nothing recorded yet, after the last one of the demo record."""
    make_person(group, RoleTerm.Role.LEAD, "secretariat@example.org")
    return Meeting.objects.create(
        group=group, ordinal=24, first_day=date(2026, 3, 2), last_day=date(2026, 3, 2)
    )


def outcomes_page(meeting: Meeting) -> str:
    return f"/secretariat/meetings/meeting/{meeting.pk}/outcomes/"


def test_a_meeting_is_recorded_in_minutes(page: Page, twenty_fourth: Meeting) -> None:
    sign_in(page, "secretariat@example.org")
    page.goto(outcomes_page(twenty_fourth))
    printed = page.get_by_label("As the report will print it")
    expect(printed).to_contain_text("The twenty-fourth meeting of the CWG-Internet was held on")

    first = page.locator(".outcome").nth(0)
    expect(first.get_by_label("What", exact=True)).to_be_hidden()
    first.get_by_label("What happened").select_option("noted")
    first.get_by_label("What", exact=True).fill("the report on Internet activities")
    noted = "The Group took note of the report on Internet activities."
    expect(printed.get_by_role("listitem")).to_have_text([f"a) {noted}"])

    page.get_by_role("button", name="Add an outcome").click()
    second = page.locator(".outcome").nth(1)
    expect(second.get_by_label("What happened")).to_be_focused()
    second.get_by_label("What happened").select_option("no_consensus")
    expect(second.get_by_label("What", exact=True)).to_be_hidden()
    second.get_by_role("button", name="Move up").press("Enter")
    none = "All the contributions received were discussed, but no consensus was reached."
    expect(printed.get_by_role("listitem")).to_have_text([f"a) {none}", f"b) {noted}"])

    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The outcomes of CWG-Internet meeting 24")).to_be_visible()
    assert [str(outcome) for outcome in twenty_fourth.outcomes.all()] == [
        "24 a) No consensus", "24 b) Noted",
    ]  # fmt: skip


@pytest.mark.no_javascript
def test_without_scripts_buttons_and_numbers_do_the_same(
    page: Page, twenty_fourth: Meeting
) -> None:
    promise = Outcome.objects.get(meeting__ordinal=21, position=1)
    sign_in(page, "secretariat@example.org")
    page.goto(outcomes_page(twenty_fourth))
    page.get_by_role("group", name="21 a) Consultation to be launched").get_by_label("Kept").check()
    page.get_by_role("button", name="More rows").click()
    rows = page.locator(".outcome")
    expect(rows).to_have_count(6)
    rows.nth(0).get_by_label("What happened").select_option("noted")
    rows.nth(0).get_by_label("What", exact=True).fill("one thing")
    rows.nth(0).get_by_label("Place").fill("2")
    rows.nth(1).get_by_label("What happened").select_option("agreed")
    rows.nth(1).get_by_label("What", exact=True).fill("on another")
    rows.nth(1).get_by_label("Place").fill("1")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_label("As the report will print it")).to_contain_text(
        "The Group agreed on another."
    )
    page.get_by_role("button", name="Save").click()
    assert [str(outcome) for outcome in twenty_fourth.outcomes.all()] == [
        "24 a) Agreed", "24 b) Noted", "24 c) Consultation launched",
    ]  # fmt: skip
    assert Settlement.objects.get(promise=promise).by_outcome == twenty_fourth.outcomes.last()
