"""The Word template that ships with the project, and the names of the styles it must hold.

Staff replace `templates/council.docx` in Word: change a style there, keep its name. This file is
how the shipped one came about; `python -m meetings.typesetting.docx_template` writes it anew.
"""

from __future__ import annotations

import io
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

TEMPLATE = Path(__file__).parent / "templates" / "council.docx"
NUMBER_TAG = "document-number"  # the content control of the running head that is filled in
_EPOCH = (1980, 1, 1, 0, 0, 0)

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

_TEXT = 794  # twips from the margin to the text of a numbered paragraph: 1.4 cm
_STEP = 510  # from a letter to its text: 0.9 cm


class Style(StrEnum):
    """The styles a document is written in, by the name Word shows."""

    SESSION = "Head session"
    PLACE = "Head place and dates"
    AGENDA_ITEM = "Head agenda item"
    REFERENCE = "Head reference"
    SOURCE = "Source"
    TITLE = "Title"
    COVER_LABEL = "Cover label"
    COVER_TEXT = "Cover text"
    COVER_RULE = "Cover rule"
    HEADING = "heading 1"
    NUMBERED = "Numbered paragraph"
    PARAGRAPH = "Paragraph"
    DASH = "Dash"
    ITEM_1 = "Item 1"
    ITEM_2 = "Item 2"
    ITEM_3 = "Item 3"
    SIGNATURE_NAME = "Signature name"
    SIGNATURE = "Signature"
    HEADER = "header"
    ANNEX = "Annex heading"
    TABLE_HEAD = "Table head"
    TABLE_TEXT = "Table text"
    COVER_BOX = "Cover box"
    TABLE = "Table"


class _Look(NamedTuple):
    paragraph: str
    letters: str = ""


def _spacing(before: int, after: int) -> str:
    return f'<w:spacing w:before="{before}" w:after="{after}"/>'


def _hanging(start: int, hanging: int, before: int) -> str:
    """Return tab, spacing and indent of a paragraph whose number hangs before its text."""
    return (
        f'<w:tabs><w:tab w:val="left" w:pos="{start}"/></w:tabs>{_spacing(before, 0)}'
        f'<w:ind w:left="{start}" w:hanging="{hanging}"/>'
    )


_BOLD = "<w:b/><w:bCs/>"
_NEXT = "<w:keepNext/>"


def _size(half_points: int) -> str:
    return f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'


