"""Search over the record: what is read from what was typed, what is found, and by whom."""

from __future__ import annotations

import html
import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cwg.accounts.models import User
from cwg.report.models import Report
from cwg.searching import Asked, find, read
from cwg.searching.asking import MOST_CHARACTERS, InstrumentNumber
from cwg.searching.excerpts import A_LINE, excerpt, marked
from meetings.models import (
    AgendaItem,
    Document,
    Instrument,
    Meeting,
    Outcome,
    OutcomePoint,
    RoleTerm,
    Topic,
    WorkingGroup,
)
from tests.conftest import signed_in
from tests.two_groups import make_person

SEARCH = "/secretariat/search/"
DAY = date(2026, 1, 21)
LLDCS = (
    "Ensuring meaningful connectivity to the Internet for landlocked developing countries (LLDCs)"
)


# What was typed


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("23", {"meeting": ("own", 23), "instrument": InstrumentNumber("", "23")}),
        ("23rd meeting", {"meeting": ("own", 23)}),
        ("Meeting 23", {"meeting": ("own", 23)}),
        ("oc-3", {"meeting": ("open_consultation", 3)}),
        ("3rd open consultation meeting", {"meeting": ("open_consultation", 3)}),
        ("23/a", {"outcome": ("own", 23, "a")}),
        ("23 a)", {"outcome": ("own", 23, "a")}),
        ("22nd meeting, a)", {"outcome": ("own", 22, "a")}),
        ("oc-3/ab", {"outcome": ("open_consultation", 3, "ab")}),
        ("23/7", {"document": "23/7"}),
        ("CWG-Internet-23/7", {"document": "cwg-internet-23/7"}),
        ("C26/51", {"document": "c26/51"}),
        ("C26/51-E", {"document": "c26/51"}),
        ("C26/51 (Rev.1)", {"document": "c26/51"}),
        ("c26-51", {"document": "c26-51"}),
        ("Res. 102", {"instrument": InstrumentNumber("resolution", "102")}),
        ("resolution 1305", {"instrument": InstrumentNumber("resolution", "1305")}),
        ("PP Resolutions 102", {"instrument": InstrumentNumber("resolution", "102", ("pp",))}),
        (
            "Résolution 102 (Rév. Bucarest, 2022)",
            {"instrument": InstrumentNumber("resolution", "102", ("rév.", "bucarest", "2022"))},
        ),
        ("Decision 5", {"instrument": InstrumentNumber("decision", "5")}),
        ("Rev. Bucharest", {}),
        ("“gap  analysis”, please", {}),
        ("", {}),
        ("%", {}),
        ("a\u0000b", {}),
        ("\u200f٢٣", {"meeting": ("own", 23), "instrument": InstrumentNumber("", "٢٣")}),
        ("99999", {"instrument": InstrumentNumber("", "99999")}),
    ],
)
def test_numbers_are_read_as_people_write_them(typed: str, said: dict[str, object]) -> None:
    asked = read(typed)
    names = ("meeting", "outcome", "document", "instrument")
    assert {name: getattr(asked, name) for name in names if getattr(asked, name)} == said


@pytest.mark.parametrize(
    ("typed", "words", "cut"),
    [
        ("gap analysis", ("gap", "analysis"), False),
        ("  “gap”, (analysis)  gap ", ("gap", "analysis"), False),
        ("% / '", (), False),
        ("a\u0000b\ud800c", ("a", "b", "c"), False),
        ("e\u0301quipe", ("équipe",), False),
        ("1 2 3 4 5 6 7 8 9", tuple("12345678"), True),
        ("x" * 500, ("x" * MOST_CHARACTERS,), True),
    ],
)
def test_words_are_read_without_what_stands_around_them(
    typed: str, words: tuple[str, ...], cut: bool
) -> None:
    asked = read(typed)
    assert (asked.words, asked.cut, bool(asked)) == (words, cut, bool(words))


@given(st.text(max_size=400))
def test_whatever_is_typed_is_read(typed: str) -> None:
    asked = read(typed)
    assert len(asked.text) <= MOST_CHARACTERS
    assert "\u0000" not in asked.text
    asked.text.encode()


@given(st.text(max_size=60), st.text(min_size=1, max_size=20))
def test_marking_loses_no_letter(text: str, word: str) -> None:
    assert "".join(piece for piece, _ in marked(text, [word])) == text


