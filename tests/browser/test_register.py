"""The register in a browser: found on a phone, loaded as one archive, kept by the secretariat by keyboard."""

from __future__ import annotations

import hashlib
import json
import os
import re
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from cwg.accounts.models import User
from meetings import registering
from meetings.models import DelegateTerm, Document, Meeting, WorkingGroup
from tests.browser.accessibility import small_targets, too_wide, violations
from tests.browser.signing_in import sign_in
from tests.conftest import PASSWORD
from tests.meetings import registered, uploading
from tests.meetings.registered import (
    NOW,
    make_entered,
    make_file,
    make_received,
    make_registered,
    state,
)

pytestmark = pytest.mark.django_db(transaction=True)

LONG_WORD = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz"


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    cache.clear()


@pytest.fixture
def fish(whole: None) -> WorkingGroup:
    return registered.make_group()


@pytest.fixture
def lead(fish: WorkingGroup) -> User:
    return registered.make_lead(fish)


@pytest.fixture
def meeting(fish: WorkingGroup, lead: User) -> Meeting:
    """A meeting with a register of everything: long titles, Arabic, languages, revisions."""
    made = registered.make_meeting(fish)
    first = make_registered(
        made, lead, title=f"On nets and {LONG_WORD}", public=True, pending=("KE",)
    )
    first.agenda_items.set(made.agenda_items.all())
    for language in ("en", "fr", "ar"):
        make_file(first, lead, f"in {language}".encode() * 100, language, "pdf",
                  "original" if language == "en" else "machine")  # fmt: skip
    second = make_registered(made, lead, "KE", "On ropes", public=True)
    make_file(second, lead, os.urandom(300_000), "en", "docx")
    registering.publish(make_entered(made, lead, "information", "Figures"), by=lead)
    gone = make_registered(made, lead, "BR", "Withdrawn paper", public=True)
    registering.withdraw(gone, "Wrong.", by=lead, at=NOW)
    make_file(make_registered(made, lead, "JP", "Restricted paper"), lead, b"restricted")
    make_received(made, "FR", "Late paper", late=True)
    return made


def is_for_everybody(page: Page, *, touched: bool = True) -> None:
    """Hold the page to the rules, at a desk and on a phone; staff's boxes are as Django makes them."""
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 844})
        assert violations(page) == []
        assert too_wide(page) == 0
    assert not touched or small_targets(page) == []


def test_a_reader_finds_a_document_on_a_phone(page: Page, meeting: Meeting) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(meeting.get_absolute_url())
    page.get_by_label("Source").select_option("Kenya")
    page.get_by_label("Language").select_option("Français")
    page.get_by_label("Sorted by").select_option("Title, last to first")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**/?*#documents")
    rows = page.locator("table.register tbody tr")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("CWG-Fish-23/1")
    is_for_everybody(page)
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("link", name="On nets and").click()
    page.wait_for_url("**/documents/23/1/")
    is_for_everybody(page)
    with page.expect_download() as loaded:
        page.get_by_role("link", name="PDF, Français").click()
    assert loaded.value.suggested_filename == "CWG-Fish-23-1-fr.pdf"
    assert Path(loaded.value.path()).read_bytes() == b"in fr" * 100


def test_a_reader_sorts_the_register_by_its_heads_and_loads_all_of_it(
    page: Page, meeting: Meeting
) -> None:
    page.goto(meeting.get_absolute_url())
    head = page.locator("table.register thead")
    head.get_by_role("link", name="Title").click()
    page.wait_for_url("**/?sort=title#documents")
    expect(page.locator('th[aria-sort="ascending"]')).to_have_text("Title")
    expect(page.locator("table.register tbody td:nth-child(2)")).to_have_text(
        [re.compile(rf"^\s*{first}\b") for first in ("Figures", "On", "On", "Withdrawn")]
    )
    head.get_by_role("link", name="Title").click()
    page.wait_for_url("**/?sort=-title#documents")
    with page.expect_download() as loaded:
        page.get_by_role("link", name="All documents as one ZIP").click()
    assert loaded.value.suggested_filename == "CWG-Fish-23.zip"
    with ZipFile(loaded.value.path()) as archive:
        manifest = json.loads(archive.read("CWG-Fish-23/manifest.json"))
        named = {
            file["name"]: file["sha256"] for each in manifest["documents"] for file in each["files"]
        }
        held = {
            Path(name).name: hashlib.sha256(archive.read(name)).hexdigest()
            for name in archive.namelist()
        }
    assert set(held) - set(named) == {"manifest.json", "SHA256SUMS"}
    assert {name: held[name] for name in named} == named
    assert len(named) == 4
    page.goto(meeting.get_absolute_url())
    is_for_everybody(page)


