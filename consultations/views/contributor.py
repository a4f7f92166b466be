"""The three steps of whoever contributes: about you, your answers, check and send."""

from __future__ import annotations

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from consultations import access, intake, intake_mails, limits
from consultations.forms.contribution import AboutYouForm, AnswersForm
from consultations.models import Contribution, Standing
from consultations.views.private import (
    TOO_MANY,
    contributing,
    may_mail,
    of_link,
    opening,
    said,
    shown,
    to,
    told,
)
from meetings.frame import group_or_404

# Faster than anybody types
TOO_FAST = timedelta(seconds=2)
STEPS = ("about_you", "answers", "send")


@contributing
def begin(request: HttpRequest, slug: str, round_slug: str) -> HttpResponse:
    """Ask who contributes; the first step makes the draft and leads to its private address."""
    rounds = access.public_consultations().select_related("group")
    consultation = rounds.filter(group__slug=slug, slug=round_slug).first()
    if consultation is None:
        moved = access.once_at(group_or_404(slug), round_slug)
        if moved is None:
            raise Http404
        # 307: what was typed goes along
        return HttpResponseRedirect(
            reverse("consultations:contribute", args=[slug, moved.slug]), preserve_request=True
        )
    at, sent = timezone.now(), opening(request)
    if not intake.takes(consultation, at, sent.at if sent else None):
        raise intake.ClosedError(consultation, at)
    form = AboutYouForm(request.POST if request.method == "POST" else None)
    show = {"form": form, "step": 1}
    if request.method != "POST" or not form.is_valid():
        return shown(request, "consultations/about_you.html", consultation, **show)
    if sent is None or at - sent.at < TOO_FAST:
        form.add_error(None, "This came faster than anybody types. Look it over and go on.")
        return shown(request, "consultations/about_you.html", consultation, **show)
    if not limits.allowed(limits.DRAFTS, limits.machine(request)):
        form.add_error(None, TOO_MANY)
        return shown(request, "consultations/about_you.html", consultation, **show, status=429)
    made = intake.begin(consultation, form.change(), at=at, opened=sent.at, form_key=sent.key)
    if may_mail(request, made):
        intake_mails.draft(made, at)
    return to("answers", slug, made)


@contributing
def about_you(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """Show and change who contributes."""
    held, at, sent = of_link(slug, token), timezone.now(), opening(request)
    intake.guard(held, at, sent.at if sent else None)
    data = request.POST if request.method == "POST" else None
    form = AboutYouForm(data, instance=held, received=held.is_received)
    if data is not None and (form.is_valid() or held.standing == Standing.DRAFT):
        intake.save(held, form.change(), at=at, opened=sent.at if sent else None)
        if not form.errors:
            return _go_on(request, slug, held, "answers")
    return shown(
        request, "consultations/about_you.html", held.consultation,
        form=form, step=1, contribution=held, token=token,
    )  # fmt: skip


@contributing
def answers(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """Show and keep the answers and the files."""
    held, at, sent = of_link(slug, token), timezone.now(), opening(request)
    intake.guard(held, at, sent.at if sent else None)
    if request.method != "POST":
        return _answers(request, held, token, AnswersForm(contribution=held))
    whole = "whole" in request.POST
    files = request.FILES
    number = len(files.getlist("files"))  # each costs its own time to look through
    if number and not limits.allowed(limits.UPLOADS, limits.machine(request), number):
        form = AnswersForm(request.POST, contribution=held)
        form.add_error("files", TOO_MANY)
        return _answers(request, held, token, form, status=429)
    form = AnswersForm(request.POST, files, contribution=held, whole=whole)
    if form.is_valid() or held.standing == Standing.DRAFT:
        try:
            intake.save(held, form.change(), at=at, opened=sent.at if sent else None)
        except (intake.IncompleteError, intake.TooManyFilesError) as problem:
            form.add_error(None, str(problem))
        if not form.errors:
            return _go_on(request, slug, held, "send")
    return _answers(request, held, token, form)


def _answers(
    request: HttpRequest, held: Contribution, token: str, form: AnswersForm, **more: int
) -> HttpResponse:
    return shown(
        request, "consultations/answers.html", held.consultation,
        form=form, step=2, contribution=held, token=token,
        files=list(held.attachments.all()), **more,
    )  # fmt: skip


def _go_on(request: HttpRequest, slug: str, held: Contribution, then: str) -> HttpResponse:
    if request.POST.get("without"):
        return to("answers", slug, held)
    if (asked := request.POST.get("to")) in STEPS:
        then = str(asked)
    if "later" not in request.POST:
        return to("own" if held.is_received and then == "send" else then, slug, held)
    fresh = intake.by_token(intake_mails.token(held))
    if not fresh.email or not may_mail(request, fresh):
        return said(request, "Your draft is kept", TOO_MANY, 429, about=held.consultation)
    intake_mails.draft(fresh, timezone.now())
    words = f"The private link to your draft goes to {fresh.email}. Nothing was sent yet."
    return said(request, "Your draft is kept", words, about=held.consultation)


@contributing
def send(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """Show what will be sent, and send it."""
    held, at, sent = of_link(slug, token), timezone.now(), opening(request)
    intake.guard(held, at, sent.at if sent else None)
    if held.is_received:
        return to("own", slug, held)
    lacking = intake.lacks(held)
    problem, status = lacking, 200
    tell = "tell_when_cited" in request.POST if request.method == "POST" else held.tell_when_cited
    if request.method == "POST":
        if lacking:
            status = 422
        elif not may_mail(request, held):
            problem, status = TOO_MANY, 429
        else:
            intake.send(held, at=at, opened=sent.at if sent else None, tell_when_cited=tell)
            return to("own", slug, held)
    return shown(
        request, "consultations/send.html", held.consultation,
        step=3, contribution=held, token=token, problem=problem, lacking=lacking, status=status,
        tell=tell, **told(held),
    )  # fmt: skip
