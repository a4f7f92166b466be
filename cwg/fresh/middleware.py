"""Answer for a public page from this process's memory, where what is kept there still holds.

A view says that its page is the same for everybody (`meetings.same_for_all`). What is kept holds as
long as the record's stamp is the same and the clock has not reached the next instant at which
anything changes by itself (an opening, a closing, a new day). The entity tag is that of the bytes, so
that every process gives the same one (RFC 9110); a copy elsewhere is asked about each time it is
used (RFC 9111).
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import TypeIs

from django.conf import settings
from django.db.models import Min, Q
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.http import parse_etags

from consultations.models import Consultation
from cwg.fresh import stamp

MOST_BYTES = 200_000  # of one page: files are not kept here
# Headers that a "not modified" repeats (RFC 9110, 15.4.5)
REPEATED = ("Cache-Control", "ETag", "Vary")
CONTROL = "public, max-age=0, must-revalidate"
NO_STAMP: stamp.Stamp = (0, 0, 0)
FOREVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Kept:
    """A page, and until when it holds."""

    body: bytes
    headers: tuple[tuple[str, str], ...]
    tag: str
    stamp: stamp.Stamp
    until: datetime = FOREVER


class Memory:
    """The pages a process keeps: the last used ones, by address."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._pages: OrderedDict[str, Kept] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, address: str, now: datetime) -> Kept | None:
        """Return the page kept for an address if it still holds."""
        with self._lock:
            kept = self._pages.get(address)
            if kept is not None:
                self._pages.move_to_end(address)
        if kept is None or kept.until <= now or kept.stamp != stamp.now():
            return None
        return kept

    def put(self, address: str, kept: Kept) -> None:
        """Keep a page; the one that was not used for longest makes room."""
        with self._lock:
            self._pages[address] = kept
            self._pages.move_to_end(address)
            while len(self._pages) > self.most:
                self._pages.popitem(last=False)


def next_change(now: datetime) -> datetime:
    """Return the next instant after `now` at which a public page changes by the clock.

    A new day begins in UTC, by which pages tell what is past; rounds are announced, open and close.
    """
    midnight = datetime.combine(now.date() + timedelta(days=1), time(0), now.tzinfo)
    instants = Consultation.objects.public().aggregate(
        **{
            name: Min(name, filter=Q(**{f"{name}__gt": now}))
            for name in ("announced_at", "opens_from", "closed_from")
        }
    )
    known: list[datetime] = [each for each in instants.values() if each is not None]
    return min([midnight, *known])


class FreshMiddleware:
    """Give kept pages, keep public ones, say “not modified”."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.memory = Memory(settings.PAGES_KEPT)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method != "GET":
            return self.get_response(request)
        now, address = timezone.now(), request.build_absolute_uri()
        page = self.memory.get(address, now)
        if page is None:
            # read before the page is made: what changes meanwhile makes it newer than its stamp
            before = stamp.now() if self.memory.most else NO_STAMP
            response = self.get_response(request)
            if not _same_for_all(response):
                return response
            page = _page(response, before)
            if self.memory.most and len(page.body) <= MOST_BYTES:
                self.memory.put(address, replace(page, until=next_change(now)))
        return _answer(request, page)


def _same_for_all(response: HttpResponseBase) -> TypeIs[HttpResponse]:
    said = getattr(response, "is_same_for_all", False) and isinstance(response, HttpResponse)
    return said and response.status_code == 200 and not response.cookies


def _page(response: HttpResponse, before: stamp.Stamp) -> Kept:
    """Return what a view made, with its tag and what others may do with it."""
    tag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    headers = {**response.headers, "Cache-Control": CONTROL, "ETag": tag}
    return Kept(response.content, tuple(headers.items()), tag, before)


def _answer(request: HttpRequest, page: Kept) -> HttpResponse:
    asked = parse_etags(request.META.get("HTTP_IF_NONE_MATCH", ""))
    if "*" in asked or page.tag in {each.removeprefix("W/") for each in asked}:
        repeated = {name: value for name, value in page.headers if name in REPEATED}
        return HttpResponseNotModified(headers=repeated)
    return HttpResponse(page.body, headers=dict(page.headers))
