"""The index as this process has it open: opened anew where it was written since, and what it answered."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import tantivy

from meetings.finding import engine, kept, shelf
from meetings.finding.usual import Usual

LOOKED_AFTER = 1.0  # seconds after which a process looks whether the index changed
REMEMBERED = 1_000  # counts, and hits of pages, as long as the index stays the same


@dataclass(slots=True)
class Open:
    """The index as this process has it open."""

    folder: Path
    index: tantivy.Index
    searcher: tantivy.Searcher
    written: tuple[int, int]
    looked: float
    asker: engine.Asker
    state: str  # another word for each; empty where nobody knows
    answers: kept.Answers
    memory: OrderedDict[object, Any] = field(default_factory=OrderedDict)

    def remembered[Answer](self, asked: object, answer: Callable[[], Answer]) -> Answer:
        """Return the answer to what was asked, found once as long as the index stays the same.

        None is no answer: it is asked for again.
        """
        with _lock:
            if asked in self.memory:
                self.memory.move_to_end(asked)
                return cast("Answer", self.memory[asked])
        told = answer()
        if told is None:
            return told
        with _lock:
            self.memory[asked] = told
            while len(self.memory) > REMEMBERED:
                self.memory.popitem(last=False)
        return told


_open: Open | None = None
_lock = threading.Lock()


def opened_now() -> Open | None:
    """Return the index, opened anew where it was written since; looked at once a second at most."""
    global _open  # noqa: PLW0603  # one for each process
    opened = _open
    if opened is not None and time.monotonic() - opened.looked < LOOKED_AFTER:
        return opened
    with _lock:
        opened, looked = _open, time.monotonic()
        folder = shelf.current()
        if folder is None:
            _open = None
            return None
        try:
            with engine.guarded():
                about = (folder / "index" / "meta.json").stat()
                written = (about.st_mtime_ns, about.st_ino)
                if opened is not None and (opened.folder, opened.written) == (folder, written):
                    opened.looked = looked
                    return opened
                if opened is None or opened.folder != folder:
                    index = tantivy.Index.open(str(folder / "index"))
                    index.config_reader("manual")
                    usual = Usual(shelf.usual(folder))
                else:
                    index, usual = opened.index, opened.asker.usual
                state = kept.state_of(folder)
                index.reload()
                searcher = index.searcher()
                asker = engine.Asker(searcher, usual)
                if state != kept.state_of(folder):
                    state = ""  # written just now: no answers are known to be this state's
                answers = kept.Answers(folder, state)
                _open = Open(folder, index, searcher, written, looked, asker, state, answers)
        except engine.BrokenIndexError:
            _open = None
            if shelf.current() == folder:  # else it was replaced just now
                with suppress(OSError):
                    shelf.give_up(folder)
        return _open


def forget() -> None:
    """Open the index anew next time."""
    global _open  # noqa: PLW0603  # one for each process
    _open = None


def forget_answers() -> None:
    """Ask the index again next time, whatever was asked before: for measuring."""
    with _lock:
        if _open is not None:
            _open.memory.clear()
