"""Contributors whose names are only alike: found when one is named first, offered, never merged here."""

from __future__ import annotations

from collections import Counter

from django.db.models import F, OuterRef, QuerySet, Subquery

from consultations import names
from consultations.models import Contributor, NameKey, NamesAlike, Naming

MOST_ASKED = 2_000
MOST_COMPARED = 40
MOST_OFFERED = 5  # for one that is new; thousands of names may begin with the same words


def keep(contributor: Contributor) -> None:
    """Keep the keys of a name that is new, and offer those most like it; three queries, two writes.

    Called inside the transaction that makes it.
    """
    values = names.keys(contributor.name)
    shared = NameKey.objects.filter(
        group=contributor.group_id, kind=contributor.kind, value__in=values
    )
    found = shared.order_by("value", "contributor").values_list("contributor", flat=True)
    most = [key for key, _ in Counter(sorted(found[:MOST_ASKED])).most_common(MOST_COMPARED)]
    NameKey.objects.bulk_create(  # bulk: computed from the name
        NameKey(
            contributor=contributor, group_id=contributor.group_id, kind=contributor.kind,
            value=value,
        )
        for value in values
    )  # fmt: skip
    compared = [
        (names.percent(contributor.name, other.name), other)
        for other in Contributor.objects.filter(pk__in=most).order_by("pk")
    ]
    alike = sorted(((part, each) for part, each in compared if part), key=lambda pair: -pair[0])
    NamesAlike.objects.bulk_create(  # bulk: computed; what staff say of it is kept in the history
        NamesAlike(one=each, other=contributor, percent=part) for part, each in alike[:MOST_OFFERED]
    )


def offered() -> QuerySet[NamesAlike]:
    """Return what there is to decide: two that are published now, not merged, and not told apart."""

    def under(side: str) -> Subquery:
        rows = Naming.objects.live().filter(contributor=OuterRef(side)).order_by("pk")
        return Subquery(rows.values("shown")[:1])

    rows = NamesAlike.objects.filter(told_apart_at=None)
    return (
        rows.annotate(one_shown=under("one"), other_shown=under("other"))
        .filter(one_shown__isnull=False, other_shown__isnull=False)
        .exclude(one_shown=F("other_shown"))
    )


def of(contributor: Contributor) -> QuerySet[NamesAlike]:
    """Return what is offered for one contributor."""
    return offered().filter(one=contributor) | offered().filter(other=contributor)
