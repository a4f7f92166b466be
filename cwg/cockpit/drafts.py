"""The drafts of the person's groups: how each stands, what is found in it, what it lacks."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery

from cwg.cockpit.desk import Desk
from cwg.report import clearance
from cwg.report.checks import Severity, accepting, findings
from cwg.report.checks.reading import beside, read_beside
from cwg.report.clearance import Standing
from cwg.report.compose import WORDING_ERRORS
from cwg.report.gather import Record, gather_each
from cwg.report.models import Clearance, Report
from meetings.editions import words_of
from meetings.models import Edition

MOST_CHECKED = 3  # reading a report against its record is the dearest thing that the page does


@dataclass(frozen=True, slots=True)
class Draft:
    """A report that is not finalised as it stands, read against its record."""

    report: Report
    standing: Standing | None  # None where it cannot be written
    found: Counter[Severity]  # the open findings, those accepted left out
    missing: int
    problem: str = ""  # why it cannot be written


@dataclass(frozen=True, slots=True)
class Drafts:
    """The latest drafts, and how many older ones were not read."""

    latest: tuple[Draft, ...]
    older: int


def drafts(desk: Desk) -> Drafts:
    """Return the latest drafts of the person's groups, read with a fixed number of queries."""
    standing = _unfinished(desk)
    reports = list(standing.order_by("-as_of", "-pk")[:MOST_CHECKED])
    others = beside(reports)
    read = []
    for record in gather_each(reports):
        try:
            checked = read_beside(record, others)
        except WORDING_ERRORS as error:
            read.append(Draft(record.report, None, Counter(), 0, str(error)))
            continue
        accepted = record.report.accepted_findings.all()
        still_open, _ = accepting.standing(findings(checked), accepted)
        found = Counter(finding.severity for finding in still_open)
        stands = _stands(record, words_of(checked.document))
        read.append(Draft(record.report, stands, found, len(checked.composed.missing)))
    return Drafts(tuple(read), max(standing.count() - len(reports), 0))


def _stands(record: Record, words: str) -> Standing:
    report = record.report
    kept = report.document.editions.all() if report.document is not None else ()
    editions = [each for each in kept if each.language == report.language]
    return clearance.stand(list(report.clearances.all()), editions[-1] if editions else None, words)


def _unfinished(desk: Desk) -> QuerySet[Report]:
    """Return the reports never finalised, and those sent to the Chair again since they were."""
    editions = Edition.objects.defer("tree").order_by("pk")
    last = editions.filter(document=OuterRef("document"), language=OuterRef("language"))
    sent = Clearance.objects.filter(report=OuterRef("pk"), sent_at__gt=OuterRef("finalised_at"))
    return (
        Report.objects.filter(group__in=desk.groups)
        .annotate(finalised_at=Subquery(last.order_by("-pk").values("finalised_at")[:1]))
        .filter(Q(finalised_at=None) | Exists(sent))
        .select_related("group", "session", "document", "signed_by__country", "type")
        .prefetch_related(
            "group__names", "accepted_findings",
            Prefetch("clearances", Clearance.objects.defer("tree").order_by("pk")),
            Prefetch("document__editions", editions),
        )
    )  # fmt: skip


def waiting(desk: Desk) -> QuerySet[Clearance]:
    """Return the sendings that the Chair has not answered, the oldest first."""
    return (
        Clearance.objects.filter(answer=Clearance.Answer.WAITING, report__group__in=desk.groups)
        .defer("tree")
        .select_related("report__group", "report__session")
        .prefetch_related("report__group__names")
        .order_by(F("sent_at"), "pk")
    )
