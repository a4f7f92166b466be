"""The words of a text as the index holds them: folded, in order, with the place of each.

The one analysis there is: what is indexed, what is asked for and what is marked in a text go through
it. A word is folded (small letters, no accents, no signs of vowels, one form of alef) and, in the
languages of STEMMERS, has a stem beside it. Chinese and Japanese, which put no spaces between words,
are taken in pairs of neighbouring characters, so that any run of them is found.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import tantivy

STEMMERS = {
    "en": "english", "fr": "french", "es": "spanish", "ru": "russian", "ar": "arabic",
}  # fmt: skip
LONGEST = 60  # characters of a word; what is longer is no word that anybody asks for
SHOWN = 30_000  # runs of letters that are remembered for marking what was found

# Signs that stand on letters, and what nobody sees: both belong to the word in which they stand
_SIGNS = "".join(
    chr(each)
    for each in range(0xA0, 0xFFFF)
    if unicodedata.category(chr(each)) in {"Mn", "Mc", "Me", "Cf"}
)
SIGNS = f"[{_SIGNS}]"
_APOSTROPHES = "'’ʼ‘＇´`"
_LETTER = rf"[^\W_{_SIGNS}]"
RUN = re.compile(
    rf"{_LETTER}[^\W_]*(?:[{_SIGNS}]+[^\W_]*)*"
    rf"(?:[{_APOSTROPHES}]{_LETTER}[^\W_]*(?:[{_SIGNS}]+[^\W_]*)*)*"
)
# Scripts without spaces: kana, and the characters of Chinese
_UNSPACED = "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
UNSPACED = re.compile(f"[{_UNSPACED}]")
_STRETCH = re.compile(f"[{_UNSPACED}]+|[^{_UNSPACED}]+")
# Letters that are written in several ways, or without their sign
_SAME = str.maketrans({
    "ё": "е", "ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe",
    "ٱ": "ا", "ى": "ي", "ی": "ي", "ک": "ك", "ـ": None,
})  # fmt: skip
_KEPT = frozenset("й")  # a letter of its own, not an и with a sign on it
# The signs that people leave out: accents, Hebrew and Arabic vowels. In Indian scripts they are letters.
_LEFT_OUT = re.compile(
    "[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u00ad\u200b-\u200f"
    "\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]"
)
# What French puts before a word that begins with a vowel, and others likewise
_ELIDED = re.compile(rf"(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|dell|all|un)[{_APOSTROPHES}]")
_POSSESSIVE = re.compile(rf"[{_APOSTROPHES}]s$")
_APOSTROPHE = re.compile(f"[{_APOSTROPHES}]")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: as it is indexed, its stem with its language, and where it stands."""

    word: str
    stem: str  # empty where the language has no stems here
    start: int
    end: int


def _stemmer(name: str) -> tantivy.TextAnalyzer:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.raw())
    return builder.filter(tantivy.Filter.stemmer(name)).build()


_STEMMERS = {language: _stemmer(name) for language, name in STEMMERS.items()}


def fold(text: str) -> str:
    """Return a run of letters without what people leave out when they type."""
    if text.isascii():
        return text.lower()
    low = unicodedata.normalize("NFKC", text).casefold()
    return "".join(map(_plain, low)).translate(_SAME)


def _plain(letter: str) -> str:
    if letter < "\x80" or letter in _KEPT:
        return letter
    return _LEFT_OUT.sub("", unicodedata.normalize("NFKD", letter))


def stem(word: str, language: str) -> str:
    """Return the stem of a folded word with its language, or "" where it has none."""
    stemmer = _STEMMERS.get(language)
    if stemmer is None or UNSPACED.match(word):
        return ""
    found = stemmer.analyze(word)
    return f"{found[0] if found else word}·{language}"


def stems(word: str) -> tuple[str, ...]:
    """Return the stems that a folded word has in each language, of which nobody knows which it is."""
    return tuple(filter(None, (stem(word, language) for language in STEMMERS)))


def without_apostrophes(word: str) -> str:
    """Return a word as it is found whole: d’Ivoire as dIvoire."""
    return _APOSTROPHE.sub("", word)


def as_stems(word: str) -> tuple[str, ...]:
    """Return what `stems` gives for a word that is its own stem in every language."""
    return tuple(f"{word}·{language}" for language in STEMMERS)


def words(text: str, language: str = "") -> Iterator[Word]:
    """Yield the words of a text in the order in which they are indexed."""
    for run in RUN.finditer(text):
        at = run.start()
        for each in of_run(run[0], language):
            yield Word(each.word, each.stem, at + each.start, at + each.end)


def of_run(run: str, language: str) -> tuple[Word, ...]:
    """Return the words of a run of letters, as `RUN` finds them, with their places in it."""
    if len(run) > LONGEST:
        return tuple(_of_run(run, language))
    return _taken_apart(run, language)


@lru_cache(SHOWN)
def _taken_apart(run: str, language: str) -> tuple[Word, ...]:
    return tuple(_of_run(run, language))


def _of_run(run: str, language: str) -> Iterator[Word]:
    if not UNSPACED.search(run):
        for word in _spellings(run):
            yield Word(word, stem(word, language), 0, len(run))
        return
    for stretch in _STRETCH.finditer(run):
        start = stretch.start()
        if UNSPACED.match(stretch[0]):
            yield from _pairs(stretch[0], start)
        else:
            for word in _spellings(stretch[0]):
                yield Word(word, stem(word, language), start, stretch.end())


def _pairs(stretch: str, at: int) -> Iterator[Word]:
    """Yield each two neighbours, and the last character alone: so that each begins a word."""
    for place, (one, other) in enumerate(pairwise(stretch)):
        yield Word(fold(one + other), "", at + place, at + place + 2)
    yield Word(fold(stretch[-1]), "", at + len(stretch) - 1, at + len(stretch))


def _spellings(run: str) -> list[str]:
    """Return what a run of letters is indexed as: d’Ivoire as “divoire” and as “ivoire”."""
    if not _APOSTROPHE.search(run):
        whole = [fold(run)]
    else:
        run = _POSSESSIVE.sub("", run)
        bare = _ELIDED.match(run.lower())
        whole = [without_apostrophes(fold(run))]
        if bare is not None:
            whole.append(without_apostrophes(fold(run[bare.end() :])))
    # a form that unfolds into several words (½, ㎡) or none is cut where it would be in the index
    cut = [part[:LONGEST] for each in whole for part in each.split()]
    return list(filter(None, cut))
