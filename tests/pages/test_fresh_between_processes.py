"""Two processes on one database: a change made in one shows in the other within five seconds."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
import urllib.request
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection

from tests.consultations.making import make_group
from tests.serving import ROOT, Site, environment, running


def database_for_others(folder: Path) -> str:
    """Give the address of the test's database; SQLite's stands in memory, and is copied to a file."""
    kept = connection.settings_dict
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(folder / "cwg.sqlite3")) as copy:
            connection.connection.backup(copy)
        return f"sqlite:///{folder / 'cwg.sqlite3'}"
    host, port = quote(kept["HOST"], safe=""), f"&port={kept['PORT']}" if kept["PORT"] else ""
    password = f":{quote(kept['PASSWORD'])}" if kept["PASSWORD"] else ""
    return f"postgres://{kept['USER']}{password}@/{kept['NAME']}?host={host}{port}"


def read(address: str) -> str:
    with urllib.request.urlopen(address, timeout=20) as answer:
        return str(answer.read().decode())


CHANGE = """
from meetings.models import WorkingGroup
group = WorkingGroup.objects.get(slug="example-group")
group.membership = {"en": "open to all"}
group.save()
"""


@pytest.mark.django_db(transaction=True)
def test_a_change_shows_in_every_process_within_five_seconds(tmp_path: Path) -> None:
    make_group()
    database = database_for_others(tmp_path)
    sites = [Site(environment(database, tmp_path / name)) for name in ("a", "b")]
    with running(*sites):
        pages = [f"{each.address}/example-group/" for each in sites]
        assert ["open to all" in read(page) for page in pages] == [False, False]
        shell = [sys.executable, "manage.py", "shell", "--no-imports", "-c", CHANGE]
        subprocess.run(shell, cwd=ROOT, env=environment(database, tmp_path / "c"), check=True)
        changed = time.monotonic()
        late = set(pages)
        while late and time.monotonic() < changed + 5:
            late = {page for page in late if "open to all" not in read(page)}
            time.sleep(0.1)
        assert late == set()
