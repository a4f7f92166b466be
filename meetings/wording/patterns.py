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
ARGUMENT = re.compile(r"\{\s*+([^\s{},]*+)\s*+([,}])")
QUOTED = re.compile(r"'\{[^']*'|'\}[^']*'|''")

# A house's own pattern may hold the slots of the usual one, and these. Every name that is none
# of a meeting's, an officer's, the head's or a citation's is that of a kind of outcome.
OUTCOME_SLOTS = frozenset({
    "group", "group_name", "chair", "topics", "topics_quoted", "window", "window_long",
    "window_short", "session", "session_long", "event", "event_long", "recalls_group", "documents",
    "addressee", "action", "condition", "recalls",
    "count", "named", "tense", "future", "about", "until", "condition_said", "recalled",
})  # fmt: skip
MEETING_SLOTS = frozenset({
    "ordinal", "group", "group_name", "when", "days", "place", "mode", "placed",
})  # fmt: skip
LINE_SLOTS = frozenset({"name", "acronym", "session", "named_twice", "role", "chair"})
FURTHER_SLOTS: dict[str, frozenset[str]] = {
    "meeting_heading": MEETING_SLOTS,
    "meeting_without_outcomes": MEETING_SLOTS,
    "meetings": frozenset({"whens_each"}),
    "officer": frozenset(),
    **dict.fromkeys(("chair_until", "chair_from", "chair_between", "chair_on"), frozenset()),
    **dict.fromkeys(("head_agenda_item", "head_number", "head_original"), frozenset()),
    **dict.fromkeys(("head_source", "head_title"), LINE_SLOTS),
    **dict.fromkeys(("cited_before", "cited_after", "cited_number"), frozenset()),
    "signature": frozenset({"name", "role", "group"}),
    **dict.fromkeys(("agenda_approval", "agenda_returning"), frozenset({"ordinal"})),
}


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


def named(pattern: str) -> frozenset[str]:
    """Return the names that a pattern asks for: of its slots, and of what decides its branches.

    A branch of one word ("one {was}") looks like a slot and is none.
    """
    names: set[str] = set()
    text = QUOTED.sub(lambda match: " " * len(match[0]), pattern)
    within: list[bool] = []  # for each open brace, whether it is an argument (else a branch)
    place = 0
    while place < len(text):
        if text[place] == "{":
            argument = None if within and within[-1] else ARGUMENT.match(text, place)
            if argument is None:
                within.append(False)
            else:
                names.add(argument[1])
                if argument[2] == ",":
                    within.append(True)
                place = argument.end() - 1
        elif text[place] == "}" and within:
            within.pop()
        place += 1
    return frozenset(names)


def check(pattern: str, language: str, name: str) -> None:
    """Refuse a house's own pattern that ICU cannot read or that names a slot it cannot have.

    The slots it may have are those of the pattern of that name in the messages,
    and those that every sentence of its sort can fill. Raises PatternError.
    """
    standing = messages(language if language in switched_on() else "en").patterns
    if name not in standing:
        error = PatternError(
            f"There is no pattern “{name}”. There are {', '.join(sorted(standing))}."
        )
        error.unknown_name = True
        raise error
    _format(pattern, language)
    known = named(standing[name]) | FURTHER_SLOTS.get(name, OUTCOME_SLOTS)
    unknown = sorted(named(pattern) - known)
    if unknown:
        raise PatternError(
            f"There is no slot “{unknown[0]}” in this sentence. There are {', '.join(sorted(known))}."
        )
