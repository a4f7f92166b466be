"""The paragraphs of a summary in the order in which they are printed, and their numbers."""

from __future__ import annotations

from collections.abc import Iterable

from consultations.models import Summary, SummaryParagraph
from consultations.summary.figures import asked


def in_order(
    summary: Summary, rows: Iterable[SummaryParagraph] | None = None
) -> list[SummaryParagraph]:
    """Return the paragraphs of a summary as they are printed: those of no question stand first."""
    places = {question.pk: place for place, (_, question) in enumerate(asked(summary.consultation))}
    found = summary.paragraphs.select_related("question") if rows is None else rows
    return sorted(
        found, key=lambda each: (places.get(each.question_id or 0, -1), each.position, each.pk)
    )


def numbers(paragraphs: Iterable[SummaryParagraph]) -> dict[int, int]:
    """Return the number of each paragraph as it is printed, by key; headings have none."""
    counted = (each for each in paragraphs if not each.heading)
    return {each.pk: place for place, each in enumerate(counted, 1)}
