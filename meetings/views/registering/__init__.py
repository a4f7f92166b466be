"""The secretariat's pages about documents: what waits, one document, what lacks which version."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from meetings.access import groups_of, visible_to
from meetings.models import Document, WorkingGroup
from meetings.views import secretariat

VIEW, ADD, CHANGE = (f"meetings.{verb}_document" for verb in ("view", "add", "change"))


def my_groups(request: HttpRequest, act: str = VIEW) -> list[WorkingGroup]:
    """Return the groups kept here in which the person may do `act`. Raises PermissionDenied."""
    groups = groups_of(request.user, timezone.localdate()).filter(record_kept_here=True)
    found = [each for each in groups.prefetch_related("names") if request.user.has_perm(act, each)]
    if not found and not (request.user.is_superuser and request.user.has_perm(act)):
        raise PermissionDenied
    return found


def my_documents(request: HttpRequest) -> QuerySet[Document]:
    """Return the documents that the person sees here: drafts of delegations are not there."""
    return visible_to(request.user, Document.objects.all(), timezone.localdate())


def document_or_404(request: HttpRequest, pk: int, act: str = VIEW) -> Document:
    """Return one of them. Raises Http404, and PermissionDenied where the person may not do `act`."""
    rows = my_documents(request).select_related(
        "group", "meeting__group", "session__body", "parent__meeting__group", "parent__group",
        "member_state", "submitted_by",
    )  # fmt: skip
    found = rows.prefetch_related("group__names").filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise Http404
    if not request.user.has_perm(act, found):
        raise PermissionDenied
    return found


def page(request: HttpRequest, template: str, context: dict[str, Any], *forms: Any) -> HttpResponse:
    """Show one of these pages; with a form that has to be mended it answers 422."""
    return secretariat.page(request, f"meetings/{template}", context, *forms)
