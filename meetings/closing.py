"""Close a meeting's record once it is whole, and open it again for a reason.

A meeting is whole when each item of its agenda has an outcome, or somebody said on purpose that it
has none. An item with items below it is a heading: it is whole when they are. While a meeting is
closed its outcomes, agenda and participants are changed by nothing (`meetings.open_meeting`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from meetings import agenda, history
from meetings.agenda import Numbered
from meetings.models import AgendaItem, Meeting
from meetings.open_meeting import locked, locked_to_be_held
from meetings.settling import By


class ClosingError(Exception):
    """A meeting that cannot be closed or reopened as asked; never raised itself."""


class NotHeldError(ClosingError):
    """A meeting to be closed that has not begun."""

    def __init__(self, meeting: Meeting) -> None:
        super().__init__(f"{meeting} has not begun, so there is nothing to close.")


class NotWholeError(ClosingError):
    """A meeting with items of which nobody said what came of them; `missing` names them."""

    def __init__(self, missing: Sequence[Numbered]) -> None:
        self.missing = tuple(missing)
        count = len(missing)
        said = "1 item of the agenda has" if count == 1 else f"{count} items of the agenda have"
        super().__init__(
            f"{said} neither an outcome nor a word on why there is none. The meeting was not closed."
        )


class NotClosedError(ClosingError):
    """A meeting to be reopened that is not closed."""

    def __init__(self, meeting: Meeting) -> None:
        super().__init__(f"{meeting} is not closed, so there is nothing to reopen.")


class ReasonMissingError(ClosingError):
    """A meeting reopened, and nobody says why."""

    def __str__(self) -> str:
        return "Say why it is reopened; the history keeps it."


class NotOfThisMeetingError(ClosingError):
    """A word on an item of another meeting."""

    def __str__(self) -> str:
        return "That item is not of this meeting. Nothing was saved."


def missing(meeting: Meeting) -> list[Numbered]:
    """Return the items of the agenda of which nobody said what came of them, in its order."""
    said = set(meeting.outcomes.exclude(agenda_item=None).values_list("agenda_item", flat=True))
    read = agenda.of(meeting)
    headings = {each.item.parent_id for each in read}
    return [
        each for each in read
        if each.item.pk not in said and not each.item.no_outcome_reason
        and each.item.pk not in headings
    ]  # fmt: skip


def say_no_outcome(meeting: Meeting, reasons: Mapping[int, str], *, by: By = None) -> int:
    """Say of items, by their key, why they have no outcome; "" takes that back. Return how many changed.

    Raises ClosedError, NotOfThisMeetingError; and ValidationError for a reason that cannot be printed.
    """
    with history.activity("closing.say_no_outcome", by):
        standing = locked(meeting)
        items = {item.pk: item for item in AgendaItem.objects.filter(meeting=standing)}
        if not set(reasons) <= set(items):
            raise NotOfThisMeetingError
        changed = 0
        for key, reason in reasons.items():
            item = items[key]
            if item.no_outcome_reason == reason.strip():
                continue
            item.no_outcome_reason = reason.strip()
            item.clean_fields(exclude=["parent"])
            item.save()
            changed += 1
    return changed


def close(meeting: Meeting, *, on: date, by: By = None) -> Meeting:
    """Close the record of a meeting on the day `on`: from then on everybody reads its outcomes.

    Raises ClosedError, CancelledError, NotHeldError, NotWholeError.
    """
    with history.activity("closing.close", by):
        standing = locked_to_be_held(meeting)
        if on < standing.first_day:
            raise NotHeldError(standing)
        if found := missing(standing):
            raise NotWholeError(found)
        standing.closed_on = on
        standing.save()
    return standing


def reopen(meeting: Meeting, reason: str, *, by: By = None) -> Meeting:
    """Open the record of a closed meeting again; the history keeps who did it and why.

    Raises ReasonMissingError, NotClosedError.
    """
    if not reason.strip():
        raise ReasonMissingError
    with history.activity("closing.reopen", by, reason):
        standing = (
            Meeting.objects.select_for_update(no_key=True, of=("self",))
            .select_related("group")
            .get(pk=meeting.pk)
        )
        if standing.closed_on is None:
            raise NotClosedError(standing)
        standing.closed_on = None
        standing.save()
    return standing
