"""A finding accepted with a reason: it stays until the text at its place changes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser

from cwg.report.checks import Checked, Finding, Severity, findings
from cwg.report.models import AcceptedFinding, Report
from meetings import history

type Key = tuple[str, str]


class AcceptingError(Exception):
    """A finding that cannot be accepted or taken back as asked; never raised itself."""


class NoReasonError(AcceptingError):
    """A finding accepted without a reason."""

    def __init__(self) -> None:
        super().__init__("Say why the finding may stay. Nothing was accepted.")


class AlreadyAcceptedError(AcceptingError):
    """A finding that stands accepted already."""

    def __init__(self, accepted: AcceptedFinding) -> None:
        super().__init__(
            f"This finding is accepted already, with the reason “{accepted.reason}”. "
            "Take that back first if another reason is to stand."
        )


class NotAcceptedError(AcceptingError):
    """A finding to be taken back that nobody accepted."""

    def __init__(self) -> None:
        super().__init__("This finding is not accepted, so nothing was taken back.")


def accept(
    report: Report,
    finding: Finding,
    by: AbstractBaseUser | AnonymousUser | None,
    reason: str,
    on: date,
) -> AcceptedFinding:
    """Accept `finding` in `report`; one that lapsed is accepted anew.

    Raises NoReasonError without a reason, AlreadyAcceptedError where it stands accepted, and
    ValidationError where the reason cannot be kept.
    """
    reason = reason.strip()
    if not reason:
        raise NoReasonError
    with history.activity("accepting.accept", by, reason):
        locked = report.locked()
        standing = locked.accepted_findings.filter(rule=finding.rule, subject=finding.subject)
        accepted = standing.first() or AcceptedFinding(
            report=locked, rule=finding.rule, subject=finding.subject
        )
        if accepted.pk and accepted.words == finding.words:
            raise AlreadyAcceptedError(accepted)
        accepted.words, accepted.reason, accepted.on = finding.words, reason, on
        accepted.by = by if isinstance(by, AbstractBaseUser) else None  # type: ignore[assignment]  # the project's user is one
        accepted.full_clean()
        accepted.save()
    return accepted


def take_back(
    report: Report, finding: Finding, by: AbstractBaseUser | AnonymousUser | None
) -> Report:
    """Let a finding that was accepted stand open again. Raises NotAcceptedError."""
    with history.activity("accepting.take_back", by):
        locked = report.locked()
        accepted = locked.accepted_findings.filter(
            rule=finding.rule, subject=finding.subject
        ).first()
        if accepted is None:
            raise NotAcceptedError
        accepted.delete()
    return locked


def standing(
    found: Iterable[Finding], accepted: Iterable[AcceptedFinding]
) -> tuple[tuple[Finding, ...], tuple[tuple[Finding, AcceptedFinding], ...]]:
    """Return the findings that are open, and those accepted with their acceptance."""
    by_key = _by_key(accepted)
    still_open: list[Finding] = []
    settled: list[tuple[Finding, AcceptedFinding]] = []
    for finding in found:
        acceptance = by_key.get((finding.rule, finding.subject))
        if acceptance is not None and acceptance.words == finding.words:
            settled.append((finding, acceptance))
        else:
            still_open.append(finding)
    return tuple(still_open), tuple(settled)


def lapsed(
    found: Iterable[Finding], accepted: Iterable[AcceptedFinding]
) -> dict[Key, AcceptedFinding]:
    """Return the acceptances that hold no more, by rule and subject: the text there changed since."""
    by_key = _by_key(accepted)
    return {
        key: acceptance
        for finding in found
        if (acceptance := by_key.get(key := (finding.rule, finding.subject))) is not None
        and acceptance.words != finding.words
    }


def _by_key(accepted: Iterable[AcceptedFinding]) -> dict[Key, AcceptedFinding]:
    return {(each.rule, each.subject): each for each in accepted}


def blockers(checked: Checked) -> tuple[Finding, ...]:
    """Return the open findings that hold up finalising: blockers that nobody accepted."""
    still_open, _ = standing(findings(checked), checked.report.accepted_findings.all())
    return tuple(finding for finding in still_open if finding.severity is Severity.BLOCKER)
