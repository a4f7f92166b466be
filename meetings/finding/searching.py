"""Ask the index: the best hits of a page, how many there are, and how many share each facet.

Counts are exact. A facet that is itself narrowed shows its counts as if its own choice were not made,
so that one sees what another choice would give.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import tantivy

from meetings.finding import engine, shelf
from meetings.finding.asking import Query, asked

DEEPEST = 10_000  # hits that are shown of any search: what comes after is narrowed to, or exported
MOST_VALUES = 2_000  # of a facet that are counted
LOOKED_AFTER = 1.0  # seconds after which a process looks whether the index changed
BEHIND_AFTER = 60.0  # seconds since the list of changes was last seen to its end
REMEMBERED = 500  # counts of searches, as long as the index stays the same
AT_ONCE = 10_000  # keys that `every_key` asks for


class State(StrEnum):
    """How far the index holds what the database holds."""

    WHOLE = "whole"
    BEHIND = "behind"  # nobody followed the changes lately
    BUILDING = "building"  # there is none yet: nothing is found


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that was found, and how well it fits (nothing to be compared between searches)."""

    key: str
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """What was found: how much there is, the hits of a page, and the counts of facets."""

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, Mapping[str, int]]
    state: State


@dataclass(slots=True)
class _Open:
    """The index as this process has it open."""

    folder: Path
    index: tantivy.Index
    searcher: tantivy.Searcher
    written: tuple[int, int]
    looked: float
    counts: OrderedDict[object, dict[str, dict[str, int]]] = field(default_factory=OrderedDict)


