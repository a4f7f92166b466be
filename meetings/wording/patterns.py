"""Fill an ICU message pattern with spans, so that every word keeps its origin."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from icu4py.messageformat import MessageFormat

from meetings.typesetting.tree import Origin, Span, Spans
from meetings.wording.messages import messages, switched_on

# A slot is marked with two private-use characters while ICU puts the sentence together
MARKED = re.compile("\ue000([a-z_]+)\ue001")
UNFILLED = re.compile(r"\{([a-z_]+)\}")


NAMED = re.compile(r"\{\s*([a-z_]+)\s*[,}]")


class PatternError(ValueError):
    """A pattern that cannot be read, or that names a slot it cannot have."""

    unknown_name = False


@lru_cache(maxsize=512)
def _format(pattern: str, language: str) -> MessageFormat:
    try:
        return MessageFormat(pattern, language)
    except ValueError as error:
        raise PatternError(
            "A brace is opened and not closed, or a choice is incomplete."
        ) from error


def fill(
    pattern: str,
    language: str,
    slots: Mapping[str, Spans],
    choices: Mapping[str, str | int],
    origin: Origin,
) -> Spans:
    """Return `pattern` with `slots` in their places; `choices` decide its branches.

    Raises PatternError for a pattern that cannot be read or an unknown slot.
    """
    marks: dict[str, str | int] = {name: f"\ue000{name}\ue001" for name in slots}
    text = _format(pattern, language).format({**marks, **choices})
    spans: list[Span] = []
    for place, piece in enumerate(MARKED.split(text)):
        if place % 2:
            spans.extend(slots[piece])
        elif piece:
            unfilled = UNFILLED.search(piece)
            if unfilled:
                raise PatternError(f"There is no slot “{unfilled[1]}” in this sentence.")
            spans.append(Span(piece, origin))
    return tuple(spans)


@lru_cache(maxsize=4096)
def number(pattern: str, language: str, n: int) -> str:
    """Return `n` printed by an ICU number pattern with the one argument n."""
    return _format(pattern, language).format({"n": n})


def check(pattern: str, language: str, name: str) -> None:
    """Refuse a house's own pattern that ICU cannot read or that names a slot it cannot have.

    The slots it may have are those of the pattern of that name in the messages.
    Raises PatternError.
    """
    standing = messages(language if language in switched_on() else "en").patterns
    if name not in standing:
        error = PatternError(
            f"There is no pattern “{name}”. There are {', '.join(sorted(standing))}."
        )
        error.unknown_name = True
        raise error
    _format(pattern, language)
    known = set(NAMED.findall(standing[name]))
    unknown = sorted(set(NAMED.findall(pattern)) - known)
    if unknown:
        raise PatternError(
            f"There is no slot “{unknown[0]}” in this sentence. There are {', '.join(sorted(known))}."
        )
