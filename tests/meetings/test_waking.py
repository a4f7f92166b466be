"""A session has decided: what waited for it is woken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from auditlog.models import LogEntry
from django.core.exceptions import ValidationError

from cwg.accounts.models import User
from meetings import waking
from meetings.models import Decision, Meeting, Outcome, Session, Settlement, Waking, WorkingGroup
from meetings.promises import State, standing, state
from meetings.settling import Settling, settle
from meetings.waking import Decided, WakingError, take_back, wake

ON = date(2026, 11, 20)
WORDS = "PP-26 continued open consultations."


def deferred() -> Outcome:
    return Outcome.objects.select_related("meeting__group").get(kind="deferred")


def another() -> Outcome:
    """Return a second promise that waits for the same session."""
    return Outcome.objects.create(
        meeting=deferred().meeting, position=3, kind="deferred", until="session",
        awaits=deferred().awaits, action={"en": "the matter of youth"},
    )  # fmt: skip


def decided(*promises: Outcome, **drops: str) -> Decided:
    pp = Session.objects.get(key="pp-26")
    return Decided(pp, ON, {"en": WORDS}, "PP-26 Document 200", promises or (deferred(),))


def test_what_waited_is_open_from_that_day_and_due_at_the_next_meeting(group: WorkingGroup) -> None:
    decision = wake(decided())
    assert (decision.group, decision.on, decision.decided) == (group, ON, {"en": WORDS})
    assert [woken.promise for woken in decision.wakings.all()] == [deferred()]
    assert state(deferred(), date(2026, 11, 19)) == State.WAITING
    assert (state(deferred(), ON), standing(deferred(), ON).due) == (State.OPEN, None)
    held = Meeting.objects.create(
        group=group, ordinal=24, first_day=date(2027, 2, 1), last_day=date(2027, 2, 2)
    )
    assert standing(deferred(), ON).due == held.last_day
    assert state(deferred(), date(2027, 2, 2)) == State.OPEN
    assert state(deferred(), date(2027, 2, 3)) == State.LATE


def test_one_act_wakes_one_and_drops_the_other(group: WorkingGroup) -> None:
    goes_on, ends = deferred(), another()
    wake(replace(decided(goes_on, ends), drops={ends.pk: "Youth is left to another group"}))
    assert (state(goes_on, ON), state(ends, ON)) == (State.OPEN, State.DROPPED)
    dropped = Settlement.objects.get(promise=ends)
    assert (dropped.on, dropped.fact, dropped.source, dropped.reason) == (
        ON, WORDS, "PP-26 Document 200", "Youth is left to another group",
    )  # fmt: skip


def settled() -> Outcome:
    promise = deferred()
    settle(Settling(promise, "dropped", ON, fact="So.", source="A page", reason="So"))
    return promise


def woken() -> Outcome:
    wake(decided())
    return deferred()


def of_others() -> Outcome:
    group = WorkingGroup.objects.create(slug="wg-example")
    held = Meeting.objects.create(group=group, ordinal=1, first_day=ON, last_day=ON)
    return Outcome.objects.create(
        meeting=held, kind="deferred", until="session", awaits=deferred().awaits
    )


def made_later() -> Outcome:
    held = Meeting.objects.create(
        group=deferred().meeting.group, ordinal=24, first_day=date(2026, 11, 21),
        last_day=date(2026, 11, 21),
    )  # fmt: skip
    return Outcome.objects.create(
        meeting=held, kind="deferred", until="session", awaits=deferred().awaits
    )


DOES_NOT_WAIT = "“23 b) Matter deferred” does not wait for PP-26. Nothing was recorded."
REFUSED: list[tuple[Callable[[], Decided], type[WakingError], str, str]] = [
    (lambda: replace(decided(), wakes=()), waking.NothingWaitsError, "",
     "Name at least one promise that waited for this decision."),
    (lambda: decided(Outcome.objects.get(kind="request")), waking.DoesNotWaitError, "",
     "“23 a) Request” does not wait for PP-26. Nothing was recorded."),
    (lambda: decided(settled()), waking.DoesNotWaitError, "", DOES_NOT_WAIT),
    (lambda: decided(woken()), waking.DoesNotWaitError, "", DOES_NOT_WAIT),
    (lambda: decided(deferred(), of_others()), waking.DoesNotWaitError, "",
     "“1 a) Matter deferred” does not wait for PP-26. Nothing was recorded."),
    (lambda: replace(decided(), on=date(2026, 11, 8)), waking.NotYetOpenError, "on",
     "PP-26 did not open before 9 November 2026; it cannot have decided earlier."),
    (lambda: decided(made_later()), waking.NotYetPromisedError, "on",
     "“24 a) Matter deferred” was made at the meeting of 21 November 2026; a decision before that "
     "day cannot be what it waits for."),
    (lambda: replace(decided(), decided={"en": " "}), waking.NothingDecidedError, "decided",
     "Say what was decided."),
    (lambda: replace(decided(), source=""), waking.NothingDecidedError, "source",
     "Say where the decision can be read."),
]  # fmt: skip


@pytest.mark.parametrize(("said", "error", "field", "sentence"), REFUSED)
def test_what_is_refused_says_why_and_records_nothing(
    group: WorkingGroup,
    said: Callable[[], Decided],
    error: type[WakingError],
    field: str,
    sentence: str,
) -> None:
    asked = said()
    before = (Decision.objects.count(), Waking.objects.count(), Settlement.objects.count())
    with pytest.raises(error) as refused:
        wake(asked)
    assert (str(refused.value), refused.value.field) == (sentence, field)
    after = (Decision.objects.count(), Waking.objects.count(), Settlement.objects.count())
    assert after == before


def test_what_cannot_be_dropped_wakes_nothing(group: WorkingGroup) -> None:
    """The decision, what it wakes and what it drops are recorded together or not at all."""
    promise = deferred()
    with pytest.raises(Exception, match=r"^Say why\.$"):
        wake(replace(decided(), drops={promise.pk: ""}))
    with pytest.raises(ValidationError):
        wake(replace(decided(), source="A\u0007page"))
    assert not Decision.objects.exists()
    assert state(promise, ON) == State.WAITING


def test_a_decision_taken_back_lets_it_wait_again(group: WorkingGroup) -> None:
    decision = wake(decided())
    with pytest.raises(waking.NoReasonError):
        take_back(decision, " ")
    take_back(decision, "It was another conference")
    assert state(deferred(), ON) == State.WAITING
    assert not Waking.objects.exists()


def test_history_keeps_who_and_why(group: WorkingGroup, secretary: User) -> None:
    decision = wake(decided(), by=secretary)
    entry = LogEntry.objects.get_for_object(decision).get()
    assert (entry.additional_data, entry.actor_email) == (
        {"activity": "waking.wake", "reason": ""}, secretary.email,
    )  # fmt: skip
    take_back(decision, "A slip", by=secretary)
    entry = LogEntry.objects.get_for_model(Decision).latest("pk")
    assert entry.additional_data == {"activity": "waking.take_back", "reason": "A slip"}
