"""A meeting's agenda: written as a whole, in the order and with the nesting it has on its page.

Once it is public its numbers are known: who changes one says so (`confirmed`), after reading which.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from meetings import agenda_numbers, history, outline
from meetings.languages import in_any_language, in_language
from meetings.models import AgendaItem, Document, Meeting, Outcome, Statement
from meetings.open_meeting import locked
from meetings.outline import Line
from meetings.settling import By

ENGLISH = "en"  # the language in which the secretariat's pages write a title


class AgendaError(Exception):
    """An agenda that cannot be saved as asked; never raised itself."""


class ChangedMeanwhileError(AgendaError):
    """Somebody else saved the agenda since it was read."""

    def __str__(self) -> str:
        return (
            "Somebody else changed this agenda while you were writing. Nothing was saved. What you "
            "typed stands below; compare it with what is saved now, then save."
        )


class NeededElsewhereError(AgendaError):
    """An item that cannot be removed because something was recorded under it."""

    def __init__(self, item: AgendaItem) -> None:
        super().__init__(
            f"“{item}” was not removed: outcomes or statements stand under it. Nothing was saved."
        )


class NotOfThisMeetingError(AgendaError):
    """A line that names an item or a document of another meeting."""

    def __str__(self) -> str:
        return "A line names an item or a document that is not of this meeting. Nothing was saved."


@dataclass(frozen=True, slots=True)
class Renumbered:
    """An item of a public agenda whose number would change; `now` is "" where it goes."""

    title: str
    was: str
    now: str


class NumbersMoveError(AgendaError):
    """A public agenda of which numbers would change, and nobody has confirmed that."""

    def __init__(self, moved: Sequence[Renumbered]) -> None:
        self.moved = tuple(moved)
        super().__init__(
            "The agenda is public, and numbers that people know would change. Nothing was saved yet."
        )


@dataclass(frozen=True, slots=True)
class Numbered:
    """An item of an agenda in reading order, with its number: 3, 3.1."""

    item: AgendaItem
    number: str
    depth: int

    def __str__(self) -> str:
        return f"{self.number} {self.item}"


def numbered(items: Iterable[AgendaItem]) -> list[Numbered]:
    """Return the items of one meeting in reading order, each with its number."""
    return [
        Numbered(item, number, number.count(".")) for number, item in agenda_numbers.numbered(items)
    ]


def of(meeting: Meeting) -> list[Numbered]:
    """Return the agenda of `meeting` in reading order."""
    return numbered(meeting.agenda_items.all())


def lines(meeting: Meeting) -> list[Line]:
    """Return the agenda of `meeting` as a page writes it: documents by key, drafts left out."""
    through = Document.agenda_items.through._default_manager.filter(
        agendaitem__meeting=meeting, document__in=_on_items(meeting)
    )
    placed: dict[int, list[int]] = {}
    for item, document in through.order_by("document").values_list("agendaitem", "document"):
        placed.setdefault(item, []).append(document)
    return [
        Line(
            each.depth, in_language(each.item.title, ENGLISH) or in_any_language(each.item.title),
            each.item.pk, tuple(placed.get(each.item.pk, ())),
        )
        for each in of(meeting)
    ]  # fmt: skip


def stamp(meeting: Meeting) -> str:
    """Return a mark of what is saved of an agenda now: it changes with every change."""
    rows = [(meeting.agenda_published_at is not None, *lines(meeting))]
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:32]


def documents_for(meeting: Meeting) -> list[Document]:
    """Return the documents of `meeting` that may be put on its items, in the order of the register."""
    return list(_on_items(meeting).order_by("series", "ordinal", "key"))


def save(
    meeting: Meeting, written: Sequence[Line], *, seen: str, by: By = None, confirmed: bool = False
) -> Meeting:
    """Save the agenda of `meeting` as written; what is not among the lines is removed.

    `seen` is the stamp of what was read before writing. Raises ClosedError, ChangedMeanwhileError,
    NotOfThisMeetingError, NeededElsewhereError, and NumbersMoveError where a number that is public
    changes and `confirmed` does not say so; then nothing is saved.
    """
    written = outline.settled(written)
    with history.activity("agenda.save", by):
        standing = locked(meeting)
        if stamp(standing) != seen:
            raise ChangedMeanwhileError
        before = of(standing)
        items = {each.item.pk: each.item for each in before}
        documents = {each.pk: each for each in _on_items(standing)}
        _guard(written, items, documents)
        if standing.agenda_published_at is not None and not confirmed:
            _guard_numbers(before, written)
        for gone in [key for key in items if key not in {line.key for line in written}]:
            _guard_removal(items[gone])
        kept = _write(standing, written, items)
        for item, line in zip(kept, written, strict=True):
            _place(item, {documents[key] for key in line.documents}, set(documents.values()))
        for gone in set(items) - {item.pk for item in kept}:
            items[gone].delete()
    return standing


def _on_items(meeting: Meeting) -> QuerySet[Document]:
    return Document.objects.submitted().filter(meeting=meeting)


def _guard(
    written: Sequence[Line], items: dict[int, AgendaItem], documents: dict[int, Document]
) -> None:
    named = [line.key for line in written if line.key is not None]
    placed = {key for line in written for key in line.documents}
    if not set(named) <= set(items) or len(set(named)) < len(named) or not placed <= set(documents):
        raise NotOfThisMeetingError


def _guard_numbers(before: Sequence[Numbered], written: Sequence[Line]) -> None:
    now = dict(
        zip([line.key for line in written], outline.numbers([line.depth for line in written]),
            strict=True)
    )  # fmt: skip
    moved = [
        Renumbered(str(each.item), each.number, now.get(each.item.pk, ""))
        for each in before if now.get(each.item.pk, "") != each.number
    ]  # fmt: skip
    if moved:
        raise NumbersMoveError(moved)


def _guard_removal(item: AgendaItem) -> None:
    if (
        Outcome.objects.filter(agenda_item=item).exists()
        or Statement.objects.filter(agenda_item=item).exists()
    ):
        raise NeededElsewhereError(item)


def _write(
    meeting: Meeting, written: Sequence[Line], items: dict[int, AgendaItem]
) -> list[AgendaItem]:
    """Write the rows from above, so that each finds the one it stands below."""
    kept: list[AgendaItem] = []
    above: list[AgendaItem] = []
    counted: list[int] = []
    for line in written:
        counted = [
            *counted[: line.depth],
            (counted[line.depth] if line.depth < len(counted) else 0),
        ]
        counted[line.depth] += 1
        parent = above[line.depth - 1] if line.depth else None
        item = items.get(line.key or 0) or AgendaItem(meeting=meeting, title={})
        was = (item.parent_id, item.position, dict(item.title or {}))
        item.parent, item.position = parent, counted[line.depth]
        item.title = _titled(item, line.title)
        if item.pk is None or was != (item.parent_id, item.position, item.title):
            item.clean_fields(exclude=["parent"])
            item.save()
        kept.append(item)
        above = [*above[: line.depth], item]
    return kept


def _titled(item: AgendaItem, title: str) -> dict[str, str]:
    """Return the titles of an item with the one typed; what it is called elsewhere stays."""
    others = dict(item.title or {})
    if others and ENGLISH not in others and title == in_any_language(others):
        return others
    return {**others, ENGLISH: title}


def _place(item: AgendaItem, documents: set[Document], known: set[Document]) -> None:
    """Put `documents` on an item; of those not `known` here (drafts) nothing is changed."""
    standing = set(item.documents.all()) & known
    if taken := standing - documents:
        item.documents.remove(*taken)
    if added := documents - standing:
        item.documents.add(*added)
