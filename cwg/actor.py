"""Who stands behind a request, for the history, asked only when something is written."""

from __future__ import annotations

from typing import Any

from auditlog.middleware import AuditlogMiddleware
from django.http import HttpRequest


class ActorMiddleware(AuditlogMiddleware):  # type: ignore[misc]  # the library has no types
    """Hand the history whoever is signed in, without asking who that is.

    The library asks at each request. That reads the session, so that no page could be kept by a
    cache, and a public page would be one for each reader.
    """

    @staticmethod
    def _get_actor(request: HttpRequest) -> Any:
        return getattr(request, "user", None)
