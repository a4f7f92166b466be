"""What a promise came to, by day."""

from __future__ import annotations

from datetime import date

import pytest

from meetings.models import Outcome, Settlement, WorkingGroup
from meetings.promises import State, due_day, open_on, settles_later, state


def outcome(meeting: int, position: int) -> Outcome:
    return Outcome.objects.get(meeting__series="own", meeting__ordinal=meeting, position=position)


BY_DAY = [
    ((19, 2), date(2024, 10, 3), State.OPEN),  # settled on 4 October 2024
    ((19, 2), date(2024, 10, 4), State.KEPT),
    ((20, 2), date(2025, 6, 26), State.OPEN),  # settled at a session that ends on 27 June 2025
    ((20, 2), date(2025, 6, 27), State.KEPT),
    ((21, 1), date(2025, 2, 28), State.OPEN),  # to be launched in February 2025, never settled
    ((21, 1), date(2025, 3, 1), State.LATE),
    ((22, 1), date(2026, 5, 8), State.OPEN),  # for a session that ends on 8 May 2026
    ((22, 1), date(2026, 5, 9), State.LATE),
    ((23, 1), date(2030, 1, 1), State.OPEN),  # a request without a day
    ((23, 2), date(2030, 1, 1), State.WAITING),
]


@pytest.mark.parametrize(("which", "day", "said"), BY_DAY)
def test_the_state_of_a_promise(
    group: WorkingGroup, which: tuple[int, int], day: date, said: State
) -> None:
    assert state(outcome(*which), day) == said


@pytest.mark.parametrize("how", ["replaced", "dropped"])
def test_a_promise_that_was_not_kept(group: WorkingGroup, how: str) -> None:
    promise, day = outcome(21, 1), date(2025, 9, 15)
    Settlement.objects.create(
        promise=promise, how=how, on=day, fact="So.", source="A page", reason="Too late"
    )
    assert state(promise, day) == how
    assert state(promise, date(2025, 9, 14)) == State.LATE


def test_december_is_due_in_december() -> None:
    promise = Outcome(kind="would_launch", window_from=date(2024, 12, 1))
    assert due_day(promise) == date(2024, 12, 31)


def test_an_earlier_outcome_settles_nothing(group: WorkingGroup) -> None:
    assert settles_later(outcome(19, 2), outcome(20, 1))
    assert not settles_later(outcome(20, 1), outcome(19, 2))
    assert not settles_later(outcome(19, 2), outcome(19, 2))
    assert not settles_later(None, outcome(19, 2))


def test_open_promises_of_a_day(group: WorkingGroup) -> None:
    def told(day: date) -> list[tuple[int, int, State]]:
        groups = WorkingGroup.objects.filter(pk=group.pk)
        return [(made.meeting.ordinal, made.position, now) for made, now in open_on(day, groups)]

    assert told(date(2024, 1, 31)) == []
    assert told(date(2024, 10, 3)) == [(19, 2, State.OPEN)]
    assert told(date(2026, 1, 20)) == [
        (21, 1, State.LATE),
        (22, 1, State.OPEN),
        (23, 1, State.OPEN),
        (23, 2, State.WAITING),
    ]
