"""What is answered while the database is away."""

from __future__ import annotations

import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, OperationalError
from django.test import Client
from psycopg import errors

from cwg.unreachable import is_away
from tests.pages.away import dead_port
from tests.serving import ROOT, Program, Site, environment

from .page_words import words


def caused(error: DatabaseError, cause: Exception) -> DatabaseError:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "away"),
    [
        (caused(OperationalError(), psycopg.OperationalError("connection refused")), True),
        (caused(OperationalError(), errors.AdminShutdown()), True),
        (caused(OperationalError(), errors.CannotConnectNow()), True),
        (caused(OperationalError(), errors.ConnectionFailure()), True),
        (caused(OperationalError(), errors.TooManyConnections()), True),
        (caused(OperationalError(), errors.DeadlockDetected()), False),
        (caused(OperationalError(), errors.DiskFull()), False),
        (caused(IntegrityError(), errors.UniqueViolation()), False),
        (OperationalError("database is locked"), False),
        (RuntimeError("an example"), False),
        (None, False),
    ],
)
def test_what_means_that_nobody_is_there(error: BaseException | None, *, away: bool) -> None:
    assert is_away(error) is away


@pytest.mark.urls("tests.pages.away")
@pytest.mark.parametrize(
    ("address", "kept"), [("/away/", "no-store"), ("/desk/away/", "private, no-store")]
)
def test_a_page_says_when_to_come_again(address: str, kept: str, db: None) -> None:
    for ask in (
        Client(raise_request_exception=False).get,
        Client(raise_request_exception=False).post,
    ):
        answer = ask(address)
        assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (
            503,
            "30",
            kept,
        )
        assert words(answer, part="main").startswith("The record cannot be reached just now")
        assert "/static/css/site.css" in answer.content.decode()


def asked(address: str) -> tuple[int, str, str]:
    """Return what a site answers, once it listens, and when it says to ask again."""
    for _ in range(300):
        try:
            with urllib.request.urlopen(address, timeout=60) as answer:
                return 200, "", answer.read().decode()
        except urllib.error.HTTPError as refusal:
            told = str(refusal.headers["Retry-After"])
            return refusal.code, told, refusal.read().decode()
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the site does not listen")


def test_the_site_runs_on_while_the_database_is_away(tmp_path: Path) -> None:
    database = f"postgres://nobody@127.0.0.1:{dead_port()}/nothing"
    settings = environment(database, tmp_path, DEBUG="false")
    collect = [sys.executable, "manage.py", "collectstatic", "--noinput"]
    subprocess.run(collect, cwd=ROOT, env=settings, check=True, capture_output=True)
    site = Site(settings)
    try:
        Program.begin(site)  # the site's own way waits for a page that is there
        status, again, page = asked(f"{site.address}/")
    finally:
        site.end()
    assert (status, again) == (503, "30")
    assert "The record cannot be reached just now" in page
