"""What every page of the secretariat’s desk has in common: whose rows, who may, how it is shown."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from consultations.models import Consultation, Contribution
from meetings.access import groups_of
from meetings.models import WorkingGroup
from meetings.views import secretariat
from meetings.views.secretariat import key as key  # noqa: PLC0414  # handed on
from meetings.views.secretariat import sent as sent  # noqa: PLC0414  # handed on

MODERATE = "consultations.change_contribution"


def moderated(request: HttpRequest, act: str = MODERATE) -> list[WorkingGroup]:
    """Return the groups in which the person may do `act`. Raises PermissionDenied where there is none."""
    groups = groups_of(request.user, timezone.localdate()).prefetch_related("names")
    found = [each for each in groups if request.user.has_perm(act, each)]
    if not found and not (request.user.is_superuser and request.user.has_perm(act)):
        raise PermissionDenied
    return found


def contributions(request: HttpRequest) -> QuerySet[Contribution]:
    """Return the received contributions to rounds of the person’s groups; the others are not there."""
    rows = Contribution.objects.received().select_related("consultation__group", "country__region")
    return rows.filter(consultation__group__in=groups_of(request.user, timezone.localdate()))


def contribution_or_404(request: HttpRequest, pk: int, **facts: Any) -> Contribution:
    """Return one of them. Raises Http404, and PermissionDenied where it is only to be read elsewhere."""
    rows = contributions(request).select_related("refusal__proposed_by", "merged_into")
    found = rows.filter(pk=pk, **facts).first()
    if found is None:
        raise Http404
    if not request.user.has_perm(MODERATE, found):
        raise PermissionDenied
    return found


def round_or_404(request: HttpRequest, pk: int, act: str) -> Consultation:
    """Return a round of the person’s groups. Raises Http404 or PermissionDenied."""
    rows = Consultation.objects.filter(group__in=groups_of(request.user, timezone.localdate()))
    found = rows.select_related("group", "decided_by__meeting__group").filter(pk=pk).first()
    if found is None:
        raise Http404
    if not request.user.has_perm(act, found):
        raise PermissionDenied
    return found


def page(request: HttpRequest, template: str, context: dict[str, Any], *forms: Any) -> HttpResponse:
    """Show a page of the desk; with a form that has to be mended it answers 422."""
    return secretariat.page(request, f"consultations/{template}", context, *forms)
