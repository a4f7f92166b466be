"""The screen in the room: the outcomes in large type, as they are agreed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from meetings import record as facts_of
from meetings.models import Meeting, Outcome
from meetings.paragraph import meeting_paragraph
from meetings.typesetting.tree import Paragraph
from meetings.views.meetings import my_meeting
from meetings.views.secretariat import page
from meetings.wording.facts import Viewpoint
from meetings.wording.patterns import PatternError
from meetings.wording.slots import SlotError

EVERY = 15  # seconds, where somebody asked for it


def room(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the outcomes as the report prints them, for a screen that is read from ten metres.

    The browser asks again by itself only where `?again` says so: without a script.
    """
    meeting = my_meeting(request, pk)
    paragraph, problem = told(meeting)
    again = "again" in request.GET
    context = {
        "title": f"Outcomes of {meeting}",
        "meeting": meeting,
        "paragraph": paragraph,
        "problem": problem,
        "again": again,
        "every": EVERY,
    }
    answer = page(request, "meetings/meeting_room.html", context)
    if again:
        answer["Refresh"] = str(EVERY)
    return answer


def told(meeting: Meeting) -> tuple[Paragraph | None, str]:
    """Return the paragraph on a meeting as its house prints it today, and what hinders it."""
    today = timezone.localdate()
    outcomes = (
        Outcome.objects.filter(meeting=meeting)
        .select_related("meeting", "session", "awaits", "recalls_group", "settlement__at_session")
        .prefetch_related("outcome_topics__topic", "points", "recalls_group__names", "documents")
        .order_by("position", "pk")
    )
    try:
        facts = [facts_of.outcome_facts(each, "en", meeting.last_day) for each in outcomes]
        house = facts_of.house(meeting.group, today, "en")
        view = Viewpoint(meeting.last_day)
        return meeting_paragraph(facts_of.meeting_facts(meeting), facts, view, house), ""
    except (SlotError, PatternError) as error:
        return None, str(error)
