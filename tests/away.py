"""A database that leaves in the middle of an answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError, connection


@contextmanager
def database_away() -> Iterator[None]:
    """Let nothing that is asked of the database be answered, as when its server has gone."""

    def nobody(*asked: Any) -> None:
        raise OperationalError("the connection is closed")

    with connection.execute_wrapper(nobody):
        yield