_LOOKS: dict[Style, _Look] = {
    Style.SESSION: _Look(_NEXT + _spacing(0, 0), _BOLD + _size(30)),
    Style.PLACE: _Look(
        f'{_NEXT}<w:pBdr><w:bottom w:val="single" w:sz="6" w:space="6" w:color="auto"/></w:pBdr>'
        + _spacing(40, 160),
        _BOLD,
    ),
    Style.AGENDA_ITEM: _Look(_spacing(0, 0), _BOLD),
    Style.REFERENCE: _Look(_spacing(0, 0) + '<w:jc w:val="right"/>', _BOLD),
    Style.SOURCE: _Look(_NEXT + _spacing(480, 0) + '<w:jc w:val="center"/>', _size(26)),
    Style.TITLE: _Look(_NEXT + _spacing(240, 320) + '<w:jc w:val="center"/>', _BOLD + _size(26)),
    Style.COVER_LABEL: _Look(_NEXT + _spacing(120, 40), _BOLD),
    Style.COVER_TEXT: _Look(_spacing(0, 100)),
    Style.COVER_RULE: _Look(
        '<w:pBdr><w:bottom w:val="single" w:sz="6" w:space="1" w:color="auto"/></w:pBdr>'
        + _spacing(0, 160)
        + '<w:ind w:left="3400" w:right="3400"/>'
    ),
    Style.HEADING: _Look(
        _NEXT + "<w:keepLines/>" + _hanging(_TEXT, _TEXT, 360) + '<w:outlineLvl w:val="0"/>',
        _BOLD + _size(26),
    ),
    Style.NUMBERED: _Look(_hanging(_TEXT, _TEXT, 160)),
    Style.PARAGRAPH: _Look(_spacing(160, 0)),
    Style.DASH: _Look(_hanging(_TEXT + _STEP, _STEP, 100)),
    Style.ITEM_1: _Look(_hanging(_TEXT + _STEP, _STEP, 100)),
    Style.ITEM_2: _Look(_hanging(_TEXT + 2 * _STEP, _STEP, 80)),
    Style.ITEM_3: _Look(_hanging(_TEXT + 3 * _STEP, _STEP, 80)),
    Style.SIGNATURE_NAME: _Look(f'{_NEXT}<w:keepLines/>{_spacing(640, 0)}<w:ind w:left="4820"/>'),
    Style.SIGNATURE: _Look(f'<w:keepLines/>{_spacing(0, 0)}<w:ind w:left="4820"/>'),
    Style.ANNEX: _Look(
        f'{_NEXT}<w:keepLines/><w:pageBreakBefore/>{_spacing(0, 320)}<w:jc w:val="center"/>'
        '<w:outlineLvl w:val="0"/>',
        _BOLD + _size(26),
    ),
    Style.TABLE_HEAD: _Look(_NEXT + _spacing(60, 60), _BOLD + _size(19)),
    Style.TABLE_TEXT: _Look(_spacing(50, 50), _size(19)),
    Style.HEADER: _Look(_spacing(0, 0) + '<w:jc w:val="center"/>', _size(20)),
}


def build_template() -> bytes:
    """Return the shipped template: an empty A4 document with its styles and its running head."""
    parts = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations(("officeDocument", "word/document.xml")),
        "word/_rels/document.xml.rels": _relations(
            ("styles", "styles.xml"),
            ("settings", "settings.xml"),
            ("header", "header1.xml"),
            ("header", "header2.xml"),
        ),
        "word/document.xml": _document(),
        "word/styles.xml": _styles(),
        "word/settings.xml": _word("settings", '<w:defaultTabStop w:val="794"/>' + _COMPATIBLE),
        "word/header1.xml": _word("hdr", _running_head()),
        "word/header2.xml": _word("hdr", '<w:p><w:pPr><w:pStyle w:val="Header"/></w:pPr></w:p>'),
    }
    return zipped({name: (_DECLARATION + xml).encode() for name, xml in parts.items()})


def zipped(parts: dict[str, bytes]) -> bytes:
    """Return `parts` as a zip file without a clock: the same parts make the same bytes."""
    file = io.BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(ZipInfo(name, _EPOCH), content, ZIP_DEFLATED)
    return file.getvalue()


def style_id(style: Style) -> str:
    """Return the key of `style` in the shipped template."""
    return "".join(word[:1].upper() + word[1:] for word in style.split())


# Word opens a file without this line in the layout of Word 2003.
_COMPATIBLE = (
    '<w:compat><w:compatSetting w:name="compatibilityMode"'
    ' w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
)


def _word(element: str, content: str) -> str:
    namespaces = f'xmlns:w="{_W}" xmlns:r="{_OFFICE}/relationships"'
    return f"<w:{element} {namespaces}>{content}</w:{element}>"


def _document() -> str:
    return _word(
        "document",
        '<w:body><w:p/><w:sectPr><w:headerReference w:type="default" r:id="rId3"/>'
        '<w:headerReference w:type="first" r:id="rId4"/><w:pgSz w:w="11906" w:h="16838"/>'
        '<w:pgMar w:top="1474" w:right="1304" w:bottom="1247" w:left="1304"'
        ' w:header="680" w:footer="680" w:gutter="0"/><w:titlePg/></w:sectPr></w:body>',
    )


