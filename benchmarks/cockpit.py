"""Measure the secretariat's home and the search in ratios, in one run: python -m benchmarks.cockpit

Whole answers over HTTP in one process, with a record of 50 meetings and 500 outcomes against one of
500 and 5,000. Three drafts stand: each on two years, then each on the whole record, which no
report of a session is. Python's collector of garbage is off while time is taken.
"""

from __future__ import annotations

import os
from datetime import date
from functools import partial
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
os.environ["DATA_DIR"] = "build/benchmark-cockpit"
Path("build/benchmark-cockpit").mkdir(parents=True, exist_ok=True)
Path("build/benchmark-cockpit/cwg.sqlite3").unlink(missing_ok=True)
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, reset_queries  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from benchmarks.growth import cpu, enlarge, heading, table  # noqa: E402
from cwg.accounts.models import User  # noqa: E402
from cwg.report import drafting  # noqa: E402
from cwg.report.models import Report  # noqa: E402

SIZES = (50, 500)  # meetings of ten outcomes each
HOME = "/secretariat/"
PERIODS = {
    "home, drafts of two years": (date(2024, 6, 1), date(2026, 6, 1)),
    "home, drafts of everything": (date(1980, 1, 1), date(2030, 1, 1)),
}
ASKED = {
    "a word": "lakes", "a word of the rare": "stakeholder", "two words": "lakes year",
    "nothing found": "xyzzy", "a meeting": "23", "an outcome": "23 b", "a document": "C26/51",
    "a resolution": "Res. 102", "eight words": "the work would go on some member states",
}  # fmt: skip


def drafts() -> None:
    """Let two more drafts stand beside that of the demo record."""
    after = Report.objects.get()
    for number in (1, 2):
        draft = Report(
            session=after.session, slug=f"draft-{number}", as_of=after.as_of,
            first_day=after.first_day, last_day=after.last_day, signed_by=after.signed_by,
        )  # fmt: skip
        drafting.go_on(draft, after)


def get(client: Client, address: str) -> None:
    """Ask for a page."""
    assert client.get(address).status_code == 200


def measured(client: Client, meetings: int) -> tuple[dict[str, int], dict[str, float]]:
    """Return the queries and the times of each page with a record of so many meetings."""
    enlarge(Report.objects.all()[0].group, meetings)
    addresses = {
        **dict.fromkeys(PERIODS, HOME),
        **{f"search, {what}": f"{HOME}search/?q={said}" for what, said in ASKED.items()},
    }
    queries: dict[str, int] = {}
    times: dict[str, float] = {}
    for name, address in addresses.items():
        if name in PERIODS:
            first, last = PERIODS[name]
            Report.objects.update(first_day=first, last_day=last)  # bulk: a benchmark's own rows
        get(client, address)
        reset_queries()
        with CaptureQueriesContext(connection) as asked:
            get(client, address)
        queries[name] = len(asked)
        times[name] = cpu(partial(get, client, address), 3)
    return queries, times


def main() -> None:
    """Print the number of queries and the time of each page, and how the time grows."""
    call_command("migrate", verbosity=0)
    call_command("load_demo", verbosity=0)
    drafts()
    client = Client(headers={"host": "localhost"})
    client.force_login(
        User.objects.create_superuser("a@example.org", "x"),
        "allauth.account.auth_backends.AuthenticationBackend",
    )
    (few, few_times), (many, many_times) = (measured(client, size) for size in SIZES)
    counts = {f"queries of {name}": (few[name], many[name]) for name in few}
    print(heading(SIZES, counts))
    print(table(SIZES, (few_times, many_times)))


if __name__ == "__main__":
    main()
