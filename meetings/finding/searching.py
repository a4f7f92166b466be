"""Ask the index: the best hits of a page, how many there are, and how many share each facet."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum

import tantivy

from meetings.finding import engine, shelf
from meetings.finding.answering import (
    FIRST,
    Hit,
    counted,
    in_columns,
    kept_answer,
    key_of,
    page_of,
    what_narrows,
)
from meetings.finding.asking import Query, asked
from meetings.finding.entry import ABOUT, FACETS, SPEAKING
from meetings.finding.opened import Open, forget, opened_now

DEEPEST = 10_000  # hits that are shown of any search: what comes after is narrowed to, or exported
BEHIND_AFTER = 60.0  # seconds since the list of changes was last seen to its end
AT_ONCE = 10_000  # keys that `every_key` asks for


class State(StrEnum):
    """How far the index holds what the database holds."""

    WHOLE = "whole"
    BEHIND = "behind"  # nobody followed the changes lately
    BUILDING = "building"  # there is none yet: nothing is found


@dataclass(frozen=True, slots=True)
class Found:
    """What was found: how much there is, the hits of a page, and the counts of facets."""

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, Mapping[str, int]]
    state: State


def search(
    typed: str | Query,
    *,
    kinds: Collection[str] = (),
    group: int | None = None,
    chosen: Mapping[str, Collection[str]] | None = None,
    facets: Collection[str] = (),
    limit: int = 20,
    offset: int = 0,
    newest: bool = False,
) -> Found:
    """Return what was found for what was `typed`, whatever it is: the best first, or the newest.

    No `kinds` are all of them, no `group` every group's. Of the values `chosen` of a facet any will
    do; of several facets all must fit. Names of facets are those of `entry.FACETS`, "kind" and
    "group"; what stands in `entry.NARROWING` can be chosen only. Never raises for an index that is
    lost or broken: its state says so.
    """
    query = asked(typed) if isinstance(typed, str) else typed
    narrowing = _narrowing(kinds, group, chosen or {})
    unknown = ({*narrowing} - {*engine.NARROWED}) | ({*facets} - {*ABOUT, *SPEAKING})
    if unknown:
        raise ValueError(f"No such facet: {', '.join(sorted(unknown))}.")
    for _ in range(2):  # the index may be replaced while it is asked
        opened = opened_now()
        if opened is None:
            break
        try:
            with engine.guarded():
                return _search(
                    opened, query, narrowing, facets, limit=limit, offset=offset, newest=newest
                )
        except engine.BrokenIndexError:
            forget()
            if _still_answers(opened):  # it was this question
                return Found(0, (), {name: {} for name in facets}, _state(opened))
            with suppress(OSError):
                shelf.give_up(opened.folder)
    return Found(0, (), {name: {} for name in facets}, State.BUILDING)


def every_key(
    typed: str | Query,
    *,
    kinds: Collection[str] = (),
    group: int | None = None,
    chosen: Mapping[str, Collection[str]] | None = None,
) -> Iterator[str]:
    """Yield the keys of all that is found, the newest first, from one state of the index.

    Raises BrokenIndexError.
    """
    query = asked(typed) if isinstance(typed, str) else typed
    opened = opened_now()
    if opened is None:
        return
    searcher = opened.searcher
    narrowed = opened.asker.narrowed(query, _narrowing(kinds, group, chosen or {}))
    offset = 0
    while True:
        with engine.guarded():
            found = searcher.search(
                narrowed, AT_ONCE, count=False, offset=offset, order_by_field="order"
            )
            keys = [key_of(searcher, address) for _, address in found.hits]
        yield from keys
        if len(keys) < AT_ONCE:
            return
        offset += AT_ONCE


def state() -> State:
    """Return how far the index holds what the database holds."""
    opened = opened_now()
    return State.BUILDING if opened is None else _state(opened)


def version() -> str:
    """Return another word for each state of the index, for whoever keeps what was made of it."""
    opened = opened_now()
    if opened is None:
        return State.BUILDING
    return f"{opened.folder.name} {opened.written} {_state(opened)}"


def _still_answers(opened: Open) -> bool:
    """Say whether an index answers the plainest question."""
    try:
        with engine.guarded():
            searcher = opened.searcher
            found = searcher.search(tantivy.Query.all_query(), 1)
            for _, address in found.hits:
                searcher.doc(address)
            in_columns(opened, Query(), {}, engine.COUNTED)
    except engine.BrokenIndexError:
        return False
    return True


def _narrowing(
    kinds: Collection[str], group: int | None, chosen: Mapping[str, Collection[str]]
) -> dict[str, frozenset[str]]:
    narrowing = {name: frozenset(values) for name, values in chosen.items() if values}
    if kinds:
        narrowing["kind"] = frozenset(kinds)
    if group is not None:
        narrowing["group"] = frozenset({str(group)})
    return narrowing


def _search(
    opened: Open,
    query: Query,
    narrowing: Mapping[str, frozenset[str]],
    facets: Collection[str],
    *,
    limit: int,
    offset: int,
    newest: bool,
) -> Found:
    told = what_narrows(opened, narrowing)
    same = (query.terms, frozenset(told.items()))
    usual = opened.remembered(
        (*same, newest, "usual"), lambda: kept_answer(opened, query, told, newest=newest)
    )
    if usual is not None and {*FACETS}.issuperset(facets):
        counts = usual.counts
    else:
        counts = opened.remembered(
            (*same, frozenset(facets)), lambda: counted(opened, query, told, facets)
        )
    total = counts[""][""]
    limit = min(limit, DEEPEST - offset, total - offset)
    hits: tuple[Hit, ...] = ()
    if usual is not None and offset == 0 and limit <= FIRST:
        hits = usual.first[:limit]
    elif limit > 0:
        hits = opened.remembered(
            (*same, limit, offset, newest),
            lambda: page_of(opened, query, told, limit=limit, offset=max(offset, 0), newest=newest),
        )
    return Found(total, hits, {name: counts[name] for name in facets}, _state(opened))


def _state(opened: Open) -> State:
    try:
        since = time.time() - (opened.folder / "seen").stat().st_mtime
    except OSError:
        return State.BEHIND
    return State.BEHIND if since > BEHIND_AFTER else State.WHOLE
