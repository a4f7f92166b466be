"""What the pages on which the secretariat acts have in common: what was sent, how they are shown."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse


def sent(request: HttpRequest) -> Any:
    """Return what was typed, None where the page is only looked at."""
    return request.POST if request.method == "POST" else None


def key(text: str) -> int | None:
    """Return the key of a row from an address or a form, None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def page(request: HttpRequest, template: str, context: dict[str, Any], *forms: Any) -> HttpResponse:
    """Show a page of the secretariat's site; with a form that has to be mended it answers 422."""
    wrong = any(form is not None and form.is_bound and form.errors for form in forms)
    around = {**admin.site.each_context(request), "is_nav_sidebar_enabled": False}
    return TemplateResponse(
        request, template, {**around, "wrong": wrong, **context}, status=422 if wrong else 200
    )
