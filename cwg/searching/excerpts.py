"""A line of a text around the words that were found in it, the words marked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

A_LINE = 180  # characters
BEFORE = 60  # shown before the first word found
SLOT = re.compile(r"\{\{[^{}]*\}\}")

type Pieces = tuple[tuple[str, bool], ...]  # text, and whether it is a word that was found


def marked(text: str, words: Sequence[str]) -> Pieces:
    """Return `text` in pieces: each of `words` that stands in it is one that is marked."""
    pattern = _pattern(words)
    if pattern is None:
        return ((text, False),) if text else ()
    pieces: list[tuple[str, bool]] = []
    at = 0
    for found in pattern.finditer(text):
        pieces += [(text[at : found.start()], False), (found[0], True)]
        at = found.end()
    pieces.append((text[at:], False))
    return tuple(piece for piece in pieces if piece[0])


def excerpt(texts: Iterable[str], words: Sequence[str]) -> Pieces:
    """Return a line of that text in which most of `words` stand, around the first of them."""
    printed = [" ".join(SLOT.sub("…", text).split()) for text in texts]
    printed = [text for text in printed if text]
    if not printed:
        return ()
    best = max(printed, key=lambda text: _count(text, words))  # the first among equals
    return marked(_line(best, words), words)


def _line(text: str, words: Sequence[str]) -> str:
    if len(text) <= A_LINE:
        return text
    pattern = _pattern(words)
    found = pattern.search(text) if pattern is not None else None
    start = max(found.start() - BEFORE, 0) if found is not None else 0
    if start:
        start = text.rfind(" ", 0, start + 1) + 1  # not in the middle of a word
    end = start + A_LINE
    if end < len(text):
        end = (
            text.rfind(" ", start + A_LINE // 2, end)
            if " " in text[start + A_LINE // 2 : end]
            else end
        )
    return f"{'… ' if start else ''}{text[start:end].strip()}{' …' if end < len(text) else ''}"


def _count(text: str, words: Sequence[str]) -> int:
    low = text.casefold()
    return sum(word.casefold() in low for word in words)


def _pattern(words: Sequence[str]) -> re.Pattern[str] | None:
    # the longer first: of "net" and "internet" the whole word is marked
    ordered = sorted(filter(None, words), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, ordered)), re.IGNORECASE) if ordered else None
