"""The difference of two documents: what was kept, removed and added, and in which paragraph."""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import chain

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meetings.typesetting.difference import Change, Kind, difference
from meetings.typesetting.printed import printed
from meetings.typesetting.tree import Annex, Document, Paragraph, Section, lines, plain
from meetings.typesetting.word_difference import Fate, Piece, word_difference

from .samples import (
    make_annexed_report,
    make_document,
    make_item,
    make_paragraph,
    make_table,
    span,
    words,
)
from .trees import documents

_SIGNS = {Fate.KEPT: "", Fate.REMOVED: "-", Fate.ADDED: "+"}


def marked(pieces: tuple[Piece, ...]) -> str:
    """Return the words with what was removed as [-…] and what was added as [+…]."""
    return "".join(
        f"[{_SIGNS[piece.fate]}{plain(piece.spans)}]" if _SIGNS[piece.fate] else plain(piece.spans)
        for piece in pieces
    )


def said(change: Change) -> tuple[str, str, str]:
    return change.kind, marked(change.number), " | ".join(map(marked, change.cells))


def changes(old: Document, new: Document) -> list[tuple[str, str, str]]:
    return [said(change) for change in difference(old, new) if change.kind is not Kind.KEPT]


def without(pieces: tuple[Piece, ...], fate: Fate) -> str:
    return "".join(plain(piece.spans) for piece in pieces if piece.fate is not fate)


@pytest.mark.parametrize(
    ("old", "new", "marks"),
    [
        ("", "", ""),
        ("the same", "the same", "the same"),
        ("", "new words", "[+new words]"),
        ("old words", "", "[-old words]"),
        ("in June.", "in June 2026.", "in June[+ 2026]."),
        ("in June 2026.", "in June.", "in June[- 2026]."),
        ("see C26/51 now", "see C26/52 now", "see[- C26/51][+ C26/52] now"),
        ("a multi-stakeholder one", "a multi‑lateral one", None),
        ("from 23-24 June", "from 23-25 June", "from[- 23-24][+ 23-25] June"),
        ("one, two, three", "one, three", "one,[- two,] three"),
        ("two of three", "six of nine", "[-two of three][+six of nine]"),
        ("two after three", "six after nine", "[-two][+six] after[- three][+ nine]"),
        ("a  b", "a b", "a[-  b][+ b]"),
        ("第二次会议", "第三次会议", "第[-二][+三]次会议"),
        ("cafe\u0301 noir", "cafe noir", "[-cafe\u0301][+cafe] noir"),
        ("أيضاً العمل", "أيضا العمل", "[-أيضاً][+أيضا] العمل"),
        (" a ", " a", " a[- ]"),
    ],
)
def test_words_that_were_kept_removed_and_added(old: str, new: str, marks: str | None) -> None:
    pieces = word_difference(span(old), span(new))

    if marks is not None:
        assert marked(pieces) == marks
    assert (without(pieces, Fate.ADDED), without(pieces, Fate.REMOVED)) == (old, new)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.text("ab .,-é\u0301中\n", max_size=30), st.text("ab .,-é\u0301中\n", max_size=30))
def test_pieces_are_both_texts_letter_for_letter(old: str, new: str) -> None:
    pieces = word_difference(span(old), span(new))

    assert (without(pieces, Fate.ADDED), without(pieces, Fate.REMOVED)) == (old, new)


def test_pieces_keep_look_origin_and_link() -> None:
    old = (*span("The Group "), *span("met late", emphasis=True), *span(" here.", href="#x"))
    new = (*span("The Group "), *span("met", emphasis=True), *span(" here.", href="#y"))

    assert word_difference(old, new) == (
        Piece(Fate.KEPT, (*span("The Group "), *span("met", emphasis=True))),
        Piece(Fate.REMOVED, span(" late", emphasis=True)),
        Piece(Fate.KEPT, span(" here.", href="#y")),
    )


