"""Find writes that go past the history: bulk writes and updates of whole querysets.

A line that must do so says why: `# bulk: reason`.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOMS = ("cwg", "meetings", "consultations")
NAMES = frozenset({"bulk_create", "bulk_update", "_raw_delete", "execute", "executemany"})


def found(source: str) -> Iterator[tuple[int, str]]:
    """Yield the line and the name of each such write in `source`.

    `.update(name=value)` is taken for a queryset's: a mapping is updated with a mapping here.
    """
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        name = node.func.attr
        whole = name == "update" and not node.args and node.keywords
        if (name in NAMES or whole) and "# bulk:" not in lines[node.lineno - 1]:
            yield node.lineno, name


def main() -> int:
    """Print every such write and return how many there are, at most 1."""
    problems = 0
    for room in ROOMS:
        for path in sorted(Path(room).rglob("*.py")):
            if "migrations" in path.parts:
                continue
            for line, name in found(path.read_text(encoding="utf-8")):
                print(
                    f"{path}:{line}: {name} goes past the history; save row by row, or say # bulk: why"
                )
                problems += 1
    return min(problems, 1)


if __name__ == "__main__":
    sys.exit(main())
