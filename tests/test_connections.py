"""A connection that the database ended while nobody used it is not given to anybody."""

from __future__ import annotations

import psycopg
import pytest
from django.db import connection

from meetings.models import MemberState


def end_what_is_kept() -> None:
    """Have the server end every connection to its database but the one that asks for it."""
    with psycopg.connect(**connection.get_connection_params()) as other:
        ended = other.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ).fetchall()
    assert ended
    assert all(told for (told,) in ended)


@pytest.mark.django_db(transaction=True)
def test_a_query_after_the_server_ended_all_connections_is_answered() -> None:
    known = MemberState.objects.count()
    connection.close()  # SQLite has no server: there the next query opens its file again
    if connection.vendor == "postgresql":
        end_what_is_kept()
    assert MemberState.objects.count() == known
