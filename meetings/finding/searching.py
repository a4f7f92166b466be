"""Ask the index: the best hits of a page, how many there are, and how many share each facet.

Counts are exact. A facet that is itself narrowed shows its counts as if its own choice were not made,
so that one sees what another choice would give.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, cast

import tantivy

from meetings.finding import engine, shelf
from meetings.finding.asking import Query, asked
from meetings.finding.entry import ABOUT, SPEAKING
from meetings.finding.usual import Usual

DEEPEST = 10_000  # hits that are shown of any search: what comes after is narrowed to, or exported
MOST_VALUES = 1_000_000  # words of a column: all of them, or counts would not be exact
LOOKED_AFTER = 1.0  # seconds after which a process looks whether the index changed
BEHIND_AFTER = 60.0  # seconds since the list of changes was last seen to its end
REMEMBERED = 1_000  # counts, and hits of pages, as long as the index stays the same
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
    asker: engine.Asker
    kept: OrderedDict[object, Any] = field(default_factory=OrderedDict)

    def remembered[Answer](self, asked: object, answer: Callable[[], Answer]) -> Answer:
        """Return the answer to what was asked, found once as long as the index stays the same."""
        with _lock:
            if asked in self.kept:
                self.kept.move_to_end(asked)
                return cast("Answer", self.kept[asked])
        told = answer()
        with _lock:
            self.kept[asked] = told
            while len(self.kept) > REMEMBERED:
                self.kept.popitem(last=False)
        return told


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
    "group"; what stands in `entry.NARROWING` can be chosen only. Never raises for an index that is
    lost or broken: its state says so.
    """
    query = asked(typed) if isinstance(typed, str) else typed
    narrowing = _narrowing(kinds, group, chosen or {})
    unknown = ({*narrowing} - {*engine.NARROWED}) | ({*facets} - {*ABOUT, *SPEAKING})
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
    """Yield the keys of all that is found, the newest first, from one state of the index.

    Raises BrokenIndexError.
    """
    query = asked(typed) if isinstance(typed, str) else typed
    opened = _opened()
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
            keys = [_key(searcher, address) for _, address in found.hits]
        yield from keys
        if len(keys) < AT_ONCE:
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
            _buckets(opened, Query(), {}, engine.COUNTED)
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
    told = _telling(opened, narrowing)
    same = (query.terms, frozenset(told.items()))
    counts = opened.remembered(
        (*same, frozenset(facets)), lambda: _counts(opened, query, told, facets)
    )
    total = counts[""][""]
    limit = min(limit, DEEPEST - offset, total - offset)
    hits: tuple[Hit, ...] = ()
    if limit > 0:
        hits = opened.remembered(
            (*same, limit, offset, newest),
            lambda: _hits(opened, query, told, limit=limit, offset=max(offset, 0), newest=newest),
        )
    return Found(total, hits, {name: counts[name] for name in facets}, _state(opened))


def _hits(
    opened: _Open,
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
    opened: _Open, asked: tantivy.Query, limit: int, offset: int, *, by: str | None = None
) -> tuple[Hit, ...]:
    found = opened.searcher.search(asked, limit, count=False, offset=offset, order_by_field=by)
    return tuple(Hit(_key(opened.searcher, address), float(score)) for score, address in found.hits)


def _number(opened: _Open, asked: tantivy.Query) -> int:
    # each entry has an order: as many as have one are found
    told = opened.searcher.aggregate(asked, {"order": {"value_count": {"field": "order"}}})
    return int(told["order"]["value"])


def _key(searcher: tantivy.Searcher, address: tantivy.DocAddress) -> str:
    return str(searcher.doc(address).get_first("key"))


def _counts(
    opened: _Open,
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
    buckets = _buckets(opened, query, narrowing, together) if together else {}
    for column in wanted:
        if own[column]:
            others = {name: values for name, values in narrowing.items() if name not in own[column]}
            buckets |= _buckets(opened, query, others, [column])
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


def _telling(opened: _Open, narrowing: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """Return what narrows at all: a group that all entries of a kind are of costs time for nothing."""
    if "group" not in narrowing:
        return dict(narrowing)
    same = {name: values for name, values in narrowing.items() if name in {"kind", "group"}}
    if opened.remembered(("all of", frozenset(same.items())), lambda: _is_all_of_it(opened, same)):
        return {name: values for name, values in narrowing.items() if name != "group"}
    return dict(narrowing)


def _is_all_of_it(opened: _Open, narrowing: Mapping[str, frozenset[str]]) -> bool:
    """Say whether as many entries are of these kinds and of this group as are of these kinds."""
    everything = opened.remembered("all", lambda: _buckets(opened, Query(), {}, ["about"])["about"])
    kind = {name: values for name, values in narrowing.items() if name == "kind"}
    of_kind, of_both = (
        _by_value("about", everything, chosen, ())[""][""] for chosen in (kind, narrowing)
    )
    return of_both == of_kind


def _buckets(
    opened: _Open,
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
                searcher = index.searcher()
                asker = engine.Asker(searcher, Usual(shelf.usual(folder)))
                _open = _Open(folder, index, searcher, written, looked, asker)
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


def forget_answers() -> None:
    """Ask the index again next time, whatever was asked before: for measuring."""
    with _lock:
        if _open is not None:
            _open.kept.clear()
