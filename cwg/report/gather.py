"""Read everything a report is made from, with a number of queries that does not grow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch

from cwg.report.models import Passage, Reference, Report
from meetings.models import (
    Meeting,
    Officer,
    Outcome,
    OutcomeTopic,
    Session,
    WorkingGroup,
)


@dataclass(frozen=True, slots=True)
class Record:
    """A report and the part of the record that it tells."""

    report: Report
    group: WorkingGroup
    officers: tuple[Officer, ...]
    sessions: tuple[Session, ...]
    references: tuple[Reference, ...]
    passages: tuple[Passage, ...]
    meetings: tuple[Meeting, ...]


def with_outcomes() -> Prefetch[str]:
    """Return the prefetch that brings everything the sentences of outcomes are made from."""
    return Prefetch(
        "outcomes",
        Outcome.objects.select_related(
            "session",
            "awaits",
            "recalls_group",
            "settlement__at_session",
            "settlement__by_outcome__meeting__group",
        )
        .prefetch_related(
            Prefetch("outcome_topics", OutcomeTopic.objects.select_related("topic")),
            "points",
            "recalls_group__names",
        )
        .order_by("position", "pk"),
    )


def gather(report: Report) -> Record:
    """Return what `report` is made from."""
    return gather_each([report])[0]


def gather_each(reports: Sequence[Report]) -> list[Record]:
    """Return what each of `reports` is made from; as many queries as for one."""
    if not reports:
        return []
    keys = {report.group_id for report in reports}
    groups = {
        group.pk: group
        for group in WorkingGroup.objects.prefetch_related("names", "patterns").filter(pk__in=keys)
    }
    officers = list(Officer.objects.filter(group__in=keys).select_related("country"))
    sessions = tuple(Session.objects.all())
    references = (
        Reference.objects.filter(report__in=reports)
        .select_related("revision__instrument__body")
        .order_by("position", "pk")
    )
    cited = _by_report(reports, references)
    passages = _by_report(
        reports, Passage.objects.filter(report__in=reports).order_by("position", "pk")
    )
    meetings = list(
        Meeting.objects.filter(group__in=keys)
        .own_series()
        .held_between(
            min(report.first_day for report in reports), max(report.last_day for report in reports)
        )
        .order_by("first_day", "ordinal")
        .prefetch_related(with_outcomes())
    )
    return [
        Record(
            report=report,
            group=groups[report.group_id],
            officers=tuple(each for each in officers if each.group_id == report.group_id),
            sessions=sessions,
            references=cited[report.pk],
            passages=passages[report.pk],
            meetings=tuple(
                each
                for each in meetings
                if each.group_id == report.group_id
                and report.first_day <= each.first_day
                and each.last_day <= report.last_day
            ),
        )
        for report in reports
    ]


def _by_report[Row: (Reference, Passage)](
    reports: Sequence[Report], rows: Iterable[Row]
) -> dict[int, tuple[Row, ...]]:
    """Return the rows of each report by its key, each knowing its report."""
    found: dict[int, list[Row]] = {report.pk: [] for report in reports}
    by_key = {report.pk: report for report in reports}
    for row in rows:
        row.report = by_key[row.report_id]
        found[row.report_id].append(row)
    return {key: tuple(each) for key, each in found.items()}
