"""Annexes and their tables, in every format."""

from __future__ import annotations

import io
from dataclasses import replace
from itertools import groupby

import pikepdf
import pypdfium2
import pytest

from meetings.typesetting.columns import shares
from meetings.typesetting.docx import render_docx
from meetings.typesetting.html import render_fragment
from meetings.typesetting.pdf import render_pdf
from meetings.typesetting.text import render_text
from meetings.typesetting.tree import Annex, Document, Line, Paragraph, Table, lines

from .file_reading import W, docx_part
from .pdf_reading import elements, reading
from .samples import (
    make_annexed_report,
    make_annexes,
    make_paragraph,
    make_report,
    make_table,
    span,
    words,
)
from .test_docx import styled
from .test_fidelity import all_words, everywhere


def test_annexes_are_the_last_lines_of_the_page() -> None:
    document = make_annexed_report()
    before = len([*lines(make_report())])

    assert [*lines(document)][before:] == [
        Line("annex-1", span("Annex 1"), span("Status of promises")),
        *(
            Line("annex-1", (), span(text))
            for text in (
                "What was promised:",
                *("Promise", "Due", "State"),
                *("To meet again (1.2 a))", "June 2031", "open"),
                *("To part", "kept"),
                "Nothing else.",
            )
        ),
        Line("annex-2", (), span("Summary")),
        Line("annex-2", span("1"), span("It was said:")),
        Line("annex-2", span("a)"), span("much;")),
        Line("annex-2", span("b)"), span("more.")),
    ]


def test_annexes_say_the_same_in_every_format() -> None:
    document = make_annexed_report()

    assert all_words(document) == everywhere(words(document))


def test_annexes_as_text() -> None:
    assert render_text(make_annexed_report()) == render_text(make_report()) + (
        "\nAnnex 1\tStatus of promises\n"
        "\nWhat was promised:\n"
        "\nPromise\tDue\tState\nTo meet again (1.2 a))\tJune 2031\topen\nTo part\t\tkept\n"
        "\nNothing else.\n"
        "\nSummary\n"
        "\n1\tIt was said:\na)\tmuch;\nb)\tmore.\n"
    )


ANNEXES = """\
<section class="annex">
<h2 id="annex-1" class="heading"><span class="label">Annex 1 </span>Status of promises</h2>
<p>What was promised:</p>
<div class="wide" role="group" tabindex="0" aria-label="Annex 1 Status of promises">
<table>
<thead>
<tr><th scope="col">Promise</th><th scope="col">Due</th><th scope="col">State</th></tr>
</thead>
<tbody>
<tr><td>To meet again (1.2 a))</td><td>June 2031</td><td>open</td></tr>
<tr><td>To part</td><td></td><td>kept</td></tr>
</tbody>
</table>
</div>
<p>Nothing else.</p>
</section>
<section class="annex">
<h2 class="heading">Summary</h2>
<p class="numbered"><span class="number">1 </span>It was said:</p>
<ol role="list">
<li><p class="numbered"><span class="number">a) </span>much;</p></li>
<li><p class="numbered"><span class="number">b) </span>more.</p></li>
</ol>
</section>
</article>"""


def test_annexes_as_html() -> None:
    assert render_fragment(make_annexed_report()) == (
        render_fragment(make_report()).removesuffix("</article>") + ANNEXES
    )


def test_a_note_stands_beside_a_table() -> None:
    html = render_fragment(
        Document("en", "", annexes=make_annexes()),
        lambda _, spans: " / ".join(each.text for each in spans),
    )

    assert (
        '</div></div><aside class="note">'
        "Promise / Due / State / To meet again (1.2 a)) / June 2031 / open / To part / kept"
        "</aside></div>"
    ) in html


