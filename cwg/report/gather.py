"""Read everything a report is made from, with a number of queries that does not grow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch

from cwg.report import attached
from cwg.report.models import Passage, Reference, Report
from meetings.models import Document as MeetingDocument
from meetings.models import (
    Meeting,
    Officer,
    Outcome,
    OutcomePoint,
    OutcomeTopic,
    Session,
    WorkingGroup,
)
from meetings.promises import StatusRow, status_annexes
from meetings.record import AT_HAND


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
    documents: tuple[MeetingDocument, ...] = ()
    status: tuple[StatusRow, ...] = ()  # what was promised, where the report's type says so
    annexed: tuple[attached.Annexed, ...] = ()  # the summaries that it prints


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


def _told_outcomes() -> Prefetch[str]:
    """Return the prefetch of a report's outcomes, what they say at hand in plain lists."""
    return Prefetch(
        "outcomes",
        Outcome.objects.select_related(
            "session", "awaits", "recalls_group", "settlement__at_session"
        )
        .prefetch_related(
            Prefetch(
                "outcome_topics",
                OutcomeTopic.objects.select_related("topic"),
                to_attr=AT_HAND["outcome_topics"],
            ),
            Prefetch("points", OutcomePoint.objects.all(), to_attr=AT_HAND["points"]),
            Prefetch(
                "documents", MeetingDocument.objects.order_by("key"), to_attr=AT_HAND["documents"]
            ),
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
    named = attached.with_printing(
        WorkingGroup.objects.prefetch_related("names", "patterns").filter(pk__in=keys)
    )
    groups = {group.pk: group for group in named}
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
    ended = _ended(reports)
    documents = list(MeetingDocument.objects.submitted().filter(group__in=keys))
    status = _status(reports)
    annexed = attached.annexed(reports, groups)
    return [
        Record(
            report=report,
            group=groups[report.group_id],
            officers=tuple(each for each in officers if each.group_id == report.group_id),
            sessions=sessions,
            references=cited[report.pk],
            passages=passages[report.pk],
            meetings=tuple(each for each in ended if _tells(report, each)),
            documents=tuple(each for each in documents if each.group_id == report.group_id),
            status=status.get(report.pk, ()),
            annexed=annexed.get(report.pk, ()),
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


def _status(reports: Sequence[Report]) -> dict[int, tuple[StatusRow, ...]]:
    """Return what was promised by each report's date, by its key; the ledger speaks English only yet."""
    asking = [
        report for report in reports
        if report.type is not None and report.type.status_annex and report.language == "en"
    ]  # fmt: skip
    annexes = status_annexes(
        [(report.group_id, report.as_of, report.first_day) for report in asking]
    )
    return {report.pk: tuple(rows) for report, rows in zip(asking, annexes, strict=True)}


def _ended(reports: Sequence[Report]) -> list[Meeting]:
    """Return the meetings of the groups of `reports` that ended in one of their periods or between."""
    return list(
        Meeting.objects.filter(
            group__in={report.group_id for report in reports},
            cancelled_on=None,
            last_day__gte=min(report.first_day for report in reports),
            last_day__lte=max(report.last_day for report in reports),
        )
        .own_series()
        .order_by("first_day", "ordinal")
        .prefetch_related(_told_outcomes())
    )


def _tells(report: Report, meeting: Meeting) -> bool:
    """Say whether `meeting` ended in the report's period and is not still to come on its date."""
    if meeting.group_id != report.group_id:
        return False
    if not report.first_day <= meeting.last_day <= report.last_day:
        return False
    return meeting.first_day <= report.as_of or bool(meeting.outcomes.all())
