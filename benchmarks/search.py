"""Measure the search with up to a million contributions of 150 words, on PostgreSQL.

    .venv/bin/python -m tests.postgres .venv/bin/python -m benchmarks.search [MOST]

At 1,000, 100,000 and 1,000,000 contributions: how long `reindex` takes, what a search takes over the
mix of search_queries.txt, asked for the first time and again, what the process holds for itself, how
soon a published contribution is found, and what the whole page takes over HTTP. The index, the
searches, the worker and the site run in processes of their own, as they do for people.
"""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from urllib.parse import urlencode, urlsplit

import django

FOLDER = Path("build/benchmark-search").absolute()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.contributions_settings")
os.environ["DATA_DIR"] = str(FOLDER)
os.environ["INDEX_ROOT"] = str(FOLDER / "index")
FOLDER.mkdir(parents=True, exist_ok=True)
django.setup()

from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from benchmarks import contributions  # noqa: E402
from consultations import standing  # noqa: E402
from consultations.models import Consultation, Standing  # noqa: E402
from cwg.fresh.models import Change  # noqa: E402
from cwg.indexing import following  # noqa: E402
from meetings import finding  # noqa: E402
from meetings.finding import opened, shelf  # noqa: E402
from tests.consultations.making import make_contribution, make_round  # noqa: E402
from tests.serving import Site, Worker, running  # noqa: E402

SIZES = (1_000, 100_000, 1_000_000)
QUERIES = Path(__file__).with_name("search_queries.txt")
FACETS = (
    "round",
    "year",
    "question",
    "topic",
    "stakeholder_group",
    "region",
    "country",
    "language",
)
# Of the names in addresses, those that differ from the index's
IN_ADDRESSES = {"stakeholder_group": "group"}
AGAIN = 20
WORDS = 150
VOCABULARY = 30_000  # words of a language; how often each is used falls with its rank
RARE = ("coelacanth quetzal", 5)  # words that stand in so many contributions, whatever the size

USUAL = {
    "en": "internet access countries the developing development networks to policies government for of "
    "communities governance public policy and connectivity infrastructure multilingual content",
    "fr": "internet accès à développement réseaux pays en politiques de la les publiques pour communautés",
    "es": "internet acceso desarrollo redes regiones países en conexión de la las políticas comunidades",
    "ru": "интернет доступ развитие сети стран развивающихся для политика общества связь и в",
    "ar": "الإنترنت النفاذ التنمية شبكات البلدان النامية السياسات في من على المجتمعات",
    "zh": "互联网 接入 发展中国家 网络 政策 社区 的 和 基础设施",
}
LETTERS = {
    "en": "abcdefghiklmnoprstuv", "fr": "abcdeéfghilmnopqrstuvè", "es": "abcdefghilmnñopqrstuvó",
    "ru": "абвгдежзиклмнопрстуфхц", "ar": "ابتثجحدرزسشصعفقكلمنهوي", "zh": "与世为主人们会信全共利制力区合同",
}  # fmt: skip
SHARES = {"en": 50, "fr": 15, "es": 15, "ru": 8, "ar": 6, "zh": 6}  # of a hundred contributions


class Language:
    """Words of a language, the usual ones first."""

    def __init__(self, code: str) -> None:
        made = random.Random(code)
        letters, longest = LETTERS[code], 3 if code == "zh" else 9
        self.words = USUAL[code].split()
        while len(self.words) < VOCABULARY:
            self.words.append("".join(made.choices(letters, k=made.randint(2, longest))))
        self.shares = list(accumulate(1 / (rank + 3) for rank in range(VOCABULARY)))

    def text(self, number: int) -> str:
        """Return the words of a contribution by its number: always the same."""
        said = random.Random(number).choices(self.words, cum_weights=self.shares, k=WORDS)
        said[0] = said[0].capitalize()
        return " ".join(said) + "."


def texts(first: int, last: int) -> Iterator[tuple[int, str, str]]:
    """Yield number, language and text of contributions."""
    languages = {code: Language(code) for code in SHARES}
    codes, shares = list(SHARES), list(accumulate(SHARES.values()))
    for number in range(first, last + 1):
        (code,) = random.Random(-number).choices(codes, cum_weights=shares)
        said = languages[code].text(number)
        if number <= RARE[1]:
            code, said = "en", f"{said} {RARE[0]}"
        yield number, code, said


