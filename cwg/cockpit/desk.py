"""Whose cockpit it is, and the rows it shows: one thing to do, with the one link that does it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from cwg.roles import may
from meetings.models import WorkingGroup

MOST_ROWS = 10


@dataclass(frozen=True, slots=True)
class Desk:
    """A person on a day, with the groups whose record is theirs to look after."""

    person: Any
    day: date
    groups: QuerySet[WorkingGroup]
    several: bool

    def may(self, act: str, group: WorkingGroup) -> bool:
        """Say whether the person may do `act` in `group`."""
        return may(self.person, act, group, self.day)

    def about(self, group: WorkingGroup, *words: str) -> str:
        """Return the small words below a row: whose it is, where somebody has several groups."""
        return ", ".join(filter(None, (str(group) if self.several else "", *words)))


@dataclass(frozen=True, slots=True)
class Task:
    """One thing that needs an act."""

    what: str
    address: str  # where it is read; "" where nothing says more
    about: str = ""
    when: str = ""
    state: str = ""  # the look of its badge, as in "state-late"
    label: str = ""  # the badge's word
    act: str = ""  # the words of the link that mends it
    act_address: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """The tasks of one subject, at most MOST_ROWS of them."""

    key: str
    heading: str
    tasks: tuple[Task, ...]
    more: int = 0  # how many are not shown
    all_words: str = ""  # the words of the link to all of them
    all_address: str = ""


def section(
    key: str,
    heading: str,
    tasks: Sequence[Task],
    total: int,
    *,
    all_words: str = "",
    all_address: str = "",
) -> Section | None:
    """Return a section of the first of `tasks`; None where there is none."""
    if not tasks:
        return None
    shown = tuple(tasks[:MOST_ROWS])
    return Section(key, heading, shown, total - len(shown), all_words, all_address)
