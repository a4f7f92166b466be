"""The findings of a report in the secretariat's site: seen, accepted with a reason, taken back."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from cwg.report.checks import check, read
from cwg.report.checks.accepting import AcceptingError, accept, take_back
from cwg.report.checks.page import NOTHING_TYPED, Typed, findings_page, seen_of, token_of
from cwg.report.models import Report
from meetings.wording.messages import NoMessagesError
from meetings.wording.patterns import PatternError

CHANGED = (
    "The report changed since this page was read, and the finding with it. Nothing was accepted; "
    "look at what stands there now."
)


def urls(model_admin: admin.ModelAdmin[Report]) -> list[URLPattern]:
    """Return the address of a report's findings, for the URLs of its admin."""
    view = model_admin.admin_site.admin_view(partial(findings_view, model_admin))
    return [path("<int:pk>/findings/", view, name="report_report_findings")]


def findings_view(
    model_admin: admin.ModelAdmin[Report], request: HttpRequest, pk: int
) -> HttpResponse:
    """Show what the checks find in a report; accept a finding, or take that back."""
    reports = model_admin.get_queryset(request).select_related(
        "group", "session", "type", "signed_by__country"
    )
    report = get_object_or_404(reports, pk=pk)
    if not model_admin.has_view_permission(request, report):
        raise PermissionDenied
    may_accept = request.user.has_perm("finding.accept", report)
    typed = NOTHING_TYPED
    context: dict[str, Any] = {
        **model_admin.admin_site.each_context(request),
        "title": f"Findings: {report}", "report": report, "opts": model_admin.opts,
        "problem": "", "findings_page": None,
    }  # fmt: skip
    try:
        if request.method == "POST":
            if not may_accept:
                raise PermissionDenied
            typed = _act(request, report)
            if not typed.problem:
                back = "preview" if request.POST.get("back") == "preview" else "findings"
                return HttpResponseRedirect(reverse(f"admin:report_report_{back}", args=[pk]))
        context["findings_page"] = findings_page(read(report), may_accept=may_accept, typed=typed)
    except (NoMessagesError, PatternError) as error:
        context["problem"] = str(error)
    if typed.problem:
        context["problem"] = typed.problem
    return TemplateResponse(request, "report/report_findings.html", context)


def _act(request: HttpRequest, report: Report) -> Typed:
    """Do what the form asks; return what was typed where it could not be done."""
    token, reason = request.POST.get("finding", ""), request.POST.get("reason", "")
    finding = next((each for each in check(report) if token_of(each) == token), None)
    if finding is None or seen_of(finding) != request.POST.get("seen"):
        return Typed(token, reason, CHANGED)
    try:
        if request.POST.get("act") == "take_back":
            take_back(report, finding, by=request.user)
            messages.success(request, f"{finding.place} stands open again.")
        else:
            accept(report, finding, by=request.user, reason=reason, on=timezone.localdate())
            messages.success(request, f"{finding.place} is accepted, with your reason.")
    except AcceptingError as error:
        return Typed(token, reason, str(error))
    except ValidationError as error:
        return Typed(token, reason, " ".join(error.messages))
    return NOTHING_TYPED
