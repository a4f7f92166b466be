"""Member States named as speakers: a name beside a verb of saying, and nothing less."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from cwg.report.checks.lexicon import NEAR, Lexicon
from cwg.report.checks.places import Place
from cwg.report.checks.reading import Checked
from meetings.languages import in_language
from meetings.models import MemberState

# Between a country and the verb of saying: read again for each country, so not without an end
MOST_OTHERS = 30


def named_speakers(checked: Checked, lexicon: Lexicon) -> Iterator[tuple[Place, str, str]]:
    """Yield each place that names a country as speaking: the place, the country, the words."""
    names = _names(checked.member_states, checked.language) | set(lexicon.marks("saying.countries"))
    country = _countries(frozenset(names))
    speaking = _saying(lexicon, country.pattern)
    for place in checked.places:
        if not place.has_typed or place.part in {"head", "signature"}:
            continue
        read, words, hosts = (-1, -1), "", False
        for match in country.finditer(place.typed):
            sentence = lexicon.sentence_at(place.text, match.start())
            if sentence != read:
                read, words = sentence, place.text[slice(*sentence)].strip()
                hosts = lexicon.pattern("saying.host").search(words) is not None
            if hosts or place.in_quotation(match.start()):
                continue
            if _speaks(place.text, match, lexicon, speaking, sentence):
                yield place, match[0], words


def _names(member_states: Iterable[MemberState], language: str) -> set[str]:
    """Return the names of the table, short and long, with and without what stands in brackets."""
    names = set()
    for state in member_states:
        for name in (in_language(state.name, language), in_language(state.long_name, language)):
            names |= {name, re.sub(r"(?<!\s)\s*\([^()]*\)", "", name)}
    return {name.replace("'", "’") for name in names} | {name for name in names if name}


@lru_cache(maxsize=16)
def _countries(names: frozenset[str]) -> re.Pattern[str]:
    longest_first = sorted(filter(None, names), key=lambda name: (-len(name), name))
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, longest_first))})(?![\w-])")


def _speaks(
    text: str, match: re.Match[str], lexicon: Lexicon, speaking: _Saying, sentence: tuple[int, int]
) -> bool:
    """Say whether the words around a country, in its sentence, make a speaker of it."""
    at, (first, last) = match.start(), sentence
    if lexicon.before("saying.said_by", text, at, first):
        return True
    if not speaking.after.match(text, match.end(), last) or text[first:at].endswith("("):
        return False
    if lexicon.before("saying.person", text, at, first):
        return False
    since = max(first, at - NEAR)
    about = speaking.about.search(text, since, at)
    if about is None:
        return True
    return lexicon.pattern("saying.speaker").search(text, since, about.end()) is not None


@dataclass(frozen=True, slots=True)
class _Saying:
    after: re.Pattern[str]  # a verb of saying follows: at once, after other countries, an aside
    about: re.Pattern[str]  # "from Poland and …": what is said of it is said of something else


@lru_cache(maxsize=16)
def _saying(lexicon: Lexicon, countries: str) -> _Saying:
    spaced = countries.replace(r"\ ", r"\s")
    verbs, adverbs, aside, about = (
        lexicon.pattern(f"saying.{name}").pattern for name in ("verbs", "adverbs", "aside", "about")
    )
    listed = rf"{spaced} (?: ,\s and\s | ,\s | \sand\s ) (?: the\s )?"
    between = r"\s* (?: ,\s* | \band\s | \bwith\s | / )+ (?: the\s )?"
    # one by one and each in one way: ", and" read in two would be read in 2³⁰ ways in a list of 30
    others = rf"(?> {between} {spaced} ){{0,{MOST_OTHERS}}}"
    return _Saying(
        re.compile(
            rf"{others} (?: {aside} )? \s* (?: (?: {adverbs} ) \s )* (?: {verbs} ) \b",
            re.VERBOSE,
        ),
        re.compile(rf"\b (?: {about} ) \s (?: the\s )? (?: {listed} )* $", re.VERBOSE),
    )
