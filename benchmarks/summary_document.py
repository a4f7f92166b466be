"""Measure the document of a summary of many contributions: what it takes to read, compose and print.

    .venv/bin/python -m benchmarks.summary_document [CONTRIBUTIONS]

So many contributions of two pages each, all cited, on SQLite. Prints for each step the seconds of the
clock and of the processor, then the pages of the PDF and the most memory that the process held.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import django
from pypdfium2 import PdfDocument

FOLDER = Path("build/benchmark-summary").absolute()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cwg.settings")
os.environ["DATABASE_URL"] = f"sqlite:///{FOLDER / 'db.sqlite3'}"
FOLDER.mkdir(parents=True, exist_ok=True)
django.setup()

from django.core.management import call_command  # noqa: E402

from consultations.models import (  # noqa: E402
    Answer,
    Citation,
    Consultation,
    Contribution,
    Question,
    Standing,
    Summary,
    SummaryParagraph,
)
from consultations.summary import checks, document  # noqa: E402
from meetings.models import WorkingGroup  # noqa: E402
from meetings.typesetting.pdf import render_pdf  # noqa: E402

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
QUESTIONS = 4
SENTENCE = (
    "This is an example of an answer, as long as an answer is when somebody takes the trouble. "
)
TWO_PAGES = 7_200  # characters
MEGABYTE = 1024


def fill(contributions: int) -> Summary:
    """Make a round of so many contributions, each cited once, and return its summary."""
    (FOLDER / "db.sqlite3").unlink(missing_ok=True)
    call_command("migrate", verbosity=0)
    group = WorkingGroup.objects.create(slug="example")
    group.names.create(acronym={"en": "EXAMPLE"}, name={"en": "Example group"})
    held = Consultation.objects.create(
        group=group, slug="round", key="2026-03", announced_at=NOW - timedelta(days=90),
        opens_at=NOW - timedelta(days=80), closes_at=NOW - timedelta(days=10),
    )  # fmt: skip
    asked = [
        Question.objects.create(
            consultation=held, position=place, text={"en": f"Question {place}?"}
        )
        for place in range(1, QUESTIONS + 1)
    ]
    summary = Summary.objects.create(consultation=held, begun_at=NOW)
    answer = (SENTENCE * (TWO_PAGES // QUESTIONS // len(SENTENCE) + 1))[: TWO_PAGES // QUESTIONS]
    for number in range(1, contributions + 1):
        row = Contribution.objects.create(
            consultation=held, number=number, reference=f"EXAMPLE/{number}", name=f"Person {number}",
            email=f"p{number}@example.org", standing=Standing.PUBLISHED, example=True,
            stakeholder_group="academia", language="en", publish_name=True, publish_text=True,
            notice_version="1", created_at=NOW, saved_at=NOW, sent_at=NOW, received_at=NOW,
            published_at=NOW,
        )  # fmt: skip
        for question in asked:
            Answer.objects.create(contribution=row, question=question, text=answer)
        paragraph = SummaryParagraph.objects.create(
            summary=summary, question=asked[number % QUESTIONS], position=number,
            text=f"An example takes the trouble [{number}].", written_at=NOW,
        )  # fmt: skip
        Citation.objects.create(
            paragraph=paragraph, contribution=row, seen_sha256="0", seen_words="0"
        )
    return summary


@contextmanager
def told(step: str) -> Iterator[None]:
    """Print how long a step took, by the clock and by the processor."""
    clock, processor = time.perf_counter(), time.process_time()
    yield
    print(
        f"{step}: {time.perf_counter() - clock:.2f} s, "
        f"{time.process_time() - processor:.2f} s of the processor"
    )


def main() -> None:
    """Fill, read, check, compose and print."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    summary = fill(number)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with told("read"):
        gathered = document.gather(summary, date(2026, 6, 8))
    with told("composed"):
        composed = document.compose(gathered)
    with told("checked"):
        checks.check(summary)
    for form, make in document.files(composed).items():
        with told(form):
            content = make()
        print(f"  {len(content) / 1024:,.0f} kB")
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    pages = len(PdfDocument(render_pdf(composed).content))
    print(f"{number} contributions, {pages} pages")
    print(f"memory: {before / MEGABYTE:.0f} MB before, {most / MEGABYTE:.0f} MB at most")


if __name__ == "__main__":
    main()
