"""The agenda of a meeting on one page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from meetings import agenda
from meetings.agenda import AgendaError, ChangedMeanwhileError, NumbersMoveError, Renumbered
from meetings.forms.agenda import AgendaForm
from meetings.models import Meeting
from meetings.open_meeting import NotOpenError
from meetings.views.meetings import PLAN, my_meeting_to
from meetings.views.secretariat import page


def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the agenda as it is typed, moved, and saved; numbers that people know are confirmed."""
    meeting = my_meeting_to(request, pk, PLAN)
    posted = request.POST if request.method == "POST" else None
    form = AgendaForm(meeting, posted)
    saving = posted is not None and not form.changed
    moved: tuple[Renumbered, ...] = ()
    if saving and form.is_valid():
        answer = _save(request, meeting, form)
        if answer is True:
            messages.success(request, f"The agenda of {meeting} is saved.")
            return HttpResponseRedirect(reverse("admin:meeting_agenda", args=[pk]))
        moved = answer or ()
    context: dict[str, Any] = {
        "title": f"Agenda of {meeting}",
        "meeting": meeting,
        "form": form,
        "formset": form.formset,
        "rows": form.rows(),
        "seen": form.seen,
        "unsaved": posted is not None,
        "wrong": saving and not form.is_valid(),
        "moved": moved,
        "saved": agenda.of(meeting) if form.problems else [],
    }
    answer_page = page(request, "meetings/meeting_agenda.html", context)
    if saving:
        answer_page.status_code = 422
    return answer_page


def _save(
    request: HttpRequest, meeting: Meeting, form: AgendaForm
) -> bool | tuple[Renumbered, ...] | None:
    """Save what was typed. Returns True where it is saved, the numbers that wait for a yes, or None."""
    try:
        agenda.save(
            meeting, form.lines(), seen=form.seen, by=request.user,
            confirmed="confirmed" in request.POST,
        )  # fmt: skip
    except NumbersMoveError as error:
        return error.moved
    except ChangedMeanwhileError as error:
        form.problems.append(str(error))
        form.seen = agenda.stamp(meeting)
    except (AgendaError, NotOpenError) as error:
        form.problems.append(str(error))
    except ValidationError as error:
        form.problems += error.messages
    else:
        return True
    return None
