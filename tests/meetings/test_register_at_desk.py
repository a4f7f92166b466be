"""The register at the desk: members read what is restricted, nobody reads another's draft."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from auditlog.models import LogEntry
from django.test import Client
from django.utils import timezone

from cwg.accounts.models import User
from cwg.fresh.models import Change
from meetings import registering
from meetings.models import Document, Meeting, MeetingVisit, WorkingGroup
from meetings.visiting import last_visit
from tests.conftest import signed_in
from tests.meetings import registered
from tests.meetings.registered import (
    NOW,
    make_draft,
    make_entered,
    make_file,
    make_focal_point,
    make_received,
    make_registered,
)
from tests.pages.page_words import words


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
def pole(fish: WorkingGroup) -> User:
    return make_focal_point(fish, "PL")


@pytest.fixture
def kenyan(fish: WorkingGroup) -> User:
    return make_focal_point(fish, "KE")


@pytest.fixture
def restricted(meeting: Meeting, lead: User) -> Document:
    made = make_registered(meeting, lead, contact="jane@example.org", title="Restricted paper")
    made.agenda_items.set([meeting.agenda_items.get(parent=None)])
    make_file(made, lead, b"restricted")
    return made


ADDRESSES = (
    "/desk/fish/meetings/23/documents/1/",
    "/desk/fish/meetings/23/documents/1/en.pdf",
    "/desk/fish/meetings/23/",
    "/desk/fish/meetings/23/documents.zip",
    "/desk/fish/meetings/",
)


def body(answer: Any) -> bytes:
    streamed: bytes = b"".join(answer.streaming_content)
    return streamed


def test_a_member_reads_what_is_restricted(kenyan: User, restricted: Document) -> None:
    client = signed_in(kenyan)
    assert "Restricted paper" in client.get(ADDRESSES[2]).content.decode()
    answer = client.get(ADDRESSES[0])
    said = words(answer, part="main")
    assert said.startswith(
        f"Desk / {restricted.meeting} / Documents For members of the Group. Restricted paper CWG-Fish-23/1"
    )
    assert said.endswith("Contact jane@example.org")
    assert body(client.get(ADDRESSES[1])) == b"restricted"
    with ZipFile(io.BytesIO(body(client.get(ADDRESSES[3])))) as opened:
        assert opened.read("CWG-Fish-23/CWG-Fish-23-1-en.pdf") == b"restricted"
    said = words(client.get(ADDRESSES[4]), part="main")
    assert re.search(r"CWG-Fish meeting 23, .* Planned .* 23:59.* 1$", said), said


@pytest.mark.parametrize("who", ["nobody", "member", "stranger", "other group", "staff"])
def test_who_is_no_member_finds_nothing_and_no_answer_is_kept(
    restricted: Document, kenyan: User, lead: User, who: str
) -> None:
    other = registered.make_group("other", "CWG-Other")
    clients: dict[str, Callable[[], Client]] = {
        "nobody": Client,
        "member": lambda: signed_in(kenyan),
        "stranger": lambda: signed_in(User.objects.create_user("s@example.org", "x")),
        "other group": lambda: signed_in(make_focal_point(other, "BR")),
        "staff": lambda: signed_in(lead),
    }
    client = clients[who]()
    for address in ADDRESSES:
        answer = client.get(address)
        expected = {"nobody": 302, "member": 200}.get(who, 404)
        assert (answer.status_code, answer["Cache-Control"]) == (expected, "private, no-store")
        if answer.streaming:
            assert body(answer)
        if expected == 404:
            absent = client.get(address.replace("/fish/", "/nono/").replace("/23/", "/99/"))
            assert absent.status_code == 404
    assert client.get("/fish/documents/23/1/").status_code == 404


def test_drafts_and_what_has_no_number_are_in_no_register(
    pole: User, kenyan: User, meeting: Meeting, restricted: Document, lead: User
) -> None:
    make_draft(meeting, "PL", "Secret draft")
    make_received(meeting, "PL", "Received paper")
    for person in (pole, kenyan):
        page = signed_in(person).get(ADDRESSES[2]).content.decode()
        assert "Restricted paper" in page
        assert "Secret draft" not in page
        assert "Received paper" not in page
        with ZipFile(io.BytesIO(body(signed_in(person).get(ADDRESSES[3])))) as opened:
            assert b"Secret" not in opened.read("CWG-Fish-23/manifest.json")


def test_the_agenda_at_the_desk_has_its_documents(kenyan: User, restricted: Document) -> None:
    said = words(signed_in(kenyan).get(ADDRESSES[2]), part="main")
    assert "Agenda 1 Contributions CWG-Fish-23/1 1.1 On nets Documents" in said


def test_a_withdrawn_file_leads_to_its_page_at_the_desk(
    kenyan: User, restricted: Document, lead: User
) -> None:
    registering.withdraw(restricted, "Wrong.", by=lead, at=NOW)
    answer = signed_in(kenyan).get(ADDRESSES[1])
    assert (answer.status_code, answer["Location"]) == (302, ADDRESSES[0])


def new_ones(client: Client) -> list[str]:
    answer = client.get(ADDRESSES[2])
    return [row.document.number for row in answer.context["register"] if row.is_new]


def visited(hours_ago: int) -> None:
    """Move the visits kept so far back in time."""
    for visit in MeetingVisit.objects.all():
        MeetingVisit.objects.filter(pk=visit.pk).update(
            this=visit.this - timedelta(hours=hours_ago),
            last=visit.last and visit.last - timedelta(hours=hours_ago),
        )


def test_what_is_new_since_the_last_visit_is_marked(
    kenyan: User, restricted: Document, meeting: Meeting, lead: User
) -> None:
    client = signed_in(kenyan)
    assert new_ones(client) == []  # the first visit: nothing is said to be new
    Document.objects.update(registered_at=timezone.now() - timedelta(days=2))
    for row in restricted.files.all():
        row.added_at = timezone.now() - timedelta(days=2)
        row.save()
    visited(hours_ago=30)
    made = make_entered(meeting, lead)
    Document.objects.filter(pk=made.pk).update(registered_at=timezone.now() - timedelta(hours=1))
    assert new_ones(client) == ["CWG-Fish-23/2"]
    assert new_ones(client) == ["CWG-Fish-23/2"]  # the same visit still
    visited(hours_ago=2)
    Document.objects.filter(pk=made.pk).update(registered_at=timezone.now() - timedelta(hours=3))
    assert new_ones(client) == []
    assert signed_in(make_focal_point(meeting.group, "BR")).get(ADDRESSES[2]).status_code == 200


def test_a_visit_lasts_an_hour(kenyan: User, meeting: Meeting) -> None:
    hour = timedelta(hours=1)
    begun = [
        last_visit(kenyan, meeting, NOW + step) for step in (0 * hour, hour / 2, hour, 1.5 * hour)
    ]
    assert begun == [None, None, NOW, NOW]


def test_a_visit_changes_no_public_page_and_leaves_no_history(
    kenyan: User, meeting: Meeting, restricted: Document
) -> None:
    before = LogEntry.objects.count(), Change.objects.count()
    assert signed_in(kenyan).get(ADDRESSES[2]).status_code == 200
    assert MeetingVisit.objects.count() == 1
    assert (LogEntry.objects.count(), Change.objects.count()) == before


@pytest.mark.parametrize("more", [1, 3])
def test_the_register_asks_as_often_for_more_documents(
    kenyan: User, restricted: Document, meeting: Meeting, lead: User, more: int,
    django_assert_num_queries: Any,
) -> None:  # fmt: skip
    for place in range(more):
        made = make_registered(meeting, lead, "BR", f"Paper {place}", pending=("JP",))
        made.agenda_items.set(meeting.agenda_items.all())
        make_file(made, lead, language="fr")
    client = signed_in(kenyan)
    client.get(ADDRESSES[2])
    with django_assert_num_queries(MEETING_QUERIES):
        client.get(ADDRESSES[2])
    with django_assert_num_queries(LIST_QUERIES):
        client.get(ADDRESSES[4])


MEETING_QUERIES = 24
LIST_QUERIES = 8
