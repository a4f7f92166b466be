"""Documents as everybody reads them: only what is public, at addresses that end in its number."""

from __future__ import annotations

import hashlib
import io
import json
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.test import Client
from django.urls import reverse

from cwg.accounts.models import User
from meetings import entering, package, registering, sending
from meetings.models import Document, Meeting, Outcome, Topic, WorkingGroup
from meetings.registering import Entry
from tests.meetings import registered
from tests.meetings.registered import NOW, make_entered, make_file, make_received, make_registered
from tests.pages.page_words import words


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def fish(db: None) -> WorkingGroup:
    return registered.make_group()


@pytest.fixture
def meeting(fish: WorkingGroup) -> Meeting:
    return registered.make_meeting(
        fish, first_day=date(2026, 1, 20), last_day=date(2026, 1, 21), place={"en": "Exampleville"}
    )


@pytest.fixture
def lead(fish: WorkingGroup) -> User:
    return registered.make_lead(fish)


@pytest.fixture
def paper(meeting: Meeting, lead: User) -> Document:
    """A public contribution with everything its page can show."""
    made = make_registered(
        meeting, lead, public=True, pending=("KE",), contact="jane@example.org",
        note="For staff only", title="On nets",
    )  # fmt: skip
    made.agenda_items.set([meeting.agenda_items.get(parent__isnull=False)])
    make_file(made, lead, b"english", "en", "pdf")
    make_file(made, lead, b"english word", "en", "docx")
    make_file(made, lead, b"french", "fr", "pdf", "machine")
    Topic.objects.create(
        group=meeting.group, key="nets", title={"en": "Nets and holes"}, proposed_in=made
    )
    outcome = Outcome.objects.create(
        meeting=meeting, position=1, kind="agreed", action={"en": "to mend them"}
    )
    outcome.documents.add(made)
    return made


def revised(document: Document, by: User, *, public: bool = True) -> Document:
    facts = {"title": {"en": "On better nets"}, "changed": "The holes."}
    return entering.enter_later(document, "rev", Entry("", facts, public=public), by=by, at=NOW)


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


# A document's page


def test_a_document_tells_all_that_everybody_may_read(client: Client, paper: Document) -> None:
    assert paper.get_absolute_url() == "/fish/documents/23/1/"
    answer = client.get(paper.get_absolute_url())
    assert words(answer, part="main") == (
        "Documents / CWG-Fish-23/1 On nets CWG-Fish-23/1 Meeting CWG-Fish meeting 23, "
        "20 January 2026 Source Poland, Kenya (pending) Type Contribution of Member States "
        "For Information Date 5 January 2026 Original English Agenda 1.1 On nets Discussed at "
        "23rd meeting, a) Agreed Proposes Nets and holes Files Language Version File "
        "English Original Word 12\xa0bytes English Original PDF 7\xa0bytes "
        "Français Machine translation PDF 6\xa0bytes Summary Nets have holes."
    ).replace("\xa0", " ")
    page = answer.content.decode()
    assert "jane@example.org" not in page
    assert "For staff only" not in page
    assert 'href="/fish/meetings/23/#outcome-23-a"' in page
    assert 'href="/fish/documents/23/1/fr.pdf"' in page


def test_what_the_meeting_has_not_published_is_not_told_of_its_documents(
    client: Client, paper: Document, meeting: Meeting
) -> None:
    """A meeting planned here: its agenda is being prepared, its outcomes are not closed."""
    Meeting.objects.filter(pk=meeting.pk).update(planned_at=NOW)
    said = words(client.get(paper.get_absolute_url()), part="main")
    assert "On nets CWG-Fish-23/1 Meeting" in said
    assert "Agenda" not in said
    assert "Discussed at" not in said
    page = client.get("/fish/meetings/23/").content.decode()
    assert "Agenda item" not in page
    Meeting.objects.filter(pk=meeting.pk).update(
        agenda_published_at=NOW, closed_on=meeting.last_day
    )
    said = words(client.get(paper.get_absolute_url()), part="main")
    assert "Agenda 1.1 On nets Discussed at 23rd meeting, a) Agreed" in said
    assert "Agenda item" in client.get("/fish/meetings/23/").content.decode()


