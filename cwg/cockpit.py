"""The secretariat's home: what stands next, each one act from where it is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet

from cwg.report.models import Report
from meetings import record as facts_of
from meetings.models import Meeting, Outcome, WorkingGroup
from meetings.promises import State, due_day, open_on
from meetings.typesetting.tree import plain
from meetings.wording import dates
from meetings.wording.facts import House, Viewpoint
from meetings.wording.messages import messages
from meetings.wording.patterns import PatternError
from meetings.wording.sentences import sentence
from meetings.wording.slots import SlotError

MOST_ROWS = 10


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """An open promise as the cockpit shows it."""

    promise: Outcome
    state: State
    what: str
    due: str


@dataclass(frozen=True, slots=True)
class Cockpit:
    """What the secretariat's home shows."""

    meetings: list[Meeting]
    promises: list[PromiseRow]
    reports: list[Report]


def cockpit(day: date, groups: QuerySet[WorkingGroup]) -> Cockpit:
    """Return what stands next in `groups` on `day`, with a number of queries that does not grow."""
    groups = groups.filter(record_kept_here=True).prefetch_related("names", "patterns")
    houses = {group.pk: facts_of.house(group, day, "en") for group in groups}
    latest = (
        Meeting.objects.filter(group__in=groups).select_related("group").prefetch_related("group__names")
        .annotate(outcome_count=Count("outcomes")).order_by("-first_day")
    )  # fmt: skip
    reports = Report.objects.filter(group__in=groups).select_related("group", "session")
    return Cockpit(
        meetings=list(latest[:MOST_ROWS]),
        promises=[
            PromiseRow(promise, state, _said(promise, day, houses[promise.meeting.group_id]), _due(promise))
            for promise, state in open_on(day, groups)
            if promise.meeting.group_id in houses
        ],
        reports=list(reports.prefetch_related("group__names").order_by("-as_of")[:MOST_ROWS]),
    )  # fmt: skip


def _said(promise: Outcome, day: date, house: House) -> str:
    facts = facts_of.outcome_facts(promise, house.language, day, points=())
    try:
        return plain(sentence(facts, Viewpoint(day), house))
    except (SlotError, PatternError):
        return str(promise)


def _due(promise: Outcome) -> str:
    if promise.awaits:
        return f"waits for {promise.awaits}"
    if promise.session:
        return str(promise.session)
    due = due_day(promise)
    return dates.day(messages("en"), due) if due else ""