def _running_head() -> str:
    field = "".join(
        f"<w:r>{part}</w:r>"
        for part in (
            '<w:t xml:space="preserve">– </w:t>',
            '<w:fldChar w:fldCharType="begin"/>',
            '<w:instrText xml:space="preserve"> PAGE </w:instrText>',
            '<w:fldChar w:fldCharType="separate"/>',
            "<w:t>2</w:t>",
            '<w:fldChar w:fldCharType="end"/>',
            '<w:t xml:space="preserve"> –</w:t>',
        )
    )
    # The number shows staff where it will stand; every document writes its own over it.
    number = (
        f'<w:sdt><w:sdtPr><w:alias w:val="Document number"/><w:tag w:val="{NUMBER_TAG}"/>'
        "<w:text/></w:sdtPr><w:sdtContent><w:r><w:t>C00/0-E</w:t></w:r></w:sdtContent></w:sdt>"
    )
    style = '<w:pPr><w:pStyle w:val="Header"/></w:pPr>'
    return f"<w:p>{style}{field}</w:p><w:p>{style}{number}</w:p><w:p>{style}</w:p>"


def _styles() -> str:
    fonts = (
        '<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman"'
        ' w:cs="Times New Roman" w:eastAsia="SimSun"/>'
    )
    language = '<w:lang w:val="en-GB" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'
    defaults = (
        f"<w:docDefaults><w:rPrDefault><w:rPr>{fonts}{_size(23)}{language}</w:rPr></w:rPrDefault>"
        "<w:pPrDefault><w:pPr><w:widowControl/>"
        '<w:spacing w:line="259" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>'
    )
    normal = (
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
        "<w:qFormat/></w:style>"
        '<w:style w:type="character" w:styleId="Hyperlink"><w:name w:val="Hyperlink"/>'
        '<w:rPr><w:color w:val="0563C1"/><w:u w:val="single"/></w:rPr></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal">'
        '<w:name w:val="Normal Table"/></w:style>'
    )
    tables = _table_style(Style.COVER_BOX, ("top", "left", "bottom", "right"), 227)
    tables += _table_style(
        Style.TABLE, ("top", "left", "bottom", "right", "insideH", "insideV"), 100
    )
    return _word(
        "styles", defaults + normal + "".join(_style(*pair) for pair in _LOOKS.items()) + tables
    )


def _table_style(style: Style, sides: tuple[str, ...], margin: int) -> str:
    """Return a style of tables with a line on each of `sides` and `margin` twips in its cells."""
    edge = 'w:val="single" w:sz="6" w:space="0" w:color="auto"'
    edges = "".join(f"<w:{side} {edge}/>" for side in sides)
    return (
        f'<w:style w:type="table" w:styleId="{style_id(style)}">'
        f'<w:name w:val="{style}"/><w:basedOn w:val="TableNormal"/><w:qFormat/>'
        f"<w:tblPr><w:tblBorders>{edges}</w:tblBorders>"
        f'<w:tblCellMar><w:left w:w="{margin}" w:type="dxa"/>'
        f'<w:right w:w="{margin}" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
    )


def _style(style: Style, look: _Look) -> str:
    return (
        f'<w:style w:type="paragraph" w:styleId="{style_id(style)}"><w:name w:val="{style}"/>'
        '<w:basedOn w:val="Normal"/><w:qFormat/>'
        f"<w:pPr>{look.paragraph}</w:pPr><w:rPr>{look.letters}</w:rPr></w:style>"
    )


def _content_types() -> str:
    kinds = {"document": "document.main", "styles": "styles", "settings": "settings"}
    kinds |= {"header1": "header", "header2": "header"}
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_WORD}.{kind}+xml"/>'
        for name, kind in kinds.items()
    )
    return (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _relations(*targets: tuple[str, str]) -> str:
    rows = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/relationships/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{rows}</Relationships>'


if __name__ == "__main__":
    TEMPLATE.write_bytes(build_template())
