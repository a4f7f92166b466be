"""Read everything a report is made from, with a number of queries that does not grow."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch

from cwg.report.models import Passage, Reference, Report
from meetings.models import Document as MeetingDocument
from meetings.models import (
    Meeting,
    Officer,
    Outcome,
    OutcomePoint,
    OutcomeTopic,
    Session,
    WorkingGroup,
)
from meetings.promises import StatusRow, status_annex
from meetings.record import AT_HAND


@dataclass(frozen=True, slots=True)
class Record:
    """A report and the part of the record that it tells."""

    report: Report
    group: WorkingGroup
    officers: tuple[Officer, ...]
    sessions: tuple[Session, ...]
    references: tuple[Reference, ...]
    passages: tuple[Passage, ...]
    meetings: tuple[Meeting, ...]
    documents: tuple[MeetingDocument, ...] = ()
    status: tuple[StatusRow, ...] = ()  # what was promised, where the report's type says so


def group_with_names(pk: int) -> WorkingGroup:
    """Return a group with its names and patterns at hand."""
    return WorkingGroup.objects.prefetch_related("names", "patterns").get(pk=pk)


def with_outcomes() -> Prefetch[str]:
    """Return the prefetch that brings everything the sentences of outcomes are made from."""
    return Prefetch(
        "outcomes",
        Outcome.objects.select_related(
            "session",
            "awaits",
            "recalls_group",
            "settlement__at_session",
            "settlement__by_outcome__meeting__group",
        )
        .prefetch_related(
            Prefetch("outcome_topics", OutcomeTopic.objects.select_related("topic")),
            "points",
            "recalls_group__names",
        )
        .order_by("position", "pk"),
    )


def _told_outcomes() -> Prefetch[str]:
    """Return the prefetch of a report's outcomes, what they say at hand in plain lists."""
    return Prefetch(
        "outcomes",
        Outcome.objects.select_related(
            "session", "awaits", "recalls_group", "settlement__at_session"
        )
        .prefetch_related(
            Prefetch(
                "outcome_topics",
                OutcomeTopic.objects.select_related("topic"),
                to_attr=AT_HAND["outcome_topics"],
            ),
            Prefetch("points", OutcomePoint.objects.all(), to_attr=AT_HAND["points"]),
            Prefetch(
                "documents", MeetingDocument.objects.order_by("key"), to_attr=AT_HAND["documents"]
            ),
            "recalls_group__names",
        )
        .order_by("position", "pk"),
    )


def gather(report: Report) -> Record:
    """Return what `report` is made from."""
    return Record(
        report=report,
        group=group_with_names(report.group_id),
        officers=tuple(Officer.objects.filter(group=report.group_id).select_related("country")),
        sessions=tuple(Session.objects.all()),
        references=tuple(
            report.references.select_related("revision__instrument__body").order_by(
                "position", "pk"
            )
        ),
        passages=tuple(report.passages.order_by("position", "pk")),
        meetings=tuple(_meetings(report)),
        documents=tuple(MeetingDocument.objects.filter(group=report.group_id)),
        status=_status(report),
    )


def _status(report: Report) -> tuple[StatusRow, ...]:
    """Return what was promised by the report's date; the ledger speaks English only yet."""
    if report.type is None or not report.type.status_annex or report.language != "en":
        return ()
    return tuple(status_annex(report.group, report.as_of, report.first_day))


def _meetings(report: Report) -> list[Meeting]:
    """Return the meetings that ended in the period, but none that is still to come on its date."""
    ended = (
        Meeting.objects.filter(
            group=report.group_id,
            cancelled_on=None,
            last_day__gte=report.first_day,
            last_day__lte=report.last_day,
        )
        .own_series()
        .order_by("first_day", "ordinal")
        .prefetch_related(_told_outcomes())
    )
    return [
        meeting for meeting in ended if meeting.first_day <= report.as_of or meeting.outcomes.all()
    ]
