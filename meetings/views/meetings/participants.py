"""Who took part in a meeting: the list, brought in and mended."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse

from meetings import attendance
from meetings.forms.attendance import BringInForm, ParticipantForm
from meetings.models import Meeting, Participant
from meetings.open_meeting import NotOpenError
from meetings.views.meetings import PLAN, my_meeting, my_meeting_to
from meetings.views.secretariat import page

ROWS_A_PAGE = 100


def participants(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who took part and how many; bring in a list."""
    meeting = my_meeting(request, pk)
    may = request.user.has_perm(PLAN, meeting)
    form: BringInForm | None = None
    if request.method == "POST":
        my_meeting_to(request, pk, PLAN)
        form = BringInForm(request.POST, request.FILES, meeting=meeting)
        if form.is_valid() and (brought := form.save(request.user)) is not None:
            added = len(brought.added)
            messages.success(request, f"{added} participant{'' if added == 1 else 's'} added.")
            if not brought.bad:
                return HttpResponseRedirect(_address(meeting))
    elif may and meeting.closed_on is None:
        form = BringInForm(meeting=meeting)
    rows = Participant.objects.filter(meeting=meeting).select_related("member_state")
    shown = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": f"Participants of {meeting}",
        "meeting": meeting,
        "counts": attendance.counts(meeting),
        "page": shown,
        "form": form,
        "bad": form.brought.bad if form is not None and form.brought is not None else (),
        "may": may and meeting.closed_on is None,
    }
    return page(request, "meetings/meeting_participants.html", context, form)


def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add one participant."""
    meeting = my_meeting_to(request, pk, PLAN)
    return _one(request, meeting, Participant(meeting=meeting))


def change(request: HttpRequest, pk: int, participant: int) -> HttpResponse:
    """Change one participant, or take them out of the list."""
    meeting = my_meeting_to(request, pk, PLAN)
    rows = Participant.objects.filter(meeting=meeting)
    return _one(request, meeting, get_object_or_404(rows, pk=participant))


def _one(request: HttpRequest, meeting: Meeting, participant: Participant) -> HttpResponse:
    standing = participant.pk is not None
    name = participant.name
    form = ParticipantForm(
        request.POST if request.method == "POST" else None, participant=participant
    )
    if request.method == "POST" and standing and "remove" in request.POST:
        try:
            attendance.remove(Participant.objects.get(pk=participant.pk), by=request.user)
        except NotOpenError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"{name} is taken out of the list.")
            return HttpResponseRedirect(_address(meeting))
    elif form.is_valid() and form.write(request.user) is not None:
        messages.success(request, f"{form.instance.name} is saved.")
        return HttpResponseRedirect(_address(meeting))
    context = {
        "title": name if standing else "Add a participant",
        "meeting": meeting,
        "form": form,
        "standing": standing,
    }
    return page(request, "meetings/meeting_participant.html", context, form)


def _address(meeting: Meeting) -> str:
    return reverse("admin:meeting_participants", args=[meeting.pk])
