"""Who contributed, at the secretariat's desk over HTTP: what is offered, merged, undone, kept apart."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consultations import alike_names, naming
from consultations.models import Consultation, Contribution, Contributor, ContributorMerge
from tests.conftest import signed_in
from tests.consultations.making import make_group, make_round
from tests.consultations.test_naming import published
from tests.pages.page_words import words
from tests.two_groups import make_person

ALL = "/secretariat/contributors/"
LIST_QUERIES, ONE_QUERIES, PAIR_QUERIES = 12, 22, 16


@pytest.fixture
def round_(db: None) -> Consultation:
    return make_round()


@pytest.fixture
def desk(round_: Consultation) -> Client:
    return signed_in(make_person(round_.group, "editor"))


@pytest.fixture
def reader(round_: Consultation) -> Client:
    return signed_in(make_person(round_.group, "reader", "reader@example.org"))


@pytest.fixture
def pair(round_: Consultation) -> tuple[Contributor, Contributor]:
    """Make two organizations whose names are alike."""
    published(round_, "Example Union", publish_name=False)
    published(round_, "Example Unions", publish_name=False)
    one, other = Contributor.objects.order_by("pk")
    return one, other


def page_of(row: Contributor) -> str:
    return reverse("admin:contributor", args=[row.pk])


def both(row: Contributor, into: Contributor) -> str:
    return reverse("admin:contributor_into", args=[row.pk, into.pk])


def act(client: Client, address: str, name: str, **typed: Any) -> Any:
    sent = {"act": name, **{f"{name}-{field}": value for field, value in typed.items()}}
    return client.post(address, sent)


def offered(client: Client) -> list[tuple[str, str, int]]:
    rows = client.get(ALL).context["rows"]
    return [(each.one.name, each.other.name, each.percent) for each, _, _ in rows]


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_with_nothing_to_decide_the_page_says_so(desk: Client, round_: Consultation) -> None:
    published(round_, "Example Union")
    said = words(desk.get(ALL))
    assert "No two names are alike that somebody has not decided about." in said
    assert words(desk.get(f"{ALL}?q=nothing")).count("No name has these words.") == 1


def test_what_is_alike_is_offered_with_where_each_stands(
    desk: Client, pair: tuple[Contributor, Contributor]
) -> None:
    assert offered(desk) == [("Example Union", "Example Unions", 79)]
    assert [told[1:] for told in desk.get(ALL).context["rows"]] == [
        ("EG/OC-2026-03/1, Example Union", "EG/OC-2026-03/2, Example Unions")
    ]


def test_names_are_looked_for_without_case_and_accents(desk: Client, round_: Consultation) -> None:
    published(round_, "Société Exemple", name="Exemple Person")
    published(round_, "Other", publish_name=False)
    for asked, found in (("exemple", 2), ("SOCIETE exemple", 1), ("!", 0), ("\0", 0)):
        assert len(desk.get(ALL, {"q": asked}).context["found"]) == found, asked


def test_merged_after_a_look_at_both_and_undone_on_the_page_of_either(
    desk: Client, pair: tuple[Contributor, Contributor]
) -> None:
    one, other = pair
    look = desk.get(both(other, one))
    assert [(each.name, counted.contributions) for each, counted, _ in look.context["sides"]] == [
        ("Example Unions", 1),
        ("Example Union", 1),
    ]
    assert [each.reference for each, _ in look.context["rows"]] == [
        "EG/OC-2026-03/2", "EG/OC-2026-03/1",
    ]  # fmt: skip
    assert "Also written Example Unions" in words(look)
    assert not ContributorMerge.objects.exists()  # looking changes nothing
    answer = act(desk, both(other, one), "merge", reason="One, says its site.")
    assert answer["Location"] == page_of(one)
    assert offered(desk) == []
    said = words(desk.get(page_of(other)))
    assert "Stands under Example Union , and its address leads there." in said
    assert (
        "Example Unions merged into Example Union by editor-example-group@example.org. One, says its site."
        in said
    )
    done = ContributorMerge.objects.get()
    answer = act(desk, page_of(other), "undo", which=done.pk, reason="They are two.")
    assert answer["Location"] == page_of(other)
    assert "Undone on" in words(desk.get(page_of(one)))
    assert offered(desk) == [("Example Union", "Example Unions", 79)]


def test_without_a_reason_nothing_is_done_and_the_form_says_so(
    desk: Client, pair: tuple[Contributor, Contributor]
) -> None:
    one, other = pair
    answer = act(desk, both(other, one), "merge", reason=" ")
    assert (answer.status_code, [*answer.context["acts"][0].errors]) == (422, ["reason"])
    act(desk, both(one, other), "merge", reason="One.")
    refused = act(desk, both(other, one), "merge", reason="Typed with care.")
    assert refused.status_code == 422
    assert "the other way round would be a circle" in refused.content.decode()
    assert "Typed with care." in refused.content.decode()  # nothing typed is lost
    assert ContributorMerge.objects.count() == 1
    for name in ("", "nothing"):
        assert act(desk, both(other, one), name, reason="x").status_code in {200, 422}
    assert act(desk, page_of(one), "undo", which="x", reason="x").status_code == 422


def test_kept_apart_and_offered_again(desk: Client, pair: tuple[Contributor, Contributor]) -> None:
    one, other = pair
    act(desk, both(other, one), "apart", reason="Two unions.")
    assert offered(desk) == []
    apart = desk.get(page_of(one)).context["acts"][-1].found
    act(desk, page_of(one), "again", which=apart[0].pk, reason="Look again.")
    assert len(offered(desk)) == 1


def test_another_of_the_same_name_gets_a_page(desk: Client, round_: Consultation) -> None:
    for _ in range(2):
        published(round_, "", name="Example Person")
    row = Contributor.objects.get()
    second = Contribution.objects.get(number=2).namings.get()
    act(desk, page_of(row), "split", which=second.pk, reason="Another person.")
    assert [each.slug for each in Contributor.objects.order_by("pk")] == [
        "example-person", "example-person-2",
    ]  # fmt: skip
    assert "Example Person" in words(Client().get("/example-group/contributors/example-person-2/"))


def test_another_spelling_is_chosen_from_what_was_written(
    desk: Client, round_: Consultation
) -> None:
    published(round_, "THE UNION", publish_name=False)
    published(round_, "The Union", publish_name=False)
    row = Contributor.objects.get()
    refused = act(desk, page_of(row), "spell", spelling="Nicer", reason="Nicer.")
    assert refused.status_code == 422
    act(desk, page_of(row), "spell", spelling="The Union", reason="No capitals.")
    row.refresh_from_db()
    assert (row.name, row.slug) == ("The Union", "the-union")


def test_a_reader_looks_and_may_not_decide(
    reader: Client, pair: tuple[Contributor, Contributor]
) -> None:
    one, other = pair
    assert len(offered(reader)) == 1
    for address in (page_of(one), both(other, one)):
        page = reader.get(address)
        assert (page.status_code, page.context["acts"]) == (200, [])
        assert act(reader, address, "merge", reason="One.").status_code == 403
    assert not ContributorMerge.objects.exists()


def test_a_name_that_is_public_no_more_is_for_those_who_decide_alone(
    desk: Client, reader: Client, pair: tuple[Contributor, Contributor]
) -> None:
    one, other = pair
    Contribution.objects.filter(number=2).update(publish_organisation=False)
    assert (desk.get(page_of(other)).status_code, reader.get(page_of(other)).status_code) == (
        200, 404,
    )  # fmt: skip
    assert reader.get(both(other, one)).status_code == 404
    for asked in (ALL, f"{ALL}?q=unions", f"{page_of(one)}?q=unions", page_of(one)):
        assert "Example Unions" not in reader.get(asked).content.decode(), asked
    assert "Example Unions" in desk.get(f"{ALL}?q=unions").content.decode()


def test_who_does_not_go_together_has_no_page_of_both(
    desk: Client, pair: tuple[Contributor, Contributor], round_: Consultation
) -> None:
    published(round_, "", name="Somebody")
    elsewhere = make_round(make_group("another-group"), slug="second", key="2026-04")
    published(elsewhere, "Example Union", publish_name=False)
    person = Contributor.objects.get(kind=naming.PERSON)
    foreign = Contributor.objects.get(group=elsewhere.group)
    one = pair[0]
    for other in (one, person, foreign):
        assert desk.get(both(one, other)).status_code == 404
    assert desk.get(page_of(foreign)).status_code == 404


def test_each_page_asks_as_often_for_many(desk: Client, round_: Consultation) -> None:
    def asked() -> tuple[int, int, int]:
        one, other = Contributor.objects.order_by("pk")[:2]
        return queries(desk, ALL), queries(desk, page_of(one)), queries(desk, both(other, one))

    published(round_, "Example Union", publish_name=False)
    published(round_, "Example Unions", publish_name=False)
    few = asked()
    for place in range(30):
        published(round_, f"Example Union {place}", publish_name=False)
        published(round_, "Example Unions", publish_name=False)
    assert alike_names.offered().count() > 20
    assert (few, asked()) == ((LIST_QUERIES, ONE_QUERIES, PAIR_QUERIES),) * 2
