"""Measure the checks in ratios, in one run: python -m benchmarks.checks

A record of 50 meetings and 500 outcomes of every kind against ones of 100, 250 and 500 meetings:
time and queries, whole and rule by rule. What grows faster than the record is marked.

Python's collector of garbage is off while time is taken: a check makes so many objects that it
looks through all of them once or twice in a record of this size and not at all in a small one.
What that costs stands in a line of its own; in larger records it is the same share again.
"""

from __future__ import annotations

import gc
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
from cwg.report.compose import compose  # noqa: E402
from cwg.report.gather import gather  # noqa: E402
from cwg.report.models import Report  # noqa: E402
from meetings.models import Meeting, Outcome, OutcomeTopic, Topic, WorkingGroup  # noqa: E402

SIZES = (50, 100, 250, 500)  # meetings of ten outcomes each
# How much faster than the record something may grow: a larger one fits into no cache of the processor
SLACK = 1.3
LEAST = 1.0  # milliseconds: what takes less in the smallest record says nothing about growth


def cpu(act: Callable[[], object], runs: int, *, collecting: bool = False) -> float:
    """Return the least CPU time of `act` in milliseconds, after one run to warm up."""
    act()
    took = []
    for _ in range(runs):
        gc.collect()
        if not collecting:
            gc.disable()
        begun = time.process_time()
        act()
        took.append((time.process_time() - begun) * 1000)
        gc.enable()
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


def all_of(rule: Rule, checked: Checked) -> list[Finding]:
    """Return all that one rule finds."""
    return list(rule(checked))


def measured(meetings: int) -> tuple[int, int, dict[str, float]]:
    """Return the queries, the findings and the times for a record of so many meetings."""
    report = fill(meetings)
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


def growth(took: list[float]) -> str:
    """Return how many times the smallest record's time each takes; what grows too fast is marked."""
    if took[-1] < LEAST * SIZES[-1] / SIZES[0]:
        return ""
    times = [each / max(took[0], 0.001) for each in took]
    fast = any(time > SLACK * size / SIZES[0] for time, size in zip(times, SIZES, strict=True))
    return "".join(f"{time:7.1f}" for time in times[1:]) + (
        "  faster than the record" if fast else ""
    )


def main() -> None:
    """Print what checking costs, whole and rule by rule, and how it grows."""
    call_command("migrate", verbosity=0)
    call_command("load_demo", verbosity=0)
    queries, found, times = zip(*map(measured, SIZES), strict=True)
    print(f"{'meetings':28}" + "".join(f"{size:9}" for size in SIZES) + "   times the first")
    print(f"{'queries':28}" + "".join(f"{each:9}" for each in queries))
    print(f"{'findings':28}" + "".join(f"{each:9}" for each in found))
    print(f"{'milliseconds':71}" + "".join(f"{size / SIZES[0]:7.1f}" for size in SIZES[1:]))
    for name in times[0]:
        took = [each[name] for each in times]
        print(f"{name:28}" + "".join(f"{each:9.1f}" for each in took) + f"       {growth(took)}")


if __name__ == "__main__":
    main()
