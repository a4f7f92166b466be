"""The secretariat's pages about documents: each act by its button, drafts nowhere."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from cwg.accounts.models import User
from meetings import registering
from meetings.models import Body, Document, DocumentFile, Meeting, Session, WorkingGroup
from tests.conftest import signed_in
from tests.meetings import registered, uploading
from tests.meetings.registered import (
    NOW,
    make_draft,
    make_entered,
    make_file,
    make_received,
    make_registered,
    state,
)
from tests.pages.page_words import words
from tests.two_groups import make_person


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def fish(db: None) -> WorkingGroup:
    return registered.make_group()


@pytest.fixture
def meeting(fish: WorkingGroup) -> Meeting:
    return registered.make_meeting(fish)


@pytest.fixture
def lead(fish: WorkingGroup) -> User:
    return registered.make_lead(fish)


@pytest.fixture
def as_lead(lead: User) -> Client:
    return signed_in(lead)


def at(name: str, *arguments: Any) -> str:
    return reverse(f"admin:{name}", args=arguments)


def act(client: Client, document: Document, name: str, **typed: Any) -> Any:
    """Press an act's button; return the answer, and the document as it stands then."""
    data = {"act": name} | {f"{name}-{field}": value for field, value in typed.items()}
    answer = client.post(at("document", document.pk), data)
    document.refresh_from_db()
    return answer


# The list


def names(client: Client, asked: str = "") -> list[str]:
    rows = client.get(f"{at('documents')}{asked}").context["rows"]
    return [row["title"] for row in rows]


def test_what_waits_stands_first(as_lead: Client, meeting: Meeting, lead: User) -> None:
    make_registered(meeting, lead, title="Registered")
    make_received(meeting, title="Held", late=True, late_decision="held")
    make_received(meeting, title="Received")
    make_received(meeting, title="Late", late=True)
    make_received(meeting, title="Taken", late=True, late_decision="taken")
    gone = make_entered(meeting, lead, title="Withdrawn")
    registering.withdraw(gone, "Wrong.", by=lead, at=NOW)
    registering.publish(make_entered(meeting, lead, "information", "Public"), by=lead)
    make_draft(meeting)
    assert names(as_lead) == [
        "Late", "Taken", "Received", "Held", "Public", "Withdrawn", "Registered",
    ]  # fmt: skip
    asked = {
        "?state=register": ["Taken", "Received"], "?state=late": ["Late"], "?state=held": ["Held"],
        "?state=restricted": ["Registered"], "?state=public": ["Public"],
        "?state=withdrawn": ["Withdrawn"], "?kind=information": ["Public"],
        "?text=23/INF": ["Public"], "?text=r-test": ["Late", "Taken", "Received", "Held", "Registered"],
        "?text=secret": [], f"?meeting={meeting.pk}&state=public": ["Public"],
    }  # fmt: skip
    assert {each: names(as_lead, each) for each in asked} == asked


def test_an_empty_list_says_what_will_stand_there(as_lead: Client, fish: WorkingGroup) -> None:
    said = words(as_lead.get(at("documents")), part="main")
    assert "Documents will stand here as delegations submit them" in said
    said = words(as_lead.get(f"{at('documents')}?state=late"), part="main")
    assert "No document fits. Show every document" in said


@pytest.mark.parametrize("more", [1, 3])
def test_the_pages_ask_as_often_for_more(
    as_lead: Client, meeting: Meeting, lead: User, more: int, django_assert_num_queries: Any
) -> None:
    base = make_registered(meeting, lead, pending=("KE",))
    for place in range(more):
        make_received(meeting, title=f"Paper {place}", pending=("KE",))
        make_file(make_registered(meeting, lead, "BR"), lead)
        make_file(base, lead, language=("fr", "es", "ru")[place])
        base.sources.create(member_state=state(("BR", "JP", "FR")[place]), position=9 + place)
    as_lead.get(at("documents"))  # what a first page asks besides
    for address, queries in (
        (at("documents"), LIST_QUERIES),
        (at("document_languages"), LANGUAGES_QUERIES),
        (at("document", base.pk), DOCUMENT_QUERIES),
    ):
        with django_assert_num_queries(queries):
            as_lead.get(address)


LIST_QUERIES = 11
LANGUAGES_QUERIES = 14
DOCUMENT_QUERIES = 17


