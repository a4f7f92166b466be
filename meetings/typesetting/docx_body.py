"""The body of a Word file: the tree as WordprocessingML, written paragraph by paragraph.

The library's own calls look up every style and cell anew, which takes hours where a document is
long; this takes a time that grows with the letters alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.part import Part

from .docx_template import Style
from .runs import Run, portable_href, right_to_left, runs, targets
from .tree import CoverRow, Document, Item, Paragraph, Section, Spans, plain

_ITEM_STYLES = (Style.ITEM_1, Style.ITEM_2, Style.ITEM_3)
_DASHES = frozenset("-–—•·")
_TAB = "<w:r><w:tab/></w:r>"
# Words of another script inside a text that runs from right to left, with what stands between.
_LEFT_TO_RIGHT = re.compile(
    r"([A-Za-z\u00c0-\u052f\u1e00-\u1fff](?:[^\u0590-\u08ff\ufb1d-\ufefc]*"
    r"[A-Za-z0-9\u00c0-\u052f\u1e00-\u1fff])?)"
)


class Body:
    """The paragraphs and tables of one document.

    `styles` are the keys of the template's styles by name in small letters, `width` is that of
    the text in twips; links are registered with `part`.
    """

    def __init__(self, document: Document, styles: dict[str, str], width: int, part: Part) -> None:
        self.right_to_left = right_to_left(document.language)
        self._document = document
        self._styles = styles
        self._width = width
        self._part = part
        self._links: dict[str, str] = {}
        self._targets = targets(document)
        self._bookmarks: dict[str, int] = {}

    def xml(self) -> str:
        """Return everything between the ends of the body, without the section's properties."""
        document = self._document
        parts = [*self._head(), *self._cover()]
        if document.cover and not document.sections:
            parts.append(self._gap())
        for section in document.sections:
            parts += self._section(section)
        for n, spans in enumerate(filter(None, document.signature)):
            parts.append(self._paragraph(Style.SIGNATURE if n else Style.SIGNATURE_NAME, spans))
        return "".join(parts)

    def _head(self) -> Iterator[str]:
        head = self._document.head
        for style, spans in ((Style.SESSION, head.session), (Style.PLACE, head.place_and_dates)):
            if spans:
                yield self._paragraph(style, spans)
        references = [spans for spans in (head.number, head.date, head.original) if spans]
        if head.agenda_item or references:
            yield self._head_table(head.agenda_item, references)
        if head.source:
            yield self._paragraph(Style.SOURCE, head.source)
        if head.title:
            yield self._paragraph(Style.TITLE, head.title)
        elif (head.agenda_item or references) and not head.source:
            yield self._gap()

    def _head_table(self, agenda_item: Spans, references: list[Spans]) -> str:
        """Return the agenda item at the left and number, date, original at the right."""
        left = self._paragraph(Style.AGENDA_ITEM, agenda_item)
        right = [self._paragraph(Style.REFERENCE, spans) for spans in references]
        half = self._width // 2
        cells = self._cell(left, half) + self._cell(
            "".join(right) or self._paragraph(Style.REFERENCE, ()), self._width - half
        )
        no_margins = (
            '<w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/>'
            "</w:tblCellMar>"
        )
        return self._table("", no_margins, (half, self._width - half), f"<w:tr>{cells}</w:tr>")

    def _cover(self) -> Iterator[str]:
        if not self._document.cover:
            return
        rows = []
        for row in self._document.cover:
            if isinstance(row, CoverRow):
                label = self._paragraph(Style.COVER_LABEL, row.label, anchor=row.anchor)
                texts = [self._paragraph(Style.COVER_TEXT, text) for text in row.text]
                content = "".join([label, *texts] if row.label else texts) or self._gap()
            else:
                content = self._paragraph(Style.COVER_RULE, ())
            cell = self._cell(content, self._width)
            rows.append(f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cell}</w:tr>")
        style = self._styles.get(Style.COVER_BOX.lower(), "")
        yield self._table(style, "", (self._width,), "".join(rows))

    def _section(self, section: Section) -> Iterator[str]:
        if section.heading:
            yield self._paragraph(
                Style.HEADING, section.heading, number=section.number, anchor=section.anchor
            )
        for paragraph in section.paragraphs:
            yield from self._block(
                paragraph, Style.NUMBERED if paragraph.number else Style.PARAGRAPH, 0
            )

    def _block(self, block: Paragraph | Item, style: Style, level: int) -> Iterator[str]:
        yield self._paragraph(
            style,
            block.text,
            number=block.number,
            anchor=block.anchor,
            keep_next=bool(block.items) and level == 0,
        )
        for item in block.items:
            dashed = level == 0 and plain(item.number).strip() in _DASHES
            yield from self._block(
                item, Style.DASH if dashed else _ITEM_STYLES[min(level, 2)], level + 1
            )

    def _paragraph(
        self,
        style: Style,
        spans: Spans,
        *,
        number: Spans = (),
        anchor: str = "",
        keep_next: bool = False,
    ) -> str:
        properties = ""
        if key := self._styles.get(style.lower()):
            properties += f"<w:pStyle w:val={quoteattr(key)}/>"
        if keep_next:
            properties += "<w:keepNext/>"
        if self.right_to_left:
            properties += "<w:bidi/>"
        content = self._runs(number) + _TAB if number else ""
        content = self._bookmark(anchor) + content + self._runs(spans)
        return f"<w:p><w:pPr>{properties}</w:pPr>{content}</w:p>"

    def _gap(self) -> str:
        """Return an empty paragraph: without one, neighbouring tables would grow together."""
        return self._paragraph(Style.PARAGRAPH, ())

    def _bookmark(self, anchor: str) -> str:
        """Return the place a link leads to, where this is its first and a link exists."""
        if anchor not in self._targets or anchor in self._bookmarks:
            return ""
        key = self._bookmarks[anchor] = len(self._bookmarks)
        name = quoteattr(anchor)
        return f'<w:bookmarkStart w:id="{key}" w:name={name}/><w:bookmarkEnd w:id="{key}"/>'

    def _runs(self, spans: Spans) -> str:
        return "".join(self._linked(run) for run in runs(spans))

    def _linked(self, run: Run) -> str:
        href = portable_href(run.href, self._targets)
        if not href:
            return self._run(run, linked=False)
        if href.startswith("#"):
            target = f"w:anchor={quoteattr(href[1:])}"
        else:
            target = f'r:id="{self._relation(href)}"'
        return f"<w:hyperlink {target}>{self._run(run, linked=True)}</w:hyperlink>"

    def _relation(self, href: str) -> str:
        if href not in self._links:
            key = self._links[href] = f"rIdLink{len(self._links) + 1}"
            self._part.rels.add_relationship(
                RELATIONSHIP_TYPE.HYPERLINK, href, key, is_external=True
            )
        return self._links[href]

    def _run(self, run: Run, *, linked: bool) -> str:
        look = ""
        if linked and (key := self._styles.get("hyperlink")):
            look += f"<w:rStyle w:val={quoteattr(key)}/>"
        if run.strong:
            look += "<w:b/><w:bCs/>"
        if run.emphasis:
            look += "<w:i/><w:iCs/>"
        if not self.right_to_left:
            return _letters(run.text, look)
        # The odd parts are what the pattern caught.
        parts = enumerate(_LEFT_TO_RIGHT.split(run.text))
        return "".join(
            _letters(part, look if n % 2 else look + "<w:rtl/>") for n, part in parts if part
        )

    def _table(self, style: str, properties: str, widths: tuple[int, ...], rows: str) -> str:
        named = f"<w:tblStyle w:val={quoteattr(style)}/>" if style else ""
        turned = "<w:bidiVisual/>" if self.right_to_left else ""
        columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        return (
            f'<w:tbl><w:tblPr>{named}{turned}<w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
            f'<w:tblLayout w:type="fixed"/>{properties}</w:tblPr>'
            f"<w:tblGrid>{columns}</w:tblGrid>{rows}</w:tbl>"
        )

    @staticmethod
    def _cell(content: str, width: int) -> str:
        return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{content}</w:tc>'


def _letters(text: str, look: str) -> str:
    properties = f"<w:rPr>{look}</w:rPr>" if look else ""
    return f'<w:r>{properties}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
