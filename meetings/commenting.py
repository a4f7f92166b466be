"""Delegations comment on a meeting's draft outcomes, within a window that the secretariat opens.

What was done with each comment is kept beside it, and its delegation reads that.
"""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser

from meetings import history
from meetings.models import Meeting, MemberState, Outcome, OutcomeComment


class CommentingError(Exception):
    """What cannot be done with comments; never raised itself. It reads as a sentence."""


class WindowInPastError(CommentingError):
    """A window that would end before it is opened."""

    def __str__(self) -> str:
        return "The window would have ended already. Nothing was changed."


class NotOpenError(CommentingError):
    """A comment outside the window."""

    def __str__(self) -> str:
        return "Comments on these outcomes are not taken now. Your text was not kept; copy it."


class AnsweredError(CommentingError):
    """An answer to a comment that has one."""

    def __str__(self) -> str:
        return "Somebody has answered this comment meanwhile. Nothing was changed."


def is_open(meeting: Meeting, at: datetime) -> bool:
    """Say whether comments on the draft outcomes of `meeting` are taken at `at`."""
    first, last = meeting.comments_from, meeting.comments_until
    return first is not None and last is not None and first <= at < last


def open_window(
    meeting: Meeting, until: datetime, *, by: AbstractBaseUser, at: datetime
) -> Meeting:
    """Take comments from now until an instant; one that is open ends then instead.

    Raises WindowInPastError.
    """
    if until <= at:
        raise WindowInPastError
    with history.activity("commenting.open_window", by):
        now = Meeting.objects.select_for_update(no_key=True).get(pk=meeting.pk)
        if not is_open(now, at):
            now.comments_from = at
        now.comments_until = until
        now.save()
    return now


def comment(
    outcome: Outcome,
    text: str,
    *,
    member_state: MemberState,
    by: AbstractBaseUser,
    at: datetime,
) -> OutcomeComment:
    """Keep what a delegation remarks on an outcome. Raises NotOpenError."""
    with history.activity("commenting.comment", by):
        meeting = Meeting.objects.select_for_update(no_key=True).get(pk=outcome.meeting_id)
        if not is_open(meeting, at):
            raise NotOpenError
        made = OutcomeComment(outcome=outcome, member_state=member_state, text=text, made_at=at)
        made.by = by  # type: ignore[assignment]  # the project's user is one
        made.save()
    return made


def answer(
    remark: OutcomeComment, text: str, *, by: AbstractBaseUser, at: datetime
) -> OutcomeComment:
    """Say what was done with a comment. Raises AnsweredError."""
    with history.activity("commenting.answer", by):
        now = OutcomeComment.objects.select_for_update(no_key=True).get(pk=remark.pk)
        if now.answered_at is not None:
            raise AnsweredError
        now.answer, now.answered_at = text, at
        now.answered_by = by  # type: ignore[assignment]  # the project's user is one
        now.save()
    return now
