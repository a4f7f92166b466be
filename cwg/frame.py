"""What every page of a group has in common."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from meetings import record as facts_of
from meetings.frame import frame
from meetings.frame import group_or_404 as kept_group_or_404
from meetings.models import WorkingGroup
from meetings.wording.facts import House


def group_or_404(slug: str) -> WorkingGroup:
    """Return a group with all that its house prints with. Raises Http404 where none is kept here."""
    return kept_group_or_404(slug, "patterns")


def house_today(group: WorkingGroup) -> House:
    """Return how the group's house prints today."""
    return facts_of.house(group, timezone.localdate(), "en")


def only_group(request: HttpRequest) -> dict[str, Any]:
    """Give pages of no group the frame of the only one kept here; asked where a page shows it."""
    return {"only": SimpleLazyObject(_only_frame)}


def _only_frame() -> dict[str, Any]:
    groups = WorkingGroup.objects.filter(record_kept_here=True)
    kept = list(groups.prefetch_related("names")[:2])
    return frame(kept[0]) if len(kept) == 1 else {}
