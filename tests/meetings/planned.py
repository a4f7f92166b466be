"""Meetings that are planned here, for the tests of what becomes of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from meetings import planning
from meetings.models import AgendaItem, Meeting, WorkingGroup
from meetings.planning import Planned

AT = datetime(2026, 2, 2, 9, tzinfo=UTC)
FIRST_DAY = date(2026, 9, 7)


def plan(group: WorkingGroup, first_day: date = FIRST_DAY, **facts: Any) -> Planned:
    """Plan the group's next meeting, of two days."""
    number = facts.pop("number", 0) or planning.next_ordinal(group)
    return planning.new_from_last(
        group, first_day, first_day + timedelta(days=1), number=number, at=AT, **facts
    )


def make_agenda(meeting: Meeting, *titles: str) -> list[AgendaItem]:
    """Give a meeting an agenda; a title that begins with a dot stands below the last that does not."""
    made: list[AgendaItem] = []
    parent: AgendaItem | None = None
    counted: dict[Any, int] = {}
    for title in titles:
        above = parent if title.startswith(".") else None
        counted[above and above.pk] = counted.get(above and above.pk, 0) + 1
        item = AgendaItem.objects.create(
            meeting=meeting, parent=above, position=counted[above and above.pk],
            title={"en": title.lstrip(".")},
        )  # fmt: skip
        made.append(item)
        parent = item if above is None else parent
    return made
