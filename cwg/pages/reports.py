"""The reports of a group that everybody reads, as its other pages name them."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from cwg.report.access import visible_to
from cwg.report.models import Report
from meetings.languages import in_language
from meetings.models import Instrument, WorkingGroup


def public_reports(group: WorkingGroup, day: date) -> QuerySet[Report]:
    """Return the public reports of a group, the latest first."""
    return visible_to(AnonymousUser(), day).filter(group=group).order_by("-as_of", "slug")


def references(report: Report) -> list[tuple[Instrument, str]]:
    """Return the instruments that a report cites, each with its revision."""
    cited = report.references.select_related("revision__instrument__body").order_by(
        "position", "pk"
    )
    return [(each.revision.instrument, in_language(each.revision.label, "en")) for each in cited]
