"""What is kept of a document: plain JSON that reads back equal, in bytes that stay the same."""

from __future__ import annotations

import hashlib
import json
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings

from meetings.typesetting.keeping import (
    BrokenDocumentError,
    UnknownFormatError,
    freeze,
    kept_bytes,
    read_body,
    read_bytes,
    thaw,
)
from meetings.typesetting.tree import Document, Origin, OriginKind, Paragraph, Section, Span

from .samples import FACT, make_document, make_report
from .trees import documents


@settings(max_examples=60, deadline=None, derandomize=True)
@given(documents)
def test_any_tree_reads_back_equal(document: Document) -> None:
    assert thaw(freeze(document)) == document
    assert thaw(json.loads(json.dumps(freeze(document)))) == document
    assert read_bytes(kept_bytes(document)) == document
    assert read_body(kept_bytes(document)) == replace(document, annexes=())
    assert kept_bytes(read_bytes(kept_bytes(document))) == kept_bytes(document)


def test_a_small_document_as_it_is_kept() -> None:
    paragraph = Paragraph(
        (Span("1.1", Origin(OriginKind.NUMBER)),),
        (Span("La réunion", FACT, strong=True, href="#here"),),
        anchor="here",
    )
    document = Document("fr", "Rapport", sections=(Section("1", (), (), (paragraph,)),))

    assert kept_bytes(document).decode() == (
        '{"document":{"language":"fr","sections":[{"heading":[],"number":[],"paragraphs":'
        '[{"anchor":"here","number":[{"origin":{"kind":"number"},"text":"1.1"}],'
        '"text":[{"href":"#here","origin":{"field":"topics","key":"7","kind":"fact",'
        '"model":"meetings.outcome"},"strong":true,"text":"La réunion"}]}],"part":"1"}],'
        '"title":"Rapport"},"format":1}'
    )


def test_the_bytes_of_format_1_stay_what_they_are() -> None:
    """Editions are known by this hash: a tree that gains a field must not change it."""
    assert hashlib.sha256(kept_bytes(make_report())).hexdigest() == (
        "824b6fd1ae76bf01ee484ec0aed478bdf59b4d5e76f2dc18a43740ac06805d9b"
    )


def test_half_of_a_pair_is_kept_too() -> None:
    document = make_document("a \ud800 b")

    assert read_bytes(kept_bytes(document)) == document


@pytest.mark.parametrize("form", [0, 2, "1", 1.5, None, True, [1]])
def test_a_format_of_another_version_is_refused_by_name(form: object) -> None:
    kept = freeze(make_report()) | {"format": form}

    with pytest.raises(UnknownFormatError) as refused:
        thaw(kept)

    assert refused.value.form == form
    assert str(refused.value) == (
        f"The kept document is in format {form!r}; this version reads format 1. "
        "It stays as it is: read it with the version that wrote it, or a later one."
    )


def broken(*path: str | int, by: object) -> dict[str, Any]:
    """Return what is kept of the sample, with `by` at `path`, or without that where it is None."""
    kept = deepcopy(freeze(make_report()))
    place: Any = kept["document"]
    for step in path[:-1]:
        place = place[step]
    if by is None:
        del place[path[-1]]
    else:
        place[path[-1]] = by
    return kept


@pytest.mark.parametrize(
    ("kept", "place", "expected"),
    [
        ([], "the top", "a format and a document"),
        ({"document": {}}, "the top", "a format and a document"),
        ({"format": 1, "document": {}, "more": 1}, "the top", "a format and a document"),
        ({"format": 1, "document": "words"}, "document", "a Document"),
        (broken("title", by=None), "document", "the fields of a Document"),
        (broken("colour", by="red"), "document", "the fields of a Document"),
        (broken("title", by=5), "document.title", "text"),
        (broken("sections", by={}), "document.sections", "a list"),
        (broken("cover", 0, "type", by="Other"), "document.cover[0]", "CoverRow or CoverRule"),
        (broken("cover", 0, by="words"), "document.cover[0]", "CoverRow or CoverRule"),
        (
            broken("signature", 0, 0, "origin", "kind", by="rumour"),
            "document.signature[0][0].origin.kind",
            "number or label or pattern or fact or phrase or passage or hand",
        ),
        (
            broken("signature", 0, 0, "strong", by=1),
            "document.signature[0][0].strong",
            "true or false",
        ),
    ],
)
def test_what_is_damaged_is_refused_at_its_place(kept: object, place: str, expected: str) -> None:
    with pytest.raises(BrokenDocumentError) as refused:
        thaw(kept)

    assert str(refused.value) == f"The kept document is damaged at {place}: expected {expected}."


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[" * 100_000])
def test_what_is_no_json_is_refused(content: bytes) -> None:
    with pytest.raises(BrokenDocumentError) as refused:
        read_bytes(content)

    assert str(refused.value) == "The kept document is damaged at the top: expected JSON in UTF-8."


def test_what_stands_as_usual_is_not_kept() -> None:
    """A field that the tree gains later, at its default, leaves earlier hashes as they are."""
    assert freeze(Document("en", "", running_head="", author="")) == {
        "format": 1,
        "document": {"language": "en", "title": ""},
    }
    assert thaw({"format": 1, "document": {"language": "en", "title": ""}}) == Document("en", "")
