"""Answers kept beside the index as long as it stays the same: what each usual word finds.

To count what a usual word finds, every second entry may have to be visited. Of those words there are
some hundred, and that most often one of them is asked for is why they are usual: the writer asks for
each once, when all is quiet, and whoever searches reads.

    first line   which state of the index these are the answers of
    each other   what is asked for, a tab, the answer as JSON
"""

from __future__ import annotations

import json
import mmap
from collections.abc import Iterable
from hashlib import blake2b
from pathlib import Path
from typing import Any

from meetings.finding import shelf

NAME = "answers"


def state_of(folder: Path) -> str:
    """Return another word for each state of an index, the joining of its parts included."""
    said = (folder / "index" / "meta.json").read_bytes()
    return blake2b(said, digest_size=16).hexdigest()


def are_of(folder: Path, state: str) -> bool:
    """Say whether answers of this state are kept."""
    try:
        with (folder / NAME).open() as file:
            return file.readline().strip() == state
    except (OSError, ValueError):
        return False


def write(folder: Path, state: str, answers: Iterable[tuple[str, Any]]) -> None:
    """Keep answers of a state in the place of all others."""
    lines = (f"{asked}\t{json.dumps(answer, ensure_ascii=False)}" for asked, answer in answers)
    shelf.write(folder / NAME, "\n".join([state, *lines, ""]))


class Answers:
    """The answers of one state, as a process reads them; the file may be written at any time."""

    def __init__(self, folder: Path, state: str) -> None:
        self._path = folder / NAME
        self._state = state
        self._seen: tuple[int, int] | None = None
        self._file: mmap.mmap | None = None  # no memory of this process
        self._places: dict[str, tuple[int, int]] = {}

    def read(self, asked: str) -> Any:
        """Return the answer to what is asked for, or None where none is kept."""
        self._look()
        if self._file is None or asked not in self._places:
            return None
        start, end = self._places[asked]
        return json.loads(self._file[start:end])

    def _look(self) -> None:
        try:
            about = self._path.stat()
            if self._seen == (about.st_mtime_ns, about.st_ino):
                return
            self._seen = (about.st_mtime_ns, about.st_ino)
            with self._path.open("rb") as file:
                read = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError):  # there is none, or nothing in it
            self._file, self._places = None, {}
            return
        same = read.readline().strip() == self._state.encode()
        self._places = _places(read) if same else {}
        self._file = read


def _places(read: mmap.mmap) -> dict[str, tuple[int, int]]:
    places = {}
    start = read.tell()
    while line := read.readline():
        asked, tab, _ = line.partition(b"\t")
        places[asked.decode()] = (start + len(asked) + len(tab), start + len(line))
        start += len(line)
    return places
