"""How people come to sign in here: the secretariat makes their accounts."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.sites.requests import RequestSite
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from cwg.roles import may_enter
from meetings import site_address
from meetings.access import memberships


class ClosedDoorAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Let nobody sign up by themselves; name this site in mails as its settings do.

    allauth takes the name from the request, and whoever asks for a mail to somebody else writes that.
    """

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Return where somebody goes who signed in: delegates to their desk, others to the secretariat.

        Whoever is both goes to the secretariat's site.
        """
        delegate = memberships(request.user, timezone.localdate())
        if delegate and not may_enter(request.user):
            return reverse("desk:home")
        return str(super().get_login_redirect_url(request))

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Return the link that sets a password anew, under the site's own address.

        Not under the one that a request named: anybody may ask for a mail to somebody else's address.
        """
        uid, _, secret = key.partition("-")
        return site_address.absolute(reverse("account_reset_password_from_key", args=[uid, secret]))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        site = RequestSite(self.request)
        site.domain = site.name = site_address.host()
        super().send_mail(template_prefix, email, {**context, "current_site": site})

    def format_email_subject(self, subject: str) -> str:
        return f"[{site_address.host()}] {subject}"
