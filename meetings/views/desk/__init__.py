"""The desk of the Member States' delegations: every page asks for the terms of the day."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from meetings.access import Membership, documents_at_desk, memberships
from meetings.frame import group_or_404
from meetings.frame import meeting_or_404 as meeting_or_404  # handed on
from meetings.models import Document, WorkingGroup


def at_desk(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let in whoever is in a delegation today; to others there is nothing here but the way out.

    Somebody who is in none is told so at the desk's own page; every other address below it answers
    them as if it were not there.
    """

    @wraps(view)
    @login_required
    def answering(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not memberships(request.user, timezone.localdate()):
            if args or kwargs:
                raise Http404
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return answering


def my_group(request: HttpRequest, slug: str) -> tuple[WorkingGroup, Membership]:
    """Return a group and the person's place in it. Raises Http404 where they have none today."""
    group = group_or_404(slug)
    for each in memberships(request.user, timezone.localdate()):
        if each.group == group.pk:
            return group, each
    raise Http404


def my_documents(request: HttpRequest) -> QuerySet[Document]:
    """Return the documents that the person reads at the desk today; others are not there."""
    return documents_at_desk(request.user, timezone.localdate())


def page(
    request: HttpRequest | None, template: str, context: dict[str, Any], *forms: Any
) -> HttpResponse:
    """Show a page of the desk; with a form that has to be mended it answers 422."""
    wrong = any(form is not None and form.is_bound and form.errors for form in forms)
    return render(
        request,
        f"meetings/desk/{template}",
        {"wrong": wrong, **context},
        status=422 if wrong else 200,
    )
