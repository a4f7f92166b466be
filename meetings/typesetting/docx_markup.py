"""Paragraphs, runs, links and tables as WordprocessingML, in the styles of a template.

The library's own calls look up every style and cell anew, which takes hours where a document is
long; this takes a time that grows with the letters alone.
"""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.part import Part

from .docx_template import Style
from .runs import Run, portable_href, right_to_left, runs, targets, turned
from .tree import Document, Spans

TAB = "<w:r><w:tab/></w:r>"
BREAK = "<w:r><w:br/></w:r>"
# Words of another script inside a text that runs from right to left, with what stands between.
_LEFT_TO_RIGHT = re.compile(
    r"([A-Za-z\u00c0-\u052f\u1e00-\u1fff](?:[^\u0590-\u08ff\ufb1d-\ufefc]*"
    r"[A-Za-z0-9\u00c0-\u052f\u1e00-\u1fff])?)"
)


class Markup:
    """What a document is written with.

    `styles` are the keys of the template's styles by name in small letters, `width` is that of
    the text in twips; links are registered with `part`.
    """

    def __init__(self, document: Document, styles: dict[str, str], width: int, part: Part) -> None:
        self.right_to_left = right_to_left(document.language)
        self.document = document
        self.styles = styles
        self.width = width
        self._part = part
        self._links: dict[str, str] = {}
        self._targets = targets(document)
        self._bookmarks: dict[str, int] = {}

    def paragraph(
        self,
        style: Style,
        spans: Spans,
        *,
        number: Spans = (),
        anchor: str = "",
        parting: str = TAB,
        extra: str = "",
    ) -> str:
        """Return a paragraph, `parting` between its number and its text.

        `extra` are properties of this paragraph alone that come before its direction. One of plain
        text runs as its first letter does.
        """
        if style is Style.PARAGRAPH and not (self.right_to_left or number) and turned(spans):
            self.right_to_left = True
            try:
                return self.written(style, self.bookmark(anchor) + self.runs(spans), extra)
            finally:
                self.right_to_left = False
        content = self.runs(number) + parting if number else ""
        return self.written(style, self.bookmark(anchor) + content + self.runs(spans), extra)

    def written(self, style: Style, content: str, extra: str = "", last: str = "") -> str:
        """Return a paragraph of runs; `last` are properties that come after its direction."""
        turned = "<w:bidi/>" if self.right_to_left else ""
        properties = self.named(style) + extra + turned + last
        return f"<w:p><w:pPr>{properties}</w:pPr>{content}</w:p>"

    def named(self, style: Style) -> str:
        """Return the property that names a paragraph's style, or nothing where there is none."""
        key = self.styles.get(style.lower())
        return f"<w:pStyle w:val={quoteattr(key)}/>" if key else ""

    def gap(self) -> str:
        """Return an empty paragraph: without one, neighbouring tables would grow together."""
        return self.paragraph(Style.PARAGRAPH, ())

    def narrow_gap(self, *, keep_next: bool = False) -> str:
        """Return the room over or under a table inside a text, as high as half a line."""
        kept = "<w:keepNext/>" if keep_next else ""
        height = '<w:spacing w:before="0" w:after="0" w:line="160" w:lineRule="exact"/>'
        return self.written(Style.PARAGRAPH, "", kept, height)

    def bookmark(self, anchor: str) -> str:
        """Return the place a link leads to, where this is its first and a link exists."""
        if anchor not in self._targets or anchor in self._bookmarks:
            return ""
        key = self._bookmarks[anchor] = len(self._bookmarks)
        name = quoteattr(anchor)
        return f'<w:bookmarkStart w:id="{key}" w:name={name}/><w:bookmarkEnd w:id="{key}"/>'

    def runs(self, spans: Spans) -> str:
        """Return the letters of `spans`, in runs of one look."""
        return "".join(self._linked(run) for run in runs(spans))

    def _linked(self, run: Run) -> str:
        href = portable_href(run.href, self._targets)
        if not href:
            return self.run(run, linked=False)
        if href.startswith("#"):
            target = f"w:anchor={quoteattr(href[1:])}"
        else:
            target = f'r:id="{self._relation(href)}"'
        return f"<w:hyperlink {target}>{self.run(run, linked=True)}</w:hyperlink>"

    def _relation(self, href: str) -> str:
        if href not in self._links:
            key = self._links[href] = f"rIdLink{len(self._links) + 1}"
            self._part.rels.add_relationship(
                RELATIONSHIP_TYPE.HYPERLINK, href, key, is_external=True
            )
        return self._links[href]

    def run(self, run: Run, *, linked: bool) -> str:
        """Return one run, or, where scripts of both directions meet, several."""
        look = ""
        if linked and (key := self.styles.get("hyperlink")):
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

    def table(self, style: str, properties: str, widths: tuple[int, ...], rows: str) -> str:
        named = f"<w:tblStyle w:val={quoteattr(style)}/>" if style else ""
        turned = "<w:bidiVisual/>" if self.right_to_left else ""
        columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        return (
            f'<w:tbl><w:tblPr>{named}{turned}<w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
            f'<w:tblLayout w:type="fixed"/>{properties}</w:tblPr>'
            f"<w:tblGrid>{columns}</w:tblGrid>{rows}</w:tbl>"
        )

    @staticmethod
    def cell(content: str, width: int) -> str:
        return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{content}</w:tc>'


def _letters(text: str, look: str) -> str:
    properties = f"<w:rPr>{look}</w:rPr>" if look else ""
    return f'<w:r>{properties}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
