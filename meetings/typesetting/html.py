"""A document as HTML: a page that stands alone, or the article for a page of somebody else's.

Numbers, letters, dashes and quotation marks are text, never style: what is copied is complete.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from html import escape
from itertools import chain, groupby
from pathlib import Path

from .runs import Run, clean, right_to_left, runs, turned
from .tree import (
    Annex,
    CoverRow,
    CoverRule,
    Document,
    Item,
    Paragraph,
    Section,
    Spans,
    Table,
    dashed,
    plain,
)

# In a folder of its own: a site serves it as it is.
STYLESHEET = Path(__file__).parent / "static" / "document.css"

# Given the anchor of a printed paragraph (empty where it has none) and its spans, returns the
# HTML that stands beside it. It is printed as it is: whoever writes it escapes it.
type Note = Callable[[str, Spans], str]
# Given the anchor of a numbered paragraph, returns the address that its number leads to and the
# words that say where that is; None where it leads nowhere.
type Link = Callable[[str], tuple[str, str] | None]

_PAGE_STYLE = """
:root { color-scheme: light dark; --document-ink: #14202e; background: #fff; }
body { margin: 0; padding: 2.5rem 1.25rem 4rem; }
@media (prefers-color-scheme: dark) {
  :root {
    --document-ink: #e6e9ee; --document-link: #8ab8f0; --document-target: #3d3413;
    background: #12181f;
  }
}
@page { size: A4; margin: 2.3cm; }
@media print { :root { background: none; } body { padding: 0; } }
"""


def render_html(document: Document) -> str:
    """Return `document` as one HTML page that needs nothing else: no style sheet, no font."""
    title = escape(clean(document.title or plain(document.head.title)))
    author = escape(clean(document.author))
    named = f'<meta name="author" content="{author}">\n' if author else ""
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(document.language)}" dir="{_direction(document)}">\n'
        f'<head>\n<meta charset="utf-8">\n<title>{title}</title>\n{named}'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<style>{_PAGE_STYLE}{_stylesheet()}</style>\n</head>\n<body>\n"
        f"<main>\n{render_fragment(document)}\n</main>\n</body>\n</html>\n"
    )


def render_fragment(
    document: Document,
    note: Note | None = None,
    *,
    link: Link | None = None,
    heading_level: int = 1,
) -> str:
    """Return `document` as an <article>, its title a heading of `heading_level` (1 to 5).

    With `note`, each printed paragraph has beside it what `note` returns; with `link`, its number
    leads where `link` says. The page that embeds it brings the rules of `STYLESHEET`.
    """
    return _Article(document, note, link, heading_level).html()


def _direction(document: Document) -> str:
    return "rtl" if right_to_left(document.language) else "ltr"


@cache
def _stylesheet() -> str:
    return STYLESHEET.read_text(encoding="utf-8")


class _Article:
    def __init__(
        self, document: Document, note: Note | None, link: Link | None, heading_level: int
    ) -> None:
        self._document = document
        self._note = note
        self._link = link
        self._level = heading_level
        self._ids: set[str] = set()

    def html(self) -> str:
        document = self._document
        parts = [self._head(), self._cover()]
        parts += [self._section(section) for section in document.sections]
        if document.signature:
            lines = [self._line("p", spans) for spans in document.signature if spans]
            parts.append(f'<footer class="signature">\n{_joined(lines)}\n</footer>')
        parts += [self._annex(annex) for annex in document.annexes]
        kind = "document annotated" if self._note else "document"
        return (
            f'<article class="{kind}" lang="{escape(document.language)}"'
            f' dir="{_direction(document)}">\n{_joined(parts)}\n</article>'
        )

    def _head(self) -> str:
        head = self._document.head
        lines = self._named(("session", head.session), ("place", head.place_and_dates))
        references = self._named(
            ("agenda", head.agenda_item),
            ("reference", head.number),
            ("reference", head.date),
            ("reference", head.original),
        )
        if references:
            lines.append(f'<div class="references">\n{_joined(references)}\n</div>')
        lines += self._named(("source", head.source))
        if head.title:
            lines.append(self._line(f"h{self._level}", head.title, kind="title"))
        return f'<header class="head">\n{_joined(lines)}\n</header>' if lines else ""

    def _named(self, *lines: tuple[str, Spans]) -> list[str]:
        return [self._line("p", spans, kind=kind) for kind, spans in lines if spans]

    def _cover(self) -> str:
        """Return the cover box: a list of terms between two rules, rows without label apart."""
        parts = []
        for kind, rows in groupby(self._document.cover, _cover_kind):
            if kind == "rule":
                parts += ["<hr>" for _ in rows]
                continue
            rows_html = [self._cover_row(row) for row in rows if isinstance(row, CoverRow)]
            parts += [f"<dl>\n{_joined(rows_html)}\n</dl>"] if kind == "labelled" else rows_html
        return f'<div class="cover">\n{_joined(parts)}\n</div>' if parts else ""

    def _cover_row(self, row: CoverRow) -> str:
        text = _joined(f"<p>{_inline(spans)}</p>" for spans in row.text if spans)
        spans = sum(row.text, row.label)
        text = self._noted(text, row.anchor, spans)
        anchor = self._id(row.anchor)
        if not row.label:
            return f"<div{anchor}>{text}</div>"
        return f"<div{anchor}>\n<dt>{_inline(row.label)}</dt>\n<dd>{text}</dd>\n</div>"

    def _section(self, section: Section) -> str:
        parts = []
        if section.heading:
            parts.append(
                self._line(
                    f"h{self._level + 1}",
                    section.heading,
                    number=section.number,
                    anchor=section.anchor,
                    kind="heading",
                )
            )
        for paragraph in section.paragraphs:
            parts.append(self._paragraph(paragraph))
            parts.append(self._items(paragraph.items))
        return f"<section>\n{_joined(parts)}\n</section>"

    def _annex(self, annex: Annex) -> str:
        parts = []
        if annex.label or annex.heading:
            label = f'<span class="label">{_inline(annex.label)} </span>' if annex.label else ""
            tag = f"h{self._level + 1}"
            line = (
                f'<{tag}{self._id(annex.anchor)} class="heading">'
                f"{label}{_inline(annex.heading)}</{tag}>"
            )
            parts.append(self._noted(line, annex.anchor, annex.label + annex.heading))
        for block in annex.blocks:
            if isinstance(block, Table):
                name = " ".join(filter(None, map(plain, (annex.label, annex.heading))))
                parts.append(self._table(block, name))
            else:
                parts += [self._paragraph(block), self._items(block.items)]
        return f'<section class="annex">\n{_joined(parts)}\n</section>'

    def _table(self, table: Table, name: str) -> str:
        """Return the table in a box that scrolls where the page is narrow, by keyboard too."""
        if not table.columns:
            return ""
        head = _row('th scope="col"', table.header, table.columns) if any(table.header) else ""
        rows = _joined(_row("td", row, table.columns) for row in table.rows)
        parts = [f"<thead>\n{head}\n</thead>" if head else "", f"<tbody>\n{rows}\n</tbody>"]
        named = f' aria-label="{escape(clean(name))}"' if name else ""
        html = (
            f'<div class="wide" role="group" tabindex="0"{named}>\n'
            f"<table>\n{_joined(parts)}\n</table>\n</div>"
        )
        return self._noted(html, "", tuple(chain(*chain(table.header, *table.rows))))

    def _items(self, items: tuple[Item, ...]) -> str:
        if not items:
            return ""
        tag = "ul" if dashed(items[0].number) else "ol"
        rows = [
            f"<li>{_joined([self._paragraph(item), self._items(item.items)])}</li>"
            for item in items
        ]
        # Without the role, a list whose marks are text is no list to some screen readers.
        return f'<{tag} role="list">\n{_joined(rows)}\n</{tag}>'

    def _paragraph(self, block: Paragraph | Item) -> str:
        against = not block.number and turned(block.text) and _direction(self._document) == "ltr"
        tag = 'p dir="rtl"' if against else "p"
        return self._line(tag, block.text, number=block.number, anchor=block.anchor)

    def _line(
        self, tag: str, text: Spans, *, number: Spans = (), anchor: str = "", kind: str = ""
    ) -> str:
        """Return one printed paragraph, its number before it, its note beside it."""
        kinds = " ".join(filter(None, [kind, "numbered" if number else ""]))
        attributes = self._id(anchor) + (f' class="{kinds}"' if kinds else "")
        shown = self._linked(_inline(number), number, anchor)
        hanging = f'<span class="number">{shown} </span>' if number else ""
        line = f"<{tag}{attributes}>{hanging}{_inline(text)}</{tag.partition(' ')[0]}>"
        return self._noted(line, anchor, number + text)

    def _linked(self, shown: str, number: Spans, anchor: str) -> str:
        """Return a number as a link; its name begins with what is seen and says where it leads."""
        target = self._link(anchor) if self._link and number and anchor else None
        if target is None:
            return shown
        address, where = target
        name = escape(clean(f"{plain(number)} {where}"))
        return f'<a href="{escape(address)}" aria-label="{name}">{shown}</a>'

    def _noted(self, line: str, anchor: str, spans: Spans) -> str:
        if self._note is None:
            return line
        beside = f'<aside class="note">{self._note(anchor, spans)}</aside>'
        return f'<div class="noted"><div>{line}</div>{beside}</div>'

    def _id(self, anchor: str) -> str:
        """Return the attribute that makes `anchor` a place to link to, at its first use."""
        if not anchor or anchor in self._ids:
            return ""
        self._ids.add(anchor)
        return f' id="{escape(clean(anchor))}"'


def _row(cell: str, texts: tuple[Spans, ...], columns: int) -> str:
    end = cell.partition(" ")[0]
    padded = texts + ((),) * (columns - len(texts))
    return "<tr>" + "".join(f"<{cell}>{_inline(text)}</{end}>" for text in padded) + "</tr>"


def _cover_kind(row: CoverRow | CoverRule) -> str:
    if isinstance(row, CoverRule):
        return "rule"
    return "labelled" if row.label else "plain"


def _joined(parts: Iterable[str]) -> str:
    return "\n".join(filter(None, parts))


def _inline(spans: Spans) -> str:
    return "".join(map(_run, runs(spans)))


def _run(run: Run) -> str:
    html = escape(run.text)
    if run.emphasis:
        html = f"<em>{html}</em>"
    if run.strong:
        html = f"<strong>{html}</strong>"
    return f'<a href="{escape(run.href)}">{html}</a>' if run.href else html