# One document


def test_a_received_document_tells_all_its_facts(
    as_lead: Client, meeting: Meeting, lead: User
) -> None:
    received = make_received(
        meeting, pending=("KE",), contact="jane@example.org", changed="", note="Read twice",
        submitted_by=registered.make_focal_point(meeting.group, "PL"),
    )  # fmt: skip
    received.agenda_items.set([meeting.agenda_items.get(parent__isnull=False)])
    make_file(received, lead, b"french", "fr", "pdf", "courtesy")
    said = words(as_lead.get(at("document", received.pk)), part="main")
    expected = (
        f"{received.receipt} Received Who can see this: people with a role in CWG-Fish. What it is "
        "Title On nets Type Contribution of Member States Meeting CWG-Fish meeting 23, "
        f"{meeting.first_day:%-d %B %Y} Sources Poland, Kenya (pending) Agenda 1.1 On nets "
        "For Information Date 5 January 2026 Received "
    )
    assert expected in said
    for each in (
        "receipt R-TEST-", "by focal-pl-fish@example.org Contact jane@example.org Note Read twice "
        "Correct the data What it says Summary Nets have holes.",
        "Français, PDF", "courtesy translation",
        "Missing: English, Español, Русский, العربية, 中文.", "Register it",
    ):  # fmt: skip
        assert each in said


def test_a_document_is_registered_made_public_and_restricted_by_its_buttons(
    as_lead: Client, meeting: Meeting
) -> None:
    received = make_received(meeting)
    answer = act(as_lead, received, "register")
    assert answer["Location"] == at("document", received.pk)
    assert received.number == "CWG-Fish-23/1"
    act(as_lead, received, "publish")
    assert received.public
    answer = act(as_lead, received, "restrict", reason=" ")
    assert (answer.status_code, received.public) == (422, True)
    act(as_lead, received, "restrict", reason="By mistake.")
    assert not received.public
    said = words(as_lead.get(at("document", received.pk)), part="main")
    for happened in ("Registered", "Made public", "Restricted to members"):
        assert re.search(rf"\d\d:\d\d {happened} lead-fish@example.org", said), said
    assert "By mistake." in said


def test_a_late_document_is_decided_about_first(as_lead: Client, meeting: Meeting) -> None:
    late = make_received(meeting, late=True)
    page = as_lead.get(at("document", late.pk)).content.decode()
    assert "Take it at this meeting" in page
    assert "Register it" not in page
    act(as_lead, late, "hold")
    assert late.late_decision == "held"
    page = as_lead.get(at("document", late.pk)).content.decode()
    assert "Hold it for the next meeting" not in page
    act(as_lead, late, "take")
    act(as_lead, late, "register")
    assert late.number == "CWG-Fish-23/1"


def test_an_act_that_came_too_late_changes_nothing_and_says_so(
    as_lead: Client, meeting: Meeting
) -> None:
    received = make_received(meeting)
    answer = act(as_lead, received, "publish")
    assert (answer.status_code, received.public) == (302, False)
    said = words(as_lead.get(at("document", received.pk)))
    assert "The document stands otherwise by now. Nothing was changed." in said


def test_a_withdrawn_document_allows_nothing_more(as_lead: Client, meeting: Meeting) -> None:
    received = make_received(meeting)
    assert act(as_lead, received, "withdraw", reason="").status_code == 422
    act(as_lead, received, "withdraw", reason="By note verbale.")
    assert received.withdrawn_reason == "By note verbale."
    said = words(as_lead.get(at("document", received.pk)), part="main")
    assert "Nothing: it is withdrawn." in said
    act(as_lead, received, "register")
    assert received.number == ""


