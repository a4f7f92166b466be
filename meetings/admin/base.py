"""What every admin page of the record has in common: whose rows it shows, and that changes are kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import NestedObjects
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.contrib.auth import get_permission_codename
from django.db import models, router
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from meetings import access, history
from meetings.admin.own_words import OwnWords
from meetings.models import WorkingGroup

OF_ANOTHER_GROUP = "Something of another group"


class RecordForm(forms.ModelForm):  # type: ignore[type-arg]  # one base for every model
    """Labels stand above their boxes, without a colon."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})


class _Asking(admin.options.BaseModelAdmin):  # type: ignore[type-arg]  # one base for every model
    """Ask for each permission with the row, and offer only rows that the person sees."""

    def _holds(self, request: HttpRequest, verb: str, row: models.Model | None) -> bool:
        codename = get_permission_codename(verb, self.opts)
        return bool(request.user.has_perm(f"{self.opts.app_label}.{codename}", row))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._holds(request, "view", obj) or self._holds(request, "change", obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._holds(request, "add", obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._holds(request, "change", obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._holds(request, "delete", obj)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Beside the list of another model: add one. Changing and removing have their own pages."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        widget = getattr(field, "widget", None)
        if isinstance(widget, RelatedFieldWidgetWrapper):
            widget.can_change_related = widget.can_delete_related = widget.can_view_related = False
        return field

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault("queryset", self._choices(db_field, request, kwargs.get("using")))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault("queryset", self._choices(db_field, request, kwargs.get("using")))
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def _choices(self, db_field: Any, request: HttpRequest, using: str | None) -> Any:
        """Return the rows a relation may choose from."""
        model = db_field.remote_field.model
        rows = self.get_field_queryset(using, db_field, request)
        rows = model._default_manager.all() if rows is None else rows
        rows = access.visible_to(request.user, rows, timezone.localdate())
        whose, _, beyond = (access.path_to_group(self.model) or "").partition("__")
        if db_field.name != whose or access.is_administrator(request.user):
            return rows
        # This relation says whose the row is: nobody puts one where they may only read.
        own = access.groups_of(request.user, timezone.localdate())
        verbs = [group.pk for group in own if self._holds(request, "add", group)]
        return rows.filter(**{f"{beyond or 'pk'}__in": verbs})


class VisibleRelatedFilter(admin.RelatedFieldListFilter):
    """Filter a list by a relation without naming what the person does not see."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        model, today = field.remote_field.model, timezone.localdate()
        if model is WorkingGroup:
            rows: Any = access.groups_of(request.user, today)
        else:
            rows = access.visible_to(request.user, model._default_manager.order_by(), today)
        ordering = self.field_admin_ordering(field, request, model_admin)
        return field.get_choices(
            include_blank=False, ordering=ordering, limit_choices_to={"pk__in": rows.values("pk")}
        )


class RecordAdmin(_Asking, OwnWords):
    """Show the rows of the person's groups, say who sees each, and keep every change made here."""

    form = RecordForm
    list_per_page = 50
    show_full_result_count = False
    save_on_top = False

    def get_queryset(self, request: HttpRequest) -> Any:
        """Return the rows the person sees; any other answers like one that is not there."""
        rows = super().get_queryset(request)
        return access.visible_to(request.user, rows, timezone.localdate())

    def get_list_filter(self, request: HttpRequest) -> Any:
        return [
            (each, VisibleRelatedFilter) if isinstance(each, str) and self._relates(each) else each
            for each in super().get_list_filter(request)
        ]

    def _relates(self, name: str) -> bool:
        field = next((each for each in self.opts.get_fields() if each.name == name), None)
        return field is not None and field.is_relation

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """List what would go too; where another group's rows are among it, refuse without naming them."""
        today = timezone.localdate()
        if all(access.may_see(request.user, row, today) for row in _goes_with(objs)):
            return super().get_deleted_objects(objs, request)
        return [], {}, set(), [OF_ANOTHER_GROUP]

    def audience(self, obj: Any) -> str:
        """Return who can see `obj`, in words that go on from “Who can see this:”."""
        return access.audience(obj)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        row = context.get("original")
        context["audience"] = self.audience(row) if row is not None else ""
        return super().render_change_form(request, context, *args, **kwargs)

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


def _goes_with(rows: Any) -> Iterator[Any]:
    """Yield `rows`, what would be removed with them, and what holds them where they are."""
    rows = list(rows)
    if not rows:
        return
    collector = NestedObjects(using=router.db_for_write(type(rows[0])), origin=rows)
    collector.collect(rows)
    for gone in collector.model_objs.values():
        yield from gone
    yield from collector.protected


class Rows(_Asking, admin.StackedInline):  # type: ignore[type-arg]  # one base for every model
    """Rows below a form, each on one line with its labels, none empty until asked for."""

    extra = 0
    classes = ("rows",)
    form = RecordForm

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Put everything on one line."""
        return [(None, {"fields": (tuple(self.get_fields(request, obj)),)})]


class Blocks(_Asking, admin.StackedInline):  # type: ignore[type-arg]  # one base for every model
    """Blocks below a form, none empty until asked for."""

    extra = 0
    form = RecordForm