def test_a_revision_replaces_and_each_says_so(client: Client, paper: Document, lead: User) -> None:
    revision = revised(paper, lead)
    addendum = entering.enter_later(
        paper, "add", Entry("", {"title": {"en": "More nets"}}, public=True), by=lead, at=NOW
    )
    assert revision.get_absolute_url() == "/fish/documents/23/1/rev-1/"
    said = words(client.get(paper.get_absolute_url()), part="main")
    assert "Superseded Replaced by CWG-Fish-23/1 Rev.1 Meeting" in said
    assert said.endswith(
        "Revisions, addenda, corrigenda CWG-Fish-23/1 Add.1 More nets "
        "CWG-Fish-23/1 Rev.1 On better nets"
    )
    said = words(client.get(revision.get_absolute_url()), part="main")
    assert "Superseded" not in said
    assert "Revises CWG-Fish-23/1" in said
    assert "What is changed The holes." in said
    assert said.endswith("Also to CWG-Fish-23/1 CWG-Fish-23/1 Add.1 More nets")
    assert "Adds to CWG-Fish-23/1" in words(client.get(addendum.get_absolute_url()), part="main")


def test_a_revision_that_is_not_public_replaces_nothing_here(
    client: Client, paper: Document, lead: User
) -> None:
    revision = revised(paper, lead, public=False)
    page = client.get(paper.get_absolute_url()).content.decode()
    assert "Superseded" not in page
    assert "Rev.1" not in page
    assert client.get(revision.get_absolute_url()).status_code == 404
    registering.publish(revision, by=lead)
    assert "Superseded" in client.get(paper.get_absolute_url()).content.decode()


def test_what_is_withdrawn_says_so_and_gives_no_file(
    client: Client, paper: Document, lead: User
) -> None:
    registering.withdraw(paper, "A private reason.", by=lead, at=NOW)
    answer = client.get(paper.get_absolute_url())
    said = words(answer, part="main")
    assert f"Withdrawn This document was withdrawn on {NOW:%-d %B %Y}" in said
    assert "Files" not in said
    assert "A private reason." not in answer.content.decode()
    for name in ("en.pdf", "fr.pdf"):
        answer = client.get(f"{paper.get_absolute_url()}{name}")
        assert (answer.status_code, answer["Location"]) == (302, paper.get_absolute_url())


ABSENT = "/fish/documents/23/9/"


@pytest.mark.parametrize("kind", ["registered", "restricted again", "received", "draft"])
def test_what_is_not_public_answers_like_what_is_not_there(
    client: Client, meeting: Meeting, lead: User, kind: str
) -> None:
    if kind == "received":
        make_received(meeting)
    elif kind == "draft":
        registered.make_draft(meeting)
    else:
        made = make_registered(meeting, lead, public=kind == "restricted again")
        make_file(made, lead)
    if kind == "restricted again":
        there = "/fish/documents/23/1/"
        assert client.get(there).status_code == 200
        assert body(client.get(f"{there}en.pdf")) == b"%PDF-1.7 example"
        registering.restrict(made, "By mistake.", by=lead)
    for name in ("", "en.pdf", "rev-1/", "rev-1/en.pdf"):
        found, absent = (
            client.get(f"{start}{name}") for start in ("/fish/documents/23/1/", ABSENT)
        )
        assert found.status_code == absent.status_code == 404
        said = found.content.replace(b"/23/1/", b"/N/")
        assert said == absent.content.replace(b"/23/9/", b"/N/")
        assert dict(found.headers) == dict(absent.headers)
    assert client.get("/fish/meetings/23/documents.zip").status_code == 404
    assert "On nets</a>" not in client.get("/fish/meetings/23/").content.decode()


@pytest.mark.parametrize(
    "address",
    ["/fish/documents/23/01/", "/fish/documents/023/1/", "/fish/documents/23/inf-1/",
     "/fish/documents/23/INF-1/", "/fish/documents/oc-23/1/", "/fish/documents/23/1/rev-01/",
     "/fish/documents/23/1/rev-1/", "/fish/documents/23/1/en.exe", "/fish/documents/23/1/xx.pdf",
     "/other/documents/23/1/", "/fish/documents/23/9999999/", "/fish/documents/nowhere/1/",
     "/fish/documents/23/1/rev-1/rev-1/"],
)  # fmt: skip
def test_a_document_has_one_address(client: Client, paper: Document, address: str) -> None:
    registered.make_group("other", "CWG-Other")
    assert client.get(address).status_code == 404


