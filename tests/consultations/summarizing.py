"""Summaries for tests: a round with contributions, people who write and read, the way to an edition."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from consultations.models import Consultation, Contribution, Question, Standing, Summary
from consultations.summary import beginning, finalising, second_reading, writing
from consultations.summary.states import words_of
from cwg.accounts.models import User
from meetings.models import Edition, Meeting
from tests.consultations.making import CLOSES, make_contribution, make_group, make_round
from tests.two_groups import make_person

AT = CLOSES + timedelta(days=10)
LATER = AT + timedelta(days=1)


@dataclass(slots=True)
class Desk:
    """A round with a summary that was begun, and the people at the desk."""

    round: Consultation
    summary: Summary
    writer: User
    reader: User
    lead: User
    meeting: Meeting

    def question(self, place: int) -> Question:
        found: Question = self.round.questions.get(position=place, parent=None)
        return found

    def write(self, text: str, question: int | None = None, **facts: Any) -> Any:
        asked = self.question(question) if question else None
        return writing.write(
            self.summary, text, question=asked, by=self.writer, at=facts.pop("at", AT), **facts
        )

    def contribution(self, **facts: Any) -> Contribution:
        return make_contribution(self.round, facts.pop("to", Standing.PUBLISHED), **facts)

    def read(self, *, agreed: bool = True, remarks: str = "") -> None:
        second_reading.ask(self.summary, self.reader, by=self.writer, at=AT)
        words = words_of(self.summary)
        second_reading.read(
            self.summary, agreed=agreed, remarks=remarks, words=words, by=self.reader, at=AT
        )

    def finalise(self, **facts: Any) -> Edition:
        told: dict[str, Any] = {"by": self.lead, "at": LATER, "meeting": self.meeting}
        edition = finalising.finalise(self.summary, **(told | facts))
        self.summary.refresh_from_db()
        return edition


def make_desk() -> Desk:
    """Make a round of three questions, a meeting it goes to, and a summary that was begun."""
    group = make_group()
    held = make_round(group)
    writer = make_person(group, "editor")
    return Desk(
        round=held,
        summary=beginning.begin(held, by=writer, at=AT),
        writer=writer,
        reader=make_person(group, "editor", "reader@example.org"),
        lead=make_person(group, "lead"),
        meeting=Meeting.objects.create(
            group=group, ordinal=7, first_day=date(2026, 9, 1),
            last_day=date(2026, 9, 2),
        ),
    )  # fmt: skip
