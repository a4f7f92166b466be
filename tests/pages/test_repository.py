"""The repository: words, facets, passages, citations, feeds and data of what was found."""

from __future__ import annotations

import csv
import io
import json
import re
from html import unescape
from itertools import product
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.urls import resolve

from consultations.counting import Facet
from consultations.filters import ContributionFilter
from consultations.models import Consultation, Contribution, Standing
from cwg.pages.narrowed import NARROWINGS
from meetings.models import FilePage, FileReading, MemberState, WorkingGroup
from tests.consultations.making import make_contribution, make_group, make_round
from tests.indexed import index

PAGE = "/example-group/contributions/"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_index")]


@pytest.fixture
def group() -> WorkingGroup:
    return make_group()


@pytest.fixture
def held(group: WorkingGroup) -> Consultation:
    """Two rounds; in them what senders of three groups and two countries wrote."""
    first = make_round(group)
    second = make_round(group, slug="another-round", key="2025-10")
    chad = MemberState.objects.get(iso="TD")
    told: dict[str, Any] = {"publish_country": True, "publish_organisation": True}
    make_contribution(
        first, Standing.PUBLISHED, stakeholder_group="government", country=chad, organisations=["Example Ministry"],
        answers={1: "Ports matter to landlocked countries.", 2: "Cables as well."}, **told,
    )  # fmt: skip
    make_contribution(
        first, Standing.PUBLISHED, stakeholder_group="academia", country=MemberState.objects.get(iso="CH"),
        organisations=["Example University"], answers={2: "A landlocked country needs transit."}, **told,
    )  # fmt: skip
    make_contribution(
        second, Standing.PUBLISHED, stakeholder_group="government", country=chad, language="fr",
        organisations=["Exemple"], answers={3: "Les pays enclavés."}, text="Un mot : développement.",
    )  # fmt: skip
    make_contribution(first, answers={1: "A landlocked draftword."})
    index()
    return first


def got(address: str) -> str:
    answer = Client().get(address)
    assert (answer.status_code, answer.cookies) == (200, {}), address
    return unescape(answer.content.decode())


def found(page: str) -> list[str]:
    return re.findall(r"EG/OC-(20\d\d-\d\d/\d+)</span>", page)


def facet(page: str, name: str) -> dict[str, int]:
    section = re.search(rf'<section aria-labelledby="{name}">.*?</section>', page, re.DOTALL)
    rows = re.findall(r">([^<]+) <span class=\"number\">(\d+)", section[0]) if section else []
    return {name: int(number) for name, number in rows}


def test_without_words_all_stand_there_the_newest_first(held: Consultation) -> None:
    page = got(PAGE)
    assert "3 contributions</h2>" in page
    assert sorted(found(page)) == ["2025-10/1", "2026-03/1", "2026-03/2"]
    assert facet(page, "group") == {"Government": 2, "Academia": 1}
    assert facet(page, "country") == {
        "Chad": 1,
        "Switzerland": 1,
    }  # the third keeps its own to itself
    assert facet(page, "year") == {"2026": 2, "2025": 1}
    assert facet(page, "question") == {}
    assert facet(page, "round") == {
        "An example topic of 2026-03 (2026-03)": 2,
        "An example topic of 2025-10 (2025-10)": 1,
    }


def test_words_narrowed_by_facets_in_one_address(held: Consultation) -> None:
    page = got(f"{PAGE}?text=landlocked&group=government&year=2026&round=2026-03")
    assert found(page) == ["2026-03/1"]
    assert "1 contribution</h2>" in page
    assert "<mark>landlocked</mark>" in page
    assert facet(page, "group") == {"Government": 1, "Academia": 1}  # as if it were not chosen
    assert facet(page, "question") == {"Question 1": 1, "Question 2": 1}
    assert "Looked for: <bdi>landlocked</bdi>." in page


