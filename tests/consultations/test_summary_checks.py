"""What the checks find in a summary: each rule on words that break it, and on words that do not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from consultations.models import Answer, Standing
from consultations.summary import checks, coverage, writing
from consultations.summary.checks import Finding
from meetings.severity import Severity
from tests.consultations.making import make_contribution
from tests.consultations.summarizing import AT, LATER, Desk, make_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    """A round with two published contributions: one in English, one in French."""
    made = make_desk()
    made.contribution(answers={1: "We ask for “more languages” and fewer forms."})
    made.contribution(answers={1: "Plus de langues."}, language="fr")
    return made


def found(desk: Desk) -> list[tuple[str, str, str]]:
    return [(each.rule, str(each.severity), each.place) for each in checks.check(desk.summary)]


def at_words(each: Finding) -> str:
    assert each.paragraph is not None
    return str(each.paragraph.text[each.start : each.end])


SAID = [
    ("They ask for fewer forms [1].", [], ""),
    ("They ask for “fewer forms” [1, 2].", [], ""),
    ("“Example question 1?” was asked first; they answer it [1].", [], ""),
    ("{{ received }} came, from {{ groups }} groups.", [], ""),
    ("They ask for fewer forms.", [("cites-none", "warning")], "They ask for fewer forms."),
    ("They ask for it [1]. All agree.", [("cites-none", "warning")], "All agree."),
    ("They ask for it [1]. (All agree, e.g. here.) [2]", [], ""),
    ("They ask for it [1, 7].", [("unknown-number", "blocker")], "[1, 7]"),
    ("They ask for it [1-3].", [("unknown-number", "blocker")], "[1-3]"),
    ("They ask for “no forms” [1].", [("quotation-not-found", "blocker")], "no forms"),
    ("They ask for “more tongues” [2].", [("quotation-not-found", "warning")], "more tongues"),
    ("They ask for “no forms” [1, 2].", [("quotation-not-found", "warning")], "no forms"),
    ("2 contributions were received [1].", [("typed-figure", "note")],
     "2 contributions were received"),
    ("14 contributions ask for it [1, 2].", [("figure-disagrees", "warning")], "14 contributions"),
    ("From 3 countries they ask for it [1].", [("figure-disagrees", "warning")], "3 countries"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "rules", "words"), SAID, ids=[each[0] for each in SAID])
def test_each_rule_finds_its_words_and_no_others(
    desk: Desk, text: str, rules: list[tuple[str, str]], words: str
) -> None:
    desk.write(text, 1)
    said = checks.check(desk.summary)
    assert [(each.rule, str(each.severity)) for each in said] == rules
    assert [at_words(each) for each in said] == ([words] if words else [])


def test_a_heading_states_nothing(desk: Desk) -> None:
    desk.write("What they ask for", 1, heading=True)
    assert checks.check(desk.summary) == ()


def test_what_changed_since_is_told_with_both_texts_until_it_is_read(desk: Desk) -> None:
    row = desk.write("They ask for fewer forms [1].", 1)
    Answer.objects.filter(contribution__number=1).update(text="We ask for nothing.")
    (each,) = checks.check(desk.summary)
    assert (each.rule, each.severity, each.place) == (
        "changed-since", Severity.BLOCKER, "paragraph 1",
    )  # fmt: skip
    assert each.changed is not None
    assert (each.changed.was, each.changed.now) == (
        "We ask for “more languages” and fewer forms.", "We ask for nothing.",
    )  # fmt: skip
    # saved with the same words, it says that its writer read what stands there now
    writing.change(row, row.text, saves=row.saves, by=desk.writer, at=LATER)
    assert found(desk) == []


def test_a_redaction_changes_what_everybody_reads(desk: Desk) -> None:
    desk.write("They ask for fewer forms [1].", 1)
    cited = desk.round.contributions.get(number=1)
    cited.redactions.create(passage="fewer forms", reason="An example.", made_at=AT)
    (each,) = checks.check(desk.summary)
    assert each.rule == "changed-since"
    assert each.changed is not None
    assert "fewer forms" not in each.changed.now


@pytest.mark.parametrize(
    ("standing", "word"),
    [("withdrawn", "withdrawn"), ("passed", "passed to the Group only"), ("declined", "declined")],
)
def test_what_is_public_no_more_holds_the_summary_up(desk: Desk, standing: str, word: str) -> None:
    desk.write("They ask for fewer forms [1], and for more [2].", 1)
    desk.round.contributions.filter(number=2).update(standing=standing)
    (each,) = checks.check(desk.summary)
    assert (each.rule, at_words(each)) == ("not-public", "[2]")
    assert word in each.sentence
    assert each.changed is not None
    assert (each.changed.was, each.changed.now) == ("Plus de langues.", "")


def test_what_waits_to_be_checked_is_cited_by_nobody(desk: Desk) -> None:
    make_contribution(desk.round, Standing.AWAITING)
    desk.write("They ask for it [3].", 1)
    (each,) = checks.check(desk.summary)
    assert (each.rule, each.changed is not None) == ("not-public", True)


def test_what_was_added_since_is_named_until_it_is_covered(desk: Desk) -> None:
    desk.write("They ask for fewer forms [1, 2].", 1)
    added = desk.contribution(at=AT + timedelta(hours=1))
    assert found(desk) == [("added-since", "warning", "contribution 3")]
    coverage.set_aside(desk.summary, added, "It came late.", by=desk.writer, at=LATER)
    assert found(desk) == []


def test_the_heaviest_stand_first_then_as_they_are_printed(desk: Desk) -> None:
    desk.write("All agree.", 2)
    desk.write("All agree. They ask for it [9].", 1)
    desk.write("2 contributions came [1].")
    assert found(desk) == [
        ("unknown-number", "blocker", "paragraph 2"),
        ("cites-none", "warning", "paragraph 2"),
        ("cites-none", "warning", "paragraph 3"),
        ("typed-figure", "note", "paragraph 1"),
    ]


def test_the_rules_ask_as_often_for_many_as_for_few(
    desk: Desk, django_assert_num_queries: Any
) -> None:
    desk.write("They ask for fewer forms [1].", 1)
    with django_assert_num_queries(17):
        checks.check(desk.summary)
    for _ in range(5):
        cited = desk.contribution(answers={2: "More."})
        desk.write(f"They ask for more [{cited.number}].", 2)
    with django_assert_num_queries(17):
        checks.check(desk.summary)