@pytest.mark.parametrize(
    ("texts", "words", "line"),
    [
        (["The gap"], ["GAP"], "The [gap]"),
        (["nothing", "a gap"], ["gap"], "a [gap]"),
        (["Écoles", "école"], ["école"], "[École]s"),
        (["first", "second"], [], "first"),
        (["of {{ topics }} now"], ["now"], "of … [now]"),
        (["of {{ topics\n}} now, {{ {{ b }}"], ["now"], "of … [now], {{ …"),
        (["{" * 100_000], ["now"], "{" * A_LINE + " …"),
        (
            ["x " * 200 + "gap " + "y " * 200],
            ["gap"],
            "… " + "x " * 29 + "x [gap]" + " y" * 58 + " …",
        ),
        ([], ["gap"], ""),
        (["a.b"], ["."], "a[.]b"),
    ],
)
def test_a_line_shows_the_words_found(texts: list[str], words: list[str], line: str) -> None:
    shown = excerpt(texts, words)
    assert "".join(f"[{text}]" if found else text for text, found in shown) == line
    assert sum(len(text) for text, _ in shown) <= A_LINE + 4


# What is found


@pytest.fixture
def lead(group: WorkingGroup) -> User:
    """The lead of the group's secretariat, with documents to find."""
    held = Meeting.objects.get(group=group, ordinal=23)
    for key, number, title in (
        (
            "23-7",
            "CWG-Internet-23/7",
            {"en": "Proposal on schools", "fr": "Proposition sur les Écoles"},
        ),
        ("23-71", "CWG-Internet-23/71", {"en": "Another"}),
        ("123-7", "CWG-Internet-123/7", {"ar": "مساهمة في تحليل الفجوات"}),
    ):
        Document.objects.create(group=group, key=key, number=number, meeting=held, title=title)
    Report.objects.update(document_number="C26/51-E")
    return make_person(group, "lead", "lead@example.org")


def names(user: User, typed: str) -> dict[str, list[str]]:
    """Return the names of what is found, by kind."""
    return {
        kind.heading: ["".join(text for text, _ in hit.name) for hit in kind.hits]
        for kind in find(read(typed), user, DAY)
    }


REPORT = "CWG-Internet, Chair’s report to Council 2026, C26/51-E"
PROPOSAL, OTHER, ARABIC = "CWG-Internet-23/7", "CWG-Internet-23/71", "CWG-Internet-123/7"


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("oc-3", {}),
        ("20/b", {"Outcomes": ["CWG-Internet, 20th meeting, b) Summary for a session"]}),
        ("20th meeting, b)", {"Outcomes": ["CWG-Internet, 20th meeting, b) Summary for a session"]}),
        ("23/7", {"Documents": [PROPOSAL, ARABIC, OTHER]}),
        ("CWG-Internet-23/7", {"Documents": [PROPOSAL, OTHER]}),
        ("C26/51", {"Reports": [REPORT]}),
        ("c26-51", {"Reports": [REPORT]}),
        ("Res. 102", {"Instruments": ["PP Resolution 102"]}),
        ("resolution 1305", {"Instruments": ["Council Resolution 1305"], "Reports": [REPORT]}),
        ("Council Resolution 140", {"Reports": [REPORT]}),
        ("Decision 102", {"Reports": [REPORT]}),
        ("102", {"Reports": [REPORT], "Instruments": ["PP Resolution 102"]}),
        ("Rev. Bucharest", {"Instruments": ["PP Resolution 102", "PP Resolution 140"]}),
        ("gap analysis", {"Outcomes": ["CWG-Internet, 23rd meeting, a) Request"]}),
        ("GAP ANALYSIS", {"Outcomes": ["CWG-Internet, 23rd meeting, a) Request"]}),
        ("gap multilingualization", {}),
        ("January 2024", {"Meetings": ["CWG-Internet meeting 19, 31 January 2024"]}),
        ("CWG-Internet meeting 19, 31 January 2024", {"Meetings": ["CWG-Internet meeting 19, 31 January 2024"]}),
        ("écoles", {"Documents": [PROPOSAL]}),
        ("ÉCOLES", {"Documents": [PROPOSAL]}),
        ("الفجوات", {"Documents": [ARABIC]}),
        ("%", {}),
        ("100%", {}),
        ("school_", {}),
        ("", {}),
    ],
)  # fmt: skip
def test_what_is_found(lead: User, typed: str, found: dict[str, list[str]]) -> None:
    assert [*names(lead, typed).items()] == [*found.items()]


