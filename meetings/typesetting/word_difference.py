"""What became of one text in another, word by word."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum

from .tree import Spans, plain

# A word with the space before it. "C26/51", "23-24" and "multi-stakeholder" are one word each; a
# sign is one, and so is each Chinese letter. A mark on a letter is never parted from it.
_MARKS = "\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
_LETTER = rf"(?:[^\W\u2e80-\U0003ffff][{_MARKS}\u200c\u200d]*)"
_TOKEN = re.compile(
    rf"\s*(?:{_LETTER}+(?:[-‐‑–/.'’]{_LETTER}+)*|[^\s\w][{_MARKS}\ufe0f]*|\w[{_MARKS}]*)|\s+"
)
_SHORT = 3  # letters: what was kept between two changes and is no longer is read with them
_MOST = 200_000  # pairs of equal words; beyond that a text counts as rewritten


class Fate(StrEnum):
    """What became of words."""

    KEPT = "kept"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Piece:
    """Words with one fate: added and kept ones as the new text has them, removed ones as the old."""

    fate: Fate
    spans: Spans


def word_difference(old: Spans, new: Spans) -> tuple[Piece, ...]:
    """Return the pieces of both texts in order.

    What was kept and added is `new`, letter for letter, what was kept and removed is `old`.
    """
    words, others = _TOKEN.findall(plain(old)), _TOKEN.findall(plain(new))
    from_old, from_new = _Cutting(old), _Cutting(new)
    pieces: list[Piece] = []
    for fate, removed, added in _runs(words, others):
        gone, come = from_old.take(sum(map(len, removed))), from_new.take(sum(map(len, added)))
        if fate is Fate.KEPT:
            pieces.append(Piece(Fate.KEPT, come))
        else:
            pieces += [Piece(Fate.REMOVED, gone)] if gone else []
            pieces += [Piece(Fate.ADDED, come)] if come else []
    return tuple(pieces)


def whole(fate: Fate, spans: Spans) -> tuple[Piece, ...]:
    """Return `spans` as one piece, or none where there is no word."""
    return (Piece(fate, spans),) if spans else ()


def _runs(
    words: Sequence[str], others: Sequence[str]
) -> Iterator[tuple[Fate, Sequence[str], Sequence[str]]]:
    """Yield what was kept (the same words twice) and what was changed (gone and come) in turn."""
    gone: list[str] = []
    come: list[str] = []
    blocks = _kept(words, others)
    place = other = 0
    for start, start_in_other, length in blocks:
        gone += words[place:start]
        come += others[other:start_in_other]
        place, other = start + length, start_in_other + length
        kept = words[start:place]
        inside = gone and (place < len(words) or other < len(others))
        if inside and sum(map(len, kept)) - kept[0][:1].isspace() < _SHORT:
            gone += kept
            come += kept
            continue
        if gone or come:
            yield Fate.ADDED, gone, come
            gone, come = [], []
        yield Fate.KEPT, kept, kept
    gone += words[place:]
    come += others[other:]
    if gone or come:
        yield Fate.ADDED, gone, come


def _kept(words: Sequence[str], others: Sequence[str]) -> list[tuple[int, int, int]]:
    """Return where words were kept: from in both, and how many."""
    first = 0
    while first < min(len(words), len(others)) and words[first] == others[first]:
        first += 1
    last = 0
    while last < min(len(words), len(others)) - first and words[-1 - last] == others[-1 - last]:
        last += 1
    one, another = words[first : len(words) - last], others[first : len(others) - last]
    found = [(0, 0, first)]
    count, count_in_other = Counter(one), Counter(another)
    if sum(many * count_in_other[word] for word, many in count.items()) <= _MOST:
        matcher = SequenceMatcher(None, one, another, autojunk=False)
        found += [(first + m.a, first + m.b, m.size) for m in matcher.get_matching_blocks()]
    found.append((len(words) - last, len(others) - last, last))
    return [block for block in found if block[2]]


class _Cutting:
    """Spans from which letters are taken from the front."""

    def __init__(self, spans: Spans) -> None:
        self._waiting = list(spans)[::-1]

    def take(self, letters: int) -> Spans:
        taken = []
        while letters:
            span = self._waiting.pop()
            if len(span.text) > letters:
                self._waiting.append(replace(span, text=span.text[letters:]))
                span = replace(span, text=span.text[:letters])
            letters -= len(span.text)
            if span.text:
                taken.append(span)
        return tuple(taken)
