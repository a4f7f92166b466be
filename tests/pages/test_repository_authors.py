"""The repository narrowed to contributors: by their address, under every name, and never by one that is kept."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client

from consultations import joining
from consultations.models import Consultation, Contributor, Naming
from cwg.accounts.models import User
from meetings import finding
from tests.consultations.making import MEANWHILE, make_group, make_round
from tests.consultations.test_naming import published
from tests.indexed import difference, index
from tests.pages.test_repository import PAGE, facet, found, got, streamed
from tests.two_groups import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_index")]
WHO = "/example-group/contributors/"


@pytest.fixture
def held() -> Consultation:
    """A round to which two organizations and two persons of theirs wrote."""
    made = make_round()
    published(made, "Example Nets", name="Zoe Example", answers={1: "Ports and nets."})
    published(made, "The EXAMPLE nets", name="Ana Example", answers={1: "Nets alone."})
    published(made, "Example Boats", name="Zoe Example", answers={1: "Ports and boats."})
    index()
    return made


@pytest.fixture
def editor(held: Consultation) -> User:
    return make_person(held.group, "editor", "editor@example.org")


def of(*slugs: str, **more: str) -> list[str]:
    """Give the contributions found of contributors, whose number the page says."""
    said = [f"author={slug}" for slug in slugs] + [f"{name}={said}" for name, said in more.items()]
    page = got(f"{PAGE}?{'&'.join(said)}")
    keys = sorted(found(page))
    assert f"{len(keys)} contribution{'' if len(keys) == 1 else 's'}</h2>" in page
    return [each.removeprefix("2026-03/") for each in keys]


def in_the_index() -> set[str]:
    """Give the names of those to whom anything can be narrowed."""
    return {
        each.name
        for each in Contributor.objects.all()
        if finding.search("", chosen={"author": [str(each.pk)]}).total
    }


def on_their_page(slug: str) -> list[str]:
    page = Client().get(f"{WHO}{slug}/", follow=True).content.decode()
    assert f'<a href="{PAGE}?author=' in page
    return sorted(re.findall(r">EG/OC-2026-03/(\d+)</a>", page))


def test_contributions_are_narrowed_to_a_contributor_in_any_combination(held: Consultation) -> None:
    assert of("example-nets") == ["1", "2"]
    assert of("example-boats") == ["3"]
    assert of("example-nets", "example-boats") == ["1", "2", "3"]
    assert of("example-nets", text="ports") == ["1"]
    assert of("example-nets", text="boats") == []
    assert of("example-nets", round="2026-03", group="civil_society", language="en") == ["1", "2"]
    assert of("example-nets", group="academia") == []
    page = got(f"{PAGE}?author=example-nets&text=ports")
    assert '<a href="?text=ports">Example Nets<span aria-hidden="true"> ✕</span>' in page
    assert '<input type="hidden" name="author" value="example-nets">' in page
    assert facet(page, "group") == {"Civil society": 1}
    assert 'aria-labelledby="author"' not in page  # no counts: there may be a million of them
    assert "?text=ports&author=example-nets&group=civil_society" in page


def test_its_feed_and_its_data_are_those_of_the_page(held: Consultation) -> None:
    said = json.loads(streamed(f"{PAGE}data.json?author=example-nets"))
    assert {each["reference"] for each in said["contributions"]} == {
        "EG/OC-2026-03/2", "EG/OC-2026-03/1",
    }  # fmt: skip
    assert (said["count"], said["asked"]) == (2, {"text": "", "author": ["example-nets"]})
    assert Client().get(f"{PAGE}feed.atom?author=example-nets").content.count(b"<entry>") == 2


def test_what_a_contributor_s_page_lists_is_what_is_found(held: Consultation, editor: User) -> None:
    """Also after everything that the secretariat says of contributors, at once and in the index."""
    by: dict[str, Any] = {"at": MEANWHILE, "by": editor}

    def told() -> dict[str, list[str]]:
        slugs = Contributor.objects.order_by("slug").values_list("slug", flat=True)
        numbers = {slug: of(slug) for slug in slugs}
        assert numbers == {slug: on_their_page(slug) for slug in slugs}
        assert not difference()
        return numbers

    before = told()
    assert before == {
        "ana-example": ["2"], "example-boats": ["3"], "example-nets": ["1", "2"],
        "zoe-example": ["1"], "zoe-example-2": ["3"],
    }  # fmt: skip
    boats, nets = (Contributor.objects.get(slug=each) for each in ("example-boats", "example-nets"))
    merged = joining.merge(boats, nets, "They are one.", **by)
    together = ["1", "2", "3"]
    assert told() == before | {"example-boats": together, "example-nets": together}
    assert "Example Nets<span aria-hidden" in got(f"{PAGE}?author=example-boats")
    joining.undo(merged, "They are two.", **by)
    assert told() == before
    named = Naming.objects.get(contribution__number=2, position=1)
    joining.split(named, "Another of this name.", **by)
    index()
    assert told() == before | {"example-nets": ["1"], "example-nets-2": ["2"]}


def test_a_name_that_is_kept_is_never_one_to_narrow_to(held: Consultation, editor: User) -> None:
    published(
        held, "Hidden Nets", name="Hidden Fisher", publish_name=False, publish_organisation=False
    )
    seen = published(held, "Hidden Boats", name="Seen Fisher", publish_organisation=False)
    index()
    known = {"Example Nets", "Example Boats", "Zoe Example", "Ana Example"}
    assert in_the_index() == known | {"Seen Fisher"}
    assert of("seen-fisher") == ["5"]
    for slug in ("hidden-nets", "hidden-fisher", "hidden-boats"):
        assert of(slug) == []
    assert of("Hidden+Nets") == of()  # no address ends so: it narrows to nothing
    for page in (got(PAGE), got(f"{PAGE}?author=hidden-nets"), got(f"{PAGE}?author=seen-fisher")):
        assert "Hidden" not in page
    seen.publish_name = False
    seen.save()
    for fresh in (False, True):  # also where the index still holds what it held
        if fresh:
            index()
        assert of("seen-fisher") == []
        for page in (got(PAGE), got(f"{PAGE}?author=seen-fisher")):
            assert "Seen Fisher" not in page
    assert in_the_index() == known


def test_among_all_groups_a_contributor_is_named_with_the_group(held: Consultation) -> None:
    other = make_round(make_group("other-group"), key="2026-04", slug="other-round")
    published(other, "Example Nets", name="Zoe Example", answers={1: "Others."})
    index()
    page = got("/contributions/?author=other-group/example-nets")
    assert "1 contribution</h2>" in page
    assert "/other-group/contributions/2026-04/1/" in page
    assert of("example-nets") == ["1", "2"]
    for nobody in ("example-nets", "no-group/example-nets", "/example-nets", "other-group/"):
        assert "0 contributions</h2>" in got(f"/contributions/?author={nobody}"), nobody
    assert of("other-group/example-nets") == []


def test_each_hit_leads_to_what_else_they_sent(held: Consultation) -> None:
    page = got(f"{PAGE}?text=boats")
    assert re.findall(r'<a href="(\?[^"]*author=[^"]*)"><bdi>([^<]+)</bdi></a>', page) == [
        ("?text=boats&author=zoe-example-2", "Zoe Example"),
        ("?text=boats&author=example-boats", "Example Boats"),
    ]  # fmt: skip
    assert "More from" not in got(f"{PAGE}?author=example-boats")
    page = got("/contributions/?text=boats")
    assert 'href="?text=boats&author=example-group/example-boats"' in page.replace("%2F", "/")


@pytest.mark.parametrize("slug", ["ana-example", "example-nets"])
def test_the_number_of_queries_does_not_grow(
    held: Consultation, django_assert_num_queries: Any, slug: str
) -> None:
    with django_assert_num_queries(19):
        of(slug)