def enlarge(held: Consultation, stand: int, size: int) -> None:
    """Bring the published contributions to a round from `stand` to `size`, an answer to each."""
    span = {"round": held.pk, "first": stand + 1, "last": size}
    question = held.questions.get(position=1).pk
    with django.db.transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(contributions.ROWS, span)  # bulk: rows for a benchmark
        cursor.execute(contributions.ORGANISATIONS, span)  # bulk: rows for a benchmark
        cursor.execute(  # bulk: rows for a benchmark
            "CREATE TEMPORARY TABLE said (number int, language text, text text) ON COMMIT DROP"
        )
        with cursor.copy("COPY said (number, language, text) FROM STDIN") as copy:
            for row in texts(stand + 1, size):
                copy.write_row(row)
        cursor.execute(  # bulk: rows for a benchmark
            "INSERT INTO consultations_answer (contribution_id, question_id, text)"
            " SELECT c.id, %(question)s, said.text FROM said"
            " JOIN consultations_contribution c USING (number)"
            " WHERE c.consultation_id = %(round)s",
            span | {"question": question},
        )
        cursor.execute(  # bulk: rows for a benchmark
            "UPDATE consultations_contribution c SET language = said.language FROM said"
            " WHERE said.number = c.number AND c.consultation_id = %(round)s",
            span,
        )
        Change.objects.create()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")  # bulk: rows for a benchmark
        cursor.execute("CHECKPOINT")  # bulk: rows for a benchmark


def mix() -> list[tuple[str, str, dict[str, list[str]]]]:
    """Return what is searched for: kind, what is typed, what is chosen."""
    found = []
    for line in QUERIES.read_text().splitlines():
        if line.startswith("#"):
            continue
        kind, typed, *chosen = line.split("\t")
        told = [each.partition("=") for each in chosen]
        found.append((kind, typed, {name: [value] for name, _, value in told}))
    return found


def ask() -> None:
    """Search for all of the mix, first and again; print the seconds of each, and what this process holds."""
    first: dict[str, list[float]] = {}
    again: dict[str, list[float]] = {}
    for number in range(1 + AGAIN):
        for kind, typed, chosen in mix():
            begun = time.perf_counter()
            finding.search(
                typed, kinds=("contribution",), chosen=chosen, facets=FACETS,
                newest=not typed, limit=20,
            )  # fmt: skip
            took = first if number == 0 else again
            took.setdefault(kind, []).append(time.perf_counter() - begun)
    # without what is remembered of the same question: other people ask other ones
    anew: dict[str, list[float]] = {}
    for _ in range(5):
        for kind, typed, chosen in mix():
            opened.forget_answers()
            begun = time.perf_counter()
            finding.search(
                typed, kinds=("contribution",), chosen=chosen, facets=FACETS,
                newest=not typed, limit=20,
            )  # fmt: skip
            anew.setdefault(kind, []).append(time.perf_counter() - begun)
    status = dict(
        line.split(":", 1)
        for line in Path("/proc/self/status").read_text().splitlines()
        if ":" in line
    )
    print(json.dumps({
        "first": first, "anew": anew, "again": again, "private": int(status["RssAnon"].split()[0]) * 1024,
    }))  # fmt: skip


def apart(*words: str, database: str) -> subprocess.CompletedProcess[str]:
    """Run a program of this project on the database."""
    return subprocess.run(
        [sys.executable, *words],
        env=_environment(database),
        check=True,
        text=True,
        stdout=subprocess.PIPE,
    )


def _environment(database: str) -> dict[str, str]:
    return {**os.environ, "DATABASE_URL": database, "PROXIES": "0"}


def _told(seconds: list[float]) -> str:
    told = sorted(each * 1000 for each in seconds)
    return f"{median(told):8.2f} {quantiles(told, n=20)[-1]:8.2f}"


def findable(held: Consultation, database: str) -> list[float]:
    """Return after how many seconds some contributions were found; the worker looks every two."""
    worker = Worker(_environment(database))
    worker.words = [*worker.words[:-1], "2"]
    took = []
    with running(worker):
        time.sleep(6)
        for number in range(5):
            word = f"published{time.time_ns()}"
            made = make_contribution(held, answers={1: f"A word: {word}."}, at=timezone.now())
            time.sleep(0.7 * number)
            with django.db.transaction.atomic():
                standing.move(standing.locked(made), Standing.PUBLISHED, "bench", at=timezone.now())
            begun = time.monotonic()
            while not finding.search(word).total:
                time.sleep(0.05)
                assert time.monotonic() - begun < 60, "it is never found"
            took.append(time.monotonic() - begun)
    return took


