"""Open consultations as everybody reads them: all of a group's, one through its whole life."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from consultations import counting, reading
from consultations.access import is_public, is_published, public_consultations, public_contributions
from consultations.counting import Facet
from consultations.filters import ContributionFilter, RoundFilter
from consultations.models import Consultation, Contribution, FormerAddress, Standing
from cwg.frame import frame, group_or_404, house_today
from cwg.pages.life import Life, decided, lives, path, shown
from cwg.pages.reports import public_reports, references
from cwg.pages.rows import address, meeting_row, outcome_name
from meetings.languages import in_language
from meetings.models import Meeting, WorkingGroup
from meetings.same_for_all import same_for_all
from meetings.wording import dates

ROWS_A_PAGE = 20
COUNTED_AT_MOST = 1_000
NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)


@require_safe
@same_for_all
def consultation_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the rounds of a group, the latest first, narrowed as asked."""
    working_group = group_or_404(slug)
    house, at = house_today(working_group), timezone.now()
    public = public_consultations().filter(group=working_group)
    narrowed = RoundFilter(request.GET, queryset=shown(public).order_by("-key", "slug"))
    page = Paginator(narrowed.qs, ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        **frame(working_group),
        "filter": narrowed,
        "narrowed": bool(narrowed.asked()),
        "page": page,
        "query": _query(request, "page"),
        "rows": lives(page, house, at),
    }
    return render(request, "pages/consultation_list.html", context)


def _query(request: HttpRequest, without: str) -> str:
    """Return what was asked for, to go before another page's number."""
    asked = request.GET.copy()
    asked.pop(without, None)
    return f"{asked.urlencode()}&" if asked else ""


@require_safe
@same_for_all
def consultation(request: HttpRequest, slug: str, round_slug: str) -> HttpResponse:
    """Show one round: what a reader may do now, what is asked, what came in, what became of it."""
    working_group = group_or_404(slug)
    public = shown(public_consultations().filter(group=working_group))
    found = public.prefetch_related("questions").filter(slug=round_slug).first()
    if found is None:
        return _moved(request, working_group, round_slug)
    at = timezone.now()
    life = lives([found], house_today(working_group), at)[0]
    questions = reading.questions(found.questions.all())
    report = public_reports(working_group, life.day).first()
    context = {
        **frame(working_group),
        "life": life,
        "consultation": found,
        "extensions": _extensions(life),
        "steps": path(life, _discussed_at(life)),
        "questions": questions,
        "held": meeting_row(found.meeting, life.house, life.day) if found.meeting else None,
        "decided": decided(life),
        "instruments": references(report) if report else [],
        "outcomes": [(address(each), outcome_name(each, life.house), each) for each in life.about],
        **_contributions(request, life, reading.question_labels(questions)),
    }
    return render(request, "pages/consultation_read.html", context)


def _moved(request: HttpRequest, working_group: WorkingGroup, slug: str) -> HttpResponse:
    """Lead from an address that a round once had to the one it has; Http404 for any other."""
    former = FormerAddress.objects.filter(group=working_group, slug=slug)
    was = former.select_related("consultation__group").first()
    if was is None or not is_public(was.consultation):
        raise Http404
    asked = request.META.get("QUERY_STRING", "")
    now = was.consultation.get_absolute_url()
    return HttpResponsePermanentRedirect(f"{now}?{asked}" if asked else now)


def _extensions(life: Life) -> list[dict[str, str]]:
    said = life.house.messages
    return [
        {
            "was": move.was.words(said),
            "now": move.now.words(said),
            "by": move.decided_by,
            "on": dates.day(said, move.decided_on),
            "reason": move.reason,
        }
        for move in life.deadline.moves
    ]


def _discussed_at(life: Life) -> Meeting | None:
    """Return the Group's meeting that discusses a round: that of its summary, else the next after it."""
    if life.summary is not None:
        return life.summary.meeting
    closes = life.consultation.closed_from
    if closes is None or life.consultation.record_incomplete:
        return None
    own = Meeting.objects.filter(group=life.consultation.group, series=Meeting.Series.OWN)
    after = own.filter(cancelled_on=None, first_day__gte=closes.date()).order_by("first_day")
    return after.select_related("group").first()


