"""One document as its page tells it: what it says, what replaced it, where it was discussed."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from meetings import register
from meetings.agenda_numbers import numbered
from meetings.languages import LANGUAGES, in_language
from meetings.models import AgendaItem, Document, Meeting, Outcome, Topic
from meetings.promises.ledger import letters_of
from meetings.promises.words import outcome_name
from meetings.register import Door, FileRow, SourceRow


@dataclass(frozen=True, slots=True)
class Link:
    """Something else that a document leads to."""

    address: str
    words: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What a document's page shows."""

    document: Document
    title: str
    other_titles: tuple[tuple[str, str], ...]  # the language's code and the title in it
    sources: tuple[SourceRow, ...]
    original: str
    files: tuple[FileRow, ...]
    after: Link | None  # what it is numbered after
    superseded_by: Link | None
    later: tuple[Link, ...]
    items: tuple[Link, ...]
    discussed: tuple[Link, ...]
    topics: tuple[str, ...]


def tell(document: Document, visible: QuerySet[Document], door: Door) -> Told:
    """Return what the page of `document` shows to somebody who reads `visible`."""
    meeting = document.meeting
    assert meeting is not None, "a document with a page has its meeting"
    titles = document.title or {}
    title = in_language(titles, "en")
    by = register.replacing(document, visible)
    parent = document.parent
    if parent is not None and not visible.filter(pk=parent.pk).exists():
        parent = None
    return Told(
        document,
        title,
        tuple((code, titles[code]) for code in LANGUAGES if code in titles and titles[code] != title),
        register.sources(document),
        LANGUAGES.get(document.original_language, ""),
        register.files(document, door),
        _link(parent, door) if parent else None,
        _link(by, door) if by else None,
        _later(document, visible, door),
        _items(document),
        _discussed(document),
        tuple(
            in_language(each.title, "en") for each in Topic.objects.filter(proposed_in=document)
        ),
    )  # fmt: skip


def _link(document: Document, door: Door) -> Link:
    return Link(door.address(document), document.number)


def _later(document: Document, visible: QuerySet[Document], door: Door) -> tuple[Link, ...]:
    """Return the revisions, addenda and corrigenda of a document; a revision has its neighbours'."""
    root = document.parent_id or document.pk
    found = visible.filter(parent=root).exclude(pk=document.pk).order_by(
        "relation", "relation_number"
    )  # fmt: skip
    return tuple(
        Link(
            door.address(each), each.number,
            "withdrawn" if each.withdrawn_at else in_language(each.title, "en"),
        )
        for each in found.select_related("group", "meeting__group")
    )  # fmt: skip


def _items(document: Document) -> tuple[Link, ...]:
    """Return the agenda items it is for, with their numbers."""
    named = {each.pk for each in document.agenda_items.all()}
    if not named or document.meeting is None or not document.meeting.agenda_public:
        return ()
    place = f"{document.meeting.get_absolute_url()}#agenda"
    return tuple(
        Link(place, number, in_language(item.title, "en"))
        for number, item in numbered(list(AgendaItem.objects.filter(meeting=document.meeting)))
        if item.pk in named
    )


def _discussed(document: Document) -> tuple[Link, ...]:
    """Return the outcomes that rest on a document, of meetings whose outcomes everybody reads."""
    found = list(
        Outcome.objects.public()
        .filter(documents=document)
        .select_related("meeting__group")
        .prefetch_related("meeting__group__names")
        .order_by("meeting__first_day", "position", "pk")
    )
    letters = letters_of({each.meeting_id for each in found})
    return tuple(
        Link(
            f"{each.meeting.get_absolute_url()}#outcome-{each.meeting.ordinal}-{letters[each.pk]}",
            outcome_name(each, letters[each.pk]), each.get_kind_display(),
        )
        for each in found
    )  # fmt: skip


def documents_of_items(
    visible: QuerySet[Document], meeting: Meeting, door: Door
) -> dict[int, list[Link]]:
    """Return the documents for each item of a meeting's agenda, by the item's key.

    Those that were withdrawn, or replaced by a revision that is there, are left out.
    """
    found = visible.filter(
        meeting=meeting, ordinal__isnull=False, withdrawn_at=None, agenda_items__isnull=False
    ).distinct()
    ordered = list(
        register.in_order(found.select_related("group", "meeting__group"), "").prefetch_related(
            "agenda_items"
        )
    )
    replaced = register.replaced(ordered, visible)
    items: dict[int, list[Link]] = {}
    for each in ordered:
        if each.pk not in replaced:
            for item in each.agenda_items.all():
                items.setdefault(item.pk, []).append(_link(each, door))
    return items
