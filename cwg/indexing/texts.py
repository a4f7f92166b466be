"""Read the words inside the files that everybody may have, and note that their entries changed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.db.models.signals import post_delete

from consultations import search
from consultations.models import Attachment
from cwg.indexing.changes import note
from cwg.indexing.models import Changed
from meetings import file_texts
from meetings.models import Document, DocumentFile, FileReading

SOME = 20  # files that are looked up at once
A_TURN = 1.0  # seconds after which no other file is begun: the index is to follow meanwhile

type Last = tuple[int, datetime] | None

_rested: tuple[Last, datetime] | None = (
    None  # the last change when nothing was due, and when that was
)


def watch() -> None:
    """Forget the words of a file with its row, in the same transaction."""
    for model in (Attachment, DocumentFile):
        post_delete.connect(_gone, sender=model, dispatch_uid=f"texts.{model._meta.label}")


def _gone(sender: type[Attachment | DocumentFile], **kwargs: Any) -> None:
    FileReading.objects.filter(path=kwargs["instance"].path).delete()


def due(at: datetime) -> Iterator[tuple[str, str, str]]:
    """Yield the files whose words are not known: (place, kind, thing whose entry has them)."""
    claimed = Q(ended_at__isnull=False) | Q(tried_at__gt=at - file_texts.AGAIN_AFTER)
    known = Exists(FileReading.objects.filter(claimed, path=OuterRef("path")))
    attached = Attachment.objects.filter(
        ~known, withheld_for="", contribution__in=search.published()
    ).order_by("pk")
    for path, kind, of in attached.values_list("path", "kind", "contribution_id")[:SOME]:
        yield path, kind, f"{search.KIND}:{of}"
    public = Document.objects.public().filter(group__record_kept_here=True, withdrawn_at=None)
    of_documents = DocumentFile.objects.filter(~known, document__in=public).order_by("pk")
    for path, kind, of in of_documents.values_list("path", "form", "document_id")[:SOME]:
        yield path, kind, f"document:{of}"


def read(at: datetime, going_on: Callable[[], bool] = lambda: True) -> int:
    """Read files that are due for a second or so; return how many were read or given up."""
    global _rested  # noqa: PLW0603  # one for each process: looking for what is due takes long
    last = Changed.objects.order_by("-pk").values_list("pk", "at").first()
    if _rested is not None and _rested[0] == last and at - _rested[1] < file_texts.AGAIN_AFTER:
        return 0
    files = list(due(at))
    _rested = None if files else (last, at)
    done, begun = 0, time.monotonic()
    for path, kind, thing in files:
        if not going_on() or time.monotonic() - begun > A_TURN:
            break
        done += file_texts.read(path, kind, at=at, then=lambda thing=thing: note([thing]))  # type: ignore[misc]
    return done
