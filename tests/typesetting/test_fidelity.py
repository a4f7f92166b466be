"""The words of a tree come out of all four formats letter for letter, in order."""

from __future__ import annotations

import io
import unicodedata

import pypdf
import pytest
from hypothesis import HealthCheck, given, settings

from meetings.typesetting.docx import render_docx
from meetings.typesetting.html import render_html
from meetings.typesetting.pdf import render_pdf
from meetings.typesetting.text import render_text
from meetings.typesetting.tree import Document, Section

from .file_reading import docx_words, html_words, text_words
from .pdf_reading import reading
from .samples import make_document, make_item, make_paragraph, make_report, words
from .trees import LETTERS, documents


def all_words(document: Document) -> dict[str, list[str]]:
    """Return what each format of `document` says."""
    return {
        "text": text_words(render_text(document)),
        "html": html_words(render_html(document)),
        "docx": docx_words(render_docx(document)),
        "pdf": reading(render_pdf(document).content).split(),
    }


def everywhere(said: list[str]) -> dict[str, list[str]]:
    return dict.fromkeys(("text", "html", "docx", "pdf"), said)


def test_a_whole_report_says_the_same_in_every_format() -> None:
    document = make_report()

    assert all_words(document) == everywhere(words(document))


@settings(
    max_examples=120,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(documents)
def test_any_tree_reads_back_from_every_format(document: Document) -> None:
    said = words(document)
    expected = everywhere(said) | {"text": [word for word in said if word != "_" * 15]}

    assert all_words(document) == expected
    assert render_pdf(document).missing_letters == ()


@pytest.mark.parametrize("start", range(0, len(LETTERS), 2000))
def test_every_single_letter_of_the_fonts_reads_back(start: int) -> None:
    document = make_document(*(f"a{letter}b {letter}" for letter in LETTERS[start : start + 2000]))

    assert reading(render_pdf(document).content).split() == words(document)


@pytest.mark.parametrize("letter", "qЖαQ")
def test_every_mark_on_a_letter_reads_back_once(letter: str) -> None:
    marks = [mark for mark in LETTERS if unicodedata.combining(mark)]
    document = make_document(*(f"{letter}{mark}x" for mark in marks))

    assert reading(render_pdf(document).content).split() == words(document)


MARKUP = [
    '#eval("1")',
    "#set page(width: 1cm)",
    "$x^2$ and \\$",
    "*bold* _slanted_ `raw` <label> @reference",
    "= No heading",
    "- no list",
    "// no comment /* none */",
    "<script>alert(1)</script>",
    "</style><!-- -->",
    "]]> <![CDATA[ ?> <?php",
    "&amp; &lt; &#65;",
    "{{ x }} {% load %} {# c #}",
    "\\n \\u0041 %s {0} ${x}",
    "-- --- ... 'single' \"double\"",
    "http://example.org/a-b",
    "</w:t></w:r>",
]


def test_markup_of_any_language_is_plain_text() -> None:
    document = make_document(*MARKUP)

    assert all_words(document) == everywhere(words(document))


def test_line_ends_in_a_text_are_spaces() -> None:
    document = make_document("one\ntwo\r\nthree\tfour\u2028five")

    assert all_words(document) == everywhere(
        ["1", "Matters", "1.1", "one", "two", "three", "four", "five"]
    )


def test_what_cannot_be_printed_is_shown_as_such() -> None:
    document = make_document("one\x00two \ud800 \x1b \ufffe end")

    said = ["1", "Matters", "1.1", "one�two", "�", "�", "�", "end"]
    assert all_words(document) == everywhere(said)


def test_long_words_and_long_paragraphs_come_out_whole() -> None:
    document = make_document(
        "w" * 40,
        "W" * 40 + "-" + "W" * 40,
        "x" * 2_000,
        ("e\u0301" * 61 + "/") * 3,
        "word " * 20_000,
        "multi-stakeholder " * 5_000,
        "中" * 3_000,
    )

    assert all_words(document) == everywhere(words(document))


def test_hyphenated_words_stay_on_one_line() -> None:
    """Programs that read a PDF by its lines drop or keep a hyphen at an end as they like."""
    document = make_document("the multi-stakeholder approach of 19‑20 February and/or March " * 30)

    assert " ".join(_by_lines(render_pdf(document).content)) == " ".join(words(document))


def _by_lines(content: bytes) -> list[str]:
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return " ".join(page.extract_text() for page in pages).split()


def test_an_empty_document_is_a_file_in_every_format() -> None:
    assert all_words(Document("en", "")) == everywhere([])


def test_items_of_any_depth_come_out_in_order() -> None:
    deepest = make_item("•", "five")
    for number, text in (("–", "four"), ("(a)", "three"), ("(i)", "two")):
        deepest = make_item(number, text, deepest)
    section = Section("1", (), (), (make_paragraph("one", "", make_item("a)", "x", deepest)),))
    document = Document("en", "Depth", sections=(section,))

    assert all_words(document) == everywhere(
        ["one", "a)", "x", "(i)", "two", "(a)", "three", "–", "four", "•", "five"]
    )
