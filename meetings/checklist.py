"""What a meeting asks of the secretariat, step by step: by when, and whether it is done.

Nothing of it is stored: the days follow from the meeting's own, and a step is done when the record
says so. How many days before or after is this product's proposal, as no rule of the Union gives it;
only the deadline for documents is the group's own, and the 30 days before a session the Council's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from meetings.models import Document, Meeting, Session
from meetings.wording import dates
from meetings.wording.messages import messages

ENGLISH = "en"
CALLED_BEFORE = 90  # days before the first day
AGENDA_BEFORE = 28  # days before documents are due, so that they can name its items
INTERPRETATION_BEFORE = 28  # days before the first day
CLOSED_AFTER = 14  # days after the last day
REPORT_BEFORE = 30  # days before the session opens: a Chair's report is a secretariat document


class Key(StrEnum):
    """Each step, in the order of the days."""

    CALL = "call"
    AGENDA = "agenda"
    DOCUMENTS = "documents"
    INTERPRETATION = "interpretation"
    PARTICIPANTS = "participants"
    OUTCOMES = "outcomes"
    CLOSE = "close"
    REPORT = "report"


class Look(StrEnum):
    """How a step stands on a day."""

    DONE = "done"
    LATE = "late"
    NOW = "now"  # due within a week
    LATER = "later"


WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what it is, by when, and what says that it is done ("" where nothing does)."""

    key: Key
    what: str
    due: date | None
    done: str = ""

    def look(self, day: date) -> Look:
        """Return how it stands on `day`."""
        if self.done:
            return Look.DONE
        if self.due is None or self.due > day + WEEK:
            return Look.LATER
        return Look.LATE if self.due < day else Look.NOW


@dataclass(frozen=True, slots=True)
class Facts:
    """What the record holds of a meeting besides its own row, as far as its steps ask."""

    outcomes: int = 0
    participants: int = 0
    waiting: int = 0  # documents that were received and have no number
    session: Session | None = None  # the next to which a report can go
    told_in: str = ""  # the report that tells of it


def facts(meeting: Meeting, told_in: str = "") -> Facts:
    """Return what the record holds; `told_in` is known to the room of the report alone."""
    group = meeting.group
    session = (
        Session.objects.filter(body=group.parent_id, first_day__gt=meeting.last_day)
        .order_by("first_day")
        .first()
        if group.parent_id is not None
        else None
    )
    return Facts(
        outcomes=meeting.outcomes.count(),
        participants=meeting.participants.count(),
        waiting=Document.objects.waiting().filter(meeting=meeting).count(),
        session=session,
        told_in=told_in,
    )


def steps(meeting: Meeting, known: Facts, day: date) -> list[Step]:
    """Return the steps of `meeting`, each with what says that it is done by `day`."""
    documents = meeting.documents_deadline().first_day
    first, last = meeting.first_day, meeting.last_day
    received = documents is not None and documents < day and not known.waiting
    published = meeting.agenda_published_at
    return [
        Step(Key.CALL, "Call the meeting by circular", _before(first, CALLED_BEFORE), _called(meeting)),
        Step(
            Key.AGENDA, "Publish the agenda", _before(documents or first, AGENDA_BEFORE),
            f"public since {_day(published.date())}" if published else "",
        ),
        Step(
            Key.INTERPRETATION, "Arrange interpretation and captions",
            _before(first, INTERPRETATION_BEFORE), "recorded" if meeting.captions else "",
        ),
        Step(
            Key.DOCUMENTS, "Register the documents", documents,
            "the deadline has passed, and every document has its number" if received else "",
        ),
        Step(
            Key.OUTCOMES, "Record the outcomes", last,
            _counted(known.outcomes, "outcome") if known.outcomes else "",
        ),
        Step(
            Key.PARTICIPANTS, "Bring in the participants", last + WEEK,
            _counted(known.participants, "participant") if known.participants else "",
        ),
        Step(
            Key.CLOSE, "Close the meeting", last + timedelta(days=CLOSED_AFTER),
            f"closed on {_day(meeting.closed_on)}" if meeting.closed_on else "",
        ),
        Step(
            Key.REPORT, f"Tell of it in the report{f' to {known.session}' if known.session else ''}",
            _before(known.session.opens(), REPORT_BEFORE) if known.session else None, known.told_in,
        ),
    ]  # fmt: skip


def _called(meeting: Meeting) -> str:
    if meeting.invited_on is None:
        return ""
    by = f"by {meeting.circular} " if meeting.circular else ""
    return f"{by}on {_day(meeting.invited_on)}"


def _before(day: date, days: int) -> date:
    return day - timedelta(days=days)


def _day(day: date) -> str:
    return dates.day(messages(ENGLISH), day)


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
