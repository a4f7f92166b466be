"""Who may read a report."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from cwg.report.models import Report
from meetings.models import RoleTerm


def may_read(user: Any, report: Report, day: date) -> bool:
    """Say whether `user` may read `report` on `day`: everybody a public one, its people any."""
    return visible_to(user, day).filter(pk=report.pk).exists()


def visible_to(user: Any, day: date) -> QuerySet[Report]:
    """Return the reports that `user` may read on `day`."""
    reports = Report.objects.select_related("group", "session", "signed_by__country")
    if user.is_active and user.is_superuser:
        return reports
    if not user.is_authenticated or not user.is_active:
        return reports.filter(public=True)
    groups = RoleTerm.objects.on(day).filter(person=user.pk).values("group")
    return reports.filter(Q(public=True) | Q(group__in=groups))
