"""The difference between two documents as a Word file with tracked changes.

Accepting all of them gives the words of the new document, rejecting all those of the old one.
The head stands in lines instead of two columns, and the cover box is one cell: Word tracks what
is in a cell, and rows, but no change of a table's form.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import count, pairwise
from pathlib import Path
from xml.sax.saxutils import quoteattr

from docx.opc.part import Part

from .columns import shares
from .difference import Change, Kind, difference
from .docx import render_on
from .docx_body import item_style
from .docx_markup import BREAK, TAB, Markup
from .docx_template import Style
from .printed import COVER, ROWS, Place, Printed
from .runs import Run, clean
from .tree import Document, Table
from .word_difference import Fate, Piece

_STYLES = {
    Place.SESSION: Style.SESSION,
    Place.PLACE_AND_DATES: Style.PLACE,
    Place.AGENDA_ITEM: Style.AGENDA_ITEM,
    Place.NUMBER: Style.REFERENCE,
    Place.DATE: Style.REFERENCE,
    Place.ORIGINAL: Style.REFERENCE,
    Place.SOURCE: Style.SOURCE,
    Place.TITLE: Style.TITLE,
    Place.COVER_LABEL: Style.COVER_LABEL,
    Place.COVER_TEXT: Style.COVER_TEXT,
    Place.HEADING: Style.HEADING,
    Place.SIGNATURE: Style.SIGNATURE,
    Place.ANNEX: Style.ANNEX,
    Place.TABLE_HEAD: Style.TABLE_HEAD,
    Place.TABLE_ROW: Style.TABLE_TEXT,
}
_TAGS = {Fate.ADDED: "ins", Fate.REMOVED: "del"}
_FATES = {Kind.ADDED: Fate.ADDED, Kind.REMOVED: Fate.REMOVED}


def difference_docx(
    old: Document, new: Document, *, author: str, at: datetime, template: Path | None = None
) -> bytes:
    """Return `new` as a Word file in which every change since `old` is tracked.

    `author` and `at` (with its zone) are who made the changes, and when, as Word shows it. The
    file is written on `template` as `render_docx` does it. Raises TemplateError.
    """

    def make_body(_: Document, styles: dict[str, str], width: int, part: Part) -> _Tracked:
        changes = difference(old, new)
        return _Tracked(new, styles, width, part, changes=changes, author=author, at=at)

    return render_on(new, template, make_body)


class _Tracked(Markup):
    def __init__(
        self,
        document: Document,
        styles: dict[str, str],
        width: int,
        part: Part,
        *,
        changes: Sequence[Change],
        author: str,
        at: datetime,
    ) -> None:
        super().__init__(document, styles, width, part)
        self._changes = changes
        day = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        self._who = f"w:author={quoteattr(clean(author)[:255])} w:date={quoteattr(day)}"
        self._keys = count(1_000_000)  # out of the way of the bookmarks' keys
        self._fate = Fate.KEPT  # of the runs that are being written
        self._signed = False

    def xml(self) -> str:
        """Return everything between the ends of the body, without the section's properties."""
        parts: list[str] = []
        groups = [*_groups(self._changes), []]
        for group, following in pairwise(groups):
            if _box(group[0]) is None:
                parts += map(self._paragraph, group)
                continue
            if group[0].printed.place in ROWS:
                parts += [self.narrow_gap(keep_next=True), self._rows(group), self.narrow_gap()]
                continue
            parts.append(self._box(group))
            if not following:
                parts.append(self.gap())
        return "".join(parts)

    def run(self, run: Run, *, linked: bool) -> str:
        """Return a run that is marked as added or removed, where it was."""
        return self._marked(self._fate, super().run(run, linked=linked))

    def _marked(self, fate: Fate, runs: str) -> str:
        if fate is Fate.KEPT or not runs:
            return runs
        if fate is Fate.REMOVED:
            runs = runs.replace("<w:t ", "<w:delText ").replace("</w:t>", "</w:delText>")
        return f"<w:{_TAGS[fate]} {self._key()}>{runs}</w:{_TAGS[fate]}>"

    def _mark(self, fate: Fate | None) -> str:
        """Return the sign that a paragraph's end or a row was added or removed as a whole."""
        return f"<w:{_TAGS[fate]} {self._key()}/>" if fate else ""

    def _key(self) -> str:
        return f'w:id="{next(self._keys)}" {self._who}'

    def _pieces(self, pieces: Iterable[Piece]) -> str:
        parts = []
        for piece in pieces:
            self._fate = piece.fate
            parts.append(self.runs(piece.spans))
        self._fate = Fate.KEPT
        return "".join(parts)

    def _paragraph(self, change: Change) -> str:
        printed = change.printed
        content = self.bookmark(printed.anchor) if change.new else ""
        content += self._pieces(change.number) + self._parting(change)
        style = self._style(printed)
        ended = self._mark(_FATES.get(change.kind))
        last = f"<w:rPr>{ended}</w:rPr>" if ended else self._restyled(change, style)
        extra = "<w:pageBreakBefore/>" if printed.place is Place.ANNEX else ""
        return self.written(style, content + self._pieces(change.cells[0]), extra, last)

    def _parting(self, change: Change) -> str:
        """Return what stands between number and text, with the fate of the number."""
        fates = {piece.fate for piece in change.number}
        if not fates or (change.printed.place is Place.ANNEX and not change.cells[0]):
            return ""
        fate = fates.pop() if len(fates) == 1 else Fate.KEPT
        return self._marked(fate, BREAK if change.printed.place is Place.ANNEX else TAB)

    def _style(self, printed: Printed) -> Style:
        if printed.place is Place.PARAGRAPH:
            return Style.NUMBERED if printed.number else Style.PARAGRAPH
        if printed.place is Place.ITEM:
            return item_style(printed.number, printed.level)
        if printed.place is Place.SIGNATURE and not self._signed:
            self._signed = True
            return Style.SIGNATURE_NAME
        return _STYLES[printed.place]

    def _restyled(self, change: Change, style: Style) -> str:
        """Return that a paragraph stood in another style, where it did (an item is one no more)."""
        if change.old is None or change.old.place not in {Place.PARAGRAPH, Place.ITEM}:
            return ""
        before = self._style(change.old)
        if before is style:
            return ""
        return f"<w:pPrChange {self._key()}><w:pPr>{self.named(before)}</w:pPr></w:pPrChange>"

    def _box(self, changes: Sequence[Change]) -> str:
        content = "".join(map(self._paragraph, changes))
        fates = {_FATES.get(change.kind) for change in changes}
        mark = self._mark(fates.pop()) if len(fates) == 1 else ""
        properties = f"<w:trPr>{mark}</w:trPr>" if mark else ""
        row = f"<w:tr>{properties}{self.cell(content, self.width)}</w:tr>"
        style = self.styles.get(Style.COVER_BOX.lower(), "")
        return self.table(style, "", (self.width,), row)

    def _rows(self, changes: Sequence[Change]) -> str:
        printed = Table((), tuple(change.printed.cells for change in changes))
        widths = tuple(int(share * self.width) for share in shares(printed))
        rows = "".join(self._row(change, widths) for change in changes)
        return self.table(self.styles.get(Style.TABLE.lower(), ""), "", widths, rows)

    def _row(self, change: Change, widths: tuple[int, ...]) -> str:
        fate = _FATES.get(change.kind)
        style = self._style(change.printed)
        cells = []
        for pieces, width in zip(change.cells, widths, strict=True):
            ended = self._mark(fate)
            last = f"<w:rPr>{ended}</w:rPr>" if ended else ""
            cells.append(self.cell(self.written(style, self._pieces(pieces), "", last), width))
        head = "<w:tblHeader/>" if change.printed.place is Place.TABLE_HEAD else ""
        properties = f"<w:cantSplit/>{head}{self._mark(fate)}"
        return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def _box(change: Change) -> object:
    """Return what must be the same in neighbours that share a table; None of a paragraph."""
    place = change.printed.place
    return len(change.cells) if place in ROWS else "cover" if place in COVER else None


def _groups(changes: Iterable[Change]) -> Iterator[list[Change]]:
    """Yield the changes that stand in one table together, and the paragraphs between tables."""
    group: list[Change] = []
    for change in changes:
        begins = change.printed.place is Place.TABLE_HEAD
        if group and (
            _box(group[-1]) != _box(change)
            or (begins and group[-1].printed.place is Place.TABLE_ROW)
        ):
            yield group
            group = []
        group.append(change)
    if group:
        yield group
