"""Reports in the secretariat's site, with a preview that shows where every sentence comes from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, URLPattern, path, reverse
from django.utils.html import format_html

from cwg.report import admin_findings
from cwg.report.compose import Composed, compose
from cwg.report.gather import Record, gather
from cwg.report.models import Passage, Reference, Report, ReportType, TypePassage
from meetings import record as facts_of
from meetings.admin.base import Blocks, RecordAdmin, Rows
from meetings.models import Outcome
from meetings.typesetting.tree import Line, OriginKind, lines, plain
from meetings.wording.facts import Viewpoint
from meetings.wording.messages import NoMessagesError
from meetings.wording.patterns import PatternError
from meetings.wording.sentences import house_sentence
from meetings.wording.slots import SlotError


class ReferenceRows(Rows):
    model = Reference


class PassageBlocks(Blocks):
    model = Passage


class TypePassageBlocks(Blocks):
    model = TypePassage


@admin.register(ReportType)
class ReportTypeAdmin(RecordAdmin):
    list_display = ("__str__", "key")
    inlines = (TypePassageBlocks,)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a paragraph comes from, and the page on which to change it."""

    what: str
    address: str
    by_hand: bool = False
    house: str = ""
    reason: str = ""


@admin.register(Report)
class ReportAdmin(RecordAdmin):
    list_display = ("__str__", "session", "as_of", "public", "preview_link")
    list_filter = ("group", "public")
    list_select_related = ("group", "session")
    inlines = (ReferenceRows, PassageBlocks)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("group__names")

    @admin.display(description="Preview")
    def preview_link(self, report: Report) -> str:
        address = reverse("admin:report_report_preview", args=[report.pk])
        return format_html('<a href="{}">Preview with sources</a>', address)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.preview_view)
        preview = path("<int:pk>/preview/", view, name="report_report_preview")
        return [preview, *admin_findings.urls(self), *super().get_urls()]

    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show a report as it would be printed, and beside each paragraph what it comes from."""
        reports = Report.objects.select_related("group", "session", "signed_by__country")
        report = get_object_or_404(reports, pk=pk)
        if not self.has_view_permission(request, report):
            raise PermissionDenied
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": str(report), "report": report, "opts": self.opts, "rows": [], "missing": (),
        }  # fmt: skip
        try:
            record = gather(report)
            composed = compose(record)
        except (NoMessagesError, SlotError, PatternError) as error:
            context["problem"] = str(error)
        else:
            context["rows"] = list(_rows(record, composed))
            context["missing"] = [
                (missing.what, _address(missing.model, missing.key, missing.field))
                for missing in composed.missing
            ]
        return TemplateResponse(request, "report/report_preview.html", context)


def _rows(record: Record, composed: Composed) -> Iterator[tuple[Line, str, Source | None]]:
    outcomes = {
        str(outcome.pk): outcome
        for meeting in record.meetings
        for outcome in meeting.outcomes.all()
    }
    for line in lines(composed.document):
        depth = "item" if plain(line.number).endswith((")", "–")) else "paragraph"
        if line.number and plain(line.number) == line.part:
            depth = "heading"
        if line.part == "cover" and line.text and line.text[0].origin.kind is OriginKind.LABEL:
            depth = "label"
        yield line, depth, _source(line, record, outcomes)


def _source(line: Line, record: Record, outcomes: dict[str, Outcome]) -> Source | None:
    """Return what a paragraph comes from: its outcome, its meeting, its passage."""
    origins = [span.origin for span in line.text if span.origin.model]
    for model, words in (
        ("meetings.outcome", "From the record"), ("report.passage", "Passage"),
        ("meetings.meeting", "From the record"), ("report.report", "Report"),
    ):  # fmt: skip
        found = next((origin for origin in origins if origin.model == model), None)
        if found is None:
            continue
        if model == "meetings.outcome" and found.key in outcomes:
            return _outcome_source(outcomes[found.key], record)
        meeting = next((m for m in record.meetings if str(m.pk) == found.key), None)
        what = str(meeting) if model == "meetings.meeting" and meeting else words
        return Source(what, _address(found.model, found.key, found.field))
    if origins:
        return Source(
            "From the record", _address(origins[0].model, origins[0].key, origins[0].field)
        )
    return None


def _outcome_source(outcome: Outcome, record: Record) -> Source:
    address = _address("meetings.outcome", str(outcome.pk), "")
    if not outcome.wording:
        return Source(f"{outcome.get_kind_display()}: {outcome.meeting}", address)
    report = record.report
    house = facts_of.house(record.group, report.as_of, report.language)
    facts = facts_of.outcome_facts(outcome, report.language, report.as_of)
    view = Viewpoint(report.as_of, facts_of.session_facts(report.session, report.language))
    would = "" if outcome.kind == "free" else plain(house_sentence(facts, view, house))
    return Source("Wording changed by hand", address, True, would, outcome.wording_reason)


def _address(model: str, key: str, field: str) -> str:
    """Return the admin page of a record, at the field."""
    if not model or not key:
        return ""
    row_model = apps.get_model(model)
    name = f"admin:{row_model._meta.app_label}_{row_model._meta.model_name}"
    try:
        if model == "meetings.outcome":
            meeting = Outcome.objects.filter(pk=key).values_list("meeting_id", flat=True).first()
            return reverse("admin:meetings_meeting_outcomes", args=[meeting])
        if model == "report.passage":
            report = Passage.objects.filter(pk=key).values_list("report_id", flat=True).first()
            return reverse("admin:report_report_change", args=[report])
        return reverse(f"{name}_change", args=[key]) + (f"#id_{field}" if field else "")
    except NoReverseMatch:
        return ""
