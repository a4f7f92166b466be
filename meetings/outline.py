"""An agenda as a page writes it: lines in reading order, each with how deep it stands.

Numbers (3, 3.1) follow from the order and the depth; no field stores one. Nothing here asks a
database.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

DEEPEST = 2  # 3.1.2 is the longest number


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an agenda: the key of its row where it has one, its depth, its words, its documents."""

    depth: int
    title: str = ""
    key: int | None = None
    documents: tuple[int, ...] = ()


def numbers(depths: Sequence[int]) -> list[str]:
    """Return the number of each line; one that stands too deep counts as one below its neighbour."""
    counted: list[int] = []
    said = []
    for depth in depths:
        level = min(depth, len(counted))
        counted = [*counted[:level], (counted[level] if level < len(counted) else 0) + 1]
        said.append(".".join(str(each) for each in counted))
    return said


def settled(lines: Sequence[Line]) -> list[Line]:
    """Return `lines` with no line more than one below the one before it, nor deeper than allowed."""
    kept: list[Line] = []
    for line in lines:
        most = min(kept[-1].depth + 1 if kept else 0, DEEPEST)
        kept.append(replace(line, depth=max(0, min(line.depth, most))))
    return kept


def end_of(lines: Sequence[Line], place: int) -> int:
    """Return the place after a line and all that stands below it."""
    end = place + 1
    while end < len(lines) and lines[end].depth > lines[place].depth:
        end += 1
    return end


def up(lines: Sequence[Line], place: int) -> tuple[list[Line], int]:
    """Move a line, with what stands below it, before its neighbour above; return its new place."""
    before = _neighbour_above(lines, place)
    if before is None:
        return list(lines), place
    end = end_of(lines, place)
    own = lines[place:end]
    return [*lines[:before], *own, *lines[before:place], *lines[end:]], before


def down(lines: Sequence[Line], place: int) -> tuple[list[Line], int]:
    """Move a line, with what stands below it, behind its neighbour below; return its new place."""
    end = end_of(lines, place)
    if end >= len(lines) or lines[end].depth != lines[place].depth:
        return list(lines), place
    moved, _ = up(lines, end)
    return moved, place + end_of(lines, end) - end


def deeper(lines: Sequence[Line], place: int) -> tuple[list[Line], int]:
    """Put a line, with what stands below it, below its neighbour above."""
    if _neighbour_above(lines, place) is None:
        return list(lines), place
    return _shifted(lines, place, 1), place


def out(lines: Sequence[Line], place: int) -> tuple[list[Line], int]:
    """Put a line, with what stands below it, one level out."""
    if lines[place].depth == 0:
        return list(lines), place
    return settled(_shifted(lines, place, -1)), place


def without(lines: Sequence[Line], place: int) -> tuple[list[Line], int]:
    """Take a line out; what stood below it comes one level out."""
    end = end_of(lines, place)
    below = [replace(each, depth=each.depth - 1) for each in lines[place + 1 : end]]
    return settled([*lines[:place], *below, *lines[end:]]), max(0, min(place, len(lines) - 2))


MOVES = {"up": up, "down": down, "deeper": deeper, "out": out, "remove": without}


def _neighbour_above(lines: Sequence[Line], place: int) -> int | None:
    """Return the place of the line before it at its own depth, below the same line."""
    for before in range(place - 1, -1, -1):
        if lines[before].depth == lines[place].depth:
            return before
        if lines[before].depth < lines[place].depth:
            return None
    return None


def _shifted(lines: Sequence[Line], place: int, by: int) -> list[Line]:
    end = end_of(lines, place)
    if by > 0 and max(each.depth for each in lines[place:end]) + by > DEEPEST:
        return list(lines)
    return [
        replace(each, depth=each.depth + by) if place <= at < end else each
        for at, each in enumerate(lines)
    ]
