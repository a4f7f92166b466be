"""The report that the record writes is the report that was printed."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from cwg.report.compose import compose
from cwg.report.files import render
from cwg.report.gather import gather
from cwg.report.models import Report
from meetings.models import Kind, Outcome
from tests.typesetting.file_reading import docx_words, html_words, text_words
from tests.typesetting.pdf_reading import reading

HERE = Path(__file__).parent.parent
SEEDS = [HERE / "chairs-report-2026.txt"] + [
    path
    for path in [HERE.parent.parent / "shared" / "mission" / "chairs-report-2026.txt"]
    if path.exists()
]
HEAD = [
    "Council",
    "2026",
    "Geneva,",
    "28",
    "April",
    "–",
    "8",
    "May",
    "2026",
    "20",
    "January",
    "2026",
    "Original:",
    "English",
    "Report",
    "by",
    "the",
    "Chair",
    "of",
    "the",
    "Council",
    "Working",
    "Group",
    "on",
    "international",
    "Internet-related",
    "public",
    "policy",
    "issues",
    "(CWG-Internet)",
    "CHAIR’S",
    "REPORT",
    "ON",
    "THE",
    "ACTIVITIES",
    "OF",
    "THE",
    "CWG-INTERNET",
]


def printed(path: Path) -> list[str]:
    """Return the words of the printed report, without the traces of its extraction."""
    text = re.sub(r"\[bookmark: [^\]]*\]", "", path.read_text(encoding="utf-8"))
    return folded(re.sub(r"^_+$", "", text, flags=re.MULTILINE).split())


def folded(words: list[str]) -> list[str]:
    return [word.replace("\u2011", "-") for word in words]


@pytest.mark.parametrize("seed", SEEDS, ids=lambda path: path.parent.name)
def test_every_format_says_what_was_printed(report: Report, seed: Path) -> None:
    composed = compose(gather(report))
    said = {
        "text": text_words(render(composed, "text").decode()),
        "html": html_words(render(composed, "html").decode()),
        "docx": docx_words(render(composed, "docx")),
        "pdf": reading(render(composed, "pdf")).split(),
    }
    wanted = HEAD + printed(seed)
    for form, words in said.items():
        got = [word for word in folded(words) if set(word) != {"_"}]
        assert got == wanted, form


def words_by_origin(report: Report) -> list[tuple[str, str, str]]:
    """Return (part, word, origin): a word has the origin of its first letter."""
    data: dict[str, Any] = json.loads(render(compose(gather(report)), "json"))
    found = []
    for paragraph in data["paragraphs"]:
        letters = [
            (letter, span["origin"]["kind"])
            for span in paragraph["spans"]
            for letter in span["text"]
        ]
        word: list[tuple[str, str]] = []
        for letter, kind in [*letters, (" ", "")]:
            if not letter.isspace():
                word.append((letter, kind))
            elif word:
                first = next((kind for letter, kind in word if letter.isalnum()), word[0][1])
                found.append((paragraph["part"], "".join(each for each, _ in word), first))
                word = []
    return found


def test_the_report_is_generated_and_not_stored(report: Report) -> None:
    words = [each for each in words_by_origin(report) if each[0] != "head"]
    generated = {"number", "pattern", "fact"}

    def share(counted: list[tuple[str, str, str]]) -> float:
        kinds = Counter(kind for _, _, kind in counted)
        return sum(kinds[kind] for kind in generated) / len(counted)

    assert len(words) == 983
    assert share(words) >= 0.44
    assert share([each for each in words if each[0] == "2"]) >= 0.70


def test_three_of_eleven_outcomes_are_changed_by_hand_and_keep_their_facts(report: Report) -> None:
    outcomes = Outcome.objects.filter(meeting__group=report.group)
    by_hand = outcomes.exclude(wording__isnull=True)
    assert outcomes.count() == 11
    assert [str(outcome) for outcome in by_hand.order_by("meeting__ordinal", "position")] == [
        "19 a) Consultation launched",
        "19 b) Consultation to be launched",
        "21 a) Consultation to be launched",
    ]
    assert not outcomes.filter(kind=Kind.FREE).exists()
    for outcome in by_hand:
        assert outcome.window_from
        assert outcome.topics.count() == 1


def _text(report: Report) -> str:
    text = render(compose(gather(report)), "text").decode()
    return text.replace("\u00a0", " ").replace("\u2011", "-")


def test_missing_facts_are_listed_and_not_printed(report: Report) -> None:
    composed = compose(gather(report))
    assert [missing.what for missing in composed.missing] == [
        "The number of the document",
        "The item of the session’s agenda",
    ]
    assert "Document" not in _text(report).split("Purpose")[0]


def test_the_number_of_queries_is_fixed(report: Report, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(14):
        compose(gather(report))
