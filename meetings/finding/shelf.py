"""Where the index stands on this machine: folders beside each other, of which one serves.

    INDEX_ROOT/current         the name of the folder that serves
    INDEX_ROOT/<name>/index    what the engine wrote
    INDEX_ROOT/<name>/broken   there where it cannot be read: another one is built
    INDEX_ROOT/<name>/usual    the words of which pairs are indexed
    INDEX_ROOT/<name>/answers  what these words find, of one state of the index (`kept`)
    INDEX_ROOT/<name>/seen     how far the list of changes was followed; touched when nothing is left
    INDEX_ROOT/lock            held by the one writer of this machine, and free once it is gone

The index is derived from the database and never the truth: all of it may be deleted at any time.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings

SCHEMA = 5  # another one after each change of the schema or of the analysis: all is built anew
_NAME = re.compile(r"[0-9]+-[0-9a-f]{8}")


def root() -> Path:
    """Return the folder of all that belongs to the index."""
    return Path(settings.INDEX_ROOT)


def current() -> Path | None:
    """Return the folder that serves, or None where there is none of this schema."""
    try:
        name = (root() / "current").read_text().strip()
    except (OSError, UnicodeDecodeError):
        return None
    if not _NAME.fullmatch(name) or name.partition("-")[0] != str(SCHEMA):
        return None
    folder = root() / name
    there = (folder / "index" / "meta.json").exists() and not (folder / "broken").exists()
    return folder if there else None


def give_up(folder: Path) -> None:
    """Say of an index that it is broken: it serves no more, and the writer builds another."""
    (folder / "broken").touch()


def others(folder: Path | None) -> list[Path]:
    """Return the folders of indexes other than one: left behind by whoever was killed."""
    if not root().is_dir():
        return []
    return [
        each
        for each in root().iterdir()
        if each.is_dir() and each != folder and _NAME.fullmatch(each.name)
    ]


def new() -> Path:
    """Make an empty folder for an index that is built."""
    folder = root() / f"{SCHEMA}-{secrets.token_hex(4)}"
    (folder / "index").mkdir(parents=True)
    return folder


def serve(folder: Path) -> None:
    """Let `folder` serve from now on, and remove those that did before."""
    write(root() / "current", folder.name)
    tidy(folder)


def tidy(folder: Path | None) -> None:
    """Remove every index but one."""
    for other in others(folder):
        shutil.rmtree(other, ignore_errors=True)  # who has it open reads on


def seen(folder: Path) -> dict[str, Any] | None:
    """Return how far the list of changes was followed, or None where nobody knows."""
    try:
        said = json.loads((folder / "seen").read_text())
    except (OSError, ValueError):
        return None
    return said if isinstance(said, dict) else None


def see(folder: Path, said: dict[str, Any]) -> None:
    """Keep how far the list of changes was followed."""
    write(folder / "seen", json.dumps(said))


def usual(folder: Path) -> frozenset[str]:
    """Return the words of which pairs are indexed; without them phrases are found more slowly."""
    try:
        return frozenset((folder / "usual").read_text(encoding="utf-8").split())
    except (OSError, ValueError):
        return frozenset()


def keep_usual(folder: Path, words: frozenset[str]) -> None:
    """Keep the words of which pairs are indexed: the same for all that is put into one index."""
    write(folder / "usual", " ".join(sorted(words)))


def write(path: Path, text: str) -> None:
    """Write a file that is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    with beside.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


@contextmanager
def writing(*, wait: bool = False) -> Iterator[bool]:
    """Be the one who writes on this machine; False where somebody else is.

    The lock is the process's, not the file's: it is free as soon as the process is gone.
    """
    root().mkdir(parents=True, exist_ok=True)
    with (root() / "lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True
