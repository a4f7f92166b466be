"""Answers of the index: the best hits, how many there are by facet, and those that are kept.

Counts are exact. A facet that is itself narrowed shows its counts as if its own choice were not made,
so that one sees what another choice would give.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import tantivy

from meetings.finding import engine, kept, shelf
from meetings.finding.asking import Query, Term
from meetings.finding.entry import FACETS
from meetings.finding.opened import Open, forget, opened_now

MOST_VALUES = 1_000_000  # words of a column: all of them, or counts would not be exact
FIRST = 20  # hits that are kept with the counts of a usual word


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that was found, and how well it fits (nothing to be compared between searches)."""

    key: str
    score: float


def page_of(
    opened: Open,
    query: Query,
    narrowing: Mapping[str, frozenset[str]],
    *,
    limit: int,
    offset: int,
    newest: bool,
) -> tuple[Hit, ...]:
    """Return the hits of a page: those first in which all words stand as they are typed."""
    asker = opened.asker
    if newest:
        return _best(opened, asker.narrowed(query, narrowing), limit, offset, by="order")
    as_typed = asker.narrowed(query, narrowing, as_typed=True)
    hits = _best(opened, as_typed, limit, offset)
    if len(hits) < limit and any(not (each.phrase or each.prefix) for each in query.terms):
        before = _number(opened, as_typed)
        rest = asker.other_forms(query, narrowing)
        hits += _best(opened, rest, limit - len(hits), max(offset - before, 0))
    return hits


def _best(
    opened: Open, asked: tantivy.Query, limit: int, offset: int, *, by: str | None = None
) -> tuple[Hit, ...]:
    found = opened.searcher.search(asked, limit, count=False, offset=offset, order_by_field=by)
    return tuple(
        Hit(key_of(opened.searcher, address), float(score)) for score, address in found.hits
    )


def _number(opened: Open, asked: tantivy.Query) -> int:
    # each entry has an order: as many as have one are found
    told = opened.searcher.aggregate(asked, {"order": {"value_count": {"field": "order"}}})
    return int(told["order"]["value"])


def key_of(searcher: tantivy.Searcher, address: tantivy.DocAddress) -> str:
    """Return the key of an entry by its address in the index."""
    return str(searcher.doc(address).get_first("key"))


def counted(
    opened: Open,
    query: Query,
    narrowing: Mapping[str, frozenset[str]],
    facets: Collection[str],
) -> dict[str, dict[str, int]]:
    """Return the counts of each facet by value, and under "" how many are found in all.

    Each column is counted once, narrowed by what is chosen of others: what is chosen of its own
    facets is then told by its words, so that each facet is counted as if it were not chosen itself.
    """
    wanted = [
        column for column, names in engine.COUNTED.items() if any(name in facets for name in names)
    ] or ["speaking"]
    # what is chosen of the facets that a column is to count
    own = {
        column: {name for name in engine.COUNTED[column] if name in facets and name in narrowing}
        for column in wanted
    }
    together = [column for column in wanted if not own[column]]
    buckets = in_columns(opened, query, narrowing, together) if together else {}
    for column in wanted:
        if own[column]:
            others = {name: values for name, values in narrowing.items() if name not in own[column]}
            buckets |= in_columns(opened, query, others, [column])
    counts: dict[str, dict[str, int]] = {}
    for column in wanted:
        counts |= _by_value(column, buckets[column], narrowing, facets)
    return counts


def _by_value(
    column: str,
    buckets: Mapping[str, int],
    narrowing: Mapping[str, frozenset[str]],
    facets: Collection[str],
) -> dict[str, dict[str, int]]:
    """Return the counts of the facets of one column, and under "" how many fit all that is chosen."""
    names = engine.COUNTED[column]
    chosen = {name: narrowing[name] for name in names if name in narrowing}
    counts: dict[str, dict[str, int]] = {name: {} for name in names if name in facets}
    total = 0
    for word, number in buckets.items():
        told = engine.told(column, word)
        lacking = [name for name, values in chosen.items() if values.isdisjoint(told[name])]
        if not lacking:
            total += number
        elif len(lacking) > 1:
            continue
        for name in lacking or counts:
            if name in counts:
                of_facet = counts[name]
                for value in told[name]:
                    of_facet[value] = of_facet.get(value, 0) + number
    return {**counts, "": {"": total}}


