"""How wide the columns of a table are: the same shares of the line on every page."""

from __future__ import annotations

from .tree import Table, plain

_NARROWEST = 8  # letters; a column of single figures still needs room for the words over it
_WIDEST = 60  # letters; longer texts run over several lines


def shares(table: Table) -> tuple[float, ...]:
    """Return the part of the line that each column of `table` takes; together they are 1."""
    letters = [_NARROWEST] * table.columns
    for row in (table.header, *table.rows):
        for column, cell in enumerate(row):
            letters[column] = max(letters[column], min(len(plain(cell)), _WIDEST))
    return tuple(length / sum(letters) for length in letters)
