"""What every act on a meeting begins with: the meeting, locked, and not closed."""

from __future__ import annotations

from meetings.models import Meeting


class NotOpenError(Exception):
    """An act on a meeting that takes none any more; never raised itself."""


class ClosedError(NotOpenError):
    """An act on a meeting whose record is closed."""

    def __init__(self, meeting: Meeting) -> None:
        super().__init__(
            f"{meeting} is closed, so nothing was changed. Reopen it first; that needs a reason."
        )


class CancelledError(NotOpenError):
    """An act on a meeting that was called off."""

    def __init__(self, meeting: Meeting) -> None:
        super().__init__(f"{meeting} was called off, so nothing was changed.")


def locked(meeting: Meeting) -> Meeting:
    """Return `meeting` as it stands, locked until the transaction ends. Raises ClosedError."""
    standing = (
        Meeting.objects.select_for_update(no_key=True, of=("self",))
        .select_related("group")
        .get(pk=meeting.pk)
    )
    if standing.closed_on is not None:
        raise ClosedError(standing)
    return standing


def locked_to_be_held(meeting: Meeting) -> Meeting:
    """Return the same of a meeting that was not called off. Raises CancelledError too."""
    standing = locked(meeting)
    if standing.cancelled_on is not None:
        raise CancelledError(standing)
    return standing