def test_annexes_as_word() -> None:
    content = render_docx(make_annexed_report())

    assert styled(content)[len(styled(render_docx(make_report()))) :] == [
        ("AnnexHeading", "Annex 1\nStatus of promises"),
        ("Paragraph", "What was promised:"),
        ("Paragraph", ""),
        ("TableHead", "Promise"),
        ("TableHead", "Due"),
        ("TableHead", "State"),
        ("TableText", "To meet again (1.2 a))"),
        ("TableText", "June 2031"),
        ("TableText", "open"),
        ("TableText", "To part"),
        ("TableText", ""),
        ("TableText", "kept"),
        ("Paragraph", ""),
        ("Paragraph", "Nothing else."),
        ("AnnexHeading", "Summary"),
        ("NumberedParagraph", "1\tIt was said:"),
        ("Item1", "a)\tmuch;"),
        ("Item1", "b)\tmore."),
    ]


def test_in_word_an_annex_begins_a_page_and_a_table_repeats_its_first_row() -> None:
    body = docx_part(render_docx(make_annexed_report()))
    begun = [
        (p.find(f"{W}pPr/{W}pStyle") is not None and p.findtext(f".//{W}t"))
        for p in body.iter(f"{W}p")
        if p.find(f"{W}pPr/{W}pageBreakBefore") is not None
    ]
    table = [*body.iter(f"{W}tbl")][-1]
    repeated = [row.find(f"{W}trPr/{W}tblHeader") is not None for row in table.iter(f"{W}tr")]
    widths = [int(column.get(f"{W}w", "")) for column in table.iter(f"{W}gridCol")]

    assert begun == ["Annex 1", "Summary"]
    assert repeated == [True, False, False]
    assert len(widths) == 3
    assert 0 <= 9298 - sum(widths) < 3


def structure(content: bytes) -> list[tuple[str, str]]:
    plain = {"P", "Div", "Strong", "Document"}
    found = [(e.kind, " ".join(e.text.split())) for e in elements(content) if e.kind not in plain]
    return found[found.index(("H2", "Annex 1 Status of promises")) :]


def test_structure_of_annexes_in_the_pdf() -> None:
    head = "Promise Due State"
    first = "To meet again (1.2 a)) June 2031 open"
    assert structure(render_pdf(make_annexed_report()).content) == [
        ("H2", "Annex 1 Status of promises"),
        ("Table", f"{head} {first} To part kept"),
        ("THead", head),
        ("TR", head),
        ("TH", "Promise"),
        ("TH", "Due"),
        ("TH", "State"),
        ("TBody", f"{first} To part kept"),
        ("TR", first),
        ("TD", "To meet again (1.2 a))"),
        ("TD", "June 2031"),
        ("TD", "open"),
        ("TR", "To part kept"),
        ("TD", "To part"),
        ("TD", ""),
        ("TD", "kept"),
        ("H2", "Summary"),
        ("L", "a) much; b) more."),
        ("LI", "a) much;"),
        ("Lbl", "a)"),
        ("LBody", "much;"),
        ("LI", "b) more."),
        ("Lbl", "b)"),
        ("LBody", "more."),
    ]


def test_header_cells_in_the_pdf_say_that_they_stand_over_columns() -> None:
    with pikepdf.open(io.BytesIO(render_pdf(make_annexed_report()).content)) as pdf:
        scopes = [
            str(attributes.Scope)
            for element in pdf.objects
            if isinstance(element, pikepdf.Dictionary) and element.get("/S") == "/TH"
            for attributes in element.A
            if "/Scope" in attributes
        ]

    assert scopes == ["/Column"] * 3


def pages(content: bytes) -> list[str]:
    """Return what a program that reads by lines finds on each page."""
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content)]


def test_in_the_pdf_an_annex_begins_a_page() -> None:
    assert [page.split()[:5] for page in pages(render_pdf(make_annexed_report()).content)[1:]] == [
        ["–", "2", "–", "X31/8-E", "Annex"],
        ["–", "3", "–", "X31/8-E", "Summary"],
    ]


