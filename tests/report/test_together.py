"""Several reports are read at once: what each says is what it says alone, and nothing is asked twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import connection
from django.test.utils import CaptureQueriesContext

from cwg.report import drafting
from cwg.report.checks import check, findings
from cwg.report.checks.reading import beside, read_beside
from cwg.report.compose import compose
from cwg.report.gather import gather, gather_each
from cwg.report.models import Report
from meetings.promises import StatusRow
from tests.report.test_status_annex import annexed


def another(report: Report, slug: str, first_day: date) -> Report:
    """Begin a report that covers a part of the same meetings."""
    return drafting.begin(
        Report(
            group=report.group, type=report.type, session=report.session, slug=slug,
            first_day=first_day, last_day=report.last_day, as_of=report.as_of, signed_by=report.signed_by,
        ),
        by=None,
    )  # fmt: skip


def test_each_report_says_what_it_says_alone(report: Report) -> None:
    reports = [report, another(report, "short", date(2025, 1, 1))]
    together = [compose(record) for record in gather_each(reports)]
    assert together == [compose(gather(each)) for each in reports]
    assert together[0] != together[1]
    others = beside(reports)
    found = [findings(read_beside(record, others)) for record in gather_each(reports)]
    assert found == [check(each) for each in reports]
    assert found[0]


def test_three_reports_ask_as_often_as_one(report: Report) -> None:
    others = [another(report, slug, date(2025, 1, 1)) for slug in ("a", "b")]
    asked = []
    for reports in ([report], [report, *others]):
        with CaptureQueriesContext(connection) as queries:
            read = beside(reports)
            for record in gather_each(reports):
                findings(read_beside(record, read))
                compose(record)
        asked.append(len(queries))
    assert asked == [26, 26]


def test_three_annexes_of_promises_ask_as_often_as_one(report: Report) -> None:
    begun = another(report, "a", date(2025, 6, 1)), another(report, "b", date(2020, 1, 1))
    reports = [annexed(each) for each in (report, *begun)]
    reports[2].as_of = date(2024, 12, 31)
    asked: list[int] = []
    together: list[Sequence[StatusRow]] = []
    for some in (reports[:1], reports):
        with CaptureQueriesContext(connection) as queries:
            together = [record.status for record in gather_each(some)]
        asked.append(len(queries))
    assert asked == [23, 23]
    assert together == [gather(each).status for each in reports]
    assert len({len(rows) for rows in together}) == 3


def test_no_report_asks_nothing(report: Report) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert gather_each([]) == []
    assert len(queries) == 0
