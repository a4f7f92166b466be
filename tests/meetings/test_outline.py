"""An agenda as lines with a depth: numbers, and what the buttons do. No database is asked."""

from __future__ import annotations

import pytest

from meetings import outline
from meetings.outline import Line


def lines(drawn: str) -> list[Line]:
    """Read lines drawn as "a b. c.. d": each word a title, each dot one level deeper."""
    return [Line(each.count("."), each.rstrip(".")) for each in drawn.split()]


def drawn(made: list[Line]) -> str:
    return " ".join(each.title + "." * each.depth for each in made)


@pytest.mark.parametrize(
    ("depths", "said"),
    [
        ([], []),
        ([0, 0, 0], ["1", "2", "3"]),
        ([0, 1, 1, 0, 1], ["1", "1.1", "1.2", "2", "2.1"]),
        ([0, 1, 2, 2, 1, 0], ["1", "1.1", "1.1.1", "1.1.2", "1.2", "2"]),
        ([0, 2], ["1", "1.1"]),
        ([1], ["1"]),
    ],
)
def test_numbers_follow_from_order_and_depth(depths: list[int], said: list[str]) -> None:
    assert outline.numbers(depths) == said


@pytest.mark.parametrize(
    ("move", "before", "place", "after", "now"),
    [
        ("up", "a b. c d.", 2, "c d. a b.", 0),
        ("up", "a b. c.", 2, "a c. b.", 1),
        ("up", "a b. c", 1, "a b. c", 1),
        ("up", "a", 0, "a", 0),
        ("down", "a b. c d.", 0, "c d. a b.", 2),
        ("down", "a b. c", 1, "a b. c", 1),
        ("down", "a b", 1, "a b", 1),
        ("deeper", "a b c.", 1, "a b. c..", 1),
        ("deeper", "a b. c..", 1, "a b. c..", 1),
        ("deeper", "a b c. d..", 1, "a b c. d..", 1),
        ("out", "a b. c..", 1, "a b c.", 1),
        ("out", "a", 0, "a", 0),
        ("remove", "a b. c.. d", 1, "a c. d", 1),
        ("remove", "a b", 1, "a", 0),
        ("remove", "a", 0, "", 0),
    ],
)
def test_what_each_button_does(move: str, before: str, place: int, after: str, now: int) -> None:
    made, at = outline.MOVES[move](lines(before), place)
    assert (drawn(made), at) == (after, now)


def test_no_line_stands_deeper_than_one_below_the_one_before() -> None:
    assert drawn(outline.settled(lines("a.. b... c. d....."))) == "a b. c. d.."