def test_the_secretariat_decides_registers_and_publishes_by_keyboard(
    page: Page, meeting: Meeting, lead: User, tmp_path: Path
) -> None:
    sign_in(page, lead.email)
    page.get_by_role("link", name="Decide", exact=True).press("Enter")
    page.wait_for_url("**/documents/?state=late")
    is_for_everybody(page, touched=False)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.locator("a.open").press("Enter")
    page.wait_for_url("**/secretariat/documents/*/")
    is_for_everybody(page, touched=False)
    page.set_viewport_size({"width": 1280, "height": 900})
    for button, said in (
        ("Take it at this meeting", "It is taken at this meeting."),
        ("Register it", "It is registered."),
        ("Make it public", "Everybody may read it now."),
    ):
        page.get_by_role("button", name=button).press("Enter")
        page.get_by_text(said).wait_for()
    page.get_by_text("Add or replace a language version").press("Enter")
    paper = tmp_path / "paper.docx"
    paper.write_bytes(uploading.docx())
    page.get_by_label("Word or PDF").set_input_files(paper)
    page.get_by_role("button", name="Add it").press("Enter")
    page.get_by_text("The language version is kept.").wait_for()
    page.get_by_role("link", name="Its public page").press("Enter")
    page.wait_for_url("**/fish/documents/23/5/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Late paper")
    assert Document.objects.get(title__en="Late paper").number == "CWG-Fish-23/5"


def test_the_secretariat_enters_a_document(page: Page, meeting: Meeting, lead: User) -> None:
    sign_in(page, lead.email)
    page.goto("/secretariat/documents/new/")
    is_for_everybody(page, touched=False)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_label("English", exact=True).first.fill("A timetable")
    page.get_by_label("Type").select_option("administrative document")
    page.get_by_role("button", name="Enter it").click()
    page.get_by_text("The document is entered. It is CWG-Fish-23/ADM/1.").wait_for()
    page.get_by_role("link", name="Correct the data").click()
    page.wait_for_url("**/data/")
    is_for_everybody(page, touched=False)
    page.goto("/secretariat/documents/languages/")
    assert page.get_by_text("Missing").count() > 20
    is_for_everybody(page, touched=False)


def test_a_member_sees_what_is_new_and_reads_what_is_restricted(
    page: Page, meeting: Meeting, lead: User
) -> None:
    person = User.objects.create_user("delegate@example.org", PASSWORD)
    DelegateTerm.objects.create(
        person=person, group=meeting.group, member_state=state("PL"), role="delegate",
        from_day=registered.LONG_AGO,
    )  # fmt: skip
    page.goto("/desk/fish/meetings/")
    page.get_by_label("E-mail address").fill(person.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/desk/fish/meetings/")
    is_for_everybody(page)
    page.get_by_role("link", name="CWG-Fish meeting 23").click()
    page.wait_for_url("**/desk/fish/meetings/23/")
    is_for_everybody(page)
    page.get_by_role("link", name="Restricted paper").click()
    page.wait_for_url("**/documents/4/")
    is_for_everybody(page)
    page.get_by_role("link", name="Documents", exact=True).click()
    with page.expect_download() as loaded:
        page.get_by_role("link", name="All documents as one ZIP").click()
    with ZipFile(loaded.value.path()) as archive:
        assert archive.read("CWG-Fish-23/CWG-Fish-23-4-en.pdf") == b"restricted"
