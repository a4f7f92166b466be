"""Measure how fast those nearly the same as one contribution are found among many, on PostgreSQL.

    .venv/bin/python -m tests.postgres .venv/bin/python -m benchmarks.likeness [SIZE …]

Half of a round's contributions are letters of a few campaigns, each with a sentence of one's own;
the others say something of their own, beginning with a phrase that many share. Looked at are the
likes of one contribution, the first page of the queue, and the groups of the round.
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.contributions_settings")
os.environ["DATA_DIR"] = "build/benchmark-likeness"
Path("build/benchmark-likeness").mkdir(parents=True, exist_ok=True)
django.setup()

from django.db import connection  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from consultations import likeness  # noqa: E402
from consultations.models import (  # noqa: E402
    Answer,
    Consultation,
    Contribution,
    Fingerprint,
)
from tests.consultations.making import make_round  # noqa: E402

SIZES = (1_000, 100_000)
CAMPAIGNS = 5
RUNS = 5
WORDS = [f"{a}{b}{c}" for a in "bdfgklmnprst" for b in ("a", "en", "ir", "o") for c in "abdefghiko"]


def said(number: int, chance: random.Random) -> str:
    """Return what the contribution of a number says: a campaign's letter, or words of its own."""
    own = " ".join(chance.choices(WORDS, k=25))
    if number % 2:
        letter = random.Random(number // 2 % CAMPAIGNS)
        return f"{' '.join(letter.choices(WORDS, k=80))} {own}"
    return f"Thank you for the opportunity to contribute to this consultation. {own} {own[::-1]}"


def enlarge(held: Consultation, standing: int, size: int) -> None:
    """Bring the contributions to a round that await the secretariat from `standing` to `size`."""
    question, at = held.questions.get(position=1), timezone.now()
    chance = random.Random(standing)
    for first in range(standing + 1, size + 1, 5_000):
        numbers = range(first, min(first + 5_000, size + 1))
        rows = Contribution.objects.bulk_create(  # bulk: rows for a benchmark
            Contribution(
                consultation=held, standing="awaiting", number=number, publish_text=True,
                reference=f"EG/OC-2026-03/{number}", name=f"Example Person {number}",
                created_at=at, saved_at=at, received_at=at,
            )
            for number in numbers
        )  # fmt: skip
        texts = {each.pk: said(number, chance) for each, number in zip(rows, numbers, strict=True)}
        Answer.objects.bulk_create(  # bulk: rows for a benchmark
            Answer(contribution_id=key, question=question, text=text) for key, text in texts.items()
        )
        Fingerprint.objects.bulk_create(  # bulk: rows for a benchmark
            Fingerprint(contribution_id=key, consultation=held, value=value)
            for key, text in texts.items()
            for value in likeness.fingerprints(likeness.words_of(text))
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # bulk: rows for a benchmark


def took(act: Callable[[], object]) -> str:
    """Return how many milliseconds `act` takes at best and at worst of a few, and its queries."""
    times = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        act()
        times.append(1000 * (time.perf_counter() - begun))
    with CaptureQueriesContext(connection) as queries:
        act()
    return f"{min(times):9.1f} to {max(times):9.1f} ms {len(queries):3} queries"


def main() -> None:
    """Print the table."""
    if connection.vendor != "postgresql":
        sys.exit("This is measured on PostgreSQL: python -m tests.postgres python -m …")
    sizes = [int(each) for each in sys.argv[1:]] or list(SIZES)
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    held, standing = make_round(), 0
    for size in sizes:
        begun = time.perf_counter()
        enlarge(held, standing, size)
        standing = size
        print(f"{size:,} contributions, made in {time.perf_counter() - begun:.0f} s", flush=True)
        for name, last in (("one of a campaign", size - 1), ("one of its own", size)):
            looked = iter(range(last, 0, -2))  # another one each time, of the same kind

            def like(numbers: Iterator[int] = looked) -> object:
                return likeness.like(Contribution.objects.get(number=next(numbers)))

            print(f"  {name:28}{took(like)}", flush=True)
        print(f"  {'the groups of the round':28}{took(lambda: likeness.groups(held))}", flush=True)


if __name__ == "__main__":
    main()
