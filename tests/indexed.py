"""The search index of a test: one of its own, filled as the duty that follows changes fills it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from cwg.indexing import changes, following
from meetings import finding
from meetings.finding import opened, shelf


@pytest.fixture
def own_index(tmp_path: Path, settings: Any) -> Iterator[None]:
    """Let the test have an index of its own, which is not there yet."""
    settings.INDEX_ROOT = tmp_path / "index"
    opened.forget()
    yield
    opened.forget()


def index() -> int:
    """Index all that is public now, or what changed since; return how many entries were looked at."""
    done = following.follow(timezone.now())
    # a test is one transaction: what it changes from here on is to be noted like another's
    connection.run_on_commit = [
        each for each in connection.run_on_commit if not isinstance(each[1], changes.Noted)
    ]
    opened.forget()
    return done


def difference() -> following.Difference:
    """Compare the index with the database."""
    folder = shelf.current()
    assert folder is not None
    return following.difference(folder)


def found(typed: str, *kinds: str, **options: Any) -> list[str]:
    """Give the keys of what is found, in order."""
    told = finding.search(typed, kinds=kinds, limit=1_000, **options)
    keys = [each.key for each in told.hits]
    assert told.total == len(keys) == len({*keys})
    return keys
