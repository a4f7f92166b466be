"""How much a finding of a check weighs: of a report, of a summary."""

from __future__ import annotations

from enum import StrEnum


class Severity(StrEnum):
    """How much a finding weighs: a blocker holds up what is to be final."""

    BLOCKER = "blocker"
    WARNING = "warning"
    NOTE = "note"
