"""Rounds and contributions as everybody reads them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consultations import standing
from consultations.models import Consultation, Contribution, FormerAddress, Standing
from meetings.models import MemberState, WorkingGroup
from meetings.wording.messages import messages
from tests.consultations.making import make_contribution, make_group, make_round

from .page_words import words

pytestmark = pytest.mark.django_db
PAGE = "/example-group/consultations/example-round/"
ALL = "/example-group/consultations/"


def open_now(**facts: Any) -> Consultation:
    """Make a round that opened a month ago and closes in a month."""
    at = timezone.now()
    month = timedelta(days=30)
    told = {
        "opens_at": at - month,
        "closes_at": at + month,
        "announced_at": at - month - month,
    }
    return make_round(**(told | facts))


def closes(made: Consultation) -> str:
    """Return when a round closes as it is read."""
    return plain(made.deadline().words(messages("en")))


def plain(said: str) -> str:
    """Return words with plain spaces, as `words` gives them."""
    return " ".join(said.split())


def at_once(client: Client, address: str) -> int:
    """Return how many queries a page asks."""
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_an_open_round_says_first_what_a_reader_may_do(client: Client) -> None:
    made = open_now()
    said = words(client.get(PAGE), part="section")
    assert said.startswith(f"Open for contributions Closes on {closes(made)} ")
    assert closes(made).endswith(" Geneva time")


def test_a_closed_round_says_so_and_adds_up(client: Client) -> None:
    made = make_round(
        opens_at=timezone.now() - timedelta(days=90), closes_at=timezone.now() - timedelta(days=1)
    )
    for to in (
        Standing.PUBLISHED,
        Standing.PUBLISHED,
        Standing.PASSED,
        Standing.SENT,
        Standing.DRAFT,
    ):
        make_contribution(made, to)
    said = words(client.get(PAGE))
    assert "Closed Closed on " in said
    assert "3 received = 2 published + 1 passed to the Group only How we count" in said


def test_an_extension_is_said_in_public(client: Client) -> None:
    made = open_now()
    assert made.closes_at is not None
    made.extensions.create(
        was=made.closes_at, now=made.closes_at + timedelta(days=7), decided_on="2026-05-01",
        decided_by={"en": "the Chair"}, reason="Several contributors asked for time.",
    )  # fmt: skip
    made.save()
    said = words(client.get(PAGE))
    assert "Decided by the Chair on 1 May 2026: Several contributors asked for time." in said
    moved = made.deadline()
    assert f"Closes on {closes(made)}" in said
    first = plain(moved.first.words(messages("en")))
    assert f"Extended from {first} to {closes(made)}. Decided by" in said


@pytest.mark.parametrize("facts", [{"announced_at": None}, {"slug": "other"}])
def test_what_is_not_public_is_not_there(client: Client, facts: dict[str, Any]) -> None:
    make_round(**facts)
    assert client.get(PAGE).status_code == 404


def test_a_former_address_leads_to_the_round_and_to_nothing_private(client: Client) -> None:
    made = make_round(slug="new-address")
    FormerAddress.objects.create(group=made.group, slug="example-round", consultation=made)
    answer = client.get(PAGE + "?group=academia")
    assert (answer.status_code, answer["Location"]) == (
        301, "/example-group/consultations/new-address/?group=academia",
    )  # fmt: skip
    made.announced_at = None
    made.save()
    assert client.get(PAGE).status_code == 404


def test_a_contribution_shows_what_its_sender_agreed_to(client: Client) -> None:
    made = make_round()
    country = MemberState.objects.get(iso="PL")
    facts: dict[str, Any] = {
        "country": country,
        "text": "Call me on 555.\nThank you.",
        "answers": {1: "555"},
    }
    make_contribution(made, Standing.PUBLISHED, **facts)
    said = words(client.get("/example-group/contributions/2026-03/1/"))
    for hidden in ("Example Person", "Example Organization", "Poland", "person@example.org"):
        assert hidden not in said
    assert "Name not published" in said
    row = make_contribution(
        made, Standing.PUBLISHED, publish_name=True, publish_organisation=True,
        publish_country=True, organisations=["First", "Second"], **facts,
    )  # fmt: skip
    row.redactions.create(passage="555", reason="a telephone number", made_at=timezone.now())
    said = words(client.get("/example-group/contributions/2026-03/2/"))
    assert "Organizations First Second Name Example Person" in said
    assert "555" not in said
    assert "Call me on [redacted by the secretariat] . Thank you." in said
    assert "The secretariat took out 2 passages" in said
    assert "First; Second, Example Person, contribution EG/OC-2026-03/2" in said


@pytest.mark.parametrize(
    ("to", "says"),
    [
        (Standing.WITHDRAWN, "Withdrawn by its sender"),
        (Standing.DECLINED, "No longer published"),
        (Standing.MERGED, "Merged into another contribution"),
    ],
)
def test_what_was_published_once_leaves_a_tombstone(client: Client, to: str, says: str) -> None:
    made = make_round()
    row = make_contribution(made, Standing.PUBLISHED, publish_name=True)
    other = make_contribution(made, Standing.PUBLISHED)
    held = standing.locked(row)
    held.merged_into = other if to == Standing.MERGED else None
    standing.move(held, to, "test", at=timezone.now())
    assert client.get("/example-group/contributions/2026-03/01/").status_code == 404
    answer = client.get("/example-group/contributions/2026-03/1/")
    said = words(answer)
    assert (answer.status_code, says in said) == (410, True)
    assert "An example answer" not in said
    assert "Example Person" not in said
    assert ("Read EG/OC-2026-03/2" in said) == (to == Standing.MERGED)


@pytest.mark.parametrize(
    "to", [Standing.AWAITING, Standing.PASSED, Standing.DECLINED, Standing.WITHDRAWN]
)
def test_what_was_never_published_has_no_page(client: Client, to: str) -> None:
    make_contribution(make_round(), to)
    assert client.get("/example-group/contributions/2026-03/1/").status_code == 404


def test_an_example_is_marked_everywhere(client: Client) -> None:
    make_contribution(make_round(), Standing.PUBLISHED, example=True)
    assert "Example Name not published" in words(client.get(PAGE))
    said = words(client.get("/example-group/contributions/2026-03/1/"))
    assert "This contribution is an example" in said
    assert "contribution EG/OC-2026-03/1 (example)" in said


def test_contributions_are_narrowed_and_counted(client: Client) -> None:
    made = make_round()
    poland = MemberState.objects.get(iso="PL")
    make_contribution(made, Standing.PUBLISHED, stakeholder_group="academia")
    make_contribution(
        made, Standing.PUBLISHED, answers={2: "x"}, country=poland, publish_country=True,
        publish_organisation=True, organisations=["Found"],
    )  # fmt: skip
    make_contribution(made, Standing.PUBLISHED, answers={2: "x"}, country=poland)
    for asked, fit in (
        ("group=academia", 1), ("country=PL", 1), ("region=europe", 1), ("language=en", 3),
        (f"question={made.questions.all()[1].pk}", 2),
        (f"question={made.questions.all()[1].pk}&country=PL", 1),
        (f"question={made.questions.all()[1].pk}&country=PL&language=en", 1),
    ):  # fmt: skip
        answer = client.get(f"{PAGE}?{asked}")
        assert f" {fit} of 3 fit." in words(answer), asked
        assert len(answer.context["rows"]) == fit, asked
    said = words(client.get(f"{PAGE}?group=nobody"))
    assert "Select a valid choice" in said


def test_contributions_are_paged_by_their_number(client: Client) -> None:
    made = make_round()
    for _ in range(22):
        make_contribution(made, Standing.PUBLISHED)
    first = client.get(PAGE)
    assert [int(each.name.rpartition("/")[2]) for each in first.context["rows"]] == [
        *range(22, 2, -1)
    ]
    assert 'href="?before=3#contributions"' in first.content.decode()
    second = client.get(f"{PAGE}?before=3")
    assert [int(each.name.rpartition("/")[2]) for each in second.context["rows"]] == [2, 1]
    assert second.context["older"] is None


def test_rounds_are_narrowed(client: Client) -> None:
    group = make_group()
    make_round(group)
    open_now(group=group, slug="second", key="2025-01", heading={"en": "January 2025"})
    for asked, found in (
        ("", ["2026-03", "2025-01"]), ("state=open", ["2025-01"]), ("state=closed", ["2026-03"]),
        ("year=2025", ["2025-01"]), ("text=january", ["2025-01"]), ("text=topic of 2026", ["2026-03"]),
        ("text=nothing", []),
    ):  # fmt: skip
        answer = client.get(f"{ALL}?{asked}")
        assert [each.consultation.key for each in answer.context["rows"]] == found, asked
    assert "No consultation fits what you asked for." in words(client.get(f"{ALL}?text=nothing"))


def test_the_list_of_rounds_asks_as_often_for_three_as_for_one(client: Client) -> None:
    group = make_group()
    open_now(group=group)
    one = at_once(client, ALL)
    for key in ("2025-01", "2025-02"):
        make_contribution(open_now(group=group, slug=key, key=key), Standing.PUBLISHED)
    assert (one, at_once(client, ALL)) == (12, 12)


def test_a_round_asks_as_often_for_three_contributions_as_for_one(client: Client) -> None:
    made = open_now()
    make_contribution(made, Standing.PUBLISHED)
    one = at_once(client, PAGE)
    make_contribution(made, Standing.PUBLISHED, answers={1: "x", 2: "y"})
    make_contribution(made, Standing.PUBLISHED, organisations=["A", "B"])
    assert (one, at_once(client, PAGE)) == (17, 17)
    page = "/example-group/contributions/2026-03/"
    assert (at_once(client, f"{page}1/"), at_once(client, f"{page}2/")) == (16, 16)


WILD = st.text(max_size=40) | st.sampled_from(
    ["\0", "9" * 5000, "-1", "1e9", "٣", "%", "_", "' OR 1"]
)
NAMES = st.sampled_from([
    "text", "state", "year", "topic", "page", "question", "group", "region", "country", "language",
    "before", "x",
])  # fmt: skip


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(asked=st.dictionaries(NAMES, WILD | st.lists(WILD, max_size=2)))
def test_whatever_is_asked_is_answered(client: Client, asked: dict[str, Any]) -> None:
    if not Contribution.objects.exists():
        make_contribution(open_now(), Standing.PUBLISHED)
    for address in (PAGE, ALL, "/example-group/", "/example-group/contributions/2026-03/1/"):
        assert client.get(address, asked).status_code == 200


@pytest.mark.parametrize("address", [PAGE, ALL, "/example-group/contributions/2026-03/1/"])
def test_everybody_gets_the_same_and_is_not_marked(
    client: Client, as_administrator: Client, address: str
) -> None:
    make_contribution(open_now(), Standing.PUBLISHED)
    strange, known = client.get(address), as_administrator.get(address)
    for answer in (strange, known):
        assert answer.cookies == {}
        assert "Vary" not in answer
    assert strange.content == known.content


def test_what_is_open_is_the_start_pages_title(client: Client) -> None:
    group = make_group()
    make_round(group, slug="over", key="2020-01")
    open_now(
        group=group, slug="later", key="2025-01", closes_at=timezone.now() + timedelta(days=60)
    )
    first = open_now(group=group)
    start = client.get("/")
    assert words(start, part="h1") == "An example topic of 2026-03"
    said = words(start)
    assert f"Open for contributions Closes on {closes(first)}" in said
    assert "Also open An example topic of 2025-01 Closes on" in said
    assert "An example topic of 2020-01 March 2026 - May 2026 None yet Closed" in said.replace(
        "–", "-"
    )
    assert at_once(client, "/") == 24


def test_several_groups_show_what_is_open_in_any_of_them(client: Client) -> None:
    open_now()
    make_group("second-group")
    two = at_once(client, "/")
    open_now(group=WorkingGroup.objects.get(slug="second-group"), slug="two")
    make_group("third-group")
    said = words(client.get("/"), part="main")
    assert (two, at_once(client, "/")) == (9, 9)
    assert said.count("Open An example topic of 2026-03 Closes on") == 2


def test_a_round_of_the_past_tells_its_path_to_the_report(
    client: Client, group: WorkingGroup
) -> None:
    made = Consultation.objects.get(group=group, key="2024-10")
    made.record_incomplete, made.sources = True, "The example archive"
    made.save()
    said = words(client.get(made.get_absolute_url()))
    path = said.partition("Read the contributions ")[2].partition(" Background ")[0]
    assert path.startswith("Decided 1 February 2024 Nineteenth meeting, b) Opened")
    assert path.endswith(
        "Before the Group 19-20 February 2025 Twenty-first meeting "
        "Summary agreed Twenty-first meeting, b) Council 2025 in the Chair’s report"
    )
    assert "Record incomplete Not everything about this round is known" in said
    assert "The example archive" in said
    became = said.partition("What became of it")[2]
    assert "Summary submitted to Council 2025" in became
    assert "Twentieth meeting, a) Consultation launched" in became


def test_a_meeting_names_the_rounds_that_it_decided_on(client: Client, group: WorkingGroup) -> None:
    made = Consultation.objects.get(group=group, key="2024-10")
    page = f"/{group.slug}/meetings/20/"
    made.record_incomplete, before = True, client.get(page)
    made.save()
    link = f'href="{made.get_absolute_url()}"'
    assert (link in before.content.decode(), link in client.get(page).content.decode()) in {
        (False, True), (True, True),
    }  # fmt: skip


def test_a_summary_that_nobody_submitted_yet_is_due_though_a_report_tells_of_it(
    client: Client, group: WorkingGroup
) -> None:
    made = Consultation.objects.get(group=group, key="2025-02")
    made.record_incomplete = True
    made.save()
    said = words(client.get(made.get_absolute_url())).partition("What became of it")[2]
    assert said.startswith(" Summary due for Council 2026 Chair’s report to Council 2026 ")
