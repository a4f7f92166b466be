"""Whatever happens to contributions, in whatever order: every place shows the numbers the test has."""

from __future__ import annotations

import html
import re
from collections import Counter

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from consultations import counting
from consultations.counting import Facet
from consultations.models import Standing
from cwg.accounts.models import User
from cwg.record.contributions import contributions as in_a_record_file
from meetings.models import MemberState
from tests.conftest import signed_in
from tests.consultations.contributing import clock
from tests.consultations.histories import EVENTS, History, Mine
from tests.consultations.making import make_contribution, make_group, make_round
from tests.two_groups import make_person

RECEIVED = ("awaiting", "published", "passed", "declined", "withdrawn", "merged")
# How the public and the secretariat read where contributions stand
SAID = {
    "awaiting the secretariat": "awaiting", "published": "published",
    "passed to the Group only": "passed", "declined": "declined", "withdrawn": "withdrawn",
    "merged into another": "merged",
}  # fmt: skip
GROUP_NAMES = {
    "academia": "Academia", "civil_society": "Civil society", "government": "Government",
}  # fmt: skip
ROUND = "/example-group/consultations/example-round/"
QUEUE = "/secretariat/contributions/"


@pytest.fixture
def staff(db: None) -> list[User]:
    """Two people of a secretariat; the group has another round too, whose numbers are others."""
    group = make_group()
    make_contribution(make_round(group, slug="other", key="2025-11"), Standing.PUBLISHED)
    return [make_person(group, "lead"), make_person(group, "editor")]


class Reader:
    """Somebody who reads numbers off pages, as they stand at an instant."""

    def __init__(self, client: Client, history: History) -> None:
        self.client, self.history = client, history

    def page(self, address: str) -> str:
        with clock(self.history.at):
            answer = self.client.get(address)
        assert answer.status_code == 200, address
        return answer.content.decode()

    def words(self, address: str) -> str:
        return plain(self.page(address))


