"""Settings are read by kind, and a wrong one is refused by its name."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from cwg.environment import Environment


def test_nothing_set_gives_the_defaults() -> None:
    nothing = Environment({"TEXT": " ", "FLAG": ""})
    assert nothing.text("TEXT", "else") == "else"
    assert nothing.flag("FLAG", default=True) is True
    assert nothing.number("NUMBER", default=7) == 7
    assert nothing.words("WORDS") == []
    assert nothing.choice("CHOICE", ("first", "second")) == "first"
    assert nothing.asked == {"TEXT", "FLAG", "NUMBER", "WORDS", "CHOICE"}


def test_values_are_read_by_kind() -> None:
    some = Environment({"A": " a ", "B": "Yes", "C": "0", "D": "12", "E": "x, y,", "F": "second"})
    assert some.required("A", because="it is") == "a"
    assert some.flag("B", default=False) is True
    assert some.flag("C", default=True) is False
    assert some.number("D", default=0) == 12
    assert some.words("E") == ["x", "y"]
    assert some.choice("F", ("first", "second")) == "second"


def test_wrong_values_are_refused_by_name() -> None:
    wrong = Environment({"FLAG": "perhaps", "NUMBER": "-1", "CHOICE": "third"})
    with pytest.raises(
        ImproperlyConfigured, match=r"^FLAG must be true or false, not “perhaps”\.$"
    ):
        wrong.flag("FLAG", default=True)
    with pytest.raises(ImproperlyConfigured, match=r"^NUMBER must be a whole number, not “-1”\.$"):
        wrong.number("NUMBER", default=0)
    with pytest.raises(ImproperlyConfigured, match=r"^CHOICE must be first or second, not “third”"):
        wrong.choice("CHOICE", ("first", "second"))
    with pytest.raises(ImproperlyConfigured, match=r"^TEXT must be set: it is needed\.$"):
        wrong.required("TEXT", because="it is needed")
