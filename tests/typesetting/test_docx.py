"""The Word file as its XML says it, and what a template of somebody else's may lack."""

from __future__ import annotations

import io
import logging
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import Element
from zipfile import ZipFile

import docx
import pytest

from meetings.typesetting.docx import TemplateError, missing_styles, render_docx
from meetings.typesetting.docx_template import TEMPLATE, Style, build_template, style_id
from meetings.typesetting.tree import Document, Paragraph, Section

from .file_reading import W, docx_part, docx_words
from .samples import make_document, make_report, span, words


def styled(content: bytes) -> list[tuple[str, str]]:
    """Return style and text of every paragraph, tabs as such, in the order of the body."""
    return [(_style(p), _text(p)) for p in docx_part(content).iter(f"{W}p")]


def _style(paragraph: Element) -> str:
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    return "" if style is None else str(style.get(f"{W}val"))


def _one(element: Element, path: str) -> Element:
    found = element.find(path)
    assert found is not None
    return found


def _text(paragraph: Element) -> str:
    parting = {f"{W}tab": "\t", f"{W}br": "\n"}
    return "".join(
        parting.get(part.tag) or part.text or ""
        for part in paragraph.iter()
        if part.tag in {f"{W}t", *parting}
    )


def test_a_whole_report_in_named_styles() -> None:
    assert styled(render_docx(make_report())) == [
        ("HeadSession", "Example Council 2031"),
        ("HeadPlaceAndDates", "Atlantis, 3-5 June 2031"),
        ("HeadAgendaItem", "Agenda item: PL 4"),
        ("HeadReference", "Document X31/8-E"),
        ("HeadReference", "2 May 2031"),
        ("HeadReference", "Original: English"),
        ("Source", "Report by the Chair of the Example Group"),
        ("Title", "REPORT ON THE ACTIVITIES OF THE EXAMPLE GROUP"),
        ("CoverLabel", "Purpose"),
        ("CoverText", "To inform."),
        ("CoverText", "And to ask."),
        ("CoverLabel", "Action required"),
        ("CoverText", "To take note of paragraph 1.2."),
        ("CoverRule", ""),
        ("CoverLabel", "References"),
        ("CoverText", "Rule 12"),
        ("Heading1", "1\tActivities"),
        ("NumberedParagraph", "1.1\tThe Group met on 3\u20114\u00a0June, which was late and cold."),
        ("NumberedParagraph", "1.2\tIt agreed:"),
        ("Item1", "a)\tto meet again;"),
        ("Item2", "(i)\tsoon;"),
        ("Item2", "(ii)\tlate;"),
        ("Item1", "b)\tto part."),
        ("Paragraph", "Without a number:"),
        ("Dash", "–\tone;"),
        ("Dash", "–\ttwo."),
        ("Heading1", "2\tRecommendations"),
        ("NumberedParagraph", "2.1\tAs said in 1.1."),
        ("SignatureName", "Ada Example (Atlantis)"),
        ("Signature", "Chair, Example Group"),
    ]


def test_headings_are_headings_by_name_and_level() -> None:
    with_outline = {
        _one(style, f"{W}name").get(f"{W}val"): level.get(f"{W}val")
        for style in docx_part(render_docx(make_report()), "word/styles.xml").iter(f"{W}style")
        for level in style.iter(f"{W}outlineLvl")
    }

    assert with_outline == {"heading 1": "0", "Annex heading": "0"}


def test_numbers_are_typed_not_counted() -> None:
    content = render_docx(make_report())

    assert "word/numbering.xml" not in names(content)
    assert [*docx_part(content).iter(f"{W}numPr")] == []


def names(content: bytes) -> list[str]:
    with ZipFile(io.BytesIO(content)) as archive:
        return archive.namelist()


def test_the_running_head_has_number_and_page_but_not_on_the_first_page() -> None:
    content = render_docx(make_report())
    default = docx_part(content, "word/header1.xml")

    assert [(field.text or "").strip() for field in default.iter(f"{W}instrText")] == ["PAGE"]
    assert [_text(p) for p in default.iter(f"{W}p")] == ["– 2 –", "X31/8-E", ""]
    assert "".join(docx_part(content, "word/header2.xml").itertext()) == ""
    assert len([*docx_part(content).iter(f"{W}titlePg")]) == 1


def test_properties_and_language() -> None:
    content = render_docx(make_report())
    properties = docx.Document(io.BytesIO(content)).core_properties
    lang = next(docx_part(content, "word/styles.xml").iter(f"{W}lang"))

    assert (properties.title, properties.author, properties.language) == (
        "Report of the Example Group",
        "The Chair of the Example Group",
        "en",
    )
    assert dict(lang.attrib) == {
        f"{W}val": "en-GB",
        f"{W}eastAsia": "zh-CN",
        f"{W}bidi": "ar-SA",
    }


def test_looks_and_links() -> None:
    content = render_docx(make_report())
    document = docx_part(content)
    bold = [_text(r) for r in document.iter(f"{W}r") if r.find(f"{W}rPr/{W}b") is not None]
    italic = [_text(r) for r in document.iter(f"{W}r") if r.find(f"{W}rPr/{W}i") is not None]
    relations = docx_part(content, "word/_rels/document.xml.rels")
    outside = [r.get("Target") for r in relations if r.get("TargetMode") == "External"]
    inside = [a for link in document.iter(f"{W}hyperlink") if (a := link.get(f"{W}anchor"))]
    bookmarks = [mark.get(f"{W}name") for mark in document.iter(f"{W}bookmarkStart")]

    assert (bold, italic) == (["cold"], ["late"])
    assert outside == ["https://example.org/12?a=1&b=2"]
    assert inside == bookmarks == ["paragraph-1.1"]


