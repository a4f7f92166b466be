"""How files come in with a form: what is too much is refused before it is read, nothing else is lost."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from consultations.views import desk
from meetings.uploads.handler import PatientUploadHandler

# Five files and all the words; more is refused before it is read
LARGEST_BODY = 58 * 1024 * 1024
TOO_BIG = "This is more than one page can take. Nothing of it was kept: go back, and send less."
CUT = "What you sent did not come in whole. Nothing of it was kept: go back and send it again."

type View = Callable[..., HttpResponse]


def length(request: HttpRequest) -> int:
    """Return how long the body of a request says that it is."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def take_files(request: HttpRequest) -> None:
    """Let each file of a request be taken or refused by itself. Raises RequestDataTooBig."""
    if length(request) > LARGEST_BODY:
        raise RequestDataTooBig
    request.upload_handlers = [PatientUploadHandler(request)]


def with_files(view: View) -> View:
    """Guard a page of the desk whose form brings files.

    How files are read has to be settled before anything looks into the form, the check against
    forged forms too: so that check stands here, inside, and not in the middleware.
    """
    protected = csrf_protect(view)

    @wraps(view)
    def guarded(request: HttpRequest, pk: int) -> HttpResponse:
        try:
            take_files(request)
            return protected(request, pk)
        except (RequestDataTooBig, TooManyFilesSent):
            return _said(request, "Too much at once", TOO_BIG, 413)
        except UnreadablePostError:
            return _said(request, "Not whole", CUT, 400)

    exempt: View = csrf_exempt(guarded)
    return exempt


def _said(request: HttpRequest, heading: str, words: str, status: int) -> HttpResponse:
    answer = desk.page(request, "desk_said.html", {"title": heading, "said": words})
    answer.status_code = status
    return answer