def test_what_is_printed_is_what_the_lines_say() -> None:
    document = make_annexed_report()
    found = [(plain(each.number), plain(each.text)) for each in printed(document)]

    assert "".join(chain(*found)) == "".join(plain(line.spans) for line in lines(document))
    assert [each.where for each in printed(document)][15:29] == [
        *("1", "1.1", "1.2", "1.2 a)", "1.2 a) (i)", "1.2 a) (ii)", "1.2 b)", "1", "1", "1"),
        *("2", "2.1", "", ""),
    ]


def test_a_document_differs_from_itself_in_nothing() -> None:
    document = make_annexed_report()
    found = difference(document, document)

    assert {change.kind for change in found} == {Kind.KEPT}
    assert [change.new for change in found] == [*printed(document)]


def edited_report() -> Document:
    """Return the sample report after an afternoon of drafting."""
    report = make_annexed_report()
    first, second = report.sections
    numbered, listed, dashed = first.paragraphs
    listed = replace(
        listed,
        number=span("1.3"),
        items=(
            make_item("a)", "to meet again in June;", *listed.items[0].items[:1]),
            make_item("b)", "to write down what it decides on a paper;"),
            replace(listed.items[1], number=span("c)")),
        ),
    )
    between = make_paragraph("Delegates thanked the host for its kindness.", "1.2")
    annex = report.annexes[0]
    table = make_table(
        ("Promise", "Due", "State"),
        ("To meet again (1.2 a))", "June 2031", "kept"),
        ("To write", "May 2031", "late"),
    )
    return replace(
        report,
        head=replace(report.head, number=span("Document X31/8(Rev.1)-E"), source=()),
        sections=(replace(first, paragraphs=(numbered, between, listed, dashed)), second),
        annexes=(replace(annex, blocks=(annex.blocks[0], table, annex.blocks[2])),),
    )


def test_the_difference_of_a_report_and_its_next_draft() -> None:
    assert changes(make_annexed_report(), edited_report()) == [
        ("changed", "", "Document[- X31/8-E][+ X31/8(Rev.1)-E]"),
        ("removed", "", "[-Report by the Chair of the Example Group]"),
        ("added", "[+1.2]", "[+Delegates thanked the host for its kindness.]"),
        ("renumbered", "[-1.2][+1.3]", "It agreed:"),
        ("changed", "a)", "to meet again[+ in June];"),
        ("removed", "[-(ii)]", "[-late;]"),
        ("added", "[+b)]", "[+to write down what it decides on a paper;]"),
        ("renumbered", "[-b)][+c)]", "to part."),
        ("changed", "", "To meet again (1.2 a)) | June 2031 | [-open][+kept]"),
        ("removed", "", "[-To part] |  | [-kept]"),
        ("added", "", "[+To write] | [+May 2031] | [+late]"),
        ("removed", "", "[-Summary]"),
        ("removed", "[-1]", "[-It was said:]"),
        ("removed", "[-a)]", "[-much;]"),
        ("removed", "[-b)]", "[-more.]"),
    ]


def test_a_paragraph_that_moved_is_removed_here_and_added_there() -> None:
    texts = ["First of all.", "Then this.", "Then that.", "And last."]
    old, new = make_document(*texts), make_document(*texts[1:], texts[0])

    assert changes(old, new) == [
        ("removed", "[-1.1]", "[-First of all.]"),
        ("renumbered", "[-1.2][+1.1]", "Then this."),
        ("renumbered", "[-1.3][+1.2]", "Then that."),
        ("renumbered", "[-1.4][+1.3]", "And last."),
        ("added", "[+1.4]", "[+First of all.]"),
    ]


def test_a_letter_that_shifts_takes_no_other_paragraphs_place() -> None:
    """An anchor that counts (outcome-3-a) names another outcome once one is put before it."""

    def report(*texts: str) -> Document:
        items = (
            make_item(f"{letter})", text, anchor=f"outcome-3-{letter}")
            for letter, text in zip("abcd", texts, strict=False)
        )
        return Document(
            "en", "", sections=(Section("1", (), (), (Paragraph((), span("It:"), tuple(items)),)),)
        )

    old = report("agreed to launch a consultation in March", "noted the report of its Chair")
    new = report(
        "thanked the host of its meeting",
        "agreed to launch a consultation in April",
        "noted the report of the Chair",
    )

    assert changes(old, new) == [
        ("added", "[+a)]", "[+thanked the host of its meeting]"),
        ("changed", "[-a)][+b)]", "agreed to launch a consultation in[- March][+ April]"),
        ("changed", "[-b)][+c)]", "noted the report of[- its][+ the] Chair"),
    ]


