"""A meeting's register as people read it: everybody what is public, members all that has a number.

The same rows stand on the public page and at the desk; a `Door` says at whose addresses.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Lower
from django.urls import reverse

from meetings.languages import LANGUAGES
from meetings.models import Document, DocumentFile, Meeting, Source

NAME = re.compile(r"(?:(inf|adm|dt)-)?([1-9][0-9]{0,5})")
LATER = re.compile(r"(rev|add|corr)-([1-9][0-9]{0,3})")
# A format's word and the order in which versions of a document are offered
FORMS = {"docx": "Word", "pdf": "PDF"}


@dataclass(frozen=True, slots=True)
class Door:
    """The addresses by which a register is read: names of addresses with the same arguments."""

    document: str
    later: str
    file: str
    later_file: str

    def address(self, document: Document) -> str:
        """Return the address of a document's page; "" for one without a place in the register."""
        if not document.in_register:
            return ""
        names = self.later if document.parent_id is not None else self.document
        return reverse(names, args=_place(document))

    def file_address(self, file: DocumentFile) -> str:
        """Return the address of a file, which ends in its language and format."""
        names = self.later_file if file.document.parent_id is not None else self.file
        return reverse(names, args=[*_place(file.document), file.language, file.form])


PUBLIC = Door(
    "meetings:document", "meetings:document_later", "meetings:document_file",
    "meetings:document_later_file",
)  # fmt: skip
DESK = Door(
    "desk:meeting_document", "desk:meeting_document_later", "desk:meeting_document_file",
    "desk:meeting_document_later_file",
)  # fmt: skip


def _place(document: Document) -> list[str]:
    assert document.meeting is not None, "what has a place in a register has its meeting"
    names = [document.group.slug, document.meeting.number, document.register_name]
    return [*names, document.relation_name] if document.parent_id is not None else names


@dataclass(frozen=True, slots=True)
class FileRow:
    """A language version as it is offered."""

    address: str
    language: str  # its code
    language_name: str
    form: str
    version: str
    size: int


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A Member State that a document comes from."""

    name: str
    pending: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A document as its register lists it."""

    document: Document
    address: str  # its page here; else where it is read elsewhere; else ""
    sources: tuple[SourceRow, ...]
    files: tuple[FileRow, ...]
    superseded_by: str  # the number of the revision that replaces it
    superseded_address: str
    is_new: bool


def with_all_it_shows(documents: QuerySet[Document]) -> QuerySet[Document]:
    """Return `documents` with what a register shows of each."""
    sources = Source.objects.filter(declined_at=None).select_related("member_state")
    return documents.select_related("group", "meeting__group").prefetch_related(
        Prefetch("sources", sources), "files"
    )


def rows(
    documents: Sequence[Document], visible: QuerySet[Document], door: Door,
    since: datetime | None = None,
) -> list[Row]:  # fmt: skip
    """Return the rows of `documents`; what replaces one is looked for among `visible`.

    What was registered or given a file after `since` is new.
    """
    latest = _latest_revisions(documents, visible)
    return [_row(each, latest, door, since) for each in documents]


def _latest_revisions(
    documents: Collection[Document], visible: QuerySet[Document]
) -> dict[int, Document]:
    """Return the revision that stands for each document, by the key of what it is numbered after."""
    roots = {each.parent_id or each.pk for each in documents if each.in_register}
    if not roots:
        return {}
    revisions = visible.filter(
        parent__in=roots, relation=Document.Relation.REVISION, withdrawn_at=None,
        relation_number__isnull=False,
    )  # fmt: skip
    found = revisions.select_related("group", "meeting__group").order_by("relation_number")
    return {each.parent_id: each for each in found if each.parent_id is not None}


def _row(
    document: Document, latest: Mapping[int, Document], door: Door, since: datetime | None
) -> Row:
    by = superseded_by(document, latest)
    added = [document.registered_at, *(each.added_at for each in document.files.all())]
    return Row(
        document,
        door.address(document) or document.link,
        sources(document),
        files(document, door),
        by.number if by else "",
        door.address(by) if by else "",
        since is not None and any(at is not None and at > since for at in added),
    )


def superseded_by(document: Document, latest: Mapping[int, Document]) -> Document | None:
    """Return the later revision that replaces a document; None for what adds to one or corrects it."""
    if document.relation not in ("", Document.Relation.REVISION):
        return None
    found = latest.get(document.parent_id or document.pk)
    if found is None or (document.relation_number or 0) >= (found.relation_number or 0):
        return None
    return found


def replacing(document: Document, visible: QuerySet[Document]) -> Document | None:
    """Return the revision among `visible` that replaces one document."""
    return superseded_by(document, _latest_revisions([document], visible))


