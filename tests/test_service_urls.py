"""Addresses of databases and mail servers become Django's settings for them."""

import re
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from cwg import connections, service_urls


def database(url: str) -> dict[str, Any]:
    return service_urls.database("DATABASE_URL", url)


def mailer(url: str) -> dict[str, Any]:
    return service_urls.mailer("EMAIL_URL", url)


def test_sqlite() -> None:
    assert database("sqlite:////srv/the%20record.sqlite3") == {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": "/srv/the record.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }


def test_postgres_with_everything() -> None:
    entry = database(
        "postgres://the%40user:p%3Aw%2F@db.example.org:6432/the%20record?sslmode=require"
    )
    assert entry == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "the record",
        "USER": "the@user",
        "PASSWORD": "p:w/",
        "HOST": "db.example.org",
        "PORT": "6432",
        "OPTIONS": {
            "pool": {"min_size": 1, "max_size": 10, "timeout": 10, "check": connections.check},
            "server_side_binding": False,
            "sslmode": "require",
        },
    }


def test_postgres_over_a_socket() -> None:
    entry = database("postgres://cwg@/cwg?host=/run/postgresql")
    assert (entry["HOST"], entry["PORT"], entry["USER"]) == ("/run/postgresql", "", "cwg")


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("mysql://u:secret@h/d", "must begin with sqlite:// or postgres://, not “mysql://”."),
        ("sqlite:///relative", "must give an absolute path after three slashes"),
        ("sqlite://host/path", "must give an absolute path after three slashes"),
        ("postgres://u:secret@h", "must name one database after the host."),
        ("postgres://u:secret@h/a/b", "must name one database after the host."),
        ("postgres://u:secret@h:port/d", "names a port that is not a number."),
        ("postgres://u:secret@[h/d", "is not an address: Invalid IPv6 URL."),
    ],
)
def test_what_is_no_database_is_refused_without_its_password(url: str, complaint: str) -> None:
    with pytest.raises(
        ImproperlyConfigured, match=f"^DATABASE_URL {re.escape(complaint)}"
    ) as refusal:
        database(url)
    assert "secret" not in str(refusal.value)


@pytest.mark.parametrize(
    ("url", "port", "use_ssl", "use_tls"),
    [
        ("smtp://relay.example.org", 25, False, False),
        ("smtp://user:p%20w@relay.example.org", 587, False, True),
        ("smtps://user:p%20w@relay.example.org", 465, True, False),
        ("smtp://user:p%20w@relay.example.org:2525", 2525, False, True),
    ],
)
def test_mail_servers(url: str, port: int, use_ssl: bool, use_tls: bool) -> None:
    options = mailer(url)["OPTIONS"]
    assert options["host"] == "relay.example.org"
    assert (options["port"], options["use_ssl"], options["use_tls"]) == (port, use_ssl, use_tls)
    assert options["password"] == ("p w" if "user" in url else "")


def test_mails_on_the_console() -> None:
    assert mailer("console:") == {"BACKEND": "django.core.mail.backends.console.EmailBackend"}


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("imap://h", "must begin with console:, smtp:// or smtps://, not “imap:”."),
        ("smtp://", "names no host."),
        ("smtp://h:99999999", "names a port that is not a number."),
    ],
)
def test_what_is_no_mail_server_is_refused(url: str, complaint: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=f"^EMAIL_URL {re.escape(complaint)}$"):
        mailer(url)
