"""The pages of whoever contributes: three steps, the confirmation, the receipt.

Nobody signs in and no cookie is set: a private link is the whole authority, so another site cannot
borrow anything by forging a form, and the pages are exempt from the check against that. They are
never kept in a cache.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.core import signing
from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from consultations import access, intake, limits
from consultations.forms.contribution import AboutYouForm, AnswersForm
from consultations.models import UNCONFIRMED, Contribution, Standing
from meetings.languages import in_any_language
from meetings.record import group_facts
from meetings.wording.messages import messages

# Faster than anybody types
TOO_FAST = timedelta(seconds=2)
LARGEST_BODY = 55 * 1024 * 1024
_FORM = signing.TimestampSigner(salt="consultations.form")
TOO_MANY = "Too much was sent from here within an hour. Everything is kept: try again later."

type View = Callable[..., HttpResponse]


def contributing(view: View) -> View:
    """Guard a page of this file: methods, cache, sizes, and links that lead nowhere."""

    @wraps(view)
    def guarded(request: HttpRequest, slug: str, **rest: str) -> HttpResponse:
        try:
            if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_BODY:
                raise RequestDataTooBig
            answer = view(request, slug, **rest)
        except intake.IntakeError as problem:
            status = 404 if isinstance(problem, intake.LinkError) else 409
            answer = render(
                request, "consultations/said.html", {"heading": "Not possible now", "said": problem},
                status=status,
            )  # fmt: skip
        except (RequestDataTooBig, TooManyFilesSent):
            said = "This is more than one page can take. What was saved before stays kept: go back."
            context = {"heading": "Too much at once", "said": said}
            answer = render(request, "consultations/said.html", context, status=413)
        answer["X-Robots-Tag"] = "noindex"
        return answer

    methods = require_http_methods(["GET", "HEAD", "POST"])
    return never_cache(csrf_exempt(methods(guarded)))


def _opened(request: HttpRequest) -> datetime | None:
    """Return when the form was opened that is sent here; None where nobody of ours says so."""
    try:
        text = _FORM.unsign(request.POST.get("opened", ""))
        return datetime.fromtimestamp(int(text), tz=timezone.get_default_timezone())
    except (signing.BadSignature, ValueError, OverflowError):
        return None


def _links(request: HttpRequest, slug: str) -> intake.Links:
    own, confirm = (
        request.build_absolute_uri(reverse(f"consultations:{name}", args=[slug, "TOKEN"]))
        for name in ("own", "confirm")
    )
    return intake.Links(own.replace("TOKEN", "{token}"), confirm.replace("TOKEN", "{token}"))


def _shown(request: HttpRequest, template: str, consultation: Any, **more: Any) -> HttpResponse:
    group = consultation.group
    facts = group_facts(group, timezone.localdate(), "en")
    topics = consultation.consultation_topics.select_related("topic")
    context = {
        "group": group, "acronym": facts.acronym.text, "group_name": facts.name.text,
        "consultation": consultation,
        "topic": "; ".join(in_any_language(each.topic.title) for each in topics),
        "deadline": consultation.deadline().words(messages("en")),
        "opened": request.POST.get("opened") if _opened(request) else "",
        **more,
    }  # fmt: skip
    context["opened"] = context["opened"] or _FORM.sign(str(int(timezone.now().timestamp())))
    form = more.get("form")
    bad = bool(form is not None and form.errors)
    return render(request, template, context, status=more.get("status", 422 if bad else 200))


def _own(slug: str, token: str) -> Contribution:
    found = intake.by_token(token)
    if found.consultation.group.slug != slug:
        raise intake.LinkError
    return found


def _to(name: str, slug: str, contribution: Contribution) -> HttpResponse:
    address = reverse(f"consultations:{name}", args=[slug, intake.token(contribution)])
    return HttpResponseRedirect(address)


@contributing
def begin(request: HttpRequest, slug: str, round_slug: str) -> HttpResponse:
    """Ask who contributes; the first step makes the draft and leads to its private address."""
    rounds = access.public_consultations().select_related("group")
    consultation = get_object_or_404(rounds, group__slug=slug, slug=round_slug)
    at, opened = timezone.now(), _opened(request)
    if not intake.takes(consultation, at, opened):
        raise intake.ClosedError(consultation, at)
    form = AboutYouForm(request.POST if request.method == "POST" else None)
    show = {"form": form, "step": 1}
    if request.method != "POST" or not form.is_valid():
        return _shown(request, "consultations/about_you.html", consultation, **show)
    if opened is None or at - opened < TOO_FAST:
        form.add_error(None, "This came faster than anybody types. Look it over and go on.")
        return _shown(request, "consultations/about_you.html", consultation, **show)
    if not limits.allowed(limits.DRAFTS, limits.machine(request)):
        form.add_error(None, TOO_MANY)
        return _shown(request, "consultations/about_you.html", consultation, **show, status=429)
    facts, organisations = form.facts()
    made = intake.begin(consultation, facts, organisations or [], at=at, opened=opened)
    return _to("answers", slug, made)


@contributing
def about_you(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """Show and change who contributes."""
    held, at, opened = _own(slug, token), timezone.now(), _opened(request)
    intake.guard(held, at, opened)
    data = request.POST if request.method == "POST" else None
    form = AboutYouForm(data, instance=held, received=held.is_received)
    if data is not None and (form.is_valid() or held.standing == Standing.DRAFT):
        facts, organisations = form.facts()
        intake.save(held, facts, organisations=organisations, at=at, opened=opened)
        if not form.errors:
            return _go_on(request, slug, held, "answers")
    return _shown(
        request, "consultations/about_you.html", held.consultation,
        form=form, step=1, contribution=held, token=token,
    )  # fmt: skip


@contributing
def answers(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """Show and keep the answers."""
    held, at, opened = _own(slug, token), timezone.now(), _opened(request)
    intake.guard(held, at, opened)
    data = request.POST if request.method == "POST" else None
    form = AnswersForm(data, contribution=held)
    if data is not None and (form.is_valid() or held.standing == Standing.DRAFT):
        facts, said = form.facts()
        intake.save(held, facts, answers=said, at=at, opened=opened)
        if not form.errors:
            return _go_on(request, slug, held, "send")
    return _shown(
        request, "consultations/answers.html", held.consultation,
        form=form, step=2, contribution=held, token=token,
    )  # fmt: skip


def _go_on(request: HttpRequest, slug: str, held: Contribution, to: str) -> HttpResponse:
    if "later" not in request.POST:
        return _to("own" if held.is_received and to == "send" else to, slug, held)
    fresh = intake.by_token(intake.token(held))
    if fresh.email and _may_mail(request, fresh):
        intake.mail_link(fresh, _links(request, slug), at=timezone.now())
        said = f"The private link to your draft goes to {fresh.email}. Nothing was sent yet."
        return _shown(
            request, "consultations/said.html", fresh.consultation,
            heading="Your draft is kept", said=said,
        )  # fmt: skip
    return _shown(
        request, "consultations/said.html", fresh.consultation,
        heading="Your draft is kept", said=TOO_MANY, status=429,
    )  # fmt: skip


def _may_mail(request: HttpRequest, contribution: Contribution) -> bool:
    machine = limits.allowed(limits.MAILS_FROM, limits.machine(request))
    return machine and limits.allowed(limits.MAILS_TO, contribution.email)


@contributing
def send(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """Show what will be sent, and send it."""
    held, at, opened = _own(slug, token), timezone.now(), _opened(request)
    intake.guard(held, at, opened)
    if held.is_received:
        return _to("own", slug, held)
    problem, status = intake.lacks(held), 200
    if request.method == "POST":
        if not problem and not _may_mail(request, held):
            problem, status = TOO_MANY, 429
        elif not problem:
            intake.send(held, _links(request, slug), at=at, opened=opened)
            return _to("own", slug, held)
        else:
            status = 422
    return _shown(
        request, "consultations/send.html", held.consultation,
        step=3, contribution=held, token=token, problem=problem, status=status, **_told(held),
    )  # fmt: skip


def _told(contribution: Contribution) -> dict[str, Any]:
    answers = contribution.answers.select_related("question")
    published = [
        ("Your name", contribution.publish_name),
        ("Your organizations", contribution.publish_organisation),
        ("Your country", contribution.publish_country),
        ("Your answers and files", contribution.publish_text),
    ]
    return {
        "told": [(in_any_language(each.question.text), each.text) for each in answers],
        "organisations": list(contribution.organisations.all()),
        "files": list(contribution.attachments.all()),
        "published": published,
    }


# What happened to a contribution, in its sender's words
HAPPENED = {
    "intake.send": "Sent; a link to confirm went to your address",
    "intake.confirm": "Confirmed, and so received",
    "intake.change": "Changed by you; it awaits the secretariat",
    "intake.withdraw": "Withdrawn by you",
}


@contributing
def own(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """Show a sender their contribution: where it stands, its text, its history."""
    held, at = _own(slug, token), timezone.now()
    if held.standing == Standing.DRAFT:
        return _to("answers", slug, held)
    history = [
        (each.at, HAPPENED.get(each.what) or each.get_after_display() or "Looked at")
        for each in held.events.all()
    ]
    open_still = intake.takes(held.consultation, at, None, held.late_until)
    return _shown(
        request, "consultations/own.html", held.consultation, contribution=held, token=token,
        history=history, waits=held.standing in UNCONFIRMED,
        changeable=open_still and held.standing in (*UNCONFIRMED, *intake.OWN),
        withdrawable=open_still and held.standing in intake.OWN, **_told(held),
    )  # fmt: skip


@contributing
def withdraw(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """Ask whether to withdraw, and do it."""
    held, at, opened = _own(slug, token), timezone.now(), _opened(request)
    if request.method == "POST" and held.standing != Standing.WITHDRAWN:
        intake.withdraw(held, at=at, opened=opened)
    if held.standing == Standing.WITHDRAWN or request.method == "POST":
        return _to("own", slug, held)
    intake.guard(held, at, opened)
    return _shown(
        request, "consultations/withdraw.html", held.consultation, contribution=held, token=token
    )


@contributing
def confirm(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """Confirm by one button: looking at the page, as scanners of mail do, confirms nothing."""
    held = intake.by_confirmation(token)
    if held.consultation.group.slug != slug:
        raise Http404
    if request.method == "POST":
        received = intake.confirm(held, _links(request, slug), at=timezone.now())
        return _to("own", slug, received)
    return _shown(
        request, "consultations/confirm.html", held.consultation, contribution=held, **_told(held)
    )
