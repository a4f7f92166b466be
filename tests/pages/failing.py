"""The site's addresses, and one at which something goes wrong."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from cwg.urls import urlpatterns as addresses


def fail(request: HttpRequest) -> HttpResponse:
    """Go wrong, as a view with a mistake does."""
    raise RuntimeError("an example")


urlpatterns = [path("fails/", fail), *addresses]
