"""The body of a Word file: the tree, written paragraph by paragraph."""

from __future__ import annotations

from collections.abc import Iterator

from .columns import shares
from .docx_markup import BREAK, Markup
from .docx_template import Style
from .tree import Annex, CoverRow, Item, Paragraph, Section, Spans, Table, dashed

_ITEM_STYLES = (Style.ITEM_1, Style.ITEM_2, Style.ITEM_3)
_KEEP_NEXT = "<w:keepNext/>"
_NEW_PAGE = "<w:pageBreakBefore/>"


def item_style(number: Spans, level: int) -> Style:
    """Return the style of an item; `level` is 0 under its paragraph."""
    return Style.DASH if level == 0 and dashed(number) else _ITEM_STYLES[min(level, 2)]


class Body(Markup):
    """The paragraphs and tables of one document."""

    def xml(self) -> str:
        """Return everything between the ends of the body, without the section's properties."""
        document = self.document
        parts = [*self._head(), *self._cover()]
        if document.cover and not document.sections:
            parts.append(self.gap())
        for section in document.sections:
            parts += self._section(section)
        for n, spans in enumerate(filter(None, document.signature)):
            parts.append(self.paragraph(Style.SIGNATURE if n else Style.SIGNATURE_NAME, spans))
        for annex in document.annexes:
            parts += self._annex(annex)
        return "".join(parts)

    def _head(self) -> Iterator[str]:
        head = self.document.head
        for style, spans in ((Style.SESSION, head.session), (Style.PLACE, head.place_and_dates)):
            if spans:
                yield self.paragraph(style, spans)
        references = [spans for spans in (head.number, head.date, head.original) if spans]
        if head.agenda_item or references:
            yield self._head_table(head.agenda_item, references)
        if head.source:
            yield self.paragraph(Style.SOURCE, head.source)
        if head.title:
            yield self.paragraph(Style.TITLE, head.title)
        elif (head.agenda_item or references) and not head.source:
            yield self.gap()

    def _head_table(self, agenda_item: Spans, references: list[Spans]) -> str:
        """Return the agenda item at the left and number, date, original at the right."""
        left = self.paragraph(Style.AGENDA_ITEM, agenda_item)
        right = [self.paragraph(Style.REFERENCE, spans) for spans in references]
        half = self.width // 2
        cells = self.cell(left, half) + self.cell(
            "".join(right) or self.paragraph(Style.REFERENCE, ()), self.width - half
        )
        no_margins = (
            '<w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/>'
            "</w:tblCellMar>"
        )
        return self.table("", no_margins, (half, self.width - half), f"<w:tr>{cells}</w:tr>")

    def _cover(self) -> Iterator[str]:
        if not self.document.cover:
            return
        rows = []
        for row in self.document.cover:
            if isinstance(row, CoverRow):
                label = self.paragraph(Style.COVER_LABEL, row.label, anchor=row.anchor)
                texts = [self.paragraph(Style.COVER_TEXT, text) for text in row.text]
                content = "".join([label, *texts] if row.label else texts) or self.gap()
            else:
                content = self.paragraph(Style.COVER_RULE, ())
            cell = self.cell(content, self.width)
            rows.append(f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cell}</w:tr>")
        style = self.styles.get(Style.COVER_BOX.lower(), "")
        yield self.table(style, "", (self.width,), "".join(rows))

    def _annex(self, annex: Annex) -> Iterator[str]:
        yield self.paragraph(
            Style.ANNEX,
            annex.heading,
            number=annex.label,
            anchor=annex.anchor,
            parting=BREAK if annex.heading else "",
            extra=_NEW_PAGE,
        )
        for block in annex.blocks:
            if isinstance(block, Table):
                yield from self._columns(block)
            else:
                yield from self._paragraphs(block)

    def _columns(self, table: Table) -> Iterator[str]:
        """Return a table whose first row, the words over its columns, stands on each page."""
        if not table.columns:
            return
        widths = tuple(int(share * self.width) for share in shares(table))
        rows = []
        if any(table.header):
            repeated = "<w:cantSplit/><w:tblHeader/>"
            rows.append(self._columns_row(table.header, widths, Style.TABLE_HEAD, repeated))
        for row in table.rows:
            rows.append(self._columns_row(row, widths, Style.TABLE_TEXT, "<w:cantSplit/>"))
        if rows:
            style = self.styles.get(Style.TABLE.lower(), "")
            yield self.narrow_gap(keep_next=True)
            yield self.table(style, "", widths, "".join(rows))
            yield self.narrow_gap()

    def _columns_row(
        self, row: tuple[Spans, ...], widths: tuple[int, ...], style: Style, properties: str
    ) -> str:
        padded = row + ((),) * (len(widths) - len(row))
        cells = (
            self.cell(self.paragraph(style, text), width)
            for text, width in zip(padded, widths, strict=True)
        )
        return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"

    def _section(self, section: Section) -> Iterator[str]:
        if section.heading:
            yield self.paragraph(
                Style.HEADING, section.heading, number=section.number, anchor=section.anchor
            )
        for paragraph in section.paragraphs:
            yield from self._paragraphs(paragraph)

    def _paragraphs(self, paragraph: Paragraph) -> Iterator[str]:
        style = Style.NUMBERED if paragraph.number else Style.PARAGRAPH
        yield from self._block(paragraph, style, 0)

    def _block(self, block: Paragraph | Item, style: Style, level: int) -> Iterator[str]:
        yield self.paragraph(
            style,
            block.text,
            number=block.number,
            anchor=block.anchor,
            extra=_KEEP_NEXT if block.items and level == 0 else "",
        )
        for item in block.items:
            yield from self._block(item, item_style(item.number, level), level + 1)
