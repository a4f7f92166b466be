"""What comes in is read in one way, and never without a limit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from consultations.views.uploading import LARGEST_BODY
from cwg.incoming import NOT_READ, TOO_LARGE
from cwg.wsgi import application

pytestmark = pytest.mark.django_db
FOUND = "/static/nothing.css"  # answered by the site, without its record


@pytest.fixture(autouse=True)
def _in_the_transaction_of_the_test() -> Iterator[None]:
    """Leave the connection open before and after a request, as Django's own test client does.

    A server closes one there that is inside a transaction, and that is what a test is.
    """
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def asked(path: str, **environ: str) -> tuple[int, str]:
    """Return what the web server's door answers: status and text."""
    said: list[str] = []
    told: dict[str, Any] = {
        "PATH_INFO": path, "HTTP_HOST": "localhost", "QUERY_STRING": "text=%5Cud800", **environ
    }  # fmt: skip
    setup_testing_defaults(told)
    body = b"".join(application(told, lambda status, headers, *rest: said.append(status)))
    return int(said[0][:3]), body.decode()


@pytest.mark.parametrize("charset", ["hex", "zlib", "unicode_escape", "utf-16", "utf-7", "cp037"])
@pytest.mark.parametrize("path", ["/", "/example-group/consultations/", "/accounts/login/"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_encoding_that_no_browser_sends_is_refused(charset: str, path: str, method: str) -> None:
    sent = f"text/plain; charset={charset}"
    assert asked(path, CONTENT_TYPE=sent, REQUEST_METHOD=method) == (415, NOT_READ)


@pytest.mark.parametrize(
    "sent",
    ["", "text/plain", "text/plain; charset=utf-8", "a/b; charset=UTF8", "a/b; charset=us-ascii",
     "a/b; charset=nothing", 'multipart/form-data; boundary="x"'],
)  # fmt: skip
def test_what_browsers_send_is_read(sent: str) -> None:
    assert asked(FOUND, CONTENT_TYPE=sent)[0] == 404


@pytest.mark.parametrize("length", [str(LARGEST_BODY + 1), "9" * 5000, "-1", "many", "٣"])
@pytest.mark.parametrize("path", ["/", "/example-group/follow/", "/accounts/login/"])
def test_what_is_too_large_for_every_page_is_not_read(length: str, path: str) -> None:
    sent = {"CONTENT_LENGTH": length, "REQUEST_METHOD": "POST"}
    assert asked(path, **sent) == (413, TOO_LARGE)


def test_the_largest_page_is_taken() -> None:
    assert asked(FOUND, CONTENT_LENGTH=str(LARGEST_BODY))[0] == 404
