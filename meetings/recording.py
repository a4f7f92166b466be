"""Record what a meeting decided: its outcomes, and what became of earlier promises."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import ProtectedError

from meetings import history
from meetings.models import (
    WITH_TOPICS,
    Document,
    Kind,
    Meeting,
    Outcome,
    OutcomePoint,
    OutcomeTopic,
    Settlement,
    Topic,
)
from meetings.open_meeting import NotOpenError, locked
from meetings.promises import settles_later
from meetings.settling import Settling, SettlingError, settle


class RecordingError(Exception):
    """A meeting that cannot be recorded as asked; never raised itself."""


class ChangedMeanwhileError(RecordingError):
    """Somebody else saved the meeting's outcomes since they were read."""

    def __str__(self) -> str:
        return (
            "Somebody else changed the outcomes of this meeting while you were writing. Nothing "
            "was saved. What you typed stands below; compare it with what is saved now, then save."
        )


class NeededElsewhereError(RecordingError):
    """An outcome that cannot be removed because a later one goes on from it."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(
            f"“{outcome}” was not removed: a later outcome or a settlement rests on it. "
            "Change that one first."
        )


class NotLaterError(RecordingError):
    """An outcome that would go on from one that is not earlier."""

    def __init__(self, promise: Outcome) -> None:
        super().__init__(f"“{promise}” is not earlier than the outcome that goes on from it.")


class SettlingRefusedError(RecordingError):
    """An earlier promise that cannot be settled as asked."""


class NotRecordedError(RecordingError):
    """Outcomes of a meeting that is closed."""


class NoTopicError(RecordingError):
    """An outcome of a kind that names topics, without one."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"“{Kind(kind).label}” names at least one topic.")


@dataclass(slots=True)
class Draft:
    """An outcome as a form holds it: the row, its topics in order, its sub-items, its documents.

    `documents` that are not given stay as they are.
    """

    outcome: Outcome
    topics: Sequence[Topic] = ()
    points: Sequence[dict[str, str]] = ()
    documents: Sequence[Document] | None = None


def stamp(meeting: Meeting) -> str:
    """Return a mark of what is saved of a meeting now: it changes with every outcome."""
    rows = [
        (
            outcome.pk, outcome.position, outcome.kind, outcome.follows_id, outcome.session_id,
            outcome.awaits_id, outcome.window_from, outcome.window_to, outcome.until, outcome.due,
            outcome.about_future_topics, outcome.condition, outcome.addressee, outcome.action,
            outcome.recalls_group_id, outcome.recalls, outcome.agenda_item_id, outcome.wording,
            outcome.wording_reason,
            [(topic.topic_id, topic.position) for topic in outcome.outcome_topics.all()],
            [point.text for point in outcome.points.all()],
            sorted(document.pk for document in outcome.documents.all()),
        )
        for outcome in meeting.outcomes.order_by("position", "pk").prefetch_related(
            "outcome_topics", "points", "documents"
        )
    ]  # fmt: skip
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:32]


def record_outcomes(
    meeting: Meeting,
    drafts: Sequence[Draft],
    removed: Sequence[Outcome] = (),
    settlings: Sequence[Settling] = (),
    *,
    seen: str,
    by: AbstractBaseUser | AnonymousUser | None = None,
) -> Meeting:
    """Save the outcomes of `meeting` in the order given, and settle earlier promises.

    `seen` is the stamp of what was read before writing. Raises
    NotRecordedError, ChangedMeanwhileError, NeededElsewhereError, NotLaterError, NoTopicError or
    SettlingRefusedError; then nothing is saved.
    """
    with history.activity("recording.record_outcomes", by):
        try:
            standing = locked(meeting)
        except NotOpenError as error:
            raise NotRecordedError(str(error)) from error
        if stamp(standing) != seen:
            raise ChangedMeanwhileError
        for outcome in removed:
            try:
                outcome.delete()
            except ProtectedError as error:
                raise NeededElsewhereError(outcome) from error
        for position, draft in enumerate(drafts, 1):
            _save(standing, position, draft, by)
        for settling in settlings:
            try:
                settle(settling, by=by)
            except SettlingError as error:
                raise SettlingRefusedError(str(error)) from error
    return standing


def _save(
    meeting: Meeting, position: int, draft: Draft, by: AbstractBaseUser | AnonymousUser | None
) -> None:
    outcome = draft.outcome
    outcome.meeting, outcome.position = meeting, position
    if outcome.kind in WITH_TOPICS and not draft.topics:
        raise NoTopicError(outcome.kind)
    if outcome.follows is not None and not settles_later(outcome.follows, outcome):
        raise NotLaterError(outcome.follows)
    before = Outcome.objects.filter(pk=outcome.pk).values_list("wording", flat=True).first()
    if not outcome.wording:
        outcome.wording_by = None
    elif outcome.wording != before and isinstance(by, AbstractBaseUser):
        outcome.wording_by = by  # type: ignore[assignment]  # the project's user is one
    outcome.save()
    _save_topics(outcome, draft.topics)
    _save_points(outcome, draft.points)
    if draft.documents is not None:
        outcome.documents.set(draft.documents)


def _save_topics(outcome: Outcome, topics: Sequence[Topic]) -> None:
    standing = {said.topic_id: said for said in outcome.outcome_topics.all()}
    for position, topic in enumerate(topics, 1):
        said = standing.pop(topic.pk, None) or OutcomeTopic(outcome=outcome, topic=topic)
        if said.pk is None or said.position != position:
            said.position = position
            said.save()
    for said in standing.values():
        said.delete()


def _save_points(outcome: Outcome, points: Sequence[dict[str, str]]) -> None:
    standing = list(outcome.points.order_by("position", "pk"))
    for position, text in enumerate(points, 1):
        point = standing.pop(0) if standing else OutcomePoint(outcome=outcome)
        if point.text != text or point.position != position:
            point.text, point.position = text, position
            point.save()
    for point in standing:
        point.delete()


def goes_on_from(promise: Outcome, meeting: Meeting) -> Draft:
    """Return the outcome by which `meeting` records that a promised launch took place."""
    outcome = Outcome(
        meeting=meeting, kind=Kind.LAUNCHED, follows=promise, window_from=promise.window_from,
        window_to=promise.window_to,
    )  # fmt: skip
    return Draft(outcome, [said.topic for said in promise.outcome_topics.select_related("topic")])


def launches_to_tell(meeting: Meeting) -> list[Outcome]:
    """Return the promised launches that took place by `meeting` and that no outcome tells yet.

    Each was settled as kept by what happened, not by a later outcome.
    """
    if meeting.series != Meeting.Series.OWN:
        return []
    kept = Outcome.objects.filter(
        kind=Kind.WOULD_LAUNCH, meeting__group=meeting.group_id,
        meeting__last_day__lt=meeting.last_day, settlement__how=Settlement.How.KEPT,
        settlement__by_outcome=None, settlement__on__lte=meeting.last_day,
    ).exclude(later_outcomes__kind=Kind.LAUNCHED)  # fmt: skip
    return list(kept.select_related("meeting__group").order_by("meeting__last_day", "position"))
