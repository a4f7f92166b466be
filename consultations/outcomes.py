"""Which outcomes and which consultations are about one round of open consultation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from consultations.models import Consultation
from consultations.models.consultation import State
from meetings.models import Kind, Meeting, Outcome, Settlement
from meetings.record import at_hand, settled_facts

ABOUT_ROUNDS = frozenset({Kind.LAUNCHED, Kind.WOULD_LAUNCH, Kind.SUMMARY})

type Topics = frozenset[int]


class Stage(StrEnum):
    """What became of a round after it closed, as outcomes and meetings tell."""

    DISCUSSED = "discussed"
    TO_BE_SUMMARIZED = "to be summarized"
    REPORTED = "reported"

    @property
    def label(self) -> str:
        """Return the stage in words."""
        return str(self.value).capitalize()


@dataclass(slots=True)
class Round:
    """What the record holds of one round, in the order in which it was decided."""

    topics: Topics
    outcomes: list[Outcome] = field(default_factory=list)
    consultations: list[Consultation] = field(default_factory=list)

    def launched(self) -> bool:
        """Say whether an outcome of it says that it was launched."""
        return any(outcome.kind == Kind.LAUNCHED for outcome in self.outcomes)


def topics_of(outcome: Outcome) -> Topics:
    """Return the topics an outcome is about, from what was read with it."""
    return frozenset(said.topic_id for said in at_hand(outcome, "outcome_topics"))


def rounds(outcomes: Sequence[Outcome], consultations: Iterable[Consultation]) -> list[Round]:
    """Return the rounds of a group; `outcomes` stand in the order in which they were decided.

    An outcome joins the round of the one it follows or settles. Where it names
    none, a launch joins the latest promise of a launch on the same topics that
    nothing has launched, and a summary the latest launch on them.
    """
    found: list[Round] = []
    by_outcome: dict[int, Round] = {}
    by_topics: dict[Topics, list[Round]] = defaultdict(list)
    settles = {
        outcome.settlement.by_outcome_id: outcome.pk
        for outcome in outcomes
        if getattr(outcome, "settlement", None) is not None
    }
    for outcome in outcomes:
        if outcome.kind not in ABOUT_ROUNDS:
            continue
        topics = topics_of(outcome)
        linked = by_outcome.get(outcome.follows_id or 0) or by_outcome.get(
            settles.get(outcome.pk, 0)
        )
        joined = linked or _unnamed(outcome, by_topics[topics])
        if joined is None:
            joined = Round(topics)
            found.append(joined)
            by_topics[topics].append(joined)
        joined.outcomes.append(outcome)
        by_outcome[outcome.pk] = joined
    for consultation in consultations:
        held = by_outcome.get(consultation.decided_by_id or 0)
        if held is None:
            about = frozenset(said.topic_id for said in consultation.consultation_topics.all())
            same = by_topics.get(about, []) if about else []
            held = same[0] if len(same) == 1 else None
        if held is not None:
            held.consultations.append(consultation)
    return found


def _unnamed(outcome: Outcome, same: list[Round]) -> Round | None:
    """Return the round that an outcome without a link goes on from: the latest of `same`."""
    if not same or not same[-1].topics:
        return None
    latest = same[-1]
    if outcome.kind == Kind.LAUNCHED:
        return None if latest.launched() else latest
    return latest if outcome.kind == Kind.SUMMARY else None


def about(consultations: Sequence[Consultation], day: date) -> dict[int, list[Outcome]]:
    """Return the outcomes about each of the rounds of one group, by key, as decided by `day`.

    The number of queries is fixed. The topics of the rounds were read with them.
    """
    if not consultations:
        return {}
    decided = (
        Outcome.objects.public()
        .filter(
            kind__in=ABOUT_ROUNDS,
            meeting__group=consultations[0].group_id,
            meeting__series=Meeting.Series.OWN,
            meeting__last_day__lte=day,
        )
        .select_related(
            "meeting__group", "session", "awaits", "settlement__at_session",
            "settlement__by_outcome__meeting",
        )
        .prefetch_related("outcome_topics__topic", "meeting__outcomes")
        .order_by("meeting__last_day", "meeting__ordinal", "position", "pk")
    )  # fmt: skip
    return {
        consultation.pk: found.outcomes
        for found in rounds(list(decided), consultations)
        for consultation in found.consultations
    }


def summary_of(outcomes: Iterable[Outcome]) -> Outcome | None:
    """Return the last outcome that promises the summary of a round, among those about it."""
    return next((each for each in reversed([*outcomes]) if each.kind == Kind.SUMMARY), None)


def stage(
    consultation: Consultation, outcomes: Iterable[Outcome], at: datetime, day: date
) -> Stage | None:
    """Return what became of a round by `day`; None while it is open, or nothing is told of it.

    Reported: the summary that was promised to a session was submitted. To be summarized: the
    Group promised it. Discussed: the open consultation meeting on it was held.
    """
    if consultation.state(at) not in {State.CLOSED, State.DECIDED}:
        return None
    summary = summary_of(outcomes)
    if summary is not None:
        settled = settled_facts(getattr(summary, "settlement", None))
        kept = settled is not None and settled.how == Settlement.How.KEPT and settled.by <= day
        return Stage.REPORTED if kept else Stage.TO_BE_SUMMARIZED
    held = consultation.meeting
    if held is not None and held.last_day < day and held.cancelled_on is None:
        return Stage.DISCUSSED
    return None
