"""Read a file that somebody sent in a process of its own: one made to break its reader breaks that."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from .refusal import FileRefusedError

LONGEST = 40  # seconds; a reader stops itself earlier
# At once in one process of the site: files made to be read long must leave threads for the others
AT_ONCE = threading.BoundedSemaphore(2)
PATIENCE = 5.0  # seconds; reading an ordinary file takes less than one
BUSY = "Many files are being looked through just now. Add it again in a minute."


class WentDownError(Exception):
    """A reader that went down with its file: out of time or memory, or a crash."""


def read(reader: Path, data: bytes) -> tuple[dict[str, Any], bytes]:
    """Return what a reader says of a file, and the file that it wrote, empty where it wrote none.

    A reader is a program: it is given the paths of the file and of the one to write, and prints one
    line of JSON. Raises FileRefusedError where too many are read just now, WentDownError, and OSError
    where this machine has no room for the file.
    """
    if not AT_ONCE.acquire(timeout=PATIENCE):
        raise FileRefusedError(BUSY)
    try:
        return _read(reader, data)
    finally:
        AT_ONCE.release()


def _read(reader: Path, data: bytes) -> tuple[dict[str, Any], bytes]:
    with TemporaryDirectory(prefix="apart-") as folder:
        source, target = Path(folder, "source"), Path(folder, "target")
        source.write_bytes(data)
        command = [sys.executable, "-I", str(reader), str(source), str(target)]
        try:
            done = subprocess.run(command, capture_output=True, timeout=LONGEST, check=False)  # noqa: S603  # our own reader, by a path of ours
        except subprocess.TimeoutExpired:
            raise WentDownError from None
        if done.returncode != 0:
            raise WentDownError
        said: dict[str, Any] = json.loads(done.stdout)
        if "failed" in said:
            raise OSError(said["failed"])
        return said, target.read_bytes() if target.exists() else b""
