"""Every number of contributions that anybody shows, and the rules by which it is counted.

Received are contributions whose sender confirmed the address, and those that the secretariat
entered; each is in exactly one standing, so that received = awaiting + published + passed to the
Group only + declined + withdrawn + merged. Drafts, and what was sent from an address that nobody
confirmed, are no contributions. Facets (question, stakeholder group, region, country, language) are
counted for published contributions only; one that answers three questions counts for each. On the
day on which one is received it counts once for all: whatever becomes of it, that day does not change.

The numbers are kept in the transaction that moves a contribution, so that no page counts rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import combinations_with_replacement
from zoneinfo import ZoneInfo

from django.db.models import Count, F, QuerySet

from consultations.models import (
    RECEIVED,
    Consultation,
    Contribution,
    ContributionCount,
    Naming,
    Standing,
)


class Facet(StrEnum):
    """What published contributions are told apart by; a country is one only where it is published."""

    QUESTION = "question"
    GROUP = "group"
    REGION = "region"
    COUNTRY = "country"
    LANGUAGE = "language"


DAY = "day"  # of receiving: no facet, nothing is narrowed by it
# The parts of the sum in the order in which it is read
IN_WORDS = (
    ("published", "published"),
    ("awaiting", "awaiting the secretariat"),
    ("passed", "passed to the Group only"),
    ("declined", "declined"),
    ("withdrawn", "withdrawn"),
    ("merged", "merged into another"),
)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many contributions to a round (or to several) stand where; it adds up by construction."""

    awaiting: int = 0
    published: int = 0
    passed: int = 0
    declined: int = 0
    withdrawn: int = 0
    merged: int = 0
    unconfirmed: int = 0

    @property
    def received(self) -> int:
        """Return how many were received: the sum of all standings but the unconfirmed."""
        return (
            self.awaiting + self.published + self.passed
            + self.declined + self.withdrawn + self.merged
        )  # fmt: skip

    def words(self) -> str:
        """Return the sum as it is read, without what is nought: 9 received = 7 published + 2 …."""
        if not self.received:
            return "No contribution has been received yet."
        parts = [f"{getattr(self, name)} {said}" for name, said in IN_WORDS if getattr(self, name)]
        return f"{self.received} received = {' + '.join(parts)}"


def tally(consultation: Consultation) -> Tally:
    """Return how many contributions to `consultation` stand where: one query."""
    return tallies([consultation.pk])[consultation.pk]


def tallies(consultations: Iterable[int]) -> dict[int, Tally]:
    """Return the tally of each of several rounds, by key, in one query."""
    keys = list(consultations)
    found: dict[int, Counter[str]] = {key: Counter() for key in keys}
    rows = ContributionCount.objects.filter(consultation__in=keys, facet="").order_by()
    for key, standing, number in rows.values_list("consultation", "standing", "number"):
        found[key][standing] += number
    return {
        key: Tally(
            **{each.value: counted[each] for each in RECEIVED},
            unconfirmed=counted[Standing.SENT],
        )
        for key, counted in found.items()
    }


def published_by(consultation: Consultation) -> dict[Facet, dict[str, int]]:
    """Return how many published contributions have each value of every facet: one query."""
    found: dict[Facet, dict[str, int]] = {facet: {} for facet in Facet}
    rows = ContributionCount.objects.filter(
        consultation=consultation, standing=Standing.PUBLISHED, other_facet="", number__gt=0
    )
    for facet, value, number in rows.exclude(facet="").values_list("facet", "value", "number"):
        found[Facet(facet)][value] = number
    return found


def received_by_day(consultation: Consultation) -> dict[date, int]:
    """Return how many contributions were received on each day, in the group's zone: one query."""
    rows = ContributionCount.objects.filter(consultation=consultation, standing="", facet=DAY)
    found = rows.order_by("value").values_list("value", "number")
    return {date.fromisoformat(value): number for value, number in found}


def day_of(contribution: Contribution) -> str:
    """Return the day on which a contribution was received, in its group's zone."""
    zone = ZoneInfo(contribution.consultation.group.zone)
    assert contribution.received_at is not None
    return contribution.received_at.astimezone(zone).date().isoformat()


def published_with(consultation: int, chosen: Mapping[Facet, str]) -> int | None:
    """Return how many published contributions to a round, by its key, have one or two values.

    None for three facets and more, which are not counted beforehand.
    """
    if not chosen:
        return tallies([consultation])[consultation].published
    if len(chosen) > 2:
        return None
    pairs = sorted((str(facet), value) for facet, value in chosen.items())
    other = pairs[1] if len(pairs) == 2 else ("", "")
    row = ContributionCount.objects.filter(
        consultation=consultation, standing=Standing.PUBLISHED,
        facet=pairs[0][0], value=pairs[0][1], other_facet=other[0], other_value=other[1],
    )  # fmt: skip
    return row.values_list("number", flat=True).first() or 0


def published_by_round(
    consultations: Iterable[int], facets: Collection[Facet]
) -> dict[int, dict[Facet, dict[str, int]]]:
    """Return how many published contributions to several rounds have each value of some facets.

    By the key of the round, in one query; beside each facet under "" those that have no value of it,
    so that every facet of which a contribution has at most one value adds up to what is published.
    """
    keys = list(consultations)
    found: dict[int, dict[Facet, dict[str, int]]] = {
        key: {facet: {"": 0} for facet in facets} for key in keys
    }
    rows = ContributionCount.objects.filter(
        consultation__in=keys, standing=Standing.PUBLISHED, facet__in=["", *facets],
        other_facet="", number__gt=0,
    )  # fmt: skip
    names = ("consultation", "facet", "value", "number")
    for key, facet, value, number in rows.order_by().values_list(*names):
        for each in facets if not facet else ():
            found[key][each][""] += number
        if facet:
            found[key][Facet(facet)][value] = number
            found[key][Facet(facet)][""] -= number
    return found


