"""Random trees over the letters that the shipped fonts hold, for the properties of every format."""

from __future__ import annotations

import unicodedata

from hypothesis import strategies as st

from meetings.typesetting.fonts import covered
from meetings.typesetting.tree import (
    Annex,
    CoverRow,
    CoverRule,
    Document,
    Head,
    Item,
    Origin,
    OriginKind,
    Paragraph,
    Section,
    Span,
    Spans,
    Table,
)

from .samples import span

_MARKUP = "<>&#*_$@\\[]{}`\"'=~^%/-+|;:"
_DIRECTIONLESS = {"L", "EN", "ES", "ET", "CS", "ON", "NSM"}
# Selectors and the joiner that no page shows: a PDF keeps them only beside the letter they change.
_WITHOUT_A_LOOK = {"\u034f", *map(chr, range(0xFE00, 0xFE10))}
LETTERS = sorted(
    letter
    for letter in covered()
    if unicodedata.bidirectional(letter) in _DIRECTIONLESS
    and unicodedata.category(letter)[0] in "LMNPS"
    and "ARABIC" not in unicodedata.name(letter, "")
    and letter not in _WITHOUT_A_LOOK
)
_LATIN = [letter for letter in LETTERS if letter < "\u0530"]
_SPACES = " \u00a0\u202f"

_letters = st.one_of(
    st.sampled_from(_MARKUP),
    st.sampled_from(_LATIN),
    st.sampled_from(LETTERS),
    st.sampled_from("abcdefimnost019 "),
    st.sampled_from(_SPACES),
)
# A span begins and ends with no space: that the formats fold spaces alike is not asked here.
_texts = st.text(_letters, min_size=1, max_size=40)
_hrefs = st.sampled_from(["", "", "https://example.org/", "#here", "/relative/", "javascript:0"])


@st.composite
def _spans(draw: st.DrawFn) -> Spans:
    origins = st.sampled_from([Origin(OriginKind.PASSAGE), Origin(OriginKind.FACT, "a.b", "1")])
    spans = st.builds(Span, _texts, origins, st.booleans(), st.booleans(), _hrefs)
    return tuple(draw(st.lists(spans, min_size=1, max_size=4)))


_maybe = st.one_of(st.just(()), _spans())
_numbers = st.sampled_from(["a)", "(iii)", "–", "2.10", "Annex 1.2.3.4", "1.1.", "第一"]).map(span)
_anchors = st.sampled_from(["", "here", "there"])
_leaves = st.builds(Item, _numbers, _spans(), st.just(()), _anchors)
_items = st.builds(Item, _numbers, _spans(), st.lists(_leaves, max_size=2).map(tuple), _anchors)
_paragraphs = st.builds(
    Paragraph,
    st.one_of(st.just(()), _numbers),
    _spans(),
    st.lists(_items, max_size=3).map(tuple),
    _anchors,
)
_sections = st.builds(
    Section,
    st.just("1"),
    _numbers,
    _maybe,
    st.lists(_paragraphs, max_size=3).map(tuple),
    _anchors,
)
_rows = st.builds(CoverRow, _maybe, st.lists(_spans(), min_size=1, max_size=2).map(tuple), _anchors)
_cells = st.lists(_maybe, max_size=3).map(tuple)
_tables = st.builds(Table, _cells, st.lists(_cells, max_size=2).map(tuple))
_annexes = st.builds(
    Annex,
    st.just("annex-1"),
    st.one_of(st.just(()), _numbers),
    _maybe,
    st.lists(st.one_of(_tables, _paragraphs), max_size=2).map(tuple),
    _anchors,
)
documents = st.builds(
    Document,
    st.sampled_from(["en", "fr", "es-419", "ru", "zh", "zh-Hans-CN", "x-none"]),
    _texts,
    st.builds(Head, *[_maybe] * 8),
    st.lists(st.one_of(_rows, st.builds(CoverRule)), max_size=3).map(tuple),
    st.lists(_sections, max_size=2).map(tuple),
    st.lists(_spans(), max_size=2).map(tuple),
    st.one_of(st.just(""), _texts),
    _texts,
    st.lists(_annexes, max_size=1).map(tuple),
)
