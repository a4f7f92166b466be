"""One box over everything public: numbers first, then words, by kind; and what nobody may find."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from consultations.models import Standing
from cwg.report.models import Report
from meetings.models import Meeting, Outcome, Topic
from tests.consultations.making import make_contribution, make_round
from tests.indexed import index
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
    with django_assert_num_queries(29):
        asked("multilingualization")
