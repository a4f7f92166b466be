"""Answer for a public page from this process's memory, where what is kept there still holds.

A view says that its page is the same for everybody (`meetings.same_for_all`). The entity tag is that
of the bytes, so that every process gives the same one (RFC 9110); a copy elsewhere is asked about
each time it is used (RFC 9111).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeIs

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.http import parse_etags

from cwg.fresh.memory import Memory, edition

MOST_BYTES = 200_000  # of one page: files are not kept here
# Headers that a "not modified" repeats (RFC 9110, 15.4.5)
REPEATED = ("Cache-Control", "ETag", "Vary")
CONTROL = "public, max-age=0, must-revalidate"


@dataclass(frozen=True, slots=True)
class Kept:
    """A page as it is given again."""

    body: bytes
    headers: tuple[tuple[str, str], ...]
    tag: str


class FreshMiddleware:
    """Give kept pages, keep public ones, say “not modified”."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.memory: Memory[Kept] = Memory(settings.PAGES_KEPT)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method != "GET":
            return self.get_response(request)
        if not self.memory.most:
            response = self.get_response(request)
            return _answer(request, _page(response)) if _same_for_all(response) else response
        # asked before the page is made: what changes meanwhile makes it newer than its edition
        now, address = edition(timezone.now()), request.build_absolute_uri()
        page = self.memory.get(address, now)
        if page is None:
            response = self.get_response(request)
            if not _same_for_all(response):
                return response
            page = _page(response)
            if len(page.body) <= MOST_BYTES:
                self.memory.put(address, now, page)
        return _answer(request, page)


def _same_for_all(response: HttpResponseBase) -> TypeIs[HttpResponse]:
    said = getattr(response, "is_same_for_all", False) and isinstance(response, HttpResponse)
    return said and response.status_code == 200 and not response.cookies


def _page(response: HttpResponse) -> Kept:
    """Return what a view made, with its tag and what others may do with it."""
    tag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    headers = {**response.headers, "Cache-Control": CONTROL, "ETag": tag}
    return Kept(response.content, tuple(headers.items()), tag)


def _answer(request: HttpRequest, page: Kept) -> HttpResponse:
    asked = parse_etags(request.META.get("HTTP_IF_NONE_MATCH", ""))
    if "*" in asked or page.tag in {each.removeprefix("W/") for each in asked}:
        repeated = {name: value for name, value in page.headers if name in REPEATED}
        return HttpResponseNotModified(headers=repeated)
    return HttpResponse(page.body, headers=dict(page.headers))
