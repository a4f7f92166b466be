"""What every admin page of the record has in common."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.http import HttpRequest, HttpResponse

from meetings import history


class RecordForm(forms.ModelForm):  # type: ignore[type-arg]  # one base for every model
    """Labels stand above their boxes, without a colon."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})


class _FewTools:
    """Beside the list of another model: add one. Changing, looking and removing have their pages."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        widget = getattr(field, "widget", None)
        if isinstance(widget, RelatedFieldWidgetWrapper):
            widget.can_change_related = widget.can_delete_related = widget.can_view_related = False
        return field


class RecordAdmin(_FewTools, admin.ModelAdmin):  # type: ignore[type-arg]  # one base for every model
    """Keep every change made here, with who made it."""

    form = RecordForm
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


class Rows(_FewTools, admin.TabularInline):  # type: ignore[type-arg]  # one base for every model
    """Rows below a form, none empty until asked for."""

    extra = 0
    form = RecordForm


class Blocks(_FewTools, admin.StackedInline):  # type: ignore[type-arg]  # one base for every model
    """Blocks below a form, none empty until asked for."""

    extra = 0
    form = RecordForm
