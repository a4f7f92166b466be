"""Debian's Chromium, driven by Playwright, with nothing in it that calls home."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

PROGRAMS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-sync",
    "--no-first-run",
)


class NoChromiumError(Exception):
    """There is no Chromium on this machine: install the package chromium."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Give a browser without a window, and close it afterwards."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        raise NoChromiumError(NoChromiumError.__doc__)
    # Chromium's own walls do not stand for root; the pages are the project's own.
    walls = ("--no-sandbox",) if os.geteuid() == 0 else ()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=[*QUIET, *walls])
        try:
            yield browser
        finally:
            browser.close()