_open: _Open | None = None
_lock = threading.Lock()


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
    "group". Never raises for an index that is lost or broken: its state says so.
    """
    query = asked(typed) if isinstance(typed, str) else typed
    narrowing = _narrowing(kinds, group, chosen or {})
    unknown = {*narrowing, *facets} - {*engine.COUNTED}
    if unknown:
        raise ValueError(f"No such facet: {', '.join(sorted(unknown))}.")
    for _ in range(2):  # the index may be replaced while it is asked
        opened = _opened()
        if opened is None:
            break
        try:
            with engine.guarded():
                return _search(
                    opened, query, narrowing, facets, limit=limit, offset=offset, newest=newest
                )
        except engine.BrokenIndexError:
            forget()
            if _answers(opened):  # it was this question
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
    """Yield the keys of all that is found, the newest first, from one state of the index."""
    query = asked(typed) if isinstance(typed, str) else typed
    opened = _opened()
    if opened is None:
        return
    searcher = opened.searcher
    narrowed = engine.Asker(searcher).narrowed(
        query, _narrowing(kinds, group, chosen or {}), ranked=False
    )
    offset = 0
    while True:
        found = searcher.search(
            narrowed, AT_ONCE, count=False, offset=offset, order_by_field="order"
        )
        for _, address in found.hits:
            yield _key(searcher, address)
        if len(found.hits) < AT_ONCE:
            return
        offset += AT_ONCE


def state() -> State:
    """Return how far the index holds what the database holds."""
    opened = _opened()
    return State.BUILDING if opened is None else _state(opened)


def version() -> str:
    """Return another word for each state of the index, for whoever keeps what was made of it."""
    opened = _opened()
    if opened is None:
        return State.BUILDING
    return f"{opened.folder.name} {opened.written} {_state(opened)}"


def _answers(opened: _Open) -> bool:
    """Say whether an index answers the plainest question."""
    try:
        with engine.guarded():
            searcher = opened.searcher
            found = searcher.search(tantivy.Query.all_query(), 1)
            for _, address in found.hits:
                searcher.doc(address)
            _aggregate(opened, engine.Asker(searcher), Query(), {}, ["kind"])
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
    opened: _Open,
    query: Query,
    narrowing: Mapping[str, frozenset[str]],
    facets: Collection[str],
    *,
    limit: int,
    offset: int,
    newest: bool,
) -> Found:
    searcher, asker = opened.searcher, engine.Asker(opened.searcher)
    counts = _counts(opened, asker, query, narrowing, facets)
    total = counts[""][""]
    limit = min(limit, DEEPEST - offset, total - offset)
    hits: tuple[Hit, ...] = ()
    if limit > 0:
        narrowed = asker.narrowed(query, _telling(opened, asker, narrowing), ranked=not newest)
        found = searcher.search(
            narrowed, limit, count=False, offset=max(offset, 0),
            order_by_field="order" if newest else None,
        )  # fmt: skip
        hits = tuple(Hit(_key(searcher, address), float(score)) for score, address in found.hits)
    return Found(total, hits, {name: counts[name] for name in facets}, _state(opened))


def _key(searcher: tantivy.Searcher, address: tantivy.DocAddress) -> str:
    return str(searcher.doc(address).get_first("key"))


def _counts(
    opened: _Open,
    asker: engine.Asker,
    query: Query,
    narrowing: Mapping[str, frozenset[str]],
    facets: Collection[str],
) -> dict[str, dict[str, int]]:
    """Return the counts of each facet by value, and under "" how many are found in all."""
    remembered = (query.terms, frozenset(narrowing.items()), frozenset(facets))
    with _lock:
        known = opened.counts.get(remembered)
        if known is not None:
            opened.counts.move_to_end(remembered)
            return known
    told = _telling(opened, asker, narrowing)
    free = [name for name in facets if name not in narrowing]
    counts = _aggregate(opened, asker, query, told, free)
    for name in facets:
        if name in narrowing:
            others = {key: values for key, values in told.items() if key != name}
            counts[name] = _aggregate(opened, asker, query, others, [name])[name]
    with _lock:
        opened.counts[remembered] = counts
        while len(opened.counts) > REMEMBERED:
            opened.counts.popitem(last=False)
    return counts


def _telling(
    opened: _Open, asker: engine.Asker, narrowing: Mapping[str, frozenset[str]]
) -> dict[str, frozenset[str]]:
    """Return what narrows at all: a kind or a group that everything is of costs time for nothing."""
    told = {}
    for name, values in narrowing.items():
        if name in {"kind", "group"}:
            all_of_it = opened.counts.get(name)
            if all_of_it is None:
                all_of_it = _aggregate(opened, asker, Query(), {}, [name])
                with _lock:
                    opened.counts[name] = all_of_it
            if sum(all_of_it[name].get(value, 0) for value in values) == all_of_it[""][""]:
                continue
        told[name] = values
    return told


def _aggregate(
    opened: _Open,
    asker: engine.Asker,
    query: Query,
    narrowing: Mapping[str, frozenset[str]],
    facets: Collection[str],
) -> dict[str, dict[str, int]]:
    narrowed = asker.narrowed(query, narrowing, ranked=False)
    wanted = {name: {"terms": {"field": name, "size": MOST_VALUES}} for name in facets}
    # each entry has an order: as many as have one are found
    wanted["order"] = {"value_count": {"field": "order"}}
    told = opened.searcher.aggregate(narrowed, wanted)
    counts = {
        name: {str(each["key"]): int(each["doc_count"]) for each in told[name]["buckets"]}
        for name in facets
    }
    return {**counts, "": {"": int(told["order"]["value"])}}


def _state(opened: _Open) -> State:
    try:
        since = time.time() - (opened.folder / "seen").stat().st_mtime
    except OSError:
        return State.BEHIND
    return State.BEHIND if since > BEHIND_AFTER else State.WHOLE


def _opened() -> _Open | None:
    """Return the index, opened anew where it was written since; looked at once a second at most."""
    global _open  # noqa: PLW0603  # one for each process
    opened = _open
    if opened is not None and time.monotonic() - opened.looked < LOOKED_AFTER:
        return opened
    with _lock:
        opened, looked = _open, time.monotonic()
        folder = shelf.current()
        if folder is None:
            _open = None
            return None
        try:
            with engine.guarded():
                about = (folder / "index" / "meta.json").stat()
                written = (about.st_mtime_ns, about.st_ino)
                if opened is not None and (opened.folder, opened.written) == (folder, written):
                    opened.looked = looked
                    return opened
                if opened is None or opened.folder != folder:
                    index = tantivy.Index.open(str(folder / "index"))
                    index.config_reader("manual")
                else:
                    index = opened.index
                index.reload()
                _open = _Open(folder, index, index.searcher(), written, looked)
        except engine.BrokenIndexError:
            _open = None
            if shelf.current() == folder:  # else it was replaced just now
                with suppress(OSError):
                    shelf.give_up(folder)
        return _open


def forget() -> None:
    """Open the index anew next time."""
    global _open  # noqa: PLW0603  # one for each process
    _open = None
