"""Ask the virus scanner that the settings name."""

from __future__ import annotations

import logging
import subprocess
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings

from .refusal import FileRefusedError

LONGEST = 120  # seconds
FOUND = "The virus scanner found something in it. Check it, and add a clean one."
NOT_SCANNED = "The virus scanner gives no answer just now. Add the file again later."
logger = logging.getLogger(__name__)


def scan(data: bytes) -> None:
    """Have a file scanned where the settings name a command. Raises FileRefusedError, OSError.

    The command gets the file's path as its last word. It ends with 0 where nothing was found and
    with 1 where something was; every other end is a failure, and then the file is not taken.
    """
    if not settings.SCAN_COMMAND:
        return
    with NamedTemporaryFile(prefix="scan-") as file:
        file.write(data)
        file.flush()
        Path(file.name).chmod(0o644)  # a scanner runs as another user
        try:
            done = subprocess.run(  # noqa: S603  # the operator's own command
                [*settings.SCAN_COMMAND, file.name],
                capture_output=True, timeout=LONGEST, check=False,
            )  # fmt: skip
        except (OSError, subprocess.TimeoutExpired):
            logger.exception("The virus scanner could not be run")
            raise FileRefusedError(NOT_SCANNED) from None
    if done.returncode == 1:
        raise FileRefusedError(FOUND)
    if done.returncode != 0:
        logger.error("The virus scanner ended with %s: %r", done.returncode, done.stderr[-500:])
        raise FileRefusedError(NOT_SCANNED)
