"""The secretariat's home: what stands next, each one act from where it is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet

from cwg.report.models import Report
from meetings.models import Meeting, WorkingGroup
from meetings.promises import Row, open_rows

MOST_ROWS = 10


@dataclass(frozen=True, slots=True)
class Cockpit:
    """What the secretariat's home shows."""

    meetings: list[Meeting]
    promises: list[Row]
    reports: list[Report]


def cockpit(day: date, groups: QuerySet[WorkingGroup]) -> Cockpit:
    """Return what stands next in `groups` on `day`, with a number of queries that does not grow."""
    groups = groups.filter(record_kept_here=True)
    latest = (
        Meeting.objects.filter(group__in=groups).select_related("group").prefetch_related("group__names")
        .annotate(outcome_count=Count("outcomes")).order_by("-first_day")
    )  # fmt: skip
    reports = Report.objects.filter(group__in=groups).select_related("group", "session")
    return Cockpit(
        meetings=list(latest[:MOST_ROWS]),
        promises=open_rows(day, groups),
        reports=list(reports.prefetch_related("group__names").order_by("-as_of")[:MOST_ROWS]),
    )  # fmt: skip