def of_round(page: str) -> list[str]:
    """Give the contributions that the page of a round lists, whose number it says."""
    listed = re.findall(r">OC-(20\d\d-\d\d/\d+)</a>", page)
    said = re.search(r"<p>(\d+) of \d+ fit\.", page)
    assert said is None or int(said[1]) == len(listed)
    return sorted(listed)


def test_whatever_the_page_of_a_round_is_narrowed_to_the_repository_is_too(
    held: Consultation,
) -> None:
    """Every filter of that page, one by one, and in any combination of a value of each."""
    told: dict[str, Any] = {"publish_country": True, "publish_organisation": True}
    for place, code in enumerate(("TD", "CH", "FR", "TD")):
        make_contribution(
            held, Standing.PUBLISHED, country=MemberState.objects.get(iso=code), **told,
            stakeholder_group=("government", "academia")[place % 2], language=("en", "fr")[place // 2],
            answers={1 + place % 3: "An answer."},
        )  # fmt: skip
    index()
    address = "/example-group/consultations/example-round/"
    filters = ContributionFilter.base_filters
    assert {*filters} == {*map(str, Facet)} <= {*NARROWINGS}
    whole, offered = got(address), {}
    for name in filters:
        (select,) = re.findall(rf'<select name="{name}".*?</select>', whole, re.DOTALL)
        offered[name] = re.findall(r'value="([^"]+)"', select)
        assert len(offered[name]) > 1
    asked = [{name: value} for name, values in offered.items() for value in values]
    some = product(
        *([None, values[place % 2 - 1]] for place, values in enumerate(offered.values()))
    )
    asked += [
        {name: value for name, value in zip(offered, each, strict=True) if value} for each in some
    ]
    several = set()
    for each in asked:
        listed = of_round(got(f"{address}?{urlencode(each)}"))
        assert sorted(found(got(f"{PAGE}?{urlencode(each | {'round': '2026-03'})}"))) == listed, (
            each
        )
        several.add(len(listed))
    assert several >= {0, 1, 2, 6}


def test_two_values_of_a_facet_are_either(held: Consultation) -> None:
    page = got(f"{PAGE}?text=landlocked&country=TD&country=CH")
    assert sorted(found(page)) == ["2026-03/1", "2026-03/2"]
    assert re.findall(r'<li><a href="([^"]*)">(?:Chad|Switzerland)<span aria', page) == [
        "?text=landlocked&country=TD", "?text=landlocked&country=CH",
    ]  # fmt: skip


def test_a_passage_says_where_it_stands_and_leads_there(held: Consultation) -> None:
    page = got(f"{PAGE}?text=cables")
    assert (
        '<a class="place" href="/example-group/contributions/2026-03/1/#answer-2">Answer 2</a>'
        in page
    )
    assert 'id="answer-2"' in got("/example-group/contributions/2026-03/1/")
    page = got(f"{PAGE}?text=developpement")
    assert (
        '<a class="place" href="/example-group/contributions/2025-10/1/#text">Further remarks</a>'
        in page
    )
    assert "<mark>développement</mark>" in page


def test_words_inside_a_file_lead_to_its_page(held: Consultation) -> None:
    row = Contribution.objects.get(consultation=held, number=1)
    for name, withheld in (("annex.pdf", ""), ("other.pdf", "third-party rights")):
        row.attachments.create(
            name=name, kind="pdf", path=name, size=1, sha256="0", withheld_for=withheld,
            added_at=row.created_at,
        )  # fmt: skip
        read = FileReading.objects.create(
            path=name, tried_at=row.created_at, ended_at=row.created_at
        )
        FilePage.objects.create(reading=read, page=6, text="Nothing of the kind. " * 400)
        text = f"{'Before it. ' * 400}Dry-ports of {name[:5]}word.{' After it.' * 400}"
        FilePage.objects.create(reading=read, page=7, text=text)
    index()
    page = got(f"{PAGE}?text=landlocked+annexword")
    assert found(page) == ["2026-03/1"]
    file = row.attachments.get(name="annex.pdf").pk
    address = f"{PAGE}2026-03/1/files/{file}/#page=7"
    assert re.findall(r'<a class="place" href="([^"]+)">([^<]+)</a>', page) == [
        (f"{PAGE}2026-03/1/#answer-1", "Answer 1"), (address, "annex.pdf, page 7"),
    ]  # fmt: skip
    assert "Dry-ports of <mark>annexword</mark>." in page
    assert resolve(address.partition("#")[0]).view_name == "consultations:attachment"
    assert found(got(f"{PAGE}?text=otherword")) == []


def test_each_is_cited_and_the_page_too(held: Consultation) -> None:
    page = got(f"{PAGE}?text=cables")
    address = "http://127.0.0.1:8000/example-group/contributions/"
    assert (
        "Example Ministry, contribution EG/OC-2026-03/1 to the open consultation “An example topic of "
        f"2026-03” of Example Group, 1\u00a0April 2026, {address}2026-03/1/</p>"
    ) in page
    assert re.search(
        rf"“cables”, 1 found, \d+.\w+ 20\d\d, <span class=\"address\">{address}\?text=cables</span>",
        page,
    )


def test_what_was_withdrawn_is_gone_though_the_index_holds_it(held: Consultation) -> None:
    Contribution.objects.filter(consultation=held, number=1).update(standing=Standing.WITHDRAWN)
    page = got(f"{PAGE}?text=landlocked")
    assert found(page) == ["2026-03/2"]
    assert "Ports matter" not in page


STANDINGS = [each for each in Standing if each != Standing.MERGED]  # that one needs another


def test_what_is_kept_from_the_public_is_never_found(held: Consultation) -> None:
    for standing in STANDINGS:
        make_contribution(
            held, standing, name=f"{standing}name", organisations=[f"{standing}organisation"],
            job_title=f"{standing}job", country=MemberState.objects.get(iso="JP"),
            answers={1: f"The {standing}answer, call {standing}number."}, text=f"{standing}text",
        )  # fmt: skip
    published = Contribution.objects.get(text="publishedtext")
    for row in Contribution.objects.filter(text__endswith="text"):
        row.redactions.create(passage=f"{row.standing}number", reason="x", made_at=row.created_at)
        for name, why in (("open", ""), ("kept", "third-party rights")):
            row.attachments.create(
                name=f"{row.standing}{name}.pdf", kind="pdf", path=f"{row.pk}{name}", size=1, sha256="0",
                withheld_for=why, added_at=row.created_at,
            )  # fmt: skip
    index()
    seen = []
    for standing in STANDINGS:
        for what in ("name", "organisation", "job", "answer", "number", "text", "open", "kept"):
            for asked in (f"{standing}{what}", f"{standing}{what[:3]}*"):
                page = got(f"{PAGE}?text={asked}&order=new")
                if found(page):
                    seen.append(f"{standing}{what}")
                    assert found(page) == [f"2026-03/{published.number}"]
                feed = Client().get(f"{PAGE}feed.atom?text={asked}").content
                rows = streamed(f"{PAGE}data.jsonl?text={asked}")
                assert (b"<entry>" in feed, bool(rows)) == (bool(found(page)),) * 2
    assert {*seen} == {"publishedanswer", "publishedtext", "publishedopen"}
    assert "Japan" not in got(PAGE)


def test_a_search_that_finds_nothing_helps_on(held: Consultation) -> None:
    page = got(f"{PAGE}?text=cables&country=CH")
    assert "No published contribution fits." in page
    assert '<a href="?text=cables">Look for the same words everywhere</a>' in page


def test_while_the_index_is_built_the_page_says_so(group: WorkingGroup) -> None:
    make_contribution(make_round(group), Standing.PUBLISHED)
    page = got(f"{PAGE}?text=example")
    assert "The search is being built" in page
    assert "0 contributions" not in page
    assert json.loads(streamed(f"{PAGE}data.json"))["count"] == 1
    assert "No published contribution fits" not in page
    assert Client().get(f"{PAGE}feed.atom").content.count(b"<entry>") == 1
    for address in ("data.csv", "feed.atom"):
        answer = Client().get(f"{PAGE}{address}?text=example")
        assert (answer.status_code, answer["Retry-After"]) == (503, "60")


def whole(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def streamed(address: str) -> bytes:
    answer = Client().get(address)
    assert (answer.status_code, answer.cookies) == (200, {})
    return whole(answer)


def test_what_was_found_as_data(held: Consultation) -> None:
    said = json.loads(streamed(f"{PAGE}data.json?text=landlocked&group=government"))
    assert [each["reference"] for each in said["contributions"]] == ["EG/OC-2026-03/1"]
    assert (said["count"], said["asked"]) == (1, {"text": "landlocked", "group": ["government"]})
    assert said["address"] == f"http://127.0.0.1:8000{PAGE}?text=landlocked&group=government"
    rows = list(
        csv.DictReader(
            io.StringIO(streamed(f"{PAGE}data.csv?text=landlocked").decode("utf-8-sig"), newline="")
        )
    )
    assert sorted(each["number"] for each in rows) == ["1", "2"]
    for form in ("jsonl", "csv", "json"):
        for address in (
            f"{PAGE}data.{form}",
            f"/contributions/data.{form}?group=government&group=academia",
        ):
            assert streamed(address).count(b"2026-03/2/") >= 1
    assert len(streamed(f"{PAGE}data.jsonl").splitlines()) == 3
    assert Client().get(f"{PAGE}data.xml").status_code == 404


def test_a_kept_page_is_made_anew_when_the_index_goes_on(held: Consultation, settings: Any) -> None:
    settings.PAGES_KEPT = 10
    client = Client()
    address = f"{PAGE}?text=buses"
    first = client.get(address)
    assert "0 contributions</h2>" in first.content.decode()
    known = {"If-None-Match": first["ETag"]}
    assert client.get(address, headers=known).status_code == 304
    make_contribution(held, Standing.PUBLISHED, answers={1: "Buses."})
    index()
    second = client.get(address, headers=known)
    assert second.status_code == 200
    assert "1 contribution</h2>" in second.content.decode()
    assert second["Cache-Control"] == "public, max-age=0, must-revalidate"


def test_the_feed_of_a_search(held: Consultation) -> None:
    feed = ElementTree.fromstring(
        Client().get(f"{PAGE}feed.atom?text=landlocked&group=academia").content
    )
    atom = "{http://www.w3.org/2005/Atom}"
    assert feed.findtext(f"{atom}title") == "Contributions to open consultations of EG: landlocked"
    assert [each.findtext(f"{atom}title") for each in feed.iter(f"{atom}entry")] == [
        "Example University (EG/OC-2026-03/2)"
    ]
    assert (
        '<link rel="alternate" type="application/atom+xml" title="Contributions that fit" href="/example-group/contributions/feed.atom?text=landlocked">'
        in got(f"{PAGE}?text=landlocked")
    )


def test_twenty_a_page(held: Consultation) -> None:
    for _ in range(19):
        make_contribution(held, Standing.PUBLISHED, answers={1: "Buses."}, organisations=[])
    index()
    first, second = got(f"{PAGE}?group=civil_society&text=buses&order=new"), got(PAGE)
    assert len(found(first)) == 19
    assert len(found(second)) == 20
    assert 'rel="next" href="?page=2"' in second
    last = got(f"{PAGE}?page=2")
    assert len(found(last)) == 2
    assert 'rel="prev" href="?"' in last
    assert "nothing further back" in got(f"{PAGE}?page=3")


def test_all_groups_together(held: Consultation) -> None:
    group = make_group("other-group")
    group.names.update(acronym={"en": "OG"})
    other = make_round(group)
    make_contribution(other, Standing.PUBLISHED, answers={1: "A landlocked other."})
    index()
    page = got("/contributions/?text=landlocked")
    assert "3 contributions</h2>" in page
    page = got("/contributions/?text=landlocked&round=other-group/2026-03")
    assert "/other-group/contributions/2026-03/1/" in page
    assert "1 contribution</h2>" in page
    assert "/other-group/contributions/" not in got(f"{PAGE}?text=landlocked")


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ("", "example-group"),
        ("?text=land-locked+%22small+islands%22", "example-group-land-locked-small-islands-found"),
        ("?text=cables&region=africa&language=en", "example-group-cables-africa-en-found"),
        ("?text=страны", "example-group-found"),
        (f"?text={'cables ' * 20}", f"example-group-{'cables-' * 8}cabl-found"),
    ],
)
def test_the_name_of_a_file_tells_what_was_looked_for(
    held: Consultation, asked: str, named: str
) -> None:
    answer = Client().get(f"{PAGE}data.csv{asked}")
    whole(answer)
    assert answer["Content-Disposition"] == f'attachment; filename="{named}.csv"'


