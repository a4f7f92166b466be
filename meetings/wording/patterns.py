"""Fill an ICU message pattern with spans, so that every word keeps its origin."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from icu4py.messageformat import MessageFormat

from meetings.typesetting.tree import Origin, Span, Spans

# A slot is marked with two private-use characters while ICU puts the sentence together
MARKED = re.compile("\ue000([a-z_]+)\ue001")
UNFILLED = re.compile(r"\{([a-z_]+)\}")


class PatternError(ValueError):
    """A pattern that cannot be read, or that names a slot it cannot have."""


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
    text = _format(pattern, language).format({**marks, **choices})  # type: ignore[arg-type]
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