def test_language_versions_are_added_told_apart_and_removed(
    as_lead: Client, meeting: Meeting, lead: User
) -> None:
    made = make_registered(meeting, lead)
    paper = SimpleUploadedFile("Paper by somebody.docx", uploading.docx())
    answer = act(as_lead, made, "file", language="fr", version="machine", file=paper)
    assert answer.status_code == 302, words(answer)
    row = DocumentFile.objects.get()
    assert (row.language, row.form, row.version) == ("fr", "docx", "machine")
    sent: Any = as_lead.get(at("document_file", made.pk, row.pk))
    data = b"".join(sent.streaming_content)
    assert uploading.AUTHOR.encode() not in b"".join(uploading.parts_of(data).values())
    assert (sent["Content-Disposition"], sent["Cache-Control"]) == (
        'attachment; filename="CWG-Fish-23-1-fr.docx"', "private, no-store",
    )  # fmt: skip
    act(as_lead, made, "version", version_of=row.pk, version="official")
    row.refresh_from_db()
    assert row.version == "official"
    assert act(as_lead, made, "remove", version_of=row.pk, reason="").status_code == 422
    act(as_lead, made, "remove", version_of=row.pk, reason="Another one’s.")
    assert not DocumentFile.objects.exists()


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("paper.pdf", b"no PDF", "“paper.pdf” was not taken"),
        ("paper.odt", None, "Documents are kept as Word (.docx) and PDF."),
        (None, b"", "This field is required."),
    ],
)
def test_what_is_no_document_is_not_taken(
    as_lead: Client, meeting: Meeting, lead: User, name: str | None, data: bytes | None, said: str
) -> None:
    made = make_registered(meeting, lead)
    content = uploading.odt() if data is None else data
    typed: dict[str, Any] = {"file": SimpleUploadedFile(name, content)} if name else {}
    answer = act(as_lead, made, "file", language="en", version="original", **typed)
    assert answer.status_code == 422
    assert said in words(answer, part="main")
    assert not DocumentFile.objects.exists()


# Entered


def entry(**typed: Any) -> dict[str, Any]:
    return {"kind": "secretariat", "title_en": "A new paper", "number": "", **typed}


def test_a_document_of_the_secretariat_is_entered(as_lead: Client, meeting: Meeting) -> None:
    page = as_lead.get(at("document_new"))
    assert f'<option value="m{meeting.pk}" selected>' in page.content.decode()
    item = meeting.agenda_items.get(parent=None)
    typed = entry(place=f"m{meeting.pk}", kind="temporary", agenda_items=item.pk, public="on")
    answer = as_lead.post(at("document_new"), typed)
    made = Document.objects.get()
    assert answer["Location"] == at("document", made.pk)
    assert (made.number, made.public, list(made.agenda_items.all())) == (
        "CWG-Fish-23/DT/1", True, [item],
    )  # fmt: skip


def test_what_came_on_paper_is_entered_with_its_sources(as_lead: Client, meeting: Meeting) -> None:
    typed = entry(
        place=f"m{meeting.pk}", kind="contribution", arrived_on=f"{NOW:%Y-%m-%d}",
        sources=[state("KE").pk, state("PL").pk],
    )  # fmt: skip
    assert as_lead.post(at("document_new"), typed).status_code == 302
    made = Document.objects.get()
    assert (made.number, [str(each) for each in made.sources.all()], str(made.member_state)) == (
        "CWG-Fish-23/1", ["Kenya", "Poland"], "Kenya",
    )  # fmt: skip
    del typed["sources"]
    answer = as_lead.post(at("document_new"), typed)
    assert answer.status_code == 422
    assert "Name the Member States it comes from." in words(answer, part="main")


def test_no_source_is_chosen_by_itself_and_several_can_be(
    as_lead: Client, meeting: Meeting
) -> None:
    page = as_lead.get(at("document_new")).content.decode()
    assert len(re.findall(r'<select name="sources"', page)) == 6
    assert len(re.findall(r'<select name="sources"[^>]*>\s*<option value="" selected>—', page)) == 6
    typed = entry(place=f"m{meeting.pk}", sources=["", "", ""])
    assert as_lead.post(at("document_new"), typed).status_code == 302
    made = Document.objects.get()
    assert not made.sources.exists()
    as_lead.post(
        at("document_data", made.pk),
        {"kind": "contribution", "title_en": "T", "reason": "It is theirs.",
         "sources": ["", state("KE").pk, "", state("BR").pk]},
    )  # fmt: skip
    assert [str(each) for each in made.sources.all()] == ["Kenya", "Brazil"]
    page = as_lead.get(at("document_data", made.pk)).content.decode()
    chosen = re.findall(r'<option value="\d+" selected>([^<]+)</option>', page)
    assert [each for each in chosen if each in ("Kenya", "Brazil")] == ["Kenya", "Brazil"]