def test_an_exact_number_comes_first(group: WorkingGroup, lead: User) -> None:
    found = names(lead, "23")
    assert found["Meetings"][0] == "CWG-Internet meeting 23, 20 January 2026"
    Topic.objects.create(group=group, key="res", title={"en": "Resolution 102 in schools"})
    Instrument.objects.create(
        key="x",
        body=Instrument.objects.get(key="pp-102").body,
        number="7",
        title={"en": "On Res. 102"},
    )
    assert names(lead, "Res. 102")["Instruments"] == ["PP Resolution 102", "PP Resolution 7"]


def test_words_are_found_in_parts_of_a_row(group: WorkingGroup, lead: User) -> None:
    held = Meeting.objects.get(group=group, ordinal=23)
    AgendaItem.objects.create(meeting=held, position=1, title={"ru": "Повестка дня"})
    OutcomePoint.objects.create(
        outcome=held.outcomes.all()[0], text={"es": "Los pueblos indígenas"}
    )
    assert names(lead, "повестка")["Meetings"] == ["CWG-Internet meeting 23, 20 January 2026"]
    assert names(lead, "INDÍGENAS pueblos")["Outcomes"] == [
        "CWG-Internet, 23rd meeting, a) Request"
    ]
    assert [*names(lead, "developing countries")] == ["Outcomes", "Topics"]


def test_ten_of_each_kind_and_how_many_there_are(group: WorkingGroup, lead: User) -> None:
    for number in range(12):
        Topic.objects.create(group=group, key=f"t{number}", title={"en": f"Schools {number}"})
    found = {
        kind.heading: (kind.total, len(kind.hits)) for kind in find(read("schools"), lead, DAY)
    }
    assert found == {"Topics": (12, 10), "Documents": (1, 1)}
    said = signed_in(lead).get(SEARCH, {"q": "schools"}).content.decode()
    assert "10 of 12" in said


def test_a_row_shows_its_name_a_line_and_its_page(lead: User) -> None:
    outcome = Outcome.objects.get(meeting__ordinal=21, position=1)
    said = signed_in(lead).get(SEARCH, {"q": "landlocked 21st"}).content.decode()
    assert "Nothing in the record" in said
    said = signed_in(lead).get(SEARCH, {"q": "landlocked launched"}).content.decode()
    row = re.search(
        r'class="found".*?<li>\s*(<a href=.*?</a>\s*<p.*?</p>)\s*</li>', said, re.DOTALL
    )
    assert row is not None
    address = f"/secretariat/meetings/meeting/{outcome.meeting_id}/outcomes/#outcome-{outcome.pk}"
    assert " ".join(row[1].split()) == (
        f'<a href="{address}">CWG-Internet, 21st meeting, a) Consultation to be <mark>launched</mark></a>'
        f' <p dir="auto">{LLDCS.replace("landlocked", "<mark>landlocked</mark>")}</p>'
    )


@pytest.mark.parametrize("role", RoleTerm.Role)
def test_every_row_opens_for_whoever_finds_it(
    group: WorkingGroup, lead: User, role: RoleTerm.Role
) -> None:
    client = signed_in(make_person(group, role, "somebody@example.org"))
    links = set()
    for typed in ("internet", "20/b", "23/7", "102", "C26/51"):
        said = client.get(SEARCH, {"q": typed}).content.decode()
        found = said[said.index('class="found"') :]
        links |= {
            html.unescape(each).partition("#")[0] for each in re.findall(r'href="([^"]+)"', found)
        }
    assert len(links) > 12
    assert {each: client.get(each).status_code for each in links} == dict.fromkeys(links, 200)


