"""What the secretariat's site says once something is added, saved or deleted: in our own words."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import model_ngettext
from django.http import HttpRequest, HttpResponse


class OwnWords(admin.ModelAdmin):  # type: ignore[type-arg]  # one base for every model
    """Say plainly what was done.

    Django writes its sentences in the middle of the methods that answer; all of them leave through
    `message_user`, and what an answer is to say instead is laid down before it is made.
    """

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        _lay_down(request, f"“{obj}” is added.")
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        _lay_down(request, f"“{obj}” is saved.")
        return super().response_change(request, obj)

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: int) -> HttpResponse:
        _lay_down(request, f"“{obj_display}” is deleted.")
        return super().response_delete(request, obj_display, obj_id)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        count = queryset.count()
        verb = "is" if count == 1 else "are"
        _lay_down(request, f"{count} {model_ngettext(self.opts, count)} {verb} deleted.")
        super().delete_queryset(request, queryset)

    def message_user(
        self, request: HttpRequest, message: Any, level: int | str = messages.INFO, *args: Any,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        """Say what was laid down, where something was; errors and warnings stay as they are."""
        own = request.__dict__.pop("own_words", None) if level == messages.SUCCESS else None
        super().message_user(request, own or message, level, *args, **kwargs)


def _lay_down(request: HttpRequest, words: str) -> None:
    request.__dict__["own_words"] = words
