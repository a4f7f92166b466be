"""What was taken back since it was cited or tagged: nobody reads it by way of a summary."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from consultations import moderation
from consultations.models import Attachment, Contribution, Standing
from consultations.summary import coverage, document, finalising, tagging, writing
from consultations.summary.tagging import Place
from meetings.typesetting.html import render_html
from tests.conftest import signed_in
from tests.consultations.summarizing import AT, LATER, Desk, make_desk
from tests.two_groups import make_person

pytestmark = pytest.mark.django_db

SAID = "More languages. Ask Jane Doe at 555 0100 about it."
PRIVATE = "Jane Doe at 555 0100"


@pytest.fixture
def desk() -> Desk:
    return make_desk()


def redact(desk: Desk, row: Contribution) -> None:
    moderation.redact(row, PRIVATE, "Somebody else's address.", at=AT, by=desk.lead)


def cited_at_a_passage(desk: Desk) -> Contribution:
    """Return a contribution that is cited at the passage that is redacted afterwards."""
    row = desk.contribution(answers={1: SAID})
    tag = tagging.add(desk.round, "Contacts", by=desk.writer)
    at = Place(desk.question(1), 16, len(SAID))
    passage = tagging.tag(tag, row, at, SAID[16:], by=desk.writer, at=AT)
    made = desk.write("One contribution asks for more languages [1].", 1, passages={1: passage})
    before = render_html(document.compose(document.gather(desk.summary, AT.date())))
    assert "#answer-1:~:text=Ask%20Jane%20Doe%20at%20" in before
    redact(desk, row)
    writing.change(made, made.text, saves=made.saves, by=desk.writer, at=AT)  # it stands
    return row


def test_no_address_says_the_words_of_a_passage_that_was_redacted(desk: Desk) -> None:
    cited_at_a_passage(desk)
    said = render_html(document.compose(document.gather(desk.summary, AT.date())))
    assert '/contributions/2026-03/1/#answer-1">1</a>' in said
    assert "Jane" not in said


@pytest.mark.parametrize(
    ("role", "sees"),
    [("lead", True), ("editor", True), ("chair", False), ("vice_chair", False), ("reader", False)],
)
def test_only_the_secretariat_reads_at_the_workbench_what_is_not_public(
    desk: Desk, role: str, sees: bool
) -> None:
    row = desk.contribution(answers={1: SAID})
    never = desk.contribution(to=Standing.AWAITING, answers={2: SAID}, email="two@example.org")
    tag = tagging.add(desk.round, "Contacts", by=desk.writer)
    at = Place(desk.question(1), 16, len(SAID))
    tagging.tag(tag, row, at, SAID[16:], by=desk.writer, at=AT)
    off = tagging.tag(tag, row, Place(desk.question(1), 0, 14), SAID[:14], by=desk.writer, at=AT)
    tagging.untag(off, by=desk.writer, at=AT)
    off = tagging.tag(tag, row, Place(desk.question(1), 20, 36), SAID[20:36], by=desk.writer, at=AT)
    tagging.untag(off, by=desk.writer, at=AT)
    desk.write("They ask for more languages [1, 2].", 1)
    redact(desk, row)
    redact(desk, never)
    moderation.publish(never, at=LATER, by=desk.lead)
    person = make_person(desk.round.group, role, f"{role}-here@example.org")
    pages: list[Any] = [
        signed_in(person).get(f"/secretariat/consultations/round/{desk.round.pk}/summary/{each}")
        for each in ("", "read/", "coverage/", "draft/", "way/")
    ]
    assert [each.status_code for each in pages] == [200] * 5
    assert any("Jane Doe" in each.content.decode() for each in pages) is sees
    assert b"was changed since this paragraph was written" in pages[0].content
    assert b'<q dir="auto">More languages</q>' in pages[1].content


def final(desk: Desk) -> Contribution:
    """Return a contribution with a file that an edition which is not published yet prints."""
    row = desk.contribution(answers={1: SAID}, publish_name=True)
    Attachment.objects.create(
        contribution=row, name="jane.pdf", kind="pdf", path="f.pdf", size=1, sha256="0" * 64,
        added_at=AT,
    )  # fmt: skip
    desk.contribution(answers={2: "Fewer forms."}, email="two@example.org")
    desk.write("One contribution asks for fewer forms [2].", 2)
    coverage.set_aside(desk.summary, row, "It is about another subject.", by=desk.writer, at=AT)
    desk.read()
    desk.finalise()
    return row


@pytest.mark.parametrize("what", ["redacted", "taken back", "withheld", "name"])
def test_an_edition_is_not_published_with_what_was_taken_back_since(desk: Desk, what: str) -> None:
    row = final(desk)
    if what == "redacted":
        redact(desk, row)
    elif what == "taken back":
        moderation.take_back(row, "To be looked at again.", at=LATER, by=desk.lead)
    elif what == "withheld":
        moderation.withhold(row.attachments.get(), "A photograph.", at=LATER, by=desk.lead)
    else:
        Contribution.objects.filter(pk=row.pk).update(publish_name=False)
    with pytest.raises(finalising.TakenBackError, match=r"prints of \[1\] what is not public"):
        finalising.publish(desk.summary, by=desk.lead, at=LATER)
    assert Client().get("/example-group/consultations/example-round/summary/").status_code == 404


def test_what_was_added_since_holds_no_edition_up(desk: Desk) -> None:
    final(desk)
    desk.contribution(answers={1: "Later."}, email="three@example.org")
    finalising.publish(desk.summary, by=desk.lead, at=LATER)
    desk.summary.refresh_from_db()
    assert desk.summary.published_at == LATER
