"""The steps of a report's way to an edition, for tests that begin further on."""

from __future__ import annotations

from datetime import UTC, date, datetime

from cwg.accounts.models import User
from cwg.report import clearance
from cwg.report.checks import accepting, read
from cwg.report.clearance import State
from cwg.report.compose import compose
from cwg.report.gather import gather
from cwg.report.models import Clearance, Report
from meetings import editions
from meetings.models import Topic
from meetings.typesetting.tree import Document as Tree

AT = datetime(2026, 2, 3, 12, 30, tzinfo=UTC)
DAY = date(2026, 2, 3)


def said(report: Report) -> Tree:
    """Return what the report says now."""
    return compose(gather(Report.objects.select_related("session").get(pk=report.pk))).document


def standing(report: Report) -> State:
    """Return where the report stands now."""
    fresh = Report.objects.get(pk=report.pk)
    return clearance.standing(fresh, said(fresh)).state


def cleared(report: Report, lead: User, chair: User) -> Clearance:
    """Send the report to the Chair, who clears it."""
    clearance.send(report, by=lead, at=AT)
    document = said(report)
    return clearance.clear(report, document, seen=editions.words_of(document), by=chair, at=AT)


def accept_blockers(report: Report, lead: User) -> None:
    """Accept what holds the report up, with a reason."""
    for finding in accepting.blockers(read(report)):
        accepting.accept(report, finding, lead, "As printed.", DAY)


def rename_topic() -> None:
    """Change a word that the report prints."""
    topic = Topic.objects.get(key="lldcs")
    topic.title = {"en": "Islands"}
    topic.save()
