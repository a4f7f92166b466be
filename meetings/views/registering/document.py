"""One document with the secretariat: all its facts, its files, what can be done with it."""

from __future__ import annotations

import logging
from typing import Any

from auditlog.models import LogEntry
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from meetings import files, language_versions, register
from meetings.access import audience
from meetings.agenda_numbers import numbered
from meetings.forms.registering import ActForm, acts_on
from meetings.languages import LANGUAGES, in_any_language
from meetings.models import AgendaItem, Document
from meetings.views.registering import CHANGE, document_or_404, page
from meetings.views.registering.lists import LOOKS

MOST_ENTRIES = 50
HAPPENED = {
    "registering.register": "Registered",
    "registering.correct": "Data corrected",
    "registering.decide_late": "Decided about as late",
    "registering.move_held": "Moved to the next meeting",
    "registering.publish": "Made public",
    "registering.restrict": "Restricted to members",
    "registering.withdraw": "Withdrawn by the secretariat",
    "entering.enter": "Entered",
    "entering.enter_later": "Entered",
    "language_versions.put": "Language version added",
    "submitting.submit": "Submitted",
    "submitting.withdraw": "Withdrawn by its delegation",
    "submitting.answer": "Co-sponsor answered",
}
logger = logging.getLogger(__name__)


def document(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a document; do what is asked."""
    found = document_or_404(request, pk)
    may = request.user.has_perm(CHANGE, found)
    if request.method == "POST" and not may:
        raise PermissionDenied
    asked = request.POST.get("act", "")
    forms = [_form(act, request, found, asked) for act in (acts_on(found) if may else ())]
    person: Any = request.user
    for form in forms:
        if form.is_bound and form.is_valid() and form.save(by=person, at=timezone.now()):
            messages.success(request, form.done_words)
            return HttpResponseRedirect(reverse("admin:document", args=[pk]))
    if asked and not any(form.is_bound for form in forms):
        messages.warning(request, "The document stands otherwise by now. Nothing was changed.")
        return HttpResponseRedirect(reverse("admin:document", args=[pk]))
    return page(request, "registering_document.html", _context(found, forms, asked, may), *forms)


def _form(act: type[ActForm], request: HttpRequest, found: Document, asked: str) -> ActForm:
    if act.name == asked:
        return act(request.POST, request.FILES, document=found)
    return act(None, document=found)


def _context(found: Document, forms: list[ActForm], asked: str, may: bool) -> dict[str, Any]:
    items = {each.pk for each in found.agenda_items.all()}
    agenda = numbered(list(AgendaItem.objects.filter(meeting=found.meeting))) if items else []
    base = found.in_register and found.parent_id is None and found.withdrawn_at is None
    later = Document.objects.submitted().filter(parent=found.parent_id or found.pk)
    return {
        "title": in_any_language(found.title),
        "document": found,
        "state": found.state.label,
        "look": LOOKS.get(found.state, ""),
        "audience": audience(found),
        "titles": [(code, text) for code, text in (found.title or {}).items()],
        "summary": in_any_language(found.summary),
        "action_required": in_any_language(found.action_required),
        "sources": list(found.sources.select_related("member_state", "confirmed_by")),
        "items": [(number, str(item)) for number, item in agenda if item.pk in items],
        "files": _files(found),
        "missing": [
            LANGUAGES[code]
            for code, word in language_versions.told(found.files.all()).items() if not word
        ],
        "later": list(later.exclude(pk=found.pk).order_by("pk")),
        "relations": list(Document.Relation.choices) if base and may else [],
        "main_acts": [form for form in forms if not form.fields],
        "acts": [form for form in forms if form.fields],
        "wanted": asked,
        "may": may and found.withdrawn_at is None,
        "history": _history(found),
        "public_address": found.get_absolute_url() if found.public and found.in_register else "",
    }  # fmt: skip


def _files(found: Document) -> list[dict[str, Any]]:
    return [
        {
            "row": each,
            "name": register.file_name(found, each),
            "form": register.FORMS[each.form],
        }
        for each in found.files.select_related("added_by")
    ]


def _history(found: Document) -> list[dict[str, Any]]:
    """Return what happened to a document, the last first; one line for each act."""
    entries = LogEntry.objects.get_for_object(found).select_related("actor")
    rows: list[dict[str, Any]] = []
    for entry in entries.order_by("-pk")[:MOST_ENTRIES]:
        said = entry.additional_data or {}
        what = HAPPENED.get(said.get("activity", ""), "Changed")
        row = {
            "what": what, "by": entry.actor, "reason": said.get("reason", ""), "at": entry.timestamp
        }  # fmt: skip
        same = rows and all(rows[-1][name] == row[name] for name in ("what", "by", "reason"))
        if not same or abs((rows[-1]["at"] - entry.timestamp).total_seconds()) > 1:
            rows.append(row)
    return rows


def document_file(request: HttpRequest, pk: int, file: int) -> HttpResponseBase:
    """Send a file to staff, also of what is not registered or was withdrawn."""
    found = document_or_404(request, pk)
    row = get_object_or_404(found.files, pk=file)
    name = register.file_name(found, row)
    try:
        return files.answer(request, row.path, name, row.form, row.sha256, public=False)
    except FileNotFoundError:
        logger.exception("The file of document %s in %s is not there", pk, row.language)
        raise Http404 from None
