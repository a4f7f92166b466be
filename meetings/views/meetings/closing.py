"""A meeting is closed: what is missing, each with where it is mended."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from meetings.forms.planning import CloseForm
from meetings.views.meetings import CLOSE, my_meeting_to
from meetings.views.secretariat import page, sent


def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the items of which nothing is said yet; keep what is typed of them; close the meeting."""
    meeting = my_meeting_to(request, pk, CLOSE)
    now = timezone.now()
    form = CloseForm(sent(request), meeting=meeting, today=timezone.localdate(now))
    here = reverse("admin:meeting_close", args=[pk])
    if form.is_valid():
        if "keep" in request.POST:
            if form.keep(by=request.user) is not None:
                messages.success(request, "What you said of the items is kept.")
                return HttpResponseRedirect(here)
        elif "close" in request.POST and form.save(at=now, by=request.user) is not None:
            messages.success(request, f"{meeting} is closed. Everybody reads its outcomes now.")
            return HttpResponseRedirect(reverse("admin:meeting", args=[pk]))
    context = {
        "title": f"Close {meeting}",
        "meeting": meeting,
        "form": form,
        "boxes": form.boxes(),
        "outcomes": meeting.outcomes.count(),
    }
    return page(request, "meetings/meeting_close.html", context, form)