def test_rows_with_another_number_of_columns_are_other_rows() -> None:
    def report(*row: str) -> Document:
        return Document("en", "", annexes=(Annex("annex-1", (), (), (make_table((), row),)),))

    assert changes(report("a", "b"), report("a", "b", "c")) == [
        ("removed", "", "[-a] | [-b]"),
        ("added", "", "[+a] | [+b] | [+c]"),
    ]


def old_and_new(found: tuple[Change, ...]) -> tuple[list[str], list[str]]:
    """Return the words that were, and those that are, of what a difference says."""
    both = []
    for fate in (Fate.ADDED, Fate.REMOVED):
        texts = [without(part, fate) for change in found for part in (change.number, *change.cells)]
        both.append(" ".join(texts).split())
    return both[0], both[1]


_slow = [HealthCheck.too_slow, HealthCheck.data_too_large]


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=_slow)
@given(documents, documents)
def test_a_difference_holds_all_words_of_both_documents_in_order(
    old: Document, new: Document
) -> None:
    assert old_and_new(difference(old, new)) == (words(old), words(new))


def long_document(*texts: str, anchors: bool = False) -> Document:
    paragraphs = tuple(
        make_paragraph(text, f"1.{n}", anchor=f"p-{n}" if anchors else "")
        for n, text in enumerate(texts)
    )
    return Document("en", "", sections=(Section("1", (), (), paragraphs),))


def _sentence(n: int, word: str = "outcome") -> str:
    return f"The Group took note of {word} {n} and of what its Chair said about it in {n % 50}."


LONG = {
    "a few words in every tenth": (
        [_sentence(n) for n in range(5_000)],
        [_sentence(n, "outcome" if n % 10 else "matter") for n in range(5_000)],
    ),
    "every paragraph": (
        [_sentence(n) for n in range(5_000)],
        [_sentence(n, "matter") for n in range(5_000)],
    ),
    "nothing in common": (
        [_sentence(n) for n in range(5_000)],
        [f"Quite another sentence with number {-n}." for n in range(5_000)],
    ),
    "the same words over and over": (
        ["Nothing was said."] * 5_000,
        ["Nothing was said."] * 2_500 + ["Nothing was heard."] * 2_500,
    ),
    "in the other order": (
        [_sentence(n) for n in range(5_000)],
        [_sentence(n) for n in reversed(range(5_000))],
    ),
    "one long paragraph": (["word " * 40_000], ["word " * 20_000 + "new " + "word " * 19_000]),
    "one long paragraph rewritten": (
        [" ".join(f"{n * 7 % 6_007} the" for n in range(6_000))],
        [" ".join(f"the {n * 5 % 6_007}" for n in range(6_000))],
    ),
}


@pytest.mark.parametrize("anchors", [False, True])
@pytest.mark.parametrize("case", LONG)
def test_five_thousand_paragraphs_take_seconds(case: str, anchors: bool) -> None:
    """Each takes at most 1.5 s here; what grows with the square of the number takes minutes."""
    old, new = (long_document(*texts, anchors=anchors) for texts in LONG[case])
    began = time.process_time()
    found = difference(old, new)

    assert time.process_time() - began < 30
    assert old_and_new(found) == (words(old), words(new))


def test_changed_paragraphs_are_found_among_five_thousand() -> None:
    old, new = (long_document(*texts) for texts in LONG["a few words in every tenth"])
    kinds = [change.kind for change in difference(old, new)]

    assert (kinds.count(Kind.CHANGED), kinds.count(Kind.KEPT)) == (500, 4_500)
