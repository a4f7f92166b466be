"""The Chair's report, its clearance, and what a session made of it."""

from cwg.report.models.attached import AttachedSummary
from cwg.report.models.clearance import Clearance, Comment, Consideration
from cwg.report.models.report import (
    FIXED_SLOTS,
    INSTRUMENT_FORMS,
    AcceptedFinding,
    FinalisedError,
    Part,
    Passage,
    PassageText,
    Reference,
    Report,
    ReportType,
    Shape,
    TypePassage,
    known_slot,
)

__all__ = [
    "FIXED_SLOTS",
    "INSTRUMENT_FORMS",
    "AcceptedFinding",
    "AttachedSummary",
    "Clearance",
    "Comment",
    "Consideration",
    "FinalisedError",
    "Part",
    "Passage",
    "PassageText",
    "Reference",
    "Report",
    "ReportType",
    "Shape",
    "TypePassage",
    "known_slot",
]
