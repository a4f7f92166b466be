"""Slots that cannot be filled: kept as typed, so that the report can be composed and read."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from cwg.report.gather import Record
from cwg.report.models import FIXED_SLOTS, INSTRUMENT_FORMS
from meetings.record import at_hand
from meetings.wording.sentences import PHRASE_SLOTS, WORDING_SLOTS
from meetings.wording.slots import SLOT

# Between the braces, so that nothing takes the slot for one; it has no width
WORD_JOINER = "\u2060"
PHRASES = ("action", "recalls", "condition")


def keep_as_typed(record: Record) -> None:
    """Let every slot that `record` cannot fill be printed as it was typed.

    Only what was read changes, nothing is saved. A slot can become unknown
    after it was typed: its instrument was taken out of the references.
    """
    known = _slots_of_passages(record)
    for passage in record.passages:
        _keep(passage, "text", known.__contains__)
    for meeting in record.meetings:
        for outcome in meeting.outcomes.all():
            _keep(outcome, "wording", WORDING_SLOTS.__contains__)
            for phrase in PHRASES:
                _keep(outcome, phrase, PHRASE_SLOTS.__contains__)
            for point in at_hand(outcome, "points"):
                _keep(point, "text", WORDING_SLOTS.__contains__)


def _slots_of_passages(record: Record) -> set[str]:
    known = set(FIXED_SLOTS)
    for session in record.sessions:
        known |= {f"session.{session.key}", f"session.{session.key}.long"}
    for reference in record.references:
        key = reference.revision.instrument.key
        known |= {f"{key}.{form}" if form else key for form in INSTRUMENT_FORMS}
    return known | {f"paragraph.{each.key}" for each in record.passages if each.key}


def _keep(row: Any, field: str, is_known: Callable[[str], bool]) -> None:
    texts: dict[str, str] | None = getattr(row, field)
    if not texts or not any("{{" in text for text in texts.values()):
        return

    def kept(slot: re.Match[str]) -> str:
        return slot[0] if is_known(slot[1]) else slot[0].replace("{{", "{" + WORD_JOINER + "{", 1)

    setattr(row, field, {language: SLOT.sub(kept, text) for language, text in texts.items()})
