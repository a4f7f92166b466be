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
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
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
        with (folder / NAME).open("rb") as file:
            return file.readline().strip() == state.encode()
    except OSError:
        return False


def write(folder: Path, state: str, answers: Iterable[tuple[str, Any]]) -> None:
    """Keep answers of a state in the place of all others."""
    lines = (f"{asked}\t{json.dumps(answer, ensure_ascii=False)}" for asked, answer in answers)
    shelf.write(folder / NAME, "\n".join([state, *lines, ""]))


@dataclass(frozen=True, slots=True)
class _File:
    """The file as it was when it was looked at."""

    about: tuple[int, int] = (0, 0)
    read: mmap.mmap | None = None  # no memory of this process
    places: Mapping[str, tuple[int, int]] = field(default_factory=dict)


class Answers:
    """The answers of one state, as a process reads them; the file may be written at any time.

    Whatever became of the file, what cannot be read is not kept: the caller asks the index.
    """

    def __init__(self, folder: Path, state: str) -> None:
        self._path = folder / NAME
        self._state = state
        self._file = _File()

    def read(self, asked: str) -> Mapping[str, Any] | None:
        """Return the answer to what is asked for, or None where none is kept."""
        try:
            file = self._now()
            if file.read is None or asked not in file.places:
                return None
            start, end = file.places[asked]
            answer = json.loads(file.read[start:end])
        except (OSError, ValueError):
            return None
        return answer if isinstance(answer, dict) else None

    def _now(self) -> _File:
        file, about = self._file, self._path.stat()
        if file.about == (about.st_mtime_ns, about.st_ino):
            return file
        with self._path.open("rb") as opened:
            read = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
        same = read.readline().strip() == self._state.encode()
        places = _places(read) if same else {}
        # put in its place at once: threads read it
        self._file = file = _File((about.st_mtime_ns, about.st_ino), read, places)
        return file


def _places(read: mmap.mmap) -> dict[str, tuple[int, int]]:
    places = {}
    start = read.tell()
    while line := read.readline():
        asked, tab, _ = line.partition(b"\t")
        places[asked.decode("utf-8", "replace")] = (
            start + len(asked) + len(tab),
            start + len(line),
        )
        start += len(line)
    return places
