"""Very many entries are made in a process beside the one that writes them; either may end."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from consultations.models import Standing
from cwg.duties import ending
from cwg.indexing import beside, entries, following
from meetings.finding import shelf
from tests.at_once import LONGEST, shared
from tests.consultations.making import make_contribution, make_round
from tests.indexed import difference, found, index

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own_index")]


@pytest.fixture(autouse=True)
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Ten contributions, more than a pipe holds, in a database that other processes may open."""
    held = make_round()
    for _ in range(10):
        make_contribution(held, Standing.PUBLISHED, answers={1: "A zebraword example. " * 1_000})
    with shared(tmp_path) as address:
        monkeypatch.setenv("DATABASE_URL", address)
        monkeypatch.setattr(entries, "MANY", 10)
        monkeypatch.setattr(os, "process_cpu_count", lambda: 2)
        monkeypatch.setattr(ending, "listen", lambda: None)
        yield address


def test_what_is_made_beside_is_the_same() -> None:
    made = list(following.everything())
    assert made == [each for some in entries.some_at_a_time() for each in some]
    assert [each.kind for each in made].count("contribution") == 10
    following.build()
    assert len(found("zebraword")) == 10
    assert not difference()
    assert multiprocessing.active_children() == []


@pytest.mark.parametrize("alone", ["few", "one processor"])
def test_for_few_and_on_one_processor_no_other_process_is_begun(
    alone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if alone == "few":
        monkeypatch.setattr(entries, "MANY", 11)
    else:
        monkeypatch.setattr(os, "process_cpu_count", lambda: 1)
    made = following.everything()
    next(made)
    assert multiprocessing.active_children() == []
    assert len(list(made)) > 9


def test_who_takes_no_more_ends_it() -> None:
    made = beside.made_by(entries.some_at_a_time)
    next(made)
    (process,) = multiprocessing.active_children()
    made.close()
    assert multiprocessing.active_children() == []
    assert process.exitcode == 0


def test_killed_it_leaves_the_index_that_stood_before(monkeypatch: pytest.MonkeyPatch) -> None:
    index()
    before = shelf.current()

    def kill(*_: Any) -> bool:
        for each in multiprocessing.active_children():
            each.kill()
        return True

    monkeypatch.setattr(ending, "going_on", kill)
    monkeypatch.setattr(entries, "AT_ONCE", 1)
    with pytest.raises(CommandError) as told:
        call_command("reindex")
    assert str(told.value) == (
        "The process that reads the database ended (status -9). The index that stood before serves on."
    )
    assert shelf.current() == before
    assert len(found("zebraword")) == 10


def test_asked_to_end_together_with_it_no_failure_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    index()
    before, asked = shelf.current(), []

    def end() -> bool:
        for each in multiprocessing.active_children():
            each.terminate()
            each.join()
        asked.append(1)
        return len(asked) == 1

    monkeypatch.setattr(ending, "going_on", end)
    monkeypatch.setattr(entries, "AT_ONCE", 1)
    with pytest.raises(CommandError, match="^Asked to end: the index that stood before serves on"):
        call_command("reindex")
    assert shelf.current() == before


def test_a_comparison_that_loses_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    index()
    received = beside._received

    def killed(receiving: Any, process: Any, going_on: Any) -> Any:
        process.kill()
        process.join()
        return received(receiving, process, going_on)

    monkeypatch.setattr(beside, "_received", killed)
    with pytest.raises(CommandError, match=r"ended \(status -9\)\. Not all was compared\."):
        call_command("reindex", "--check")


def test_nobody_waits_where_nothing_comes_and_all_is_to_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    index()
    monkeypatch.setattr(beside, "ASKED_EVERY", 0.0)
    monkeypatch.setattr(ending, "going_on", lambda: False)
    with pytest.raises(CommandError, match="^Asked to end"):
        call_command("reindex")
    assert multiprocessing.active_children() == []


def test_what_goes_wrong_over_there_is_told_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:////nowhere/at/all.sqlite3")
    with pytest.raises(OperationalError, match="unable to open database file") as told:
        list(beside.made_by(entries.some_at_a_time))
    assert "some_at_a_time" in told.value.__notes__[0]


PARENT = """
import django; django.setup()
import multiprocessing, os, time
os.process_cpu_count = lambda: 2
from cwg.indexing import entries, following
entries.MANY = 10
made = following.everything()
next(made)
print(multiprocessing.active_children()[0].pid, flush=True)
time.sleep(600)
"""


def test_it_ends_where_the_one_that_writes_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        other = int(parent.stdout.readline())
        os.kill(other, 0)
        parent.send_signal(signal.SIGKILL)
    ends = time.monotonic() + LONGEST
    while Path(f"/proc/{other}").exists():
        assert time.monotonic() < ends, "it goes on"
        time.sleep(0.05)
