"""Following by e-mail, and the secretariat's pages about mails: for everybody, with errors shown."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from consultations import following
from consultations.models import Subscription
from meetings import outbox
from meetings.models import Message, RoleTerm, WorkingGroup
from tests.browser.accessibility import not_for_everybody
from tests.browser.mailed import mailed
from tests.browser.signing_in import sign_in
from tests.two_groups import make_person

pytestmark = pytest.mark.django_db(transaction=True)

FOLLOW, MAILS = "/cwg-internet/follow/", "/secretariat/mails/"
LEAD = "secretariat@example.org"
LONG = "a-reader-with-quite-a-long-name-of-an-address@department.of.examples.example.org"


def test_every_page_of_following_is_for_everybody(page: Page, group: WorkingGroup) -> None:
    wrong: dict[str, object] = {}

    def look(heading: str) -> None:
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        if found := not_for_everybody(page):
            wrong[heading] = found

    page.goto(FOLLOW)
    page.get_by_role("button", name="Follow").click()
    expect(page.get_by_role("alert")).to_have_text("Your e-mail address: This field is required.")
    look("Follow CWG-Internet by e-mail")
    page.get_by_label("What do you want to hear of?").select_option("meetings")
    page.get_by_label("Your e-mail address").fill(LONG)
    page.get_by_role("button", name="Follow").click()
    look("Look into your mail")
    page.goto(mailed("following.confirm"))
    look("Confirm that you follow the meetings of CWG-Internet")
    page.get_by_role("button", name="Confirm").click()
    look("It is confirmed")
    page.goto(urlsplit(following.end_address(Subscription.objects.get())).path)
    look("End following the meetings of CWG-Internet")
    page.get_by_role("button", name="End it").click()
    look("It is ended")
    page.goto(f"{FOLLOW}end/nothing/")
    look("This link leads nowhere")
    assert wrong == {}


def write(group: WorkingGroup, state: str) -> Message:
    """Write a mail, and let it stand as if that had happened to it."""
    mail = outbox.Mail(
        key=state, rule="following.meeting", to=LONG, group=group, subject=f"A mail: {state}",
        body="Its text.\n\nWith a second paragraph.", held=True,
    )  # fmt: skip
    made = outbox.write(mail, at=timezone.now())
    Message.objects.filter(pk=made.pk).update(state=state, problem="The mail server said no.")
    return made


def test_every_page_about_mails_is_for_everybody(page: Page, group: WorkingGroup) -> None:
    made = {state: write(group, state) for state in Message.State.values if state != "sent"}
    make_person(group, RoleTerm.Role.LEAD, LEAD)
    sign_in(page, LEAD)
    wrong: dict[str, object] = {}

    def look(name: str) -> None:
        if found := not_for_everybody(page):
            wrong[name] = found

    for place in (MAILS, f"{MAILS}?text=nothing", f"{MAILS}{made['uncertain'].pk}/"):
        page.goto(place)
        look(place)
    page.goto(f"{MAILS}{made['held'].pk}/")
    page.get_by_role("button", name="Stop it").click()
    expect(page.get_by_role("alert").first).to_contain_text("Nothing was changed.")
    look("a mail, with an error")
    assert wrong == {}
