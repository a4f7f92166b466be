"""Whom published contributions name, kept in the transaction that publishes them.

The same name in another spelling of case, accents, signs or spaces is one organization. A person is
told by the name and by what is published beside it: the first organization, else the country; two of
one name who write for different organizations stay two until the secretariat says otherwise
(`consultations.joining`). Only what a sender agreed to publish names anybody (docs/contributors.md).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Substr

from consultations import alike_names, names
from consultations.access import public_consultations
from consultations.models import (
    Contribution,
    Contributor,
    ContributorMerge,
    FormerName,
    Naming,
    Standing,
)
from meetings.models import WorkingGroup

PERSON, ORGANISATION = Contributor.Kind.PERSON, Contributor.Kind.ORGANISATION
ONCE_PUBLISHED = Q(contribution__published_at__isnull=False)
GONE = Q(contribution__standing__in=(Standing.WITHDRAWN, Standing.DECLINED, Standing.MERGED))


@dataclass(frozen=True, slots=True)
class Said:
    """A name that a contribution publishes: its place, and by what its contributor is found."""

    position: int
    kind: str
    name: str
    folded: str
    beside: str


@dataclass(frozen=True, slots=True)
class Named:
    """A contributor as a contribution names them, for facets, lists and pages."""

    position: int  # 0 the person, from 1 on the organizations
    kind: str
    key: str  # as the address ends; no other contributor of the group has it
    name: str  # as the page of the contributor says it


def said(contribution: Contribution) -> list[Said]:
    """Return the names that a contribution publishes, as its sender agreed; pure but for its rows."""
    found: list[Said] = []
    organisations = (
        list(contribution.organisations.all()) if contribution.publish_organisation else []
    )
    known = [(place, str(each.name)) for place, each in enumerate(organisations, 1) if each.name]
    if contribution.publish_name and contribution.name:
        country = contribution.country if contribution.publish_country else None
        beside = names.fold(known[0][1]) if known else country.iso if country else ""
        name = str(contribution.name)
        found.append(Said(0, PERSON, name, names.fold(name), beside))
    found += [Said(place, ORGANISATION, name, names.fold(name), "") for place, name in known]
    return found


def lock(group: int) -> None:
    """Let nobody else name or merge contributors of a group until the transaction ends."""
    WorkingGroup.objects.select_for_update(no_key=True).get(pk=group)


def keep(contribution: Contribution) -> None:
    """Keep whom a contribution names from now on; for `consultations.standing`, in its transaction.

    What was published stays named here when it is so no more, so that an address answers for ever;
    no page shows it then. A name that the secretariat gave to another of the same name stays theirs.
    """
    group = contribution.consultation.group_id
    lock(group)
    held = {each.position: each for each in contribution.namings.select_related("contributor")}
    touched = {each.contributor_id for each in held.values()}
    if contribution.standing == Standing.PUBLISHED:
        found = {each.position: each for each in said(contribution)}
        for position in held.keys() - found.keys():
            held[position].delete()
        for position, each in found.items():
            naming = held.get(position)
            if naming is not None and _is(naming.contributor, each):
                continue
            row = _found(group, each)
            touched.add(row.pk)
            Naming.objects.update_or_create(
                contribution=contribution, position=position,
                defaults={"contributor": row, "shown": row},
            )  # fmt: skip
    settle(touched)


def keep_missing() -> int:
    """Name whom contributions name that were published before there were contributors; say how many."""
    unnamed = Contribution.objects.filter(
        ~Exists(Naming.objects.filter(contribution=OuterRef("pk"))),
        Q(publish_name=True) | Q(publish_organisation=True), standing=Standing.PUBLISHED,
    )  # fmt: skip
    rows = unnamed.select_related("consultation", "country").prefetch_related("organisations")
    number = 0
    for each in rows.order_by("published_at", "pk").iterator(chunk_size=1_000):
        with transaction.atomic():
            keep(each)
        number += 1
    return number


def _is(row: Contributor, each: Said) -> bool:
    return (row.kind, row.folded, row.beside) == (each.kind, each.folded, each.beside)


def _found(group: int, each: Said) -> Contributor:
    """Return the contributor of a name, made where there is none."""
    facts = {"group_id": group, "kind": each.kind, "folded": each.folded, "beside": each.beside}
    found = Contributor.objects.filter(**facts, apart=0).first()
    return found or make(name=each.name, **facts)


def make(**facts: Any) -> Contributor:
    """Make a contributor with an address of its own, and offer those alike; under `lock`."""
    name, kind, group = facts["name"], facts["kind"], facts["group_id"]
    ends = facts.pop("slug", None) or names.slug(name, kind, lambda text: is_taken(group, text))
    made = Contributor.objects.create(slug=ends, **facts)
    alike_names.keep(made)
    return made


def is_taken(group: int, slug: str, *, but: Contributor | None = None) -> bool:
    """Say whether an address of a group is or was a contributor's, other than of `but`."""
    now = Contributor.objects.filter(group=group, slug=slug)
    once = FormerName.objects.filter(group=group, slug=slug)
    if but is not None:
        now, once = now.exclude(pk=but.pk), once.exclude(contributor=but)
    return now.exists() or once.exists()


# Who is shown


