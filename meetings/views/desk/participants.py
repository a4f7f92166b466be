"""Who took part in a meeting, by name: for the members of its group."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from meetings import attendance
from meetings.models import Participant
from meetings.views.desk import at_desk, meeting_or_404, my_group, page

ROWS_A_PAGE = 100


@at_desk
def participants(request: HttpRequest, slug: str, number: str) -> HttpResponse:
    """Show the participants of a meeting that has begun, by delegation."""
    group, _ = my_group(request, slug)
    meeting = meeting_or_404(group, number)
    begun = meeting.first_day <= timezone.localdate()
    rows = Participant.objects.filter(meeting=meeting).select_related("member_state")
    shown = Paginator(rows if begun else rows.none(), ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "group": group,
        "meeting": meeting,
        "begun": begun,
        "counts": attendance.counts(meeting) if begun else None,
        "page": shown,
        "delegations": attendance.delegations(shown),
    }
    return page(request, "participants.html", context)
