"""The numbers of a meeting's agenda items: 1, 2, 2.1; none is stored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from meetings.models import AgendaItem


def numbered(items: Iterable[AgendaItem]) -> list[tuple[str, AgendaItem]]:
    """Return the items of one meeting with their numbers, each above those that stand below it.

    `items` are all of the meeting, in any order.
    """
    below: dict[int | None, list[AgendaItem]] = {}
    for item in sorted(items, key=lambda each: (each.position, each.pk)):
        below.setdefault(item.parent_id, []).append(item)

    def read(parent: int | None, before: str) -> Iterator[tuple[str, AgendaItem]]:
        for place, item in enumerate(below.get(parent, ()), 1):
            yield f"{before}{place}", item
            yield from read(item.pk, f"{before}{place}.")

    return list(read(None, ""))
