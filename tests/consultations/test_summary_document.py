"""The document of a summary, whole: its words and its HTML as they are kept beside this test.

The kept files were read line by line before they were kept. They hold answers in six languages,
redacted words, markup that somebody sent, a file, a heading and what was set aside.
"""

from __future__ import annotations

import re
import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from consultations.models import Attachment, Standing
from consultations.summary import coverage, document, figures, tagging
from consultations.summary.tagging import Place
from meetings.models import MemberState
from meetings.typesetting.docx import render_docx
from meetings.typesetting.html import render_fragment, render_html
from meetings.typesetting.pdf import render_pdf
from meetings.typesetting.text import render_text
from meetings.typesetting.tree import Document
from tests.consultations.making import make_contribution
from tests.consultations.summarizing import AT, Desk, make_desk
from tests.typesetting.file_reading import docx_words, html_words, text_words
from tests.typesetting.pdf_reading import reading

pytestmark = pytest.mark.django_db
KEPT = Path(__file__).with_name("kept")
ANSWERS = {
    "en": "More <b>languages</b> & fewer forms.\n\nCall 555 0100 at any time; {{ received }}, [3].",
    "fr": "Davantage de langues ; moins de formulaires.",
    "es": "Más idiomas, ¿y menos formularios?",
    "ru": "Больше языков, меньше форм.",
    "ar": "مزيد من اللغات (مثل العربية) وعدد أقل من النماذج: 3 نماذج لا 10.",
    "zh": "更多语言，更少表格；例如：中文域名与国际化电子邮件地址的普遍适用。",
}
FROM = {"en": "GH", "fr": "CM", "es": "UY", "ru": "KZ", "ar": "JO", "zh": "CN"}


@pytest.fixture
def desk(settings: Any) -> Desk:
    settings.SITE_ADDRESS = "https://example.org"
    made = make_desk()
    for place, (language, text) in enumerate(ANSWERS.items(), 1):
        made.contribution(
            answers={1: text, 2: "Yes."} if language == "zh" else {1: text},
            language=language, name=f"Example person {place}", email=f"p{place}@example.org",
            organisations=[f"Example <Society> {place}"], example=True,
            country=MemberState.objects.get(iso=FROM[language]),
            publish_name=language != "ru", publish_organisation=language != "ru",
            publish_country=language != "es",
        )  # fmt: skip
    made.contribution(
        answers={}, text="See the file.", organisations=[], name="No one", email="n@example.org"
    )
    first = made.round.contributions.get(number=1)
    first.redactions.create(passage="555 0100", reason="A number.", made_at=AT)
    Attachment.objects.create(
        contribution=made.round.contributions.get(number=7), name="paper.pdf", kind="pdf", path="p",
        size=1, sha256="0", added_at=AT,
    )  # fmt: skip
    make_contribution(
        made.round, Standing.AWAITING, name="Never shown", answers={1: "Never shown."}
    )
    held = tagging.add(made.round, "Languages", by=made.writer)
    place_ = Place(made.question(1), 0, 21)
    passage = tagging.tag(held, first, place_, "More <b>languages</b>", by=made.writer, at=AT)
    made.write(
        "Of {{ received }} contributions, {{ published }} are published, in {{ languages }} languages."
    )
    made.write(
        "They ask for “more” <i>languages</i> & fewer forms [1, 3–6].", 1, passages={1: passage}
    )
    made.write("On what it costs", 1, heading=True)
    made.write("It costs little [2], says [sic] one.", 1)
    made.write("One says yes [6].", 2)
    seven = made.round.contributions.get(number=7)
    coverage.set_aside(made.summary, seven, "It says all in a file.", by=made.writer, at=AT)
    return made


@pytest.fixture
def composed(desk: Desk) -> Document:
    return document.compose(document.gather(desk.summary, date(2026, 6, 8)))


def test_its_words_are_those_that_are_kept(composed: Document) -> None:
    assert render_text(composed) == (KEPT / "summary.txt").read_text(encoding="utf-8")


def test_its_html_is_what_is_kept(composed: Document) -> None:
    assert render_fragment(composed) == (KEPT / "summary.html").read_text(encoding="utf-8")


def test_every_file_says_the_same_words(composed: Document) -> None:
    words = text_words(render_text(composed))
    assert html_words(render_html(composed)) == words
    assert docx_words(render_docx(composed, None)) == words
    # a PDF says Arabic letters, and numbers among them, in the order in which they are set
    assert others(reading(render_pdf(composed).content).split()) == others(words)


def others(words: list[str]) -> list[str]:
    """Return the words of which each letter is set from left to right, Chinese ones letter by letter."""
    kept = [each for each in words if not re.search(r"[\u0600-\u06ff]|^[.\d]+$", each)]
    return [
        part
        for each in kept
        for part in re.findall("[\u3000-\u9fff\uff00-\uffef]|[^\u3000-\u9fff\uff00-\uffef]+", each)
    ]


def test_nothing_is_in_it_that_is_not_public(desk: Desk, composed: Document) -> None:
    said = render_text(composed)
    assert "Example person 1" in said
    for hidden in (
        "555 0100",
        "Never shown",
        "Example person 4",
        "Society> 4",
        "Uruguay",
        "@example.org",
    ):
        assert hidden not in said


def test_it_asks_as_often_for_many_contributions_as_for_few(
    desk: Desk, django_assert_num_queries: Any
) -> None:
    def gathered() -> None:
        document.compose(document.gather(desk.summary, date(2026, 6, 8)))

    gathered()  # what the round's own row brings is asked for once
    with django_assert_num_queries(23):
        gathered()
    for _ in range(10):
        desk.contribution(answers={2: "More."})
    with django_assert_num_queries(23):
        gathered()


def test_a_figure_says_what_is_counted_now(desk: Desk) -> None:
    values = figures.values(desk.round)
    assert values["received"] == "8"
    assert values["published"] == "7"
    assert values["published in ar"] == "1"
    assert values["published on question 2"] == "1"


def test_an_arabic_answer_runs_from_right_to_left_in_every_file(composed: Document) -> None:
    assert '<p dir="rtl">مزيد من اللغات' in render_html(composed)
    assert "<p>更多语言" in render_html(composed)
    body = zipfile.ZipFile(BytesIO(render_docx(composed, None))).read("word/document.xml").decode()
    paragraphs = re.findall(r"<w:p>.*?</w:p>", body)
    (arabic,) = (each for each in paragraphs if "مزيد" in each)
    assert "<w:bidi/>" in arabic
    assert "<w:rtl/>" in arabic
    assert [each for each in paragraphs if "<w:bidi/>" in each] == [arabic]
