"""Finalise a report, see its editions, and what differs between two of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from cwg.report import attached, clearance, considering, files, finalising
from cwg.report.checks import accepting, read_record
from cwg.report.compose import compose
from cwg.report.forms import ConsiderationForm, CorrectionForm, FinaliseForm, ReasonForm
from cwg.report.gather import gather
from cwg.report.models import Report
from cwg.report.public import kept_editions
from meetings import editions
from meetings.editions import EditionError
from meetings.models import Edition, Outcome
from meetings.settling import SettlingError
from meetings.typesetting.difference_docx import difference_docx
from meetings.typesetting.difference_html import difference_html
from meetings.typesetting.docx import TemplateError
from meetings.typesetting.tree import Document

TODAY = "today"


@dataclass(frozen=True, slots=True)
class Compared:
    """One side of a comparison: how it is chosen, what it is called, what it says."""

    key: str
    name: str
    document: Document


def sent(request: HttpRequest) -> QueryDict | None:
    """Return what a form was sent with; None where it is only shown."""
    return request.POST if request.method == "POST" else None


def finalise_view(request: HttpRequest, report: Report, context: dict[str, Any]) -> HttpResponse:
    """Show what finalising needs and does, or finalise."""
    if not request.user.has_perm("report.finalise", report):
        raise PermissionDenied
    first = editions.latest(report.document, report.language) is None
    submitted = attached.submitted(report)
    by_summary = attached.keeps(report, submitted, finalising.promises_kept(report))
    promises = finalising.promises_kept(report).exclude(pk__in=[each.pk for each in by_summary])
    form = FinaliseForm(sent(request), promises=promises, first=first)
    keeps: Any = form.fields["keeps"]
    keeps.label_from_instance = _promise
    problem = ""
    if request.method == "POST" and form.is_valid():
        try:
            edition = finalising.finalise(
                report, by=request.user, at=timezone.now(),
                series=form.cleaned_data.get("series", Edition.Series.REVISION),
                reason=form.cleaned_data.get("reason", ""), keeps=form.kept(),
            )  # fmt: skip
        except (finalising.FinalisingError, EditionError, SettlingError, TemplateError) as error:
            problem = str(error)
        except ValidationError as error:  # the document the report becomes cannot stand
            problem = " ".join(error.messages)
        else:
            messages.success(request, f"Finalised: {edition}. Its files are kept as they are now.")
            return HttpResponseRedirect(reverse("admin:report_report_editions", args=[report.pk]))
    record = gather(report)
    shown = {
        **context, "form": form, "problem": problem, "promises": promises, "first": first,
        "standing": clearance.standing(report, compose(record).document),
        "submitted": [
            (each, [_promise(promise) for promise, kept in by_summary.items() if kept == each])
            for each in submitted
        ],
        "blockers": accepting.blockers(read_record(record)),
        "unanswered": report.comments.filter(done_at=None).count(),
    }  # fmt: skip
    status = 422 if problem or form.errors else 200
    return TemplateResponse(request, "report/report_finalise.html", shown, status=status)


def _promise(outcome: Outcome) -> str:
    topics = "; ".join(str(said.topic) for said in outcome.outcome_topics.all())
    return f"{outcome}: {topics}"


def editions_view(request: HttpRequest, report: Report, context: dict[str, Any]) -> HttpResponse:
    """Show the editions of a report, its files, and what the session did with it."""
    form = ConsiderationForm(sent(request))
    if request.method == "POST":
        if not request.user.has_perm("report.change_report", report):
            raise PermissionDenied
        form.instance.report = report
        if form.is_valid():
            try:
                considering.consider(form.save(commit=False), by=request.user)
            except ValidationError as error:  # somebody else kept it in the meantime
                form.add_error(None, error.messages)
            else:
                messages.success(request, "What the session did is kept.")
                return HttpResponseRedirect(request.path)
    made = kept_editions(report)
    shown = {
        **context, "editions": list(zip(made, [None, *made], strict=False)), "form": form,
        "considerations": report.considerations.all(),
        "may_change": request.user.has_perm("report.change_report", report),
        "may_finalise": request.user.has_perm("report.finalise", report),
    }  # fmt: skip
    status = 422 if form.errors else 200
    return TemplateResponse(request, "report/report_editions.html", shown, status=status)


def consideration_view(
    request: HttpRequest, report: Report, pk: int, context: dict[str, Any]
) -> HttpResponse:
    """Correct what was recorded of the session's decision, or remove what was recorded by mistake."""
    if not request.user.has_perm("report.change_report", report):
        raise PermissionDenied
    standing = get_object_or_404(report.considerations, pk=pk)
    removing = request.method == "POST" and "remove" in request.POST
    form = CorrectionForm(None if removing else sent(request), instance=standing)
    removal = ReasonForm(request.POST if removing else None, prefix="removal")
    asked = removal if removing else form
    if request.method == "POST" and asked.is_valid():
        reason = asked.cleaned_data["reason"]
        try:
            if removing:
                considering.remove(standing, reason=reason, by=request.user)
            else:
                considering.correct(form.save(commit=False), reason=reason, by=request.user)
        except ValidationError as error:
            asked.add_error(None, error.messages)
        else:
            done = "removed" if removing else "corrected"
            messages.success(request, f"It is {done}. The history keeps what stood there before.")
            return HttpResponseRedirect(reverse("admin:report_report_editions", args=[report.pk]))
    shown = {**context, "form": form, "removal": removal}
    status = 422 if asked.errors else 200
    return TemplateResponse(request, "report/report_consideration.html", shown, status=status)


def edition_file_view(report: Report, slug: str, form: str) -> HttpResponse:
    """Send a file of an edition as it was kept."""
    edition = next((each for each in kept_editions(report) if each.slug == slug), None)
    file = edition.files.filter(form=form).first() if edition is not None else None
    if file is None:
        raise Http404
    return files.answer(bytes(file.content), form, f"{report.group.slug}-{report.slug}-{slug}")


def difference_view(
    request: HttpRequest, report: Report, context: dict[str, Any], *, word: bool
) -> HttpResponse:
    """Show word by word what differs between two editions, or an edition and today's record."""
    sides = {str(edition.slug): edition for edition in kept_editions(report)}
    old = _side(report, request.GET.get("old", ""), sides)
    new = _side(report, request.GET.get("new", TODAY), sides)
    if word:
        content = difference_docx(
            old.document, new.document, author=str(request.user), at=timezone.now()
        )
        return files.answer(content, "docx", f"{report.slug}-{old.key}-{new.key}")
    shown = {
        **context, "old": old, "new": new, "sides": [*sides.values()],
        "difference": difference_html(old.document, new.document),
    }  # fmt: skip
    return TemplateResponse(request, "report/report_difference.html", shown)


def _side(report: Report, key: str, sides: dict[str, Edition]) -> Compared:
    if key == TODAY:
        return Compared(TODAY, "today’s record", compose(gather(report)).document)
    if key == "" and sides:
        key = next(reversed(sides))
    if key not in sides:
        raise Http404
    edition = sides[key]
    return Compared(key, edition.designation or "the first edition", editions.document_of(edition))
