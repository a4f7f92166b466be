"""The desk's own page: what stands next for somebody's delegations."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from meetings.views.desk import at_desk, page


@at_desk
def home(request: HttpRequest) -> HttpResponse:
    """Show the next meetings with their deadlines, the delegation's documents, what is asked of it."""
    return page(request, "home.html", {})
