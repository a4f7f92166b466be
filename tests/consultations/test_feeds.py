"""Feeds: what everybody reads of rounds and contributions, for programs."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.conf import settings as site
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consultations import moderation
from consultations.models import Consultation, Extension, FormerAddress, Standing
from cwg.accounts.models import User
from tests.consultations.making import CLOSES, MEANWHILE, OPENS, make_contribution, make_round

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
ROUNDS = "/example-group/consultations/feed.atom"
ROUND = "/example-group/consultations/example-round/feed.atom"


@pytest.fixture
def round_() -> Consultation:
    return make_round()


def read(client: Client, address: str) -> tuple[dict[str, str], list[dict[str, str]]]:
    """Give what a feed says of itself, and its entries."""
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    root = ElementTree.fromstring(answer.content)
    assert root.tag == f"{ATOM}feed"

    def said(row: Any) -> dict[str, str]:
        return {each.tag.removeprefix(ATOM): (each.text or "").replace("\xa0", " ") for each in row}

    return said(root), [said(each) for each in root.findall(f"{ATOM}entry")]


def test_the_rounds_of_a_group(client: Client, round_: Consultation) -> None:
    make_round(round_.group, slug="secret", key="2026-09", announced_at=None)
    Extension.objects.create(
        consultation=round_, was=CLOSES, now=CLOSES + timedelta(days=7),
        decided_on=date(2026, 5, 20), decided_by={"en": "The Chair"}, reason="A holiday.",
    )  # fmt: skip
    head, entries = read(client, ROUNDS)
    assert head["title"] == "EG: open consultations"
    assert head["id"] == site.SITE_ADDRESS + ROUNDS
    (entry,) = entries
    assert entry["title"] == "An example topic of 2026-03"
    assert entry["id"] == site.SITE_ADDRESS + round_.get_absolute_url()
    assert entry["summary"].splitlines() == [
        "Opens on 2 March 2026, 09:00 Geneva time.",
        "Closes on 5 June 2026, 23:59 Geneva time.",
        "Extended from 29 May 2026, 23:59 Geneva time to 5 June 2026, 23:59 Geneva time. "
        "Decided by The Chair on 20 May 2026: A holiday.",
    ]
    assert head["updated"] == entry["updated"]


def test_an_empty_feed_says_the_same_each_time(client: Client, round_: Consultation) -> None:
    Consultation.objects.update(announced_at=None)
    head, entries = read(client, ROUNDS)
    assert entries == []
    assert head["updated"] == "2000-01-01T00:00:00+00:00"


def test_the_contributions_of_a_round_as_everybody_reads_them(
    client: Client, round_: Consultation
) -> None:
    by = User.objects.create_user("a@example.org", "x")
    shown = make_contribution(
        round_, Standing.PUBLISHED, publish_organisation=True, publish_name=False,
        name="A secret name", answers={1: "An example answer with a secret number.\x0b"},
    )  # fmt: skip
    moderation.redact(shown, "a secret number", "A number.", at=MEANWHILE, by=by)
    make_contribution(round_, answers={1: "It waits."})
    withdrawn = make_contribution(round_, Standing.PUBLISHED, answers={1: "It was here."})
    moderation.take_back(withdrawn, "A reason.", at=MEANWHILE, by=by)
    head, entries = read(client, ROUND)
    assert head["title"] == "Contributions: An example topic of 2026-03"
    (entry,) = entries
    assert entry["title"] == "Example Organization (EG/OC-2026-03/1)"
    assert entry["summary"] == "An example answer with [redacted by the secretariat]."
    assert entry["id"].endswith("/example-group/contributions/2026-03/1/")
    assert client.get(entry["id"].removeprefix(site.SITE_ADDRESS)).status_code == 200
    content = client.get(ROUND).content.decode()
    for hidden in (
        "A secret name",
        "a secret number",
        "person@example.org",
        "It waits",
        "It was here",
    ):
        assert hidden not in content


def test_no_feed_of_what_is_not_public_and_an_old_address_leads_on(
    client: Client, round_: Consultation
) -> None:
    FormerAddress.objects.create(group=round_.group, slug="old", consultation=round_)
    old = client.get("/example-group/consultations/old/feed.atom")
    assert (old.status_code, old["Location"]) == (301, ROUND)
    Consultation.objects.update(announced_at=None)
    for address in (
        ROUND,
        "/example-group/consultations/old/feed.atom",
        "/nowhere/consultations/feed.atom",
    ):
        assert client.get(address).status_code == 404


def test_a_feed_is_not_sent_again_while_nothing_changed(
    client: Client, round_: Consultation
) -> None:
    for address in (ROUNDS, ROUND, "/example-group/calendar.ics"):
        first = client.get(address)
        again = client.get(address, headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content, first.cookies) == (304, b"", {})
        assert first["Cache-Control"] == "public, max-age=0, must-revalidate"
    tag = client.get(ROUND)["ETag"]
    make_contribution(round_, Standing.PUBLISHED)
    assert client.get(ROUND)["ETag"] != tag


@pytest.mark.parametrize("rows", [1, 3])
def test_the_feeds_ask_as_often_however_much_there_is(
    client: Client, round_: Consultation, rows: int, django_assert_num_queries: Any
) -> None:
    for number in range(rows):
        make_contribution(round_, Standing.PUBLISHED)
        make_round(round_.group, slug=f"r{number}", key=f"2025-0{number + 1}")
    with django_assert_num_queries(6):
        client.get(ROUNDS)
    with django_assert_num_queries(11):
        client.get(ROUND)


def test_pages_lead_to_them(client: Client, round_: Consultation) -> None:
    calendar = "/example-group/calendar.ics"
    for page, feeds in (
        ("/example-group/", [ROUNDS]), ("/example-group/consultations/", [ROUNDS]),
        (round_.get_absolute_url(), [ROUND]),
    ):  # fmt: skip
        said = client.get(page).content.decode()
        assert (
            f'<link rel="alternate" type="application/atom+xml" title="Open consultations" href="{ROUNDS}">'
            in said
        )
        for address in (*feeds, calendar):
            assert f'<a href="{address}">' in said
            assert f'href="{address}">' in said.partition("</head>")[0]
        assert '<a href="/example-group/follow/' in said


ALWAYS = st.text(max_size=60)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(asked=st.dictionaries(ALWAYS, ALWAYS, max_size=3))
def test_no_query_string_is_a_fault(
    client: Client, round_: Consultation, asked: dict[str, str]
) -> None:
    for address in (ROUNDS, ROUND, "/example-group/calendar.ics"):
        assert client.get(address, asked).status_code == 200


def test_times_are_those_of_the_round(client: Client, round_: Consultation) -> None:
    _, (entry,) = read(client, ROUNDS)
    assert entry["published"] == (OPENS - timedelta(days=7)).isoformat()
