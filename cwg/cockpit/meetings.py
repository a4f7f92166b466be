"""Meetings that were held and say nothing yet, and the one that comes next."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from cwg.cockpit.days import how_far
from cwg.cockpit.desk import MOST_ROWS, Desk, Section, Task, section
from meetings.models import Meeting, Outcome
from meetings.promises.words import meeting_name
from meetings.wording import dates
from meetings.wording.messages import messages

ENGLISH = "en"  # the language of the secretariat's pages


def without_outcomes(desk: Desk) -> Section | None:
    """Return the group's own meetings that are over and have no outcome.

    One that was closed or called off without any is left in peace.
    """
    recorded = Outcome.objects.filter(meeting=OuterRef("pk"))
    held = (
        _meetings(desk)
        .filter(~Exists(recorded), series=Meeting.Series.OWN, last_day__lt=desk.day, closed_on=None)
        .order_by("-last_day", "-pk")
    )  # fmt: skip
    total = held.count()
    return section(
        "meetings", "Meetings without outcomes", [_silent(desk, each) for each in held[:MOST_ROWS]],
        total, all_words="Every meeting", all_address=reverse("admin:meetings_meeting_changelist"),
    )  # fmt: skip


def coming(desk: Desk) -> Section | None:
    """Return the next meeting of each group, one under way included."""
    later = _meetings(desk).filter(last_day__gte=desk.day)
    sooner = later.filter(group=OuterRef("group")).order_by("first_day", "pk").values("pk")[:1]
    coming = later.filter(pk=sooner).order_by("first_day", "pk")[:MOST_ROWS]
    tasks = [_next(desk, each) for each in coming]
    heading = "Next meeting" if len(tasks) == 1 else "Next meetings"
    return section("next", heading, tasks, len(tasks))


def _meetings(desk: Desk) -> QuerySet[Meeting]:
    meetings = Meeting.objects.filter(group__in=desk.groups, cancelled_on=None)
    return meetings.select_related("group").prefetch_related("group__names")


def _silent(desk: Desk, meeting: Meeting) -> Task:
    acts = desk.may("meetings.change_meeting", meeting.group)
    record = reverse("admin:meetings_meeting_outcomes", args=[meeting.pk])
    return Task(
        what=_capital(meeting_name(meeting)), address=_page(meeting), about=desk.about(meeting.group),
        when=_when(meeting, meeting.last_day, desk.day), state="late", label="Nothing recorded",
        act="Record its outcomes" if acts else "", act_address=record if acts else "",
    )  # fmt: skip


def _next(desk: Desk, meeting: Meeting) -> Task:
    return Task(
        what=_capital(meeting_name(meeting)), address=_page(meeting), about=desk.about(meeting.group),
        when=_when(meeting, meeting.first_day, desk.day),
        label="Under way" if meeting.first_day <= desk.day else "",
    )  # fmt: skip


def _page(meeting: Meeting) -> str:
    return reverse("admin:meeting", args=[meeting.pk])


def _when(meeting: Meeting, counted: date, today: date) -> str:
    printed = dates.days(messages(ENGLISH), meeting.first_day, meeting.last_day)
    return f"{printed}, {how_far(counted, today)}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
