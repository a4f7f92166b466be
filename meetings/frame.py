"""What every page of a group has in common: which group it is, and what its frame shows."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from meetings.models import Meeting, WorkingGroup
from meetings.record import group_facts


def group_or_404(slug: str, *with_its: str) -> WorkingGroup:
    """Return a group whose record is kept here, with its names and what else is asked for.

    Raises Http404 for any other, also for one that is only named.
    """
    groups = WorkingGroup.objects.filter(record_kept_here=True)
    group = groups.prefetch_related("names", *with_its).filter(slug=slug).first()
    if group is None:
        raise Http404
    return group


def meeting_or_404(group: WorkingGroup, number: str) -> Meeting:
    """Return the meeting of `group` that an address calls `number`: 23, oc-3. Raises Http404."""
    digits = number.removeprefix("oc-")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 5):
        raise Http404
    series = Meeting.Series.OPEN_CONSULTATION if digits != number else Meeting.Series.OWN
    meeting = get_object_or_404(
        Meeting.objects.select_related("group"), group=group, series=series, ordinal=int(digits)
    )
    if meeting.number != number:
        raise Http404  # one address for each meeting: 23, not 023
    return meeting


def frame(group: WorkingGroup) -> dict[str, Any]:
    """Return what the frame of a group's pages shows: its acronym and its name."""
    facts = group_facts(group, timezone.localdate(), "en")
    return {"group": group, "acronym": facts.acronym.text, "group_name": facts.name.text}
