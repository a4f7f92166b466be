"""Everything that is indexed, kind by kind: which of it everybody reads, and its entries.

What an entry holds is said where its kind is: `consultations.search`, `cwg.searching.public`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from consultations import search
from cwg.searching import public
from meetings.finding import Entry

AT_ONCE = 500  # rows of which entries are made together


@dataclass(frozen=True, slots=True)
class Indexed:
    """A kind of thing: the rows that everybody reads, and what makes entries of some of them."""

    rows: Callable[[], QuerySet[Any]]
    entries: Callable[[list[Any]], Iterable[Entry]]


KINDS: Mapping[str, Indexed] = {
    **{each.name: Indexed(each.rows, each.entries) for each in public.KINDS},
    search.KIND: Indexed(search.to_index, search.entries),
}


def of_keys(kind: str, keys: Collection[int]) -> list[Entry]:
    """Return the entries of some things of a kind, of those that everybody reads."""
    indexed = KINDS[kind]
    return list(indexed.entries(list(indexed.rows().filter(pk__in=keys).order_by("pk"))))


def everything() -> Iterator[Entry]:
    """Yield the entry of everything that everybody reads."""
    for indexed in KINDS.values():
        after = 0
        while rows := list(indexed.rows().filter(pk__gt=after).order_by("pk")[:AT_ONCE]):
            yield from indexed.entries(rows)
            after = rows[-1].pk
