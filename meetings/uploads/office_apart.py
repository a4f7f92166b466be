"""Read one Word file or OpenDocument text in a process of its own: python office_apart.py SOURCE TARGET.

It has its own memory and time, writes the cleaned file to TARGET and prints one line of JSON.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path
from typing import Any

# Run by itself, it has the folder of the project nowhere to look for it
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from meetings.uploads import archive, office, refusal

MEMORY, SECONDS, LARGEST = 800 * 1024 * 1024, 20, 64 * 1024 * 1024


def read(source: str, target: str) -> dict[str, Any]:
    """Look through a file and write it cleaned; return what is to be said of it."""
    try:
        kind, cleaned = office.clean(Path(source).read_bytes())
    except MemoryError:
        return {"refused": archive.TOO_LARGE}
    except refusal.FileRefusedError as refused:
        return {"refused": refused.reason}
    Path(target).write_bytes(cleaned.data)
    return {"kind": kind, "notes": cleaned.notes}


def main() -> int:
    """Read the file that the command names."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST, LARGEST))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        said = read(sys.argv[1], sys.argv[2])
    except OSError as error:
        said = {"failed": str(error)}
    sys.stdout.write(json.dumps(said))
    return 0


if __name__ == "__main__":
    sys.exit(main())
