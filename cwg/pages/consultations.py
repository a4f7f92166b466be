"""Open consultations as everybody reads them: all of a group's, one through its whole life."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from consultations import announcing, counting, naming, reading
from consultations.access import once_at, public_consultations, public_contributions
from consultations.counting import Facet
from consultations.data import writing
from consultations.filters import RoundFilter
from consultations.models import Standing
from consultations.summary import published
from cwg.frame import group_or_404, house_today
from cwg.fresh.memory import part
from cwg.pages import summaries
from cwg.pages.contributions import (
    GAP,
    ROWS_A_PAGE,
    Listed,
    RoundPage,
    day_in_zone,
    list_of_contributions,
    query,
)
from cwg.pages.life import Life, decided, lives, path, shown
from cwg.pages.over_time import OverTime, over_time
from cwg.pages.reports import public_reports, references
from cwg.pages.rows import address, meeting_row, outcome_name
from meetings import editions
from meetings.frame import frame
from meetings.languages import in_language
from meetings.models import Meeting, WorkingGroup
from meetings.same_for_all import same_for_all
from meetings.site_address import absolute
from meetings.wording.messages import Messages


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
        "query": query(request, "page"),
        "rows": lives(page, house, at),
    }
    return render(request, "pages/consultation_list.html", context)


@require_safe
@same_for_all
def consultation(request: HttpRequest, slug: str, round_slug: str) -> HttpResponse:
    """Show one round: what a reader may do now, what is asked, what came in, what became of it."""
    made = part(
        ("a round's page", request.get_host(), slug, round_slug),
        lambda: _round_page(request, slug, round_slug),
    )
    if made is None:
        return _moved(request, group_or_404(slug), round_slug)
    return HttpResponse(made.filled(list_of_contributions(request, made.listed), request))


def _round_page(request: HttpRequest, slug: str, round_slug: str) -> RoundPage | None:
    """Return all of a round's page but its list; None where no public round has this address."""
    working_group = group_or_404(slug)
    public = shown(public_consultations().filter(group=working_group))
    found = public.prefetch_related("questions").filter(slug=round_slug).first()
    if found is None:
        return None
    at = timezone.now()
    life = lives([found], house_today(working_group), at)[0]
    questions = reading.questions(found.questions.all())
    report = public_reports(working_group, life.day).first()
    listed = Listed.of(life, reading.question_labels(questions))
    context = {
        **frame(working_group),
        "life": life,
        "consultation": found,
        "extensions": [announcing.extended(move) for move in life.deadline.moves],
        "steps": path(life, _discussed_at(life)),
        "questions": questions,
        "held": meeting_row(found.meeting, life.house, life.day) if found.meeting else None,
        "decided": decided(life),
        "decider": life.decider_known,
        "instruments": references(report) if report else [],
        "outcomes": [(address(each), outcome_name(each, life.house), each) for each in life.about],
        "summary": summaries.of(found),
        "gap": GAP,
        "charts": [
            ("By stakeholder group", _bars(listed, Facet.GROUP)),
            ("By region", _bars(listed, Facet.REGION)),
        ],
        "over_time": _over_time(life),
        "forms": writing.NAMED,
        "countries": len(listed.counted[Facet.COUNTRY]),
    }
    page = render_to_string("pages/consultation_read.html", context, request)
    return RoundPage(tuple(page.split(GAP)), listed)


def _moved(request: HttpRequest, working_group: WorkingGroup, slug: str) -> HttpResponse:
    """Lead from an address that a round once had to the one it has; Http404 for any other."""
    moved = once_at(working_group, slug)
    if moved is None:
        raise Http404
    asked = request.META.get("QUERY_STRING", "")
    now = moved.get_absolute_url()
    return HttpResponsePermanentRedirect(f"{now}?{asked}" if asked else now)


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


def _bars(listed: Listed, facet: Facet) -> list[dict[str, Any]]:
    """Return the bars of a picture: name, number, length in percent of the longest."""
    counted = listed.counted[facet]
    most = max(counted.values(), default=0)
    return [
        {"name": name, "number": counted[value], "length": round(100 * counted[value] / most, 1)}
        for value, name in listed.names[facet].items()
        if counted.get(value)
    ]


def _over_time(life: Life) -> OverTime | None:
    """Return the picture of when the contributions to a round were received."""
    found = life.consultation
    last = None
    if found.closed_from is not None:  # the first instant at which it was closed
        zone = ZoneInfo(found.group.zone)
        last = (found.closed_from - timedelta(microseconds=1)).astimezone(zone).date()
    received = counting.received_by_day(found)
    return over_time(life.house.messages, received, found.opening().first_day, last)


@require_safe
@same_for_all
def contribution(request: HttpRequest, slug: str, key: str, number: int) -> HttpResponse:
    """Show one contribution; one that was published once and is so no more leaves a tombstone.

    A tombstone answers 410: the text is gone for good reason, and search engines let go of it.
    """
    if request.path != reverse("pages:contribution", args=[slug, key, number]):
        raise Http404  # one address for each contribution: 17, not 017
    about = part(("what a contribution is to", slug, key), lambda: _round_in_short(slug, key))
    found = get_object_or_404(
        reading.with_all_it_says(public_contributions().select_related("merged_into")),
        consultation=about.pk, number=number,
    )  # fmt: skip
    received = day_in_zone(about.messages, about.zone, found.received_at)
    context: dict[str, Any] = {
        **about.frame, "round": about, "contribution": found, "received": received
    }  # fmt: skip
    if found.standing != Standing.PUBLISHED:
        into = found.merged_into_id
        context["into"] = public_contributions().filter(pk=into).first() if into else None
        return render(request, "pages/contribution_gone.html", context, status=410)
    read = reading.public(found)
    named = {each.position: each for each in naming.names_of(found)}
    context |= {
        "person": named.get(0),
        "organisations": [
            (name, named.get(place)) for place, name in enumerate(read.sender.organisations, 1)
        ],
        "read": read,
        "published": day_in_zone(about.messages, about.zone, found.published_at),
        "answers": [
            (
                about.labels.get(said.question.pk, ""),
                in_language(said.question.text, "en"),
                said.pieces,
            )
            for said in read.answers
        ],
        "address": absolute(request.path),
        "cited_in": about.cited.get(number, ()),
    }
    return render(request, "pages/contribution_read.html", context)


@dataclass(frozen=True, slots=True)
class RoundInShort:
    """What the page of a contribution tells of its round."""

    pk: int
    key: str
    title: str
    address: str
    zone: str
    messages: Messages
    labels: Mapping[int, str]
    frame: Mapping[str, Any]
    summary: str  # its address, where one is published
    cited: Mapping[int, tuple[int, ...]]  # in which of its paragraphs, by number


def _round_in_short(slug: str, key: str) -> RoundInShort:
    working_group = group_or_404(slug)
    public = shown(public_consultations().filter(group=working_group)).prefetch_related("questions")
    found = get_object_or_404(public, key=key)
    life = Life.of_itself(found, house_today(working_group), timezone.now())
    of_group = frame(working_group)
    summary = summaries.of(found)
    return RoundInShort(
        found.pk, key, life.title or life.window, found.get_absolute_url(), working_group.zone,
        life.house.messages,
        reading.question_labels(reading.questions(found.questions.all())),
        {**of_group, "group": {"slug": slug}},
        summary[0] if summary else "",
        published.where_cited(editions.document_of(summary[1])) if summary else {},
    )  # fmt: skip