def _contributions(request: HttpRequest, life: Life, labels: dict[int, str]) -> dict[str, Any]:
    """Return the contributions to a round, narrowed as asked, and who they are from in numbers."""
    found = life.consultation
    counted = counting.published_by(found)
    published = found.contributions.filter(standing=Standing.PUBLISHED)
    narrowed = ContributionFilter(
        request.GET, queryset=published, counted=counted, questions=labels
    )
    facets = narrowed.facets()
    rows = narrowed.qs.order_by("-number")
    if NUMBER.fullmatch(before := request.GET.get("before", "")):
        rows = rows.filter(number__lt=int(before))
    page = list(reading.with_senders(rows)[: ROWS_A_PAGE + 1])
    more = page[ROWS_A_PAGE - 1].number if len(page) > ROWS_A_PAGE else None
    matching = counting.published_with(found, facets)
    if matching is None:
        matching = narrowed.qs.order_by()[: COUNTED_AT_MOST + 1].count()
    return {
        "filter": narrowed,
        "facets": facets,
        "matching": f"more than {COUNTED_AT_MOST:,}" if matching > COUNTED_AT_MOST and len(facets) > 2
        else f"{matching:,}",
        "rows": [_row(each, labels, life) for each in page[:ROWS_A_PAGE]],
        "older": more,
        "newest": bool(before),
        "query": _query(request, "before"),
        "charts": [
            ("By stakeholder group", _bars(counted[Facet.GROUP], narrowed.names[Facet.GROUP])),
            ("By region", _bars(counted[Facet.REGION], narrowed.names[Facet.REGION])),
        ],
        "countries": len(counted[Facet.COUNTRY]),
    }  # fmt: skip


def _row(contribution: Contribution, labels: dict[int, str], life: Life) -> dict[str, Any]:
    answered = {each.question_id for each in contribution.answers.all()}
    return {
        "row": contribution,
        "from": reading.sender(contribution),
        "received": _day(life, contribution.received_at),
        "questions": ", ".join(label for key, label in labels.items() if key in answered),
    }


def _bars(counted: dict[str, int], names: dict[str, str]) -> list[dict[str, Any]]:
    """Return the bars of a picture: name, number, length in percent of the longest."""
    most = max(counted.values(), default=0)
    return [
        {"name": name, "number": counted[value], "length": round(100 * counted[value] / most, 1)}
        for value, name in names.items()
        if counted.get(value)
    ]


@require_safe
@same_for_all
def contribution(request: HttpRequest, slug: str, key: str, number: int) -> HttpResponse:
    """Show one contribution; one that was published once and is so no more leaves a tombstone.

    A tombstone answers 410: the text is gone for good reason, and search engines let go of it.
    """
    working_group = group_or_404(slug)
    if request.path != reverse("pages:contribution", args=[slug, key, number]):
        raise Http404  # one address for each contribution: 17, not 017
    public = public_contributions().filter(consultation__group=working_group)
    found = get_object_or_404(
        reading.with_all_it_says(public.select_related("merged_into", "consultation")),
        consultation__key=key, number=number,
    )  # fmt: skip
    about = shown(Consultation.objects.filter(pk=found.consultation_id)).prefetch_related(
        "questions"
    )
    at = timezone.now()
    life = lives(about, house_today(working_group), at)[0]
    found.consultation = life.consultation
    context: dict[str, Any] = {
        **frame(working_group),
        "life": life,
        "contribution": found,
        "received": _day(life, found.received_at),
    }
    if not is_published(found):
        into = found.merged_into_id
        context["into"] = public_contributions().filter(pk=into).first() if into else None
        return render(request, "pages/contribution_gone.html", context, status=410)
    numbers = reading.question_labels(reading.questions(life.consultation.questions.all()))
    read = reading.public(found)
    context |= {
        "read": read,
        "published": _day(life, found.published_at),
        "answers": [
            (numbers.get(each.question.pk, ""), in_language(each.question.text, "en"), each.pieces)
            for each in read.answers
        ],
        "address": request.build_absolute_uri(request.path),
    }
    return render(request, "pages/contribution_read.html", context)


def _day(life: Life, at: datetime | None) -> str:
    """Return a day in the group's own zone, in words."""
    zone = ZoneInfo(life.consultation.group.zone)
    return dates.day(life.house.messages, at.astimezone(zone).date()) if at else ""
