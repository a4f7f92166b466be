"""The cast that meets every page, and the record they meet."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client

from cwg.accounts.models import User
from meetings.models import RoleTerm, WorkingGroup
from tests.two_groups import PASSWORD as PASSWORD  # noqa: PLC0414 - handed on
from tests.two_groups import make_person

pytest_plugins = ["tests.addresses", "tests.addressed", "tests.demo_record", "tests.indexed"]


@pytest.fixture(autouse=True)
def nobody_guessed_before() -> Iterator[None]:
    """Forget, after each test, how often somebody tried to sign in."""
    yield
    cache.clear()


@pytest.fixture
def administrator(db: None) -> User:
    """Make somebody who may do everything."""
    return User.objects.create_superuser("administrator@example.org", PASSWORD)


@pytest.fixture
def stranger(db: None) -> User:
    """Make somebody who signs in and has no role."""
    return User.objects.create_user("stranger@example.org", PASSWORD)


@pytest.fixture
def secretary(group: WorkingGroup) -> User:
    """Make the lead of the group's secretariat."""
    return make_person(group, RoleTerm.Role.LEAD, "secretariat@example.org")


@pytest.fixture
def editor(group: WorkingGroup) -> User:
    """Make an editor of the group's secretariat."""
    return make_person(group, RoleTerm.Role.EDITOR, "editor@example.org")


@pytest.fixture
def chair(group: WorkingGroup) -> User:
    """Make somebody who signs in as the group's Chair."""
    return make_person(group, RoleTerm.Role.CHAIR, "chair@example.org")


@pytest.fixture
def vice_chair(group: WorkingGroup) -> User:
    """Make somebody who signs in as a Vice-Chair of the group."""
    return make_person(group, RoleTerm.Role.VICE_CHAIR, "vice-chair@example.org")


@pytest.fixture
def reader(group: WorkingGroup) -> User:
    """Make somebody who may read what the secretariat sees."""
    return make_person(group, RoleTerm.Role.READER, "reader@example.org")


@pytest.fixture
def as_administrator(administrator: User) -> Client:
    """Give a browser in which the administrator is signed in."""
    return signed_in(administrator)


@pytest.fixture
def as_secretary(secretary: User) -> Client:
    """Give a browser in which the secretary is signed in."""
    return signed_in(secretary)


@pytest.fixture
def as_editor(editor: User) -> Client:
    """Give a browser in which the editor is signed in."""
    return signed_in(editor)


@pytest.fixture
def as_chair(chair: User) -> Client:
    """Give a browser in which the Chair is signed in."""
    return signed_in(chair)


@pytest.fixture
def as_vice_chair(vice_chair: User) -> Client:
    """Give a browser in which the Vice-Chair is signed in."""
    return signed_in(vice_chair)


@pytest.fixture
def as_reader(reader: User) -> Client:
    """Give a browser in which the reader is signed in."""
    return signed_in(reader)


@pytest.fixture
def as_stranger(stranger: User) -> Client:
    """Give a browser in which the stranger is signed in."""
    return signed_in(stranger)


def signed_in(user: User) -> Client:
    """Give a browser in which `user` is signed in, past the sign-in page."""
    client = Client()
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    return client
