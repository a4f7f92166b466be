"""The way of a summary: written, read by a second person, final, published, reopened."""

from __future__ import annotations

import pytest

from consultations.summary import finalising, second_reading, states, writing
from consultations.summary.coverage import Coverage, coverage, set_aside
from consultations.summary.finalising import HeldUpError
from meetings.models import Message
from tests.consultations.summarizing import AT, LATER, Desk, make_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return make_desk()


def test_a_summary_goes_from_its_first_word_to_an_edition_that_is_published(desk: Desk) -> None:
    one = desk.contribution(answers={1: "More languages."}, tell_when_cited=True)
    two = desk.contribution(answers={2: "Fewer forms."}, email="two@example.org")
    desk.write("One contribution asks for more languages [1].", 1)
    assert coverage(desk.summary) == Coverage(published=2, cited=1, set_aside=0)
    with pytest.raises(HeldUpError) as refused:
        desk.finalise()
    assert refused.value.reasons == (
        "1 published contribution is neither cited nor set aside: [2].",
        "No second reader has agreed to the words that it holds now.",
    )
    set_aside(desk.summary, two, "It is about another subject.", by=desk.writer, at=AT)
    desk.read()
    assert states.state(desk.summary, AT) == states.State.READ
    edition = desk.finalise()
    assert str(edition) == "EG-7/1"
    assert [each.form for each in edition.files.all()] == ["docx", "html", "pdf", "text"]
    assert states.state(desk.summary, LATER) == states.State.FINAL

    finalising.publish(desk.summary, by=desk.lead, at=LATER)
    desk.summary.refresh_from_db()
    assert states.state(desk.summary, LATER) == states.State.PUBLISHED
    mail = Message.objects.get(rule="summary.cited")
    assert mail.to == one.email
    assert "is cited in paragraph 1." in mail.body


def test_who_wrote_the_words_is_no_second_reader_after_a_colleague_let_them_stand(
    desk: Desk,
) -> None:
    desk.contribution(answers={1: "More languages."})
    row = desk.write("One contribution asks for more languages [1].", 1)
    kept = writing.change(row, str(row.text), saves=row.saves, by=desk.reader, at=LATER)
    assert (kept.written_by, kept.written_at, kept.saves) == (desk.writer, LATER, 2)
    with pytest.raises(second_reading.WriterError):
        second_reading.ask(desk.summary, desk.writer, by=desk.lead, at=LATER)
    second_reading.ask(desk.summary, desk.reader, by=desk.lead, at=LATER)
