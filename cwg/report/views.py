"""Reports as everybody reads them."""

from __future__ import annotations

import logging

from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from cwg.frame import group_or_404, house_today
from cwg.report import attached, files
from cwg.report.access import visible_to
from cwg.report.compose import WORDING_ERRORS
from cwg.report.public import Reading, content, kept_editions, reading
from meetings import record as facts_of
from meetings.frame import frame
from meetings.models import Meeting, WorkingGroup
from meetings.same_for_all import same_for_all
from meetings.typesetting.docx import TemplateError
from meetings.typesetting.html import render_fragment
from meetings.typesetting.tree import Document, plain
from meetings.wording import dates
from meetings.wording.sentences import ordinal

ROWS_A_PAGE = 20
logger = logging.getLogger(__name__)


@require_safe
@same_for_all
def report_list(request: HttpRequest, group: str) -> HttpResponse:
    """Show the public reports of a group, the latest first."""
    working_group = group_or_404(group)
    public = visible_to(AnonymousUser(), timezone.localdate())
    reports = public.filter(group=working_group).order_by("-as_of", "slug")
    page = Paginator(reports, ROWS_A_PAGE).get_page(request.GET.get("page"))
    said = house_today(working_group).messages
    rows = [(each, dates.period(said, each.first_day, each.last_day)) for each in page]
    context = {**frame(working_group), "page": page, "rows": rows}
    return render(request, "report/report_list.html", context)


@require_safe
@same_for_all
def report_read(request: HttpRequest, group: str, slug: str, edition: str = "") -> HttpResponse:
    """Show one report, its latest edition or the one asked for; outcomes link to their meetings."""
    working_group = group_or_404(group)
    read = _read(working_group.pk, slug, edition)
    report, document = read.report, attached.with_ways(read.document, read.report)
    leads = _leads(working_group, document)
    # The renderer escapes every word of the record.
    article = mark_safe(  # noqa: S308
        render_fragment(document, link=leads.get, heading_level=2)
    )
    house = house_today(working_group)
    context = {
        **frame(working_group), "report": report, "article": article, "leads": bool(leads),
        "covers": dates.period(house.messages, report.first_day, report.last_day),
        "contents": [
            (plain(section.number), plain(section.heading), section.anchor)
            for section in document.sections if section.heading
        ],
        "read": read, "editions": kept_editions(report),
        "considerations": report.considerations.all(),
    }  # fmt: skip
    return render(request, "report/report_read.html", context)


def _leads(working_group: WorkingGroup, document: Document) -> dict[str, tuple[str, str]]:
    """Return, by anchor, the meeting's page to which the number of a paragraph leads."""
    house = house_today(working_group)
    own = working_group.meetings.filter(series=Meeting.Series.OWN)
    held = {f"meeting-{each.ordinal}": each for each in own}
    leads = {}
    for section in document.sections:
        for paragraph in section.paragraphs:
            meeting = held.get(paragraph.anchor)
            if meeting is None:
                continue
            page = reverse("pages:meeting", args=[working_group.slug, meeting.number])
            name = f"{plain(ordinal(facts_of.meeting_facts(meeting), house))} meeting"
            leads[paragraph.anchor] = page, name
            leads |= {item.anchor: (f"{page}#{item.anchor}", name) for item in paragraph.items}
    return leads


@require_safe
@same_for_all
def report_file(
    request: HttpRequest, group: str, slug: str, ending: str, edition: str = ""
) -> HttpResponse:
    """Send one report as Word, PDF, HTML or text: as it was kept, or the draft as it stands.

    Where the template of the settings is broken there is no Word file: a page says so, with 503.
    """
    working_group = group_or_404(group)
    read = _read(working_group.pk, slug, edition)
    form = files.FORMS[ending]
    name = "-".join(filter(None, [group, slug, edition]))
    try:
        return files.answer(content(read, form), form, name)
    except TemplateError:
        logger.exception("The Word file of %s could not be written", request.path)
        context = {**frame(working_group), "report": read.report}
        return render(request, "report/report_no_word.html", context, status=503)


def _read(group: int, slug: str, edition: str) -> Reading:
    """Return a public report; one that is not answers like one that does not exist."""
    public = visible_to(AnonymousUser(), timezone.localdate())
    report = get_object_or_404(public, group=group, slug=slug)
    try:
        read = reading(report, edition)
    except WORDING_ERRORS as error:
        raise Http404(str(error)) from error
    if read is None:
        raise Http404
    return read
