"""Show the pages to somebody who looks at them as another role, and let nothing be changed meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from cwg.accounts import viewing

# Public pages are the same for everybody: there is nothing to look at as somebody else, and a
# cache may keep them.
APART = ("/secretariat/", "/accounts/")
READING = frozenset({"GET", "HEAD", "OPTIONS"})
# Here the person is themselves: to stop, and to leave.
AS_ONESELF = ("view_as_stop", "account_logout", "admin:logout")


class ViewingMiddleware:
    """Give `request.viewing_as`, and to a page that is looked at as another role, its lowered user."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        seen = None
        # Whoever has no session is nobody.
        if request.path.startswith(APART) and settings.SESSION_COOKIE_NAME in request.COOKIES:
            seen = viewing.current(request.session, request.user)
        asked: Any = request
        asked.viewing_as = seen.label if seen else ""
        if seen is None or request.path in {reverse(name) for name in AS_ONESELF}:
            return self.get_response(request)
        if request.method not in READING:
            return render(request, "accounts/viewing_only.html", status=403)
        asked.user = seen.user
        return self.get_response(request)
