"""A document as a Word file, on a template that staff can replace in Word.

Numbers, letters and dashes are typed and followed by a tab, as in the files of the field: no
automatic numbering, which would change them in other hands.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol
from zipfile import BadZipFile, ZipFile

from docx import Document as open_docx  # noqa: N813 - a function, whatever its capital says
from docx.document import Document as WordDocument
from docx.opc.exceptions import OpcError
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from .docx_body import Body
from .docx_template import NUMBER_TAG, TEMPLATE, Style, zipped
from .runs import clean, right_to_left
from .tree import Document, plain

logger = logging.getLogger(__name__)

# Every file says the same: two prints of one tree are one file.
_WRITTEN_AT = datetime(1980, 1, 1, tzinfo=UTC)
# Word knows languages with their region only.
_WORD_LANGUAGES = {
    "ar": "ar-SA",
    "en": "en-GB",
    "es": "es-ES",
    "fr": "fr-FR",
    "ru": "ru-RU",
    "zh": "zh-CN",
}


class WordBody(Protocol):
    """What stands between the ends of a Word file's body."""

    right_to_left: bool

    def xml(self) -> str: ...


type MakeBody = Callable[[Document, dict[str, str], int, Part], WordBody]


class TemplateError(Exception):
    """The template is no Word document."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(
            f"The template “{path.name}” is no Word document (.docx). "
            "Nothing was written. Save it in Word as “Word Document” and name that file."
        )


def render_docx(document: Document, template: Path | None = None) -> bytes:
    """Return `document` as a Word file on `template`, the shipped one if none is given.

    A style that the template lacks is logged and its paragraphs are set in the base style.
    Raises TemplateError where the template is no Word document.
    """
    return render_on(document, template, Body)


def render_on(document: Document, template: Path | None, make_body: MakeBody) -> bytes:
    """Return a Word file on `template` whose body is the one that `make_body` makes.

    It is given the document, the keys of the template's styles by name in small letters, the
    width of the text in twips and the part that keeps its links.
    """
    path = template or TEMPLATE
    word = _open(path)
    styles = _style_ids(word)
    if missing := _missing(styles):
        logger.warning("Template “%s” lacks the styles: %s.", path.name, ", ".join(missing))
    _fill(word, make_body(document, styles, _text_width(word), word.part))
    _set_language(word, document.language)
    _set_properties(word, document)
    _set_running_head(word, clean(document.running_head))
    return _saved(word)


def missing_styles(template: Path) -> tuple[str, ...]:
    """Return the names of the styles that `template` lacks and a document is written in.

    Raises TemplateError where it is no Word document.
    """
    return _missing(_style_ids(_open(template)))


def _open(path: Path) -> WordDocument:
    try:
        return open_docx(io.BytesIO(path.read_bytes()))
    except (OpcError, BadZipFile, KeyError, ValueError, SyntaxError) as error:
        raise TemplateError(path) from error


def _style_ids(word: WordDocument) -> dict[str, str]:
    """Return the key of each style by its name in small letters, as Word compares them."""
    return {
        str(style.name).lower(): style.style_id for style in word.styles if style.name is not None
    }


def _missing(styles: dict[str, str]) -> tuple[str, ...]:
    return tuple(style for style in Style if style.lower() not in styles)


def _text_width(word: WordDocument) -> int:
    """Return the width of the text in twips."""
    section = word.sections[-1]
    width = section.page_width or 0
    margins = (section.left_margin or 0) + (section.right_margin or 0)
    return max(width - margins, 0) // 635 or 9026


def _fill(word: WordDocument, body: WordBody) -> None:
    """Replace what the template holds by `body`; its page size, margins and heads stay."""
    element = word.element.body
    new: Any = parse_xml(f"<w:body {nsdecls('w', 'r')}>{body.xml()}</w:body>")
    for child in list(element):
        if child.tag != qn("w:sectPr"):
            element.remove(child)
    last = element.find(qn("w:sectPr"))
    for child in list(new):
        if last is None:
            element.append(child)
        else:
            last.addprevious(child)
    if body.right_to_left and last is not None and last.find(qn("w:bidi")) is None:
        _insert_bidi(last)


def _insert_bidi(section: Any) -> None:
    """Turn the page round: its first column, gutter and numbers at the right."""
    later = [qn(f"w:{name}") for name in ("rtlGutter", "docGrid", "printerSettings")]
    place = next((child for child in section if child.tag in later), None)
    mark = parse_xml(f"<w:bidi {nsdecls('w')}/>")
    if place is None:
        section.append(mark)
    else:
        place.addprevious(mark)


def _set_language(word: WordDocument, language: str) -> None:
    """Set the language of spelling and reading aloud for all text that names no other."""
    primary = language.partition("-")[0].lower()
    tag = language if "-" in language else _WORD_LANGUAGES.get(primary, language)
    script = {"zh": "eastAsia", "ja": "eastAsia", "ko": "eastAsia"}.get(primary, "val")
    script = "bidi" if right_to_left(language) else script
    styles: Any = word.styles.element
    for lang in styles.iter(qn("w:lang")):
        lang.set(qn("w:val"), tag)
        lang.set(qn(f"w:{script}"), tag)


def _set_properties(word: WordDocument, document: Document) -> None:
    """Set the properties that Word shows under “Info”; it takes 255 letters of each."""
    properties = word.core_properties
    properties.title = clean(document.title or plain(document.head.title))[:255]
    properties.author = clean(document.author)[:255]
    properties.last_modified_by = properties.author
    properties.language = clean(document.language)[:255]
    properties.comments = ""
    properties.revision = 1
    properties.created = properties.modified = _WRITTEN_AT.replace(tzinfo=None)


def _set_running_head(word: WordDocument, number: str) -> None:
    """Write the document's number into the content control that the template keeps for it.

    A template without one keeps its own heads untouched.
    """
    for part in word.part.package.iter_parts():
        element: Any = getattr(part, "element", None)
        if element is None or element.tag not in (qn("w:hdr"), qn("w:ftr")):
            continue
        for tag in element.iter(qn("w:tag")):
            if tag.get(qn("w:val")) == NUMBER_TAG:
                texts = list(tag.getparent().getparent().iter(qn("w:t")))
                for text in texts:
                    text.text = ""
                if texts:
                    texts[0].text = number


def _saved(word: WordDocument) -> bytes:
    """Return the file of `word`, without the clock that a zip file keeps for each part."""
    file = io.BytesIO()
    word.save(file)
    with ZipFile(file) as archive:
        return zipped({name: archive.read(name) for name in archive.namelist()})
