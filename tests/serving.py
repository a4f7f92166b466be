"""The site and its worker in processes of their own, as they run for people; each may be killed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent


def environment(database: str, folder: Path, **more: str) -> dict[str, str]:
    """Return the settings under which a process runs on a database, with its data in `folder`."""
    return {
        **os.environ, "DATABASE_URL": database, "DEBUG": "true", "PAGES_KEPT": "50",
        "DJANGO_SETTINGS_MODULE": "cwg.settings", "DATA_DIR": str(folder), **more,
    }  # fmt: skip


class Program:
    """A program that is begun, killed with all that it began, and begun again.

    `before` is done in its process before it begins.
    """

    def __init__(
        self,
        words: Sequence[str],
        settings: dict[str, str],
        before: Callable[[], None] | None = None,
    ) -> None:
        self.words, self.settings, self.before = words, settings, before
        self.process: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        """Begin it, in a group of processes of its own."""
        self.process = subprocess.Popen(
            self.words, cwd=ROOT, env=self.settings, start_new_session=True,
            preexec_fn=self.before,  # noqa: PLW1509  # limits of the process; no thread holds a lock of it
        )  # fmt: skip

    def kill(self) -> None:
        """Kill it and what it began with SIGKILL; return once it is gone."""
        self._signal(signal.SIGKILL)

    def end(self) -> None:
        """Ask it to end; return once it has."""
        self._signal(signal.SIGTERM)

    def _signal(self, number: int) -> None:
        if self.process is None:
            return
        if self.process.poll() is None:
            os.killpg(self.process.pid, number)
        self.process.wait(30)


class Site(Program):
    """The site, as it is served to people."""

    def __init__(self, settings: dict[str, str], before: Callable[[], None] | None = None) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.address = f"http://127.0.0.1:{self.port}"
        words = [
            str(Path(sys.executable).with_name("granian")), "--interface", "wsgi",
            "--host", "127.0.0.1", "--port", str(self.port), "--no-ws", "--workers", "1",
            "--blocking-threads", "4", "--log-level", "error", "cwg.wsgi:application",
        ]  # fmt: skip
        super().__init__(words, settings, before)

    def begin(self) -> None:
        """Begin it; return once it answers."""
        super().begin()
        for _ in range(300):
            try:
                with urllib.request.urlopen(f"{self.address}/instruments/", timeout=20):
                    return
            except OSError:
                time.sleep(0.1)
        raise AssertionError("the site does not answer")


class Worker(Program):
    """What works off what time makes due, beside the site."""

    def __init__(self, settings: dict[str, str]) -> None:
        words = [sys.executable, "manage.py", "run_due", "--every", "0.2"]
        super().__init__(words, settings)


@contextmanager
def running(*programs: Program) -> Iterator[None]:
    """Run programs, and end those that still run."""
    try:
        for each in programs:
            each.begin()
        yield
    finally:
        for each in programs:
            each.end()
