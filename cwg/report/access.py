"""Who may read a report."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from cwg.report.models import Report
from meetings import access


def may_read(user: Any, report: Report, day: date) -> bool:
    """Say whether `user` may read `report` on `day`: everybody a public one, its people any."""
    return report.public or access.may_see(user, report, day)


def visible_to(user: Any, day: date) -> QuerySet[Report]:
    """Return the reports that `user` may read on `day`: `may_read` of many."""
    reports = Report.objects.select_related("group", "session", "type", "signed_by__country")
    if access.is_administrator(user):
        return reports
    return reports.filter(Q(public=True) | Q(group__in=access.groups_of(user, day)))


def audience(report: Report) -> str:
    """Return who can see `report`, in words that go on from “Who can see this:”."""
    return access.EVERYBODY if report.public else access.people_of(report.group)
