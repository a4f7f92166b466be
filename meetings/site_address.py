"""The address of this site, for what is read elsewhere: mails, feeds, calendars."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings


def absolute(path: str) -> str:
    """Return the whole address of a page of this site."""
    return f"{settings.SITE_ADDRESS}{path}"


def host() -> str:
    """Return the name of this site, as it stands in identifiers that never change."""
    return urlsplit(settings.SITE_ADDRESS).hostname or "localhost"
