"""The cast that meets every page, and the record they meet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.core.cache import cache
from django.test import Client

from cwg.accounts.models import User
from meetings.models import RoleTerm, WorkingGroup

pytest_plugins = ["tests.addresses", "tests.demo_record"]

PASSWORD = "correct horse battery"


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
    """Make a member of the group's secretariat."""
    return with_role(group, RoleTerm.Role.LEAD)


@pytest.fixture
def reader(group: WorkingGroup) -> User:
    """Make somebody who may read what the secretariat sees."""
    return with_role(group, RoleTerm.Role.READER)


def with_role(group: WorkingGroup, role: RoleTerm.Role) -> User:
    """Make somebody with a role in `group` since long ago."""
    user = User.objects.create_user(f"{role}@example.org", PASSWORD)
    RoleTerm.objects.create(person=user, group=group, role=role, from_day=date(2000, 1, 1))
    return user


@pytest.fixture
def as_administrator(administrator: User) -> Client:
    """Give a browser in which the administrator is signed in."""
    return signed_in(administrator)


@pytest.fixture
def as_secretary(secretary: User) -> Client:
    """Give a browser in which the secretary is signed in."""
    return signed_in(secretary)


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
