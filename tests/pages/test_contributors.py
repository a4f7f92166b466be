"""The pages of who contributed: the list, each one's page, its addresses, and who stands on none."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consultations import joining, moderation, names, naming, standing
from consultations.models import Consultation, Contribution, Contributor, Naming, Standing
from cwg.accounts.models import User
from meetings.models import MemberState
from tests.consultations.making import MEANWHILE, make_round
from tests.consultations.test_naming import published
from tests.pages.page_words import words
from tests.two_groups import make_person

ALL = "/example-group/contributors/"
LIST_QUERIES, PAGE_QUERIES = 13, 14
BY: dict[str, Any] = {"at": MEANWHILE}


@pytest.fixture
def round_(db: None) -> Consultation:
    return make_round()


@pytest.fixture
def editor(round_: Consultation) -> User:
    return make_person(round_.group, "editor", "editor@example.org")


def listed(client: Client, query: str = "") -> list[str]:
    return [each.name for each in client.get(f"{ALL}{query}").context["rows"]]


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def withdraw(contribution: Contribution, at: datetime = MEANWHILE) -> None:
    standing.move(standing.locked(contribution), Standing.WITHDRAWN, "test", at=at)


# The list


def test_before_anybody_is_named_the_list_says_what_will_stand_there(
    client: Client, round_: Consultation
) -> None:
    published(round_, publish_name=False, publish_organisation=False)
    assert "will stand here as contributions are published" in words(client.get(ALL))


def test_the_list_names_everybody_once_with_how_much_they_sent(
    client: Client, round_: Consultation
) -> None:
    other = make_round(round_.group, slug="second", key="2026-04")
    published(round_, "Éxample Society", name="Zoe Example")
    published(other, "EXAMPLE society", name="Zoe Example", stakeholder_group="academia")
    published(round_, "Another", publish_name=False)
    rows = client.get(ALL).context["rows"]
    assert [
        (row.name, row.kind, row.beside, row.counted.contributions, row.counted.rounds)
        for row in rows
    ] == [
        ("Another", "Organization", "Civil society", 1, 1),
        ("Éxample Society", "Organization", "Academia, Civil society", 2, 2),
        ("Zoe Example", "Person", "EXAMPLE society; Éxample Society", 2, 2),
    ]
    assert "2 organizations and 1 person are named" in words(client.get(ALL))


def test_the_list_is_narrowed(client: Client, round_: Consultation) -> None:
    poland = MemberState.objects.get(iso="PL")
    published(round_, "The Example Union", publish_name=False, stakeholder_group="academia")
    published(
        round_, "Société Exemple", name="Ana Example", country=poland, publish_country=True
    )  # fmt: skip
    published(round_, "Hidden Land", publish_name=False, country=poland)
    for asked, found in (
        ("?kind=person", ["Ana Example"]),
        ("?text=societe", ["Société Exemple"]),
        ("?text=UNION+the+example", []),  # a leading “The” is no part of the name
        ("?text=UNION+example", ["The Example Union"]),
        ("?letter=e", ["The Example Union"]),
        ("?letter=a", ["Ana Example"]),
        ("?group=academia", ["The Example Union"]),
        ("?region=europe", ["Ana Example", "Société Exemple"]),
        ("?region=europe&kind=organisation", ["Société Exemple"]),
        ("?text=nothing", []),
    ):
        assert listed(client, asked) == found, asked
    said = words(client.get(f"{ALL}?text=societe"))
    assert "1 of 4 fit." in said
    assert "No name fits what you asked for. Show all" in words(client.get(f"{ALL}?text=nothing"))
    assert "Select a valid choice" in words(client.get(f"{ALL}?region=nowhere"))


def test_an_example_is_marked_on_the_list_and_on_its_page(
    client: Client, round_: Consultation
) -> None:
    published(round_, "Only Example", publish_name=False, example=True)
    published(round_, "Real", publish_name=False)
    assert [(row.name, row.example) for row in client.get(ALL).context["rows"]] == [
        ("Only Example", True), ("Real", False),
    ]  # fmt: skip
    said = words(client.get(f"{ALL}only-example/"))
    assert "Example Nobody of this name sent anything" in said
    assert "Nobody of this name" not in words(client.get(f"{ALL}real/"))


def test_the_list_is_paged_and_asks_as_often_for_sixty_as_for_one(
    client: Client, round_: Consultation
) -> None:
    published(round_, "Name 00")
    assert queries(client, ALL) == LIST_QUERIES
    for number in range(1, 60):
        published(round_, f"Name {number:02}", publish_name=False)
    assert queries(client, ALL) == LIST_QUERIES
    assert listed(client, "?page=2") == [f"Name {number:02}" for number in range(49, 60)]
    assert listed(client, "?page=nonsense") == listed(client)


# A page


def test_a_page_tells_what_was_sent_to_which_rounds_and_leads_back(
    client: Client, round_: Consultation
) -> None:
    poland = MemberState.objects.get(iso="PL")
    other = make_round(round_.group, slug="second", key="2026-04")
    published(
        round_, "", organisations=["First", "Second"], country=poland, publish_country=True
    )  # fmt: skip
    published(other, "FIRST", publish_name=False, at=MEANWHILE + timedelta(days=1))
    answer = client.get(f"{ALL}first/")
    said = words(answer)
    assert "2 contributions published, to 2 rounds" in said
    assert "Named as Organization Stakeholder group Civil society Country Poland" in said
    assert [
        (row.reference, row.address, row.round_address, [each.key for each in row.others])
        for row in answer.context["rows"]
    ] == [
        ("EG/OC-2026-04/1", "/example-group/contributions/2026-04/1/",
         "/example-group/consultations/second/", []),
        ("EG/OC-2026-03/1", "/example-group/contributions/2026-03/1/",
         "/example-group/consultations/example-round/", ["example-person", "second"]),
    ]  # fmt: skip
    page = client.get("/example-group/contributions/2026-03/1/").content.decode()
    for key, name in (
        ("first", "First"),
        ("second", "Second"),
        ("example-person", "Example Person"),
    ):
        assert f'<a href="{ALL}{key}/">{name}</a>' in page
    assert "Country" not in words(client.get(f"{ALL}example-person/")) or poland


def test_a_page_asks_as_often_for_three_contributions_as_for_one(
    client: Client, round_: Consultation
) -> None:
    published(round_, "Name")
    assert queries(client, f"{ALL}name/") == PAGE_QUERIES
    for place in range(2):
        published(round_, "NAME", organisations=["name", f"Beside {place}"])
    published(make_round(round_.group, slug="second", key="2026-04"), "Name", name="Somebody")
    assert queries(client, f"{ALL}name/") == PAGE_QUERIES


def test_a_page_has_twenty_contributions(client: Client, round_: Consultation) -> None:
    for _ in range(21):
        published(round_, "Name", publish_name=False)
    assert [len(client.get(f"{ALL}name/{asked}").context["rows"]) for asked in ("", "?page=2")] == [
        20, 1,
    ]  # fmt: skip
    assert "21 contributions published, to 1 round" in words(client.get(f"{ALL}name/"))


# Addresses


def test_after_a_merge_the_old_address_leads_on_and_after_its_undoing_no_more(
    client: Client, round_: Consultation, editor: User
) -> None:
    published(round_, "One", publish_name=False)
    published(round_, "Two", publish_name=False)
    one, two = Contributor.objects.order_by("pk")
    done = joining.merge(two, one, "One.", by=editor, **BY)
    answer = client.get(f"{ALL}two/?page=1")
    assert (answer.status_code, answer["Location"]) == (302, f"{ALL}one/?page=1")
    assert "Also written Two" in words(client.get(f"{ALL}one/"))
    assert listed(client) == ["One"]
    joining.undo(done, "Two.", by=editor, **BY)
    assert [client.get(f"{ALL}{each}/").status_code for each in ("one", "two")] == [200, 200]
    assert listed(client) == ["One", "Two"]


def test_another_spelling_leads_on_and_its_address_is_never_given_to_another(
    client: Client, round_: Consultation, editor: User
) -> None:
    published(round_, "The Union", publish_name=False)
    published(round_, "Union", publish_name=False)
    joining.respell(Contributor.objects.get(), "Union", "So it writes itself.", by=editor, **BY)
    assert client.get(f"{ALL}the-union/")["Location"] == f"{ALL}union/"
    published(round_, "The.Union..The", publish_name=False)
    assert client.get(f"{ALL}the-union/")["Location"] == f"{ALL}union/"
    published(round_, "Another", organisations=["the-union 2", "the union-"], publish_name=False)
    assert Contributor.objects.filter(slug="the-union").count() == 0


def test_when_all_was_withdrawn_the_address_says_so_and_no_name(
    client: Client, round_: Consultation
) -> None:
    first, second = (published(round_, "Nächste Society") for _ in range(2))
    withdraw(first)
    assert client.get(f"{ALL}nachste-society/").status_code == 200
    withdraw(second)
    answer = client.get(f"{ALL}nachste-society/")
    assert (answer.status_code, "Nothing from this contributor is published" in words(answer)) == (
        410, True,
    )  # fmt: skip
    assert "Nächste" not in answer.content.decode()
    assert listed(client) == []


def test_who_no_longer_agrees_to_be_named_answers_like_nothing_there(
    client: Client, round_: Consultation
) -> None:
    made = published(round_, "Here")
    published(round_, "Other", publish_name=False)
    assert client.get(f"{ALL}here/").status_code == 200
    Contribution.objects.filter(pk=made.pk).update(publish_organisation=False, publish_name=False)
    gone, never = client.get(f"{ALL}here/"), client.get(f"{ALL}never/")
    assert (gone.status_code, gone.content) == (404, never.content.replace(b"never", b"here"))
    assert client.get(f"{ALL}example-person/").status_code == 404
    assert listed(client) == ["Other"]


def test_a_name_merged_into_one_that_is_public_does_not_answer_for_itself_without_consent(
    client: Client, round_: Consultation, editor: User
) -> None:
    published(round_, "One", publish_name=False)
    made = published(round_, "Secret", publish_name=False)
    one, secret = Contributor.objects.order_by("pk")
    joining.merge(secret, one, "One.", by=editor, **BY)
    Contribution.objects.filter(pk=made.pk).update(publish_organisation=False)
    assert client.get(f"{ALL}secret/").status_code == 404
    assert "Secret" not in client.get(f"{ALL}one/").content.decode()


def test_what_was_taken_back_and_published_again_has_its_page_again(
    client: Client, round_: Consultation, editor: User
) -> None:
    made = published(round_, "Here", publish_name=False)
    moderation.take_back(made, "A mistake.", by=editor, **BY)
    assert client.get(f"{ALL}here/").status_code == 404
    moderation.publish(made, by=editor, **BY)
    assert client.get(f"{ALL}here/").status_code == 200


def test_a_round_that_is_not_public_names_nobody(client: Client, round_: Consultation) -> None:
    published(round_, "Here")
    Consultation.objects.update(announced_at=None, opens_at=None, closes_at=None)
    assert client.get(f"{ALL}here/").status_code == 404
    assert client.get(ALL).context["total"].organisations == 0


WILD = st.text(max_size=40) | st.sampled_from(
    ["\0", "9" * 5000, "-1", "1e9", "٣", "%", "_", "' OR 1", "ß", "İ"]
)
ASKED = st.sampled_from(["text", "letter", "kind", "group", "region", "page", "x"])


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(asked=st.dictionaries(ASKED, WILD | st.lists(WILD, max_size=2)))
def test_whatever_is_asked_is_answered(
    client: Client, round_: Consultation, asked: dict[str, Any]
) -> None:
    if not Contributor.objects.exists():
        published(round_)
    for address in (ALL, f"{ALL}example-organization/", "/example-group/over-the-years/"):
        assert client.get(address, asked).status_code == 200


def test_everybody_gets_the_same_and_is_not_marked(
    client: Client, as_administrator: Client, round_: Consultation
) -> None:
    published(round_)
    for address in (ALL, f"{ALL}example-person/"):
        strange, known = client.get(address), as_administrator.get(address)
        assert (strange.cookies, "Vary" in strange) == ({}, False)
        assert strange.content == known.content


def test_the_longest_name_there_can_be_has_a_page(client: Client, round_: Consultation) -> None:
    published(round_, "Bundes" * 50, name="東" * 200)
    for row in Contributor.objects.all():
        assert row.name in client.get(f"{ALL}{row.slug}/").content.decode()


# Ten thousand


def test_ten_thousand_organisations_are_listed_in_as_many_queries(
    client: Client, round_: Consultation
) -> None:
    """The rows are written in bulk, as publishing would have left them."""
    published(round_, "Name")
    many = 10_000
    told = {
        "consultation": round_,
        "standing": Standing.PUBLISHED,
        "publish_organisation": True,
        "publish_text": True,
    }
    told |= {"created_at": MEANWHILE, "saved_at": MEANWHILE, "received_at": MEANWHILE}
    sent = Contribution.objects.bulk_create(
        Contribution(number=number, reference=f"EG/{number}", published_at=MEANWHILE, **told)
        for number in range(2, many + 2)
    )
    rows = Contributor.objects.bulk_create(
        Contributor(
            group=round_.group, kind="organisation", name=f"Organization {number}",
            folded=names.fold(f"Organization {number}"), slug=f"organization-{number}",
        )
        for number in range(many)
    )  # fmt: skip
    Naming.objects.bulk_create(
        Naming(contribution=one, position=1, contributor=row, shown=row)
        for one, row in zip(sent, rows, strict=True)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as a database tidies itself before long
    for asked in (ALL, f"{ALL}?page=200", f"{ALL}?text=9999", f"{ALL}?letter=o&kind=organisation"):
        assert queries(client, asked) <= LIST_QUERIES, asked
    assert listed(client, "?text=9999") == ["Organization 9999"]
    assert naming.shown_to_all(round_.group).count() == many + 2
