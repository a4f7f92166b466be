"""The public text of a contribution, and which outcomes are about a round."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultations import outcomes, reading
from consultations.models import Consultation
from consultations.outcomes import Stage
from consultations.reading import REDACTED, Piece, pieces, public_text
from meetings.models import Settlement, WorkingGroup
from tests.consultations.making import make_contribution, make_round

AT, DAY = datetime(2026, 2, 1, tzinfo=UTC), date(2026, 2, 1)


@pytest.mark.parametrize(
    ("text", "passages", "read"),
    [
        ("", [], ""),
        ("as it was", [], "as it was"),
        ("as it was", ["it"], f"as {REDACTED} was"),
        ("555 and 555", ["555"], f"{REDACTED} and {REDACTED}"),
        ("abcdef", ["abc", "cde"], f"{REDACTED}f"),
        ("aaa", ["aa"], REDACTED),
        ("as it was", ["not there", ""], "as it was"),
    ],
)
def test_a_redacted_passage_becomes_a_mark(text: str, passages: list[str], read: str) -> None:
    assert public_text(text, passages) == read


@given(st.text("ab ", max_size=30), st.lists(st.text("ab", min_size=1, max_size=3), max_size=3))
def test_nothing_of_a_passage_is_left_and_all_else_is(text: str, passages: list[str]) -> None:
    found = pieces(text, passages)
    left = [piece.text for piece in found if not piece.redacted]
    assert not any(passage in words for passage in passages for words in left)
    # what is left stands in the text, in its order
    at = 0
    for words in left:
        at = text.index(words, at) + len(words)
    if not any(passage in text for passage in passages):
        assert found == ((Piece(text),) if text else ())


def demo_rounds(group: WorkingGroup) -> list[Consultation]:
    rounds = Consultation.objects.filter(
        group=group, key__in=("2024-02", "2024-10", "2025-02")
    ).select_related("group", "meeting")
    return list(rounds.prefetch_related("consultation_topics", "extensions").order_by("key"))


def told(rounds: list[Consultation], day: date) -> list[list[str]]:
    about = outcomes.about(rounds, day)
    return [
        [f"{said.meeting.ordinal} {said.kind}" for said in about.get(each.pk, [])]
        for each in rounds
    ]


def test_the_outcomes_about_a_round_are_those_decided_by_the_day(group: WorkingGroup) -> None:
    rounds = demo_rounds(group)
    assert told(rounds, DAY) == [
        ["19 launched", "20 summary"],
        ["19 would_launch", "20 launched", "21 summary"],
        ["21 would_launch", "22 summary"],
    ]
    assert told(rounds, date(2024, 12, 1)) == [
        ["19 launched", "20 summary"], ["19 would_launch", "20 launched"], [],
    ]  # fmt: skip


def test_a_round_is_reported_once_its_summary_was_submitted(group: WorkingGroup) -> None:
    rounds = demo_rounds(group)
    about = outcomes.about(rounds, DAY)
    stages = [outcomes.stage(each, about[each.pk], AT, DAY) for each in rounds]
    kept = {
        key: Settlement.objects.filter(promise=outcomes.summary_of(said), how="kept").exists()
        for key, said in about.items()
    }
    assert stages == [
        Stage.REPORTED if kept[each.pk] else Stage.TO_BE_SUMMARIZED
        if each.closed_from or each.record_incomplete else None
        for each in rounds
    ]  # fmt: skip
    assert stages[0] == Stage.REPORTED


def test_nothing_has_become_of_a_round_that_is_open(group: WorkingGroup) -> None:
    made = demo_rounds(group)[0]
    made.closes_month = date(2099, 1, 1)
    made.save()
    about = outcomes.about([made], DAY)
    assert outcomes.stage(made, about[made.pk], AT, DAY) is None


@pytest.mark.django_db
def test_a_list_shows_of_each_contribution_what_stands_beside_it() -> None:
    held = make_round()
    consent: Any = {"publish_name": True, "publish_organisation": True}
    first = make_contribution(held, "published", organisations=["Second"], answers={}, **consent)
    first.organisations.create(name="First", position=0)
    make_contribution(held, "published", organisations=[], answers={2: "x", 1: "y"}, **consent)
    make_contribution(held, "published", organisations=["Hidden"], answers={3: "z"})
    make_contribution(held, "published", organisations=["Left out"])
    asked = {each.position: each.pk for each in held.questions.all()}
    rows = reading.rows_for_a_list(held.contributions.all()).filter(number__lt=4)
    assert [
        (each.number, each.sender.in_short, each.answered) for each in reading.for_a_list(rows, {})
    ] == [
        (3, "Name not published", frozenset({asked[3]})),
        (2, "Example Person", frozenset({asked[1], asked[2]})),
        (1, "First; Second", frozenset()),
    ]
    assert reading.for_a_list(rows.filter(number__lt=0), {}) == []
