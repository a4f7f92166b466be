"""The lines agreed in a room, as they are pasted: of each the kind that its words propose.

A proposal only: somebody checks it before it is saved. A line whose words say nothing is proposed
as free words. What an outcome asks for besides its kind is taken from the line where it stands in
the words of the house: “took note of …”, “agreed …”, “requested … to …”.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

MOST_LINES = 100
# In this order: the first that is found proposes the kind
RULES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(words, re.IGNORECASE))
    for kind, words in (
        ("no_consensus", r"\bno consensus\b|\bconsensus was not\b"),
        ("deferred", r"\b(?:defer(?:red|s)?|postponed?)\b"),
        ("would_launch", r"\b(?:would|will|to) launch\b|\b(?:would|will) be launched\b"),
        ("launched", r"\blaunched\b"),
        ("summary", r"\bsummary\b.*\bsubmit(?:s|ted)?\b|\bsubmit\b.*\bsummary\b"),
        ("referred", r"\breferred\b.*\bto\b"),
        (
            "request",
            r"\b(?:requested|asked|invited|instructed) (?P<addressee>\S.*?) (?P<action>to \S.*)",
        ),
        ("noted", r"\b(?:took|takes|take) note of (?P<action>\S.*)|\bnoted (?P<noted>\S.*)"),
        ("agreed", r"\bagreed (?P<action>(?:to|on|that) \S.*)"),
    )
)
MARK = re.compile(r"^\s*(?:\(?[a-z]{1,2}\)|[-–—•*·])\s+", re.IGNORECASE)
NUMBER = re.compile(r"^\s*(\d{1,2}(?:\.\d{1,2}){0,2})\s*[:–—-]\s+")


@dataclass(frozen=True, slots=True)
class AgreedLine:
    """A line that was agreed: its words, the kind proposed, the agenda item it names ("" for none)."""

    text: str
    kind: str
    item: str = ""
    action: str = ""
    addressee: str = ""


def read(text: str, numbers: Collection[str] = ()) -> list[AgreedLine]:
    """Return the lines of `text` that say something; `numbers` are those of the agenda's items.

    A line may begin with the number of its item and a colon: “3.1: The Group took note of …”; a
    letter or a dash before it is no part of it.
    """
    found = []
    for line in text.splitlines():
        said = MARK.sub("", line).strip()
        item = ""
        if (named := NUMBER.match(said)) and named[1] in numbers:
            item, said = named[1], said[named.end() :].strip()
        if said := MARK.sub("", said).strip():
            found.append(_proposed(said, item))
    return found


def _proposed(text: str, item: str) -> AgreedLine:
    for kind, words in RULES:
        if found := words.search(text):
            said = found.groupdict()
            action = (said.get("action") or said.get("noted") or "").rstrip(". ")
            return AgreedLine(text, kind, item, action, said.get("addressee") or "")
    return AgreedLine(text, "free", item)
