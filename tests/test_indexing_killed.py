"""Writer, site or database killed while much changes: afterwards the index equals the database.

CHANGES says how many changes are seen through, KILLS how often something is killed meanwhile:
CHANGES=10000 KILLS=30 python -m pytest tests/test_indexing_killed.py
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from cwg.indexing import following
from cwg.indexing.models import Changed
from meetings import finding
from meetings.finding import opened, shelf
from tests.at_once import LONGEST, shared
from tests.consultations.making import make_round
from tests.consultations.test_killed import own_cluster
from tests.indexed import difference, index
from tests.serving import Program, Worker, environment, running

pytestmark = pytest.mark.django_db(transaction=True)

CHANGES = int(os.environ.get("CHANGES", "90"))
KILLS = int(os.environ.get("KILLS", "3"))


class Life:
    """What changes the database, and what follows it, in processes of their own."""

    def __init__(self, database: str, folder: Path, settings: Any) -> None:
        make_round()
        told = environment(database, folder / "data", LOG_LEVEL="ERROR")
        settings.INDEX_ROOT = folder / "data" / "index"
        opened.forget()
        self.worker = Worker(told)
        self.changing = [Program([sys.executable, "-m", "tests.changing"], told) for _ in range(2)]

    def go_on(self, kill: Callable[[], None]) -> None:
        """Let much change, and `kill` something while it does, each time between two others."""
        with running(self.worker, *self.changing):
            before = _changes()
            for number in range(1, KILLS + 1):
                until(partial(_changed, before + number * CHANGES // (KILLS + 1)))
                kill()
            until(partial(_changed, before + CHANGES))
            for each in self.changing:
                each.kill()
            connection.close()
            until(lambda: following.to_follow() == 0)
        index()  # what a killed process had asked for last may be committed after it is gone
        assert not difference()
        # nothing that was left holds up the next
        assert index() == 0
        assert len([each for each in shelf.root().iterdir() if each.is_dir()]) == 1
        assert finding.search("nets").total > 1


def until(true: Callable[[], Any]) -> None:
    """Wait until something is true, as long as so many changes take where others work too."""
    ends = time.monotonic() + 4 * LONGEST + CHANGES / 5
    while not true():
        assert time.monotonic() < ends, "it never came true"
        time.sleep(0.05)


def _changes() -> int:
    try:
        last = Changed.objects.order_by("-pk").first()
    except Exception:
        connection.close()  # it was killed
        return 0
    return last.pk if last is not None else 0


def _changed(number: int) -> bool:
    return _changes() >= number


def test_the_writer_is_killed(tmp_path: Path, settings: Any) -> None:
    with shared(tmp_path) as database:
        life = Life(database, tmp_path, settings)

        def kill() -> None:
            life.worker.kill()
            life.worker.begin()

        life.go_on(kill)


def test_what_changes_it_is_killed(tmp_path: Path, settings: Any) -> None:
    with shared(tmp_path) as database:
        life = Life(database, tmp_path, settings)

        def kill() -> None:
            for each in life.changing:
                each.kill()
                each.begin()

        life.go_on(kill)


if connection.vendor == "postgresql":  # SQLite has no process that could be killed

    def test_the_database_is_killed(tmp_path: Path, settings: Any) -> None:
        with own_cluster() as cluster:
            life = Life(cluster.url, tmp_path, settings)

            def kill() -> None:
                cluster.kill()
                cluster.start()

            life.go_on(kill)
