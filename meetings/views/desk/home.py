"""The desk's own page: what stands next for somebody's delegations."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from meetings.access import memberships
from meetings.models import WorkingGroup
from meetings.views.desk import at_desk, documents, page


@at_desk
def home(request: HttpRequest) -> HttpResponse:
    """Show the next meetings with their deadlines, the delegation's documents, what is asked of it."""
    mine = {each.group: each for each in memberships(request.user, timezone.localdate())}
    groups = WorkingGroup.objects.filter(pk__in=mine).prefetch_related("names").order_by("slug")
    delegations = [documents.at_home(request, group, mine[group.pk]) for group in groups]
    return page(request, "home.html", {"delegations": delegations})
