"""Two people act at the same moment: real threads, each with its own connection to one database."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.db import connection

# How long somebody stops at a point for the other, who finishes in it unless a lock holds them up.
STOP = 1.0
LONGEST = 60


@contextmanager
def shared(folder: Path) -> Iterator[str]:
    """Open the database to other threads and processes, and give its address.

    SQLite's lives in the memory of one connection: meanwhile it is a file in `folder`, as in
    production, and what is changed there is gone afterwards.
    """
    if connection.vendor != "sqlite":
        yield _address_on_the_server()
        return
    path = folder / "shared.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(path)])
    memory, name = connection.connection, connection.settings_dict["NAME"]
    connection.connection, connection.settings_dict["NAME"] = None, str(path)
    try:
        yield f"sqlite:///{path}"
    finally:
        connection.close()
        connection.connection, connection.settings_dict["NAME"] = memory, name


def _address_on_the_server() -> str:
    server = urlsplit(os.environ["DATABASE_URL"])
    return server._replace(path=f"/{connection.settings_dict['NAME']}").geturl()


class Stop:
    """A point at which the first who comes by stops until the others are done, or held up."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self.others_done = threading.Event()
        self.held_up = False  # whether the others could not finish meanwhile
        self._first = threading.Lock()

    def after[**P, R](self, call: Callable[P, R]) -> Callable[P, R]:
        """Return `call`, after which the first caller stops."""

        def stopping(*args: P.args, **kwargs: P.kwargs) -> R:
            answer = call(*args, **kwargs)
            if self._first.acquire(blocking=False):
                self.reached.set()
                self.held_up = not self.others_done.wait(STOP)
            return answer

        return stopping


def at_once(stop: Stop, first: Callable[[], Any], *others: Callable[[], Any]) -> list[Any]:
    """Do `first` up to `stop`, then `others`; return what each returned or raised."""
    answers: list[Any] = [None] * (1 + len(others))

    def do(place: int, act: Callable[[], Any]) -> None:
        try:
            answers[place] = act()
        except Exception as error:
            answers[place] = error
        finally:
            connection.close()

    threads = [
        threading.Thread(target=do, args=(place, act), daemon=True)
        for place, act in enumerate((first, *others))
    ]
    threads[0].start()
    while not stop.reached.wait(STOP / 10):
        assert threads[0].is_alive(), answers[0]
    for thread in threads[1:]:
        thread.start()
    for thread in threads[1:]:
        thread.join(STOP * 2)
    stop.others_done.set()
    for thread in threads:
        thread.join(LONGEST)
        assert not thread.is_alive(), "somebody waits for ever"
    return answers


def until(true: Callable[[], Any]) -> None:
    """Wait until something is true."""
    ends = time.monotonic() + LONGEST
    while not true():
        assert time.monotonic() < ends, "it never came true"
        time.sleep(0.02)


def run_apart(module: str, *words: str, database: str) -> subprocess.CompletedProcess[str]:
    """Run `module` in a process of its own, on the same database."""
    return subprocess.run(
        [sys.executable, "-m", module, *words],
        env={**os.environ, "DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        capture_output=True, check=False, text=True, timeout=LONGEST,
    )  # fmt: skip
