"""Member States named as speakers: a name beside a verb of saying, and nothing less."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from cwg.report.checks.lexicon import Lexicon
from cwg.report.checks.places import Place
from cwg.report.checks.reading import Checked
from meetings.languages import in_language
from meetings.models import MemberState


def named_speakers(checked: Checked, lexicon: Lexicon) -> Iterator[tuple[Place, str, str]]:
    """Yield each place that names a country as speaking: the place, the country, the words."""
    names = _names(checked.member_states, checked.language) | set(lexicon.marks("saying.countries"))
    country = _countries(frozenset(names))
    for place in checked.places:
        if not place.has_typed or place.part in {"head", "signature"}:
            continue
        for match in country.finditer(place.typed):
            words = _speaks(place, match, lexicon, country)
            if words:
                yield place, match[0], words


def _names(member_states: Iterable[MemberState], language: str) -> set[str]:
    """Return the names of the table, short and long, with and without what stands in brackets."""
    names = set()
    for state in member_states:
        for name in (in_language(state.name, language), in_language(state.long_name, language)):
            names |= {name, re.sub(r"\s*\([^)]*\)", "", name)}
    return {name.replace("'", "’") for name in names} | {name for name in names if name}


@lru_cache(maxsize=16)
def _countries(names: frozenset[str]) -> re.Pattern[str]:
    longest_first = sorted(filter(None, names), key=lambda name: (-len(name), name))
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, longest_first))})(?![\w-])")


def _speaks(place: Place, match: re.Match[str], lexicon: Lexicon, country: re.Pattern[str]) -> str:
    """Return the words that make a speaker of a country; "" where none do."""
    first, last = next(
        (
            bounds
            for bounds in lexicon.sentences(place.text)
            if bounds[0] <= match.start() < bounds[1]
        ),
        (0, len(place.text)),
    )
    sentence = place.text[first:last].strip()
    if place.in_quotation(match.start()) or lexicon.pattern("saying.host").search(sentence):
        return ""
    before, after = place.text[first : match.start()], place.text[match.end() : last]
    speaking = _saying(lexicon, country.pattern)
    if lexicon.pattern("saying.said_by").search(before):
        return sentence
    if not speaking.after.search(after) or before.endswith("("):
        return ""
    if lexicon.pattern("saying.person").search(before):
        return ""
    about = speaking.about.search(before)
    if about is None or lexicon.pattern("saying.speaker").search(before[: about.end()]):
        return sentence
    return ""


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
    others = rf"(?: \s* (?: ,\s* | \band\s | \bwith\s | / )+ (?: and\s )? (?: the\s )? {spaced} )*"
    return _Saying(
        re.compile(
            rf"^ {others} (?: {aside} )? \s* (?: (?: {adverbs} ) \s )* (?: {verbs} ) \b",
            re.VERBOSE,
        ),
        re.compile(rf"\b (?: {about} ) \s (?: the\s )? (?: {listed} )* $", re.VERBOSE),
    )
