"""Reports in the secretariat's site, with a preview that shows where every sentence comes from."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html

from cwg.report import clearance, drafting, files
from cwg.report.access import audience
from cwg.report.admin import citations, editions, findings, reading
from cwg.report.checks import read_record
from cwg.report.checks.page import findings_page
from cwg.report.compose import WORDING_ERRORS, Composed, compose
from cwg.report.forms import NextReportForm, ReportAddress
from cwg.report.gather import Record, gather
from cwg.report.models import (
    AttachedSummary,
    FinalisedError,
    Passage,
    Reference,
    Report,
    ReportType,
    TypePassage,
)
from cwg.report.preview import Preview
from meetings.admin.base import Blocks, RecordAdmin, RecordForm, Rows
from meetings.models import Officer
from meetings.typesetting.docx import TemplateError

# What the preview leads to, and the act of the roles' table that it asks for
STEPS = {
    "change": "report.change_report",
    "begin": "report.add_report",
    "finalise": "report.finalise",
}
BEGINNING = (
    "group",
    "type",
    "language",
    "session",
    "first_day",
    "last_day",
    "as_of",
    "signed_by",
    "slug",
)


class ReferenceRows(Rows):
    model = Reference
    fields = ("revision", "position")


class AttachedSummaryRows(Rows):
    """The summaries of rounds that the report submits."""

    model = AttachedSummary
    fields = ("summary", "annex", "position")


class PassageBlocks(Blocks):
    """The cover rows and passages: how each is set on one line, its words below."""

    model = Passage
    classes = ("passages",)
    fieldsets = (
        (None, {"fields": (("part", "shape", "position", "key"),)}),
        (None, {"fields": ("label", "text")}),
    )


class TypePassageBlocks(Blocks):
    model = TypePassage
    classes = ("passages",)
    fieldsets = PassageBlocks.fieldsets


@admin.register(ReportType)
class ReportTypeAdmin(RecordAdmin):
    list_display = ("__str__", "key")
    inlines = (TypePassageBlocks,)


class ReportForm(ReportAddress, RecordForm):
    """A report as its staff begin and change it."""


@admin.register(Report)
class ReportAdmin(RecordAdmin):
    """Reports: begun from their type, written in passages, read with their sources."""

    form = ReportForm
    list_display = ("__str__", "session", "as_of", "public", "preview_link")
    list_filter = ("group", "public")
    list_select_related = ("group", "session")
    inlines = (ReferenceRows, AttachedSummaryRows, PassageBlocks)
    change_form_template = "report/report_change.html"
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "group", "type", "session", ("first_day", "last_day"), "as_of", "signed_by",
                    "public",
                )
            },
        ),
        (
            "Head of the document",
            {
                "fields": (
                    ("document_number", "agenda_item"), ("language", "original_language"), "source",
                    "title",
                )
            },
        ),
        ("Address", {"fields": ("slug",)}),
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("group__names")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let nobody delete what was finalised: its address and its clearance would go with it."""
        finalised = obj is not None and obj.document_id is not None
        return not finalised and super().has_delete_permission(request, obj)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Remove a draft, or say that it was finalised while this was asked."""
        try:
            return super().delete_view(request, object_id, extra_context)
        except FinalisedError as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(reverse("admin:report_report_change", args=[object_id]))

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the reports, or remove those chosen where none was finalised."""
        try:
            return super().changelist_view(request, extra_context)
        except FinalisedError as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(request.path)

    def get_fieldsets(self, request: HttpRequest, obj: Report | None = None) -> Any:
        """Ask first only for what a report begins with."""
        return self.fieldsets if obj else [(None, {"fields": BEGINNING})]

    def get_inlines(self, request: HttpRequest, obj: Report | None) -> Any:
        return self.inlines if obj else ()

    def get_form(
        self, request: HttpRequest, obj: Report | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        if obj is None and "type" in form.base_fields:
            form.base_fields["type"].required = True
        return form

    def save_model(self, request: HttpRequest, obj: Report, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
        else:
            drafting.begin(obj, by=request.user)

    def response_add(
        self, request: HttpRequest, obj: Report, post_url_continue: str | None = None
    ) -> HttpResponse:
        messages.success(
            request, f"{obj} is begun. Fill its cover and passages, then read the preview."
        )
        return HttpResponseRedirect(reverse("admin:report_report_change", args=[obj.pk]))

    def audience(self, obj: Any) -> str:
        return audience(obj)

    @admin.display(description="Preview")
    def preview_link(self, report: Report) -> str:
        address = reverse("admin:report_report_preview", args=[report.pk])
        return format_html('<a href="{}">Preview with sources</a>', address)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/preview/", view(self.preview_view), name="report_report_preview"),
            path("<int:pk>/draft.<str:ending>", view(self.file_view), name="report_report_file"),
            path("<int:pk>/reading/", view(self.reading_view), name="report_report_reading"),
            path("<int:pk>/go-on/", view(self.go_on_view), name="report_report_go_on"),
            path("cited/<slug:key>/", view(self.cited_view), name="report_report_cited"),
            path(
                "<int:pk>/cite/<int:reference>/<int:revision>/",
                view(self.move_view),
                name="report_report_move",
            ),
            path("<int:pk>/finalise/", view(self.finalise_view), name="report_report_finalise"),
            path("<int:pk>/editions/", view(self.editions_view), name="report_report_editions"),
            path(
                "<int:pk>/considerations/<int:consideration>/",
                view(self.consideration_view),
                name="report_report_consideration",
            ),
            path(
                "<int:pk>/editions/<slug:slug>.<slug:form>",
                view(self.edition_file_view),
                name="report_report_edition_file",
            ),
            path(
                "<int:pk>/difference/", view(self.difference_view), name="report_report_difference"
            ),
            path(
                "<int:pk>/difference.docx",
                view(self.word_difference_view),
                name="report_report_difference_word",
            ),
            *findings.urls(self),
            *super().get_urls(),
        ]

    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show a report as it would be printed, and beside each paragraph what it comes from."""
        report = self._report(request, pk)
        context = self._context(request, report)
        context["may"] = {name: request.user.has_perm(act, report) for name, act in STEPS.items()}
        try:
            record, composed = _composed(report)
        except WORDING_ERRORS as error:
            context["problem"] = str(error)
        else:
            preview = Preview(record, composed)
            context |= {
                "rows": list(preview.rows()), "missing": preview.missing(),
                "findings_page": findings_page(
                    read_record(record),
                    may_accept=request.user.has_perm("finding.accept", report), back="preview"
                ),
                "standing": clearance.standing(report, composed.document),
                "look_again": [
                    (each.what, preview.address(each.model, each.key, each.field))
                    for each in drafting.to_look_at(report)
                ],
            }  # fmt: skip
        return TemplateResponse(request, "report/report_preview.html", context)

    def file_view(self, request: HttpRequest, pk: int, ending: str) -> HttpResponse:
        """Send the draft as it stands, as Word, PDF or text."""
        report = self._report(request, pk)
        form = files.FORMS.get(ending)
        if form is None:
            raise Http404
        try:
            _, composed = _composed(report)
        except WORDING_ERRORS as error:
            return self._not_composed(request, report, error)
        try:
            content = files.render(composed, form)
        except TemplateError as error:
            return self._not_composed(request, report, error)
        return files.answer(content, form, f"{report.group.slug}-{report.slug}-draft")

    def go_on_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Begin a new report from this one, the period moved on."""
        after = self._report(request, pk)
        if not request.user.has_perm("report.add_report", after):
            raise PermissionDenied
        moved = {"first_day": after.last_day + timedelta(days=1), "signed_by": after.signed_by_id}
        form = NextReportForm(editions.sent(request), initial=moved)
        officers: Any = form.fields["signed_by"]
        officers.queryset = Officer.objects.filter(group=after.group_id)
        form.instance.group = after.group
        if request.method == "POST" and form.is_valid():
            try:
                begun = drafting.go_on(form.save(commit=False), after, by=request.user)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.success(request, f"{begun} is begun from {after}.")
                return HttpResponseRedirect(reverse("admin:report_report_preview", args=[begun.pk]))
        context = {**self._context(request, after), "form": form}
        return TemplateResponse(request, "report/report_go_on.html", context)

    def cited_view(self, request: HttpRequest, key: str) -> HttpResponse:
        """Show where an instrument is cited."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = {**self.admin_site.each_context(request), "opts": self.opts}
        return citations.cited_view(request, key, context)

    def move_view(
        self, request: HttpRequest, pk: int, reference: int, revision: int
    ) -> HttpResponse:
        """Let a report cite another revision of an instrument."""
        report = self._report(request, pk)
        context = self._context(request, report)
        try:
            return citations.move_view(request, report, (reference, revision), context)
        except WORDING_ERRORS as error:
            return self._not_composed(request, report, error)

    def reading_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the draft to those who remark on it and to the Chair who clears it."""
        report = self._report(request, pk)
        try:
            return reading.reading_view(request, report, self._context(request, report))
        except WORDING_ERRORS as error:
            return self._not_composed(request, report, error)

    def finalise_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Keep the report as its next edition."""
        report = self._report(request, pk)
        try:
            return editions.finalise_view(request, report, self._context(request, report))
        except WORDING_ERRORS as error:
            return self._not_composed(request, report, error)

    def editions_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the editions of a report and what became of it."""
        report = self._report(request, pk)
        return editions.editions_view(request, report, self._context(request, report))

    def consideration_view(self, request: HttpRequest, pk: int, consideration: int) -> HttpResponse:
        """Correct or remove what was recorded of the session's decision."""
        report = self._report(request, pk)
        context = self._context(request, report)
        return editions.consideration_view(request, report, consideration, context)

    def edition_file_view(
        self, request: HttpRequest, pk: int, slug: str, form: str
    ) -> HttpResponse:
        """Send a file of an edition."""
        return editions.edition_file_view(self._report(request, pk), slug, form)

    def difference_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show what differs between two editions, or an edition and the record of today."""
        return self._difference(request, pk, word=False)

    def word_difference_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Send what differs as a Word file with tracked changes."""
        return self._difference(request, pk, word=True)

    def _difference(self, request: HttpRequest, pk: int, *, word: bool) -> HttpResponse:
        report = self._report(request, pk)
        try:
            return editions.difference_view(
                request, report, self._context(request, report), word=word
            )
        except WORDING_ERRORS as error:
            return self._not_composed(request, report, error)

    def _context(self, request: HttpRequest, report: Report) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "title": str(report), "report": report, "opts": self.opts,
            "audience": self.audience(report),
        }  # fmt: skip

    def _not_composed(self, request: HttpRequest, report: Report, error: Exception) -> HttpResponse:
        """Say on the preview what hinders the report from being written."""
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse("admin:report_report_preview", args=[report.pk]))

    def _report(self, request: HttpRequest, pk: int) -> Report:
        reports = self.get_queryset(request).select_related(
            "group", "session", "type", "signed_by__country"
        )
        report: Report = get_object_or_404(reports, pk=pk)
        if not self.has_view_permission(request, report):
            raise PermissionDenied
        return report


def _composed(report: Report) -> tuple[Record, Composed]:
    record = gather(report)
    return record, compose(record)
