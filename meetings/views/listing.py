"""The register of a meeting on a page: narrowed and sorted as asked, a part at a time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

from meetings import register
from meetings.filters import RegisterFilter
from meetings.models import Document, Meeting
from meetings.register import Door

ROWS_A_PAGE = 100


def listing(
    request: HttpRequest,
    meeting: Meeting,
    visible: QuerySet[Document],
    door: Door,
    since: datetime | None = None,
) -> dict[str, Any]:
    """Return what the register shows of those of `visible` that went to `meeting`.

    What came into it after `since` is marked as new.
    """
    documents = visible.filter(meeting=meeting)
    narrowed = RegisterFilter(request.GET, queryset=documents, meeting=meeting)
    found = register.with_all_it_shows(narrowed.found)
    page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
    return {
        "filter": narrowed,
        "narrowed": bool(narrowed.asked()),
        "columns": register.columns(narrowed.order(), _query(request, "sort", "page")),
        "page": page,
        "query": _query(request, "page"),
        "register": register.rows(list(page), visible, door, since),
    }


def _query(request: HttpRequest, *without: str) -> str:
    asked = request.GET.copy()
    for name in without:
        asked.pop(name, None)
    return f"{asked.urlencode()}&" if asked else ""
