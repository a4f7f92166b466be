"""Keep the key that signs sessions on a machine where nobody has given one."""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path


def kept_in(path: Path) -> str:
    """Read the key from the file, which is made first where it does not exist.

    Two processes that start at once agree on one key: only one of them can put the file in place.
    """
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        pass
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=path.name)  # readable by its owner
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(50) + "\n")
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(draft)
    return path.read_text().strip()
