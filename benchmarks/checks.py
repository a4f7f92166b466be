"""Measure the checks in ratios, in one run: python -m benchmarks.checks

A record of 50 meetings and 500 outcomes of every kind against one of 500 and 5,000: time, queries.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cwg.settings")
os.environ["DATA_DIR"] = "build/benchmark-checks"
Path("build/benchmark-checks").mkdir(parents=True, exist_ok=True)
Path("build/benchmark-checks/cwg.sqlite3").unlink(missing_ok=True)
django.setup()

from auditlog.context import disable_auditlog  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, reset_queries, transaction  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from cwg.report.checks import RULES, Checked, Finding, Rule, check, read  # noqa: E402
from cwg.report.compose import Composed, compose  # noqa: E402
from cwg.report.gather import gather  # noqa: E402
from cwg.report.models import Report  # noqa: E402
from meetings.models import Meeting, Outcome, OutcomeTopic, Topic, WorkingGroup  # noqa: E402


def cpu(act: Callable[[], object], runs: int) -> float:
    """Return the least CPU time of `act` in milliseconds, after one run to warm up."""
    act()
    took = []
    for _ in range(runs):
        begun = time.process_time()
        act()
        took.append((time.process_time() - begun) * 1000)
    return min(took)


FACTS = (
    {"kind": "noted", "action": {"en": "the report (document 3) and the “views of Poland” on it"}},
    {
        "kind": "agreed",
        "action": {"en": "on a) one, and b) two – as in {{ group.acronym }} before"},
    },
    {"kind": "request", "addressee": {"en": "the Secretariat"}, "action": {"en": "to report"}},
    {"kind": "free", "wording": {"en": "Some Member States stated that the work would go on."}},
    {"kind": "no_consensus", "about_future_topics": True},
)


def fill(meetings: int) -> Report:
    """Return the demo report over a record of so many meetings, each of ten outcomes."""
    group = WorkingGroup.objects.get(record_kept_here=True)
    standing = Meeting.objects.filter(group=group).count()
    with disable_auditlog(), transaction.atomic():
        for number in range(standing, meetings):
            day = date(1990, 1, 1) + timedelta(days=20 * number)
            held = Meeting.objects.create(
                group=group, ordinal=1000 + number, first_day=day, last_day=day
            )
            topic = Topic.objects.create(
                group=group, key=f"topic-{number}", title={"en": f"The lakes of year {number}"}
            )
            for position in range(8):
                facts = FACTS[position % len(FACTS)]
                Outcome.objects.create(meeting=held, position=position, **facts)
            promise = launch(held, 8, "would_launch", topic)
            launch(held, 9, "launched", topic, follows=promise)
    report = Report.objects.select_related("session", "signed_by__country").get()
    report.first_day, report.last_day = date(1980, 1, 1), date(2030, 1, 1)
    return report


def launch(held: Meeting, at: int, kind: str, topic: Topic, **more: Outcome) -> Outcome:
    """Return an outcome on a round of two months."""
    month = held.last_day.replace(day=1)
    made = Outcome.objects.create(
        meeting=held, position=at, kind=kind, window_from=month, window_to=month, **more
    )
    OutcomeTopic.objects.create(outcome=made, topic=topic)
    return made


def printed(report: Report) -> Composed:
    """Compose a report, which checking cannot do without."""
    return compose(gather(report))


def all_of(rule: Rule, checked: Checked) -> list[Finding]:
    """Return all that one rule finds."""
    return list(rule(checked))


def main() -> None:
    """Print what checking costs, whole and rule by rule, and how it grows."""
    call_command("migrate", verbosity=0)
    call_command("load_demo", verbosity=0)
    measured = []
    for meetings in (50, 500):
        report = fill(meetings)
        reset_queries()
        with CaptureQueriesContext(connection) as asked:
            found = check(report)
        checked = read(report)
        times = {
            "gather and compose": cpu(partial(printed, report), 1),
            "read": cpu(partial(read, report), 1),
            "check": cpu(partial(check, report), 1),
            **{rule.name: cpu(partial(all_of, rule, checked), 3) for rule in RULES},
        }
        measured.append((len(asked), len(found), times))
    (few_queries, few_found, few), (many_queries, many_found, many) = measured
    print("Ten times the record (500 meetings, 5,000 outcomes against 50 and 500)")
    print(f"{'queries':28} {few_queries} and {many_queries}")
    print(f"{'findings':28} {few_found} and {many_found}")
    for name, took in many.items():
        ratio = f"{took / few[name]:.1f} times" if few[name] > 1 else ""
        print(f"{name:28} {few[name]:8.1f} ms {took:9.1f} ms   {ratio}")


if __name__ == "__main__":
    main()
