"""Measure the ledger of promises at 5,000 outcomes: python -m benchmarks.ledger

Each way of asking for the page, in one process, against a record of 50 outcomes.
"""

from __future__ import annotations

import os
import time
from datetime import date, timedelta
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
os.environ["DATA_DIR"] = "build/benchmark-ledger"
Path("build/benchmark-ledger").mkdir(parents=True, exist_ok=True)
Path("build/benchmark-ledger/cwg.sqlite3").unlink(missing_ok=True)
django.setup()

from auditlog.context import disable_auditlog  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, reset_queries, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from cwg.accounts.models import User  # noqa: E402
from meetings.models import (  # noqa: E402
    Meeting,
    Outcome,
    OutcomeTopic,
    Session,
    Settlement,
    Topic,
    WorkingGroup,
)

ASKED = ("", "?state=late", "?state=kept&page=3", "?cycle=pp-22", "?year=1995", "?text=spam")
RUNS = 5


def enlarge(group: WorkingGroup, outcomes: int) -> None:
    """Add meetings of ten outcomes each, all promises, half of them settled."""
    topic, council = Topic.objects.filter(group=group)[0], Session.objects.get(key="council-2025")
    standing = Meeting.objects.filter(group=group).count()
    with disable_auditlog(), transaction.atomic():
        for number in range(standing, standing + outcomes // 10):
            day = date(1993, 1, 1) + timedelta(days=20 * number)
            meeting = Meeting.objects.create(
                group=group, ordinal=1000 + number, first_day=day, last_day=day
            )
            for place in range(10):
                launch = place % 2
                made = Outcome.objects.create(
                    meeting=meeting, position=place,
                    kind="would_launch" if launch else "request",
                    window_from=day.replace(day=1) if launch else None,
                    window_to=day.replace(day=1) if launch else None,
                    addressee=None if launch else {"en": "the Secretariat"},
                    action=None if launch else {"en": f"to report on spam {number}"},
                )  # fmt: skip
                if launch:
                    OutcomeTopic.objects.create(outcome=made, topic=topic)
                if place < 5:
                    Settlement.objects.create(
                        promise=made,
                        how="kept",
                        at_session=council,
                        fact="It was.",
                        source="A page",
                    )


def measure(client: Client) -> dict[str, tuple[float, int]]:
    """Return the median CPU time in milliseconds and the number of queries of each way of asking."""
    found = {}
    for query in ASKED:
        took = []
        for _ in range(RUNS):
            reset_queries()
            begun = time.process_time()
            with CaptureQueriesContext(connection) as queries:
                assert client.get(f"/secretariat/promises/{query}").status_code == 200
            took.append((time.process_time() - begun) * 1000)
        found[query] = (sorted(took)[RUNS // 2], len(queries))
    return found


def main() -> None:
    """Print the table."""
    call_command("migrate", verbosity=0)
    call_command("load_demo", verbosity=0)
    group = WorkingGroup.objects.get(record_kept_here=True)
    client = Client(headers={"host": "localhost"})
    client.force_login(
        User.objects.create_superuser("a@example.org", "x"),
        "allauth.account.auth_backends.AuthenticationBackend",
    )
    enlarge(group, 50)
    few = measure(client)
    enlarge(group, 5000)
    many = measure(client)
    print(f"{'promises/…':24} {'50 outcomes':>16} {'5,000 outcomes':>18}")
    for query in ASKED:
        (little, asked), (much, asked_more) = few[query], many[query]
        print(f"{query:24} {little:6.0f} ms {asked:4} q {much:8.0f} ms {asked_more:4} q")


if __name__ == "__main__":
    main()