def test_a_document_of_a_session_is_entered(as_lead: Client, meeting: Meeting) -> None:
    council = Body.objects.create(key="council", name={"en": "Council"}, short={"en": "C"})
    session = Session.objects.create(
        body=council, key="council-2026", year=2026, label={"en": "Council 2026"}
    )
    typed = entry(place=f"s{session.pk}", kind="report", number="C26/51")
    assert as_lead.post(at("document_new"), typed).status_code == 302
    made = Document.objects.get()
    assert (made.number, made.session, made.meeting) == ("C26/51", session, None)
    assert as_lead.get(at("document", made.pk)).status_code == 200
    answer = as_lead.post(at("document_new"), typed)
    assert answer.status_code == 422
    assert "A number once given is never given again." in words(answer, part="main")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"title_en": ""}, "This field is required."),
        ({"number": "seven"}, "“seven” is no number of a document of this meeting."),
        ({"arrived_on": "2999-01-01"}, "That day has not come yet."),
        ({"place": "m0"}, "Select a valid choice."),
        ({"title_en": "A\x00B"}, "Null characters are not allowed."),
    ],
)
def test_what_has_to_be_mended_is_said(
    as_lead: Client, meeting: Meeting, typed: dict[str, Any], said: str
) -> None:
    answer = as_lead.post(at("document_new"), entry(place=f"m{meeting.pk}") | typed)
    assert answer.status_code == 422
    assert said in words(answer, part="main")
    assert not Document.objects.exists()


def test_data_that_a_colleague_corrected_are_not_written_over(
    as_lead: Client, meeting: Meeting
) -> None:
    made = make_received(meeting)
    path = at("document_data", made.pk)
    seen = re.findall(r'name="seen" value="(\w+)"', as_lead.get(path).content.decode())
    typed = {"kind": "contribution", "title_en": "On ropes", "sources": [state("PL").pk]}
    typed |= {"reason": "A slip."}
    made.note = "A colleague's."
    made.save()
    refused = as_lead.post(path, typed | {"seen": seen})
    assert refused.status_code == 422
    assert "compare what you typed with its page" in words(refused, part="main")
    made.refresh_from_db()
    assert (made.title, made.note) == ({"en": "On nets"}, "A colleague's.")
    again = re.findall(r'name="seen" value="(\w+)"', refused.content.decode())
    assert (len(seen), len(again), seen == again) == (1, 1, False)
    assert as_lead.post(path, typed | {"seen": again}).status_code == 302


def test_data_are_corrected_on_their_page(as_lead: Client, meeting: Meeting, lead: User) -> None:
    made = make_registered(meeting, lead)
    page = as_lead.get(at("document_data", made.pk)).content.decode()
    assert 'value="On nets"' in page
    typed = {"kind": "contribution", "title_en": "On ropes", "sources": [state("PL").pk]}
    answer = as_lead.post(at("document_data", made.pk), typed)
    assert answer.status_code == 422
    assert "Give the reason" in words(answer, part="main")
    answer = as_lead.post(at("document_data", made.pk), typed | {"reason": "A slip."})
    assert answer["Location"] == at("document", made.pk)
    made.refresh_from_db()
    assert (made.title, made.number) == ({"en": "On ropes"}, "CWG-Fish-23/1")


@pytest.mark.parametrize(
    ("relation", "number"), [("rev", "Rev.1"), ("add", "Add.1"), ("corr", "Corr.1")]
)
def test_what_comes_after_a_document_is_entered(
    as_lead: Client, meeting: Meeting, lead: User, relation: str, number: str
) -> None:
    base = make_registered(meeting, lead)
    address = at("document_after", base.pk, relation)
    assert f'href="{address}"' in as_lead.get(at("document", base.pk)).content.decode()
    typed = {"title_en": "On nets", "changed": "A word."}
    assert as_lead.get(address).status_code == 200
    assert as_lead.post(address, typed | {"changed": ""}).status_code == 422
    answer = as_lead.post(address, typed)
    made = Document.objects.get(parent=base)
    assert (answer["Location"], made.number) == (
        at("document", made.pk), f"CWG-Fish-23/1 {number}",
    )  # fmt: skip
    assert as_lead.get(at("document_after", base.pk, "prov")).status_code == 404


# What lacks which version