def what_narrows(
    opened: Open, narrowing: Mapping[str, frozenset[str]]
) -> dict[str, frozenset[str]]:
    """Return what narrows at all: a group that all entries of a kind are of costs time for nothing."""
    if "group" not in narrowing:
        return dict(narrowing)
    same = {name: values for name, values in narrowing.items() if name in {"kind", "group"}}
    if opened.remembered(("all of", frozenset(same.items())), lambda: _is_all_of_it(opened, same)):
        return {name: values for name, values in narrowing.items() if name != "group"}
    return dict(narrowing)


def _is_all_of_it(opened: Open, narrowing: Mapping[str, frozenset[str]]) -> bool:
    """Say whether as many entries are of these kinds and of this group as are of these kinds."""
    everything = opened.remembered(
        "all", lambda: in_columns(opened, Query(), {}, ["about"])["about"]
    )
    kind = {name: values for name, values in narrowing.items() if name == "kind"}
    of_kind, of_both = (
        _by_value("about", everything, chosen, ())[""][""] for chosen in (kind, narrowing)
    )
    return of_both == of_kind


def in_columns(
    opened: Open,
    query: Query,
    narrowing: Mapping[str, frozenset[str]],
    columns: Collection[str],
) -> dict[str, dict[str, int]]:
    """Return how often each word of some columns stands in what is found; each entry has one of each."""
    narrowed = opened.asker.narrowed(query, narrowing)
    wanted = {name: {"terms": {"field": name, "size": MOST_VALUES}} for name in columns}
    told = opened.searcher.aggregate(narrowed, wanted)
    return {
        name: {str(each["key"]): int(each["doc_count"]) for each in told[name]["buckets"]}
        for name in columns
    }


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer that is kept beside the index: the counts of all facets, and the first hits."""

    counts: dict[str, dict[str, int]]
    first: tuple[Hit, ...]


def kept_answer(
    opened: Open, query: Query, narrowing: Mapping[str, frozenset[str]], *, newest: bool
) -> Kept | None:
    """Return the answer that is kept beside the index, or None: for most there is none."""
    if narrowing.get("kind") != engine.VERY_MANY or not {*narrowing} <= {"kind", "group"}:
        return None
    # one word, the best first; or none, the newest first
    plain = tuple(Term(each.words[:1]) for each in query.terms)
    if plain != query.terms or len(plain) != (0 if newest else 1):
        return None
    word = plain[0].words[0] if plain else ""
    read = opened.answers.read(_named(word, narrowing))
    try:
        return Kept(read["counts"], tuple(Hit(*each) for each in read["hits"])) if read else None
    except (KeyError, TypeError):  # not what is written here
        return None


def _named(word: str, narrowing: Mapping[str, Collection[str]]) -> str:
    return " ".join((word, *sorted(narrowing.get("group", ()))))


def keep_answers(*, quiet: float = 0.0, going_on: Callable[[], bool] = lambda: True) -> int:
    """Keep beside the index what each usual word finds among the kinds of which there are very many.

    Does nothing where all of it is kept, or where the index was written within `quiet` seconds, and
    keeps nothing where `going_on`, asked between any two, says no. Return how many answers were
    written. The caller is the only writer (`shelf.writing`). Raises OSError, BrokenIndexError.
    """
    folder = shelf.current()
    if folder is None or not shelf.usual(folder):
        return 0
    if time.time() - (folder / "index" / "meta.json").stat().st_mtime < quiet:
        return 0
    if kept.are_of(folder, kept.state_of(folder)):
        return 0
    forget()
    opened = opened_now()
    if opened is None:
        return 0
    answers = []
    with engine.guarded():
        for each in _answers_to_keep(opened):
            answers.append(each)
            if not going_on():
                return 0
    kept.write(opened.folder, opened.state, answers)
    return len(answers)


def _answers_to_keep(opened: Open) -> Iterator[tuple[str, Any]]:
    """Yield the name and the answer for each usual word and for no word, of each group and of all."""
    of_all = {"kind": engine.VERY_MANY}
    groups = counted(opened, Query(), of_all, ("group",))["group"]
    each_group = ({**of_all, "group": frozenset({group})} for group in groups)
    narrowings = [of_all, *(told for told in each_group if told == what_narrows(opened, told))]
    for word in ("", *sorted(opened.asker.usual.words)):
        query = Query((Term((word,)),) if word else ())
        for narrowing in narrowings:
            hits = page_of(opened, query, narrowing, limit=FIRST, offset=0, newest=not word)
            counts = counted(opened, query, narrowing, FACETS)
            first = [(each.key, each.score) for each in hits]
            yield _named(word, narrowing), {"counts": counts, "hits": first}
