"""Where the words that were asked for stand in a text, marked, in a line or two around them.

The text is that of the database's rows, read through what may be shown: nothing that is gone is ever
shown. Words are found by the same analysis as in the index.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from meetings.finding import words
from meetings.finding.asking import Query, Term
from meetings.finding.entry import Part

A_PASSAGE = 240  # characters
BEFORE = 80  # shown before the first word found
MOST_READ = 400_000  # characters of one entry that are looked through
MOST_MARKS = 200  # in one part: enough to choose the best passage from; each term has its share
LEAST_MARKS = 20  # the least that is such a share
MOST_COMPARED = 50_000  # words of one part that are compared with those of phrases
MOST_KNOWN = 30_000  # runs of letters of which a marker remembers what stands in them

# Of long texts only stretches are looked through in which the words may stand
A_STRETCH = 500  # characters before and after the beginning of a word
MOST_STRETCHES = 4  # for each thing that is asked for
MOST_SKIMMED = 1_000_000  # characters of one entry
BEGINNING = 4  # letters of a word that its stem leaves alone
SHORTEST = 3  # letters by which a word is told at a glance from those that are looked for

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


@dataclass(frozen=True, slots=True)
class _Held:
    """What stands in a run of letters: marks as (start, end, term), and phrases that may begin there."""

    marks: tuple[tuple[int, int, int], ...] = ()
    begins: tuple[tuple[Term, int], ...] = ()
    words: int = 0


_NOTHING = _Held()


class _Marker:
    """What finds the terms of a query in texts."""

    def __init__(self, query: Query) -> None:
        self.terms = [each for each in query.terms if not each.without]
        self.by_word: dict[str, list[int]] = {}
        self.prefixes: list[tuple[str, int]] = []
        self.phrases: dict[str, list[tuple[Term, int]]] = {}  # by their first word
        # of each language, where terms stand in each run of letters that was seen
        self.known: dict[str, dict[str, _Held]] = {}
        for place, term in enumerate(self.terms):
            if term.phrase and len(term.words) > 1:
                self.phrases.setdefault(term.words[0], []).append((term, place))
            elif term.prefix:
                self.prefixes.append((term.words[0], place))
            else:
                for word in term.words:
                    for form in (word, *words.stems(word)):
                        self.by_word.setdefault(form, []).append(place)
        begins = [each[:SHORTEST] for each in (*self.phrases, *(each for each, _ in self.prefixes))]
        begins += [_certain(form.partition("·")[0]) for form in self.by_word]
        # as they may stand in a text without letters of other scripts, in small letters
        self.glance = re.compile("|".join(map(_between_apostrophes, {*begins})))

    def marks(self, part: Part) -> list[_Mark]:
        """Return where the terms stand in a part, in order."""
        found: list[_Mark] = []
        share = max(MOST_MARKS // max(len(self.terms), 1), LEAST_MARKS)
        left = dict.fromkeys(range(len(self.terms)), share)
        row = _Row(part)
        for run in self._runs(part.text):
            held = self._held(run[0], part.language)
            at = run.start()
            for start, end, place in held.marks:
                if left[place]:
                    found.append(_Mark(at + start, at + end, place))
                    left[place] -= 1
            for term, place in () if row.spent else held.begins:
                rows = list(islice(row.standing(term, at, held.words), left[place]))
                found += (_Mark(start, end, place) for start, end in rows)
                left[place] -= len(rows)
            if not any(left.values()):
                break
        return sorted(found, key=lambda each: (each.start, each.end))

    def _held(self, run: str, language: str) -> _Held:
        """Return what stands in a run of letters, found once for those of a word's length."""
        known = self.known.setdefault(language, {})
        held = known.get(run)
        if held is None:
            held = self._of_run(run, language)
            if len(run) <= words.LONGEST:
                if len(known) >= MOST_KNOWN:
                    known.clear()
                known[run] = held
        return held

    def _runs(self, text: str) -> Iterator[re.Match[str]]:
        """Yield the runs of letters of a text in which terms may stand; most are passed at a glance."""
        if not self.terms:
            return
        if not text.isascii():
            yield from words.RUN.finditer(text)
            return
        low, done = text.lower(), 0
        for seen in self.glance.finditer(low):
            if seen.start() >= done:
                start = low.rfind(" ", done, seen.start()) + 1 or done
                done = low.find(" ", seen.end()) + 1 or len(low)
                yield from words.RUN.finditer(text, start, done)

    def _may_hold(self, run: str) -> bool:
        """Say whether a term may stand in a run of letters; most of plain ones are told at a glance."""
        return not run.isascii() or self.glance.search(run.lower()) is not None

    def _of_run(self, run: str, language: str) -> _Held:
        """Return what stands in a run of letters."""
        if not self._may_hold(run):
            return _NOTHING
        marks: list[tuple[int, int, int]] = []
        begins: list[tuple[Term, int]] = []
        taken = words.of_run(run, language)
        for each in taken:
            for place in {*self.by_word.get(each.word, ()), *self.by_word.get(each.stem, ())}:
                marks.append((each.start, each.end, place))
            for beginning, place in self.prefixes:
                if each.word.startswith(beginning):
                    marks.append((each.start, each.end, place))
            begins += self.phrases.get(each.word, ())
        return (
            _Held(tuple(marks), tuple(dict.fromkeys(begins)), len(taken))
            if marks or begins
            else _NOTHING
        )


