"""Pages that say no: in the look of the site, with the way on."""

from __future__ import annotations

import pytest
from django.test import Client

from meetings.models import WorkingGroup

from .page_words import words

pytestmark = pytest.mark.django_db


def refused(answer: object, status: int) -> str:
    """Return what a page of the site's look says that answers with `status`."""
    assert getattr(answer, "status_code", None) == status
    page = getattr(answer, "content", b"").decode()
    assert "/static/css/site.css" in page
    assert '<a class="button second" href="/">Go to the start page</a>' in page
    return words(answer, part="main")


def test_an_address_that_leads_nowhere(client: Client, group: WorkingGroup) -> None:
    assert refused(client.get("/nobody/"), 404).startswith("There is no such page")


def test_a_request_that_cannot_be_read(client: Client) -> None:
    answer = client.get("/", headers={"host": "somebody-else.example.org"})
    assert refused(answer, 400).startswith("This could not be read")


def test_somebody_without_a_role(as_stranger: Client) -> None:
    said = refused(as_stranger.get("/secretariat/", follow=True), 403)
    assert said.startswith("This page is not for your sign-in")
    assert said.endswith("Sign out")


def test_a_form_whose_key_is_out_of_date() -> None:
    answer = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "a@example.org"})
    assert refused(answer, 403).startswith("This form is no longer valid")


@pytest.mark.urls("tests.pages.failing")
def test_a_mistake_of_ours() -> None:
    answer = Client(raise_request_exception=False).get("/fails/")
    assert refused(answer, 500).startswith("Something went wrong here")
