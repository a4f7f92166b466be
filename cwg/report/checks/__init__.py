"""What a report says against what the record holds: the rules, and how a report is checked.

How to add a rule: docs/checks.md.
"""

from __future__ import annotations

from cwg.report.checks import (
    by_hand,
    citations,
    form,
    meetings_told,
    people,
    plans,
    promises,
    prose,
    windows,
)
from cwg.report.checks.findings import Finding, Rule
from cwg.report.checks.reading import Checked, read, read_record
from cwg.report.models import Report
from meetings.severity import Severity

__all__ = [
    "RULES", "Checked", "Finding", "Rule", "Severity", "check", "findings", "read", "read_record",
]  # fmt: skip

RULES: tuple[Rule, ...] = (
    prose.bracket_unbalanced,
    prose.editor_bracket,
    prose.slot_unresolved,
    meetings_told.dated_before_meeting,
    meetings_told.meeting_not_closed,
    form.head_of_another_document,
    people.signatory_not_in_office,
    promises.launch_not_recorded,
    promises.summary_not_submitted,
    promises.goes_on_from_another_topic,
    meetings_told.meeting_without_outcomes,
    meetings_told.ordinal_gap,
    meetings_told.period_cuts_meeting,
    windows.window_differs,
    citations.cited_not_referenced,
    citations.reference_not_cited,
    citations.cited_two_ways,
    citations.revision_not_in_force,
    citations.citation_typed,
    plans.plan_past,
    people.chair_name,
    people.chair_pronoun,
    people.country_named,
    form.two_acronyms,
    form.paragraph_typed,
    form.cover_row_empty,
    by_hand.by_hand_without_facts,
    prose.word_doubled,
    prose.space_doubled,
    by_hand.by_hand,
)


def check(report: Report) -> tuple[Finding, ...]:
    """Return what is to be found in `report`, in the order of the printed page.

    At one place the order is that of RULES, the heavier first. Raises
    NoMessagesError where the house has no wording in the report's language,
    PatternError where a pattern of the house cannot be read.
    """
    return findings(read(report))


def findings(checked: Checked) -> tuple[Finding, ...]:
    """Return what the rules find in a report that was read."""
    found: dict[tuple[str, str], Finding] = {}
    for look in RULES:
        for finding in look(checked):
            found.setdefault((finding.rule, finding.subject), finding)
    order = checked.order
    return tuple(sorted(found.values(), key=lambda finding: order[finding.place]))
