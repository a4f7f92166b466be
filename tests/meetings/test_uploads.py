"""Files that people send: what is taken, what is refused with which words, what is taken out."""

from __future__ import annotations

import contextlib
import io
import re
import sys
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.uploads import apart, archive, office, pdf, refusal, scan
from meetings.uploads.docx import NO_WORD
from meetings.uploads.examine import LARGEST, NONE_OF_THEM, OLD_WORD, examine
from meetings.uploads.names import safe_name
from meetings.uploads.odt import NO_TEXT
from meetings.uploads.refusal import FileRefusedError
from tests.meetings import uploading as make

# What is taken


def test_a_word_file_keeps_its_text_and_loses_its_author() -> None:
    found = examine(make.docx("The words stay."), "Position paper.docx")
    assert (found.name, found.kind) == ("Position paper.docx", "docx")
    assert found.note == "Author’s name in the file: removed"
    parts = make.parts_of(found.data)
    assert not [name for name, part in parts.items() if make.AUTHOR.encode() in part]
    read = Document(io.BytesIO(found.data))
    assert [each.text for each in read.paragraphs] == ["The words stay."]
    assert read.core_properties.author == ""


def test_comments_and_tracked_changes_lose_their_names_and_are_told() -> None:
    mark = (
        f'<w:p><w:ins w:id="1" w:author="{make.AUTHOR}" w:date="2026-01-01T00:00:00Z">'
        "<w:r><w:t>added</w:t></w:r></w:ins></w:p>"
    )
    found = examine(make.docx_body(mark), "x.docx")
    assert make.AUTHOR.encode() not in b"".join(make.parts_of(found.data).values())
    assert b'w:author="Author"' in make.parts_of(found.data)["word/document.xml"]
    assert found.note.endswith("It holds comments or tracked changes, which will be seen")


def test_the_template_on_the_authors_machine_is_forgotten() -> None:
    parts = make.parts_of(make.docx())
    namespace = "http://schemas.openxmlformats.org/package/2006/relationships"
    rels = (
        f'<Relationships xmlns="{namespace}"><Relationship Id="rId1" Type="{make.REL}/attachedTemplate" '
        'Target="file:///C:/Users/jane/Normal.dotm" TargetMode="External"/></Relationships>'
    )
    settings_part = re.sub(
        rb"(<w:settings[^>]*>)",
        rb'\1<w:attachedTemplate r:id="rId1" xmlns:r="http://schemas.openxmlformats.org/'
        rb'officeDocument/2006/relationships"/>',
        parts["word/settings.xml"],
    )
    parts |= {"word/_rels/settings.xml.rels": rels.encode(), "word/settings.xml": settings_part}
    kept = make.parts_of(examine(make.zipped(parts), "x.docx").data)
    assert b"Template" not in kept["word/_rels/settings.xml.rels"] + kept["word/settings.xml"]


def test_a_chart_may_bring_its_workbook() -> None:
    workbook = make.zipped({
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    })  # fmt: skip
    data = make.with_parts(make.docx(), word__embeddings__chart1_dot_xlsx=workbook)
    assert "word/embeddings/chart1.xlsx" in make.parts_of(examine(data, "x.docx").data)


def test_an_opendocument_text_loses_its_author() -> None:
    remark = (
        f"<office:annotation><dc:creator>{make.AUTHOR}</dc:creator><text:p>Why?</text:p>"
        "</office:annotation>"
    )
    found = examine(make.odt(remark), "paper.odt")
    assert (found.kind, found.note) == (
        "odt",
        "Author’s name in the file: removed. It holds comments or tracked changes, which will be seen",
    )
    parts = make.parts_of(found.data)
    assert make.AUTHOR.encode() not in b"".join(parts.values())
    assert next(iter(parts)) == "mimetype"
    assert found.data[30:38] == b"mimetype"


def test_a_pdf_loses_its_author_and_keeps_its_title() -> None:
    found = examine(make.pdf(make.with_remark), "paper.pdf")
    assert found.note == (
        "2 pages. Author’s name in the file: removed. It holds remarks, which will be seen"
    )
    with pikepdf.open(io.BytesIO(found.data)) as read:
        assert len(read.pages) == 2
        assert str(read.docinfo["/Title"]) == "An example paper"
        assert [*read.docinfo] == ["/Title"]
        assert "/Metadata" not in read.Root
        assert str(read.pages[0].Annots[0].T) == "Author"
    assert make.AUTHOR.encode() not in found.data


