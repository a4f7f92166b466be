"""What a paragraph of a summary is made of: words, citations of contributions, slots for figures.

A citation stands in square brackets and names contributions by number: `[17]`, `[4, 9]`, `[4-7]`,
also with an en dash. A figure stands in double braces: `{{ published from government }}`. What is
in brackets and does not begin with a figure is printed as typed. Pure functions, no database.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

# What a citation may hold is checked by parts; whatever begins with a figure is meant as one
_BRACKETS = re.compile(r"\[\s*(?=\d)([^\[\]]*)\]")
_SLOT = re.compile(r"\{\{([^{}]*)\}\}")
_PIECE = re.compile(rf"{_BRACKETS.pattern}|{_SLOT.pattern}")
_PART = re.compile(r"(\d{1,6})(?:\s*[-–]\s*(\d{1,6}))?")
MOST_IN_A_RANGE = 200


class CitingError(ValueError):
    """A text that cannot be read; `start` and `end` are where in it."""

    def __init__(self, said: str, start: int, end: int) -> None:
        self.start, self.end = start, end
        super().__init__(f"{said} It stands at character {start + 1}.")


@dataclass(frozen=True, slots=True)
class Words:
    """A run of words, as typed."""

    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation: the numbers as typed in parts, a number alone or the two ends of a range."""

    text: str
    start: int
    parts: tuple[tuple[int, int], ...]

    @property
    def numbers(self) -> tuple[int, ...]:
        """Return every contribution that it cites, each once, in the order of the text."""
        every = (n for first, last in self.parts for n in range(first, last + 1))
        return tuple(dict.fromkeys(every))


@dataclass(frozen=True, slots=True)
class Figure:
    """A slot for a figure, by its name in small letters and single spaces."""

    text: str
    start: int
    name: str


type Piece = Words | Cited | Figure


def pieces(text: str) -> tuple[Piece, ...]:
    """Return a paragraph's text in its pieces, in order. Raises CitingError."""
    found: list[Piece] = []
    done = 0
    for match in _PIECE.finditer(text):
        if match.start() > done:
            found.append(_words(text, done, match.start()))
        if match[1] is not None:
            found.append(Cited(match[0], match.start(), _parts(match)))
        else:
            found.append(Figure(match[0], match.start(), " ".join(match[2].lower().split())))
        done = match.end()
    if done < len(text):
        found.append(_words(text, done, len(text)))
    return tuple(found)


def _words(text: str, start: int, end: int) -> Words:
    said = text[start:end]
    for brace in ("{{", "}}"):
        at = said.find(brace)
        if at >= 0:
            at += start
            raise CitingError(
                f"“{text[at : at + 20]}” is no figure: write it as {{{{ published }}}}, between two "
                "braces on either side.",
                at,
                min(at + 20, len(text)),
            )
    unclosed = re.search(r"\[\s*\d[\d\s,–-]*$", said)
    if unclosed and end == len(text):
        raise CitingError(
            f"The citation “{unclosed[0]}” is not closed: a bracket is missing.",
            start + unclosed.start(),
            end,
        )
    return Words(said, start)


def _parts(match: re.Match[str]) -> tuple[tuple[int, int], ...]:
    parts = []
    for said in match[1].split(","):
        part = _PART.fullmatch(said.strip())
        first = int(part[1]) if part else 0
        last = int(part[2] or part[1]) if part else 0
        if not part or not first or last < first:
            raise CitingError(
                f"“{match[0]}” is no citation: name contributions by number, as [17], [4, 9] or "
                "[4-7].",
                match.start(),
                match.end(),
            )
        if last - first >= MOST_IN_A_RANGE:
            raise CitingError(
                f"“{match[0]}” cites more than {MOST_IN_A_RANGE} contributions at once.",
                match.start(),
                match.end(),
            )
        parts.append((first, last))
    return tuple(parts)


def numbers(text: str) -> tuple[int, ...]:
    """Return every contribution that a text cites, each once, in order. Raises CitingError."""
    return _numbers(pieces(text))


def _numbers(found: tuple[Piece, ...]) -> tuple[int, ...]:
    cited = (each.numbers for each in found if isinstance(each, Cited))
    return tuple(dict.fromkeys(n for some in cited for n in some))


def check(text: str, known: Callable[[str], bool]) -> tuple[Piece, ...]:
    """Return the pieces of a text whose figures are all `known`. Raises CitingError."""
    found = pieces(text)
    for each in found:
        if isinstance(each, Figure) and not known(each.name):
            raise CitingError(
                f"There is no figure “{each.name}”.", each.start, each.start + len(each.text)
            )
    return found


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a paragraph with what it cites; `start` is where it stands in the text."""

    text: str
    start: int
    pieces: tuple[Piece, ...]

    @property
    def cites(self) -> tuple[int, ...]:
        """Return the numbers of the contributions that it cites."""
        return _numbers(self.pieces)

    @property
    def is_statement(self) -> bool:
        """Say whether it states what contributions say: one with figures alone does not."""
        return bool(self.cites) or not any(isinstance(each, Figure) for each in self.pieces)


# The end of a sentence, with what closes with it, and the citations that follow it at once
_END = re.compile(
    r"""(?P<mark>[.!?…؟][”"’)\]»]*)(?P<cited>(?:\s*\[\s*\d[^\[\]]*\])*)(?=\s+[^\s\da-z]|\s+\d|\s*$)"""
    r"""|(?P<full>[。！？])(?P<after>(?:\s*\[\s*\d[^\[\]]*\])*)"""
)
_SHORT = re.compile(r"(?:\b(?:No|Nos|Mr|Ms|Mrs|Dr|Rev|Art|para|cf|e\.g|i\.e|vol|p|pp)|\b[A-Z])\.$")


def sentences(text: str) -> Iterator[Sentence]:
    """Yield the sentences of a paragraph, each with its citations. Raises CitingError.

    A citation just behind a full stop belongs to the sentence before it.
    """
    start = 0
    for match in _END.finditer(text):
        end = match.end()
        if match["mark"] == "." and not match["cited"]:
            before = text[start : match.start() + 1]
            if _SHORT.search(before) and text[end:].strip():
                continue
        yield from _sentence(text, start, end)
        start = end
    yield from _sentence(text, start, len(text))


def _sentence(text: str, start: int, end: int) -> Iterator[Sentence]:
    said = text[start:end]
    begins = start + len(said) - len(said.lstrip())
    if words := said.strip():
        yield Sentence(words, begins, pieces(words))


def quotations(text: str) -> Iterator[tuple[str, int]]:
    """Yield what a text quotes, “…”, with where it begins."""
    for match in re.finditer(r"“([^“”]+)”", text):
        yield match[1], match.start(1)
