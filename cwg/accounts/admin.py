"""Accounts in the secretariat's site: an administrator makes them and gives them roles."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from cwg.accounts.models import User
from meetings.access import ADMINISTRATORS, is_administrator
from meetings.admin.own_words import OwnWords
from meetings.models import RoleTerm


class NewPersonForm(AdminUserCreationForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """Ask for the address somebody signs in with, and a first password."""

    class Meta:
        model = User
        fields = ("email",)


class RoleRows(admin.TabularInline):  # type: ignore[type-arg]  # not subscriptable at run time
    """The roles somebody has or had."""

    model = RoleTerm
    extra = 0


@admin.register(User)
class PersonAdmin(OwnWords, UserAdmin):  # type: ignore[type-arg]  # not subscriptable at run time
    """Somebody who signs in; what they may do follows from their roles of the day."""

    add_form = NewPersonForm
    ordering = ("email",)
    list_display = ("email", "first_name", "last_name", "is_active", "is_superuser", "last_login")
    list_filter = ("is_active", "is_superuser")
    search_fields = ("email", "first_name", "last_name")
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("email", "password", ("first_name", "last_name"))}),
        ("Access", {"fields": ("is_active", "is_superuser")}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "usable_password", "password1", "password2")}),)
    inlines = (RoleRows,)
    actions = ("remove_second_factor",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Return nobody to whoever is no administrator: no answer tells who signs in here."""
        people = super().get_queryset(request)
        return people if is_administrator(request.user) else people.none()

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context["audience"] = ADMINISTRATORS if context.get("original") else ""
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.action(description="Remove the second factor of the selected people")
    def remove_second_factor(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Let people sign in with their password alone, after they lost what they had beside it."""
        removed, _ = Authenticator.objects.filter(user__in=queryset).delete()
        self.message_user(request, f"{removed} second factors were removed.", messages.SUCCESS)
