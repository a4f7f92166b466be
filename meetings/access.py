"""Who may see what of this room."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet

from meetings.models import RoleTerm, WorkingGroup


def groups_of(user: Any, day: date) -> QuerySet[WorkingGroup]:
    """Return the groups in whose secretariat's pages `user` has a part on `day`."""
    groups = WorkingGroup.objects.filter(record_kept_here=True)
    if user.is_active and user.is_superuser:
        return groups
    terms = RoleTerm.objects.on(day).filter(person=user.pk if user.is_active else None)
    return groups.filter(pk__in=terms.values("group"))
