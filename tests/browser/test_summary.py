"""A summary in a browser: by keyboard alone from tagging to final; a draft commented by link."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import Dialog, Page, expect

from consultations.models import Consultation, Standing, Summary, SummaryComment, TaggedPassage
from consultations.summary import beginning, second_reading, states
from cwg.accounts.models import User
from meetings.models import Edition, Meeting, RoleTerm, WorkingGroup
from tests.browser.accessibility import not_for_everybody
from tests.browser.rounds import make_full_rounds
from tests.browser.signing_in import sign_in
from tests.browser.summaries import make_summary, open_to_guests
from tests.browser.test_desk import until_focused
from tests.consultations.making import make_contribution, make_round
from tests.two_groups import make_person

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

LEAD, EDITOR = "secretariat@example.org", "editor@example.org"
ROUND = "/secretariat/consultations/round/"
SAID = "We ask for more languages on every screen."


@pytest.fixture
def lead(group: WorkingGroup) -> User:
    return make_person(group, RoleTerm.Role.LEAD, LEAD)


@pytest.fixture
def editor(group: WorkingGroup) -> User:
    return make_person(group, RoleTerm.Role.EDITOR, EDITOR)


@pytest.fixture
def small(group: WorkingGroup, lead: User) -> Consultation:
    """A round with two contributions, the meeting its summary goes to, and nothing begun."""
    now = timezone.now()
    held = make_round(
        group, slug="small", key="2031-05", opens_at=now - timedelta(days=30),
        closes_at=now - timedelta(days=2), announced_at=now - timedelta(days=40),
    )  # fmt: skip
    for text in (SAID, "Fewer forms."):
        make_contribution(
            held, Standing.PUBLISHED, at=now - timedelta(days=9), answers={1: text}
        )  # fmt: skip
    Meeting.objects.create(
        group=group, ordinal=99, first_day=now.date(), last_day=now.date() + timedelta(days=1)
    )
    return held


def press(page: Page, selector: str, key: str = "Enter") -> None:
    """Go to what `selector` names with Tab, and press a key there."""
    until_focused(page, selector)
    page.keyboard.press(key)


def test_a_paragraph_saved_again_after_going_back_is_the_same(
    page: Page, small: Consultation, lead: User
) -> None:
    beginning.begin(small, by=lead, at=timezone.now())
    sign_in(page, LEAD)
    page.goto(f"{ROUND}{small.pk}/summary/?add=0")
    page.locator("textarea[name=text]").fill("One asks for more languages [1].")
    save = page.locator(".typing button:has-text('Save'), form button:has-text('Save')").first
    save.click()
    expect(page.get_by_text("One asks for more languages")).to_be_visible()
    page.go_back()
    expect(page.locator("textarea[name=text]")).to_have_value("One asks for more languages [1].")
    save.click()
    expect(page.locator("[id^='paragraph-']").first).to_be_visible()
    page.wait_for_load_state()
    assert [
        str(each)
        for each in Summary.objects.get(consultation=small).paragraphs.values_list(
            "text", flat=True
        )
    ] == ["One asks for more languages [1]."]


def test_a_paragraph_that_is_not_kept_is_not_left_without_a_question(
    page: Page, small: Consultation, lead: User
) -> None:
    beginning.begin(small, by=lead, at=timezone.now())
    sign_in(page, LEAD)
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.goto(f"{ROUND}{small.pk}/summary/?add=0")
    box = page.locator("textarea[name=text]")
    box.press_sequentially("One asks for")
    page.get_by_role("link", name="Coverage").click()
    expect(box).to_have_value("One asks for")
    assert asked == ["beforeunload"]
    page.locator("form button:has-text('Save')").first.click()
    expect(page.locator(".paragraph .words").or_(page.locator(".errornote")).first).to_be_visible()
    assert asked == ["beforeunload"]
    page.goto(f"{ROUND}{small.pk}/summary/?add=0")
    page.get_by_role("link", name="Coverage").click()
    page.wait_for_url("**/coverage/")
    assert asked == ["beforeunload"]


def test_from_tagging_to_final_by_keyboard_alone(
    page: Page, small: Consultation, lead: User, editor: User
) -> None:
    question = small.questions.get(position=1)
    one = small.contributions.get(number=1)
    sign_in(page, LEAD)
    page.goto(f"{ROUND}{small.pk}/summary/")
    press(page, "#content button.default")
    expect(page.get_by_text("The summary is begun.")).to_be_visible()

    page.goto(f"{ROUND}{small.pk}/summary/read/?number=1")
    key = f"{one.pk}-{question.pk}"
    press(page, "details.mark > summary")
    until_focused(page, f"[id='mark-{key}-new']")
    page.keyboard.type("Languages")
    until_focused(page, f"[id='mark-{key}-words']")
    page.keyboard.type("more languages")
    press(page, f"form[data-marks='{key}'] button")
    expect(page.locator("mark")).to_have_text("more languages")
    tagged = TaggedPassage.objects.filter(contribution__consultation=small)
    assert [each.words for each in tagged] == ["more languages"]

    page.goto(f"{ROUND}{small.pk}/summary/?add={question.pk}")
    until_focused(page, "textarea[name=text]")
    page.keyboard.type("One asks for more languages .")
    page.keyboard.press("ArrowLeft")
    press(page, "button[data-passage]")  # the citation stands where the cursor was
    expect(page.locator("textarea[name=text]")).to_have_value("One asks for more languages [1].")
    expect(page.locator("textarea[name=text]")).to_be_focused()
    press(page, ".write button.default")
    expect(page.locator(".paragraph .words")).to_have_text("One asks for more languages [1].")

    page.goto(f"{ROUND}{small.pk}/summary/coverage/")
    press(page, "details.mark > summary")
    until_focused(page, "details.mark textarea")
    page.keyboard.type("It is about forms, which are no subject of this round.")
    press(page, "details.mark button")
    expect(page.get_by_text("none open")).to_be_visible()

    summary, now = Summary.objects.get(consultation=small), timezone.now()
    page.goto(f"{ROUND}{small.pk}/summary/way/")
    press(page, "#reader button")
    expect(page.get_by_text(f"{EDITOR} was asked")).to_be_visible()
    words = states.words_of(summary)
    second_reading.read(summary, agreed=True, words=words, by=editor, at=now)
    page.reload()
    expect(page.get_by_text("Nothing holds it up")).to_be_visible()
    press(page, "#final button.default")
    expect(page.get_by_text("The summary is final.")).to_be_visible()
    press(page, "#publish button.default")
    expect(page.get_by_text("The summary is published;")).to_be_visible()
    assert [each.slug for each in Edition.objects.all()] == ["original"]
    press(page, "#publish a[href$='/summary/']")
    expect(page.get_by_role("heading", level=1)).to_have_text("Summary of the contributions")
    assert not_for_everybody(page) == {}


def test_what_is_selected_with_the_mouse_stands_in_the_box(page: Page, small: Consultation) -> None:
    lead = User.objects.get(email=LEAD)
    beginning.begin(small, by=lead, at=timezone.now())
    sign_in(page, LEAD)
    page.goto(f"{ROUND}{small.pk}/summary/read/?number=1")
    page.evaluate(
        """() => {
            const text = document.querySelector("[data-said]").firstChild;
            document.getSelection().setBaseAndExtent(text, 7, text, 25);
        }"""
    )
    box = page.get_by_label("Words", exact=True)
    expect(box).to_have_value("for more languages")
    page.get_by_label("or a new tag").fill("Languages")
    page.get_by_role("button", name="Tag it").click()
    expect(page.locator("mark")).to_have_text("for more languages")


@pytest.mark.no_javascript
def test_without_scripts_a_citation_is_put_at_the_end(page: Page, small: Consultation) -> None:
    lead = User.objects.get(email=LEAD)
    beginning.begin(small, by=lead, at=timezone.now())
    sign_in(page, LEAD)
    page.goto(f"{ROUND}{small.pk}/summary/?add=0")
    page.get_by_label("Text").fill("They ask for two things")
    page.get_by_role("button", name="Cite 2").click()
    expect(page.get_by_label("Text")).to_have_value("They ask for two things [2]")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".paragraph .words")).to_have_text("They ask for two things [2]")


def test_everybody_can_use_the_workbench_and_the_guests_page(
    page: Page, group: WorkingGroup, lead: User, editor: User
) -> None:
    held = make_full_rounds(group)
    summary = make_summary(held, editor, lead)
    sign_in(page, LEAD)
    wrong: dict[str, object] = {}
    for address in ("", "?add=0", "read/?number=4", "coverage/", "draft/"):
        page.goto(f"{ROUND}{held.pk}/summary/{address}")
        for details in page.locator("details:not(#user-tools)").all():
            details.evaluate("each => { each.open = true; }")
        wrong |= {address: found} if (found := not_for_everybody(page)) else {}
    guests = urlsplit(open_to_guests(summary, editor, lead)).path
    for address in (f"{ROUND}{held.pk}/summary/way/", guests):
        page.goto(address)
        for details in page.locator("details:not(#user-tools)").all():
            details.evaluate("each => { each.open = true; }")
        wrong |= {address: found} if (found := not_for_everybody(page)) else {}
    assert wrong == {}


def test_a_draft_is_commented_by_link_with_the_keyboard(
    page: Page, group: WorkingGroup, lead: User, editor: User
) -> None:
    summary = make_summary(make_full_rounds(group), editor, lead)
    page.goto(urlsplit(open_to_guests(summary, editor, lead)).path)
    press(page, "#paragraph-2 summary")
    until_focused(page, "#paragraph-2 textarea")
    page.keyboard.type("Which contributors?")
    press(page, ".draft button")
    yours = page.get_by_role("region", name="Your comments")
    expect(yours).to_contain_text("Which contributors?")
    expect(yours).to_contain_text("Not taken")
    assert page.context.cookies() == []
    assert SummaryComment.objects.filter(text="Which contributors?").count() == 1
