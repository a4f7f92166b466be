"""The contributors to whose contributions the repository is narrowed, each by the end of their address.

They are no facet with counts: there may be nearly as many of them as there are contributions.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from consultations import naming
from meetings.models import WorkingGroup

NOBODY = "none"  # in the index no contributor has this key
MOST_NAMED = 3  # of those whom a contribution names


@dataclass(frozen=True, slots=True)
class Author:
    """A contributor whose contributions are asked for: their name, and their keys in the index."""

    name: str
    keys: tuple[str, ...]


def chosen(values: Iterable[str], group: str) -> dict[str, Author]:
    """Return whom the values of an address name; among all groups (`group` is "") each with the group.

    Of one whom nobody names in public any more nothing is said, and nothing is found.
    """
    places = {value: _place(value, group) for value in values}
    if not places:
        return {}
    kept = WorkingGroup.objects.filter(record_kept_here=True)
    groups = {each.slug: each for each in kept.filter(slug__in={of for of, _ in places.values()})}
    return {value: _author(value, groups.get(of), slug) for value, (of, slug) in places.items()}


def _place(value: str, group: str) -> tuple[str, str]:
    of, _, slug = value.rpartition("/")
    return (group, value) if group else (of, slug)


def _author(value: str, group: WorkingGroup | None, slug: str) -> Author:
    found = naming.at_address(group, slug) if group is not None else None
    if found is None or found.shown is None:
        return Author(value, (NOBODY,))
    (merged,) = naming.together([found.shown.pk])
    return Author(str(found.shown.name), tuple(map(str, merged)))


def value(group: str, slug: str, *, of_all: bool) -> str:
    """Return a contributor as an address of the repository names them: of a group, or of all."""
    return f"{group}/{slug}" if of_all else slug
