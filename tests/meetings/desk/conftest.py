"""A group with a meeting to come, and the delegations that write to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cwg.accounts.models import User
from meetings.models import DelegateTerm, Document, Meeting, WorkingGroup
from tests.meetings.desk.delegating import make_delegate, make_draft, make_group, make_meeting


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path: Path) -> Path:
    """Keep the files of each test apart."""
    settings.MEDIA_ROOT = tmp_path / "files"
    return tmp_path / "files"


@pytest.fixture
def fish(as_migrated_once: None) -> WorkingGroup:
    return make_group()


@pytest.fixture
def as_migrated_once(request: pytest.FixtureRequest) -> None:
    """Bring what migrations brought, where a test before flushed it."""
    marked = request.node.get_closest_marker("django_db")
    whole = marked is not None and marked.kwargs.get("transaction")
    request.getfixturevalue("as_migrated" if whole else "db")


@pytest.fixture
def meeting(fish: WorkingGroup) -> Meeting:
    return make_meeting(fish)


@pytest.fixture
def pole(fish: WorkingGroup) -> User:
    """The focal point of Poland."""
    return make_delegate(fish, "PL")


@pytest.fixture
def colleague(fish: WorkingGroup) -> User:
    """Another delegate of Poland."""
    return make_delegate(fish, "PL", role=DelegateTerm.Role.DELEGATE)


@pytest.fixture
def kenyan(fish: WorkingGroup) -> User:
    """The focal point of Kenya."""
    return make_delegate(fish, "KE")


@pytest.fixture
def draft(meeting: Meeting, pole: User) -> Document:
    return make_draft(meeting, pole)
