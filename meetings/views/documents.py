"""Public documents: their pages, their files, all of a meeting's in one archive.

A document that is not public answers here as one that is not there, also where it was public once:
no answer to somebody who may not read it says that it exists. One that was withdrawn says so, and a
file that was taken away leads to its document's page.
"""

from __future__ import annotations

import logging
from typing import Any

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
)
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from meetings import files, register, sending
from meetings.document_page import tell
from meetings.frame import frame, group_or_404, meeting_or_404
from meetings.languages import LANGUAGES, in_any_language
from meetings.models import Document, DocumentFile, Meeting, WorkingGroup
from meetings.package import TYPE, package, pieces
from meetings.record import name_on
from meetings.register import PUBLIC, Door
from meetings.same_for_all import same_for_all

logger = logging.getLogger(__name__)


def public_documents(group: WorkingGroup) -> Any:
    """Return the documents of a group that everybody reads."""
    return Document.objects.public().filter(group=group)


def found_or_404(documents: Any, meeting: str, name: str, later: str) -> Document:
    """Return the one of `documents` that an address names. Raises Http404."""
    found = register.find(documents, meeting, name, later)
    if found is None:
        raise Http404
    return found


@require_safe
@same_for_all
def document(
    request: HttpRequest, slug: str, meeting: str, name: str, later: str = ""
) -> HttpResponse:
    """Show one document with its files, what replaced it and where it was discussed."""
    group = group_or_404(slug)
    documents = public_documents(group)
    found = found_or_404(documents, meeting, name, later)
    context = {**frame(group), "told": tell(found, documents, PUBLIC)}
    return render(request, "meetings/document_read.html", context)


@require_safe
def document_file(
    request: HttpRequest,
    *,
    slug: str,
    meeting: str,
    name: str,
    language: str,
    form: str,
    later: str = "",
) -> HttpResponseBase:
    """Send a file of a public document; one that was taken away leads to the document's page."""
    group = group_or_404(slug)
    found = found_or_404(public_documents(group), meeting, name, later)
    return sent(request, found, language, form, PUBLIC)


def sent(
    request: HttpRequest, document: Document, language: str, form: str, door: Door
) -> HttpResponseBase:
    """Send a file of `document` to whoever came in by `door`. Raises Http404."""
    if language not in LANGUAGES or form not in DocumentFile.Form.values:
        raise Http404
    offered = document.withdrawn_at is None
    rows = document.files.filter(language=language, form=form) if offered else ()
    row = next(iter(rows), None)
    if row is None:
        return HttpResponseRedirect(door.address(document))
    name = register.file_name(document, row)
    try:
        return files.answer(request, row.path, name, row.form, row.sha256, public=door is PUBLIC)
    except FileNotFoundError:
        logger.exception("The file of document %s in %s is not there", document.pk, language)
        raise Http404 from None


@require_safe
def archive(request: HttpRequest, slug: str, number: str) -> HttpResponseBase:
    """Send all public documents of a meeting in one archive."""
    group = group_or_404(slug)
    held = meeting_or_404(group, number)
    return archive_of(request, held, public_documents(group), public=True)


def has_archive(meeting: Meeting, documents: Any) -> bool:
    """Say whether `documents` hold a file of a meeting's register, so that its archive holds one."""
    return bool(
        documents.filter(
            meeting=meeting, ordinal__isnull=False, withdrawn_at=None, files__isnull=False
        ).exists()
    )


def archive_of(
    request: HttpRequest, meeting: Meeting, documents: Any, *, public: bool
) -> HttpResponseBase:
    """Send those of `documents` that went to `meeting`. Raises Http404 where there is none."""
    rows = register.with_all_it_shows(documents.filter(meeting=meeting, ordinal__isnull=False))
    listed = list(register.in_order(rows, ""))
    if not listed:
        raise Http404
    name = name_on(meeting.group, meeting.first_day)
    acronym = in_any_language(name.acronym) if name else meeting.group.slug
    made = package(meeting, listed, f"{acronym}-{meeting.number}")
    return sending.sent(request, pieces(made), TYPE, made.file_name, f'"{made.tag}"', public=public)
