"""Lists of documents: what is to be registered and decided about first; what lacks which version."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from meetings import language_versions
from meetings.forms.document_filter import DocumentFilter, MeetingChoice
from meetings.languages import LANGUAGES, in_any_language
from meetings.models import Document
from meetings.register import IN_REGISTER
from meetings.views.registering import ADD, my_documents, my_groups, page

ROWS_A_PAGE = 50
LOOKS = {
    Document.State.RECEIVED: "open", Document.State.PUBLISHED: "kept",
    Document.State.WITHDRAWN: "late",
}  # fmt: skip
TO_DECIDE = Q(late=True, late_decision="")


def _first_what_waits() -> Case:
    """Return the order: late ones to decide about, others to register, then the rest."""
    waits = Q(submitted_at__isnull=False, number="", withdrawn_at=None)
    held = Q(late_decision=Document.LateDecision.HELD)
    return Case(
        When(waits & TO_DECIDE, then=Value(0)),
        When(waits & ~held, then=Value(1)),
        When(waits, then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Show the documents of the person's groups: first what waits for an act."""
    groups = my_groups(request)
    mine = my_documents(request).filter(group__in=groups)
    narrowed = DocumentFilter(request.GET, queryset=mine, groups=groups)
    found = narrowed.qs.annotate(waits=_first_what_waits()).order_by("waits", "-pk")
    rows = found.select_related("meeting", "session", "member_state", "group")
    shown = Paginator(rows.prefetch_related("group__names"), ROWS_A_PAGE)
    here = shown.get_page(request.GET.get("page"))
    context = {
        "title": "Documents",
        "filter": narrowed,
        "narrowed": any(request.GET.get(name) for name in narrowed.filters),
        "page": here,
        "rows": [_row(each) for each in here],
        "several_groups": len(groups) > 1,
        "may_enter": any(request.user.has_perm(ADD, each) for each in groups),
        "query": _query(request),
    }
    return page(request, "registering_list.html", context)


def _row(document: Document) -> dict[str, Any]:
    return {
        "document": document,
        "title": in_any_language(document.title),
        "look": LOOKS.get(document.state, ""),
        "state": document.state.label,
        "decide": document.late and not document.late_decision and not document.number
        and document.withdrawn_at is None,
        "held": document.late_decision == Document.LateDecision.HELD and not document.number,
    }  # fmt: skip


@require_safe
def languages(request: HttpRequest) -> HttpResponse:
    """Show what of a meeting's documents there is in which language, and what is missing."""
    groups = my_groups(request)
    choice = MeetingChoice(request.GET or None, groups=groups)
    documents = _standing(my_documents(request), choice.chosen())
    shown = Paginator(documents.prefetch_related("files"), ROWS_A_PAGE)
    here = shown.get_page(request.GET.get("page"))
    rows = [
        (
            each, in_any_language(each.title),
            {LANGUAGES[code]: word for code, word in language_versions.told(each.files.all()).items()},
        )
        for each in here
    ]  # fmt: skip
    context = {
        "title": "Language versions",
        "form": choice,
        "meeting": choice.chosen(),
        "page": here,
        "rows": rows,
        "languages": list(LANGUAGES.items()),
        "query": _query(request),
    }
    return page(request, "registering_languages.html", context)


def _standing(documents: QuerySet[Document], meeting: Any) -> QuerySet[Document]:
    """Return what stands of a meeting's register: neither withdrawn nor replaced by a revision."""
    revisions = Document.objects.filter(
        relation=Document.Relation.REVISION, withdrawn_at=None, relation_number__isnull=False,
        meeting=meeting,
    )  # fmt: skip
    latest: dict[int, Document] = {}
    for each in revisions.order_by("relation_number"):
        if each.parent_id is not None:
            latest[each.parent_id] = each
    replaced = {*latest} | {
        each.pk for each in revisions if latest[each.parent_id or 0].pk != each.pk
    }
    return (
        documents.filter(meeting=meeting, withdrawn_at=None)
        .exclude(number="")
        .exclude(pk__in=replaced)
        .order_by(*IN_REGISTER)
    )


def _query(request: HttpRequest) -> str:
    asked = request.GET.copy()
    asked.pop("page", None)
    return f"{asked.urlencode()}&" if asked else ""