def test_nobody_finds_what_is_another_groups(group: WorkingGroup, lead: User) -> None:
    other = WorkingGroup.objects.create(slug="other")
    stranger = make_person(other, "lead", "other@example.org")
    typed = ("internet", "20/b", "23/7", "C26/51", "23", "schools", "gap analysis")
    assert all(names(lead, each) for each in typed)
    assert [names(stranger, each) for each in typed] == [{}] * len(typed)
    assert names(stranger, "Res. 102") == {"Instruments": ["PP Resolution 102"]}
    said = signed_in(stranger).get(SEARCH, {"q": "gap"}).content.decode()
    assert "Nothing in the record of your groups holds “gap”." in said


def test_who_has_no_role_does_not_search(client: Client, as_stranger: Client) -> None:
    assert client.get(SEARCH, {"q": "gap"}).status_code == 302
    assert as_stranger.get(SEARCH, {"q": "gap"}).status_code in {302, 403}


# The page


def test_the_box_stands_on_every_page_and_keeps_what_was_typed(lead: User) -> None:
    client = signed_in(lead)
    for address in ("/secretariat/", "/secretariat/promises/", "/secretariat/meetings/topic/"):
        said = client.get(address).content.decode()
        assert re.search(
            r'<form [^>]*role="search" method="get" action="/secretariat/search/"', said
        )
        assert '<label class="visually-hidden" for="search-record">' in said
    said = client.get(SEARCH, {"q": 'a "quoted" <b>'}).content.decode()
    assert 'value="a &quot;quoted&quot; &lt;b&gt;"' in said
    assert "<b>" not in said
    assert "Write a number or words" in client.get(SEARCH).content.decode()


def test_more_than_is_looked_for_is_said(lead: User) -> None:
    said = signed_in(lead).get(SEARCH, {"q": "one two three four five six seven eight nine"})
    assert "of “one two three four five six seven eight”" in said.content.decode()


NASTY = [
    "\u0000", "%00", "\ud800", "'", '"', "\\", "%", "_", "' OR 1=1 --", "\\%", "a" * 5000, "23/" + "7" * 300,
    "9" * 400, "Res. " + "9" * 400, "(((", "[a-", "23/a" * 50, "٢٣/٧", "²³", "\ufffe", "𝟚𝟛", "{{ x }}",
    "oc-0", "0", "31 31", "meeting meeting", "..", "c26/51\n", "\U0001f600", "ﷺ" * 100, "İ", "ß", "ǅ",
]  # fmt: skip


@pytest.mark.parametrize("typed", NASTY)
def test_no_query_breaks_the_page(lead: User, typed: str) -> None:
    assert find(read(typed), lead, DAY) is not None
    if "\ud800" not in typed:
        assert signed_in(lead).get(SEARCH, {"q": typed}).status_code == 200


def test_bytes_that_are_no_text_break_nothing(lead: User) -> None:
    client = signed_in(lead)
    for query in ("%ED%A0%80", "%FF%FE", "%00", "%", "%E0%A4"):
        assert client.get(f"{SEARCH}?q={query}").status_code == 200


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.one_of(
        st.text(max_size=60),
        st.text(alphabet="0123456789/-abcoRes. ()%_'\"\\{}٢é\u0000\ud800", max_size=40),
    )
)
def test_no_text_breaks_the_search(lead: User, typed: str) -> None:
    for kind in find(read(typed), lead, DAY):
        assert 0 < len(kind.hits) <= 10


def test_the_search_asks_as_often_however_much_is_found(group: WorkingGroup, lead: User) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert len(find(read("internet"), User.objects.get(pk=lead.pk), DAY)) == 5
        return len(queries)

    Document.objects.filter(key="23-7").update(title={"en": "The Internet"})
    few = asked()
    Topic.objects.bulk_create(
        Topic(group=group, key=f"t{place}", title={"en": f"Internet {place}"})
        for place in range(20)
    )
    held: Any = [
        Meeting.objects.create(
            group=group, ordinal=ordinal, first_day=date(2026, 5, 1), last_day=date(2026, 5, 1)
        )
        for ordinal in range(30, 42)
    ]
    for meeting in held:
        outcome = Outcome.objects.create(
            meeting=meeting, kind="noted", action={"en": "the Internet"}
        )
        OutcomePoint.objects.create(outcome=outcome, text={"en": "Internet"})
    assert (few, asked()) == (22, 22)


def test_nothing_asked_asks_nothing(lead: User) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert find(Asked(""), lead, DAY) == []
    assert len(queries) == 0
