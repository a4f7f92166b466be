"""The site's addresses, and one that asks a database which is not there."""

from __future__ import annotations

import socket

from django.db.utils import ConnectionHandler
from django.http import HttpRequest, HttpResponse
from django.urls import path

from cwg.service_urls import database
from cwg.urls import handler500 as handler500  # noqa: PLC0414 - as the site's
from cwg.urls import urlpatterns as addresses


def dead_port() -> int:
    """Return a port at which nobody answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def ask(request: HttpRequest) -> HttpResponse:
    """Ask a server that is not there."""
    settings = database("DATABASE_URL", f"postgres://nobody@127.0.0.1:{dead_port()}/nothing")
    del settings["OPTIONS"]["pool"]  # it would wait for ten seconds
    with ConnectionHandler({"default": settings})["default"].cursor():
        raise AssertionError("somebody answered")


urlpatterns = [path("away/", ask), path("desk/away/", ask), *addresses]
