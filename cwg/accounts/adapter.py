"""How people come to sign in here: the secretariat makes their accounts."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import reverse

from meetings.site_address import absolute


class ClosedDoorAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Let nobody sign up by themselves."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Return the link that sets a password anew, under the site's own address.

        Not under the one that a request named: anybody may ask for a mail to somebody else's address.
        """
        uid, _, secret = key.partition("-")
        return absolute(reverse("account_reset_password_from_key", args=[uid, secret]))
