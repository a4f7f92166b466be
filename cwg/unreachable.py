"""What is answered when something fails that nobody expected: also where the database is away."""

from __future__ import annotations

import sys
from http import HTTPStatus

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.csrf import requires_csrf_token
from django.views.defaults import server_error
from psycopg import OperationalError as PostgresError

RETRY_AFTER = 30  # seconds: a database that is started again mostly stands within them
# Classes of states in which the server has left, is leaving, or takes nobody just now
# (PostgreSQL, Appendix A: connection exception, operator intervention, too many connections)
AWAY = ("08", "57P", "53300")


def is_away(error: BaseException | None) -> bool:
    """Say whether an error means that there is no connection to the database.

    An answer of the server has a state; where none came, there was nobody to give it. SQLite has
    no server: a file that is locked or broken is an error like others.
    """
    if not isinstance(error, OperationalError) or not isinstance(error.__cause__, PostgresError):
        return False
    state = error.__cause__.sqlstate
    return state is None or state.startswith(AWAY)


@requires_csrf_token
def failed(request: HttpRequest) -> HttpResponse:
    """Answer 503 and when to try again where the database is away, else 500.

    Neither page asks the database for anything.
    """
    if not is_away(sys.exception()):
        return server_error(request)
    return HttpResponse(
        render_to_string("503.html"),
        status=HTTPStatus.SERVICE_UNAVAILABLE,
        headers={"Retry-After": str(RETRY_AFTER), "Cache-Control": "no-store"},
    )
