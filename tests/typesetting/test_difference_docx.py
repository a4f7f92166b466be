"""The difference as Word tracks it: accept all, or reject all, and read what is left."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from xml.etree.ElementTree import Element

import docx
from hypothesis import HealthCheck, given, settings

from meetings.typesetting.difference_docx import difference_docx
from meetings.typesetting.tree import Document, lines, plain

from .file_reading import W, docx_part, docx_words
from .samples import make_annexed_report, make_document, make_report, words
from .test_difference import edited_report
from .test_docx import styled
from .trees import documents

AT = datetime(2031, 5, 2, 10, 30, tzinfo=UTC)


def tracked(old: Document, new: Document) -> bytes:
    return difference_docx(old, new, author="Ada Example", at=AT)


def decided(content: bytes, *, accept: bool) -> Element:
    """Return the body of a Word file after all its tracked changes were accepted or rejected."""
    gone, kept = ("del", "ins") if accept else ("ins", "del")
    body = docx_part(content)[0]
    _drop(body, lambda each: each.find(f"{W}trPr/{W}{gone}") is not None)
    _join(body, gone)
    _drop(body, lambda each: each.tag == f"{W}{gone}")
    assert [*body.iter(f"{W}{gone}")] == []
    for text in body.iter(f"{W}delText"):
        text.tag = f"{W}t"
    assert [*body.iter(f"{W}{kept}")] != [] or [*body.iter(f"{W}pPrChange")] == []
    return body


def _drop(element: Element, wanted: Callable[[Element], bool]) -> None:
    for child in list(element):
        if wanted(child):
            element.remove(child)
        else:
            _drop(child, wanted)


def _join(element: Element, gone: str) -> None:
    """Join each paragraph whose end goes with the one after it, as Word does."""
    carried: list[Element] = []
    for child in list(element):
        if child.tag == f"{W}p":
            properties = child.findall(f"{W}pPr")
            runs = [each for each in child if each not in properties]
            if child.find(f"{W}pPr/{W}rPr/{W}{gone}") is not None:
                carried += runs
                element.remove(child)
            else:
                child[:] = [*properties, *carried, *runs]
                carried = []
        else:
            _join(child, gone)


def paragraphs(body: Element) -> list[str]:
    """Return the text of every paragraph that has one, a tab or a break after its number."""
    parting = {f"{W}tab": "\t", f"{W}br": "\t"}
    texts = [
        "".join(parting.get(part.tag) or part.text or "" for part in each.iter())
        for each in body.iter(f"{W}p")
    ]
    return [text for text in texts if text]


def expected(document: Document) -> list[str]:
    return [
        "\t".join(filter(None, (plain(line.number), plain(line.text)))) for line in lines(document)
    ]


def test_accepting_gives_the_new_report_and_rejecting_the_old_one() -> None:
    content = tracked(make_annexed_report(), edited_report())

    assert paragraphs(decided(content, accept=True)) == expected(edited_report())
    assert paragraphs(decided(content, accept=False)) == expected(make_annexed_report())


def body_words(body: Element) -> list[str]:
    return " ".join(paragraphs(body)).split()


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(documents, documents)
def test_any_two_documents_come_out_of_one_file(old: Document, new: Document) -> None:
    content = tracked(old, new)

    assert body_words(decided(content, accept=True)) == words(new)
    assert body_words(decided(content, accept=False)) == words(old)


def test_a_changed_paragraph_as_word_reads_it() -> None:
    body = docx_part(tracked(make_document("In June."), make_document("In May."))).find(f"{W}body")
    assert body is not None
    changed = [*body.iter(f"{W}p")][-1]
    marks = [(each.tag.removeprefix(W), dict(each.attrib)) for each in changed if each.attrib]

    by = {f"{W}author": "Ada Example", f"{W}date": "2031-05-02T10:30:00Z"}
    assert marks == [
        ("del", {f"{W}id": "1000000"} | by),
        ("ins", {f"{W}id": "1000001"} | by),
    ]
    assert ["".join(each.itertext()) for each in changed] == [
        *("", "1.1", "", "In", " June", " May", ".")
    ]
    assert [each.text for each in changed.iter(f"{W}delText")] == [" June"]


def test_an_added_and_a_removed_paragraph_are_marked_to_their_end() -> None:
    body = docx_part(tracked(make_document("A.", "Old one."), make_document("Quite new.", "A.")))
    ends = [
        (
            paragraphs_of(each),
            [mark.tag.removeprefix(W) for mark in each.findall(f"{W}pPr/{W}rPr/*")],
        )
        for each in body.iter(f"{W}p")
    ]

    assert ends == [
        ("1Matters", []),
        ("1.1Quite new.", ["ins"]),
        ("1.11.2A.", []),
        ("1.2Old one.", ["del"]),
    ]


def paragraphs_of(paragraph: Element) -> str:
    return "".join(paragraph.itertext())


def test_every_mark_has_a_key_of_its_own() -> None:
    body = docx_part(tracked(make_annexed_report(), edited_report()))
    marks = {f"{W}{name}" for name in ("ins", "del", "pPrChange", "bookmarkStart")}
    keys = [each.get(f"{W}id") for each in body.iter() if each.tag in marks]

    assert len(keys) == len(set(keys)) > 20


def test_rows_are_added_and_removed_whole() -> None:
    body = docx_part(tracked(make_annexed_report(), edited_report()))
    rows = [
        (
            " ".join(row.itertext()),
            [mark.tag.removeprefix(W) for mark in row.findall(f"{W}trPr/*")],
        )
        for row in [*body.iter(f"{W}tbl")][-1].iter(f"{W}tr")
    ]

    assert rows == [
        ("Promise Due State", ["cantSplit", "tblHeader"]),
        ("To meet again (1.2 a)) June 2031 open kept", ["cantSplit"]),
        ("To part kept", ["cantSplit", "del"]),
        ("To write May 2031 late", ["cantSplit", "ins"]),
    ]


def test_the_styles_are_those_of_the_document_itself() -> None:
    report = make_report()
    content = tracked(report, report)

    assert docx_words(content) == words(report)
    assert [pair for pair in styled(content) if pair[1]] == [
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


def test_links_and_looks_are_kept() -> None:
    body = docx_part(tracked(make_report(), make_report()))

    assert len([*body.iter(f"{W}hyperlink")]) == 2
    assert [each.get(f"{W}name") for each in body.iter(f"{W}bookmarkStart")] == ["paragraph-1.1"]
    assert len([*body.iter(f"{W}b")]) == 1


def test_a_removed_link_is_removed_inside_its_link() -> None:
    old, new = make_report(), make_document("Something else.")
    body = docx_part(tracked(old, new))

    assert [[each.tag for each in link] for link in body.iter(f"{W}hyperlink")] == [[f"{W}del"]]


def test_the_hour_is_told_in_universal_time() -> None:
    at = datetime(2031, 5, 2, 0, 30, tzinfo=timezone(timedelta(hours=2)))
    content = difference_docx(make_document("a"), make_document("b"), author='A "B" <C> & D', at=at)
    marks = {
        (each.get(f"{W}author"), each.get(f"{W}date"))
        for each in docx_part(content).iter(f"{W}ins")
    }

    assert marks == {('A "B" <C> & D', "2031-05-01T22:30:00Z")}


def test_another_library_opens_it() -> None:
    content = tracked(make_annexed_report(), edited_report())
    word = docx.Document(io.BytesIO(content))

    assert word.core_properties.title == "Report of the Example Group"
    assert len(word.tables) == 2


def test_the_same_two_trees_give_the_same_bytes() -> None:
    assert tracked(make_report(), edited_report()) == tracked(make_report(), edited_report())


def test_a_document_in_arabic_is_tracked_from_right_to_left() -> None:
    old = make_document("تقرير فريق CWG 3 العمل", language="ar")
    new = make_document("تقرير فريق CWG 4 العمل", language="ar")
    content = tracked(old, new)

    assert paragraphs(decided(content, accept=True)) == expected(new)
    assert paragraphs(decided(content, accept=False)) == expected(old)
    assert all(
        each.find(f"{W}pPr/{W}bidi") is not None for each in docx_part(content).iter(f"{W}p")
    )
