"""Where the words that were asked for stand in a text, marked, in a line or two around them.

The text is that of the database's rows, read through what may be shown: nothing that is gone is ever
shown. Words are found by the same analysis as in the index.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from meetings.finding import words
from meetings.finding.asking import Query, Term
from meetings.finding.entry import Part

A_PASSAGE = 240  # characters
BEFORE = 80  # shown before the first word found
MOST_READ = 400_000  # characters of one entry that are looked through
MOST_MARKS = 200  # in one part: enough to choose the best passage from

type Pieces = tuple[tuple[str, bool], ...]  # text, and whether it is marked


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage of a part: where it stands, and its text in pieces."""

    where: str
    pieces: Pieces


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    term: int


class _Marker:
    """What finds the terms of a query in texts."""

    def __init__(self, query: Query) -> None:
        self.terms = [each for each in query.terms if not each.without]
        self.by_word: dict[str, list[int]] = {}
        self.prefixes: list[tuple[str, int]] = []
        self.phrases: list[tuple[Term, int]] = []
        for place, term in enumerate(self.terms):
            if term.phrase and len(term.words) > 1:
                self.phrases.append((term, place))
            elif term.prefix:
                self.prefixes.append((term.words[0], place))
            else:
                for word in term.words:
                    for form in (word, *words.stems(word)):
                        self.by_word.setdefault(form, []).append(place)

    def marks(self, part: Part) -> list[_Mark]:
        """Return where the terms stand in a part, in order."""
        found: list[_Mark] = []
        row: list[words.Word] = []
        for each in words.words(part.text, part.language):
            for place in {*self.by_word.get(each.word, ()), *self.by_word.get(each.stem, ())}:
                found.append(_Mark(each.start, each.end, place))
            for beginning, place in self.prefixes:
                if each.word.startswith(beginning):
                    found.append(_Mark(each.start, each.end, place))
            if self.phrases:
                row.append(each)
            if len(found) >= MOST_MARKS:
                break
        for term, place in self.phrases:
            found += _rows(row, term, place)
        return sorted(found, key=lambda each: (each.start, each.end))


def _rows(row: Sequence[words.Word], term: Term, place: int) -> Iterable[_Mark]:
    """Yield where the words of a phrase stand in a row."""
    length, first = len(term.words), term.words[0]
    for at in range(len(row) - length + 1):
        if row[at].word != first:
            continue
        inner = [each.word for each in row[at : at + length]]
        last = inner[-1].startswith(term.words[-1]) if term.prefix else inner[-1] == term.words[-1]
        if last and tuple(inner[:-1]) == term.words[:-1]:
            yield _Mark(row[at].start, row[at + length - 1].end, place)


def highlight(query: Query, parts: Iterable[Part], *, most: int = 2) -> tuple[Passage, ...]:
    """Return the passages in which most of what was asked for stands, best first, of parts apart.

    Without a word found (a hit may be older than its text) it is none; the caller shows how the
    text begins.
    """
    marker = _Marker(query)
    if not marker.terms:
        return ()
    found: list[tuple[int, int, Passage]] = []
    read = 0
    for part in parts:
        if read > MOST_READ:
            break
        read += len(part.text)
        marks = marker.marks(part)
        if marks:
            worth, window = _best(marks)
            found.append((-worth, len(found), Passage(part.where, _pieces(part.text, window))))
    return tuple(passage for _, _, passage in sorted(found, key=lambda each: each[:2])[:most])


def marked(query: Query, text: str, language: str = "") -> Pieces:
    """Return a whole text in pieces, what was asked for marked: a title, a name."""
    marks = _Marker(query).marks(Part("", text, language))
    return _cut(text, marks, 0, len(text))


def _best(marks: Sequence[_Mark]) -> tuple[int, list[_Mark]]:
    """Return the marks that fit into one passage, of those that begin at each: most terms, first."""
    best, window = -1, list(marks[:1])
    for place, first in enumerate(marks):
        fits = [
            each
            for each in marks[place : place + 40]
            if each.end <= first.start + A_PASSAGE - BEFORE or each is first
        ]
        worth = 10 * len({each.term for each in fits}) + min(len(fits), 9)
        if worth > best:
            best, window = worth, fits
    return best, window


def _pieces(text: str, marks: Sequence[_Mark]) -> Pieces:
    first, last = marks[0], max(each.end for each in marks)
    start = max(first.start - BEFORE, 0)
    if start:
        space = text.find(" ", start, first.start)
        start = space + 1 if space >= 0 else start
    end = max(start + A_PASSAGE, last)
    if end < len(text):
        space = text.rfind(" ", last, end)
        end = space if space >= 0 else end
    pieces = _cut(text, marks, start, min(end, len(text)))
    before: Pieces = (("… ", False),) if start else ()
    after: Pieces = ((" …", False),) if end < len(text) else ()
    return before + pieces + after


def _cut(text: str, marks: Sequence[_Mark], start: int, end: int) -> Pieces:
    """Return the text from `start` to `end` in pieces; marks that touch or overlap become one."""
    joined: list[list[int]] = []
    for each in sorted(marks, key=lambda mark: mark.start):
        if joined and each.start <= joined[-1][1]:
            joined[-1][1] = max(joined[-1][1], each.end)
        else:
            joined.append([each.start, each.end])
    pieces: list[tuple[str, bool]] = []
    at = start
    for begins, ends in joined:
        pieces += [(text[at:begins], False), (text[begins:ends], True)]
        at = ends
    pieces.append((text[at:end], False))
    return tuple((" ".join(piece.split("\n")), is_marked) for piece, is_marked in pieces if piece)
