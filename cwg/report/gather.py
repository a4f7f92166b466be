"""Read everything a report is made from, with a number of queries that does not grow."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch

from cwg.report.models import Passage, Reference, Report
from meetings.models import (
    Meeting,
    Officer,
    Outcome,
    OutcomeTopic,
    Session,
    WorkingGroup,
)


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
        meetings=tuple(
            Meeting.objects.filter(group=report.group_id)
            .own_series()
            .held_between(report.first_day, report.last_day)
            .order_by("first_day", "ordinal")
            .prefetch_related(with_outcomes())
        ),
    )
