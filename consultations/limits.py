"""How often one address or one e-mail may ask for something: counted in the cache, by the hour."""

from __future__ import annotations

from hashlib import sha256

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest

HOUR = 60 * 60
# What is limited, for one sender's machine and for one e-mail address, an hour
DRAFTS, MAILS_FROM, MAILS_TO = ("drafts", 30), ("mails-from", 30), ("mails-to", 6)


def allowed(limit: tuple[str, int], whose: str) -> bool:
    """Count one more, and say whether it is within the limit of this hour."""
    name, most = limit
    key = f"limit:{name}:{sha256(whose.casefold().encode()).hexdigest()}"
    cache.add(key, 0, HOUR)
    try:
        return cache.incr(key) <= most
    except ValueError:  # it ended between the two
        return True


def machine(request: HttpRequest) -> str:
    """Return the address that a request comes from, past the proxies that the settings name."""
    return str(get_adapter().get_client_ip(request))
