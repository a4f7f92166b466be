"""Groups, their names and patterns, their officers, and who may do what."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from meetings import access
from meetings.admin.base import Blocks, RecordAdmin, RecordForm, Rows
from meetings.models import GroupName, HousePattern, Officer, RoleTerm, Topic, WorkingGroup


class NameBlocks(Blocks):
    model = GroupName


class PatternBlocks(Blocks):
    model = HousePattern


@admin.register(WorkingGroup)
class WorkingGroupAdmin(RecordAdmin):
    list_display = ("__str__", "slug", "record_kept_here")
    search_fields = ("slug",)
    inlines = (NameBlocks, PatternBlocks)

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> Any:
        """Leave it to administrators whose record is kept here."""
        return None if access.is_administrator(request.user) else ["record_kept_here"]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change and not access.is_administrator(request.user):
            obj.record_kept_here = False
        super().save_model(request, obj, form, change)


@admin.register(Officer)
class OfficerAdmin(RecordAdmin):
    list_display = ("__str__", "group", "role", "from_day", "to_day")
    list_filter = ("group", "role")
    list_select_related = ("group", "country")
    autocomplete_fields = ("country",)


class PersonByAddress(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """Somebody who signs in, named by their address: the list of all is the administrators'."""

    widget = forms.EmailInput
    default_error_messages = {
        "invalid_choice": "Nobody signs in here with this address. An administrator makes accounts."
    }

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            value = self._people().filter(pk=value).first()
        return getattr(value, "email", value)

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        person = self._people().filter(email__iexact=str(value).strip()).first()
        if person is None:
            raise forms.ValidationError(self.error_messages["invalid_choice"], "invalid_choice")
        return person

    def _people(self) -> Any:
        return self.queryset


class RoleTermForm(RecordForm):
    """A term; nobody but an administrator gives themselves one: a lead would clear as the Chair."""

    giver: Any = None

    def clean_person(self) -> Any:
        person = self.cleaned_data["person"]
        if person == self.giver and not access.is_administrator(self.giver):
            raise forms.ValidationError(
                "Nobody gives themselves a role. Another lead or an administrator gives it."
            )
        return person


@admin.register(RoleTerm)
class RoleTermAdmin(RecordAdmin):
    """Who has which role, until when. Leads give others any role but a lead's, and end it."""

    form = RoleTermForm
    list_display = ("person", "role", "group", "from_day", "to_day")
    list_filter = ("group", "role")
    list_select_related = ("person", "group")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        given = obj is None or access.may_give(request.user, obj.role)
        return given and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        given = obj is None or access.may_give(request.user, obj.role)
        return given and super().has_delete_permission(request, obj)

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, *args, **kwargs)
        form.giver = request.user
        return form

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "person" and not access.is_administrator(request.user):
            people = db_field.remote_field.model._default_manager.all()
            return PersonByAddress(
                people,
                label="Person",
                help_text="The address somebody signs in with.",
                widget=forms.EmailInput({"size": 40}),
            )
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "role":
            kwargs["choices"] = [
                (role.value, role.label)
                for role in RoleTerm.Role
                if access.may_give(request.user, role)
            ]
        return super().formfield_for_choice_field(db_field, request, **kwargs)


@admin.register(Topic)
class TopicAdmin(RecordAdmin):
    list_display = ("__str__", "group", "draws_on")
    list_filter = ("group",)
    list_select_related = ("group", "draws_on")
    search_fields = ("key", "title")
    autocomplete_fields = ("proposed_by",)


class TermRows(Rows):
    model = RoleTerm
