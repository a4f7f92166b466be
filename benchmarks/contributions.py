"""Measure public pages with up to a million contributions, on PostgreSQL.

    .venv/bin/python -m tests.postgres .venv/bin/python -m benchmarks.contributions [MOST]

In one process and one run: pages with 1,000, 100,000 and 1,000,000 contributions to one round, made
anew and from the process's memory, beside an empty view with the same middleware. Times are ratios
to it or to the smallest record; queries are counted. Pages and the empty view take turns, so that
what else the machine does falls on both alike; the middle of all ratios counts.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median
from typing import Any
from wsgiref.util import setup_testing_defaults

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.contributions_settings")
os.environ["DATA_DIR"] = "build/benchmark-contributions"
Path("build/benchmark-contributions").mkdir(parents=True, exist_ok=True)
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import path  # noqa: E402

from consultations.models import Consultation  # noqa: E402
from cwg.fresh import stamp  # noqa: E402
from cwg.fresh.models import Change  # noqa: E402
from cwg.urls import urlpatterns as site  # noqa: E402
from tests.consultations.making import make_round  # noqa: E402

SIZES = (1_000, 100_000, 1_000_000)
GROUPS = "ARRAY['government', 'private_sector', 'civil_society', 'academia', 'individual']"

# The rows a million acts would leave, written as one statement each: nobody waits for the history
# of a benchmark. What each means stands in consultations/models/contribution.py.
ROWS = f"""
INSERT INTO consultations_contribution
  (consultation_id, standing, way, number, reference, example, name, job_title, stakeholder_group,
   country_id, on_behalf, email, language, text, publish_name, publish_organisation,
   publish_country, publish_text, notice_version, link_version, created_at, saved_at, received_at,
   published_at, tell_when_cited)
SELECT %(round)s, 'published', 'form', n, 'EG/OC-2026-03/' || n, false, 'Example Person ' || n, '',
  ({GROUPS})[1 + n %% 5], c.key, 'self', '', (ARRAY['en', 'fr', 'es'])[1 + n %% 3],
  '', true, true, true, true, '1', 1, now(), now(), now(), now(), false
FROM generate_series(%(first)s, %(last)s) AS n
JOIN (SELECT id AS key, row_number() OVER (ORDER BY iso) - 1 AS place FROM meetings_memberstate) c
  ON c.place = n %% 190
"""
ANSWERS = """
INSERT INTO consultations_answer (contribution_id, question_id, text)
SELECT c.id, q.id, 'An example answer of some length, as people write them. ' || c.number
FROM consultations_contribution c
JOIN consultations_question q
  ON q.consultation_id = c.consultation_id AND (c.number + q.position) %% 2 = 0
WHERE c.consultation_id = %(round)s AND c.number BETWEEN %(first)s AND %(last)s
"""
ORGANISATIONS = """
INSERT INTO consultations_organisation (contribution_id, name, position)
SELECT id, 'Example Organization ' || number, 1 FROM consultations_contribution
WHERE consultation_id = %(round)s AND number BETWEEN %(first)s AND %(last)s
"""
FACETS = """
CREATE TEMPORARY TABLE facets ON COMMIT DROP AS
SELECT c.id AS key, 'group' AS facet, c.stakeholder_group AS value
FROM consultations_contribution c WHERE c.consultation_id = %(round)s
UNION ALL SELECT c.id, 'language', c.language
FROM consultations_contribution c WHERE c.consultation_id = %(round)s
UNION ALL SELECT c.id, 'country', m.iso FROM consultations_contribution c
JOIN meetings_memberstate m ON m.id = c.country_id WHERE c.consultation_id = %(round)s
UNION ALL SELECT c.id, 'region', r.code FROM consultations_contribution c
JOIN meetings_memberstate m ON m.id = c.country_id JOIN meetings_region r ON r.id = m.region_id
WHERE c.consultation_id = %(round)s
UNION ALL SELECT a.contribution_id, 'question', a.question_id::text FROM consultations_answer a
JOIN consultations_contribution c ON c.id = a.contribution_id WHERE c.consultation_id = %(round)s
"""
COUNTS = """
INSERT INTO consultations_contributioncount
  (consultation_id, standing, facet, value, other_facet, other_value, number)
