"""The secretariat's site."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from cwg.cockpit import cockpit
from cwg.roles import may_enter


class SecretariatSite(admin.AdminSite):
    """The pages on which the secretariat keeps the record."""

    site_title = "Secretariat"
    site_header = "Secretariat"
    index_title = "Secretariat"
    enable_nav_sidebar = False  # the rooms stand in the bar; everything else on the home page

    def has_permission(self, request: HttpRequest) -> bool:
        """Let in whoever has a role today, and administrators."""
        return may_enter(request.user)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Add the rooms that the bar of every page leads to."""
        home = reverse("admin:index")
        rooms = [
            ("Meetings", reverse("admin:meetings_meeting_changelist")),
            ("Consultations", reverse("admin:consultations_consultation_changelist")),
            ("Reports", reverse("admin:report_report_changelist")),
            ("The record", f"{home}#record"),
        ]
        return {**super().each_context(request), "rooms": rooms, "home": home}

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Send people to the one sign-in page, which knows second factors and limits guessing."""
        if request.user.is_authenticated:
            raise PermissionDenied  # signed in, but with no role: signing in again changes nothing
        return redirect_to_login(
            request.GET.get("next", reverse("admin:index")), reverse("account_login")
        )

    def password_change(  # type: ignore[override]  # a redirect is no page of a template
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Send people to the one page on which passwords change, which limits guessing."""
        return redirect("account_change_password")

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """Show the cockpit: what stands next."""
        context = {"cockpit": cockpit(timezone.localdate()), **(extra_context or {})}
        return super().index(request, context)
