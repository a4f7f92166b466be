"""A co-sponsorship confirmed or declined: at the desk, or by the link of a mail without signing in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as told
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from meetings import submitting, submitting_mails
from meetings.forms.drafts import AnswerForm
from meetings.frame import frame
from meetings.models import Document, Source
from meetings.submitting_mails import LinkError
from meetings.views.desk import at_desk, page, reading
from meetings.views.desk.documents import readable_or_404, said, sent, to

UNCLEAR = "The page did not say which answer it was. Go back and press one of its two buttons."


@require_POST
@at_desk
def answer(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Confirm or decline for the person's own Member State: its focal point does."""
    group, me, found = readable_or_404(request, slug, pk)
    source = found.sources.filter(member_state=me.member_state, asked_at__isnull=False).first()
    if source is None or found.member_state_id == me.member_state:
        raise Http404
    if not me.focal_point:
        raise PermissionDenied
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return said(request, group, "Not possible now", UNCLEAR, status=422)
    try:
        now = _answer(source, form, request.user)
    except submitting.SubmittingError as problem:
        return said(request, group, "Not possible now", str(problem), status=409)
    told.success(request, _words(now))
    return to("document", found, group)


def _answer(source: Source, form: AnswerForm, person: Any) -> Source:
    return submitting.answer(
        source, confirmed=form.cleaned_data["answer"] == "confirm",
        saves=form.cleaned_data["saves"], by=person, at=timezone.now(),
    )  # fmt: skip


def _words(source: Source) -> str:
    if source.confirmed_at is not None:
        return f"{source} is confirmed as a co-sponsor."
    return f"{source} declined: the document does not come from it."


@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Show the focal point of a co-sponsor the document by the link of a mail; take the answer.

    Opening the link answers nothing: programs that look through mails open links.
    """
    try:
        source, person = submitting_mails.by_token(token, timezone.now())
    except LinkError as problem:
        return said(request, None, "This link leads nowhere", str(problem), status=404)
    group = source.document.group
    if request.method == "POST":
        form = AnswerForm(request.POST)
        if not form.is_valid():
            return said(request, group, "Not possible now", UNCLEAR, status=422)
        try:
            now = _answer(source, form, person)
        except submitting.SubmittingError as problem:
            return said(request, group, "Not possible now", str(problem), status=409)
        words = f"{_words(now)} The delegation that wrote the document is told by mail."
        return said(request, group, "Thank you", words, status=200)
    rows = Document.objects.select_related("group", "meeting__group", "member_state", "parent")
    document = rows.get(pk=source.document_id)
    if not _is_asked(source):
        words = str(submitting.NotAskedError() if document.withdrawn_at else LinkError())
        return said(request, group, "This link leads nowhere", words, status=404)
    context = {**frame(group), **reading.shown(document), "asked": source, "token": token}
    return page(request, "co_sponsor.html", context)


def _is_asked(source: Source) -> bool:
    """Say whether the answer is still to be given or changed: as long a link shows the document."""
    about = source.document
    return about.withdrawn_at is None and (source.is_pending or about.is_draft)


@require_safe
def link_file(request: HttpRequest, token: str, file: int) -> HttpResponseBase:
    """Send the focal point of a co-sponsor a file of the document by the link of a mail."""
    try:
        source, _ = submitting_mails.by_token(token, timezone.now())
    except LinkError as problem:
        raise Http404(str(problem)) from problem
    if not _is_asked(source):
        raise Http404
    return sent(request, source.document, file)