def test_each_series_has_its_addresses(client: Client, meeting: Meeting, lead: User) -> None:
    for kind, address in (
        ("information", "inf-1"),
        ("administrative", "adm-1"),
        ("temporary", "dt-1"),
    ):
        made = registering.publish(make_entered(meeting, lead, kind, f"A {kind}"), by=lead)
        assert made.get_absolute_url() == f"/fish/documents/23/{address}/"
        assert f"A {kind}" in client.get(made.get_absolute_url()).content.decode()


# Its files


def test_a_file_is_saved_under_the_number(client: Client, paper: Document, lead: User) -> None:
    answer = client.get("/fish/documents/23/1/fr.pdf")
    assert body(answer) == b"french"
    assert {name: answer[name] for name in ("Content-Type", "Content-Disposition", "Cache-Control",
        "X-Content-Type-Options")} == {
        "Content-Type": "application/pdf",
        "Content-Disposition": 'attachment; filename="CWG-Fish-23-1-fr.pdf"',
        "Cache-Control": "public, max-age=0, must-revalidate",
        "X-Content-Type-Options": "nosniff",
    }  # fmt: skip
    revision = revised(paper, lead)
    make_file(revision, lead, b"better")
    answer = client.get("/fish/documents/23/1/rev-1/en.pdf")
    assert body(answer) == b"better"
    assert answer["Content-Disposition"] == 'attachment; filename="CWG-Fish-23-1-Rev.1-en.pdf"'


def test_a_language_version_that_is_not_there_leads_to_the_page(
    client: Client, paper: Document
) -> None:
    answer = client.get("/fish/documents/23/1/ru.pdf")
    assert (answer.status_code, answer["Location"]) == (302, "/fish/documents/23/1/")


# All of a meeting's


def archive_of(answer: Any) -> dict[str, bytes]:
    with ZipFile(io.BytesIO(body(answer))) as opened:
        assert opened.testzip() is None
        return {name: opened.read(name) for name in opened.namelist()}


def test_the_archive_holds_what_is_public_and_its_checksums(
    client: Client, paper: Document, meeting: Meeting, lead: User
) -> None:
    make_file(make_registered(meeting, lead, title="Restricted"), lead, b"restricted")
    gone = make_registered(meeting, lead, title="Gone", public=True)
    make_file(gone, lead, b"gone")
    registering.withdraw(gone, "Wrong.", by=lead, at=NOW)
    answer = client.get("/fish/meetings/23/documents.zip")
    assert answer["Content-Disposition"] == 'attachment; filename="CWG-Fish-23.zip"'
    held = archive_of(answer)
    files = {"CWG-Fish-23-1-en.pdf": b"english", "CWG-Fish-23-1-en.docx": b"english word",
             "CWG-Fish-23-1-fr.pdf": b"french"}  # fmt: skip
    manifest = json.loads(held.pop("CWG-Fish-23/manifest.json"))
    sums = held.pop("CWG-Fish-23/SHA256SUMS").decode()
    assert held == {f"CWG-Fish-23/{name}": data for name, data in files.items()}
    assert {line.split("  ")[1]: line.split("  ")[0] for line in sums.splitlines()} == {
        name: hashlib.sha256(data).hexdigest() for name, data in files.items()
    }
    first, last = manifest["documents"]
    assert (manifest["meeting"], last["number"], last["state"], last["files"]) == (
        "fish/23", "CWG-Fish-23/3", "withdrawn", [],
    )  # fmt: skip
    assert {each["name"]: (each["sha256"], each["size"]) for each in first.pop("files")} == {
        name: (hashlib.sha256(data).hexdigest(), len(data)) for name, data in files.items()
    }
    assert first == {
        "number": "CWG-Fish-23/1", "title": {"en": "On nets"}, "kind": "contribution",
        "source": ["Poland", "Kenya"], "pending": ["Kenya"], "date": "2026-01-05", "state": "published",
    }  # fmt: skip