@pytest.mark.parametrize("more", [0, 2])
def test_the_number_of_queries_does_not_grow(
    held: Consultation, django_assert_num_queries: Any, more: int
) -> None:
    for _ in range(more):
        make_contribution(held, Standing.PUBLISHED, answers={1: "Landlocked."})
    index()
    with django_assert_num_queries(15):
        got(f"{PAGE}?text=landlocked")


HOSTILE = (
    "\0", "%00", "a" * 1_000_000, "%ED%A0%80", "((((", ")", '"', '"""', "-", "--", "*", "a*", "-a*", "AND OR NOT",
    "title:x", "'; DROP TABLE consultations_contribution; --", "(a+)+$", "[", "\\", "\u202egnp", "\u200f\u200e",
    "<script>alert(1)</script>", "{{ x }}", "%", "_", "+", "~", "^", "/regex/", "a:b^2", "[a TO z]",
    "Côte d’Ivoire", "développement", "Интернет", "الإنترنت", "مُتَعَدِّد", "互联网", "多语文", "İ", "ﬀ", "\U0001f600", "１２",
    "-" * 500, '"' * 501, "a " * 5_000, "é" * 999,
)  # fmt: skip


def test_whatever_is_typed_is_searched_for(held: Consultation) -> None:
    client = Client()
    for typed in HOSTILE:
        for address in (PAGE, "/contributions/", f"{PAGE}feed.atom"):
            answer = client.get(address, {"text": typed, "group": typed[:100], "page": typed[:100]})
            assert answer.status_code == 200, (address, typed[:50])
            assert b"draftword" not in answer.content
            assert len(answer.content) < 60_000
        for form in ("csv", "json", "jsonl"):
            answer = client.get(f"{PAGE}data.{form}", {"text": typed})
            assert answer.status_code == 200, (form, typed[:50])
            assert b"draftword" not in whole(answer)


CHOSEN = (
    "round", "year", "question", "topic", "group", "region", "country", "language", "author", "order", "more",
    "page",
)  # fmt: skip


def test_whatever_is_chosen_is_answered(held: Consultation) -> None:
    for name in CHOSEN:
        for value in ("", "\0", "-1", "0", "9" * 20, "x" * 5_000, "none", "a,b", "é"):
            answer = Client().get(PAGE, {name: value})
            assert answer.status_code == 200, (name, value[:50])


def test_what_is_typed_is_text_on_the_page(held: Consultation) -> None:
    page = Client().get(PAGE, {"text": '"><script>alert(1)</script>'}).content.decode()
    assert "<script>" not in page
    assert "&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;" in page
