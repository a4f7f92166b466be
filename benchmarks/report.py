"""Measure the report in ratios, in one run: python -m benchmarks.report

1. The four formats of the demo report against python-docx writing the same paragraphs unstyled.
2. A record of 50 meetings and 500 outcomes against one of 500 and 5,000: time and queries.
"""

from __future__ import annotations

import io
import os
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cwg.settings")
os.environ["DATA_DIR"] = "build/benchmark"
Path("build/benchmark").mkdir(parents=True, exist_ok=True)
Path("build/benchmark/cwg.sqlite3").unlink(missing_ok=True)
django.setup()

from auditlog.context import disable_auditlog  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from docx import Document  # noqa: E402

from cwg.report import files  # noqa: E402
from cwg.report.compose import compose  # noqa: E402
from cwg.report.gather import gather  # noqa: E402
from cwg.report.models import Report  # noqa: E402
from meetings.models import Meeting, Outcome, WorkingGroup  # noqa: E402
from meetings.typesetting.tree import lines, plain  # noqa: E402

FORMS = ("text", "html", "docx", "pdf")
RUNS = 15


def cpu(act: Callable[[], object], runs: int = RUNS) -> float:
    """Return the median CPU time of `act` in milliseconds, after one run to warm up."""
    act()
    took = []
    for _ in range(runs):
        begun = time.process_time()
        act()
        took.append((time.process_time() - begun) * 1000)
    return sorted(took)[len(took) // 2]


def demo() -> None:
    """Print what each format of the demo report costs."""
    report = Report.objects.select_related("session", "type", "signed_by__country").get()
    composed = compose(gather(report))

    def unstyled() -> None:
        word = Document()
        for line in lines(composed.document):
            word.add_paragraph(plain(line.number) + "\t" + plain(line.text))
        word.save(io.BytesIO())

    base = cpu(unstyled)
    print(f"python-docx, unstyled      {base:7.1f} ms   1.0")
    total = 0.0
    for form in FORMS:
        took = cpu(lambda form=form: files.render(composed, form))  # type: ignore[misc]
        total += took
        print(f"{form:26} {took:7.1f} ms   {took / base:.1f}")
    print(f"{'all four':26} {total:7.1f} ms   {total / base:.1f}  (at most 5)")
    took = cpu(lambda: compose(gather(report)))
    print(f"{'gather and compose':26} {took:7.1f} ms   {took / base:.1f}")


def large(meetings: int) -> tuple[int, dict[str, float]]:
    """Return the queries and the times for a record of so many meetings of ten outcomes."""
    group = WorkingGroup.objects.get(record_kept_here=True)
    standing = Meeting.objects.filter(group=group).count()
    with disable_auditlog(), transaction.atomic():
        for number in range(standing, meetings):
            day = date(1990, 1, 1) + timedelta(days=20 * number)
            meeting = Meeting.objects.create(
                group=group, ordinal=1000 + number, first_day=day, last_day=day
            )
            for position in range(10):
                Outcome.objects.create(
                    meeting=meeting, position=position, kind="noted",
                    action={"en": f"document {position} of meeting {number}"},
                )  # fmt: skip
    report = Report.objects.select_related("session", "type", "signed_by__country").get()
    report.first_day, report.last_day = date(1980, 1, 1), date(2030, 1, 1)
    with CaptureQueriesContext(connection) as asked:
        composed = compose(gather(report))
    times = {"gather and compose": cpu(lambda: compose(gather(report)), 1)}
    for form in FORMS:
        times[form] = cpu(lambda form=form: files.render(composed, form), 1)  # type: ignore[misc]
    return len(asked), times


def main() -> None:
    """Print both tables."""
    call_command("migrate", verbosity=0)
    call_command("load_demo", verbosity=0)
    print("The demo report, CPU time")
    demo()
    few_queries, few = large(50)
    many_queries, many = large(500)
    print("\nTen times the record (500 meetings, 5,000 outcomes against 50 and 500)")
    print(f"{'queries':26} {few_queries} and {many_queries}")
    for name, took in many.items():
        print(f"{name:26} {few[name]:7.0f} ms  {took:7.0f} ms   {took / few[name]:.1f} times")


if __name__ == "__main__":
    main()
