"""Which paragraph of one document is which of another: equal words first, then likeness.

The time it takes grows with the number of paragraphs, not with its square: what is equal splits
the two documents into stretches, and inside a stretch only neighbours are compared.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field

from .printed import HEAD, Place, Printed
from .tree import plain

type Pair = tuple[int, int]
type Stretch = tuple[int, int, int, int]  # from, to of the old; from, to of the new

_ALIKE = 0.4  # from here on two paragraphs are one that was changed
_SAME_ANCHOR = 0.2  # what a common anchor adds to that
_NEIGHBOURS = 30  # how far from its expected place a changed paragraph is looked for
_ALL = 10_000  # up to so many comparisons in a stretch, everything is compared with everything
_WORD = re.compile("[\u2e80-\U0003ffff]|[^\\W\u2e80-\U0003ffff]+")
_RUNNING = frozenset({Place.PARAGRAPH, Place.ITEM})


def aligned(
    old: Sequence[Printed], new: Sequence[Printed]
) -> list[tuple[Printed | None, Printed | None]]:
    """Return what is printed in `old` and `new` side by side, None where the other has nothing.

    The order of both is kept: what was moved has been removed here and added there.
    """
    rows: list[tuple[Printed | None, Printed | None]] = []
    done, also_done = 0, 0
    for place, other in [*_pairs(old, new), (len(old), len(new))]:
        rows += [(each, None) for each in old[done:place]]
        rows += [(None, each) for each in new[also_done:other]]
        done, also_done = place + 1, other + 1
        if place < len(old):
            rows.append((old[place], new[other]))
    return rows


@dataclass(frozen=True, slots=True)
class _Side:
    """One document as it is compared: what makes a paragraph equal, and what alike."""

    printed: Sequence[Printed]
    kinds: list[Hashable] = field(default_factory=list)
    words: list[Hashable] = field(default_factory=list)
    anchors: list[Hashable] = field(default_factory=list)
    sets: list[frozenset[str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for each in self.printed:
            kind = _kind(each)
            texts = tuple(map(plain, each.cells))
            self.kinds.append(kind)
            self.words.append((kind, texts))
            self.anchors.append((kind, each.anchor) if each.anchor else None)
            self.sets.append(frozenset(_WORD.findall(" ".join(texts).lower())))


def _kind(each: Printed) -> Hashable:
    """Return what two paragraphs must have in common to be one."""
    return "running" if each.place in _RUNNING else (each.place, len(each.cells))


def _pairs(old_printed: Sequence[Printed], new_printed: Sequence[Printed]) -> list[Pair]:
    old, new = _Side(old_printed), _Side(new_printed)
    pairs: list[Pair] = []
    waiting: list[Stretch] = [(0, len(old_printed), 0, len(new_printed))]
    while waiting:
        start, end, other, other_end = waiting.pop()
        while start < end and other < other_end and old.words[start] == new.words[other]:
            pairs.append((start, other))
            start, other = start + 1, other + 1
        while start < end and other < other_end and old.words[end - 1] == new.words[other_end - 1]:
            end, other_end = end - 1, other_end - 1
            pairs.append((end, other_end))
        if start == end or other == other_end:
            continue
        stretch = (start, end, other, other_end)
        found = _once_in_both(old.words, new.words, stretch) or _by_anchor(old, new, stretch)
        if found:
            pairs += found
            waiting += _between(found, stretch)
        else:
            pairs += _most_alike(old, new, stretch)
    return sorted(pairs)


def _between(pairs: list[Pair], stretch: Stretch) -> list[Stretch]:
    start, end, other, other_end = stretch
    gaps = []
    for place, place_in_other in [*pairs, (end, other_end)]:
        gaps.append((start, place, other, place_in_other))
        start, other = place + 1, place_in_other + 1
    return gaps


def _once_in_both(old: Sequence[Hashable], new: Sequence[Hashable], stretch: Stretch) -> list[Pair]:
    """Return the longest row of pairs, in both orders, whose key stands once on either side."""
    start, end, other, other_end = stretch
    count, count_in_other = Counter(old[start:end]), Counter(new[other:other_end])
    places = {
        key: place
        for place, key in enumerate(new[other:other_end], other)
        if key is not None and count_in_other[key] == 1
    }
    return _in_order(
        [
            (place, places[key], 1)
            for place, key in enumerate(old[start:end], start)
            if count[key] == 1 and key in places
        ]
    )


def _by_anchor(old: _Side, new: _Side, stretch: Stretch) -> list[Pair]:
    """Return pairs of one anchor that are alike: an anchor may count, and the count may shift."""
    found = _once_in_both(old.anchors, new.anchors, stretch)
    return [(place, other) for place, other in found if _likeness(old, new)(place, other) > 0]


def _in_order(candidates: Sequence[tuple[int, int, float]]) -> list[Pair]:
    """Return those pairs of `candidates` that stand in order on both sides and weigh most.

    `candidates` are first, second and weight, sorted by the first and, under one first, by the
    second from the last to the first. A tree of maxima (Fenwick's) finds what each goes on from.
    """
    if not candidates:
        return []
    least = min(second for _, second, _ in candidates)
    size = max(second for _, second, _ in candidates) - least + 1
    heaviest = [(0.0, -1)] * (size + 1)
    before: list[int] = []
    for n, (_, second, weight) in enumerate(candidates):
        best, step = (0.0, -1), second - least
        while step > 0:
            best, step = max(best, heaviest[step]), step - (step & -step)
        before.append(best[1])
        step = second - least + 1
        while step <= size:
            heaviest[step] = max(heaviest[step], (best[0] + weight, n))
            step += step & -step
    best, step = (0.0, -1), size
    while step > 0:
        best, step = max(best, heaviest[step]), step - (step & -step)
    row, last = list[Pair](), best[1]
    while last >= 0:
        row.append(candidates[last][:2])
        last = before[last]
    return row[::-1]


def _likeness(old: _Side, new: _Side) -> Callable[[int, int], float]:
    """Return a function that says how much one paragraph is the other: above 0 to 1.2, else 0."""

    def likeness(place: int, other: int) -> float:
        if old.kinds[place] != new.kinds[other]:
            return 0
        one, another = old.printed[place], new.printed[other]
        if old.words[place] == new.words[other]:
            return 1.2 if plain(one.number) == plain(another.number) else 1.1
        if one.place in HEAD:
            return 1
        words, others = old.sets[place], new.sets[other]
        common = 2 * len(words & others) / ((len(words) + len(others)) or 1)
        if one.anchor and one.anchor == another.anchor and common:
            common += _SAME_ANCHOR
        return common if common >= _ALIKE else 0

    return likeness


def _most_alike(old: _Side, new: _Side, stretch: Stretch) -> list[Pair]:
    """Return the pairs of a stretch, in order, that are together most alike."""
    start, end, other, other_end = stretch
    rows, columns = end - start, other_end - other
    reach = columns if rows * columns <= _ALL else max(_NEIGHBOURS, 2 * columns // rows)
    likeness = _likeness(old, new)
    candidates = []
    for row in range(rows):
        middle = row * columns // rows
        for column in range(min(middle + reach, columns - 1), max(middle - reach, 0) - 1, -1):
            if score := likeness(start + row, other + column):
                candidates.append((start + row, other + column, score))
    return _in_order(candidates)
