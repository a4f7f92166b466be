"""What every admin page of the record has in common."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from meetings import history


class RecordAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # one base for every model
    """Keep every change made here, with who made it."""

    list_per_page = 50
    show_full_result_count = False
    save_on_top = False

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        name = f"admin.{'add' if object_id is None else 'change'}_{self.opts.model_name}"
        with history.activity(name, request.user):
            return super().changeform_view(request, object_id, form_url, extra_context)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        with history.activity(f"admin.delete_{self.opts.model_name}", request.user):
            return super().delete_view(request, object_id, extra_context)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        title = str(self.opts.verbose_name_plural)
        shown = {"title": title[:1].upper() + title[1:], **(extra_context or {})}
        with history.activity(f"admin.list_{self.opts.model_name}", request.user):
            return super().changelist_view(request, shown)


class Rows(admin.TabularInline):  # type: ignore[type-arg]  # one base for every model
    """Rows below a form, none empty until asked for."""

    extra = 0


class Blocks(admin.StackedInline):  # type: ignore[type-arg]  # one base for every model
    """Blocks below a form, none empty until asked for."""

    extra = 0
