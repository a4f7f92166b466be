"""A document goes from the meeting it came too late for to the next, with what comes after it."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

from meetings import history
from meetings.models import Document, Meeting


def go_on(held: Document, meeting: Meeting) -> None:
    """Let `held`, which is locked and has no number, go to `meeting`: it came in time for that one.

    What is to be numbered after it goes with it, also a draft that its delegation still writes: of
    that the history keeps nothing. Call it inside the transaction of an activity.
    """
    _go(held, meeting)
    rows = held.later.filter(number="").select_for_update(of=("self",), no_key=True)
    for later in rows.order_by("pk"):
        with _kept_or_not(later):
            _go(later, meeting)


def _go(document: Document, meeting: Meeting) -> None:
    document.meeting = meeting
    document.late, document.late_decision = False, ""
    document.save()
    document.agenda_items.clear()


def _kept_or_not(document: Document) -> AbstractContextManager[None]:
    return history.unkept() if document.is_draft else nullcontext()
