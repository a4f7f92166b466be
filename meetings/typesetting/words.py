"""Where a printed line may end: which words stay whole, which are too long for any line.

A line that ends at the hyphen of "multi-stakeholder" is copied, searched and read aloud without
that hyphen by many programs. Nothing of this adds or takes away a letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from enum import StrEnum

from .runs import Run

_KEPT_WHOLE = 32  # a word up to this length that has a break inside stays on one line
LONGEST = 60  # letters of one word that fit on a line
_PART = 10  # letters of a longer word that stay together: wide ones fit on the narrowest line
# Chinese has no spaces and breaks nearly anywhere: its letters part words as a space does.
# A dash between spaces stays with the word before it: no line begins with one.
_WORD = re.compile("[^ \u2e80-\U0003ffff]+(?: [\u2013\u2014](?= ))?")
_BREAK_INSIDE = re.compile("[-\u2010\u2012-\u2014/|\\\\?!}%…].")
_MARKS = "[\u0300-\u036f\u064b-\u065f]*"


class Breaking(StrEnum):
    """How the letters of a stretch may part at the end of a line."""

    FREE = "free"  # wherever the language allows
    WHOLE = "whole"  # nowhere
    LONG = "long"  # between its parts, for no line could hold it


def stretches(runs: Iterable[Run], longest: int = LONGEST) -> Iterator[tuple[Breaking, list[Run]]]:
    """Yield all letters of `runs` in order, cut where the rule for breaking changes.

    `longest` is how many letters of one word fit on a line.
    """
    runs = list(runs)
    ends = list(_ends("".join(run.text for run in runs), longest))
    at, place, taken = 0, 0, list[Run]()
    for run in runs:
        rest = run.text
        while rest:
            end, breaking = ends[place]
            part, rest = rest[: end - at], rest[end - at :]
            at += len(part)
            taken.append(replace(run, text=part))
            if at == end:
                yield breaking, taken
                place, taken = place + 1, []


def slices(run: Run, longest: int = LONGEST) -> Iterator[Run]:
    """Yield `run` in short parts between which a line may end, no mark parted from its letter."""
    for match in re.finditer(f".{{1,{min(longest, _PART)}}}{_MARKS}", run.text, re.DOTALL):
        yield replace(run, text=match[0])


def _ends(text: str, longest: int) -> Iterator[tuple[int, Breaking]]:
    """Yield where each stretch of `text` ends, and how it breaks."""
    done = 0
    for word in _WORD.finditer(text):
        breaking = _breaking(word, text, longest)
        if breaking is Breaking.FREE:
            continue
        if done < word.start():
            yield word.start(), Breaking.FREE
        done = word.end()
        yield done, breaking
    if done < len(text):
        yield len(text), Breaking.FREE


def _breaking(word: re.Match[str], text: str, longest: int) -> Breaking:
    length = word.end() - word.start()
    if length > longest:
        return Breaking.LONG
    alone = text[word.end() : word.end() + 1] in ("", " ")
    if alone and length <= _KEPT_WHOLE and (" " in word[0] or _BREAK_INSIDE.search(word[0])):
        return Breaking.WHOLE
    return Breaking.FREE
