"""Measure the checks in ratios, in one run: python -m benchmarks.checks

A record of 50 meetings and 500 outcomes of every kind against ones of 100, 250 and 500 meetings:
time and queries, whole and rule by rule. What grows faster than the record is marked.

Python's collector of garbage is off while time is taken: a check makes so many objects that it
looks through all of them once or twice in a record of this size and not at all in a small one.
What that costs stands in a line of its own; in larger records it is the same share again.
"""

from __future__ import annotations

import os
from datetime import date
from functools import partial
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cwg.settings")
os.environ["DATA_DIR"] = "build/benchmark-checks"
Path("build/benchmark-checks").mkdir(parents=True, exist_ok=True)
Path("build/benchmark-checks/cwg.sqlite3").unlink(missing_ok=True)
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, reset_queries  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from benchmarks.growth import cpu, enlarge, heading, table  # noqa: E402
from cwg.report.checks import RULES, Checked, Finding, Rule, check, read  # noqa: E402
from cwg.report.compose import compose  # noqa: E402
from cwg.report.gather import gather  # noqa: E402
from cwg.report.models import Report  # noqa: E402

SIZES = (50, 100, 250, 500)  # meetings of ten outcomes each


def all_of(rule: Rule, checked: Checked) -> list[Finding]:
    """Return all that one rule finds."""
    return list(rule(checked))


def measured(meetings: int) -> tuple[int, int, dict[str, float]]:
    """Return the queries, the findings and the times for a report on so many meetings."""
    report = Report.objects.select_related("group", "session", "signed_by__country").get()
    report.first_day, report.last_day = date(1980, 1, 1), date(2030, 1, 1)
    enlarge(report.group, meetings)
    reset_queries()
    with CaptureQueriesContext(connection) as asked:
        found = check(report)
    record = gather(report)
    checked = read(report)
    return len(asked), len(found), {
        "gather": cpu(partial(gather, report), 2),
        "compose": cpu(partial(compose, record), 2),
        "read (with both)": cpu(partial(read, report), 2),
        "check (all)": cpu(partial(check, report), 2),
        "check, collecting garbage": cpu(partial(check, report), 2, collecting=True),
        **{rule.name: cpu(partial(all_of, rule, checked), 5) for rule in RULES},
    }  # fmt: skip


def main() -> None:
    """Print what checking costs, whole and rule by rule, and how it grows."""
    call_command("migrate", verbosity=0)
    call_command("load_demo", verbosity=0)
    queries, found, times = zip(*map(measured, SIZES), strict=True)
    print(heading(SIZES, {"queries": queries, "findings": found}))
    print(table(SIZES, times))


if __name__ == "__main__":
    main()
