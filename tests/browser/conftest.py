"""A browser that visits a running site."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

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


@pytest.fixture(autouse=True)
def whole(as_migrated: None) -> None:
    """Give each test the rows that stand after `migrate`."""


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
