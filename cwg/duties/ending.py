"""That this process was asked to end: what works off many rows asks between two of them."""

from __future__ import annotations

import signal
import threading
from types import FrameType

_asked = threading.Event()


def listen() -> None:
    """Take SIGTERM and SIGINT as the wish to end in order, from here on."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _ask)


def _ask(number: int, frame: FrameType | None) -> None:
    _asked.set()


def going_on() -> bool:
    """Say whether nobody asked this process to end."""
    return not _asked.is_set()


def wait(seconds: float) -> None:
    """Wait so long, or until somebody asks to end."""
    _asked.wait(seconds)
