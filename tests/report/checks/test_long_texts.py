"""What somebody types without an end: a rule that read it over and over would not come back.

A passage holds 20,000 characters. Before each text was read once, one of these took minutes.
"""

from __future__ import annotations

from collections import Counter

import pytest

from cwg.report.checks import check
from cwg.report.checks.prose import unbalanced
from cwg.report.models import Report
from tests.report.checks.breaking import says

LONGEST = 20_000


def filled(unit: str, begins: str = "") -> str:
    """Return `unit` over and over, as much as a passage holds."""
    return (begins + unit * (LONGEST // len(unit)))[:LONGEST].rstrip()


TEXTS: dict[str, tuple[str, dict[str, int]]] = {
    "a revision that never ends": (filled("A", "(Rev "), {"bracket-unbalanced": 1}),
    "a country after a country": (filled("and Poland, "), {}),
    "countries that speak": (filled("Poland stated, "), {"country-named": 1}),
    "countries, and no verb": (filled("of Poland, "), {}),
    "a plan after a plan": (
        filled("will ")[: LONGEST // 2] + filled("in 2019 ")[: LONGEST // 2],
        {"word-doubled": 1000, "plan-past": 1},
    ),
    "a plan for a year over": (filled("will be held in 2019 "), {"plan-past": 1}),
    "initials": (filled("A. "), {}),
    "paragraphs": (filled("paragraph 9.9, "), {"paragraph-typed": 1}),
    "numbers of a resolution": (filled("1, ", "Resolution "), {"cited-not-referenced": 1}),
    # of marks that stand among the same forty letters, the first is told
    "brackets of two kinds": ("(" * 10_000 + "]" * 10_000, {"bracket-unbalanced": 81}),
    "a Chair of another time": (filled("Ms Old Keeper "), {}),
    "spaces": (filled(" ", "a").ljust(LONGEST - 1) + "b", {"space-doubled": 1}),
}


@pytest.mark.parametrize("said", TEXTS)
def test_a_text_without_an_end_is_read_once(clean: Report, said: str) -> None:
    text, expected = TEXTS[said]
    says(text)(clean)
    found = Counter(each.rule for each in check(clean) if each.place == "3.1")
    assert found == expected


@pytest.mark.parametrize("many", [2, 29])
def test_one_verb_makes_speakers_of_all_countries_before_it(clean: Report, many: int) -> None:
    says(f"{'Poland, ' * many}and Japan stated that lakes matter.")(clean)
    (finding,) = [each for each in check(clean) if each.rule == "country-named"]
    assert finding.sentence.endswith(
        f"names {'Poland, ' * many}Japan as a speaker; speakers are not named."
    )


def test_marks_of_two_kinds_close_their_own() -> None:
    pairs = ("()", "[]", "“”")
    assert unbalanced("(" * 3 + "]" * 3 + ")" * 3, pairs) == [(3, "]"), (4, "]"), (5, "]")]
    assert unbalanced("([" * 3 + ")" * 4, pairs) == [(1, "["), (3, "["), (5, "["), (9, ")")]
    assert unbalanced('("a" b"', pairs) == [(0, "("), (6, '"')]


@pytest.mark.parametrize(
    "text",
    [
        "The Group will meet in 0000.",
        "The Group will meet on 1 May 0000.",
        "The Group will meet in May 0000.",
        "The Group will meet in December 9999.",
        "The Group will meet on 31 April 2019.",
    ],
)
def test_a_year_or_day_that_no_calendar_has_is_no_plan_of_the_past(
    clean: Report, text: str
) -> None:
    says(text)(clean)
    assert [each.rule for each in check(clean) if each.place == "3.1"] == []
