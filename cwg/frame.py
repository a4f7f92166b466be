"""What every page of a group has in common."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from meetings import record as facts_of
from meetings.models import WorkingGroup
from meetings.wording.facts import House


def group_or_404(slug: str) -> WorkingGroup:
    """Return a group whose record is kept here, with its names and patterns.

    Raises Http404 for any other, also for one that is only named.
    """
    groups = WorkingGroup.objects.filter(record_kept_here=True)
    group = groups.prefetch_related("names", "patterns").filter(slug=slug).first()
    if group is None:
        raise Http404
    return group


def house_today(group: WorkingGroup) -> House:
    """Return how the group's house prints today."""
    return facts_of.house(group, timezone.localdate(), "en")


def frame(group: WorkingGroup) -> dict[str, Any]:
    """Return what the frame of a group's pages shows: its acronym and its name."""
    facts = facts_of.group_facts(group, timezone.localdate(), "en")
    return {"group": group, "acronym": facts.acronym.text, "group_name": facts.name.text}


def only_group(request: HttpRequest) -> dict[str, Any]:
    """Give pages of no group the frame of the only one kept here; asked where a page shows it."""
    return {"only": SimpleLazyObject(_only_frame)}


def _only_frame() -> dict[str, Any]:
    groups = WorkingGroup.objects.filter(record_kept_here=True)
    kept = list(groups.prefetch_related("names")[:2])
    return frame(kept[0]) if len(kept) == 1 else {}
