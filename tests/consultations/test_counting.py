"""The numbers add up: whatever happened, in whatever order, counted by the test itself."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consultations import counting, standing
from consultations.counting import Facet, Tally
from consultations.models import RECEIVED, Consultation, Contribution, Standing
from meetings.models import MemberState
from tests.consultations.making import MEANWHILE, make_contribution, make_round

# merging names another contribution, and is tested by itself
STEPS = [each for each in Standing if each not in (Standing.DRAFT, Standing.MERGED)]


@pytest.fixture
def held(db: None) -> Consultation:
    return make_round()


def move(contribution: Contribution, to: str) -> Contribution:
    return standing.move(standing.locked(contribution), to, "test.move", at=MEANWHILE)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 3), st.sampled_from(STEPS), st.sets(st.integers(1, 3), max_size=3)
        ),
        max_size=25,
    )
)
@pytest.mark.django_db
def test_on_random_histories_every_number_is_what_the_test_counts(
    held: Consultation, history: list[tuple[int, Standing, set[int]]]
) -> None:
    start = counting.tally(held)
    assert start.received == Contribution.objects.filter(consultation=held).received().count()
    states = ["AT", "BE", "CH", "DE"]
    mine = [
        make_contribution(
            held, Standing.DRAFT, country=MemberState.objects.get(iso=iso), publish_country=True,
            answers=dict.fromkeys(range(1, 2 + place % 3), "Words."),
        )
        for place, iso in enumerate(states)
    ]  # fmt: skip
    own = dict.fromkeys(range(4), Standing.DRAFT)
    for place, to, _ in history:
        if to in standing.WAYS[own[place]]:
            mine[place] = move(mine[place], to)
            own[place] = to
        else:
            with pytest.raises(standing.NoWayError):
                move(mine[place], to)
    counted = Counter(own.values())
    after = counting.tally(held)
    assert {each: getattr(after, each) - getattr(start, each) for each in RECEIVED} == {
        each: counted[each] for each in RECEIVED
    }
    assert after.received - start.received == sum(counted[each] for each in RECEIVED)
    assert after.unconfirmed - start.unconfirmed == counted[Standing.SENT]
    assert counting.kept(held) == counting.recount(held)


def test_a_tally_adds_up_and_leaves_the_unconfirmed_out() -> None:
    assert Tally(1, 2, 3, 4, 5, 6, unconfirmed=100).received == 21


def test_facets_are_counted_for_published_ones_alone_in_pairs_too(held: Consultation) -> None:
    swiss = MemberState.objects.get(iso="CH")
    make_contribution(held, Standing.PUBLISHED, country=swiss, publish_country=True)
    make_contribution(held, Standing.PUBLISHED, country=swiss, answers={1: "A", 2: "B"})
    make_contribution(held, Standing.AWAITING, country=swiss, publish_country=True)
    first = str(held.questions.get(position=1).pk)
    second = str(held.questions.get(position=2).pk)
    assert counting.published_by(held)[Facet.COUNTRY] == {"CH": 1}
    assert counting.published_by(held)[Facet.QUESTION] == {first: 2, second: 1}
    assert counting.published_by(held)[Facet.GROUP] == {"civil_society": 2}
    assert counting.published_with(held, {}) == 2
    assert counting.published_with(held, {Facet.QUESTION: first, Facet.COUNTRY: "CH"}) == 1
    assert counting.published_with(held, {Facet.COUNTRY: "CH", Facet.QUESTION: second}) == 0
    three = {Facet.QUESTION: first, Facet.COUNTRY: "CH", Facet.LANGUAGE: "en"}
    assert counting.published_with(held, three) is None


def test_the_number_is_given_on_receiving_and_never_again(held: Consultation) -> None:
    draft = make_contribution(held, Standing.SENT)
    first = make_contribution(held)
    second = make_contribution(held)
    assert (first.reference, second.reference) == ("EG/OC-2026-03/1", "EG/OC-2026-03/2")
    move(second, Standing.WITHDRAWN)
    third = move(draft, Standing.AWAITING)
    assert third.reference == "EG/OC-2026-03/3"
    assert move(third, Standing.PUBLISHED).reference == "EG/OC-2026-03/3"


def test_a_move_that_is_rolled_back_counts_nothing(held: Consultation) -> None:
    made = make_contribution(held)
    with pytest.raises(standing.NoWayError, match=r"EG/OC-2026-03/1 stands as “Awaiting"):
        move(made, Standing.SENT)
    assert counting.tally(held) == Tally(awaiting=1)
    assert [each.after for each in made.events.all()] == ["sent", "awaiting"]
