"""Begin a report: its cover rows and passages from its type, its instruments from what they cite."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cwg.report.models import Passage, PassageText, Reference, Report
from meetings import history
from meetings.models import Instrument, Revision, Session
from meetings.wording.slots import SLOT, slot_names

CARRIED = ("part", "position", "shape", "key", "chairs_own", "label", "text")
YEAR = re.compile(r"\b(?:19|20)[0-9]{2}\b")


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


def go_on(report: Report, after: Report, *, by: Any = None) -> Report:
    """Save a new `report` that goes on from `after`: its passages, cover and instruments carried over.

    Each instrument is cited in the revision in force on the new report's date. What must be looked
    at again is found by `to_look_at`.
    """
    report.group, report.type, report.language = after.group, after.type, after.language
    report.original_language, report.goes_on_from = after.original_language, after
    with history.activity("drafting.go_on", by):
        report.full_clean(exclude=["document"])
        report.save()
        for row in after.passages.order_by("position", "pk"):
            Passage(report=report, **{name: getattr(row, name) for name in CARRIED}).save()
        cited = after.references.select_related("revision__instrument").prefetch_related(
            "revision__instrument__revisions__adopted_by"
        )
        for reference in cited.order_by("position", "pk"):
            now = reference.revision.instrument.revision_on(report.as_of)
            Reference.objects.create(
                report=report, revision=now or reference.revision, position=reference.position
            )
    return report


@dataclass(frozen=True, slots=True)
class LookAgain:
    """Something carried over that may hold no more."""

    what: str
    model: str
    key: str
    field: str


def to_look_at(report: Report) -> list[LookAgain]:
    """Return what was carried over from the report before and must be looked at again.

    That are passages taken over word for word that name a year or a session in plain words, and
    cover rows taken over as they were.
    """
    if report.goes_on_from is None:
        return []
    before = {(row.part, row.shape, str(row.text)) for row in report.goes_on_from.passages.all()}
    names = [name for row in Session.objects.all() for name in (row.label or {}).values()]
    found = []
    for row in report.passages.order_by("-part", "position", "pk"):
        if (row.part, row.shape, str(row.text)) not in before:
            continue
        for text in (row.text or {}).values():
            plain = SLOT.sub("", text)
            named = YEAR.search(plain) or next((True for name in names if name in plain), None)
            if named:
                what = f"“{row}” names a year or a session in plain words, as the report before did"
                found.append(LookAgain(what, "report.passage", str(row.pk), "text"))
                break
    return found
