"""Signing in, as a person does it."""

import re

import pytest
from playwright.sync_api import Page, expect

from cwg.accounts.models import User
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("scripts", [pytest.param("", marks=pytest.mark.no_javascript), "scripts"])
def test_an_administrator_reaches_the_secretariats_site(
    page: Page, administrator: User, scripts: str
) -> None:
    page.goto("/secretariat/meetings/meeting/")
    page.get_by_label("E-mail address").fill(administrator.email)
    page.get_by_label("Password").fill("something else")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("not correct")
    expect(page.get_by_label("E-mail address")).to_have_value(administrator.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile("/secretariat/meetings/meeting/$"))
    expect(page.get_by_role("heading", level=1)).not_to_be_empty()


def test_the_secretariats_pages_load_nothing_the_policy_refuses(
    page: Page, administrator: User
) -> None:
    page.goto("/secretariat/")
    page.get_by_label("E-mail address").fill(administrator.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    for address in ("", "meetings/meeting/", "meetings/meeting/add/", "meetings/roleterm/add/"):
        page.goto(f"/secretariat/{address}")
        page.wait_for_load_state("networkidle")
