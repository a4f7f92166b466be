"""The instruments that groups rest on."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from meetings.models import Instrument, Kind, Outcome, Revision, Topic
from meetings.same_for_all import same_for_all

ROWS_A_PAGE = 50


@require_safe
@same_for_all
def instrument_list(request: HttpRequest) -> HttpResponse:
    """Show every instrument."""
    instruments = (
        Instrument.objects.select_related("body")
        .prefetch_related("revisions")
        .order_by("body__key", "key")
    )
    page = Paginator(instruments, ROWS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "meetings/instrument_list.html", {"page": page})


@require_safe
@same_for_all
def instrument(request: HttpRequest, key: str) -> HttpResponse:
    """Show one instrument, its revisions, its listed topics and what draws on each."""
    # A round is told by its launch, or by the plan that no launch has taken up yet
    told = Outcome.objects.filter(kind__in=(Kind.LAUNCHED, Kind.WOULD_LAUNCH))
    launches = (
        told.exclude(later_outcomes__kind=Kind.LAUNCHED)
        .select_related("meeting__group")
        .order_by("window_from", "pk")
    )
    drawing = (
        Topic.objects.filter(group__record_kept_here=True)
        .select_related("group")
        .prefetch_related("group__names", Prefetch("outcomes", launches, to_attr="rounds"))
        .order_by("group__slug", "key")
    )
    revisions = Revision.objects.select_related("adopted_by").prefetch_related(
        "listed_topics", Prefetch("listed_topics__topics", drawing, to_attr="drawing")
    )
    found = get_object_or_404(
        Instrument.objects.select_related("body").prefetch_related(
            Prefetch("revisions", revisions)
        ),
        key=key,
    )
    return render(request, "meetings/instrument_read.html", {"instrument": found})
