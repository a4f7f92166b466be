"""Named slots in texts that people type: {{ topics }}."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping

from meetings.typesetting.tree import Origin, Span, Spans

SLOT = re.compile(r"\{\{\s*([a-z0-9][a-z0-9._-]*)\s*\}\}")


class SlotError(ValueError):
    """A text with a slot that cannot be filled; the message says which."""


def slot_names(text: str) -> tuple[str, ...]:
    """Return the names of the slots in `text`, in order."""
    return tuple(match[1] for match in SLOT.finditer(text))


def check(text: str, known: Collection[str] | Callable[[str], bool]) -> None:
    """Refuse a text with an unknown slot, by name, or with a slot that is not closed.

    Raises SlotError.
    """
    is_known = known if callable(known) else known.__contains__
    for name in slot_names(text):
        if not is_known(name):
            choice = "" if callable(known) else f" Here there are: {', '.join(sorted(known))}."
            raise SlotError(f"There is no slot “{name}”.{choice}")
    rest = SLOT.sub("", text)
    for brace in ("{{", "}}", "{%", "%}"):
        if brace in rest:
            place = rest.index(brace)
            raise SlotError(
                f"“{rest[place : place + 20]}” is no slot. Write a slot as {{{{ name }}}}, "
                "in small letters; everything else is printed as typed."
            )


def fill(text: str, values: Mapping[str, Spans], origin: Origin) -> Spans:
    """Return `text` as spans of `origin`, with the spans of `values` in its slots.

    Raises SlotError for an unknown slot.
    """
    spans: list[Span] = []
    for place, piece in enumerate(SLOT.split(text)):
        if place % 2:
            if piece not in values:
                raise SlotError(f"There is no slot “{piece}”.")
            spans.extend(values[piece])
        elif piece:
            spans.append(Span(piece, origin))
    return tuple(spans)
