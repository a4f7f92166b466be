"""The addresses of these pages, for the secretariat's site to take in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from meetings.views.registering import document, entering, lists


def addresses(guarded: Callable[[Any], Any]) -> list[URLPattern]:
    """Return the addresses; `guarded` asks of each page whether somebody may enter the site."""
    pages: list[tuple[str, Callable[..., Any], str]] = [
        ("documents/", lists.queue, "documents"),
        ("documents/languages/", lists.languages, "document_languages"),
        ("documents/new/", entering.new, "document_new"),
        ("documents/<int:pk>/", document.document, "document"),
        ("documents/<int:pk>/data/", entering.data, "document_data"),
        ("documents/<int:pk>/files/<int:file>/", document.document_file, "document_file"),
        ("documents/<int:pk>/after/<slug:relation>/", entering.later, "document_after"),
    ]
    return [path(route, guarded(view), name=name) for route, view, name in pages]
