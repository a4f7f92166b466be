"""From an invitation to the signed-in desk, in a browser: with scripts and without, on a phone too."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from cwg.accounts.models import User
from meetings.models import DelegateTerm, Meeting, Message, WorkingGroup
from tests.browser.accessibility import looks, small_targets, too_wide, violations
from tests.browser.signing_in import sign_in
from tests.meetings.delegating import Role, link_in, make_delegate

pytestmark = pytest.mark.django_db(transaction=True)

CHOSEN = "another horse battery"


def wrong_with(page: Page) -> tuple[object, ...]:
    """Return what is wrong with a page at two widths, by day and by night."""
    wrong = {look: found for look in looks(page) if (found := violations(page))}
    page.set_viewport_size({"width": 390, "height": 844})
    answer = wrong, too_wide(page), small_targets(page)
    page.set_viewport_size({"width": 1280, "height": 900})
    return answer


RIGHT: tuple[object, ...] = ({}, 0, [])


@pytest.mark.parametrize("scripts", [pytest.param("", marks=pytest.mark.no_javascript), "scripts"])
def test_invitation_to_signed_in_desk(
    page: Page, group: WorkingGroup, secretary: User, scripts: str
) -> None:
    first = timezone.localdate() + timedelta(days=60)
    Meeting.objects.create(
        group=group, ordinal=40, first_day=first, last_day=first, place={"en": "Geneva"}
    )
    sign_in(page, secretary.email)
    page.get_by_role("link", name="Delegations of the Member States").click()
    page.get_by_role("link", name="Invite somebody").click()
    page.get_by_label("Member State").select_option("Norway")
    page.get_by_label("E-mail address").fill("ada@example.org")
    page.get_by_label("Name", exact=True).fill("Ada Example")
    page.get_by_label("Focal point").check()
    page.get_by_role("button", name="Invite").click()
    expect(page.get_by_text("ada@example.org is invited; the mail leaves now.")).to_be_visible()
    page.context.clear_cookies()

    link = link_in(Message.objects.get(rule="delegations.invite"))
    page.goto(link)
    if scripts:
        assert wrong_with(page) == RIGHT
    page.get_by_label("Password", exact=True).fill(CHOSEN)
    page.get_by_label("The same password again").fill("something else")
    page.get_by_role("button", name="Set the password and go to the desk").click()
    expect(page.get_by_role("alert")).to_contain_text("didn’t match")
    page.get_by_label("Password", exact=True).fill(CHOSEN)
    page.get_by_label("The same password again").fill(CHOSEN)
    page.get_by_role("button", name="Set the password and go to the desk").click()
    page.wait_for_url("**/desk/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your delegation’s desk")
    expect(page.get_by_text("46 days left").or_(page.get_by_text("45 days left"))).to_be_visible()
    if scripts:
        assert wrong_with(page) == RIGHT

    page.get_by_role("link", name="Your delegation", exact=True).click()
    page.get_by_label("E-mail address").fill("ben@example.org")
    page.get_by_label("Name").fill("Ben Example")
    page.get_by_role("button", name="Invite", exact=True).click()
    expect(page.get_by_role("heading", name="Ben Example")).to_be_visible()
    if scripts:
        assert wrong_with(page) == RIGHT
    page.get_by_role("link", name="Remove Ben Example").click()
    if scripts:
        assert wrong_with(page) == RIGHT
    page.get_by_label("Why").fill("A wrong address")
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("Ben Example is in the delegation no longer.")).to_be_visible()

    page.get_by_role("link", name="Sign out").click()
    page.get_by_role("button", name="Sign out").click()
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("This link sets no password")
    if scripts:
        assert wrong_with(page) == RIGHT
    page.get_by_role("link", name="sign in").click()
    page.get_by_label("E-mail address").fill("ada@example.org")
    page.get_by_label("Password").fill(CHOSEN)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/desk/")


def test_the_secretariats_pages_are_for_everybody(
    page: Page, group: WorkingGroup, secretary: User
) -> None:
    make_delegate(group, "NO", Role.FOCAL_POINT)
    make_delegate(group, "NO")
    invited = make_delegate(group, "KE")
    invited.person.set_unusable_password()
    invited.person.save()
    sign_in(page, secretary.email)
    for address in (
        "", "invite/", "list/", f"{group.slug}/NO/", f"{group.slug}/KE/",
        f"{group.slug}/NO/hand-over/", f"{group.slug}/KE/{invited.pk}/remove/",
    ):  # fmt: skip
        page.goto(f"/secretariat/delegations/{address}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert {look: found for look in looks(page) if (found := violations(page))} == {}, address
        page.set_viewport_size({"width": 390, "height": 844})
        assert too_wide(page) == 0, address


def test_a_hand_over_by_keyboard(page: Page, group: WorkingGroup, secretary: User) -> None:
    make_delegate(group, "NO", Role.FOCAL_POINT)
    make_delegate(group, "NO")
    sign_in(page, secretary.email)
    page.goto(f"/secretariat/delegations/{group.slug}/NO/hand-over/")
    page.get_by_label("New focal point").select_option(index=1)
    page.get_by_label("leaves the delegation").press("Space")
    page.get_by_label("Why").fill("Letter of today")
    page.get_by_label("Why").press("Enter")
    expect(page.get_by_text("delegate-no@example.org is the focal point from")).to_be_visible()
    (term,) = DelegateTerm.objects.on(timezone.localdate())
    assert (term.person.email, term.role) == ("delegate-no@example.org", "focal_point")
