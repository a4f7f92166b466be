"""A group's meetings at the desk: all documents that have a number, and what is new of them."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from meetings.agenda_numbers import numbered
from meetings.document_page import documents_of_items, tell
from meetings.frame import frame
from meetings.languages import in_any_language
from meetings.models import Document, Meeting, WorkingGroup
from meetings.register import DESK
from meetings.views import documents
from meetings.views.desk import at_desk, meeting_or_404, my_documents, my_group, page
from meetings.views.listing import listing
from meetings.visiting import last_visit
from meetings.wording.messages import messages

ROWS_A_PAGE = 20


def _registered(request: HttpRequest, group: WorkingGroup) -> Any:
    """Return the documents of the group that have their number: no draft is among them."""
    return my_documents(request).filter(group=group).exclude(number="")


@require_safe
@at_desk
def meeting_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the group's meetings with their deadlines and how many documents each has."""
    group, _ = my_group(request, slug)
    today = timezone.localdate()
    numbered_ones = Count("documents", filter=~Q(documents__number=""))
    meetings = group.meetings.annotate(numbered=numbered_ones).order_by("-first_day", "series")
    shown = Paginator(meetings.select_related("group"), ROWS_A_PAGE)
    found = shown.get_page(request.GET.get("page"))
    rows = [(each, each.state(today).label, _deadline(each)) for each in found]
    return page(request, "meetings.html", {**frame(group), "page": found, "rows": rows})


def _deadline(meeting: Meeting) -> str:
    return meeting.documents_deadline().words(messages("en"))


@require_safe
@at_desk
def meeting(request: HttpRequest, slug: str, meeting: str) -> HttpResponse:
    """Show a meeting's agenda and its whole register, with what is new since the last visit."""
    group, _ = my_group(request, slug)
    held = meeting_or_404(group, meeting)
    now = timezone.now()
    since = last_visit(request.user, held, now)
    mine = _registered(request, group)
    items = documents_of_items(mine, held, DESK) if held.agenda_public else {}
    context = {
        **frame(group),
        **listing(request, held, mine, DESK, since),
        "meeting": held,
        "state": held.state(timezone.localdate(now)).label,
        "deadline": _deadline(held),
        "since": since,
        "drafted": held.comments_from is not None and held.comments_from <= now,
        "agenda": [
            (number, in_any_language(item.title), items.get(item.pk, ()))
            for number, item in numbered(
                list(held.agenda_items.all()) if held.agenda_public else []
            )
        ],
        "register_address": request.path,
        "archive_address": reverse("desk:archive", args=[slug, meeting])
        if documents.has_archive(held, mine)
        else "",
    }
    return page(request, "meeting.html", context)


@require_safe
@at_desk
def archive(request: HttpRequest, slug: str, meeting: str) -> HttpResponseBase:
    """Send all documents of a meeting that members read in one archive."""
    group, _ = my_group(request, slug)
    held = meeting_or_404(group, meeting)
    return documents.archive_of(request, held, _registered(request, group), public=False)


def _found(
    request: HttpRequest, slug: str, meeting: str, name: str, later: str
) -> tuple[WorkingGroup, Document, Any]:
    group, _ = my_group(request, slug)
    mine = _registered(request, group)
    return group, documents.found_or_404(mine, meeting, name, later), mine


@require_safe
@at_desk
def document(
    request: HttpRequest, slug: str, meeting: str, name: str, later: str = ""
) -> HttpResponse:
    """Show one document to the members of the group, with whom to ask about it."""
    group, found, mine = _found(request, slug, meeting, name, later)
    context = {
        **frame(group),
        "told": tell(found, mine, DESK),
        "contact": found.contact,
        "meeting_address": reverse("desk:meeting", args=[slug, meeting]),
    }
    return page(request, "meeting_document.html", context)


@require_safe
@at_desk
def document_file(
    request: HttpRequest,
    *,
    slug: str,
    meeting: str,
    name: str,
    language: str,
    form: str,
    later: str = "",
) -> HttpResponseBase:
    """Send a file to a member of the group; nobody on the way keeps it."""
    _, found, _ = _found(request, slug, meeting, name, later)
    return documents.sent(request, found, language, form, DESK)
