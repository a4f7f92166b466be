"""One box over everything public: numbers first, then words, by kind; and what nobody may find."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from consultations.models import Standing, Summary
from consultations.summary import finalising, published, writing
from cwg.report.models import Report
from meetings import registering
from meetings.models import Document, Edition, Meeting, Outcome, Topic
from tests.consultations.making import make_contribution, make_round
from tests.consultations.summarizing import LATER, Desk, make_desk
from tests.indexed import difference, found, index
from tests.pages.test_repository import HOSTILE

pytestmark = pytest.mark.django_db


@pytest.fixture
def record(report: Report, own_index: None) -> Report:
    """The demo record and a published contribution, all of it indexed."""
    held = make_round(report.group, slug="example-round", key="2031-03")
    make_contribution(
        held, Standing.PUBLISHED, answers={1: "A landlocked example of multilingualization."}
    )
    make_contribution(held, answers={1: "A draftword."})
    index()
    return report


def asked(typed: str, **more: str) -> str:
    answer = Client().get("/search/", {"q": typed, **more})
    assert (answer.status_code, answer.cookies) == (200, {})
    return unescape(answer.content.decode())


def first(page: str) -> list[str]:
    """Give the addresses of what a number named."""
    block = re.search(
        r'<ul class="plain-list" aria-label="By its number">(.*?)</ul>', page, re.DOTALL
    )
    return re.findall(r'href="([^"]+)"', block[1]) if block else []


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("23", "/cwg-internet/meetings/23/"),
        ("oc-2031-03/1", "/cwg-internet/contributions/2031-03/1/"),
        ("CWG-Internet/OC-2031-03/1", "/cwg-internet/contributions/2031-03/1/"),
        ("2031-03", "/cwg-internet/consultations/example-round/"),
        ("22 a", "/cwg-internet/meetings/22/#outcome-22-a"),
        ("22/a", "/cwg-internet/meetings/22/#outcome-22-a"),
        ("Resolution 102", "/instruments/pp-102/"),
        ("Res. 102", "/instruments/pp-102/"),
    ],
)
def test_a_number_leads(record: Report, typed: str, address: str) -> None:
    assert address in first(asked(typed))


def test_words_are_found_in_every_kind_with_counts(record: Report) -> None:
    page = asked("multilingualization")
    kinds = re.findall(r'<h2 id="(\w+)">(\w+) <span class="quiet small">(\d+)</span>', page)
    assert {name for name, _, _ in kinds} >= {"outcome", "round", "topic", "contribution"}
    assert "<mark>multilingualization</mark>" in page
    assert re.search(r'href="/cwg-internet/meetings/\d+/#outcome-\d+-[a-z]"', page)
    page = asked("internet")
    whole = re.search(r'<a href="(/search/\?q=internet&kind=outcome)">All (\d+) outcomes</a>', page)
    assert whole is not None
    listed = Client().get(whole[1]).content.decode()
    assert listed.count("<h3>") == min(int(whole[2]), 20)


def test_contributions_lead_to_the_repository(record: Report) -> None:
    held = record.group
    for place in (1, 2, 3):
        other = make_round(held, slug=f"r-{place}", key=f"2032-0{place}")
        make_contribution(other, Standing.PUBLISHED, answers={1: "Buses."})
    make_contribution(
        make_round(held, slug="r-9", key="2032-09"), Standing.PUBLISHED, answers={1: "Buses."}
    )
    index()
    assert '<a href="/contributions/?text=buses">All 4 contributions</a>' in asked("buses")


def test_every_public_page_has_the_box(record: Report) -> None:
    for address in (
        "/",
        "/cwg-internet/",
        "/cwg-internet/meetings/23/",
        "/instruments/",
        "/nothing/",
    ):
        page = Client().get(address).content.decode()
        assert '<form action="/search/" role="search"><input type="search" name="q"' in page


def test_what_is_not_public_is_not_found(record: Report) -> None:
    group = record.group
    meeting = Meeting.objects.get(group=group, ordinal=23)
    Topic.objects.create(group=group, key="known", title={"en": "A knownword topic"})
    index()
    assert "A <mark>knownword</mark> topic" in asked("knownword")
    assert "draftword" not in asked("draftword").replace('value="draftword"', "").replace(
        "draftword · Search", ""
    )
    # a meeting that was planned here and is not closed: its outcomes are nobody's yet
    Outcome.objects.filter(meeting=meeting).update(action={"en": "A hiddenword action"})
    Meeting.objects.filter(pk=meeting.pk).update(planned_at="2026-01-01T00:00:00Z", closed_on=None)
    letters = first(asked("23 a"))
    assert letters == []
    for fresh in (False, True):  # also where the index still holds what it held
        if fresh:
            index()
        assert "hiddenword</mark>" not in asked("hiddenword")
    # a report that is made public no more
    title = asked("Council 2026")
    assert "/cwg-internet/reports/council-2026/" in title
    Report.objects.update(public=False)
    assert "/cwg-internet/reports/council-2026/" not in asked("Council 2026")


def test_without_an_index_numbers_are_found_and_the_page_says_so(
    report: Report, own_index: None
) -> None:
    page = asked("23")
    assert "/cwg-internet/meetings/23/" in first(page)
    assert "The search is being built" in page
    assert "Nothing public holds" not in page


def test_whatever_is_typed_is_answered(record: Report) -> None:
    for typed in HOSTILE:
        page = asked(typed, kind=typed[:40], page=typed[:40])
        assert len(page) < 60_000, typed[:50]
    assert (
        "<script>alert" not in Client().get("/search/", {"q": "<script>alert(1)"}).content.decode()
    )


@pytest.mark.parametrize("more", [0, 4])
def test_the_number_of_queries_does_not_grow(
    record: Report, django_assert_num_queries: Any, more: int
) -> None:
    for place in range(more):
        Topic.objects.create(
            group=record.group, key=f"t-{place}", title={"en": f"Multilingualization {place}"}
        )
    index()
    with django_assert_num_queries(26):
        asked("multilingualization")


# Summaries


@pytest.fixture
def desk(own_index: None) -> Desk:
    """A summary that is final and not public, beside a round that is."""
    made = make_desk()
    made.contribution(answers={1: "A contributedword for more languages."})
    made.write("Languages", 1, heading=True)
    made.write("They ask for a trawlerword in more languages [1].", 1)
    made.read()
    made.finalise()
    index()
    return made


def publish(desk: Desk) -> None:
    finalising.publish(desk.summary, by=desk.lead, at=LATER)
    desk.summary.refresh_from_db()


def summaries(typed: str) -> list[str]:
    """Give the keys of the summaries that are found; what is shown is what is found."""
    keys = found(typed, "summary")
    assert ('id="summary"' in asked(typed)) == bool(keys)
    assert not difference()
    return keys


def test_a_published_summary_is_found_and_leads_to_its_paragraph(desk: Desk) -> None:
    publish(desk)
    index()
    page = asked("trawlerword")
    assert '<h2 id="summary">Summaries of contributions <span class="quiet small">1</span>' in page
    to = "/example-group/consultations/example-round/summary/"
    named = (
        "Summary of contributions to the open consultation on “An example topic of 2026-03”, EG-7/1"
    )
    assert f'<a href="{to}" dir="auto">{named}</a>' in page
    assert f'<a class="place" href="{to}#paragraph-1">Paragraph 1</a>' in page
    assert "They ask for a <mark>trawlerword</mark> in more languages [1]." in page
    read = Client().get(to).content.decode()
    for typed, anchor, place in (
        ("trawlerword", "paragraph-1", "Paragraph 1"),
        ('"example question 2"', "question-2", "Heading"),
        ('"1 published"', "figures", "Figures"),
    ):
        assert f'<a class="place" href="{to}#{anchor}">{place}</a>' in asked(typed), typed
        assert f'id="{anchor}"' in read


def test_a_summary_and_the_entry_of_its_document_are_told_apart(desk: Desk) -> None:
    publish(desk)
    index()
    page = re.sub("</?mark>", "", asked("summary of contributions"))
    title = "Summary of contributions to the open consultation on “An example topic of 2026-03”"
    assert [name for name in re.findall(r'dir="auto">([^<]+)</a></h3>', page) if title in name] == [
        f"EG-7/1: {title} (entry in the register)", f"{title}, EG-7/1",
    ]  # fmt: skip


def test_contributions_in_an_annex_of_a_summary_are_found_as_contributions_only(desk: Desk) -> None:
    publish(desk)
    index()
    assert summaries("contributedword") == []
    assert len(found("contributedword", "contribution")) == 1


def test_no_summary_is_found_that_nobody_may_read(desk: Desk) -> None:
    """Drafts, what is final and not published, reopened, withdrawn: one is found beside them all."""
    assert summaries("trawlerword") == []
    publish(desk)
    index()
    key = [f"summary:{desk.summary.pk}"]
    assert summaries("trawlerword") == key
    finalising.reopen(desk.summary, "A word was wrong.", by=desk.lead, at=LATER)
    desk.summary.refresh_from_db()
    row = desk.summary.paragraphs.get(heading=False)
    writing.change(row, "They ask for a netword [1].", saves=1, by=desk.writer, at=LATER)
    index()
    assert (summaries("trawlerword"), summaries("netword")) == (key, [])
    desk.read()
    at = LATER + (LATER - desk.summary.begun_at)
    desk.finalise(at=at, reason="A word was wrong.")
    index()
    assert (summaries("trawlerword"), summaries("netword")) == (key, [])
    finalising.publish(desk.summary, by=desk.lead, at=at)
    index()
    assert (summaries("trawlerword"), summaries("netword")) == ([], key)
    document = Document.objects.get(kind="summary")
    registering.withdraw(document, "Made by mistake.", by=desk.lead, at=at)
    for fresh in (False, True):  # also where the index still holds what it held
        if fresh:
            index()
            assert found("netword") == []
        assert "netword</mark>" not in asked("netword")
    assert not difference()
    assert len(found("contributedword")) == 1


def _not_announced(desk: Desk) -> None:
    desk.round.announced_at = None
    desk.round.save()


def _kept_for_members(desk: Desk) -> None:
    document = Document.objects.get(kind="summary")
    document.public = False
    document.save()


def _kept_elsewhere(desk: Desk) -> None:
    desk.round.group.record_kept_here = False
    desk.round.group.save()


@pytest.mark.parametrize("act", [_not_announced, _kept_for_members, _kept_elsewhere])
def test_what_takes_a_summary_from_the_public_takes_it_from_the_index(desk: Desk, act: Any) -> None:
    publish(desk)
    index()
    assert len(summaries("trawlerword")) == len(published.public()) == 1
    assert len(published.editions_of(desk.summary)) == 1
    act(desk)
    desk.summary.refresh_from_db()
    assert not published.public().exists()
    assert Client().get(published.address(desk.summary)).status_code == 404
    index()
    assert summaries("trawlerword") == []


def another(desk: Desk, place: int) -> None:
    """Make a summary of another round that says the same: its edition is a copy."""
    held = make_round(desk.round.group, slug=f"round-{place}", key=f"2032-0{place}")
    document = Document.objects.create(
        group=held.group, key=f"own-{place}", title={"en": "A summary"}, kind="summary",
        meeting=desk.meeting, public=True, created_at=LATER,
    )  # fmt: skip
    Summary.objects.create(
        consultation=held, document=document, begun_at=LATER, final_at=LATER, published_at=LATER,
        public_editions=["original"],
    )  # fmt: skip
    edition = Edition.objects.get(document=desk.summary.document)
    edition.pk, edition.document = None, document
    edition._state.adding = True
    edition.save()


@pytest.mark.parametrize("more", [0, 2])
def test_summaries_are_asked_for_as_often_however_many_are_found(
    desk: Desk, django_assert_num_queries: Any, more: int
) -> None:
    publish(desk)
    for place in range(more):
        another(desk, place)
    index()
    assert len(summaries("trawlerword")) == more + 1
    with django_assert_num_queries(5):
        asked("trawlerword", kind="summary")
