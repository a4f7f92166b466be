"""What the rules that read prose know of a language: one file for each, beside this one.

A language without a file has no such rules; those that compare facts hold in every language.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from operator import itemgetter
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "lexicon"
# Letters around a word in which the rules look for what belongs to it. Somebody may type 20,000
# without a full stop: to read them all again for each word that stands there takes minutes.
BEFORE, NEAR = 120, 600
NEVER = "(?!)"  # a pattern that finds nothing: what a language does not say yet


@dataclass(frozen=True, eq=False)
class Lexicon:
    """One language's words and patterns, as its file gives them."""

    language: str
    said: dict[str, Any]

    def words(self, name: str) -> frozenset[str]:
        """Return the words listed under `name` ("doubled.allowed"), in small letters."""
        return frozenset(word.casefold() for word in self._said(name) or ())

    def marks(self, name: str) -> tuple[str, ...]:
        """Return what is listed under `name`, as written."""
        return tuple(self._said(name) or ())

    def number(self, name: str, default: int) -> int:
        """Return the number under `name`."""
        said = self._said(name)
        return default if said is None else int(said)

    def pattern(self, name: str, /, **parts: str) -> re.Pattern[str]:
        """Return the pattern under `name`, with `parts` in the places of <part>."""
        return _compiled(self.language, name, tuple(sorted(parts.items())))

    def _said(self, name: str) -> Any:
        value: Any = self.said
        for part in name.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        return value

    def before(self, name: str, text: str, at: int, since: int = 0) -> re.Match[str] | None:
        """Return where the pattern under `name`, one that ends with $, stands right before `at`.

        Nothing before `since` counts, nor what is more than BEFORE letters away.
        """
        return self.pattern(name).search(text, max(since, at - BEFORE), at)

    @cached_property
    def abbreviations(self) -> re.Pattern[str]:
        """Find an abbreviation whose full stop ends no sentence."""
        return re.compile(rf"\b(?:{'|'.join(map(re.escape, self.marks('abbreviations')))})\.$")

    def sentences(self, text: str) -> tuple[tuple[int, int], ...]:
        """Return the bounds of each sentence of `text`."""
        return _sentences(self, text)

    def sentence_at(self, text: str, at: int) -> tuple[int, int]:
        """Return the bounds of the sentence of `text` that the letter `at` stands in."""
        bounds = _sentences(self, text)
        return bounds[bisect_right(bounds, at, key=itemgetter(0)) - 1]


@lru_cache(maxsize=4)  # a rule asks again and again for those of the place that it reads
def _sentences(lexicon: Lexicon, text: str) -> tuple[tuple[int, int], ...]:
    longest = max(map(len, lexicon.marks("abbreviations")), default=0)
    bounds, begun = [], 0
    for match in re.finditer(r"[.!?][”»\")]?\s+(?=[\w“«(\ufffc])", text):
        stop = match.start()
        if text[stop] == "." and lexicon.abbreviations.search(
            text, max(0, stop - longest), stop + 1
        ):
            continue
        bounds.append((begun, match.end()))
        begun = match.end()
    return (*bounds, (begun, len(text)))


@lru_cache(maxsize=256)
def _compiled(language: str, name: str, parts: tuple[tuple[str, str], ...]) -> re.Pattern[str]:
    known = lexicon(language)
    text = known._said(name) if known else None
    if text is None:
        return re.compile(NEVER)
    for part, words in parts:
        text = text.replace(f"<{part}>", words)
    return re.compile(text, re.VERBOSE)


@cache
def lexicon(language: str) -> Lexicon | None:
    """Return what the rules know of `language`; None where it has no file yet."""
    path = FOLDER / f"{language}.toml"
    if not path.exists():
        return None
    return Lexicon(language, tomllib.loads(path.read_text(encoding="utf-8")))
