"""A row names what belongs to its own group, and stays with its group.

The two hold together: as no row moves, what two rows have in common is compared once, without a lock.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models


def refuse_others(group: int | None, **named: Any) -> None:
    """Refuse, each at its field, those of the rows `named` that are not of `group`.

    Somebody with roles in two groups is offered the rows of both. Nothing is asked of a row whose
    group is not known yet. Raises ValidationError.
    """
    others = {
        field: f"This {row._meta.verbose_name} is one of another group."
        for field, row in named.items()
        if row is not None and group is not None and row.group_id not in (None, group)
    }
    if others:
        raise ValidationError(others)


def refuse_move(row: models.Model, group: int | None) -> None:
    """Refuse another group for a row that stands: what names it would name another group's.

    Raises ValidationError.
    """
    if row.pk is None or group is None:
        return
    standing = type(row)._default_manager.filter(pk=row.pk)
    if standing.exclude(group=group).exists():
        raise ValidationError(
            {"group": "It stays with its group, where others name it. Add it anew in the other."}
        )
