"""Lines agreed in the room: the kind that their words propose."""

from __future__ import annotations

import pytest

from meetings.models import Kind
from meetings.wording.agreed_lines import RULES, AgreedLine, read


@pytest.mark.parametrize(
    ("line", "made"),
    [
        (
            "a) The Group took note of the report on Internet activities.",
            AgreedLine(
                "The Group took note of the report on Internet activities.", "noted",
                action="the report on Internet activities",
            ),
        ),
        (
            "– The Group noted document 5.",
            AgreedLine("The Group noted document 5.", "noted", action="document 5"),
        ),
        (
            "The Group agreed on a way forward.",
            AgreedLine("The Group agreed on a way forward.", "agreed", action="on a way forward"),
        ),
        (
            "3.1: The CWG-Internet requested the Secretariat to prepare a paper.",
            AgreedLine(
                "The CWG-Internet requested the Secretariat to prepare a paper.", "request", "3.1",
                "to prepare a paper", "the Secretariat",
            ),
        ),
        (
            "7.7: The Group met.",
            AgreedLine("7.7: The Group met.", "free"),
        ),
        (
            "All contributions were discussed, but no consensus was reached.",
            AgreedLine(
                "All contributions were discussed, but no consensus was reached.", "no_consensus"
            ),
        ),
        (
            "The matter was deferred to the next meeting.",
            AgreedLine("The matter was deferred to the next meeting.", "deferred"),
        ),
        (
            "The secretariat would launch the round in May.",
            AgreedLine("The secretariat would launch the round in May.", "would_launch"),
        ),
        (
            "The secretariat launched the round.",
            AgreedLine("The secretariat launched the round.", "launched"),
        ),
        (
            "The summary would be submitted to Council.",
            AgreedLine("The summary would be submitted to Council.", "summary"),
        ),
        (
            "The Group referred the question to Council.",
            AgreedLine("The Group referred the question to Council.", "referred"),
        ),
        ("The Group adopted the agenda.", AgreedLine("The Group adopted the agenda.", "free")),
    ],
)  # fmt: skip
def test_the_words_of_a_line_propose_its_kind(line: str, made: AgreedLine) -> None:
    assert read(line, {"3", "3.1"}) == [made]


def test_empty_lines_are_none_and_every_rule_names_a_kind() -> None:
    assert read("\n  \na)  \n- One.\n") == [AgreedLine("One.", "free")]
    assert {kind for kind, _ in RULES} <= set(Kind)
