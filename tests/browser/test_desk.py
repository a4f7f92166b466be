"""The secretariat moderates contributions and moves rounds in a browser, by keyboard, without scripts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from consultations import alike_names
from consultations.models import Consultation, Contribution, Standing, Subscription
from cwg.accounts.models import User
from meetings.models import Meeting, Message, Outcome, RoleTerm, Topic, WorkingGroup
from tests.browser.accessibility import looks, small_targets, too_wide, violations
from tests.browser.rounds import make_queue
from tests.browser.signing_in import sign_in
from tests.consultations.making import make_contribution, make_round
from tests.two_groups import make_person

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

LEAD = "secretariat@example.org"
QUEUE = "/secretariat/contributions/"
ROUND = "/secretariat/consultations/round/"


@pytest.fixture
def second(group: WorkingGroup) -> User:
    """Somebody who proposed to decline one, while the lead was away."""
    make_person(group, RoleTerm.Role.LEAD, LEAD)
    return make_person(group, RoleTerm.Role.EDITOR, "editor@example.org")


@pytest.fixture
def round_(group: WorkingGroup, second: User) -> Consultation:
    return make_queue(group, second)


def of(round_: Consultation, number: int) -> Contribution:
    return round_.contributions.get(number=number)


def address(round_: Consultation, number: int) -> str:
    return f"{QUEUE}{of(round_, number).pk}/"


def until_focused(page: Page, selector: str) -> None:
    """Go on with Tab until what `selector` names has the focus, as somebody without a mouse does."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} is not reached")


def access_key(page: Page, letter: str) -> None:
    """Press Alt and a letter, with the letter that the browser looks up among the access keys."""
    browser = page.context.new_cdp_session(page)
    pressed = {
        "modifiers": 1, "key": letter, "code": f"Key{letter.upper()}", "unmodifiedText": letter,
        "windowsVirtualKeyCode": ord(letter.upper()),
    }  # fmt: skip
    browser.send("Input.dispatchKeyEvent", {"type": "keyDown", **pressed})
    browser.send("Input.dispatchKeyEvent", {"type": "keyUp", **pressed})


def test_a_morning_at_the_queue_by_keyboard_alone(page: Page, round_: Consultation) -> None:
    sign_in(page, LEAD)
    page.goto(QUEUE)
    until_focused(page, ".queue input[type=checkbox]")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")  # the row to be declined has no box: its link has the focus
    expect(page.locator(":focus")).to_have_text("CWG-Internet/OC-2031-09/32")
    page.keyboard.press("ArrowUp")
    until_focused(page, "button.default")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 contribution is published.")).to_be_visible()
    assert of(round_, 33).standing == "published"

    until_focused(page, ".queue a.open")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("CWG-Internet/OC-2031-09/32")
    expect(page.get_by_text("It is not about the topic.").first).to_be_visible()
    access_key(page, "y")
    # the act leads to the next one
    expect(page.get_by_role("heading", level=1)).to_have_text("CWG-Internet/OC-2031-09/31")
    assert of(round_, 32).standing == "declined"
    assert Message.objects.get().to == "person@example.org"

    access_key(page, "r")
    expect(page.get_by_label("Passage")).to_be_focused()
    page.keyboard.type("555 0100")
    page.keyboard.press("Tab")
    page.keyboard.type("A telephone number.")
    page.keyboard.press("Control+Enter")
    public = page.get_by_role("region", name="As the public would see it")
    expect(public).to_contain_text("Call [redacted by the secretariat].")
    access_key(page, "p")
    expect(page.get_by_role("heading", level=1)).to_have_text("CWG-Internet/OC-2031-09/30")
    assert of(round_, 31).standing == "published"


@pytest.mark.no_javascript
def test_without_scripts_a_contribution_is_declined_merged_and_taken_back(
    page: Page, round_: Consultation
) -> None:
    sign_in(page, LEAD)
    page.goto(address(round_, 33))
    page.locator("#act-decline summary").click()
    page.get_by_role("button", name="Propose to decline").click()
    expect(page.locator("#act-decline").get_by_text("This field is required.")).to_be_visible()
    page.get_by_label("Reason").first.fill("Off the topic.")
    page.get_by_role("button", name="Propose to decline").click()
    expect(page.get_by_text("waits for a second person")).to_be_visible()
    page.goto(address(round_, 33))
    page.get_by_role("link", name="Side by side with CWG-Internet/OC-2031-09/31").click()
    expect(page.locator("mark").first).to_be_visible()
    page.get_by_role("button", name="Merge 33 into 31").click()
    expect(page.get_by_text("is merged into the other")).to_be_visible()
    page.goto(address(round_, 33))
    page.locator("#act-take_back summary").click()
    page.locator("#act-take_back textarea").fill("Two texts.")
    page.get_by_role("button", name="Let it await the secretariat again").click()
    assert of(round_, 33).standing == "awaiting"


def decided(group: WorkingGroup) -> Outcome:
    day = timezone.localdate()
    held = Meeting.objects.create(group=group, ordinal=40, first_day=day, last_day=day)
    made = Outcome.objects.create(
        meeting=held, kind="would_launch", position=1, window_from=day.replace(day=1),
        window_to=(day + timedelta(days=90)).replace(day=1),
    )  # fmt: skip
    made.outcome_topics.create(topic=Topic.objects.filter(group=group)[0])
    return made


