"""Turn the address of a database or of a mail server into Django's settings for it."""

from __future__ import annotations

from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from cwg import connections

# Waiting beats failing: a second writer waits this long for the first one, in seconds.
SQLITE_PATIENCE = 20
# Django switches foreign keys on by itself. WAL lets people read while somebody writes; with it,
# NORMAL loses nothing but the last moments of a machine that lost its power.
SQLITE_PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"


def database(name: str, url: str) -> dict[str, Any]:
    """Give an entry of DATABASES for `sqlite:////path` or `postgres://user:pw@host:port/name?…`.

    Everything but the scheme may be percent-encoded. A host in the query (`?host=/run/postgresql`)
    is the folder of a socket. `name` is the setting the address came from; it stands in refusals.
    """
    parts = _split(name, url)
    match parts.scheme:
        case "sqlite":
            return _sqlite(name, parts)
        case "postgres" | "postgresql":
            return _postgres(name, parts)
        case scheme:
            raise ImproperlyConfigured(
                f"{name} must begin with sqlite:// or postgres://, not “{scheme}://”."
            )


def mailer(name: str, url: str) -> dict[str, Any]:
    """Give an entry of MAILERS for `console:`, `smtp://user:pw@host:port` or `smtps://…`.

    `smtp://` speaks STARTTLS whenever it signs in, `smtps://` is encrypted from the first byte;
    without a user, `smtp://` hands mails to a relay beside it as they are.
    """
    parts = _split(name, url)
    if parts.scheme == "console":
        return {"BACKEND": "django.core.mail.backends.console.EmailBackend"}
    if parts.scheme not in {"smtp", "smtps"}:
        raise ImproperlyConfigured(
            f"{name} must begin with console:, smtp:// or smtps://, not “{parts.scheme}:”."
        )
    if not parts.hostname:
        raise ImproperlyConfigured(f"{name} names no host.")
    encrypted = parts.scheme == "smtps"
    user = unquote(parts.username or "")
    return {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": parts.hostname,
            "port": _port(name, parts) or (465 if encrypted else 587 if user else 25),
            "username": user,
            "password": unquote(parts.password or ""),
            "use_ssl": encrypted,
            "use_tls": bool(user) and not encrypted,
            "timeout": 30,
        },
    }


def _sqlite(name: str, parts: SplitResult) -> dict[str, Any]:
    if parts.netloc or not parts.path.startswith("//") or parts.query:
        raise ImproperlyConfigured(
            f"{name} must give an absolute path after three slashes: sqlite:////srv/cwg.sqlite3."
        )
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": unquote(parts.path[1:]),
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": SQLITE_PATIENCE,
            "init_command": SQLITE_PRAGMAS,
        },
    }


def _postgres(name: str, parts: SplitResult) -> dict[str, Any]:
    database_name = unquote(parts.path.removeprefix("/"))
    if not database_name or "/" in parts.path.removeprefix("/"):
        raise ImproperlyConfigured(f"{name} must name one database after the host.")
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    host = query.pop("host", "") or unquote(parts.hostname or "")
    port = query.pop("port", "") or str(_port(name, parts) or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": database_name,
        "USER": query.pop("user", "") or unquote(parts.username or ""),
        "PASSWORD": query.pop("password", "") or unquote(parts.password or ""),
        "HOST": host,
        "PORT": port,
        "OPTIONS": {
            # One connection stands ready; the others are opened when they are needed.
            "pool": {"min_size": 1, "max_size": 10, "timeout": 10, "check": connections.check},
            "server_side_binding": False,
            **query,
        },
    }


def _split(name: str, url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError as problem:
        # The address itself is not repeated: it may hold a password.
        raise ImproperlyConfigured(f"{name} is not an address: {problem}.") from None


def _port(name: str, parts: SplitResult) -> int | None:
    try:
        return parts.port
    except ValueError:
        raise ImproperlyConfigured(f"{name} names a port that is not a number.") from None
