"""The published summary of a round as everybody reads it: page, files, editions, ways there and back."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from consultations.summary import finalising, writing
from meetings.models import Document
from tests.consultations.summarizing import AT, LATER, Desk, make_desk

pytestmark = pytest.mark.django_db

ROUND = "/example-group/consultations/example-round/"
PAGE = f"{ROUND}summary/"


@pytest.fixture
def desk() -> Desk:
    """A summary with two paragraphs, one of which cites the two contributions; final, not public."""
    made = make_desk()
    made.round.group.record_kept_here = True
    made.contribution(answers={1: "More languages."})
    made.contribution(answers={1: "Fewer forms."}, email="two@example.org")
    made.write("They ask for more languages and fewer forms [1, 2].", 1)
    made.write("One asks for more languages [1].", 1)
    made.read()
    made.finalise()
    return made


def words(answer: Any) -> str:
    text = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return " ".join(text.split())


def publish(desk: Desk) -> None:
    finalising.publish(desk.summary, by=desk.lead, at=LATER)
    desk.summary.refresh_from_db()


def test_what_is_final_and_not_published_is_not_there(desk: Desk, client: Client) -> None:
    for address in (PAGE, f"{ROUND}summary.pdf", f"{PAGE}original/", f"{PAGE}original.html"):
        assert client.get(address).status_code == 404
    assert "Summary of the contributions" not in words(client.get(ROUND))
    assert "Where it is cited" not in words(client.get("/example-group/contributions/2026-03/1/"))


def test_a_published_summary_has_its_page_its_files_and_ways_there_and_back(
    desk: Desk, client: Client
) -> None:
    publish(desk)
    answer = client.get(PAGE)
    assert answer.status_code == 200
    assert not answer.cookies
    page = answer.content.decode()
    assert 'id="paragraph-1"' in page
    assert "/example-group/contributions/2026-03/2/#answer-1" in page
    assert client.get(PAGE, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    kinds = {
        ending: (sent.status_code, sent["Content-Type"].partition(";")[0])
        for ending in ("docx", "html", "pdf", "txt")
        for sent in [client.get(f"{ROUND}summary.{ending}")]
    }
    assert kinds == {
        "docx": (
            200, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        ),
        "html": (200, "text/html"), "pdf": (200, "application/pdf"), "txt": (200, "text/plain"),
    }  # fmt: skip
    assert (
        f'<a href="{PAGE}">Summary of the contributions</a>' in client.get(ROUND).content.decode()
    )
    register = client.get(Document.objects.get(kind="summary").get_absolute_url())
    assert f'{PAGE}">Read it where it is published</a>' in register.content.decode()
    one, two = (
        words(client.get(f"/example-group/contributions/2026-03/{number}/")) for number in (1, 2)
    )
    assert "Where it is cited In paragraphs 1 , 2 of the summary of the contributions" in one
    assert "Where it is cited In paragraph 1 of the summary of the contributions" in two


def test_of_a_reopened_summary_the_published_edition_stands_until_the_next_is_published(
    desk: Desk, client: Client
) -> None:
    publish(desk)
    at = LATER + timedelta(days=1)
    finalising.reopen(desk.summary, "A word was wrong.", by=desk.lead, at=at)
    desk.summary.refresh_from_db()
    row = desk.summary.paragraphs.get(position=2)
    writing.change(row, "One asks for many more languages [1].", saves=1, by=desk.writer, at=at)
    assert "One asks for more languages" in words(client.get(PAGE))
    desk.read()
    desk.finalise(at=at, reason="A word was wrong.")
    assert "One asks for more languages" in words(client.get(PAGE))
    assert client.get(f"{PAGE}rev-1/").status_code == 404
    finalising.publish(desk.summary, by=desk.lead, at=at)
    assert "One asks for many more languages" in words(client.get(PAGE))
    older = words(client.get(f"{PAGE}original/"))
    assert "A later edition stands: Rev.1 of" in older
    assert "One asks for more languages" in older


def test_a_summary_whose_document_is_not_public_any_more_is_not_there(
    desk: Desk, client: Client
) -> None:
    publish(desk)
    assert client.get(PAGE).status_code == 200
    document = Document.objects.get(kind="summary")
    document.public = False
    document.save()
    assert client.get(PAGE).status_code == 404
    assert timezone.now() > AT


def test_an_edition_that_was_never_published_stays_so_when_the_next_one_is(
    desk: Desk, client: Client
) -> None:
    at = LATER + timedelta(days=1)
    finalising.reopen(desk.summary, "It names somebody.", by=desk.lead, at=at)
    row = desk.summary.paragraphs.get(position=2)
    writing.change(row, "One asks for more [1].", saves=1, by=desk.writer, at=at)
    desk.read()
    desk.finalise(at=at, reason="It named somebody.")
    finalising.publish(desk.summary, by=desk.lead, at=at)
    assert "Rev.1" in words(client.get(PAGE))
    assert client.get(f"{PAGE}rev-1/").status_code == 200
    for address in (f"{PAGE}original/", f"{PAGE}original.html", f"{PAGE}original.txt"):
        assert client.get(address).status_code == 404
