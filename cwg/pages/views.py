"""The start page, a group, its meetings."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from consultations.models.consultation import State
from cwg.frame import group_or_404, house_today
from cwg.pages.life import latest_lives, lives_decided_at, open_lives
from cwg.pages.reports import public_reports, references
from cwg.pages.rows import meeting_row, open_promises, topic_rows
from cwg.pages.told import agenda, article, with_all_it_shows
from cwg.report.models import Report
from cwg.report.slots import officer_spans
from meetings import attendance
from meetings.document_page import documents_of_items
from meetings.frame import frame
from meetings.languages import in_language
from meetings.models import Meeting, Officer, WorkingGroup
from meetings.register import PUBLIC
from meetings.same_for_all import same_for_all
from meetings.typesetting.tree import plain
from meetings.views.documents import has_archive, public_documents
from meetings.views.listing import listing
from meetings.wording import dates
from meetings.wording.facts import House
from meetings.wording.patterns import PatternError
from meetings.wording.slots import SlotError

ROWS_A_PAGE = 20
LATEST_MEETINGS = 6
LATEST_TOPICS = 20
LATEST_ROUNDS = 10
OPEN_PROMISES = 10
NUMBER = re.compile(r"(?:(oc)-)?([0-9]{1,4})")


@require_safe
@same_for_all
def start(request: HttpRequest) -> HttpResponse:
    """Show the only group kept here, else the groups."""
    groups = list(
        WorkingGroup.objects.filter(record_kept_here=True).prefetch_related("names", "patterns")
    )
    if len(groups) == 1:
        return _group_page(request, groups[0])
    at = timezone.now()
    found = open_lives({each.pk: house_today(each) for each in groups}, at)
    rows = [(each, frame(each), found[each.pk]) for each in groups]
    return render(request, "pages/group_list.html", {"rows": rows})


@require_safe
@same_for_all
def group(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what a group is, when it meets, what it reported."""
    return _group_page(request, group_or_404(slug))


def _group_page(request: HttpRequest, working_group: WorkingGroup) -> HttpResponse:
    at = timezone.now()
    today = timezone.localdate(at)
    house = house_today(working_group)
    rounds = latest_lives(working_group, house, at, LATEST_ROUNDS)
    open_rounds = open_lives({working_group.pk: house}, at)[working_group.pk]
    own = working_group.meetings.filter(series=Meeting.Series.OWN)
    rows = [
        meeting_row(each, house, today)
        for each in working_group.meetings.order_by("-first_day", "series")[:LATEST_MEETINGS]
    ]
    held = own.filter(cancelled_on=None)
    coming = held.filter(last_day__gte=today).order_by("first_day").first()
    latest = held.filter(last_day__lt=today).order_by("-first_day").first()
    report = public_reports(working_group, today).first()
    context: dict[str, Any] = {
        **frame(working_group),
        "membership": in_language(working_group.membership, "en"),
        "parent": working_group.parent,
        "officers": _officers(working_group, house, today),
        "coming": meeting_row(coming, house, today) if coming else None,
        "latest": meeting_row(latest, house, today) if latest else None,
        "rows": rows,
        "report": report,
        "covers": _covers(report, house) if report else "",
        "references": references(report) if report else [],
        "promises": open_promises(working_group, house, today, OPEN_PROMISES),
        "rounds": rounds,
        "life": open_rounds[0] if open_rounds else None,
        "also_open": open_rounds[1:],
        "announced": [each for each in rounds if each.state == State.ANNOUNCED],
        "topics": topic_rows(working_group, house, today, LATEST_TOPICS),
    }
    return render(request, "pages/group_read.html", context)


def _covers(report: Report, house: House) -> str:
    return dates.period(house.messages, report.first_day, report.last_day)


def _officers(working_group: WorkingGroup, house: House, day: date) -> list[tuple[str, str]]:
    """Return who holds which office on `day`, as a report prints them, the Chair first."""
    serving = [
        each
        for each in Officer.objects.filter(group=working_group).select_related("country")
        if each.in_office_on(day)
    ]
    order = list(Officer.Role)
    serving.sort(key=lambda each: (order.index(Officer.Role(each.role)), each.pk))
    return [(each.get_role_display(), plain(officer_spans(each, house))) for each in serving]


@require_safe
@same_for_all
def meeting_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the meetings of a group, the latest first."""
    working_group = group_or_404(slug)
    house, today = house_today(working_group), timezone.localdate()
    page = Paginator(working_group.meetings.order_by("-first_day", "series"), ROWS_A_PAGE).get_page(
        request.GET.get("page")
    )
    rows = [meeting_row(each, house, today) for each in page]
    context = {**frame(working_group), "page": page, "rows": rows}
    return render(request, "pages/meeting_list.html", context)


@require_safe
@same_for_all
def meeting(request: HttpRequest, slug: str, number: str) -> HttpResponse:
    """Show one meeting and what it decided, told from its last day."""
    working_group = group_or_404(slug)
    found = NUMBER.fullmatch(number)
    if found is None:
        raise Http404
    series = Meeting.Series.OPEN_CONSULTATION if found[1] else Meeting.Series.OWN
    meetings = Meeting.objects.filter(group=working_group, series=series)
    held = get_object_or_404(
        with_all_it_shows(meetings.select_related("group")), ordinal=int(found[2])
    )
    if number != held.number:
        raise Http404  # one address for each meeting: 23, not 023
    today, house = timezone.localdate(), house_today(working_group)
    before = meetings.filter(ordinal__lt=held.ordinal).order_by("-ordinal").first()
    after = meetings.filter(ordinal__gt=held.ordinal).order_by("ordinal").first()
    outcomes = problem = ""
    documents = public_documents(working_group)
    try:
        if held.outcomes_public and held.outcomes.all():
            outcomes = article(held, house, today)
    except (SlotError, PatternError):
        problem = (
            "The wording of an outcome cannot be printed yet. The secretariat’s page names it."
        )
    context = {
        **frame(working_group),
        "row": meeting_row(held, house, today),
        "cancelled_on": held.cancelled_on if held.state(today) == Meeting.State.CANCELLED else None,
        "place": in_language(held.place, "en"),
        "chairs": [
            (plain(officer_spans(each.officer, house)), in_language(each.part, "en"))
            for each in sorted(held.chairings.all(), key=lambda each: each.pk)
        ],
        "officers": _officers(working_group, house, held.last_day),
        "attendance": attendance.counts(held) if held.first_day <= today else None,
        "agenda": agenda(held, documents_of_items(documents, held, PUBLIC))
        if held.agenda_public
        else [],
        **listing(request, held, documents, PUBLIC),
        "register_address": request.path,
        "archive_address": reverse("meetings:archive", args=[slug, number])
        if has_archive(held, documents)
        else "",
        "rounds": lives_decided_at(held, house, timezone.now()),
        "reports": _telling(working_group, held, today),
        "outcomes": outcomes,
        "problem": problem,
        "before": meeting_row(before, house, today) if before else None,
        "after": meeting_row(after, house, today) if after else None,
    }
    return render(request, "pages/meeting_read.html", context)


def _telling(working_group: WorkingGroup, held: Meeting, today: date) -> list[Report]:
    """Return the public reports that tell of a meeting."""
    if held.series != Meeting.Series.OWN or held.cancelled_on:
        return []
    public = public_reports(working_group, today)
    return list(public.filter(first_day__lte=held.first_day, last_day__gte=held.last_day))
