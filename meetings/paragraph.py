"""The paragraph on a meeting, as the report, the meeting's page and an unsaved form print it."""

from __future__ import annotations

from collections.abc import Sequence

from meetings.lettering import letter, roman
from meetings.typesetting.tree import Item, Origin, OriginKind, Paragraph, Span, Spans
from meetings.wording.facts import House, MeetingFacts, OutcomeFacts, Viewpoint
from meetings.wording.sentences import heading, points, sentence


def number(text: str) -> Spans:
    """Return a computed number as a span."""
    return (Span(text, Origin(OriginKind.NUMBER)),)


def meeting_paragraph(
    meeting: MeetingFacts,
    outcomes: Sequence[OutcomeFacts],
    viewpoint: Viewpoint,
    house: House,
    numbered: Spans = (),
) -> Paragraph:
    """Return the heading of a meeting and its lettered outcomes.

    Raises SlotError for a wording with an unknown slot, PatternError for a
    house's pattern that cannot be read.
    """
    items = tuple(
        Item(
            number(f"{letter(place)})"),
            sentence(outcome, viewpoint, house),
            tuple(
                Item(number(f"({roman(under)})"), text)
                for under, text in enumerate(points(outcome, house), 1)
            ),
            anchor=f"outcome-{meeting.ordinal}-{letter(place)}",
        )
        for place, outcome in enumerate(outcomes, 1)
    )
    text = heading(meeting, house, has_outcomes=bool(items))
    return Paragraph(numbered, text, items, anchor=f"meeting-{meeting.ordinal}")
