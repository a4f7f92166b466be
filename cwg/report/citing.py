"""Which reports cite an instrument, and in which revision; moving one over to another revision."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import QuerySet

from cwg.report.compose import compose
from cwg.report.gather import gather
from cwg.report.models import Passage, Reference, Report
from meetings import history
from meetings.models import Instrument, Revision, WorkingGroup
from meetings.typesetting.tree import Document
from meetings.wording.slots import slot_names


class CitingError(Exception):
    """A citation that cannot be moved over; never raised itself."""


class SameRevisionError(CitingError):
    """A report that cites that revision already."""

    def __init__(self, revision: Revision) -> None:
        super().__init__(f"The report cites {revision} already.")


class OtherInstrumentError(CitingError):
    """A revision of another instrument."""

    def __init__(self, revision: Revision) -> None:
        super().__init__(f"{revision} is a revision of another instrument.")


class CitedBesidesError(CitingError):
    """A report that cites that revision too, in another of its references."""

    def __init__(self, revision: Revision) -> None:
        super().__init__(
            f"The report cites {revision} already, beside the other one. Nothing was changed; "
            "remove the one it is not to cite."
        )


class FinalisedCitationError(CitingError):
    """A citation of a report that was finalised."""

    def __init__(self, reference: Reference) -> None:
        super().__init__(
            f"The report was finalised: it goes on citing {reference.revision}. Nothing was changed. "
            "Where a new edition is to cite another revision, change it among the report’s references."
        )


@dataclass(frozen=True, slots=True)
class Outdated:
    """A draft that cites a revision although a later one stands on its date."""

    reference: Reference
    now: Revision

    @property
    def report(self) -> Report:
        """The draft."""
        return self.reference.report


def citing(instrument: Instrument, groups: QuerySet[WorkingGroup]) -> QuerySet[Reference]:
    """Return where the reports of `groups` cite `instrument`, the latest report first."""
    return (
        Reference.objects.filter(revision__instrument=instrument, report__group__in=groups)
        .select_related(
            "report__group", "report__session", "revision__instrument__body", "revision__adopted_by"
        )
        .prefetch_related("report__group__names")
        .order_by("-report__as_of", "pk")
    )


def passages_naming(instrument: Instrument, groups: QuerySet[WorkingGroup]) -> list[Passage]:
    """Return the passages of the reports of `groups` that name an instrument by a slot."""
    passages = (
        Passage.objects.filter(report__group__in=groups)
        .select_related("report__group", "report__session")
        .prefetch_related("report__group__names")
        .order_by("-report__as_of", "-part", "position", "pk")
    )
    return [
        passage
        for passage in passages.iterator(500)
        if any(
            name.partition(".")[0] == instrument.key
            for text in (passage.text or {}).values()
            for name in slot_names(text)
        )
    ]


def outdated(groups: QuerySet[WorkingGroup], day: date) -> list[Outdated]:
    """Return the drafts of `groups` that cite a revision older than the one standing on `day`.

    A report that was finalised says what it said; it is no draft any more.
    """
    references = (
        Reference.objects.filter(report__group__in=groups, report__document=None)
        .select_related(
            "report__group", "report__session", "revision__instrument__body", "revision__adopted_by"
        )
        .prefetch_related("revision__instrument__revisions__adopted_by", "report__group__names")
        .order_by("report__as_of", "position")
    )
    return list(_outdated(references, day))


def _outdated(references: Iterable[Reference], day: date) -> Iterable[Outdated]:
    for reference in references:
        if now := later(reference, reference.revision.instrument.revision_on(day)):
            yield Outdated(reference, now)


def later(reference: Reference, now: Revision | None) -> Revision | None:
    """Return `now`, the revision in force, where a draft cites an older one; else None."""
    if now is None or reference.report.document_id is not None:
        return None
    return now if now.known_from() > reference.revision.known_from() else None


def moved(reference: Reference, revision: Revision) -> tuple[Document, Document]:
    """Return what the report says, and what it would say if it cited `revision` instead."""
    record = gather(reference.report)
    instead = tuple(
        Reference(pk=each.pk, report_id=each.report_id, revision=revision, position=each.position)
        if each.pk == reference.pk
        else each
        for each in record.references
    )
    after = compose(replace(record, references=instead))
    return compose(record).document, after.document


def guard(reference: Reference, revision: Revision) -> None:
    """Raise the CitingError for which a report cannot cite `revision` instead, where there is one."""
    if revision.instrument_id != reference.revision.instrument_id:
        raise OtherInstrumentError(revision)
    if reference.report.document_id is not None:
        raise FinalisedCitationError(reference)
    if revision.pk == reference.revision_id:
        raise SameRevisionError(revision)
    if Reference.objects.filter(report=reference.report_id, revision=revision).exists():
        raise CitedBesidesError(revision)


def move(reference: Reference, revision: Revision, *, by: Any) -> Reference:
    """Let a report cite `revision` instead.

    Raises OtherInstrumentError, FinalisedCitationError, SameRevisionError and CitedBesidesError.
    """
    with history.activity("citing.move", by):
        reference.report.locked()
        reference.refresh_from_db()  # another may have finalised or moved it while this one was read
        guard(reference, revision)
        reference.revision = revision
        reference.full_clean()
        reference.save()
    return reference