def test_what_is_signed_is_kept_as_it_is_and_the_name_is_told() -> None:
    data = make.pdf(make.signed)
    found = examine(data, "signed.pdf")
    assert found.data == data
    assert found.note == (
        f"2 pages. Signed, so kept as it is: the author’s name in it, “{make.AUTHOR}”, will be seen"
    )


def test_bytes_behind_the_end_are_gone() -> None:
    found = examine(make.pdf() + b"\n% hidden words", "x.pdf")
    assert b"hidden words" not in found.data


# What is refused, and why

REFUSED: dict[str, tuple[Any, str]] = {
    "text": (lambda: b"Only words.", NONE_OF_THEM),
    "html named .docx": (lambda: make.HTML, NONE_OF_THEM),
    "svg named .pdf": (lambda: make.SVG, NONE_OF_THEM),
    "a program": (lambda: b"MZ" + b"\0" * 100, NONE_OF_THEM),
    "an old Word file": (lambda: archive.OBJECT + b"\0" * 600, OLD_WORD),
    "nothing": (lambda: b"", "It is empty."),
    "an archive of anything": (lambda: make.zipped({"a.txt": "a"}), NONE_OF_THEM),
    "too large": (
        lambda: b"%PDF-" + b"0" * LARGEST,
        "It is larger than 10 MB. Make it smaller, or send it in parts.",
    ),
    # Word
    "docm by its type": (lambda: make.docx_typed(make.MACRO_MAIN), refusal.MACROS),
    "vbaProject.bin": (
        lambda: make.with_parts(make.docx(), word__vbaProject_dot_bin=b"x"),
        refusal.MACROS,
    ),
    "a macro under another name": (
        lambda: make.with_parts(make.docx(), word__picture_dot_bin=archive.OBJECT + b"x"),
        refusal.EMBEDDED,
    ),
    "ActiveX": (
        lambda: make.with_parts(make.docx(), word__activeX__activeX1_dot_xml=b"<a/>"),
        refusal.MACROS,
    ),
    "a template": (lambda: make.docx_typed("application/vnd.ms-word.template"), NO_WORD),
    "a workbook": (
        lambda: make.zipped({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<a/>"}),
        NO_WORD,
    ),
    "a DDE field in pieces": (
        lambda: make.docx_body(
            "<w:p><w:r><w:instrText> DDE</w:instrText></w:r>"
            "<w:r><w:instrText>AUTO c:\\cmd</w:instrText></w:r></w:p>"
        ),
        refusal.MACROS,
    ),
    "a picture from elsewhere": (
        lambda: make.docx_related("image", "http://example.org/x.png"),
        refusal.ELSEWHERE,
    ),
    "a template from elsewhere": (
        lambda: make.docx_related("attachedTemplate", "http://example.org/x.dotm"),
        refusal.ELSEWHERE,
    ),
    "a link that runs": (
        lambda: make.docx_related("hyperlink", "javascript:alert(1)"),
        refusal.MACROS,
    ),
    "a page inside": (
        lambda: make.docx_related("aFChunk", "page.html", external=False),
        refusal.EMBEDDED,
    ),
    "a page as a part": (
        lambda: make.with_parts(make.docx(), word__page_dot_html=make.HTML),
        refusal.SCRIPTS,
    ),
    "an svg with a script": (
        lambda: make.with_parts(make.docx(), word__media__image1_dot_svg=make.SVG),
        refusal.SCRIPTS,
    ),
    "an svg with a handler, named .png": (
        lambda: make.with_parts(
            make.docx(), word__media__image1_dot_png=b'<svg onload="alert(1)"></svg>'
        ),
        refusal.SCRIPTS,
    ),
    "an archive inside": (
        lambda: make.with_parts(
            make.docx(), word__media__image1_dot_png=make.zipped({"a": "a"})
        ),
        refusal.EMBEDDED,
    ),
    "an archive in an archive in an archive": (
        lambda: make.with_parts(
            make.docx(),
            word__embeddings__a_dot_docx=make.with_parts(
                make.docx(), word__embeddings__b_dot_docx=make.docx()
            ),
        ),
        refusal.EMBEDDED,
    ),
    "a macro in the workbook of a chart": (
        lambda: make.with_parts(
            make.docx(),
            word__embeddings__a_dot_xlsx=make.zipped(
                {"[Content_Types].xml": "<Types/>", "xl/vbaProject.bin": "x"}
            ),
        ),
        refusal.MACROS,
    ),
    "an entity": (
        lambda: make.with_parts(
            make.docx(),
            **{"[Content_Types]_dot_xml": b'<!DOCTYPE a [<!ENTITY b "c">]><Types>&b;</Types>'},
        ),
        refusal.DAMAGED,
    ),
    "broken markup": (
        lambda: make.with_parts(make.docx(), **{"[Content_Types]_dot_xml": b"<Types>"}),
        refusal.DAMAGED,
    ),
    "half a file": (lambda: make.docx()[: len(make.docx()) // 2], refusal.DAMAGED),
    # archives
    "a bomb": (make.bomb, archive.TOO_LARGE),
    "a bomb of many elements": (make.bomb_of_elements, archive.TOO_LARGE),
    "a bomb of many parts": (
        lambda: make.zipped(
            make.parts_with({f"word/media/{n}.bin": b"\0" * 900_000 for n in range(150)})
        ),
        archive.TOO_LARGE,
    ),
    "too many parts": (
        lambda: make.zipped(make.parts_with({f"word/{n}": b"" for n in range(2_001)})),
        archive.TOO_LARGE,
    ),
    "overlapping parts": (make.overlapping, refusal.DAMAGED),
    "a way out": (lambda: make.zipped(make.parts_with({"../../etc/x": b"x"})), archive.BAD_NAMES),
    "an absolute name": (lambda: make.zipped(make.parts_with({"/etc/x": b"x"})), archive.BAD_NAMES),
    "a drive": (lambda: make.zipped(make.parts_with({"c:\\x": b"x"})), archive.BAD_NAMES),
    "folders without end": (
        lambda: make.zipped(make.parts_with({"a/" * 40 + "x": b"x"})), archive.BAD_NAMES,
    ),
    "the same name twice": (
        lambda: make.zipped(make.parts_with({"WORD/document.xml": b"<x/>"})),
        archive.BAD_NAMES,
    ),
    "a link to elsewhere": (lambda: make.with_link(make.docx()), archive.BAD_NAMES),
    "a password": (lambda: make.with_flag(make.docx(), 0x1), refusal.ENCRYPTED),
    "something before it": (lambda: b"PK\x03\x04" + b"\0" * 60 + make.docx(), refusal.TWO_KINDS),
    "something behind it": (lambda: make.docx() + make.HTML, refusal.TWO_KINDS),
    "a PDF before the document": (
        lambda: make.zipped({"x": b"%PDF-1.4\n", **make.parts_of(make.docx())}, stored=("x",)),
        refusal.TWO_KINDS,
    ),
    # OpenDocument
    "a spreadsheet": (
        lambda: make.odt(kind="application/vnd.oasis.opendocument.spreadsheet"), NO_TEXT,
    ),
    "Basic": (lambda: make.odt(Basic__Standard__Module1_dot_xml=b"<a/>"), refusal.MACROS),
    "Python": (lambda: make.odt(Scripts__python__x_dot_py=b"import os"), refusal.MACROS),
    "an event that runs": (
        lambda: make.odt('<script:event-listener xlink:href="vnd.sun.star.script:x"/>'),
        refusal.MACROS,
    ),
    "a link to a macro": (
        lambda: make.odt('<text:a xlink:href="vnd.sun.star.script:x?y">x</text:a>'),
        refusal.MACROS,
    ),
    "a picture from the net": (
        lambda: make.odt('<draw:image xlink:href="https://example.org/x.png"/>'),
        refusal.ELSEWHERE,
    ),
    "encrypted parts": (
        lambda: make.with_parts(
            make.odt(), **{"META-INF__manifest_dot_xml": b"<m><encryption-data/></m>"}
        ),
        refusal.ENCRYPTED,
    ),
    "an object": (lambda: make.odt(Object1=archive.OBJECT + b"x"), refusal.EMBEDDED),
    # PDF
    "JavaScript": (
        lambda: make.pdf(make.acting(S=pikepdf.Name.JavaScript, JS="app.alert(1)")),
        pdf.WHY["scripts"],
    ),
    "a program started": (
        lambda: make.pdf(make.acting(S=pikepdf.Name.Launch, F="cmd.exe")), pdf.WHY["scripts"],
    ),
    "JavaScript in a chain": (
        lambda: make.pdf(
            make.acting(
                S=pikepdf.Name.URI, URI="https://example.org",
                Next=[pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="x")],
            )
        ),
        pdf.WHY["scripts"],
    ),
    "a file inside": (lambda: make.pdf(make.with_file_inside), refusal.EMBEDDED),
    "a PDF with a password": (
        lambda: make.pdf(encryption=pikepdf.Encryption(owner="o", user="u")), refusal.ENCRYPTED,
    ),
    "a PDF that forbids": (
        lambda: make.pdf(encryption=pikepdf.Encryption(owner="o", user="")), refusal.ENCRYPTED,
    ),
    "half a PDF": (lambda: make.pdf()[:400], refusal.DAMAGED),
    "a head alone": (lambda: b"%PDF-1.7\n", refusal.DAMAGED),
    "no page": (lambda: make.pdf(pages=0), refusal.DAMAGED),
    "a PDF that is a page": (
        lambda: make.pdf().replace(b"\n", b"\n%<script>alert(1)</script>\n", 1),
        refusal.TWO_KINDS,
    ),
    "a PDF that is an archive": (
        lambda: make.pdf() + make.zipped({"a.txt": "x"}), refusal.TWO_KINDS,
    ),
    "a PDF of gigabytes": (make.pdf_bomb, pdf.WHY["large"]),
    "a PDF whose properties are gigabytes": (make.pdf_of_large_properties, pdf.WHY["large"]),
    "a PDF nested in itself": (make.pdf_nested, pdf.WHY["deep"]),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_it_is_refused_with_its_reason(what: str) -> None:
    made, reason = REFUSED[what]
    with pytest.raises(FileRefusedError) as refused:
        examine(made(), "innocent.pdf")
    assert refused.value.reason == reason


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_broken_archive_brings_the_reader_down(data: Any) -> None:
    whole = bytearray(data.draw(st.sampled_from([make.docx(), make.odt()])))
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(whole) - 1))
        whole[at] = data.draw(st.integers(0, 255))
    cut = bytes(whole[: data.draw(st.integers(1, len(whole)))])
    with contextlib.suppress(FileRefusedError):
        office.clean(cut)  # as the process of its own does, without one for each example


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_no_broken_pdf_brings_the_site_down(data: Any) -> None:
    whole = bytearray(make.pdf())
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(5, len(whole) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(FileRefusedError):
        examine(bytes(whole), "x.pdf")


# Names


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("paper.pdf", "paper.pdf"),
        ("paper.PDF.exe", "paper.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\jane\\Paper.docx", "Paper.pdf"),
        ("v1.2 draft.docx", "v1.2 draft.pdf"),
        ("cv\u202efdp.exe", "cvfdp.pdf"),
        ("", "file.pdf"),
        ("...", "file.pdf"),
        ('a"b\r\nSet-Cookie: x.pdf', "a b Set-Cookie x.pdf"),
        ("مساهمة.pdf", "مساهمة.pdf"),
        ("x" * 500, "x" * 120 + ".pdf"),
    ],
)
def test_a_name_is_never_trusted(sent: str, kept: str) -> None:
    assert safe_name(sent, "pdf") == kept


@given(st.text(max_size=300))
def test_every_name_becomes_one_that_can_be_kept(name: str) -> None:
    made = safe_name(name, "odt")
    assert made.endswith(".odt")
    assert 4 < len(made) <= 124
    assert not set(made) & set('/\\\r\n\0"<>:|?*')


# The scanner


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("sys.exit(0)", None),
        ("sys.exit(open(sys.argv[1],'rb').read(5) == b'%PDF-')", scan.FOUND),
        ("sys.exit(2)", scan.NOT_SCANNED),
    ],
)
def test_a_scanner_looks_first(settings: Any, script: str, reason: str | None) -> None:
    settings.SCAN_COMMAND = [sys.executable, "-c", f"import sys; {script}"]
    if reason is None:
        assert examine(make.pdf(), "x.pdf").kind == "pdf"
        return
    with pytest.raises(FileRefusedError) as refused:
        examine(make.pdf(), "x.pdf")
    assert refused.value.reason == reason


def test_a_scanner_that_is_not_there_refuses(settings: Any, tmp_path: Path) -> None:
    settings.SCAN_COMMAND = [str(tmp_path / "none")]
    with pytest.raises(FileRefusedError) as refused:
        examine(make.pdf(), "x.pdf")
    assert refused.value.reason == scan.NOT_SCANNED


def test_files_that_are_read_long_leave_threads_for_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "PATIENCE", 0.01)
    with apart.AT_ONCE, apart.AT_ONCE:
        for made in (make.pdf(), make.docx()):
            with pytest.raises(FileRefusedError) as refused:
                examine(made, "paper")
            assert refused.value.reason == apart.BUSY
    assert examine(make.docx(), "paper").kind == "docx"
