"""How people come to sign in here: the secretariat makes their accounts."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedDoorAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Let nobody sign up by themselves."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
