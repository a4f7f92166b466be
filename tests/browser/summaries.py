"""A summary with everything its pages can show; all of it is an example."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from consultations.models import Consultation, Summary
from consultations.summary import (
    beginning,
    commenting,
    coverage,
    mails,
    second_reading,
    states,
    tagging,
    writing,
)
from consultations.summary.commenting import Guest
from consultations.summary.tagging import Place
from cwg.accounts.models import User
from tests.browser.rounds import LONG_WORD


def make_summary(consultation: Consultation, writer: User, reader: User) -> Summary:
    """Begin a summary of a round of `make_full_rounds`, with findings of every weight."""
    at = timezone.now()
    made = beginning.begin(consultation, by=writer, at=at)
    first, second = consultation.questions.filter(parent=None).order_by("position")[:2]
    row = consultation.contributions.get(number=4)
    tag = tagging.add(consultation, "Languages and scripts", by=writer, question=first)
    tagging.add(consultation, LONG_WORD[:90], by=writer)
    place = Place(first, 0, 17)
    passage = tagging.tag(
        tag, row, place, tagging.text_at(row, place)[:17], by=writer, at=at
    )  # fmt: skip
    off = tagging.tag(
        tag, row, Place(first, 3, 17), tagging.text_at(row, place)[3:17], by=writer, at=at
    )  # fmt: skip
    tagging.untag(off, by=writer, at=at)
    for text, question, heading in (
        (
            "{{ received }} contributions were received, from {{ countries }} countries.",
            None,
            False,
        ),
        ("What they have in common", first, True),
        ("Most contributors give an example answer of two lines [1, 3–8].", first, False),
        ("One of them says “an example answer of three lines” [9].", first, False),
        (f"Many answer with one long word, {LONG_WORD} [10, 11].", second, False),
        ("Nobody said this, and 12 contributions were published.", second, False),
    ):
        passages = {4: passage} if question == first and not heading else {}
        writing.write(
            made, text, by=writer, at=at, question=question, heading=heading, passages=passages
        )
    coverage.set_aside(
        made, consultation.contributions.get(number=12),
        "It is about another subject, which the Group did not ask about.", by=writer, at=at,
    )  # fmt: skip
    changed = consultation.contributions.get(number=10).answers.get(question=second)
    changed.text = "Many words, each of them short."
    changed.save()
    second_reading.ask(made, reader, by=writer, at=at)
    return made


def open_to_guests(summary: Summary, writer: User, reader: User) -> str:
    """Have it read and opened to a guest, who commented; return the address of the guest's page."""
    at = timezone.now()
    words = states.words_of(summary)
    second_reading.read(summary, agreed=True, words=words, by=reader, at=at)
    guest = Guest("guest@example.org", "Example Guest", "Example Organization")
    commenting.open_window(summary, [guest], at + timedelta(days=9), by=writer, at=at)
    held = summary.guests.get()
    row = summary.paragraphs.filter(question__isnull=False, heading=False).order_by("pk")[0]
    one = commenting.comment(held, "Say which ones.", at=at, paragraph=row)
    commenting.comment(held, "A comment on the whole draft.\n\nIn two paragraphs.", at=at)
    commenting.answer(one, "not_taken", "The paragraph cites each of them.", by=writer, at=at)
    return mails.guests_page(held)
