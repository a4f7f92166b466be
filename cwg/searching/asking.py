"""What somebody typed into the search box: numbers as people write them, and words."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

MOST_CHARACTERS = 200
MOST_WORDS = 8

OWN, OPEN = "own", "open_consultation"  # the series of meetings
_WHICH = r"(?P<oc>oc-)?(?P<ordinal>\d{1,4})"
_NTH = r"(?:st|nd|rd|th)?(?P<open>\s+open\s+consultation)?"
MEETING = re.compile(rf"(?:meeting\s+)?{_WHICH}{_NTH}(?:\s+meeting)?")
OUTCOME = re.compile(rf"{_WHICH}(?:{_NTH}\s+meeting,?)?\s*[/,.]?\s*\(?(?P<letter>[a-z]{{1,2}})\)?")
# CWG-23/7, C26/51, C26-51, and what is printed behind: -E, (Rev.1)
DOCUMENT = re.compile(
    r"(?P<number>[\w-]*\d[/-]\d+)(?:-[a-z])?(?:\s*\(?(?:rev|corr|add)\.?\s*\d+\)?)?"
)
KINDS = {
    "resolution": ("res", "resolution", "résolution", "resolución", "резолюция"),
    "decision": ("dec", "decision", "décision", "decisión", "решение"),
    "recommendation": ("rec", "recommendation", "recommandation", "recomendación", "рекомендация"),
}
INSTRUMENT = re.compile(
    r"\b(?:"
    + "|".join(rf"(?P<{kind}>{'|'.join(words)})" for kind, words in KINDS.items())
    + r")s?\b\.?\s*(?P<number>\d[\w/.-]{0,39})"
)
PLAIN_NUMBER = re.compile(r"\d{1,6}")
# Marks of direction, which nobody sees and which come along when text is copied
DIRECTIONS = frozenset(
    "\u200e\u200f\u061c\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
EDGES = "()[]{}<>«»“”„\"'‘’‹›,;:!?؟،、。…"


@dataclass(frozen=True, slots=True)
class InstrumentNumber:
    """An instrument by its number; `kind` is "" where only the number was typed."""

    kind: str
    number: str
    others: tuple[str, ...] = ()  # the words around it: PP, Rev. Bucharest


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for. All words must occur; a number is found first."""

    text: str
    words: tuple[str, ...] = ()
    meeting: tuple[str, int] | None = None  # series and ordinal
    outcome: tuple[str, int, str] | None = None  # series, ordinal, letter
    document: str = ""
    instrument: InstrumentNumber | None = None
    cut: bool = False  # whether more was typed than is looked for

    def __bool__(self) -> bool:
        """Say whether there is anything to look for."""
        return bool(self.words)


def read(typed: str) -> Asked:
    """Return what is looked for by what was `typed`, whatever it is."""
    text, cut = _clean(typed)
    words = _words(text)
    low = text.casefold().rstrip(".")
    meeting, outcome, document = _meeting(low), None, ""
    if meeting is None:
        outcome = _outcome(low)
        if outcome is not None:
            words = (text.strip(EDGES),)  # a letter by itself stands in every text
        if found := DOCUMENT.fullmatch(low):
            document = found["number"]
    return Asked(
        text=text, words=words[:MOST_WORDS], meeting=meeting, outcome=outcome, document=document,
        instrument=_instrument(low), cut=cut or len(words) > MOST_WORDS,
    )  # fmt: skip


def _clean(typed: str) -> tuple[str, bool]:
    """Return the text with nothing in it that no database keeps, and whether it was cut."""
    # Cc: NUL and the like, Cs: halves of characters
    seen = "".join(
        " " if unicodedata.category(each) in {"Cc", "Cs"} else each
        for each in typed[: MOST_CHARACTERS * 5]
        if each not in DIRECTIONS
    )
    text = " ".join(unicodedata.normalize("NFC", seen).split())
    return text[:MOST_CHARACTERS].strip(), len(text) > MOST_CHARACTERS


def _words(text: str) -> tuple[str, ...]:
    stripped = (word.strip(EDGES) for word in text.split())
    return tuple(dict.fromkeys(word for word in stripped if any(c.isalnum() for c in word)))


def _series(found: re.Match[str]) -> str:
    return OPEN if found["oc"] or found["open"] else OWN


def _meeting(low: str) -> tuple[str, int] | None:
    found = MEETING.fullmatch(low)
    return (_series(found), int(found["ordinal"])) if found else None


def _outcome(low: str) -> tuple[str, int, str] | None:
    found = OUTCOME.fullmatch(low)
    return (_series(found), int(found["ordinal"]), found["letter"]) if found else None


def _instrument(low: str) -> InstrumentNumber | None:
    if PLAIN_NUMBER.fullmatch(low):
        return InstrumentNumber("", low)
    found = INSTRUMENT.search(low)
    if found is None:
        return None
    kind = next(kind for kind in KINDS if found[kind])
    around = f"{low[: found.start()]} {low[found.end() :]}"
    return InstrumentNumber(kind, found["number"].rstrip("./-"), _words(around))