def pages(database: str) -> tuple[dict[str, list[float]], dict[str, list[float]], int]:
    """Return the seconds of the whole page for all of the mix, and what the site holds for itself.

    By kind, for what was not searched for before, and for what was: that is remembered as long as the
    index stays the same, and the page is made anew each time.
    """
    site = Site(_environment(database))
    first: dict[str, list[float]] = {}
    again: dict[str, list[float]] = {}
    with running(site):
        assert site.process is not None
        for word in ("example", "organization"):  # a site that was asked before
            address = f"{site.address}/example-group/contributions/?text={word}&country=FR"
            with urllib.request.urlopen(address, timeout=60) as answer:
                answer.read()
        for number in range(4):
            for kind, typed, chosen in mix():
                asked = {IN_ADDRESSES.get(name, name): values for name, values in chosen.items()}
                query = urlencode({"text": typed, **asked, "x": time.time_ns()}, doseq=True)
                begun = time.perf_counter()
                with urllib.request.urlopen(
                    f"{site.address}/example-group/contributions/?{query}", timeout=60
                ) as answer:
                    answer.read()
                took = again if number else first
                took.setdefault(kind, []).append(time.perf_counter() - begun)
        return first, again, max(map(_private, _family(site.process.pid)))


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(each for child in children for each in _family(int(child)))]


def _private(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("RssAnon"):
            return int(line.split()[1]) * 1024
    return 0


def main() -> None:
    """Print the tables."""
    if connection.vendor != "postgresql":
        sys.exit(
            "This is measured on PostgreSQL: python -m tests.postgres python -m benchmarks.search"
        )
    most = int(sys.argv[1]) if len(sys.argv) > 1 else SIZES[-1]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    server = urlsplit(os.environ["DATABASE_URL"])
    database = server._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    held = make_round()
    beside = make_round(held.group, key="2026-04", slug="beside")
    stand, sizes = 0, [size for size in SIZES if size <= most]
    told: dict[int, dict[str, Any]] = {}
    of_pages: dict[int, dict[str, list[float]]] = {}
    for size in sizes:
        begun = time.perf_counter()
        enlarge(held, stand, size)
        stand = size
        print(
            f"\n{size:,} contributions stand after {time.perf_counter() - begun:.0f} s", flush=True
        )
        begun = time.perf_counter()
        apart("manage.py", "reindex", database=database)
        built = time.perf_counter() - begun
        folder = shelf.current()
        assert folder is not None
        held_on_disk = sum(each.stat().st_size for each in folder.rglob("*") if each.is_file())
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(
            f"reindex: {built:.1f} s, {held_on_disk / 2**20:,.0f} MB on disk, "
            f"at most {peak:,.0f} MB of memory, mapped files included", flush=True,
        )  # fmt: skip
        told[size] = json.loads(apart("-m", "benchmarks.search", "ask", database=database).stdout)
        print(f"a process that searched holds {told[size]['private'] / 2**20:.0f} MB for itself")
        print(
            f"{'milliseconds':12}{'':6}first: median      p95   anew: median      p95  again: median      p95"
        )
        for kind in (*told[size]["first"], "all"):
            row = f"{kind:12}{'':10}"
            for way in ("first", "anew", "again"):
                by_kind = told[size][way]
                seconds = (
                    by_kind[kind]
                    if kind != "all"
                    else [each for all_of in by_kind.values() for each in all_of]
                )
                row += _told(seconds if len(seconds) > 1 else seconds * 2) + "     "
            print(row, flush=True)
        took = findable(beside, database)
        print(
            "found after publishing, seconds: " + ", ".join(f"{each:.1f}" for each in took),
            flush=True,
        )
        for when in ("soon after a change", "after a quiet minute"):
            if when == "after a quiet minute":
                time.sleep(following.QUIET)
                apart("manage.py", "run_due", database=database)
            of_pages[size], again, private = pages(database)
            print(f"the page over HTTP, {when}, milliseconds (median, p95):")
            for name, seconds in (("not searched for before", of_pages[size]), ("again", again)):
                told_of = _told([each for of_kind in seconds.values() for each in of_kind])
                by_kind = ", ".join(
                    f"{kind} {median(took) * 1000:.0f}" for kind, took in seconds.items()
                )
                print(f"  {name}: {told_of}; {by_kind}", flush=True)
        print(f"the site that shows it holds {private / 2**20:.0f} MB for itself", flush=True)
    if len(sizes) > 1:
        print(
            f"\ntimes longer with {sizes[-1]:,} than with {sizes[0]:,}, median, asked anew and again"
        )
        for kind in ("rare", "usual"):
            grown = [
                median(told[sizes[-1]][way][kind]) / median(told[sizes[0]][way][kind])
                for way in ("anew", "again")
            ]
            page = median(of_pages[sizes[-1]][kind]) / median(of_pages[sizes[0]][kind])
            print(
                f"{kind:12}" + "".join(f"{each:8.2f}" for each in grown) + f", the page {page:.2f}"
            )


if __name__ == "__main__":
    if sys.argv[1:] == ["ask"]:
        ask()
    else:
        main()