def plain(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def sum_in(words: str) -> Counter[str]:
    """Read “3 received = 2 published + 1 declined”, and see that it adds up."""
    if "No contribution has been received yet." in words:
        return Counter()
    parts = "|".join(SAID)
    found = re.search(rf"(\d+) received = ((?:\d+ (?:{parts})(?: \+ )?)+)", words)
    assert found is not None, words
    told = Counter(
        {SAID[said]: int(number) for number, said in re.findall(rf"(\d+) ({parts})", found[2])}
    )
    assert told.total() == int(found[1])
    return told


def row_with(page: str, words: str) -> list[str]:
    """Return the cells of the one row of a page in which some words stand."""
    rows = [
        [plain(cell) for cell in re.findall(r"<t[dh][ >].*?</t[dh]>", row, re.DOTALL)]
        for row in re.findall(r"<tr[ >].*?</tr>", page, re.DOTALL)
        if words in plain(row)
    ]
    assert len(rows) == 1, (words, rows)
    return rows[0]


def every_place_agrees(history: History, lead: Client, editor: Client) -> None:
    held, stood = history.round, Counter(history.stood().values())
    own = Counter({each: stood[each] for each in RECEIVED if stood[each]})
    public, desk = Reader(Client(), history), Reader(lead, history)

    # The counting module, and the record file
    told = counting.tally(held)
    assert {each: getattr(told, each) for each in own} == own
    assert (told.received, told.unconfirmed) == (own.total(), stood["sent"])
    assert counting.kept(held) == counting.recount(held)
    assert Counter(each["standing"] for each in in_a_record_file(held)) == own

    # The public pages
    published = [each for each in history.all if each.stands == "published"]
    numbers = sorted((each.number for each in published), reverse=True)
    page = public.page(ROUND)
    assert sum_in(plain(page)) == own
    assert f"{len(published)} published" in plain(page)
    listed = re.findall(r'<a href="/example-group/contributions/2026-03/(\d+)/"', page)
    assert [int(each) for each in listed] == numbers
    assert charts(page) == Counter(GROUP_NAMES[each.group] for each in published)
    assert counting.published_by(held) == facets(history, published)
    cells = row_with(public.page("/example-group/consultations/"), "An example topic of 2026-03")
    assert cells[2].removesuffix(" so far") == (str(len(published)) if published else "None yet")
    feed = public.page(f"{ROUND}feed.atom")
    assert feed.count("<entry>") == len(published)

    # The secretariat's desk
    for each in RECEIVED:
        rows = re.findall(r">EG/OC-2026-03/(\d+)</a>", desk.page(f"{QUEUE}?standing={each}"))
        assert sorted(map(int, rows)) == sorted(
            mine.number for mine in history.all if mine.stands == each
        )
    if history.numbers:
        _, awaiting, words, _ = row_with(desk.page(QUEUE), "2026-03 An example topic of 2026-03")
        assert (int(awaiting), sum_in(words)) == (own["awaiting"], own)
        unconfirmed = re.search(r"; (\d+) sent and not confirmed", words)
        assert int(unconfirmed[1] if unconfirmed else 0) == stood["sent"]
    assert sum_in(desk.words(reverse("admin:round_alike", args=[held.pk]))) == own

    # The cockpit
    for by, client in enumerate((lead, editor)):
        assert tasks(Reader(client, history), r"contributions? awaits?") == own["awaiting"]
        proposed = [each.proposed_by for each in history.all if each.proposed_by is not None]
        others = [each for each in proposed if each != by]
        told_of = tasks(Reader(client, history), r"contributions? to be declined")
        assert told_of == len(others or proposed)


def charts(page: str) -> Counter[str]:
    """Read the table of stakeholder groups."""
    found = re.search(
        r"<caption>[^<]*stakeholder group[^<]*</caption>(.*?)</table>", page, re.DOTALL | re.I
    )
    if found is None:
        return Counter()
    rows = re.findall(r'<th scope="row">(.*?)</th>.*?<td>(\d+)</td>', found[1], re.DOTALL)
    return Counter({html.unescape(name): int(number) for name, number in rows})


def tasks(reader: Reader, words: str) -> int:
    found = re.search(rf"(\d+) {words}", reader.words("/secretariat/"))
    return int(found[1]) if found else 0


def facets(history: History, published: list[Mine]) -> dict[Facet, dict[str, int]]:
    """Count what published contributions are told apart by."""
    regions = {each.iso: each.region.code for each in MemberState.objects.select_related("region")}
    return {
        Facet.QUESTION: Counter(
            str(history.questions[place]) for each in published for place in each.answers
        ),
        Facet.GROUP: Counter(each.group for each in published),
        Facet.REGION: Counter(regions[each.country] for each in published),
        Facet.COUNTRY: Counter(each.country for each in published),
        Facet.LANGUAGE: Counter(each.language for each in published),
    }


EVENT = st.tuples(
    st.sampled_from(EVENTS), st.integers(0, 3), st.integers(0, 3), st.booleans()
)  # fmt: skip


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)  # fmt: skip
@given(st.lists(EVENT, min_size=15, max_size=55))
# the sender withdraws what the secretariat is about to decline
@example([("arrive", 0, 0, True), ("propose", 0, 0, False), ("withdraw", 0, 0, False)])
# what was merged is taken back; what was published is changed, and what was declined, awaits again;
# what was sent and not confirmed is removed
@example([
    *[("arrive", which, which, True) for which in range(4)], ("merge", 1, 0, True),
    ("take_back", 1, 0, True), ("publish", 2, 0, True), ("change", 2, 0, True),
    ("publish", 2, 0, False), ("alone", 3, 0, True), ("take_back", 3, 0, True),
    ("merge", 0, 2, False), ("begin", 0, 2, True), ("send", 4, 0, True),
    ("wait", 2, 0, True), ("wait", 2, 0, True), ("wait", 2, 0, True), ("forget", 0, 0, True),
])  # fmt: skip
def test_on_random_histories_every_place_shows_the_numbers_of_the_test(
    staff: list[User], history: list[tuple[str, int, int, bool]]
) -> None:
    lead, editor = map(signed_in, staff)
    with transaction.atomic():
        held = make_round(staff[0].role_terms.get().group)
        own = History(held, staff)
        for event in history:
            own.happen(*event)
        every_place_agrees(own, lead, editor)
        transaction.set_rollback(True)
