"""The draft of a summary by link: read, commented, answered, closed; nothing typed is lost."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consultations.models import SummaryComment
from consultations.summary import commenting, writing
from consultations.summary.commenting import Guest
from meetings.models import Message
from tests.conftest import signed_in
from tests.consultations.summarizing import AT, Desk, make_desk
from tests.two_groups import make_person

pytestmark = pytest.mark.django_db

NOW = timezone.now()
GUEST = Guest("guest@example.org", "Example Guest", "Example Organization")
PAGE_QUERIES = 29


@pytest.fixture
def desk() -> Desk:
    """A summary of two paragraphs, read and open for comments of one guest."""
    made = make_desk()
    made.contribution(answers={1: "More languages."})
    made.write("One contribution asks for more languages [1].", 1)
    made.write("There are {{ published }} contributions.")
    made.read()
    until = NOW + timedelta(days=5)
    commenting.open_window(made.summary, [GUEST], until, by=made.writer, at=NOW)
    return made


def link() -> str:
    """Return the address of the guest's page as the mail has it."""
    mail = Message.objects.get(rule="summary.draft")
    found = re.search(r"https?://\S+", mail.body)
    assert found is not None
    return urlsplit(found[0]).path


def words(answer: Any) -> str:
    text = re.sub(r"<[^>]+>", "", answer.content.decode())
    return " ".join(text.replace("&#x27;", "'").split())


def opened(answer: Any) -> str:
    found = re.search(r'name="opened" value="([^"]*)"', answer.content.decode())
    assert found is not None
    return found[1]


def test_a_guest_reads_the_draft_numbered_and_its_citations_lead_to_contributions(
    desk: Desk,
) -> None:
    answer = Client().get(link())
    assert answer.status_code == 200
    assert not answer.cookies
    assert (answer["Cache-Control"], answer["Referrer-Policy"]) == (
        "private, no-cache", "no-referrer",
    )  # fmt: skip
    read = words(answer)
    assert "1 There are 1 contributions. Comment on paragraph 1" in read
    assert "2 One contribution asks for more languages [1]." in read
    assert "/example-group/contributions/2026-03/1/#answer-1" in answer.content.decode()


def test_comments_on_a_paragraph_and_on_the_whole_go_with_one_button_and_are_shown(
    desk: Desk,
) -> None:
    client, page = Client(), link()
    row = desk.summary.paragraphs.get(question__isnull=False)
    sent = {
        "opened": opened(client.get(page)), "name": "Example Guest", "organisation": "",
        f"about_{row.pk}": "Say which languages.", "draft": "Well written.",
    }  # fmt: skip
    answer = client.post(page, sent)
    assert (answer.status_code, answer["Location"]) == (302, f"{page}#yours")
    client.post(page, sent)  # pressed twice
    kept = list(SummaryComment.objects.order_by("pk"))
    assert [(each.paragraph, each.text, each.name) for each in kept] == [
        (row, "Say which languages.", "Example Guest"), (None, "Well written.", "Example Guest"),
    ]  # fmt: skip
    client.post(page, sent | {"draft": "Well written, on the whole."})  # after the back button
    assert SummaryComment.objects.count() == 3
    commenting.answer(
        kept[0], "not_taken", "The question is a general one.", by=desk.writer, at=NOW
    )
    read = words(client.get(page))
    assert "Say which languages. Not taken The question is a general one." in read
    assert "On the whole draft Well written. Kept; not answered yet" in read


def test_what_cannot_be_sent_stays_typed(desk: Desk) -> None:
    client, page = Client(), link()
    nothing = client.post(page, {"name": "Example Guest"})
    assert nothing.status_code == 422
    assert "Write a comment on a paragraph, or on the whole draft." in words(nothing)
    nameless = client.post(page, {"draft": "Well written.", "name": ""})
    assert nameless.status_code == 422
    assert "Say who you are: it stands with your comments. " in words(nameless)
    assert "Well written.</textarea>" in nameless.content.decode()
    assert not SummaryComment.objects.exists()


def test_a_guest_sends_many_comments_and_not_any_number(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commenting, "MOST_OF_A_GUEST", 3)
    client, page = Client(), link()
    for number in range(3):
        sent = {"name": "Example Guest", "draft": f"Comment {number}."}
        assert client.post(page, sent).status_code == 302
    answer = client.post(page, {"name": "Example Guest", "draft": "One more."})
    assert answer.status_code == 422
    assert "You wrote 3 comments, and all are kept." in words(answer)
    assert "One more.</textarea>" in answer.content.decode()
    assert SummaryComment.objects.count() == 3


