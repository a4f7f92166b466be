"""How wide the columns of a table are: the same shares of the line on every page."""

from __future__ import annotations

from .tree import Spans, Table, plain

LINE = 90  # letters of a table that fit on a line of A4
_AROUND = 3  # letters' room at the edges of a cell
_BOLD = 1.2  # how much wider the words over the columns are
_WORD = 22  # letters; up to here a word stays whole, as far as the line allows
_TEXT = 60  # letters; longer texts run over several lines


def shares(table: Table) -> tuple[float, ...]:
    """Return the part of the line that each column of `table` takes; together they are 1.

    Each has room for its longest word first; what is left goes to the columns with more to say.
    """
    rows = (table.header, *table.rows)
    columns = [[row[n] for row in rows if n < len(row)] for n in range(table.columns)]
    heads = [_longest([cell]) * _BOLD for cell in table.header]
    heads += [0] * (len(columns) - len(heads))
    words = [
        max(_longest(cells), head) + _AROUND for cells, head in zip(columns, heads, strict=True)
    ]
    texts = [max(min(max(len(plain(cell)) for cell in cells), _TEXT), 1) for cells in columns]
    wanted = [max(text + _AROUND - word, 0) for text, word in zip(texts, words, strict=True)]
    left = max(LINE - sum(words), 0) / (sum(wanted) or 1)
    widths = [word + want * left for word, want in zip(words, wanted, strict=True)]
    return tuple(width / sum(widths) for width in widths)


def _longest(cells: list[Spans]) -> int:
    words = (word for cell in cells for word in plain(cell).split())
    return min(max(map(len, words), default=1), _WORD)
