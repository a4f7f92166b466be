"""Long answers on their way: archives and tables, written while they are sent, never whole in memory."""

from __future__ import annotations

import io
import threading
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotModified,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import content_disposition_header, parse_etags

from meetings import files

# How many long answers one process writes at a time: each holds a thread until its reader has it all
AT_ONCE = 2
AGAIN_AFTER = 60  # seconds
PUBLIC_COPY = "public, max-age=0, must-revalidate"
PRIVATE_COPY = "private, no-store"
FIRST_YEAR = (1980, 1, 1, 0, 0, 0)  # of the format of archives
_turns = threading.BoundedSemaphore(AT_ONCE)


class BusyError(Exception):
    """As many long answers are being sent as this process sends at a time."""


class Sending(Iterator[bytes]):
    """A long answer on its way: its bytes, piece by piece. Closing it lets another one go.

    Raises BusyError where too many are on their way.
    """

    def __init__(self, pieces: Generator[bytes]) -> None:
        if not _turns.acquire(blocking=False):
            raise BusyError
        self._open = True
        self._pieces = pieces

    def __next__(self) -> bytes:
        return next(self._pieces)

    def close(self) -> None:
        """Let another answer go, once."""
        if self._open:
            self._open = False
            self._pieces.close()
            _turns.release()


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of an archive: its name in it, its bytes piece by piece, when it was made."""

    name: str
    pieces: Iterable[bytes]
    made: tuple[int, ...] = FIRST_YEAR
    packed: bool = False  # worth compressing: tables and lists; documents are compressed already


class _Held(io.RawIOBase):
    """What was written to an archive and not sent yet."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        """Return it, and hold it no more."""
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


def zipped(entries: Iterable[Entry]) -> Generator[bytes]:
    """Yield an archive of `entries`, which are asked for one after the other."""
    held = _Held()
    with ZipFile(held, "w", ZIP_STORED) as archive:
        for each in entries:
            info = ZipInfo(each.name, each.made[:6])  # type: ignore[arg-type]  # six of time's nine
            info.compress_type = ZIP_DEFLATED if each.packed else ZIP_STORED
            with archive.open(info, "w", force_zip64=each.packed) as entry:
                for piece in each.pieces:
                    entry.write(piece)
                    yield held.taken()
    yield held.taken()


def sent(
    request: HttpRequest,
    pieces: Generator[bytes],
    kind: str,
    name: str,
    tag: str,
    *,
    public: bool = True,
) -> HttpResponseBase:
    """Send a long answer of a content type, to be saved under a name.

    Whoever has the public one of this `tag` asks before loading it again (RFC 9110, 13.1.2: weakly).
    """
    headers = {"ETag": tag, "Cache-Control": PUBLIC_COPY if public else PRIVATE_COPY}
    known = {_weak(each) for each in parse_etags(request.META.get("HTTP_IF_NONE_MATCH", ""))}
    if public and _weak(tag) in known:
        return HttpResponseNotModified(headers=headers)
    answer: HttpResponseBase
    if request.method == "HEAD":
        answer = HttpResponse(content_type=kind)
    else:
        try:
            answer = StreamingHttpResponse(Sending(pieces), content_type=kind)
        except BusyError:
            return _busy(request)
    for header, value in headers.items():
        answer[header] = value
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = files.POLICY
    return answer


def _weak(tag: str) -> str:
    return tag.removeprefix("W/")


def _busy(request: HttpRequest) -> HttpResponse:
    """Say that others are being served, and when to ask again."""
    answer = render(request, "meetings/archive_busy.html", {}, status=503)
    answer["Retry-After"] = str(AGAIN_AFTER)
    answer["Cache-Control"] = "no-store"
    return answer
