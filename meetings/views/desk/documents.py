"""The documents of somebody's delegation: the list, one of them, its files, what comes after it."""

from __future__ import annotations

import logging
from typing import Any

from django.contrib import messages as told
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from meetings import drafting, files, submitting
from meetings.access import Membership, may_submit
from meetings.forms.drafts import WithdrawForm
from meetings.frame import frame
from meetings.languages import in_any_language
from meetings.models import Document, DocumentFile, Meeting, Source, WorkingGroup
from meetings.views.desk import at_desk, my_documents, my_group, page, reading

ROWS_A_PAGE = 25
logger = logging.getLogger(__name__)


def readable_or_404(
    request: HttpRequest, slug: str, pk: int
) -> tuple[WorkingGroup, Membership, Document]:
    """Return a document of a group that the person reads at the desk. Raises Http404."""
    group, me = my_group(request, slug)
    rows = my_documents(request).select_related("group", "meeting__group", "member_state", "parent")
    found = get_object_or_404(
        rows.prefetch_related("group__names", "meeting__group__names"), pk=pk, group=group
    )
    return group, me, found


def own_or_404(
    request: HttpRequest, slug: str, pk: int
) -> tuple[WorkingGroup, Membership, Document]:
    """Return a document that the person's own delegation wrote. Raises Http404."""
    group, me, found = readable_or_404(request, slug, pk)
    if found.member_state_id != me.member_state:
        raise Http404
    return group, me, found


def must_submit(request: HttpRequest, document: Document) -> None:
    """Refuse what is the focal point's to somebody else of the delegation."""
    if not may_submit(request.user, document, timezone.localdate()):
        raise PermissionDenied


def to(name: str, document: Document, group: WorkingGroup) -> HttpResponseRedirect:
    """Lead to a page of a document."""
    return HttpResponseRedirect(reverse(f"desk:{name}", args=[group.slug, document.pk]))


def of_delegation(me: Membership) -> QuerySet[Document]:
    """Return everything that a delegation sent or prepares, and what names its country as a source."""
    named = Source.objects.standing().filter(document=OuterRef("pk"), member_state=me.member_state)
    return Document.objects.filter(
        Q(member_state=me.member_state) | Exists(named) & ~Q(number=""), group=me.group
    )


def rows_of(documents: QuerySet[Document], most: int) -> list[dict[str, Any]]:
    """Return the rows of a list of documents, the latest first, with where each stands."""
    found = documents.select_related("meeting", "session").order_by("-pk")[:most]
    return [
        {
            "document": each, "name": in_any_language(each.title),
            "standing": reading.standing(each),
        }
        for each in found
    ]  # fmt: skip


@require_safe
@at_desk
def document_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Show everything the person's country ever sent to the group, and where each stands."""
    group, me = my_group(request, slug)
    asked = request.GET.get("before", "")
    documents = of_delegation(me)
    if asked.isascii() and asked.isdigit() and len(asked) < 19:
        documents = documents.filter(pk__lt=int(asked))
    rows = rows_of(documents, ROWS_A_PAGE + 1)
    more = rows[ROWS_A_PAGE - 1]["document"].pk if len(rows) > ROWS_A_PAGE else None
    return page(
        request, "documents.html",
        {**frame(group), "rows": rows[:ROWS_A_PAGE], "more": more, "further": bool(asked)},
    )  # fmt: skip