def together(keys: Collection[int]) -> list[list[int]]:
    """Return the sets of contributors that are merged with those of `keys`, each its root first."""
    into: dict[int, int] = {}
    known, fresh = set(keys), set(keys)
    while fresh:
        rows = ContributorMerge.objects.filter(
            Q(contributor__in=fresh) | Q(into__in=fresh), undone_at=None
        )
        into |= dict(rows.order_by().values_list("contributor", "into"))
        fresh = {*into, *into.values()} - known
        known |= fresh
    sets: defaultdict[int, list[int]] = defaultdict(list)
    for key in sorted(known):
        sets[root(key, into)].append(key)
    return [[top, *(key for key in each if key != top)] for top, each in sets.items()]


def root(key: int, into: dict[int, int]) -> int:
    """Return where a chain of merges ends."""
    while key in into:
        key = into[key]
    return key


def settle(keys: Collection[int]) -> None:
    """Let every name of the sets of `keys` stand under the page of the one that is shown; under `lock`.

    Shown is the one that the others were merged into, as long as anything published names it by its
    own words: a name that is no longer published by anybody is not shown for the sake of another.
    """
    sets = together(keys)
    several = [key for each in sets for key in each if len(each) > 1]
    named = Naming.objects.live().filter(contributor__in=several)
    live = set(named.order_by().values_list("contributor", flat=True)) if several else set()
    for each in sets:
        shown = next((key for key in each if key in live), each[0])
        stale = Naming.objects.filter(contributor__in=each).exclude(shown=shown)
        if stale.exists():
            stale.update(shown=shown)  # bulk: follows from the merges, whose history is kept


# What everybody reads


def public() -> QuerySet[Naming]:
    """Return the namings that everybody reads: of published contributions, as their senders agreed."""
    return Naming.objects.live().filter(contribution__consultation__in=public_consultations())


def once_public() -> QuerySet[Naming]:
    """Return those of contributions that were published once, and whose page says that it is gone."""
    return Naming.objects.agreed().filter(
        ONCE_PUBLISHED & GONE, contribution__consultation__in=public_consultations()
    )


def shown_to_all(group: WorkingGroup) -> QuerySet[Contributor]:
    """Return the contributors with a page, each once however many names were merged into it."""
    shown = Exists(public().filter(shown=OuterRef("pk")))
    return Contributor.objects.filter(shown, group=group)


def first_letters(group: WorkingGroup) -> list[str]:
    """Return the letters with which names on the list begin, in order."""
    first = shown_to_all(group).order_by().annotate(first=Substr("folded", 1, 1))
    return sorted(set(first.values_list("first", flat=True).distinct()))


def names_by_contribution(contributions: Collection[int]) -> dict[int, list[Named]]:
    """Return whom each of some contributions names in public, as their pages call them: one query."""
    found: dict[int, list[Named]] = {each: [] for each in contributions}
    rows = Naming.objects.live().filter(contribution__in=found).select_related("shown")
    for each in rows.order_by("position"):
        shown = each.shown
        found[each.contribution_id].append(
            Named(each.position, shown.kind, shown.slug, str(shown.name))
        )
    return found


def keys_by_contribution(contributions: Collection[int]) -> dict[int, tuple[str, ...]]:
    """Return the contributors whom each of some contributions names in public, by key: one query.

    They are those of the senders' own words, which a merge leaves as they are (see `together`).
    """
    found: dict[int, set[int]] = {each: set() for each in contributions}
    rows = Naming.objects.live().filter(contribution__in=found).order_by()
    for key, contributor in rows.values_list("contribution", "contributor"):
        found[key].add(contributor)
    return {key: tuple(map(str, sorted(named))) for key, named in found.items()}


def names_of(contribution: Contribution) -> tuple[Named, ...]:
    """Return whom a contribution names, as its sender agreed and as their pages call them.

    Ask before whether it is published. For many, prefetch `namings__shown`.
    """
    return tuple(_agreed(contribution))


def _agreed(contribution: Contribution) -> Iterator[Named]:
    for each in sorted(with_shown(contribution), key=lambda naming: naming.position):
        if contribution.publish_organisation if each.position else contribution.publish_name:
            shown = each.shown
            yield Named(each.position, shown.kind, shown.slug, str(shown.name))


def with_shown(contribution: Contribution) -> Iterable[Naming]:
    """Return the namings of a contribution with those that are shown, fetched before or now."""
    fetched = getattr(contribution, "_prefetched_objects_cache", {})
    rows = contribution.namings.all()
    return rows if "namings" in fetched else rows.select_related("shown")


@dataclass(frozen=True, slots=True)
class Address:
    """What the address of a contributor answers: a page, another address, or that it is gone."""

    shown: Contributor | None  # None: everything that named them was taken back
    slug: str


def at_address(group: WorkingGroup, slug: str) -> Address | None:
    """Return what an address answers; None where nobody agreed to be named there.

    An address leads on only as long as its own name is (or was last) published by consent: where
    consent was taken back it answers like something that is not there.
    """
    row = Contributor.objects.filter(group=group, slug=slug).first()
    if row is None:
        former = FormerName.objects.filter(group=group, slug=slug).select_related("contributor")
        row = found.contributor if (found := former.first()) is not None else None
    if row is None:
        return None
    shown = public().filter(shown=row).exists()
    if shown and row.slug == slug:
        return Address(row, slug)
    mine = public().filter(contributor=row) | once_public().filter(contributor=row)
    naming = mine.select_related("shown").order_by("pk").first()
    if naming is None and not shown:
        return None
    into = row if naming is None else naming.shown
    if shown or public().filter(shown=into).exists():
        return Address(into, into.slug)
    return Address(None, slug)
