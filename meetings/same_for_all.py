"""Pages that are the same for everybody."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse


def same_for_all(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Say that what a view answers is the same for everybody: it may be kept and given to others.

    It holds until the record changes, or the clock reaches an opening, a closing or a new day; a
    view that shows the passing of minutes must not say it.
    """

    @wraps(view)
    def answering(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.is_same_for_all = True  # type: ignore[attr-defined]  # read by what keeps pages
        return response

    return answering