def test_what_lacks_which_version(as_lead: Client, meeting: Meeting, lead: User) -> None:
    base = make_registered(meeting, lead, title="Replaced")
    make_file(base, lead)
    registering.withdraw(make_entered(meeting, lead, title="Withdrawn"), "x", by=lead, at=NOW)
    make_received(meeting, title="Without a number")
    make_file(make_registered(meeting, lead, title="Whole"), lead, language="ar", version="machine")
    as_lead.post(at("document_after", base.pk, "rev"), {"title_en": "Better", "changed": "A word."})
    rows = as_lead.get(at("document_languages")).context["rows"]
    missing = [""] * 6
    assert [(each.number, title, [*versions.values()]) for each, title, versions in rows] == [
        ("CWG-Fish-23/1 Rev.1", "Better", missing),
        ("CWG-Fish-23/3", "Whole", ["", "", "", "", "machine translation", ""]),
    ]
    other = registered.make_meeting(meeting.group, 24, 200)
    said = words(as_lead.get(f"{at('document_languages')}?meeting={other.pk}"), part="main")
    assert f"will stand here once the {other} has a document with a number" in said


# Who may


@pytest.mark.parametrize("role", ["reader", "chair", "vice_chair"])
def test_who_reads_is_offered_no_act_and_does_none(
    fish: WorkingGroup, meeting: Meeting, role: str
) -> None:
    client = signed_in(make_person(fish, role))
    received = make_received(meeting)
    page = client.get(at("document", received.pk)).content.decode()
    assert "Nothing: this is for the secretariat’s lead and editors." in page
    assert act(client, received, "register").status_code == 403
    assert received.number == ""
    assert "Enter a document" not in client.get(at("documents")).content.decode()


@pytest.mark.parametrize("who", ["lead", "administrator"])
def test_a_draft_answers_like_what_is_not_there(
    fish: WorkingGroup, meeting: Meeting, lead: User, administrator: User, who: str
) -> None:
    client = signed_in(lead if who == "lead" else administrator)
    draft = make_draft(meeting)
    row = draft.files.create(language="en", form="pdf", path="x", size=1, sha256="0", added_at=NOW)
    for name, more in (("document", ()), ("document_data", ()), ("document_after", ("rev",)),
                       ("document_file", (row.pk,))):  # fmt: skip
        for ask in (client.get, client.post):
            there, absent = (ask(at(name, key, *more)) for key in (draft.pk, 987654))
            assert there.status_code == absent.status_code == 404
    for address in (at("documents"), at("document_languages")):
        assert "Secret draft" not in client.get(address).content.decode()


def test_another_groups_documents_are_in_no_list(
    as_lead: Client, meeting: Meeting, lead: User
) -> None:
    other = registered.make_group("other", "CWG-Other")
    make_registered(registered.make_meeting(other), registered.make_lead(other), title="Of another")
    make_registered(meeting, lead, title="Of our own")
    assert names(as_lead) == ["Of our own"]
    assert names(signed_in(make_person(other, "reader"))) == ["Of another"]


def test_the_home_page_says_what_waits(as_lead: Client, meeting: Meeting, lead: User) -> None:
    assert "documents-heading" not in as_lead.get("/secretariat/").content.decode()
    make_draft(meeting)
    make_registered(meeting, lead)
    make_received(meeting, late=True)
    make_received(meeting, late=True, late_decision="held")
    for _ in range(2):
        make_received(meeting)
    said = words(as_lead.get("/secretariat/"), part="main")
    assert (
        "Documents What When State Act 1 late document waits for a decision Late Decide "
        "2 documents are to be registered Received Check and register Every document"
    ) in said
    chair = signed_in(make_person(meeting.group, "chair"))
    assert "to be registered" not in chair.get("/secretariat/").content.decode()


def test_the_admin_only_leads_here(as_lead: Client, meeting: Meeting, lead: User) -> None:
    made = make_registered(meeting, lead)
    page = as_lead.get("/secretariat/meetings/document/").content.decode()
    assert f'<a href="{at("document", made.pk)}">Open it</a>' in page
    assert as_lead.get("/secretariat/meetings/document/add/").status_code == 403
    change = f"/secretariat/meetings/document/{made.pk}/change/"
    assert as_lead.post(change, {"number": "X", "public": "on"}).status_code == 403
    made.refresh_from_db()
    assert (made.number, made.public) == ("CWG-Fish-23/1", False)
