"""Where an instrument is cited, and a draft moved over to another of its revisions."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from cwg.report import citing
from cwg.report.models import Report
from meetings.access import groups_of
from meetings.models import Instrument, Revision
from meetings.typesetting.difference_html import difference_html

ROWS_A_PAGE = 50
MOST_PASSAGES = 100


def cited_view(request: HttpRequest, key: str, context: dict[str, Any]) -> HttpResponse:
    """Show every report of the person's groups that cites an instrument, and which draft is behind."""
    instruments = Instrument.objects.select_related("body").prefetch_related(
        "revisions__adopted_by"
    )
    instrument = get_object_or_404(instruments, key=key)
    today = timezone.localdate()
    now = instrument.revision_on(today)
    groups = groups_of(request.user, today)
    references = citing.citing(instrument, groups)
    page = Paginator(references, ROWS_A_PAGE).get_page(request.GET.get("page"))
    rows = [(each, citing.later(each, now)) for each in page]
    shown = {
        **context, "title": f"Where {instrument} is cited", "instrument": instrument, "now": now,
        "rows": rows, "page": page,
        "passages": citing.passages_naming(instrument, groups)[:MOST_PASSAGES],
    }  # fmt: skip
    return TemplateResponse(request, "report/instrument_cited.html", shown)


def move_view(
    request: HttpRequest, report: Report, keys: tuple[int, int], context: dict[str, Any]
) -> HttpResponse:
    """Show the words before and after, or why not; or let the report cite the other revision."""
    if not request.user.has_perm("report.change_report", report):
        raise PermissionDenied
    references = report.references.select_related("revision__instrument__body", "report__session")
    reference = get_object_or_404(references, pk=keys[0])
    revisions = Revision.objects.filter(instrument=reference.revision.instrument_id)
    revision = get_object_or_404(revisions.select_related("instrument__body"), pk=keys[1])
    problem = ""
    try:
        if request.method == "POST":
            citing.move(reference, revision, by=request.user)
            messages.success(request, f"The report cites {revision} now.")
            return HttpResponseRedirect(reverse("admin:report_report_preview", args=[report.pk]))
        citing.guard(reference, revision)
    except citing.CitingError as error:
        problem = str(error)
    shown = {**context, "reference": reference, "revision": revision, "problem": problem}
    if not problem:
        before, after = citing.moved(reference, revision)
        shown["difference"] = difference_html(before, after, context=0)
    status = 422 if problem and request.method == "POST" else 200
    return TemplateResponse(request, "report/reference_move.html", shown, status=status)
