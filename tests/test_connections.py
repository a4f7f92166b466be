"""A connection that the database ended while nobody used it is not given to anybody."""

from __future__ import annotations

import psycopg
import pytest
from django.db import connection

from meetings.models import MemberState

KEPT = 6  # after as many that had ended, one after another, the pool would have given up


def keep(many: int) -> None:
    """Have the pool hold so many connections that nobody uses."""
    pool = connection.pool  # type: ignore[attr-defined]  # PostgreSQL's alone
    for used in [pool.getconn() for _ in range(many)]:
        pool.putconn(used)


def end_what_is_kept() -> int:
    """Have the server end every connection to its database but the one that asks for it."""
    with psycopg.connect(**connection.get_connection_params()) as other:
        ended = other.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ).fetchall()
    assert all(told for (told,) in ended)
    return len(ended)


@pytest.mark.django_db(transaction=True)
def test_a_query_after_the_server_ended_all_connections_is_answered() -> None:
    known = MemberState.objects.count()
    connection.close()  # SQLite has no server: there the next query opens its file again
    if connection.vendor == "postgresql":
        keep(KEPT)
        assert end_what_is_kept() >= KEPT
    assert MemberState.objects.count() == known
