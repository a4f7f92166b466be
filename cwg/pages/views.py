"""The start page, a group, its meetings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cwg.frame import frame, group_or_404, house_today
from cwg.report.access import visible_to
from cwg.report.gather import with_outcomes
from meetings import record as facts_of
from meetings.languages import in_language
from meetings.models import Meeting, Outcome, OutcomeTopic, Topic, WorkingGroup
from meetings.paragraph import meeting_paragraph
from meetings.promises import State, standings
from meetings.typesetting.tree import Item, plain
from meetings.wording import dates
from meetings.wording.facts import House, Viewpoint
from meetings.wording.patterns import PatternError
from meetings.wording.sentences import ordinal
from meetings.wording.slots import SlotError

ROWS_A_PAGE = 20
LATEST_MEETINGS = 10
NUMBER = re.compile(r"(?:(oc)-)?([0-9]{1,4})")


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """A meeting as lists show it."""

    meeting: Meeting
    name: str
    days: str
    state: str


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """An outcome as its meeting's page shows it."""

    item: Item
    letter: str
    outcome: Outcome
    promise: State | None  # what it came to by today, where it is a promise
    by: Outcome | None  # the later outcome that settled it


@dataclass(frozen=True, slots=True)
class TopicRow:
    """A topic and the outcomes about it, the latest first."""

    title: str
    outcomes: list[tuple[Outcome, str]]


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Show the only group kept here, else the groups."""
    groups = list(
        WorkingGroup.objects.filter(record_kept_here=True).prefetch_related("names", "patterns")
    )
    if len(groups) == 1:
        return _group_page(request, groups[0])
    rows = [(each, frame(each)) for each in groups]
    return render(request, "pages/group_list.html", {"rows": rows})


@require_safe
def group(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what a group is, when it meets, what it reported."""
    return _group_page(request, group_or_404(slug))


def _group_page(request: HttpRequest, working_group: WorkingGroup) -> HttpResponse:
    today = timezone.localdate()
    house = house_today(working_group)
    own = working_group.meetings.filter(series=Meeting.Series.OWN)
    held = own.filter(cancelled_on=None)
    coming = held.filter(last_day__gte=today).order_by("first_day").first()
    latest = held.filter(last_day__lt=today).order_by("-first_day").first()
    rows = [_row(each, house, today) for each in own.order_by("-first_day")[:LATEST_MEETINGS]]
    reports = visible_to(AnonymousUser(), today).filter(group=working_group).order_by("-as_of")
    context: dict[str, Any] = {
        **frame(working_group),
        "subject": in_language(working_group.subject, "en"),
        "membership": in_language(working_group.membership, "en"),
        "coming": _row(coming, house, today) if coming else None,
        "latest": _row(latest, house, today) if latest else None,
        "rows": rows,
        "report": reports.first(),
        "topics": _topics(working_group, house),
    }
    return render(request, "pages/group_read.html", context)


def _topics(working_group: WorkingGroup, house: House) -> list[TopicRow]:
    about = Prefetch(
        "outcome_topics",
        OutcomeTopic.objects.select_related("outcome__meeting__group").order_by(
            "-outcome__meeting__first_day", "-outcome__position"
        ),
    )
    topics = Topic.objects.filter(group=working_group).prefetch_related(about)
    rows = [
        TopicRow(
            in_language(topic.title, "en"),
            [
                (said.outcome, plain(ordinal(facts_of.meeting_facts(said.outcome.meeting), house)))
                for said in topic.outcome_topics.all()
            ],
        )
        for topic in topics
    ]
    return sorted(
        rows,
        key=lambda row: row.outcomes[0][0].meeting.first_day if row.outcomes else date.min,
        reverse=True,
    )


def _row(meeting: Meeting, house: House, today: date) -> MeetingRow:
    name = plain(ordinal(facts_of.meeting_facts(meeting), house))
    kind = "meeting" if meeting.series == Meeting.Series.OWN else "open consultation meeting"
    days = dates.days(house.messages, meeting.first_day, meeting.last_day)
    return MeetingRow(
        meeting, f"{name[:1].upper()}{name[1:]} {kind}", days, meeting.state(today).label
    )


@require_safe
def meeting_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the meetings of a group, the latest first."""
    working_group = group_or_404(slug)
    house, today = house_today(working_group), timezone.localdate()
    page = Paginator(working_group.meetings.order_by("-first_day", "series"), ROWS_A_PAGE).get_page(
        request.GET.get("page")
    )
    rows = [_row(each, house, today) for each in page]
    context = {**frame(working_group), "page": page, "rows": rows}
    return render(request, "pages/meeting_list.html", context)


@require_safe
def meeting(request: HttpRequest, slug: str, number: str) -> HttpResponse:
    """Show one meeting and what it decided, told from its last day."""
    working_group = group_or_404(slug)
    found = NUMBER.fullmatch(number)
    if found is None:
        raise Http404
    series = Meeting.Series.OPEN_CONSULTATION if found[1] else Meeting.Series.OWN
    meetings = Meeting.objects.filter(group=working_group, series=series)
    held = get_object_or_404(meetings.prefetch_related(with_outcomes()), ordinal=int(found[2]))
    if number != held.number:
        raise Http404  # one address for each meeting: 23, not 023
    today, house = timezone.localdate(), house_today(working_group)
    before = meetings.filter(ordinal__lt=held.ordinal).order_by("-ordinal").first()
    after = meetings.filter(ordinal__gt=held.ordinal).order_by("ordinal").first()
    outcomes, problem = _outcomes(held, house, today)
    context = {
        **frame(working_group),
        "row": _row(held, house, today),
        "place": in_language(held.place, "en"),
        "mode": held.get_mode_display() if held.mode else "",
        "chairs": [
            (in_language(each.officer.name, "en"), in_language(each.part, "en"))
            for each in held.chairings.select_related("officer")
        ],
        "agenda": list(held.agenda_items.filter(parent=None).order_by("position", "pk")),
        "outcomes": outcomes,
        "problem": problem,
        "before": _row(before, house, today) if before else None,
        "after": _row(after, house, today) if after else None,
    }
    return render(request, "pages/meeting_read.html", context)


def _outcomes(held: Meeting, house: House, today: date) -> tuple[list[OutcomeRow], str]:
    rows = list(held.outcomes.all())
    facts = [facts_of.outcome_facts(each, "en", held.last_day) for each in rows]
    try:
        told = meeting_paragraph(
            facts_of.meeting_facts(held), facts, Viewpoint(held.last_day), house
        )
    except (SlotError, PatternError) as error:
        return [], str(error)
    promises = standings(Outcome.objects.filter(meeting=held), today)
    states = {each.facts.key: each.state for each in promises}
    return [
        _outcome_row(item, each, states) for item, each in zip(told.items, rows, strict=True)
    ], ""


def _outcome_row(item: Item, outcome: Outcome, states: dict[int, State]) -> OutcomeRow:
    settlement = getattr(outcome, "settlement", None)
    by = settlement.by_outcome if settlement is not None else None
    return OutcomeRow(item, plain(item.number).rstrip(")"), outcome, states.get(outcome.pk), by)
