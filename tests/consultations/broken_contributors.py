"""Rows of contributors that break a rule, by its name; the fixture of test_constraints stands before them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.db import models

from consultations.models import (
    Contribution,
    Contributor,
    ContributorMerge,
    FormerName,
    NamesAlike,
    Naming,
)

AT = datetime(2024, 10, 4, 12, tzinfo=UTC)


def contributor(**facts: Any) -> Contributor:
    told = {"kind": "organisation", "name": "Nets", "folded": "nets", "slug": "nets"} | facts
    return Contributor(group=Contribution.objects.latest("pk").consultation.group, **told)


def kept(**facts: Any) -> Contributor:
    """Return a contributor that is kept, found by its address where it is."""
    row = contributor(**facts)
    found = Contributor.objects.filter(group=row.group, slug=row.slug).first()
    if found is None:
        row.save()
    return found or row


def other() -> Contributor:
    return kept(name="Boats", folded="boats", slug="boats")


def naming() -> Naming:
    return Naming(
        contribution=Contribution.objects.latest("pk"), position=1, contributor=kept(), shown=kept()
    )


def merge(**facts: Any) -> ContributorMerge:
    told = {"contributor": kept(), "into": other(), "made_at": AT, "reason": "The same"} | facts
    return ContributorMerge(**told)


def former(**facts: Any) -> FormerName:
    told = {"name": "Net", "slug": "net", "reason": "Its spelling", "until": AT} | facts
    return FormerName(group=kept().group, contributor=kept(), **told)


def alike(**facts: Any) -> NamesAlike:
    first, second = kept(), other()
    return NamesAlike(**({"one": first, "other": second, "percent": 50} | facts))


def backwards() -> NamesAlike:
    row = alike()
    row.one, row.other = row.other, row.one
    return row


def twice[Row: models.Model](make: Callable[[], Row]) -> Row:
    """Return the second of two equal rows."""
    make().save()
    return make()


BROKEN_CONTRIBUTORS: dict[str, list[Callable[[], models.Model]]] = {
    "contributors_slug_once": [lambda: contributor(slug=other().slug)],
    "contributors_name_once": [lambda: contributor(folded=other().folded)],
    "contributors_only_persons_beside": [lambda: contributor(beside="boats")],
    "namings_once": [lambda: twice(naming)],
    "contributors_merged_once": [lambda: twice(merge)],
    "contributors_not_merged_into_itself": [lambda: merge(into=kept())],
    "contributors_undone_with_reason": [
        lambda: merge(undone_at=AT), lambda: merge(undone_reason="Not the same"),
    ],
    "contributors_merged_with_reason": [lambda: merge(reason="")],
    "contributors_former_slug_once": [lambda: twice(former)],
    "names_alike_once": [lambda: twice(alike)],
    "names_alike_in_order": [backwards, lambda: alike(one=other())],
    "names_alike_told_apart_with_reason": [
        lambda: alike(told_apart_at=AT), lambda: alike(reason="Not the same"),
    ],
}  # fmt: skip
