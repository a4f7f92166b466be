"""Reports as everybody reads them."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from cwg.frame import frame, group_or_404
from cwg.report import files
from cwg.report.access import visible_to
from cwg.report.compose import Composed, compose
from cwg.report.gather import gather
from cwg.report.models import Report
from meetings.models import Meeting
from meetings.wording.messages import NoMessagesError
from meetings.wording.patterns import PatternError
from meetings.wording.slots import SlotError

ROWS_A_PAGE = 20


@require_safe
def report_list(request: HttpRequest, group: str) -> HttpResponse:
    """Show the public reports of a group, the latest first."""
    working_group = group_or_404(group)
    public = visible_to(AnonymousUser(), timezone.localdate())
    reports = public.filter(group=working_group).order_by("-as_of", "slug")
    page = Paginator(reports, ROWS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "report/report_list.html", {**frame(working_group), "page": page})


@require_safe
def report_read(request: HttpRequest, group: str, slug: str) -> HttpResponse:
    """Show one report; each outcome links to the meeting that decided it."""
    working_group = group_or_404(group)
    report, composed = _composed(working_group.pk, slug)
    links = {}
    own = working_group.meetings.filter(series=Meeting.Series.OWN)
    addresses = {each.ordinal: reverse("pages:meeting", args=[group, each.number]) for each in own}
    for section in composed.document.sections:
        for paragraph in section.paragraphs:
            for item in paragraph.items:
                kind, _, rest = item.anchor.partition("-")
                ordinal, _, letter = rest.partition("-")
                if kind == "outcome" and int(ordinal) in addresses:
                    links[item.anchor] = f"{addresses[int(ordinal)]}#outcome-{letter}"
                    links[paragraph.anchor] = addresses[int(ordinal)]
    context = {
        **frame(working_group), "report": report, "document": composed.document,
        "links": links, "missing": composed.missing,
    }  # fmt: skip
    return render(request, "report/report_read.html", context)


@require_safe
def report_file(request: HttpRequest, group: str, slug: str, ending: str) -> HttpResponse:
    """Send one report as Word, PDF or text."""
    working_group = group_or_404(group)
    _, composed = _composed(working_group.pk, slug)
    return files.answer(composed, files.FORMS[ending], f"{group}-{slug}")


def _composed(group: int, slug: str) -> tuple[Report, Composed]:
    """Return a public report; one that is not answers like one that does not exist."""
    public = visible_to(AnonymousUser(), timezone.localdate())
    report = get_object_or_404(public, group=group, slug=slug)
    try:
        return report, compose(gather(report))
    except (NoMessagesError, PatternError, SlotError) as error:
        raise Http404(str(error)) from error
