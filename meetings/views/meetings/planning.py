"""The next meeting, made from the last one."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from meetings import agenda, planning
from meetings.access import groups_of
from meetings.forms.planning import NewMeetingForm
from meetings.views.meetings import PLAN
from meetings.views.secretariat import page, sent


def new(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the next meeting of a group, and say what came back with it."""
    now = timezone.now()
    today = timezone.localdate(now)
    if not request.user.has_perm("meetings.view_meeting"):
        raise PermissionDenied
    groups = groups_of(request.user, today).filter(record_kept_here=True)
    group = get_object_or_404(groups.prefetch_related("names", "patterns"), pk=pk)
    if not request.user.has_perm(PLAN, group):
        raise PermissionDenied
    last = planning.last_held(group)
    form = NewMeetingForm(sent(request), group=group, last=last)
    if form.is_valid() and (made := form.save(at=now, by=request.user)) is not None:
        messages.success(
            request,
            f"{made.meeting} is planned. {_counted(len(made.returned), 'matter')} and "
            f"{_counted(len(made.documents), 'document')} returned by themselves.",
        )
        return HttpResponseRedirect(reverse("admin:meeting", args=[made.meeting.pk]))
    context = {
        "title": "New meeting from the last one",
        "group": group,
        "last": last,
        "number": planning.next_ordinal(group),
        "copied": agenda.of(last) if last else [],
        "returning": planning.returning(group, today),
        "documents": planning.held_over(last) if last else [],
        "form": form,
    }
    return page(request, "meetings/meeting_new.html", context, form)


def _counted(count: int, noun: str) -> str:
    return f"{count or 'No'} {noun}{'' if count == 1 else 's'}"