def test_a_comment_on_a_paragraph_that_was_removed_moves_to_the_whole(desk: Desk) -> None:
    client, page = Client(), link()
    row = desk.summary.paragraphs.get(question=None)
    sent = {"name": "Example Guest", f"about_{row.pk}": "Too short.", "draft": "And more."}
    writing.remove(row, saves=row.saves, by=desk.writer)
    answer = client.post(page, sent)
    assert answer.status_code == 422
    assert "was removed meanwhile" in words(answer)
    assert "And more.\n\nToo short.</textarea>" in answer.content.decode()


def test_after_the_window_the_draft_is_gone_and_what_was_typed_is_given_back(desk: Desk) -> None:
    client, page = Client(), link()
    client.post(page, {"name": "Example Guest", "draft": "In time."})
    commenting.close(desk.summary, by=desk.writer, at=NOW + timedelta(seconds=1))
    desk.summary.refresh_from_db()
    desk.summary.open_until = NOW
    desk.summary.save()
    answer = client.get(page)
    assert answer.status_code == 200
    read = words(answer)
    assert "The draft is not open for comments now" in read
    assert "In time." in read
    assert "asks for more languages" not in read
    late = client.post(page, {"name": "Example Guest", "draft": "Too late."})
    assert late.status_code == 409
    assert "It was not kept. Here it is, to take along:" in words(late)
    assert '<div class="typed" dir="auto">Too late.</div>' in late.content.decode()
    assert SummaryComment.objects.count() == 1


def test_an_old_link_and_one_of_another_group_lead_nowhere(desk: Desk) -> None:
    client, page = Client(), link()
    guest = desk.summary.guests.get()
    assert client.get(page.replace("example-group", "other-group")).status_code == 404
    guest.link_version += 1
    guest.save()
    answer = client.post(page, {"draft": "Who reads this?"})
    assert answer.status_code == 404
    assert "The newest mail about the draft has the one that works." in words(answer)
    assert "Who reads this?" in words(answer)


@pytest.mark.parametrize("many", [1, 12])
def test_the_page_asks_as_often_for_many(
    desk: Desk, many: int, django_assert_num_queries: Any
) -> None:
    for place in range(many):
        desk.write(f"Statement {place} [1].", 1)
    page = link()
    Client().get(page)
    with django_assert_num_queries(PAGE_QUERIES):
        Client().get(page)


def test_the_window_is_told_in_the_zone_of_the_group(desk: Desk) -> None:
    assert AT < NOW
    assert "Geneva time" in words(Client().get(link()))


def test_a_guest_to_whom_the_draft_is_shown_no_more(desk: Desk) -> None:
    client, page = Client(), link()
    client.post(page, {"name": "Example Guest", "draft": "Well written."})
    guest = desk.summary.guests.get()
    address = reverse("admin:round_summary_way", args=[desk.round.pk])
    reader = signed_in(make_person(desk.round.group, "reader", "other@example.org"))
    assert reader.post(address, {"act": "uninvite", "key": guest.pk}).status_code == 403
    writer = signed_in(desk.writer)
    assert "Show it no more" in words(writer.get(address))
    answer = writer.post(address, {"act": "uninvite", "key": guest.pk})
    assert answer.status_code == 302
    assert client.get(page).status_code == 404
    assert client.post(page, {"name": "Example Guest", "draft": "Again."}).status_code == 404
    with pytest.raises(commenting.NotOpenError):  # the page was found before
        commenting.comment(guest, "Again.", at=NOW)
    kept = SummaryComment.objects.get()
    assert (kept.name, kept.text, kept.guest) == ("Example Guest", "Well written.", None)
    # a further window is not told them
    other = Guest("other-guest@example.org")
    commenting.close(desk.summary, by=desk.writer, at=NOW + timedelta(hours=1))
    at, until = NOW + timedelta(hours=2), NOW + timedelta(days=5)
    commenting.open_window(desk.summary, [other], until, by=desk.writer, at=at)
    mailed = Message.objects.filter(rule="summary.draft").order_by("pk")
    assert [each.to for each in mailed] == ["guest@example.org", "other-guest@example.org"]
