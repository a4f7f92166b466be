"""What only some may see is kept by nobody on the way: its refusals and redirects neither."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

APART = ("/desk/", "/secretariat/", "/accounts/")
CONTROL = "private, no-store"


class PrivateMiddleware:
    """Say of every answer of a restricted address that no cache keeps it (RFC 9111, 5.2.2)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.path_info.startswith(APART):
            response["Cache-Control"] = CONTROL
        return response