def replaced(documents: Collection[Document], visible: QuerySet[Document]) -> set[int]:
    """Return the keys of those of `documents` that a revision among `visible` replaces."""
    latest = _latest_revisions(documents, visible)
    return {each.pk for each in documents if superseded_by(each, latest) is not None}


def sources(document: Document) -> tuple[SourceRow, ...]:
    """Return whom a document comes from; who declined is none of them."""
    return tuple(
        SourceRow(str(each.member_state), each.is_pending)
        for each in document.sources.all()
        if each.declined_at is None
    )


def files(document: Document, door: Door) -> tuple[FileRow, ...]:
    """Return the files that are offered, in the order of the languages; of what is withdrawn none."""
    if not document.in_register or document.withdrawn_at is not None:
        return ()
    order = list(LANGUAGES)
    found = sorted(document.files.all(), key=lambda row: (order.index(row.language), row.form))
    return tuple(_file(document, each, door) for each in found)


def _file(document: Document, row: DocumentFile, door: Door) -> FileRow:
    row.document = document  # asked for its address: not once more for each
    return FileRow(
        door.file_address(row), row.language, LANGUAGES[row.language], FORMS[row.form],
        row.get_version_display(), row.size,
    )  # fmt: skip


def file_name(document: Document, row: DocumentFile) -> str:
    """Return the name under which a file is saved: the document's number, its language."""
    number = re.sub(r"[/ ]+", "-", document.number or document.key)
    return f"{number}-{row.language}.{row.form}"


# Found by its address


def find(documents: QuerySet[Document], meeting: str, name: str, later: str) -> Document | None:
    """Return the document among those of one group that an address names: 23, 7, rev-1."""
    digits = meeting.removeprefix("oc-")
    series = Meeting.Series.OWN if digits == meeting else Meeting.Series.OPEN_CONSULTATION
    named, after = NAME.fullmatch(name), LATER.fullmatch(later)
    if named is None or (later and after is None) or not re.fullmatch("[1-9][0-9]{0,3}", digits):
        return None
    place = Q(relation=after[1], relation_number=int(after[2])) if after else Q(parent=None)
    return (
        with_all_it_shows(documents)
        .filter(
            place, meeting__series=series, meeting__ordinal=int(digits),
            series=(named[1] or "").upper(), ordinal=int(named[2]),
        )
        .select_related("parent__group", "parent__meeting__group")
        .first()
    )  # fmt: skip


# In order

IN_REGISTER = (
    "series", F("ordinal").asc(nulls_last=True), "relation", F("relation_number").asc(nulls_first=True),
    "key",
)  # fmt: skip


def _english(field: str) -> Any:
    return Lower(Cast(KeyTextTransform("en", field), CharField()))


def first_source() -> Subquery:
    """Return the name of the first Member State that a document comes from."""
    first = Source.objects.filter(document=OuterRef("pk"), declined_at=None)
    names = first.order_by("position", "pk").annotate(name=_english("member_state__name"))
    return Subquery(names.values("name")[:1])


SORTS: Mapping[str, str] = {
    "number": "Number", "title": "Title", "source": "Source", "kind": "Type", "date": "Date",
}  # fmt: skip


def in_order(documents: QuerySet[Document], asked: str) -> QuerySet[Document]:
    """Return `documents` as sorted by a column, "-" before it for the other way; else by number."""
    name = asked.removeprefix("-")
    by: Any = {
        "title": _english("title"), "source": first_source(), "kind": F("kind"), "date": F("dated")
    }.get(name)  # fmt: skip
    if by is None:
        ordered = documents.order_by(*IN_REGISTER)
        return ordered.reverse() if asked == "-number" else ordered
    documents = documents.annotate(column=by)
    column = F("column")
    turned = column.desc(nulls_last=True) if asked != name else column.asc(nulls_last=True)
    return documents.order_by(turned, *IN_REGISTER)


@dataclass(frozen=True, slots=True)
class Column:
    """A column by which the register can be sorted: the link that does, and how it stands now."""

    name: str
    query: str
    sorted: str  # for aria-sort: "ascending", "descending" or ""


def columns(asked: str, query: str) -> list[Column]:
    """Return the columns with the links that sort by each; `query` holds what else was asked."""
    found = []
    for key, name in SORTS.items():
        turned = asked in (key, f"-{key}") or (not asked and key == "number")
        now = ("descending" if asked.startswith("-") else "ascending") if turned else ""
        found.append(Column(name, f"{query}sort={'-' if now == 'ascending' else ''}{key}", now))
    return found