SELECT %(round)s, 'published', '', '', '', '', count(*) FROM consultations_contribution
WHERE consultation_id = %(round)s
UNION ALL SELECT %(round)s, 'published', facet, value, '', '', count(*)
FROM facets GROUP BY facet, value
UNION ALL SELECT %(round)s, 'published', a.facet, a.value, b.facet, b.value, count(*)
FROM facets a JOIN facets b ON a.key = b.key AND a.facet < b.facet
GROUP BY a.facet, a.value, b.facet, b.value
UNION ALL SELECT %(round)s, '', 'day', to_char(received_at, 'YYYY-MM-DD'), '', '', count(*)
FROM consultations_contribution WHERE consultation_id = %(round)s GROUP BY 4
"""


def empty(request: HttpRequest) -> HttpResponse:
    """Answer with nothing: what the middleware costs."""
    return HttpResponse("")


urlpatterns = [path("empty/", empty), *site]


def enlarge(held: Consultation, standing: int, size: int) -> None:
    """Bring the published contributions to a round from `standing` to `size`, counts and all."""
    span = {"round": held.pk, "first": standing + 1, "last": size}
    with django.db.transaction.atomic(), connection.cursor() as cursor:
        for statement in (ROWS, ANSWERS, ORGANISATIONS):
            cursor.execute(statement, span)  # bulk: rows for a benchmark
        cursor.execute(  # bulk: rows for a benchmark
            "DELETE FROM consultations_contributioncount WHERE consultation_id = %(round)s", span
        )
        for statement in (FACETS, COUNTS):
            cursor.execute(statement, span)  # bulk: rows for a benchmark
        Change.objects.create()
    with connection.cursor() as cursor:
        # A million acts would leave the tables tidied as they go on: what tidies them in the background
        # after so many rows at once would be measured with the pages.
        cursor.execute("VACUUM (ANALYZE)")  # bulk: rows for a benchmark
        cursor.execute("CHECKPOINT")  # bulk: rows for a benchmark
    stamp.forget()


class Reader:
    """Somebody who asks the site as a server does, without a network between."""

    def __init__(self) -> None:
        self._site: Callable[..., Any] = get_wsgi_application()

    def get(self, address: str, tag: str = "") -> tuple[int, dict[str, str], bytes]:
        """Return the status, the headers and the body of a page."""
        target, _, query = address.partition("?")
        environment: dict[str, Any] = {"PATH_INFO": target, "QUERY_STRING": query}
        if tag:
            environment["HTTP_IF_NONE_MATCH"] = tag
        setup_testing_defaults(environment)
        environment["HTTP_HOST"] = "localhost"
        told: list[Any] = []
        answer = self._site(environment, lambda status, headers: told.extend((status, headers)))
        body = b"".join(answer)
        answer.close()
        return int(told[0].split()[0]), dict(told[1]), body


def beside(
    nothing: Callable[[], object], acts: Mapping[str, Callable[[], object]], rounds: int = 15
) -> dict[str, tuple[float, float]]:
    """Return how often each act is done in a second, and how many times as often as `nothing`."""
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in acts}
    for _ in range(rounds):
        for name, act in acts.items():
            unit = per_second(nothing, 0.2)
            speed = per_second(act, 0.4)
            found[name].append((speed, speed / unit))
    return {
        name: (median(speed for speed, _ in told), median(ratio for _, ratio in told))
        for name, told in found.items()
    }


def per_second(act: Callable[[], object], seconds: float = 1.5) -> float:
    """Return how often `act` is done in a second, the best of three."""
    best = 0.0
    for _ in range(3):
        count, begun = 0, time.perf_counter()
        while time.perf_counter() - begun < seconds / 3:
            act()
            count += 1
        best = max(best, count / (time.perf_counter() - begun))
    return best


def main() -> None:
    """Print the tables."""
    if connection.vendor != "postgresql":
        sys.exit(
            "This is measured on PostgreSQL: python -m tests.postgres python -m benchmarks.contributions"
        )
    most = int(sys.argv[1]) if len(sys.argv) > 1 else SIZES[-1]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    held = make_round()
    reader = Reader()
    page = "/example-group/consultations/example-round/"
    question = held.questions.get(position=1).pk
    addresses: dict[str, Callable[[int], str]] = {
        "a round and its first 20": lambda size: page,
        "the last 20": lambda size: f"{page}?before=21",
        "in the middle": lambda size: f"{page}?before={size // 2}",
        "two filters": lambda size: f"{page}?question={question}&group=academia",
        "one contribution": lambda size: f"/example-group/contributions/2026-03/{size // 2}/",
        "all rounds": lambda size: "/example-group/consultations/",
        "the group": lambda size: "/example-group/",
    }
    took: dict[str, list[tuple[float, int]]] = {name: [] for name in addresses}
    standing, sizes = 0, [size for size in SIZES if size <= most]
    for size in sizes:
        begun = time.perf_counter()
        enlarge(held, standing, size)
        print(
            f"{size:>9,} contributions stand after {time.perf_counter() - begun:.0f} s", flush=True
        )
        standing = size
        for name, address in addresses.items():
            asked = address(size)
            with CaptureQueriesContext(connection) as queries:
                status, _, _ = reader.get(asked + ("&" if "?" in asked else "?") + "kept=no")
            assert status == 200, (asked, status)
            counted = len(queries)  # the next request begins the log anew

            def anew(asked: str = asked) -> None:
                # the stamp stays, the memory is left: what a page costs, and nothing else
                reader.get(f"{asked}{'&' if '?' in asked else '?'}x={time.perf_counter_ns()}")

            took[name].append((1000 / per_second(anew), counted))
    print(f"\n{'made anew':28}" + "".join(f"{size:>18,}" for size in sizes) + "   last : first")
    for name, found in took.items():
        told = "".join(f"{milliseconds:9.2f} ms {queries:3} q" for milliseconds, queries in found)
        print(f"{name:28}{told}{found[-1][0] / found[0][0]:12.2f}")
    _, headers, _ = reader.get(page)
    measured = beside(
        lambda: reader.get("/empty/"),
        {
            "an empty view": lambda: reader.get("/empty/"),
            "the list of 20, made anew": lambda: reader.get(f"{page}?x={time.perf_counter_ns()}"),
            "the list, from memory": lambda: reader.get(page),
            "not modified": lambda: reader.get(page, headers["ETag"]),
        },
    )
    print(f"\n{'requests a second':28}{'':>8}   times an empty view")
    for name, (speed, ratio) in measured.items():
        print(f"{name:28}{speed:8.0f}   {ratio:.3f}")


if __name__ == "__main__":
    main()
