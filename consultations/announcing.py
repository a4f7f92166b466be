"""How a round is called and its extensions are told: pages, feeds, calendars, mails say it alike."""

from __future__ import annotations

from django.db.models import prefetch_related_objects

from consultations.models import Consultation
from meetings.deadline import Move
from meetings.languages import in_language
from meetings.wording import dates
from meetings.wording.messages import messages

ENGLISH = "en"


def title(consultation: Consultation) -> str:
    """Return the topics of a round as they are printed, else its heading; "" where it has neither.

    The topics are asked for where they were not read with it.
    """
    prefetch_related_objects([consultation], "consultation_topics__topic")
    titles = [
        in_language(each.topic.title, ENGLISH) for each in consultation.consultation_topics.all()
    ]
    return "; ".join(filter(None, titles)) or in_language(consultation.heading, ENGLISH)


def name(consultation: Consultation) -> str:
    """Return what a round is called where it must be called something: its title, else its key."""
    return title(consultation) or str(consultation.key)


def extended(move: Move) -> str:
    """Return an extension in a sentence; of one of the past who decided it may not be known."""
    known = messages(ENGLISH)
    said = f"Extended from {move.was.words(known)} to {move.now.words(known)}."
    if move.decided_on is None:
        return f"{said} Who decided it, when and why is not recorded."
    by = move.decided_by or "[not recorded in this language]"
    return f"{said} Decided by {by} on {dates.day(known, move.decided_on)}: {move.reason}"
