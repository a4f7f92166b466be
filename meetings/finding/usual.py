"""What the index takes of a text: its words, their stems, and more of the words that are usual."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain, pairwise
from typing import NamedTuple

from meetings.finding import words
from meetings.finding.entry import Entry

# Of the entries of a sample: where a word stands in more, its pairs are worth their room
USUAL = 0.02
MOST_USUAL = 2_000
REMEMBERED = 200_000  # words of a language with their commas, each folded and stemmed once


class Taken(NamedTuple):
    """A text as the index takes it: in each field words with a space between two."""

    words: str
    stems: str  # of each word, or itself where its language has none
    usual: str  # pairs of usual words, and without its language what is its own stem in all


type _Known = tuple[str, ...]  # of each word in turn: itself, its stem, itself if usual, plain stem


class Usual:
    """The words that stand in very many entries, for which the index holds more than for others.

    Of two of them in a row it holds the pair, so that phrases need not be looked at word by word. Of
    those that are their own stem in every language, such as internet, it holds the stem without its
    language, so that not one list for each language has to be gone through.
    """

    def __init__(self, usual: frozenset[str] = frozenset()) -> None:
        self.words = usual
        self.everywhere = {word for word in usual if words.stems(word) == words.as_stems(word)}
        self._plain = {
            form: word for word in self.everywhere for form in (word, *words.stems(word))
        }
        self._known: dict[str, dict[str, _Known]] = {}  # by language

    def taken(self, text: str, language: str) -> Taken:
        """Return what the index takes of a text.

        No word has a space in it: whatever stands between two is taken apart once.
        """
        known = self._known.setdefault(language, {})
        between = text.split()
        try:
            found = list(chain.from_iterable(map(known.__getitem__, between)))
        except KeyError:
            each_known = [known.get(each) or self._learnt(each, language) for each in between]
            found = list(chain.from_iterable(each_known))
        if not found:
            return Taken("", "", "")
        said, stems, pairable, plain = (found[nth::4] for nth in range(4))
        more = [*_beside(pairable), *filter(None, {*plain})] if self.words else ()
        return Taken(" ".join(said), " ".join(stems), " ".join(more))

    def pairs(self, said: Sequence[str]) -> list[str]:
        """Return the pairs of usual words that stand beside each other."""
        return _beside([each if each in self.words else "" for each in said])

    def _learnt(self, between: str, language: str) -> _Known:
        """Return what stands between two spaces as it is indexed, and remember it."""
        found: list[str] = []
        for each in words.words(between, language):
            # the key itself where it can be: one string less to be fetched from memory
            word = between if each.word == between else each.word
            stem = each.stem or word
            found += (word, stem, word if word in self.words else "", self._plain.get(stem, ""))
        known = self._known[language]
        if len(between) <= words.LONGEST:
            if len(known) >= REMEMBERED:
                known.clear()
            known[between] = tuple(found)
        return tuple(found)


def _beside(pairable: Sequence[str]) -> list[str]:
    return [f"{one}·{other}" for one, other in pairwise(pairable) if one and other]


def usual_words(sample: Iterable[Entry]) -> frozenset[str]:
    """Return the words that stand in very many entries, as far as a sample tells."""
    standing: Counter[str] = Counter()
    entries, none = list(sample), Usual()
    for entry in entries:
        said = (none.taken(part.text, part.language).words for part in entry.parts)
        standing.update({word for text in said for word in text.split()})
    most = standing.most_common(MOST_USUAL)
    return frozenset(word for word, number in most if number > USUAL * len(entries))
