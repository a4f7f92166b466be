"""Freeze a document under a number: its tree and its files, with hashes that can be verified.

Each edition carries a seal: the SHA-256 of what it says, of its files' hashes, and of the seal of
the edition made before it in this installation. A change made past the program breaks the chain.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max

from meetings import history
from meetings.models import Document, Edition, EditionFile, WorkingGroup
from meetings.typesetting import tree as typeset
from meetings.typesetting.keeping import kept_bytes, read_body, read_bytes

FIRST_SEAL = "0" * 64


class EditionError(Exception):
    """An edition that cannot be made; never raised itself."""


class NothingChangedError(EditionError):
    """A new edition with the words of the latest one."""

    def __str__(self) -> str:
        return "The latest edition says the same words; no new edition was made."


class NoReasonError(EditionError):
    """A revision or corrigendum without a reason."""

    def __str__(self) -> str:
        return "Say why a new edition is made."


@dataclass(frozen=True, slots=True)
class Clearing:
    """Who cleared what is finalised, and when."""

    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Broken:
    """What a verification found: which edition, and what does not agree."""

    edition: str
    what: str


def sha256(content: bytes) -> str:
    """Return the SHA-256 of `content` in hexadecimal figures."""
    return hashlib.sha256(content).hexdigest()


def words_of(document: typeset.Document) -> str:
    """Return the hash of the printed words and numbers alone, wherever they come from."""
    lines = [
        [line.part, typeset.plain(line.number), typeset.plain(line.text)]
        for line in typeset.lines(document)
    ]
    return sha256(json.dumps(lines, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def latest(document: Document | None, language: str) -> Edition | None:
    """Return the edition that stands now, without its text; None where none was made."""
    if document is None:
        return None
    editions = Edition.objects.filter(document=document, language=language)
    return editions.defer("tree").order_by("-pk").first()


def next_of(document: Document, language: str, series: str) -> tuple[str, int]:
    """Return series and number of the next edition: the first one is the original."""
    editions = Edition.objects.filter(document=document, language=language)
    if not editions.exists():
        return Edition.Series.ORIGINAL, 0
    if series == Edition.Series.ORIGINAL:
        series = Edition.Series.REVISION
    last = editions.filter(series=series).aggregate(last=Max("number"))["last"]
    return series, (last or 0) + 1


def freeze(
    document: Document,
    written: typeset.Document,
    files: Mapping[str, Callable[[], bytes]],
    *,
    at: datetime,
    by: Any = None,
    by_name: str,
    series: str = Edition.Series.REVISION,
    reason: str = "",
    cleared: Clearing | None = None,
    words: str = "",
) -> Edition:
    """Keep `written` as the next edition of `document`, with a file for each of `files`.

    `words` is the hash by which it is known again, where `written` bears a designation besides.
    Everything stands or nothing does: a process that dies in the middle leaves no edition.
    Raises NothingChangedError and NoReasonError.
    """
    with history.activity("editions.freeze", by, reason):
        Document.objects.select_for_update(no_key=True).get(pk=document.pk)
        words = words or words_of(written)
        before = latest(document, written.language)
        if before is not None and before.words == words:
            raise NothingChangedError
        series, number = next_of(document, written.language, series)
        if number and not reason.strip():
            raise NoReasonError
        content = {form: make() for form, make in sorted(files.items())}
        tree = kept_bytes(written)
        edition = Edition(
            document=document, language=written.language, series=series, number=number,
            tree=tree.decode(), tree_sha256=sha256(tree), words=words, reason=reason.strip(),
            cleared_by=cleared.name if cleared else "", cleared_at=cleared.at if cleared else None,
            finalised_by=by_name, finalised_at=at,
        )  # fmt: skip
        hashes = {form: sha256(made) for form, made in content.items()}
        _lock_the_chain()
        last = Edition.objects.defer("tree").order_by("-pk").first()
        edition.seal = _seal(edition, hashes, last.seal if last else FIRST_SEAL)
        edition.full_clean()
        edition.save()
        for form, made in content.items():
            EditionFile(edition=edition, form=form, sha256=hashes[form], content=made).save()
    return edition


def _lock_the_chain() -> None:
    """Seal one edition at a time in the whole installation: seals form one chain.

    It is locked once the files are made, which takes seconds; rows that belong to a group are
    added meanwhile.
    """
    groups = WorkingGroup.objects.select_for_update(no_key=True).order_by("pk")
    list(groups.values_list("pk", flat=True))


def document_of(edition: Edition) -> typeset.Document:
    """Return the document as it was finalised."""
    return read_bytes(edition.tree.encode())


def body_of(tree: str) -> typeset.Document:
    """Return the document of an edition's `tree` without its annexes, in a fraction of the time."""
    return read_body(tree.encode())


def verify() -> Iterator[Broken]:
    """Yield everything that is not as it was finalised, in the order in which it was."""
    seal = FIRST_SEAL
    for edition in Edition.objects.order_by("pk").select_related("document").iterator(10):
        name = f"{edition} ({edition.language})"
        if sha256(edition.tree.encode()) != edition.tree_sha256:
            yield Broken(name, "its text is not the one that was finalised")
        hashes = {}
        for file in edition.files.all():
            hashes[file.form] = file.sha256
            if sha256(bytes(file.content)) != file.sha256:
                yield Broken(name, f"its file {file.form} is not the one that was finalised")
        if _seal(edition, hashes, seal) != edition.seal:
            yield Broken(
                name, "its seal does not agree: a fact, a file or an earlier edition changed"
            )
        seal = edition.seal


def _seal(edition: Edition, files: Mapping[str, str], before: str) -> str:
    said = [
        before, edition.document_id, edition.language, edition.series, edition.number,
        edition.tree_sha256, edition.words, edition.reason, edition.cleared_by,
        edition.cleared_at and edition.cleared_at.timestamp(), edition.finalised_by,
        edition.finalised_at.timestamp(), sorted(files.items()),
    ]  # fmt: skip
    return sha256(json.dumps(said, ensure_ascii=False).encode())
