"""Signing in through the page, as everybody does."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.conftest import PASSWORD


def sign_in(page: Page, email: str) -> None:
    """Sign in as the person with the address `email`, and wait for the secretariat's home."""
    page.goto("/accounts/login/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/secretariat/")