def test_a_long_table_shows_its_header_on_each_page_and_says_it_once() -> None:
    rows = tuple((f"Promise {n}", "June 2031", "open " * 30) for n in range(60))
    table = make_table(("What", "When", "State"), *rows)
    document = Document("en", "Long", annexes=(Annex("annex-1", (), span("All"), (table,)),))
    content = render_pdf(document).content

    assert [("What" in page) for page in pages(content)] == [True] * len(pages(content))
    assert len(pages(content)) > 2
    assert reading(content).split() == words(document)


def test_a_link_leads_to_an_annex_and_into_it() -> None:
    linked = Paragraph((), (*span("See", href="#annex-1"), *span("there", href="#deep")))
    annex = Annex(
        "annex-1", span("Annex 1"), (), (make_paragraph("Deep.", anchor="deep"),), "annex-1"
    )
    section = replace(make_report().sections[0], paragraphs=(linked,))
    document = Document("en", "", sections=(section,), annexes=(annex,))
    bookmarks = [
        mark.get(f"{W}name") for mark in docx_part(render_docx(document)).iter(f"{W}bookmarkStart")
    ]
    with pikepdf.open(io.BytesIO(render_pdf(document).content)) as pdf:
        links = sum(len(page.get("/Annots", [])) for page in pdf.pages)

    assert bookmarks == ["annex-1", "deep"]
    assert links == 2
    assert render_fragment(document).count('id="annex-1"') == 1


@pytest.mark.parametrize(
    "table",
    [
        Table((), ()),
        Table((), ((), ())),
        Table((span("Alone"),), ()),
        Table((), ((span("a"), span("b")), (span("c"),))),
        Table((span("a"),), ((span("b"), span("c"), span("d")),)),
        Table(((), ()), (((), ()),)),
    ],
)
def test_a_table_without_this_or_that_is_no_obstacle(table: Table) -> None:
    document = Document("en", "", annexes=(Annex("annex-1", (), (), (table, table)),))

    assert all_words(document) == everywhere(words(document))


def test_columns_share_the_line_by_what_stands_in_them() -> None:
    table = make_table(("No.", "What was said", "Due"), ("1", "w " * 80, "January 2031"))
    letters = [round(share * 90, 1) for share in shares(table)]

    assert letters == [6.6, 68.0, 15.4]
    assert shares(Table((), ())) == ()


def test_many_columns_keep_to_the_line() -> None:
    table = make_table(tuple("Outcome" for _ in range(30)), tuple("word " * 9 for _ in range(30)))

    assert sum(shares(table)) == pytest.approx(1)
    assert min(shares(table)) == max(shares(table))


def test_a_word_longer_than_its_column_is_cut_at_the_edge_not_lost() -> None:
    table = make_table(("a", "b", "c", "d"), ("W" * 60, "multi-stakeholder", "x" * 200, "3-5"))
    document = Document("en", "", annexes=(Annex("annex-1", (), (), (table,)),))
    with pikepdf.open(io.BytesIO(render_pdf(document).content)) as pdf:
        assert len(pdf.pages) == 1

    assert all_words(document) == everywhere(words(document))


def test_a_document_in_arabic_has_its_first_column_at_the_right() -> None:
    document = replace(make_annexed_report(), language="ar")
    tables = [*docx_part(render_docx(document)).iter(f"{W}tbl")]

    assert [[*table.iter(f"{W}bidiVisual")] != [] for table in tables] == [True] * 3


def test_rows_of_one_table_stay_together() -> None:
    """Two tables with nothing between them would be one in Word."""
    table = make_table(("a",), ("b",))
    document = Document("en", "", annexes=(Annex("annex-1", (), (), (table, table)),))
    body = docx_part(render_docx(document))[0]

    assert [kind for kind, _ in groupby(child.tag.removeprefix(W) for child in body)] == [
        *("p", "tbl", "p", "tbl", "p", "sectPr")
    ]
