"""Where a summary stands: computed from what happened to it, never stored."""

from __future__ import annotations

import json
from datetime import datetime
from hashlib import sha256

from django.db import models

from consultations.models import Consultation, Summary, SummaryReading
from consultations.summary.figures import asked
from consultations.summary.order import in_order


class State(models.TextChoices):
    """Where a summary stands, in the order in which it goes."""

    WRITTEN = "written", "Being written"
    WITH_READER = "with_reader", "With the second reader"
    RETURNED = "returned", "Returned by the second reader"
    READ = "read", "Read by a second reader"
    OPEN = "open", "Open for comments"
    COMMENTED = "commented", "Comments closed"
    FINAL = "final", "Final"
    PUBLISHED = "published", "Published"


class SummaryError(Exception):
    """What cannot be done with a summary; never raised itself. It reads as a sentence.

    `field` names the box that has to be mended, "" for the whole.
    """

    field = ""


class FinalError(SummaryError):
    """Writing on what is final."""

    def __init__(self) -> None:
        super().__init__(
            "The summary is final, so nothing was changed. Reopen it first; that needs a reason."
        )


class ReasonMissingError(SummaryError):
    """An act that needs a reason, without one."""

    field = "reason"

    def __init__(self) -> None:
        super().__init__("Give the reason; it is kept in the history. Nothing was changed.")


def locked(summary: Summary) -> Summary:
    """Return a summary as it stands, locked until the transaction ends, with its round and group."""
    rows = Summary.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("consultation__group", "document").get(pk=summary.pk)


def locked_to_write(summary: Summary) -> Summary:
    """Return the same of one that is not final. Raises FinalError."""
    held = locked(summary)
    if held.final_at is not None:
        raise FinalError
    return held


def said(reason: str) -> str:
    """Return a reason as it is kept. Raises ReasonMissingError."""
    words = reason.strip()
    if not words:
        raise ReasonMissingError
    return words


def words_of(summary: Summary) -> str:
    """Return the hash of a summary's words: its paragraphs as typed, and what is set aside why."""
    numbers = {question.pk: number for number, question in asked(summary.consultation)}
    paragraphs = [
        [numbers.get(each.question_id or 0, ""), each.heading, each.text]
        for each in in_order(summary)
    ]
    aside = summary.set_aside.order_by("contribution__number")
    told = [paragraphs, [list(row) for row in aside.values_list("contribution__number", "reason")]]
    return sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


def last_reading(summary: Summary) -> SummaryReading | None:
    """Return the latest second reading, asked for or done; None where nobody was asked."""
    return summary.readings.order_by("-asked_at", "-pk").first()


def is_read(summary: Summary) -> bool:
    """Say whether a second reader agreed to the words that it holds now."""
    last = last_reading(summary)
    return last is not None and last.agreed is True and last.words == words_of(summary)


def is_open(summary: Summary, at: datetime) -> bool:
    """Say whether guests comment on the draft at `at`."""
    if summary.opened_at is None or summary.open_until is None or summary.final_at is not None:
        return False
    return summary.opened_at <= at < summary.open_until


def state(summary: Summary, at: datetime) -> State:
    """Return where a summary stands at `at`: up to three queries."""
    if summary.final_at is not None:
        public = summary.published_at is not None and summary.published_at >= summary.final_at
        return State.PUBLISHED if public else State.FINAL
    if is_open(summary, at):
        return State.OPEN
    last = last_reading(summary)
    if last is not None and last.read_at is None:
        return State.WITH_READER
    if last is not None and last.agreed is False and last.words == words_of(summary):
        return State.RETURNED
    if is_read(summary):
        return State.READ
    return State.COMMENTED if summary.opened_at is not None else State.WRITTEN


def of(consultation: Consultation) -> Summary | None:
    """Return the summary of a round; None where none was begun."""
    rows = Summary.objects.select_related("consultation__group", "document")
    return rows.filter(consultation=consultation).first()
