"""A document's language versions: added, replaced, told apart, removed; and what lacks which.

Each is the original, an official, a courtesy or a machine translation. A file of a document that
has its number is replaced or removed with a reason: whoever downloaded it has another one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from meetings import files, history
from meetings.languages import LANGUAGES
from meetings.models import Document, DocumentFile
from meetings.registering import RegisteringError, locked, said
from meetings.uploads.examine import Examined

Version = DocumentFile.Version


class FormatError(RegisteringError):
    """A file in a format in which documents are not kept."""

    field = "file"

    def __init__(self) -> None:
        super().__init__("Documents are kept as Word (.docx) and PDF. Save it as one of these.")


class NoPlaceError(RegisteringError):
    """A file of a document that has no page of its own here."""

    field = "file"

    def __init__(self) -> None:
        super().__init__("A document of a session is kept there. Give its address as its link.")


class NoSuchFileError(RegisteringError):
    """A file that somebody removed meanwhile."""

    field = "version_of"

    def __init__(self) -> None:
        super().__init__("This language version is not there any more.")


@dataclass(frozen=True, slots=True)
class NewVersion:
    """A file that was taken, its language and what it is."""

    language: str
    version: str
    examined: Examined


def put(
    document: Document, new: NewVersion, reason: str = "", *, by: AbstractBaseUser, at: datetime
) -> DocumentFile:
    """Add a language version, or replace the one in the same language and format.

    Raises FormatError, NoPlaceError, registering.NotThereError and ReasonMissingError, and
    files.NotStoredError.
    """
    if new.examined.kind not in DocumentFile.Form.values:
        raise FormatError
    with files.keeping() as keep, history.activity("language_versions.put", by, reason.strip()):
        held = locked(document)
        if held.meeting_id is None:
            raise NoPlaceError
        was = held.files.filter(language=new.language, form=new.examined.kind).first()
        said(reason, needed=was is not None and bool(held.number))
        kept = keep(new.examined.data, new.examined.kind)
        row = was or DocumentFile(document=held, language=new.language, form=new.examined.kind)
        if was is not None:
            transaction.on_commit(partial(files.discard, was.path))
        row.version, row.note = new.version, new.examined.note
        row.path, row.size, row.sha256 = kept.path, kept.size, kept.sha256
        row.added_at, row.added_by_id = at, by.pk
        row.save()
        if new.version == Version.ORIGINAL and not held.original_language:
            held.original_language = new.language
            held.save()
    return row


def _of(held: Document, key: int) -> DocumentFile:
    found = held.files.filter(pk=key).first()
    if found is None:
        raise NoSuchFileError
    return found


def tell_apart(file: DocumentFile, version: str, *, by: AbstractBaseUser) -> DocumentFile:
    """Say what a language version is: an official translation that was a courtesy one.

    Raises NoSuchFileError, registering.NotThereError.
    """
    with history.activity("language_versions.tell_apart", by):
        found = _of(locked(file.document), file.pk)
        found.version = Version(version)
        found.save()
    return found


def remove(file: DocumentFile, reason: str, *, by: AbstractBaseUser) -> None:
    """Remove a language version with its file.

    Raises NoSuchFileError, registering.NotThereError and ReasonMissingError.
    """
    with history.activity("language_versions.remove", by, said(reason)):
        found = _of(locked(file.document), file.pk)
        transaction.on_commit(partial(files.discard, found.path))
        found.delete()


# What lacks which


def told(rows: Iterable[DocumentFile]) -> dict[str, str]:
    """Return what there is of a document in each of the six languages, "" where nothing.

    Of two formats in one language the more official counts.
    """
    order = list(Version)
    best: dict[str, Version] = {}
    for row in rows:
        version = Version(row.version)
        if row.language not in best or order.index(version) < order.index(best[row.language]):
            best[row.language] = version
    return {language: best[language].label if language in best else "" for language in LANGUAGES}