def test_the_archive_is_not_sent_to_who_has_it(client: Client, paper: Document, lead: User) -> None:
    first = client.get("/fish/meetings/23/documents.zip")
    assert body(first)
    asked = {"If-None-Match": first["ETag"]}
    assert client.get("/fish/meetings/23/documents.zip", headers=asked).status_code == 304
    make_file(paper, lead, b"other", "en", "pdf")
    changed = client.get("/fish/meetings/23/documents.zip", headers=asked)
    assert changed.status_code == 200
    assert body(changed)
    assert client.head("/fish/meetings/23/documents.zip")["Content-Type"] == "application/zip"


def test_a_file_that_is_lost_is_named_and_the_others_are_sent(
    client: Client, paper: Document, settings: Any
) -> None:
    Path(settings.MEDIA_ROOT, paper.files.get(language="fr").path).unlink()
    held = archive_of(client.get("/fish/meetings/23/documents.zip"))
    manifest = json.loads(held["CWG-Fish-23/manifest.json"])
    assert [each["name"] for each in manifest["documents"][0]["files"] if each.get("missing")] == [
        "CWG-Fish-23-1-fr.pdf"
    ]
    assert sorted(held) == [
        "CWG-Fish-23/CWG-Fish-23-1-en.docx", "CWG-Fish-23/CWG-Fish-23-1-en.pdf",
        "CWG-Fish-23/SHA256SUMS", "CWG-Fish-23/manifest.json",
    ]  # fmt: skip


def test_only_so_many_archives_are_sent_at_once(client: Client, paper: Document) -> None:
    answers = [client.get("/fish/meetings/23/documents.zip") for _ in range(sending.AT_ONCE)]
    busy = client.get("/fish/meetings/23/documents.zip")
    assert (busy.status_code, busy["Retry-After"]) == (503, "60")
    for answer in answers:
        assert len(archive_of(answer)) == 5
    assert len(archive_of(client.get("/fish/meetings/23/documents.zip"))) == 5


def test_an_archive_that_is_cut_lets_another_go_once(paper: Document, meeting: Meeting) -> None:
    made = package.package(meeting, [paper], "CWG-Fish-23")
    for begun in (False, True):
        begun_ones = [sending.Sending(package.pieces(made)) for _ in range(sending.AT_ONCE)]
        with pytest.raises(sending.BusyError):
            sending.Sending(package.pieces(made))
        for each in begun_ones:
            if begun:
                assert next(each)
            each.close()
            each.close()


# The register on the meeting's page


@pytest.fixture
def many(meeting: Meeting, lead: User, paper: Document) -> list[Document]:
    """A public register of several kinds, sources and languages."""
    made = [
        make_registered(meeting, lead, "KE", "A contribution", public=True, dated=date(2026, 1, 2)),
        registering.publish(make_entered(meeting, lead, "information", "Figures"), by=lead),
        revised(paper, lead),
    ]
    make_file(made[1], lead, b"russian", "ru", "docx", "official")
    make_registered(meeting, lead, "BR", "Restricted")
    registered.make_draft(meeting, "JP")
    return [paper, *made]


def listed(client: Client, asked: str = "") -> list[str]:
    answer = client.get(f"/fish/meetings/23/{asked}")
    return [row.document.number.removeprefix("CWG-Fish-23/") for row in answer.context["register"]]


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        ("", ["1", "1 Rev.1", "2", "INF/1"]),
        ("?sort=-number", ["INF/1", "2", "1 Rev.1", "1"]),
        ("?sort=title", ["2", "INF/1", "1 Rev.1", "1"]),
        ("?sort=-title", ["1", "1 Rev.1", "INF/1", "2"]),
        ("?sort=source", ["2", "1", "1 Rev.1", "INF/1"]),
        ("?sort=-source", ["1", "1 Rev.1", "2", "INF/1"]),
        ("?sort=date", ["2", "1", "1 Rev.1", "INF/1"]),
        ("?sort=kind", ["1", "1 Rev.1", "2", "INF/1"]),
        ("?source=KE", ["1", "1 Rev.1", "2"]),
        ("?source=secretariat", ["INF/1"]),
        ("?language=ru", ["INF/1"]),
        ("?kind=information", ["INF/1"]),
        ("?kind=contribution&language=fr", ["1"]),
        ("?kind=nonsense", ["1", "1 Rev.1", "2", "INF/1"]),
        ("?language=zh", ["1", "1 Rev.1", "2", "INF/1"]),
    ],
)
def test_the_register_is_sorted_and_narrowed(
    client: Client, many: list[Document], asked: str, numbers: list[str]
) -> None:
    assert listed(client, asked) == numbers


