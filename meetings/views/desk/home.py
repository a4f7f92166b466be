"""The desk's own page: what stands next for somebody's delegations."""

from __future__ import annotations

import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from meetings import promises
from meetings.access import Membership, memberships
from meetings.models import Meeting, MemberState, WorkingGroup
from meetings.promises.words import meeting_name
from meetings.views.desk import at_desk, documents, page
from meetings.wording import dates
from meetings.wording.messages import messages

ENGLISH = "en"  # the language of the desk's pages
MOST_MEETINGS = 3  # the next ones; all of them stand on the group's own page
MOST_REQUESTS = 20


@dataclass(frozen=True, slots=True)
class NextMeeting:
    """A meeting to come, and until when its documents are to be in."""

    meeting: Meeting
    name: str
    days: str
    deadline: str
    left: str
    over: bool


@dataclass(frozen=True, slots=True)
class Drafted:
    """A meeting whose draft outcomes take comments, and until when."""

    meeting: Meeting
    name: str
    until: str


@dataclass(frozen=True, slots=True)
class Part:
    """What the page shows of one of somebody's delegations."""

    group: WorkingGroup
    state: MemberState
    me: Membership
    meetings: Sequence[NextMeeting]
    drafted: Sequence[Drafted]
    documents: dict[str, Any]
    asked: Sequence[promises.Row]


@at_desk
def home(request: HttpRequest) -> HttpResponse:
    """Show the next meetings with their deadlines, the delegation's documents, what is asked of it."""
    at = timezone.now()
    mine = {each.group: each for each in memberships(request.user, timezone.localdate(at))}
    groups = WorkingGroup.objects.filter(pk__in=mine).prefetch_related("names").order_by("slug")
    states = MemberState.objects.in_bulk([each.member_state for each in mine.values()])
    meetings, drafted = _next_meetings(list(groups), at), _drafted(list(groups), at)
    asked = promises.asked_of_member_states(timezone.localdate(at), groups)
    parts = [
        Part(
            group=group, state=states[mine[group.pk].member_state], me=mine[group.pk],
            meetings=[each for each in meetings if each.meeting.group == group][:MOST_MEETINGS],
            drafted=[each for each in drafted if each.meeting.group == group],
            documents=documents.at_home(request, group, mine[group.pk]),
            asked=[row for row in asked if row.promise.meeting.group == group][:MOST_REQUESTS],
        )
        for group in groups
    ]  # fmt: skip
    return page(request, "home.html", {"parts": parts})


def _next_meetings(groups: Sequence[WorkingGroup], at: datetime) -> list[NextMeeting]:
    """Return the meetings of `groups` that are not over, the next one first."""
    known = {group.pk: group for group in groups}
    today = {group.pk: timezone.localdate(at, zoneinfo.ZoneInfo(group.zone)) for group in groups}
    found = Meeting.objects.filter(group__in=known, cancelled_on=None, closed_on=None)
    found = found.filter(last_day__gte=min(today.values())).order_by("first_day", "pk")
    rows = []
    for meeting in found[: MOST_MEETINGS * len(known) * 2]:
        meeting.group = known[meeting.group_id]  # read above, with its names
        if meeting.last_day >= today[meeting.group_id]:
            rows.append(_next(meeting, at))
    return rows


def _drafted(groups: Sequence[WorkingGroup], at: datetime) -> list[Drafted]:
    """Return the meetings of `groups` on whose draft outcomes delegations comment at `at`."""
    known = {group.pk: group for group in groups}
    found = Meeting.objects.filter(group__in=known, comments_from__lte=at, comments_until__gt=at)
    rows = []
    for meeting in found.order_by("comments_until", "pk")[: MOST_MEETINGS * len(known)]:
        meeting.group = known[meeting.group_id]  # read above, with its names
        until = meeting.comments_deadline().words(messages(ENGLISH))
        rows.append(Drafted(meeting, meeting_name(meeting), until))
    return rows


def _next(meeting: Meeting, at: datetime) -> NextMeeting:
    said, deadline = messages(ENGLISH), meeting.documents_deadline()
    over = deadline.ends is not None and deadline.ends <= at
    name = meeting_name(meeting)
    return NextMeeting(
        meeting, f"{name[:1].upper()}{name[1:]}",
        dates.days(said, meeting.first_day, meeting.last_day), deadline.words(said),
        "" if over else _left(deadline.days_left(at)), over,
    )  # fmt: skip


def _left(days: int) -> str:
    return {0: "today", 1: "1 day left"}.get(days, f"{days} days left")