def launch(page: Page, group: WorkingGroup) -> None:
    """Launch a round from a decision, announce it, extend it: the same with scripts and without."""
    outcome = decided(group)
    Subscription.objects.create(
        group=group, what="consultations", email="all@example.org", asked_at=timezone.now(),
        confirmed_at=timezone.now(),
    )  # fmt: skip
    sign_in(page, LEAD)
    page.goto("/secretariat/consultations/consultation/")
    page.get_by_role("link", name="Launch from a decision").click()
    page.get_by_role("link", name="Launch the round").click()
    day = timezone.localdate()
    page.get_by_label("Opens on").fill(str(day + timedelta(days=1)))
    page.get_by_label("Closes on").fill(str(day + timedelta(days=60)))
    page.locator("[name=closes_clock]").fill("00:00")
    page.get_by_role("button", name="Make the round").click()
    expect(page.get_by_text("Close at 23:59 of the day before")).to_be_visible()
    page.locator("[name=closes_clock]").fill("23:59")
    page.get_by_role("button", name="Make the round").click()
    made = Consultation.objects.get(decided_by=outcome)
    page.get_by_role("link", name="Announce", exact=True).click()
    expect(page.get_by_role("region", name="The mail")).to_contain_text("It goes to 1 address")
    page.get_by_role("button", name="Announce it").click()
    expect(page.get_by_text("is announced.")).to_be_visible()
    assert Message.objects.get().to == "all@example.org"
    assert Outcome.objects.get(pk=outcome.pk).settlement.how == "kept"

    page.get_by_role("link", name="Extend", exact=True).click()
    page.get_by_label("New closing on").fill(str(day + timedelta(days=70)))
    page.get_by_label("Who decided it").fill("the Chair")
    page.get_by_label("Why").fill("Translations take time.")
    page.get_by_role("button", name="Show what will be said and mailed").click()
    said = page.get_by_role("region", name="What the round’s page says")
    expect(said).to_contain_text("Decided by the Chair on")
    words = said.locator("p").inner_text()
    page.get_by_role("button", name="Extend it").click()
    expect(page.get_by_text("Translations take time.").first).to_be_visible()
    assert Message.objects.count() == 2
    page.goto(made.get_absolute_url())
    expect(page.get_by_text(words)).to_be_visible()


def test_a_round_is_launched_announced_and_extended(
    page: Page, group: WorkingGroup, second: User
) -> None:
    launch(page, group)


@pytest.mark.no_javascript
def test_without_scripts_a_round_is_launched_announced_and_extended(
    page: Page, group: WorkingGroup, second: User
) -> None:
    launch(page, group)


def pages_of_contributors(round_: Consultation) -> list[str]:
    """Name two organizations alike, and return the pages of them."""
    for name in ("Example Union", "Example Unions"):
        make_contribution(
            round_, Standing.PUBLISHED, organisations=[name], publish_organisation=True
        )
    pair = alike_names.offered().get(one__name="Example Union", other__name="Example Unions")
    names = "/secretariat/contributors/"
    return [
        names, f"{names}?q=example", f"{names}{pair.one_id}/",
        f"{names}{pair.one_id}/into/{pair.other_id}/",
    ]  # fmt: skip


def test_the_pages_of_the_desk_are_for_everybody_with_their_errors_shown(
    page: Page, round_: Consultation, group: WorkingGroup
) -> None:
    day = timedelta(days=1)
    ready = make_round(
        group, slug="ready", key="2031-12", announced_at=None, opens_at=timezone.now() + day,
        closes_at=timezone.now() + 60 * day,
    )  # fmt: skip
    outcome = decided(group)
    sign_in(page, LEAD)
    one = of(round_, 33).pk
    pages = {
        QUEUE: "", f"{QUEUE}?standing=published": "", f"{QUEUE}{one}/": "",
        f"{QUEUE}{one}/beside/{of(round_, 31).pk}/": "", address(round_, 32): "",
        address(round_, 3): "", "/secretariat/consultations/launch/": "",
        f"/secretariat/consultations/launch/{outcome.pk}/": "[name=slug]",
        f"{ROUND}{ready.pk}/announce/": "", f"{ROUND}{round_.pk}/announce/": "",
        f"{ROUND}{round_.pk}/extend/": "[name=reason]", f"{ROUND}{round_.pk}/alike/": "",
        f"{ROUND}{round_.pk}/correct/": "[name=reason]",
        f"{ROUND}{round_.pk}/address/": "[name=reason]",
        f"{ROUND}{round_.pk}/late/": "[name=email]",
        f"{ROUND}{round_.pk}/enter/": "[name=consent]", "/secretariat/": "",
        f"/secretariat/consultations/consultation/{round_.pk}/change/": "",
    }  # fmt: skip
    pages |= dict.fromkeys(pages_of_contributors(round_), "")
    wrong: dict[str, object] = {}
    for place, emptied in pages.items():
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(place)
        if emptied:
            page.locator(emptied).fill("")
            page.locator(".round-act button.default").click()
            expect(page.get_by_role("alert")).to_be_visible()
        elif place == f"{QUEUE}{one}/":
            for name in ("redact", "late", "ask"):
                page.locator(f"#act-{name} summary").click()
            page.get_by_role("button", name="Redact", exact=True).click()
            expect(page.get_by_role("alert")).to_be_visible()
        for look in looks(page):
            if found := violations(page):
                wrong[f"{place} {look}"] = found
            if "390" not in look:
                continue
            small = small_targets(page)
            own = "/change/" not in place and place != "/secretariat/"
            if too_wide(page) or (own and small):
                wrong[f"{place} {look} measured"] = too_wide(page), small
    assert wrong == {}
