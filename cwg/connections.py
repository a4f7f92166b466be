"""Whether a connection to PostgreSQL that was kept still stands."""

from __future__ import annotations

from select import POLLIN, poll
from typing import Any

from psycopg import Connection
from psycopg_pool import ConnectionPool


def check(kept: Connection[Any]) -> None:
    """Say nothing of a connection that stands; raise psycopg's OperationalError of one that does not.

    A server says nothing to a connection that nobody uses, unless it ends it: only where there is
    something to read is the server asked. To ask each time would double the way of a short query.
    """
    waiting = poll()
    waiting.register(kept, POLLIN)
    if waiting.poll(0):
        ConnectionPool.check_connection(kept)
