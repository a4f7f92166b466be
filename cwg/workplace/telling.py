"""The reports that tell of a meeting."""

from __future__ import annotations

from cwg.report.models import Report
from meetings.models import Meeting


def reports_on(meeting: Meeting) -> list[Report]:
    """Return the reports whose period holds the meeting, the latest first."""
    if meeting.series != Meeting.Series.OWN or meeting.cancelled_on is not None:
        return []
    covering = Report.objects.filter(
        group=meeting.group, first_day__lte=meeting.first_day, last_day__gte=meeting.last_day
    )
    return list(covering.select_related("session").order_by("-as_of", "slug"))


def told_in(meeting: Meeting) -> str:
    """Return the name of a public report that tells of the meeting; "" where there is none yet."""
    return next((str(report) for report in reports_on(meeting) if report.public), "")
