"""The secretariat's site."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils import timezone

from cwg.cockpit import cockpit
from cwg.roles import may_enter
from meetings.views import promises


class SecretariatSite(admin.AdminSite):
    """The pages on which the secretariat keeps the record."""

    site_title = "Secretariat"
    site_header = "Secretariat"
    index_title = "Secretariat"

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Add the pages that belong to no single model: the ledger of promises."""
        ledger = [
            path("promises/", self.admin_view(promises.ledger), name="promises"),
            path("promises/<int:pk>/", self.admin_view(promises.promise), name="promise"),
            path(
                "promises/<int:pk>/decided/",
                self.admin_view(promises.decided),
                name="promise_decided",
            ),
        ]
        return [*ledger, *super().get_urls()]

    def has_permission(self, request: HttpRequest) -> bool:
        """Let in whoever has a role today, and administrators."""
        return may_enter(request.user)

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
