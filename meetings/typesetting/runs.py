"""What the spans of a tree look like to a page: clean letters, one look each, safe links."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from unicodedata import bidirectional

from .tree import CoverRow, Document, Item, Paragraph, Spans, Table, lines

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

# What ends a line in one format or another: inside a paragraph it is a space.
_SPACING = re.compile("[\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]")
# What no XML file and no font may hold: controls, halves of a pair, non-characters.
_UNPRINTABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane * 0x10000 + last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
    + "]"
)
_ABSOLUTE = re.compile(r"(?:https?://[^/]|mailto:.)", re.IGNORECASE)
_SCHEME = re.compile(r"[^/?#]*:")
_NEVER_IN_A_LINK = re.compile(r"[\s\\<>\"`\x00-\x20\x7f-\x9f]")

_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ps", "ur", "yi"})
_STRONG = frozenset({"L", "R", "AL"})  # the classes of letters that say in which direction they run


@dataclass(frozen=True, slots=True)
class Run:
    """Letters in one look; `href` is empty or safe to follow."""

    text: str
    strong: bool = False
    emphasis: bool = False
    href: str = ""


def right_to_left(language: str) -> bool:
    """Return whether a text in `language`, a BCP 47 tag, runs from right to left."""
    return language.lower().partition("-")[0] in _RIGHT_TO_LEFT


def turned(spans: Spans) -> bool:
    """Return whether a paragraph runs from right to left by its first letter, whatever its document.

    An answer in Arabic stands so among the answers of a document in English.
    """
    for span in spans:
        for letter in span.text:
            if (direction := bidirectional(letter)) in _STRONG:
                return direction != "L"
    return False


def clean(text: str) -> str:
    """Return `text` with every line end as a space and every unprintable letter as U+FFFD."""
    return _UNPRINTABLE.sub(REPLACEMENT, _SPACING.sub(" ", text))


def safe_href(href: str) -> str:
    """Return `href` if it is http, https, mailto, relative or a fragment, else nothing.

    An address that names a host without a scheme ("//host") is refused: on paper it has none.
    """
    if _NEVER_IN_A_LINK.search(href) or href.startswith("//"):
        return ""
    if _ABSOLUTE.match(href) or not _SCHEME.match(href):
        return href
    return ""


def portable_href(href: str, targets: frozenset[str]) -> str:
    """Return `href` if it leads anywhere from a file on somebody's disk, else nothing.

    A relative address has no meaning there; a fragment has one if it is among `targets`.
    """
    href = safe_href(href)
    if href.startswith("#"):
        return href if href[1:] in targets else ""
    return href if _ABSOLUTE.match(href) else ""


def runs(spans: Spans, *, strong: bool = False) -> Iterator[Run]:
    """Yield the letters of `spans`, neighbours of one look joined, all strong where asked.

    Spans are cut by origin, which a reader does not see: cut letters would lose their
    kerning and a search its words.
    """
    look: tuple[bool, bool, str] | None = None
    texts: list[str] = []
    for span in spans:
        if not span.text:
            continue
        its = (strong or span.strong, span.emphasis, span.href and safe_href(span.href))
        if its != look:
            if look is not None:
                yield Run(clean("".join(texts)), *look)
            look, texts = its, []
        texts.append(span.text)
    if look is not None:
        yield Run(clean("".join(texts)), *look)


def anchors(document: Document) -> frozenset[str]:
    """Return every anchor to which a link inside `document` can lead."""
    found: set[str] = set()
    for row in document.cover:
        if isinstance(row, CoverRow):
            found.add(row.anchor)
    for section in document.sections:
        if section.heading:
            found.add(section.anchor)
        found |= _anchors(section.paragraphs)
    for annex in document.annexes:
        found |= {annex.anchor} | _anchors(annex.blocks)
    return frozenset(found - {""})


def _anchors(blocks: Sequence[Paragraph | Item | Table]) -> set[str]:
    found: set[str] = set()
    for block in blocks:
        if not isinstance(block, Table):
            found |= {block.anchor} | _anchors(block.items)
    return found


def targets(document: Document) -> frozenset[str]:
    """Return the anchors of `document` to which one of its own links does lead."""
    wanted = {
        span.href[1:]
        for line in lines(document)
        for span in line.spans
        if span.href.startswith("#")
    }
    return anchors(document) & wanted if wanted else frozenset()
