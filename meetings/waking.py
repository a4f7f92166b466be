"""Wake promises: a session has decided, and what waited for it goes on or is dropped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from meetings import history
from meetings.languages import in_any_language
from meetings.models import Decision, Outcome, Session, Settlement, Waking, WorkingGroup
from meetings.settling import By, Settling, settle


class WakingError(Exception):
    """A decision that cannot be recorded as asked; never raised itself.

    `field` is the part of what was said that has to be mended, "" for the whole.
    """

    field = ""


class NothingWaitsError(WakingError):
    """A decision for which no promise is named."""

    def __init__(self) -> None:
        super().__init__("Name at least one promise that waited for this decision.")


class DoesNotWaitError(WakingError):
    """A promise that does not wait for this session, or no longer."""

    def __init__(self, promise: Outcome, session: Session) -> None:
        super().__init__(f"“{promise}” does not wait for {session}. Nothing was recorded.")


class NotYetOpenError(WakingError):
    """A decision on a day before the session opened."""

    field = "on"

    def __init__(self, session: Session) -> None:
        super().__init__(
            f"{session} did not open before {session.opens():%-d %B %Y}; "
            "it cannot have decided earlier."
        )


class NotYetPromisedError(WakingError):
    """A decision before the promise that waits for it was made."""

    field = "on"

    def __init__(self, promise: Outcome) -> None:
        super().__init__(
            f"“{promise}” was made at the meeting of {promise.meeting.last_day:%-d %B %Y}; "
            "a decision before that day cannot be what it waits for."
        )


class NothingDecidedError(WakingError):
    """A decision whose words or source are missing."""

    def __init__(self, field: str) -> None:
        self.field = field
        what = "what was decided" if field == "decided" else "where the decision can be read"
        super().__init__(f"Say {what}.")


class NoReasonError(WakingError):
    """A decision taken back, and nobody says why."""

    field = "reason"

    def __init__(self) -> None:
        super().__init__("Say why.")


@dataclass(slots=True)
class Decided:
    """What a session decided, and what that means for the promises that waited for it."""

    session: Session
    on: date
    decided: dict[str, str]  # by language
    source: str
    wakes: Sequence[Outcome]  # these are open from that day on
    drops: dict[int, str] = field(default_factory=dict)  # of these, by key: dropped, and why


def wake(decided: Decided, *, by: By = None) -> Decision:
    """Record what a session decided and wake the promises that waited for it.

    From that day on they are open, due at the group's next meeting; those in `drops` are dropped at
    once, for the reason given. Raises a WakingError, or the SettlingError of a promise that cannot
    be dropped; then nothing is recorded.
    """
    group = _guard(decided)
    with history.activity("waking.wake", by):
        keys = [promise.pk for promise in decided.wakes]
        locked = Outcome.objects.select_for_update(of=("self",), no_key=True)
        rows = locked.filter(pk__in=keys).select_related("meeting__group")
        promises = list(rows.order_by("meeting__last_day", "position", "pk"))
        for promise in promises:
            _guard_promise(promise, decided)
        decision = Decision(
            group=group, session=decided.session, on=decided.on, decided=decided.decided,
            source=decided.source,
        )  # fmt: skip
        decision.full_clean()
        decision.save()
        for promise in promises:
            waking = Waking(decision=decision, promise=promise)
            waking.full_clean()
            waking.save()
            if promise.pk in decided.drops:
                _drop(promise, decided, by)
    return decision


def _drop(promise: Outcome, decided: Decided, by: By) -> None:
    reason = decided.drops[promise.pk]
    told = in_any_language(decided.decided)[:1000]
    how = Settlement.How.DROPPED
    settle(Settling(promise, how, decided.on, told, decided.source, reason), by=by)


def _guard(decided: Decided) -> WorkingGroup:
    if not decided.wakes:
        raise NothingWaitsError
    if not in_any_language(decided.decided).strip():
        raise NothingDecidedError("decided")
    if not decided.source.strip():
        raise NothingDecidedError("source")
    if decided.on < decided.session.opens():
        raise NotYetOpenError(decided.session)
    group = decided.wakes[0].meeting.group
    for promise in decided.wakes:
        if promise.meeting.group_id != group.pk:
            raise DoesNotWaitError(promise, decided.session)
    return group


def _guard_promise(promise: Outcome, decided: Decided) -> None:
    settled = Settlement.objects.filter(promise=promise).exists()
    woken = Waking.objects.filter(promise=promise).exists()
    if promise.awaits_id != decided.session.pk or not promise.is_promise() or settled or woken:
        raise DoesNotWaitError(promise, decided.session)
    if decided.on < promise.meeting.last_day:
        raise NotYetPromisedError(promise)


def take_back(decision: Decision, reason: str, *, by: By = None) -> None:
    """Take a decision back that was recorded by mistake: what it woke waits again.

    A promise that was dropped with it stays dropped until that settlement is taken back too.
    Raises NoReasonError.
    """
    if not reason.strip():
        raise NoReasonError
    with history.activity("waking.take_back", by, reason):
        decision.delete()
