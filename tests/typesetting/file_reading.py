"""Read the other formats back with programs that share no code with those that write them."""

from __future__ import annotations

import io
from html.parser import HTMLParser
from xml.etree import ElementTree as ET
from zipfile import ZipFile

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_INLINE = {"a", "em", "strong", "span"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.letters: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = self._inside or tag == "article"
        if tag not in _INLINE:
            self.letters.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "article"
        if tag not in _INLINE:
            self.letters.append(" ")

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.letters.append(data)


def html_words(html: str) -> list[str]:
    """Return the words of the article in `html`."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return "".join(reader.letters).split()


def text_words(text: str) -> list[str]:
    """Return the words of `text` without the rule."""
    return [word for word in text.split() if word != "_" * 15]


def docx_part(content: bytes, name: str = "word/document.xml") -> ET.Element:
    """Return the root of one part of a Word file."""
    with ZipFile(io.BytesIO(content)) as archive:
        return ET.fromstring(archive.read(name))


def docx_words(content: bytes) -> list[str]:
    """Return the words of a Word file in the order of its body."""
    letters = []
    for element in docx_part(content).iter():
        if element.tag == f"{W}t":
            letters.append(element.text or "")
        elif element.tag in {f"{W}p", f"{W}tab", f"{W}br"}:
            letters.append(" ")
    return "".join(letters).split()
