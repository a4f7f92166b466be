"""Everything that is indexed, kind by kind: which of it everybody reads, and its entries.

What an entry holds is said where its kind is: `consultations.search`, `cwg.searching.public`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import batched, chain
from typing import Any

from django.db.models import QuerySet

from consultations import search
from cwg.searching import public
from meetings.finding import Entry, usual_words

AT_ONCE = 500  # rows of which entries are made together
MANY = 20_000  # contributions: fewer are indexed and found quickly anyhow
SAMPLE = 2_000  # of them tell which words are usual


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
    return chain.from_iterable(some_at_a_time())


def some_at_a_time() -> Iterator[list[Entry]]:
    """Yield the entries of everything that everybody reads, of some rows together; never none."""
    for indexed in KINDS.values():
        after = 0
        while rows := list(indexed.rows().filter(pk__gt=after).order_by("pk")[:AT_ONCE]):
            # those of a language together: its words are then at hand for whoever takes them apart
            yield sorted(indexed.entries(rows), key=lambda entry: entry.values("language"))
            after = rows[-1].pk


def are_many() -> bool:
    """Say whether there are so many contributions that more is done for them than for few."""
    return KINDS[search.KIND].rows().order_by().count() >= MANY


def usual() -> frozenset[str]:
    """Return the words that stand in very many entries, as a sample of the contributions tells."""
    if not are_many():
        return frozenset()
    # every tenth, hundredth … of them, whatever keys they have
    keys = list(KINDS[search.KIND].rows().order_by("pk").values_list("pk", flat=True))
    spread = keys[:: max(len(keys) // SAMPLE, 1)]
    some = (of_keys(search.KIND, each) for each in batched(spread, AT_ONCE, strict=False))
    return usual_words(entry for each in some for entry in each)
