"""Whether a connection to PostgreSQL that was kept still stands."""

from __future__ import annotations

from select import POLLIN, poll
from typing import Any

from django.db import connection
from psycopg import Connection, OperationalError
from psycopg_pool import ConnectionPool


def check(kept: Connection[Any]) -> None:
    """Say nothing of a connection that stands; raise psycopg's OperationalError of one that does not.

    A server says nothing to a connection that nobody uses, unless it ends it: only where there is
    something to read is the server asked. To ask each time would double the way of a short query.

    What ended one has mostly ended all: the pool makes all of them anew. It waits a second after
    the first that failed, and twice as long after each other: with five of them nobody got any.
    """
    waiting = poll()
    waiting.register(kept, POLLIN)
    if waiting.poll(0):
        try:
            ConnectionPool.check_connection(kept)
        except OperationalError:
            connection.pool.drain()  # type: ignore[attr-defined]  # PostgreSQL's alone
            raise
