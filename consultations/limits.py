"""How often one address or one e-mail may ask for something: counted in the cache, by the hour."""

from __future__ import annotations

import ipaddress
import time
from hashlib import sha256

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest

HOUR = 60 * 60
# What is limited, for one sender's machine and for one e-mail address, an hour
DRAFTS, MAILS_FROM, MAILS_TO = ("drafts", 30), ("mails-from", 30), ("mails-to", 6)
UPLOADS = ("uploads", 200)


def allowed(limit: tuple[str, int], whose: str, more: int = 1) -> bool:
    """Count one or `more`, and say whether it is within the limit of this hour.

    Two at the same moment may count as one: it is a dam, no ledger.
    """
    name, most = limit
    digest = sha256(whose.casefold().encode()).hexdigest()
    key = f"limit:{name}:{int(time.time()) // HOUR}:{digest}"
    asked = int(cache.get(key, 0)) + more
    cache.set(key, asked, HOUR)
    return asked <= most


def machine(request: HttpRequest) -> str:
    """Return the address that a request comes from, past the proxies that the settings name.

    Of IPv6 it is the network: one machine has as many addresses in it as it likes.
    """
    told = str(get_adapter().get_client_ip(request))
    try:
        address = ipaddress.ip_address(told)
    except ValueError:
        return told
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)  # or all of IPv4 would be one network
    if address.version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return told
