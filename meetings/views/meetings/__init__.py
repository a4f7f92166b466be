"""A meeting in the secretariat's site, act by act: planned, its agenda, its people, the room, closed.

Lead and editor act; Chair, Vice-Chair and reader read. Where a meeting stands is told by its
workplace, which shows reports too and so stands in the roof (`cwg/workplace`).
"""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from meetings.access import visible_to
from meetings.models import Meeting

PLAN, CLOSE, REOPEN = "meeting.plan", "meeting.close", "meeting.reopen"


def my_meeting(request: HttpRequest, pk: int) -> Meeting:
    """Return a meeting of the person's groups; absent and forbidden answer alike.

    Raises PermissionDenied for somebody who sees no meetings, Http404 for another group's.
    """
    if not request.user.has_perm("meetings.view_meeting"):
        raise PermissionDenied
    rows = Meeting.objects.select_related("group").prefetch_related("group__names")
    return get_object_or_404(visible_to(request.user, rows, timezone.localdate()), pk=pk)


def my_meeting_to(request: HttpRequest, pk: int, act: str) -> Meeting:
    """Return the same to somebody who may do `act`. Raises PermissionDenied besides."""
    meeting = my_meeting(request, pk)
    if not request.user.has_perm(act, meeting):
        raise PermissionDenied
    return meeting
