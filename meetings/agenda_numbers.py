"""The numbers of a meeting's agenda items: 1, 2, 2.1; none is stored."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from meetings.models import AgendaItem


def numbered(items: Collection[AgendaItem]) -> list[tuple[str, AgendaItem]]:
    """Return the items of one meeting with their numbers, each above those that stand below it.

    `items` are all of the meeting, as they are sorted by default.
    """
    return list(_below(None, "", items))


def _below(
    parent: int | None, before: str, items: Collection[AgendaItem]
) -> Iterator[tuple[str, AgendaItem]]:
    for place, item in enumerate((each for each in items if each.parent_id == parent), 1):
        number = f"{before}{place}"
        yield number, item
        yield from _below(item.pk, f"{number}.", items)
