"""The findings of a report as staff see them: what, where, how to mend it, or why it may stay."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from cwg.report.checks import Finding, Severity, findings
from cwg.report.checks.accepting import lapsed, standing
from cwg.report.checks.addresses import address
from cwg.report.checks.reading import Checked
from cwg.report.models import AcceptedFinding

WORDS = {
    Severity.BLOCKER: ("Blocker", "blocker", "blockers"),
    Severity.WARNING: ("Warning", "warning", "warnings"),
    Severity.NOTE: ("Note", "note", "notes"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One finding on the page. `lapsed` is an acceptance that holds no more."""

    finding: Finding
    word: str
    token: str
    seen: str
    address: str
    link: str
    accepted: AcceptedFinding | None = None
    lapsed: AcceptedFinding | None = None
    typed: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Typed:
    """A reason that was typed and could not be kept, and why."""

    token: str
    reason: str
    problem: str


NOTHING_TYPED = Typed("", "", "")


@dataclass(frozen=True, slots=True)
class FindingsPage:
    """What the template shows: the open findings, those accepted, and what may be done."""

    open: tuple[Row, ...]
    accepted: tuple[Row, ...]
    summary: str
    holds_up: bool  # an open blocker: the report cannot be finalised
    may_accept: bool
    action: str  # where the forms are sent
    back: str  # which page they come back to: "" or "preview"
    printed: str  # the page that shows the report with its anchors; "" for the same page


def findings_page(
    checked: Checked, *, may_accept: bool, back: str = "", typed: Typed = NOTHING_TYPED
) -> FindingsPage:
    """Return the findings of a report that was read, for its page."""
    report = checked.report
    found = findings(checked)
    acceptances = list(report.accepted_findings.select_related("by"))
    still_open, settled = standing(found, acceptances)
    held_once = lapsed(found, acceptances)
    weights = list(Severity)
    heavier_first = sorted(still_open, key=lambda each: weights.index(each.severity))
    return FindingsPage(
        open=tuple(
            _row(each, checked, typed, lapsed=held_once.get((each.rule, each.subject)))
            for each in heavier_first
        ),
        accepted=tuple(_row(each, checked, typed, accepted=why) for each, why in settled),
        summary=summary(still_open),
        holds_up=any(each.severity is Severity.BLOCKER for each in still_open),
        may_accept=may_accept,
        action=reverse("admin:report_report_findings", args=[report.pk]),
        back=back,
        printed="" if back else reverse("admin:report_report_preview", args=[report.pk]),
    )


def _row(finding: Finding, checked: Checked, typed: Typed, **more: Any) -> Row:
    where, link = address(finding, checked)
    token = token_of(finding)
    if typed.token == token:
        more |= {"typed": typed.reason, "problem": typed.problem}
    return Row(finding, WORDS[finding.severity][0], token, seen_of(finding), where, link, **more)


def token_of(finding: Finding) -> str:
    """Return a short name of a finding, for a form: it stays while the finding is the same."""
    return hashlib.sha256(f"{finding.rule}\n{finding.subject}".encode()).hexdigest()[:16]


def seen_of(finding: Finding) -> str:
    """Return a mark of the words at a finding's place: it changes when they do."""
    return hashlib.sha256(finding.words.encode()).hexdigest()[:16]


def summary(found: tuple[Finding, ...]) -> str:
    """Return how many findings there are of each weight: 1 blocker, 2 warnings."""
    counted = Counter(finding.severity for finding in found)
    return ", ".join(
        f"{counted[severity]} {WORDS[severity][1 if counted[severity] == 1 else 2]}"
        for severity in Severity if counted[severity]
    )  # fmt: skip
