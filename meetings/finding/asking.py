"""What somebody typed into the box: words, “phrases”, -without, prefix*. All of it must be met.

What cannot be understood is plain words; nothing that anybody types is an error.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from meetings.finding import words

MOST_CHARACTERS = 300
MOST_TERMS = 16
SHORTEST_PREFIX = 3  # letters; of one or two, half of all words would be meant

_QUOTES = '"“”„«»「」『』＂'
_PIECE = re.compile(
    rf"(?P<minus>[-−]?)"
    rf"(?:[{_QUOTES}](?P<phrase>[^{_QUOTES}]*)[{_QUOTES}]|(?P<word>[^\s{_QUOTES}]+))"
)


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that is asked for, in words as they are indexed.

    A phrase is words in a row; the last is only the beginning of one where `prefix` is said. Of what
    is no phrase, any of the words will do: they are spellings of one.
    """

    words: tuple[str, ...]
    phrase: bool = False
    prefix: bool = False
    without: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked for; without terms it is everything."""

    terms: tuple[Term, ...] = ()
    cut: bool = False  # whether more was typed than is looked for

    def __bool__(self) -> bool:
        """Say whether anything is asked for."""
        return bool(self.terms)


def asked(typed: str) -> Query:
    """Return what is asked for by what was `typed`, whatever it is; never raises."""
    text = typed[:MOST_CHARACTERS].replace("\0", " ")
    terms: dict[Term, None] = {}
    for piece in _PIECE.finditer(text):
        without = bool(piece["minus"])
        if piece["phrase"] is not None:
            found = _phrase(piece["phrase"], without)
        else:
            found = _plain(piece["word"], without)
        terms.update(dict.fromkeys(found))
    return Query(
        tuple(terms)[:MOST_TERMS], cut=len(typed) > MOST_CHARACTERS or len(terms) > MOST_TERMS
    )


def _phrase(text: str, without: bool) -> list[Term]:
    found = [each.word for each in words.words(text)]
    return [_in_a_row(found, without)] if found else []


def _plain(text: str, without: bool) -> list[Term]:
    """Return the terms of a stretch without spaces: each run of letters in it is a word."""
    runs = list(words.RUN.finditer(text))
    found: list[Term] = []
    for place, run in enumerate(runs):
        last = place == len(runs) - 1
        prefix = last and text[run.end() :].startswith("*")
        spelled = [each.word for each in words.words(run[0])]
        if not spelled:
            continue
        if words.UNSPACED.search(run[0]):
            found.append(_in_a_row(spelled, without))
        elif prefix and len(spelled[0]) >= SHORTEST_PREFIX:
            found.append(Term((spelled[-1],), prefix=True, without=without))
        else:
            found.append(Term(tuple(dict.fromkeys(spelled)), without=without))
    if without and len(found) > 1:
        # -land-locked is one thing to leave out, not each half of it
        return [Term(tuple(each for term in found for each in term.words), True, without=True)]
    return found


def _in_a_row(found: list[str], without: bool) -> Term:
    """Return a phrase; of characters without spaces the last goes on in whatever follows it."""
    last = found[-1]
    if len(last) == 1 and words.UNSPACED.match(last):
        if len(found) > 1 and words.UNSPACED.match(found[-2]) and found[-2].endswith(last):
            found = found[:-1]  # the pair before says it
        else:
            return Term(tuple(found), phrase=True, prefix=True, without=without)
    return Term(tuple(found), phrase=len(found) > 1, without=without)
