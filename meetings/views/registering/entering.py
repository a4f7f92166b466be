"""The forms by which the secretariat enters a document, corrects its data, and enters what follows."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from meetings.forms.document_filter import meetings_of
from meetings.forms.registering import CorrectForm, LaterForm, NewForm
from meetings.languages import in_any_language
from meetings.models import Document, Meeting, WorkingGroup
from meetings.views.registering import ADD, CHANGE, document_or_404, my_groups, page
from meetings.views.secretariat import sent


def _to(document: Document) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("admin:document", args=[document.pk]))


def new(request: HttpRequest) -> HttpResponse:
    """Enter a document of the secretariat, of a session, or one that came on paper."""
    groups = my_groups(request, ADD)
    asked = request.GET.get("group", "")
    group = next((each for each in groups if each.slug == asked), groups[0] if groups else None)
    if group is None:
        return page(request, "registering_new.html", {"title": "Enter a document", "form": None})
    today = timezone.localdate()
    meetings = meetings_of([group])
    meeting = _meeting(request, meetings, group)
    form = NewForm(sent(request), group=group, meetings=meetings, today=today, meeting=meeting)
    person: Any = request.user
    if form.is_valid() and (made := form.save(by=person, at=timezone.now())) is not None:
        said = f"It is {made.number}." if made.number else "It came late: decide about it first."
        messages.success(request, f"The document is entered. {said} Add its files now.")
        return _to(made)
    context = {
        "title": "Enter a document", "form": form, "group": group,
        "others": [each for each in groups if each != group],
    }  # fmt: skip
    return page(request, "registering_new.html", context, form)


def _meeting(request: HttpRequest, meetings: list[Meeting], group: WorkingGroup) -> Meeting | None:
    """Return the meeting whose agenda is offered: the one chosen or asked for, else the next."""
    asked = request.POST.get("place", "").removeprefix("m") or request.GET.get("meeting", "")
    chosen = next((each for each in meetings if str(each.pk) == asked), None)
    if chosen is not None or request.POST.get("place"):
        return chosen
    today = timezone.localdate()
    coming = [each for each in meetings if each.last_day >= today and each.cancelled_on is None]
    return coming[-1] if coming else next(iter(meetings), None)


def data(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct what the register says of a document."""
    found = document_or_404(request, pk, CHANGE)
    form = CorrectForm(sent(request), document=found)
    person: Any = request.user
    if form.is_valid() and form.save(by=person, at=timezone.now()) is not None:
        messages.success(request, "The data are corrected.")
        return _to(found)
    context = {"title": "Correct the data", "form": form, "document": found}
    return page(request, "registering_data.html", context, form)


def later(request: HttpRequest, pk: int, relation: str) -> HttpResponse:
    """Enter a revision, an addendum or a corrigendum of a document."""
    found = document_or_404(request, pk, ADD)
    if relation not in Document.Relation.values:
        raise Http404
    word = Document.Relation(relation).label
    today = timezone.localdate()
    form = LaterForm(sent(request), parent=found, relation=relation, today=today)
    person: Any = request.user
    if form.is_valid() and (made := form.save(by=person, at=timezone.now())) is not None:
        messages.success(request, f"It is {made.number}. Add its files now.")
        return _to(made)
    context = {
        "title": f"Enter {'an' if word[0] == 'a' else 'a'} {word}", "form": form, "document": found,
        "about": in_any_language(found.title),
    }  # fmt: skip
    return page(request, "registering_data.html", context, form)