def test_the_register_is_narrowed_to_an_agenda_item(
    client: Client, many: list[Document], meeting: Meeting
) -> None:
    item = meeting.agenda_items.get(parent__isnull=False)
    assert listed(client, f"?item={item.pk}") == ["1", "1 Rev.1"]
    page = client.get("/fish/meetings/23/").content.decode()
    assert f'<option value="{item.pk}">1.1 On nets</option>' in page


def test_the_meetings_page_shows_its_register_and_the_agenda_its_documents(
    client: Client, many: list[Document]
) -> None:
    answer = client.get("/fish/meetings/23/")
    said = words(answer, part="main")
    assert "Agenda 1 Contributions 1.1 On nets CWG-Fish-23/1 Rev.1 Documents" in said
    assert said.endswith(
        "Number Title Source Type Date Files "
        "CWG-Fish-23/1 Superseded On nets Replaced by CWG-Fish-23/1 Rev.1 "
        "Poland, Kenya (pending) Contribution of Member States 5 January 2026 "
        "English Word English PDF Français PDF machine translation "
        "CWG-Fish-23/1 Rev.1 On better nets Poland, Kenya (pending) "
        "Contribution of Member States Not recorded – "
        "CWG-Fish-23/2 A contribution Kenya Contribution of Member States 2 January 2026 – "
        "CWG-Fish-23/INF/1 Figures – Information document Not recorded "
        "Русский Word official translation All documents as one ZIP Put it into a calendar"
    )
    page = answer.content.decode()
    assert "Restricted" not in page
    assert "Secret draft" not in page
    assert (
        '<th scope="col" aria-sort="ascending"><a rel="nofollow" href="?sort=-number#documents">'
        in page
    )


def test_nothing_fits_is_said_with_the_way_back(client: Client, many: list[Document]) -> None:
    said = words(client.get("/fish/meetings/23/?kind=information&source=KE"), part="main")
    assert said.endswith(
        "No document fits what you asked for. Show all documents Put it into a calendar"
    )


def test_a_long_register_has_pages(client: Client, meeting: Meeting, lead: User) -> None:
    for place in range(101):
        registering.publish(make_entered(meeting, lead, title=f"Paper {place}"), by=lead)
    assert len(listed(client)) == 100
    assert listed(client, "?page=2&sort=number") == ["101"]
    page = client.get("/fish/meetings/23/?sort=number").content.decode()
    assert 'href="?sort=number&amp;page=2#documents"' in page
    assert "101 documents, 1 to 100" in page


@pytest.mark.parametrize("more", [1, 3])
def test_a_document_and_a_register_ask_as_often_for_more(
    client: Client, paper: Document, lead: User, django_assert_num_queries: Any, more: int,
    meeting: Meeting,
) -> None:  # fmt: skip
    for place in range(more):
        made = registering.publish(revised(paper, lead), by=lead)
        make_file(made, lead)
        outcome = Outcome.objects.create(
            meeting=meeting, position=9 + place, kind="noted", action={"en": "it"}
        )
        outcome.documents.add(paper)
        Topic.objects.create(
            group=meeting.group, key=f"t{place}", title={"en": f"T{place}"}, proposed_in=paper
        )
    with django_assert_num_queries(DOCUMENT_QUERIES):
        client.get(paper.get_absolute_url())
    with django_assert_num_queries(ARCHIVE_QUERIES):
        body(client.get("/fish/meetings/23/documents.zip"))


DOCUMENT_QUERIES = 14
ARCHIVE_QUERIES = 7


def test_addresses_of_documents_are_made_of_their_number(paper: Document) -> None:
    assert reverse("meetings:document", args=["fish", "23", "1"]) == paper.get_absolute_url()
