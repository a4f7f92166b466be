"""Who finds which names of senders: each name says in itself whether and where it may be read.

As in tests.test_read_by_whom, every address of the site is asked by everybody, and every word looked for.
"""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from consultations import standing
from consultations.models import Consultation, Contribution, Contributor, Standing
from tests.addressed import Addressed
from tests.consultations.making import MEANWHILE, make_contribution
from tests.test_matrix import places as staff_places
from tests.test_matrix_outside import places
from tests.visiting import Visitor, everything

AGREED, WITHHELD, GONE, WAITING = "Agreedname", "Withheldname", "Gonename", "Waitingname"
# Those whom the secretariat's desk shows what is not published
DESK = {"editor"}
ROLES = ("nobody", "delegate_a", "reader", "chair", "editor", "lead_x")  # one of each kind


def make_senders(told: Addressed) -> list[Contribution]:
    """Make contributions whose senders are called by whether they agreed, and where each stands."""
    round_ = Consultation.objects.get(group=told.own, slug="open-round")
    made = []
    for word, agreed, to in (
        (AGREED, True, Standing.PUBLISHED), (WITHHELD, False, Standing.PUBLISHED),
        (GONE, True, Standing.PUBLISHED), (WAITING, True, Standing.AWAITING),
    ):  # fmt: skip
        made.append(
            make_contribution(
                round_, to, name=f"{word} Person", organisations=[f"{word} Society"],
                publish_name=agreed, publish_organisation=agreed, email="",
            )
        )  # fmt: skip
    row = made[2]
    standing.move(standing.locked(row), Standing.WITHDRAWN, "test", at=MEANWHILE)
    return made


def addresses(told: Addressed, made: list[Contribution], role: str) -> set[str]:
    """Return every address of the site, and those at which one of these names could stand."""
    rows = told.rows
    found = {each.address for each in places(told, role)}
    found |= {each.address for each in staff_places(rows[told.own.slug], rows[told.other.slug])}
    listed = reverse("pages:contributors", args=[told.own.slug])
    for word in (AGREED, WITHHELD, GONE, WAITING):
        part = word.lower()[:-1]  # the page repeats what was looked for: not all of it
        found |= {f"{listed}?text={part}", f"{listed}{word.lower()}-society/"}
        found |= {f"{listed}{word.lower()}-person/"}
        found |= {f"{reverse(name)}?q={part}" for name in ("admin:contributors", "admin:search")}
    for each in made:
        found.add(reverse("pages:contribution", args=[told.own.slug, "2026-03", each.number]))
        found.add(reverse("admin:contribution", args=[each.pk]))
    for row in Contributor.objects.filter(group=told.own):
        found.add(reverse("admin:contributor", args=[row.pk]))
    return found


@pytest.mark.parametrize("role", ROLES)
def test_who_reads_which_names(role: str, told: Addressed) -> None:
    made = make_senders(told)
    visitor = Visitor(told.people.get(role))
    read: dict[str, set[str]] = {}
    for address in sorted(addresses(told, made, role)):
        said = everything(visitor.ask("get", address)).replace(address, "")
        for word in re.findall(rf"{AGREED}|{WITHHELD}|{GONE}|{WAITING}", said):
            read.setdefault(word, set()).add(address)
    expected = {AGREED, WITHHELD, GONE, WAITING} if role in DESK else {AGREED}
    assert {*read} == expected, read


def test_only_those_who_agreed_have_a_row_and_only_those_still_published_a_page(
    told: Addressed,
) -> None:
    make_senders(told)
    slugs = Contributor.objects.filter(group=told.own).values_list("slug", flat=True)
    assert {each for each in slugs if "name-" in each} == {
        "agreedname-person", "agreedname-society", "gonename-person", "gonename-society",
    }  # fmt: skip
    visitor = Visitor(None)
    listed = reverse("pages:contributors", args=[told.own.slug])
    answers = {
        word: visitor.ask("get", f"{listed}{word.lower()}-society/").status_code
        for word in (AGREED, WITHHELD, GONE, WAITING)
    }
    assert answers == {AGREED: 200, WITHHELD: 404, GONE: 410, WAITING: 404}
