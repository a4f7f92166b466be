"""What may come in at all, asked before anything of a request is read."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from django.utils.http import parse_header_parameters

from consultations.views.uploading import LARGEST_BODY

# What browsers send
READ = frozenset({"utf-8", "ascii"})
NOT_READ = "This site reads UTF-8 only. Send it again as UTF-8.\n"
TOO_LARGE = "This is more than any page here takes. Nothing of it was read.\n"

type Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


def guarded(application: Application) -> Application:
    """Refuse a request in another encoding than UTF-8, and one that is too large for every page.

    A request may name the encoding of its own query string. An address would then not say what is
    asked for, and a page made for one reader would be kept for all (`cwg.fresh.middleware`); with
    a codec that is none for text Django fails before its first middleware. So it is asked here.
    """

    def answering(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if not _is_utf8(environ.get("CONTENT_TYPE") or ""):
            return _said(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, NOT_READ, start_response)
        length = environ.get("CONTENT_LENGTH") or "0"
        if not (length.isascii() and length.isdigit()) or int(length[:20]) > LARGEST_BODY:
            return _said(HTTPStatus.CONTENT_TOO_LARGE, TOO_LARGE, start_response)
        return application(environ, start_response)

    return answering


def _is_utf8(content_type: str) -> bool:
    charset = parse_header_parameters(content_type)[1].get("charset")
    try:
        return charset is None or codecs.lookup(charset).name in READ
    except (LookupError, ValueError):
        return True  # a name of nothing: Django reads UTF-8 then


def _said(status: HTTPStatus, words: str, start_response: Any) -> list[bytes]:
    headers = [
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Length", str(len(words))),
        ("Cache-Control", "no-store"),
    ]
    start_response(f"{status.value} {status.phrase}", headers)
    return [words.encode()]
