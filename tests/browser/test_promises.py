"""The ledger of promises, worked through with the keyboard."""

from __future__ import annotations

from datetime import date
from importlib import import_module

import pytest
from django.apps import apps
from django.core.management import call_command
from playwright.sync_api import Page, expect

from cwg.accounts.models import User
from meetings.models import Decision, Outcome, Session, Settlement, WorkingGroup
from tests.browser.accessibility import too_wide
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)
MOST_KEYS = 80
FOCUSED = """() => {
  const at = document.activeElement;
  const named = at.labels && at.labels.length ? at.labels[0] : at;
  return named.innerText.trim();
}"""


@pytest.fixture
def group(transactional_db: None) -> WorkingGroup:
    """The group of the demo record, where another test may have emptied the tables before."""
    import_module("meetings.migrations.0002_member_states").add(apps, None)
    call_command("load_demo", verbosity=0)
    return WorkingGroup.objects.get(record_kept_here=True)


def tab_to(page: Page, name: str) -> None:
    """Press the tabulator until what is called `name` has the focus."""
    seen = []
    for _ in range(MOST_KEYS):
        page.keyboard.press("Tab")
        seen.append(page.evaluate(FOCUSED))
        if seen[-1] == name:
            return
    raise AssertionError(f"“{name}” is not reached: {seen}")


def sign_in(page: Page, person: User, address: str) -> None:
    page.goto(address)
    page.get_by_label("E-mail address").fill(person.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Promises").wait_for()
    page.wait_for_load_state()


def test_promises_are_settled_with_the_keyboard(
    page: Page, group: WorkingGroup, secretary: User
) -> None:
    sign_in(page, secretary, "/secretariat/promises/?day=2026-01-21")
    expect(page.get_by_role("table").get_by_role("row")).to_have_count(8)
    # what is missing is said, and what was typed stays
    tab_to(page, "Record what was sent")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=What bears it out")
    tab_to(page, "or what happened")
    page.keyboard.type("The contribution was sent.")
    tab_to(page, "Settle the promise")
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=alert]")
    assert page.get_by_label("or what happened").input_value() == "The contribution was sent."
    assert not Settlement.objects.filter(promise__kind="request").exists()
    tab_to(page, "On")
    page.keyboard.type("01202026")  # as the browser's own box takes a day: month, day, year
    tab_to(page, "and where that can be read")
    page.keyboard.type("Letter of 20 January 2026")
    page.keyboard.press("Enter")
    page.locator(".messagelist").wait_for()
    settled = Settlement.objects.get(promise__kind="request")
    assert (settled.how, settled.fact, str(settled.on)) == (
        "kept", "The contribution was sent.", "2026-01-20",
    )  # fmt: skip
    expect(page.locator(".messagelist")).to_contain_text("is settled.")


@pytest.mark.no_javascript
def test_a_launch_is_confirmed_and_a_decision_recorded_without_scripts(
    page: Page, group: WorkingGroup, secretary: User
) -> None:
    # the conference met on a day that has come whenever this is run
    pp = Session.objects.get(key="pp-26")
    pp.first_day = pp.last_day = date(2026, 1, 20)
    pp.save()
    sign_in(page, secretary, "/secretariat/promises/?state=not_done&day=2026-01-21")
    page.get_by_role("link", name="It was launched: confirm").click()
    page.get_by_role("button", name="Settle the promise").click()
    page.locator(".messagelist").wait_for()
    promise = Outcome.objects.get(meeting__ordinal=21, position=1)
    assert str(promise.settlement.by_outcome) == "22 a) Summary for a session"
    page.get_by_role("link", name="PP-26 has decided…").click()
    page.get_by_label("What was decided").fill("It was continued.")
    page.get_by_label("Where that can be read").fill("A page")
    page.get_by_label("Decided on").fill("2026-01-20")
    page.get_by_role("button", name="Record the decision").click()
    page.locator(".messagelist").wait_for()
    assert str(Decision.objects.get()) == "PP-26: It was continued."


@pytest.mark.parametrize("width", [390, 1280])
def test_the_ledger_fits_its_window(
    page: Page, group: WorkingGroup, secretary: User, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(page, secretary, "/secretariat/promises/?day=2026-01-21")
    assert too_wide(page) == 0
    picture = page.get_by_role("img", name="Timeline of the promises in the table below")
    expect(picture).to_be_visible()
    # the words beside the lanes stand clear of the marks
    right = "nodes => Math.max(...nodes.map(node => node.getBoundingClientRect().right))"
    left = "nodes => Math.min(...nodes.map(node => node.getBoundingClientRect().left))"
    marks = picture.locator(".mark path").evaluate_all(right)
    assert marks < picture.locator("text.word").evaluate_all(left)
