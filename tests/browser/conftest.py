"""A browser that visits a running site."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from django.core import serializers
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer
from pytest_django.plugin import DjangoDbBlocker

from meetings.models import MemberState, Region
from tests.browser.chromium import chromium

# Playwright keeps a loop running in this thread, in which Django refuses to ask the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start one browser for all tests."""
    with chromium() as started:
        yield started


@pytest.fixture(scope="session")
def live_server(django_db_setup: None, live_server: LiveServer) -> LiveServer:
    """Serve the site once there is a test database: its threads share the connection in memory."""
    return live_server


@pytest.fixture(scope="session")
def brought_by_migrations(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> str:
    """Keep the rows that stand after `migrate`, before a test of this folder can flush them.

    Django's own `serialized_rollback` keeps them on the connection, of which there is another one
    from the moment when Playwright's loop runs in this thread.
    """
    with django_db_blocker.unblock():
        rows = [*Region.objects.all(), *MemberState.objects.all()]
        return str(serializers.serialize("json", rows))


@pytest.fixture(autouse=True)
def as_migrated(transactional_db: None, brought_by_migrations: str) -> None:
    """Give each test the rows that stand after `migrate`: the flush after each test takes them."""
    if not MemberState.objects.exists():
        for row in serializers.deserialize("json", brought_by_migrations):
            row.save()


@pytest.fixture
def window(
    browser: Browser, live_server: LiveServer, request: pytest.FixtureRequest
) -> Iterator[BrowserContext]:
    """Open a fresh window of 1280 pixels; `@pytest.mark.no_javascript` takes scripts away."""
    scripts = request.node.get_closest_marker("no_javascript") is None
    opened = browser.new_context(
        base_url=live_server.url,
        java_script_enabled=scripts,
        viewport={"width": 1280, "height": 900},
    )
    yield opened
    opened.close()


@pytest.fixture
def page(window: BrowserContext) -> Iterator[Page]:
    """Open a page; what the browser complained about while it was open fails the test."""
    complaints: list[str] = []
    opened = window.new_page()
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on(
        "console",
        lambda message: (
            complaints.append(message.text)
            # A refused form answers 4xx, which a browser logs; that is the answer, not a complaint.
            if message.type == "error" and "status of 4" not in message.text
            else None
        ),
    )
    yield opened
    assert complaints == []