@require_safe
@at_desk
def document(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Show a document: what it says, and to its own delegation where it stands and what it may do."""
    group, me, found = readable_or_404(request, slug, pk)
    own = found.member_state_id == me.member_state
    mine = found.sources.filter(member_state=me.member_state, asked_at__isnull=False).first()
    focal, state = me.focal_point, found.state
    goes_on = own and not found.is_draft and found.withdrawn_at is None
    open_meeting = found.meeting is not None and drafting.takes(found.meeting, timezone.now())
    root = found.parent or found
    return page(
        request, "document.html",
        {
            **frame(group), **reading.shown(found),
            "files": list(_files(found, own=own)),
            "own": own, "focal": focal, "is_draft": found.is_draft,
            "standing": reading.standing(found), "state": state,
            "acts": reading.acts(found) if own else [],
            "later": _later(request, root) if not found.is_draft else [],
            "drafts": list(Document.objects.drafts().filter(parent=root)) if goes_on else [],
            "asked": mine if not own else None,
            "may_answer": focal and not own and mine is not None and found.withdrawn_at is None
            and (mine.is_pending or found.is_draft),
            "may_go_on": goes_on and open_meeting,
            "may_withdraw": goes_on and focal and found.meeting is not None
            and found.meeting.closed_on is None,
        },
    )  # fmt: skip


def _later(request: HttpRequest, root: Document) -> list[Document]:
    """Return what was submitted after a document, as far as the person reads it."""
    mine = my_documents(request).filter(parent=root).values("pk")
    return list(Document.objects.submitted().filter(pk__in=mine).order_by("pk"))


def _files(document: Document, *, own: bool) -> QuerySet[DocumentFile]:
    """Return the files that are offered: of what was withdrawn, to its own delegation alone."""
    return document.files.all() if own or document.withdrawn_at is None else document.files.none()


@require_safe
@at_desk
def document_file(request: HttpRequest, slug: str, pk: int, file: int) -> HttpResponseBase:
    """Send a file of a document that the person reads."""
    _, me, found = readable_or_404(request, slug, pk)
    if not _files(found, own=found.member_state_id == me.member_state).filter(pk=file).exists():
        raise Http404
    return sent(request, found, file)


def sent(request: HttpRequest, document: Document, file: int) -> HttpResponseBase:
    """Send a file of `document`, kept by nobody on the way. Raises Http404."""
    rows = document.files.select_related("document")
    found = get_object_or_404(rows, pk=file)
    try:
        return files.answer(
            request, found.path, reading.file_name(found), found.form, found.sha256, public=False
        )
    except FileNotFoundError:
        logger.exception("The file of document %s is not there", document.pk)
        raise Http404 from None


@require_POST
@at_desk
def later(request: HttpRequest, slug: str, pk: int, relation: str) -> HttpResponse:
    """Begin the revision, addendum or corrigendum of a document, or go on with the one begun."""
    group, _, found = own_or_404(request, slug, pk)
    person: Any = request.user
    try:
        begun = drafting.begin_later(found, relation, by=person, at=timezone.now())
    except drafting.DraftingError as problem:
        return said(request, group, "Not possible now", str(problem), status=409)
    return to("document_text", begun, group)


@at_desk
def withdraw(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ask why a document is withdrawn, and withdraw it."""
    group, _, found = own_or_404(request, slug, pk)
    must_submit(request, found)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    person: Any = request.user
    if form.is_valid():
        try:
            submitting.withdraw(found, form.cleaned_data["reason"], by=person, at=timezone.now())
        except submitting.SubmittingError as problem:
            return said(request, group, "Not possible now", str(problem), status=409)
        told.success(request, "The document is withdrawn. Its number, where it has one, stays.")
        return to("document", found, group)
    if found.is_draft or found.withdrawn_at is not None:
        return to("document", found, group)
    context = {**frame(group), **reading.shown(found), "form": form}
    return page(request, "document_withdraw.html", context, form)


def said(
    request: HttpRequest | None, group: WorkingGroup | None, heading: str, words: str, *,
    status: int, typed: Any = (),
) -> HttpResponse:  # fmt: skip
    """Show a page that says one thing, with what was typed where it could not be kept.

    Without a request the database is asked for nothing: it may be away.
    """
    context = {"heading": heading, "said": words, "typed": list(typed), "group": group}
    answer = page(request, "said.html", context)
    answer.status_code = status
    return answer


def at_home(request: HttpRequest, group: WorkingGroup, me: Membership) -> dict[str, Any]:
    """Return the desk's own page's part of a group: documents, co-sponsorships, where to write next."""
    day = timezone.localdate()
    asked = (
        Source.objects.filter(
            member_state=me.member_state, asked_at__isnull=False, confirmed_at=None,
            declined_at=None, document__group=group, document__withdrawn_at=None,
        )
        .exclude(document__member_state=me.member_state)
        .select_related("document__member_state")
        .order_by("asked_at", "pk")
    )  # fmt: skip
    meetings = Meeting.objects.taking_documents(day).filter(group=group)
    return {
        **frame(group), "focal": me.focal_point,
        "rows": rows_of(of_delegation(me).filter(member_state=me.member_state), 6),
        "asked": [(each, in_any_language(each.document.title)) for each in asked[:50]],
        "takes_documents": meetings.exists(),
    }  # fmt: skip
