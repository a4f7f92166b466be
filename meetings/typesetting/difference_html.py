"""The difference between two documents as HTML for a page of somebody else's.

What was added and removed is marked as such, looks so without colour, and is said in words that
only a screen reader reads: few of them announce <ins> and <del> by themselves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from pathlib import Path

from .difference import Change, Kind, difference
from .printed import ROWS, Place
from .runs import right_to_left, runs
from .tree import Document
from .word_difference import Fate, Piece

DIFFERENCE_STYLESHEET = Path(__file__).parent / "static" / "difference.css"


def _english_tally(count: Mapping[Kind, int]) -> str:
    said = {
        Kind.CHANGED: "changed",
        Kind.ADDED: "added",
        Kind.REMOVED: "removed",
        Kind.RENUMBERED: "with another number only",
    }
    parts = [f"{count[kind]} {words}" for kind, words in said.items() if count.get(kind)]
    return f"Paragraphs: {', '.join(parts)}."


def _english_change(number: int, of: int, where: str) -> str:
    return f"Change {number} of {of}" + (f": {where}" if where else "")


def _english_same(paragraphs: int, renumbered: int) -> str:
    words = f"{paragraphs} {'paragraph' if paragraphs == 1 else 'paragraphs'} with the same words"
    return f"{words}, {renumbered} of them with another number" if renumbered else words


@dataclass(frozen=True, slots=True)
class Saying:
    """The page's own words. They are English; a page in another language brings others.

    `tally` is given how many paragraphs are of which kind, `change` the number of a change, how
    many there are and where it stands ("2.2 b)", or nothing), `same` how many paragraphs say the
    same and how many of them have another number.
    """

    added: str = "added:"
    end_of_added: str = "end of addition"
    removed: str = "removed:"
    end_of_removed: str = "end of removal"
    nothing: str = "The two say the same, word for word."
    tally: Callable[[Mapping[Kind, int]], str] = _english_tally
    change: Callable[[int, int, str], str] = _english_change
    same: Callable[[int, int], str] = _english_same


def difference_html(
    old: Document,
    new: Document,
    *,
    context: int = 1,
    heading_level: int = 2,
    saying: Saying | None = None,
) -> str:
    """Return what differs between `old` and `new`, each change under a heading of its own.

    `context` is how many unchanged paragraphs stand before and after a change; the others are
    folded and open on a click. Headings are of `heading_level`. The page that embeds it brings
    the rules of `STYLESHEET` and `DIFFERENCE_STYLESHEET`.
    """
    page = _Page(difference(old, new), heading_level, saying or Saying())
    direction = "rtl" if right_to_left(new.language) else "ltr"
    return (
        f'<div class="document difference" lang="{escape(new.language)}" dir="{direction}">\n'
        f"{page.html(context)}\n</div>"
    )


class _Page:
    def __init__(self, changes: Sequence[Change], level: int, saying: Saying) -> None:
        self._changes = changes
        self._level = level
        self._say = saying
        self._groups = sum(not quiet for quiet, _ in groupby(changes, _quiet))
        self._head: Change | None = None  # the words over the columns of the table at hand

    def html(self, context: int) -> str:
        count = Counter(change.kind for change in self._changes)
        if count.keys() <= {Kind.KEPT}:
            return f'<p class="tally">{escape(self._say.nothing)}</p>'
        parts = [f'<p class="tally">{escape(self._say.tally(count))}</p>']
        for number, group in self._shown(context):
            if number:
                parts.append(self._group(number, group))
            else:
                parts.append(self._folded(group))
        return "\n".join(parts)

    def _shown(self, context: int) -> Iterator[tuple[int, list[Change]]]:
        """Yield each change with its number and context, and 0 with what is folded between."""
        before: list[Change] = []
        number = 0
        stretches = [(quiet, list(group)) for quiet, group in groupby(self._changes, _quiet)]
        for place, (quiet, group) in enumerate(stretches):
            if not quiet:
                number += 1
                after = stretches[place + 1][1] if place + 1 < len(stretches) else []
                yield number, [*before, *group, *after[:context]]
                before = []
                continue
            rest = group[context:] if place else group
            last = place + 1 == len(stretches)
            folded = rest if last or not context else rest[:-context]
            before = [] if last else rest[len(folded) :]
            if folded:
                yield 0, folded

    def _folded(self, group: list[Change]) -> str:
        renumbered = sum(change.kind is Kind.RENUMBERED for change in group)
        said = escape(self._say.same(len(group), renumbered))
        return f"<details>\n<summary>{said}</summary>\n{self._lines(group)}\n</details>"

    def _group(self, number: int, group: list[Change]) -> str:
        first = next(change for change in group if not _quiet(change))
        name = escape(self._say.change(number, self._groups, first.printed.where))
        tag = f"h{self._level}"
        return (
            f'<section class="change">\n<{tag} id="change-{number}">{name}</{tag}>\n'
            f"{self._lines(group)}\n</section>"
        )

    def _lines(self, changes: list[Change]) -> str:
        parts = []
        for columns, together in groupby(changes, _columns):
            if columns:
                parts.append(self._table(list(together)))
            else:
                parts += map(self._line, together)
        return "\n".join(parts)

    def _line(self, change: Change) -> str:
        printed = change.printed
        kinds = [change.kind.value, f"as-{printed.place.value.replace(' ', '-')}"]
        if printed.place is Place.ITEM:
            kinds.append(f"level-{min(printed.level, 3)}")
        number = ""
        if change.number:
            kinds.append("numbered")
            pieces = " ".join(map(self._piece, change.number))
            number = f'<span class="number">{pieces} </span>'
        return f'<p class="{" ".join(kinds)}">{number}{self._pieces(change.cells[0])}</p>'

    def _table(self, changes: list[Change]) -> str:
        """Return rows under the words over their columns, from wherever these stand."""
        if changes[0].printed.place is Place.TABLE_HEAD:
            self._head, *changes = changes
        elif self._head and _columns(self._head) != _columns(changes[0]):
            self._head = None
        head = f"<thead>\n{self._row('th', self._head)}\n</thead>\n" if self._head else ""
        rows = "\n".join(self._row("td", change) for change in changes)
        return (
            f'<div class="wide" tabindex="0"><table>\n{head}<tbody>\n{rows}\n</tbody>\n'
            "</table></div>"
        )

    def _row(self, tag: str, change: Change) -> str:
        start = f'{tag} scope="col"' if tag == "th" else tag
        cells = "".join(f"<{start}>{self._pieces(cell)}</{tag}>" for cell in change.cells)
        return f'<tr class="{change.kind.value}">{cells}</tr>'

    def _pieces(self, pieces: tuple[Piece, ...]) -> str:
        return "".join(map(self._piece, pieces))

    def _piece(self, piece: Piece) -> str:
        html = "".join(
            _look(_look(escape(run.text), "em", run.emphasis), "strong", run.strong)
            for run in runs(piece.spans)
        )
        match piece.fate:
            case Fate.KEPT:
                return html
            case Fate.ADDED:
                return _marked("ins", html, self._say.added, self._say.end_of_added)
            case Fate.REMOVED:
                return _marked("del", html, self._say.removed, self._say.end_of_removed)


def _quiet(change: Change) -> bool:
    """Return whether no word of it is another; a new paragraph renumbers all that follow it."""
    return change.kind in {Kind.KEPT, Kind.RENUMBERED}


def _columns(change: Change) -> int:
    """Return how many columns a row of a table has; a paragraph has none."""
    return len(change.cells) if change.printed.place in ROWS else 0


def _look(html: str, tag: str, wanted: bool) -> str:
    return f"<{tag}>{html}</{tag}>" if wanted else html


def _marked(tag: str, html: str, before: str, after: str) -> str:
    return (
        f'<{tag}><span class="unseen"> {escape(before)} </span>{html}'
        f'<span class="unseen"> {escape(after)} </span></{tag}>'
    )