def test_a_link_that_leads_nowhere_from_a_file_is_text() -> None:
    hrefs = ("/meetings/3/", "javascript:alert(1)", "//example.org/", "#nowhere", "file:///etc")
    paragraphs = tuple(Paragraph((), span(f"To {href}", href=href)) for href in hrefs)
    document = Document("en", "Links", sections=(Section("1", (), (), paragraphs),))
    content = render_docx(document)

    assert [*docx_part(content).iter(f"{W}hyperlink")] == []
    assert docx_words(content) == words(document)


def test_the_cover_is_one_bordered_column() -> None:
    content = render_docx(make_report())
    tables = [*docx_part(content).iter(f"{W}tbl")]
    style = _one(tables[1], f"{W}tblPr/{W}tblStyle").get(f"{W}val")
    borders = [
        [edge.tag.removeprefix(W) for edge in borders]
        for each in docx_part(content, "word/styles.xml").iter(f"{W}style")
        if each.get(f"{W}styleId") == style
        for borders in each.iter(f"{W}tblBorders")
    ]

    assert [len(row.findall(f"{W}tc")) for row in tables[1].iter(f"{W}tr")] == [1, 1, 1, 1]
    assert borders == [["top", "left", "bottom", "right"]]


def test_a_document_in_arabic_runs_from_right_to_left() -> None:
    document = make_document("تقرير فريق CWG 3 العمل", language="ar")
    content = render_docx(replace(document, cover=make_report().cover[:1]))
    body = docx_part(content)
    paragraphs = [*body.iter(f"{W}p")]
    runs = [(_text(r), r.find(f"{W}rPr/{W}rtl") is not None) for r in paragraphs[-1].iter(f"{W}r")]

    assert [p.find(f"{W}pPr/{W}bidi") is not None for p in paragraphs] == [True] * len(paragraphs)
    assert body.find(f"{W}body/{W}sectPr/{W}bidi") is not None
    assert [*body.iter(f"{W}bidiVisual")] != []
    assert runs == [
        ("1.1", True),
        ("\t", False),
        ("تقرير فريق ", True),
        ("CWG 3", False),
        (" العمل", True),
    ]


def test_a_document_in_english_does_not() -> None:
    body = docx_part(render_docx(make_report()))

    turned = {f"{W}bidi", f"{W}rtl", f"{W}bidiVisual"}

    assert [element.tag for element in body.iter() if element.tag in turned] == []


def test_the_same_tree_gives_the_same_bytes() -> None:
    assert render_docx(make_report()) == render_docx(make_report())


def test_python_docx_finds_the_styles_of_the_shipped_template() -> None:
    found = {style.style_id for style in docx.Document(str(TEMPLATE)).styles}

    assert {style_id(style) for style in Style} <= found
    assert missing_styles(TEMPLATE) == ()


def test_the_shipped_template_is_the_one_that_its_description_builds() -> None:
    assert TEMPLATE.read_bytes() == build_template()


@pytest.fixture
def bare_template(tmp_path: Path) -> Path:
    """Return a template that knows few of the styles, with a head and words of its own."""
    word = docx.Document()
    word.add_paragraph("Words of the template")
    word.sections[0].header.paragraphs[0].text = "House paper"
    path = tmp_path / "house.docx"
    word.save(str(path))
    return path


def test_a_template_that_lacks_styles_is_used_and_named(
    bare_template: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        content = render_docx(make_report(), bare_template)

    lacking = tuple(
        style for style in Style if style not in {Style.TITLE, Style.HEADING, Style.HEADER}
    )
    assert missing_styles(bare_template) == lacking
    assert caplog.messages == [f"Template “house.docx” lacks the styles: {', '.join(lacking)}."]
    assert docx_words(content) == words(make_report())
    assert {style for style, _ in styled(content)} == {"", "Title", "Heading1"}


def test_the_head_of_somebody_elses_template_stays(bare_template: Path) -> None:
    word = docx.Document(io.BytesIO(render_docx(make_report(), bare_template)))

    assert [p.text for p in word.sections[0].header.paragraphs] == ["House paper"]


@pytest.mark.parametrize("content", [b"", b"words", build_template()[:400]])
def test_a_template_that_is_no_word_document_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "wrong.docx"
    path.write_bytes(content)

    with pytest.raises(TemplateError) as refused:
        render_docx(make_report(), path)

    assert str(refused.value) == (
        "The template “wrong.docx” is no Word document (.docx). Nothing was written. "
        "Save it in Word as “Word Document” and name that file."
    )


def test_a_zip_file_of_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.docx"
    with ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")

    with pytest.raises(TemplateError):
        missing_styles(path)


def test_tables_do_not_grow_together() -> None:
    head = replace(make_report().head, source=(), title=())
    body = docx_part(render_docx(replace(make_report(), head=head, sections=(), signature=())))
    kinds = [child.tag.removeprefix(W) for child in _one(body, f"{W}body")]

    assert kinds == ["p", "p", "tbl", "p", "tbl", "p", "sectPr"]