@dataclass(frozen=True, slots=True)
class Contributed:
    """How many published contributions name a contributor, to how many rounds."""

    contributions: int = 0
    rounds: int = 0


def contributed(namings: QuerySet[Naming]) -> dict[int, Contributed]:
    """Return how much each contributor of `namings` contributed, by the key of who is shown: one query.

    A contribution that names one twice, or under two names that were merged, counts once.
    """
    rows = namings.order_by().values("shown").annotate(
        contributions=Count("contribution", distinct=True),
        rounds=Count("contribution__consultation", distinct=True),
    )  # fmt: skip
    return {row["shown"]: Contributed(row["contributions"], row["rounds"]) for row in rows}


def facets_of(contribution: Contribution) -> list[tuple[str, str]]:
    """Return what a contribution counts for once it is published, in order: (facet, value)."""
    found = {(Facet.LANGUAGE.value, contribution.language)}
    if contribution.stakeholder_group:
        found.add((Facet.GROUP.value, contribution.stakeholder_group))
    if contribution.publish_country and contribution.country is not None:
        found.add((Facet.COUNTRY.value, contribution.country.iso))
        found.add((Facet.REGION.value, contribution.country.region.code))
    found |= {(Facet.QUESTION.value, str(each.question_id)) for each in contribution.answers.all()}
    return sorted(found)


def counted_in(contribution: Contribution) -> list[tuple[str, str, str, str]]:
    """Return the counts beside the first in which a published contribution stands.

    Each is (facet, value, other facet, other value): its facets, and every pair of different ones.
    """
    facets = facets_of(contribution)
    return [
        (*first, *(("", "") if first == second else second))
        for first, second in combinations_with_replacement(facets, 2)
        if first == second or first[0] != second[0]
    ]


def move(
    consultation: int,
    before: str,
    counted: Iterable[tuple[str, str, str, str]],
    after: str,
    counting: Iterable[tuple[str, str, str, str]],
    *,
    received_on: str = "",
) -> None:
    """Count that a contribution went from one standing to another; for `consultations.standing`.

    `counted` and `counting` are its facets before and after; only those of published ones count.
    `received_on` is its day where this move receives it.
    Called inside the transaction that moves it. Rows are written in one order, so that two moves at
    once wait for each other and never lock each other out.
    """
    change: Counter[tuple[str, str, str, str, str]] = Counter()
    none = ("", "", "", "")
    for standing, facets, by in ((before, counted, -1), (after, counting, 1)):
        if not standing or standing == Standing.DRAFT:
            continue
        change[(standing, *none)] += by
        if standing == Standing.PUBLISHED:
            for each in facets:
                change[(standing, *each)] += by
    if received_on:
        change[("", DAY, received_on, "", "")] += 1
    for key in sorted(change):
        if change[key]:
            _add(consultation, key, change[key])


def _add(consultation: int, key: tuple[str, str, str, str, str], by: int) -> None:
    standing, facet, value, other_facet, other_value = key
    place = {
        "consultation_id": consultation, "standing": standing, "facet": facet, "value": value,
        "other_facet": other_facet, "other_value": other_value,
    }  # fmt: skip
    rows = ContributionCount.objects.filter(**place)
    if rows.update(number=F("number") + by):  # bulk: a counter, kept with what it counts
        return
    _, made = ContributionCount.objects.get_or_create(**place, defaults={"number": by})
    if not made:
        rows.update(number=F("number") + by)  # bulk: a counter, kept with what it counts


def recount(consultation: Consultation) -> dict[tuple[str, str, str, str, str], int]:
    """Return every count of a round as its rows give it, for comparing with what is kept."""
    found: Counter[tuple[str, str, str, str, str]] = Counter()
    rows = consultation.contributions.exclude(standing=Standing.DRAFT)
    rows = rows.select_related("country__region", "consultation__group")
    for each in rows.prefetch_related("answers"):
        found[(each.standing, "", "", "", "")] += 1
        if each.is_received:
            found[("", DAY, day_of(each), "", "")] += 1
        if each.standing == Standing.PUBLISHED:
            found.update((each.standing, *facets) for facets in counted_in(each))
    return dict(found)


def rebuild(consultation: Consultation) -> None:
    """Keep the counts of a round as its rows give them, after rows came by another way than a move.

    Called inside the transaction that brought them.
    """
    ContributionCount.objects.filter(consultation=consultation).delete()
    names = ("standing", "facet", "value", "other_facet", "other_value")
    ContributionCount.objects.bulk_create(  # bulk: counters, kept with what they count
        ContributionCount(
            consultation=consultation, number=number, **dict(zip(names, key, strict=True))
        )
        for key, number in sorted(recount(consultation).items())
    )


def kept(consultation: Consultation) -> dict[tuple[str, str, str, str, str], int]:
    """Return every count of a round as it is kept; equal to `recount`, which a test holds."""
    rows = ContributionCount.objects.filter(consultation=consultation).exclude(number=0)
    return {
        (each.standing, each.facet, each.value, each.other_facet, each.other_value): each.number
        for each in rows
    }
