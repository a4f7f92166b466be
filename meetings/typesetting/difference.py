"""The difference between two documents, paragraph by paragraph and word by word."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .alignment import aligned
from .printed import Printed, printed
from .tree import Document, plain
from .word_difference import Fate, Piece, whole, word_difference


class Kind(StrEnum):
    """What became of a printed paragraph or a row of a table."""

    KEPT = "kept"
    CHANGED = "changed"
    RENUMBERED = "renumbered"  # its number only is another
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Change:
    """One printed paragraph or row: what it was (None if added), what it is (None if removed).

    `number` and `cells` are the pieces of both; a paragraph has one cell, a row one per column.
    """

    kind: Kind
    old: Printed | None
    new: Printed | None
    number: tuple[Piece, ...]
    cells: tuple[tuple[Piece, ...], ...]

    @property
    def printed(self) -> Printed:
        """What it is, or, if it was removed, was."""
        found = self.new or self.old
        assert found is not None
        return found


def difference(old: Document, new: Document) -> tuple[Change, ...]:
    """Return every printed paragraph and row of both documents, in the order of the page.

    Words are compared, not their look or their links. A paragraph that was moved has been
    removed at one place and added at another.
    """
    return tuple(_change(one, other) for one, other in aligned([*printed(old)], [*printed(new)]))


def _change(old: Printed | None, new: Printed | None) -> Change:
    if old is None and new is not None:
        return _alone(Kind.ADDED, Fate.ADDED, new)
    if old is not None and new is None:
        return _alone(Kind.REMOVED, Fate.REMOVED, old)
    assert old is not None
    assert new is not None
    numbered = plain(old.number) == plain(new.number)
    said = [*map(plain, old.cells)] == [*map(plain, new.cells)]
    kind = Kind.CHANGED if not said else Kind.KEPT if numbered else Kind.RENUMBERED
    number = (
        whole(Fate.KEPT, new.number)
        if numbered
        else whole(Fate.REMOVED, old.number) + whole(Fate.ADDED, new.number)
    )
    cells = zip(old.cells, new.cells, strict=True)
    return Change(kind, old, new, number, tuple(word_difference(*cell) for cell in cells))


def _alone(kind: Kind, fate: Fate, printed: Printed) -> Change:
    return Change(
        kind,
        printed if kind is Kind.REMOVED else None,
        printed if kind is Kind.ADDED else None,
        whole(fate, printed.number),
        tuple(whole(fate, cell) for cell in printed.cells),
    )