def _certain(form: str) -> str:
    """Return how every word begins that has this form, or as a plain word holds it somewhere.

    Stems leave a beginning alone: dying and die, skies and sky begin with one letter of both.
    """
    return form[: max(1, min(SHORTEST, len(form) - 2))]


def _between_apostrophes(beginning: str) -> str:
    """Return what finds a beginning in plain small letters, wherever an apostrophe stands in it."""
    return "['`]*".join(map(re.escape, beginning))


@lru_cache(1)
def _marker(query: Query) -> _Marker:
    """Return what finds a query; the one before is kept, for a page asks of many texts in a row."""
    return _Marker(query)


class _Row:
    """The words of a part from any of its runs of letters on; each run is taken apart once."""

    def __init__(self, part: Part) -> None:
        self._part = part
        self._runs: dict[int, tuple[tuple[words.Word, ...], int]] = {}
        self._left = MOST_COMPARED

    @property
    def spent(self) -> bool:
        """Say whether so much was compared that no more is."""
        return self._left <= 0

    def standing(self, term: Term, at: int, number: int) -> Iterator[tuple[int, int]]:
        """Yield where a phrase stands that begins at one of the words of the run at a place."""
        ahead = self._from(at)
        seen: list[words.Word] = []
        for first in range(number):
            if len(seen) == first:
                seen += islice(ahead, 1)
            if seen[first].word != term.words[0]:
                continue
            for nth, asked in enumerate(term.words):
                if len(seen) == first + nth:
                    seen += islice(ahead, 1)
                if self.spent or len(seen) == first + nth:
                    return  # much was compared in vain, or the text ends
                self._left -= 1
                word = seen[first + nth].word
                last = nth == len(term.words) - 1
                if not (word.startswith(asked) if last and term.prefix else word == asked):
                    break
            else:
                yield seen[first].start, seen[first + len(term.words) - 1].end

    def _from(self, at: int) -> Iterator[words.Word]:
        text, language = self._part.text, self._part.language
        while at >= 0:
            if at not in self._runs:
                run = words.RUN.match(text, at)
                assert run is not None, "a run begins here"
                taken = tuple(
                    words.Word(each.word, each.stem, at + each.start, at + each.end)
                    for each in words.of_run(run[0], language)
                )
                then = words.RUN.search(text, run.end())
                self._runs[at] = taken, then.start() if then else -1
            taken, at = self._runs[at]
            yield from taken


def highlight(query: Query, parts: Iterable[Part], *, most: int = 2) -> tuple[Passage, ...]:
    """Return the passages in which most of what was asked for stands, best first, of parts apart.

    Without a word found (a hit may be older than its text) it is none; the caller shows how the
    text begins.
    """
    marker = _marker(query)
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
    marks = _marker(query).marks(Part("", text, language))
    return _cut(text, marks, 0, len(text))


def lacking(query: Query, parts: Iterable[Part]) -> Query:
    """Return what of a query stands in none of some texts; without terms, all of it stands there."""
    marker = _marker(query)
    left = set(range(len(marker.terms)))
    for part in parts:
        if left:
            left -= {each.term for each in marker.marks(part)}
    return Query(tuple(marker.terms[place] for place in sorted(left)))


def near(query: Query, parts: Iterable[Part]) -> Iterator[Part]:
    """Yield stretches of long texts in which something that is asked for may stand: few, and quickly."""
    patterns = {each: _beginnings(each) for each in query.terms if not each.without}
    left = dict.fromkeys(patterns, MOST_STRETCHES)
    skimmed = 0
    for part in parts:
        skimmed += len(part.text)
        at = 0
        for each, pattern in patterns.items():
            while left[each] and (found := pattern.search(part.text, at)):
                start = max(found.start() - A_STRETCH, at)
                at = found.end() + A_STRETCH
                left[each] -= 1
                yield Part(part.where, part.text[start:at], part.language)
        if skimmed > MOST_SKIMMED or not any(left.values()):
            break


@lru_cache(1_000)
def _beginnings(term: Term) -> re.Pattern[str]:
    """Return what finds where one of the words of a term may begin, however it is written."""
    wanted = dict.fromkeys(word[:BEGINNING] for word in term.words[: 1 if term.phrase else None])
    return re.compile("|".join(map(_beginning_of, wanted)), re.IGNORECASE)


def _beginning_of(word: str) -> str:
    before = "" if words.UNSPACED.match(word) else r"(?<![^\W_])"
    return before + "".join(map(_any_way, word))


def _any_way(letter: str) -> str:
    return f"[{re.escape(letter)}{_ways().get(letter, '')}]{words.SIGNS}*"


@lru_cache(1)
def _ways() -> dict[str, str]:
    """Return the letters that are folded to each letter."""
    found: dict[str, str] = {}
    for code in range(0xA0, 0x2000):
        if (letter := chr(code)) != (plain := words.fold(letter)) and len(plain) == 1:
            found[plain] = found.get(plain, "") + letter
    return found


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
