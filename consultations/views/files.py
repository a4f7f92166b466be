"""Files: attachments to everybody and to their sender, and a round's questions as a Word file."""

from __future__ import annotations

import logging

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from consultations import access, intake, questions
from consultations.models import Attachment
from consultations.views.private import of_link
from meetings import files
from meetings.same_for_all import same_for_all
from meetings.site_address import absolute
from meetings.typesetting.docx import TemplateError, render_docx

logger = logging.getLogger(__name__)


@require_safe
def attachment(
    request: HttpRequest, slug: str, key: str, number: int, file: int
) -> HttpResponseBase:
    """Send everybody a file of a published contribution, unless it is withheld."""
    rows = Attachment.objects.select_related("contribution__consultation__group")
    found = get_object_or_404(
        rows, pk=file, contribution__number=number, contribution__consultation__key=key,
        contribution__consultation__group__slug=slug,
    )  # fmt: skip
    if not access.may_fetch(found):
        raise Http404
    return _sent(request, found, public=True)


@require_safe
def own_file(request: HttpRequest, slug: str, token: str, file: int) -> HttpResponseBase:
    """Send a sender their own file, as it is kept."""
    try:
        held = of_link(slug, token)
    except intake.LinkError as problem:
        raise Http404(str(problem)) from problem
    return _sent(request, get_object_or_404(held.attachments, pk=file), public=False)


def _sent(request: HttpRequest, found: Attachment, *, public: bool) -> HttpResponseBase:
    try:
        return files.answer(
            request, found.path, found.name, found.kind, found.sha256, public=public
        )
    except FileNotFoundError:
        logger.exception("The file of attachment %s is not there", found.pk)
        raise Http404 from None


@require_safe
@same_for_all
def questions_file(request: HttpRequest, slug: str, round_slug: str) -> HttpResponse:
    """Send a round's questions as a Word file, to work on with colleagues."""
    rounds = access.public_consultations().select_related("group")
    consultation = get_object_or_404(rounds, group__slug=slug, slug=round_slug)
    page = absolute(consultation.get_absolute_url())
    document = questions.document(consultation, page, timezone.localdate())
    if document is None:
        raise Http404
    try:
        content = render_docx(document, settings.WORD_TEMPLATE)
    except TemplateError:
        logger.exception("The questions of %s could not be written", consultation.pk)
        content = render_docx(document)
    answer = HttpResponse(content, content_type=files.TYPES["docx"])
    name = f"{slug}-{consultation.key}-questions.docx"
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer
