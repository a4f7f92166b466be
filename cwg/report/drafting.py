"""Begin a report: its cover rows and passages from its type, its instruments from what they cite."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cwg.report.models import Passage, PassageText, Reference, Report
from meetings import history
from meetings.models import Instrument, Revision
from meetings.wording.slots import slot_names

CARRIED = ("part", "position", "shape", "key", "label", "text")


class NoTypeError(Exception):
    """A report without a type has nothing to begin with."""

    def __str__(self) -> str:
        return "Choose the form of the report: its cover rows and passages come from there."


def begin(report: Report, *, by: Any = None) -> Report:
    """Save a new `report` with the cover rows and passages of its type.

    Each instrument that a passage names by slot is cited in the revision in force on the report's
    date. Raises NoTypeError.
    """
    if report.type is None:
        raise NoTypeError
    with history.activity("drafting.begin", by):
        report.save()
        passages = [
            Passage(report=report, **{name: getattr(row, name) for name in CARRIED})
            for row in report.type.passages.order_by("position", "pk")
        ]
        for passage in passages:
            passage.save()
        for position, revision in enumerate(_cited(passages, report), 1):
            Reference.objects.create(report=report, revision=revision, position=position)
    return report


def _cited(passages: list[Passage], report: Report) -> Iterator[Revision]:
    """Yield the revision in force of each instrument that the passages name, in their order."""
    named = dict.fromkeys(name.partition(".")[0] for name in _names(passages))
    standing = Instrument.objects.filter(key__in=named).prefetch_related("revisions__adopted_by")
    instruments = {instrument.key: instrument for instrument in standing}
    for key in named:
        revision = instruments[key].revision_on(report.as_of) if key in instruments else None
        if revision is not None:
            yield revision


def _names(passages: list[Passage]) -> Iterator[str]:
    text_of: list[PassageText] = list(passages)
    for passage in text_of:
        for text in (passage.text or {}).values():
            yield from slot_names(text)
