"""The files of a contribution, kept beside its words: how many at most, and how one is written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from consultations.models import Attachment, Contribution
from meetings.files import Kept
from meetings.uploads.examine import ACCEPTED, Examined

MOST_FILES = 5
TOO_MANY_FILES = f"At most {MOST_FILES} files can go with a contribution."
WHAT_IS_TAKEN = f"{ACCEPTED}, up to 10 MB each, at most {MOST_FILES}."

type Keep = Callable[[bytes, str], Kept]


def attach(contribution: Contribution, file: Examined, keep: Keep, *, at: datetime) -> Attachment:
    """Keep a file that was taken with a contribution. Raises NotStoredError.

    `keep` is that of `meetings.files.keeping`, around the transaction that writes the words.
    """
    kept = keep(file.data, file.kind)
    return contribution.attachments.create(
        name=file.name, kind=file.kind, note=file.note, added_at=at,
        path=kept.path, size=kept.size, sha256=kept.sha256,
    )  # fmt: skip
