"""Who took part: a list brought in, bad lines named, and what is counted."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cwg.accounts.models import User
from meetings import attendance
from meetings.attendance import BadLine
from meetings.models import DelegateTerm, Meeting, MemberState, Participant
from tests.conftest import signed_in
from tests.pages.page_words import words
from tests.two_groups import LONG_AGO, PASSWORD

LIST = """\
Name,Of,Function,How
"Silva, Ana",BR,Head of delegation,in person
Jean Exemple,Switzerland,,remote
Kim Example;KR;Adviser;REMOTE
Ada Example\tInternet Society of Example\tObserver
"""


def brought(meeting: Meeting, text: str) -> tuple[list[str], list[BadLine]]:
    made = attendance.bring_in(meeting, text)
    return [
        f"{each.name}, {each.member_state or each.organisation}, {each.function}, {each.mode}"
        for each in made.added
    ], list(made.bad)


def test_a_list_is_brought_in(twentieth: Meeting) -> None:
    assert brought(twentieth, LIST) == (
        [
            "Silva, Ana, Brazil, Head of delegation, in_person",
            "Jean Exemple, Switzerland, , remote",
            "Kim Example, Korea (Rep. of), Adviser, remote",
            "Ada Example, Internet Society of Example, Observer, in_person",
        ],
        [],
    )  # fmt: skip


def test_each_bad_line_is_named_and_good_ones_are_kept(twentieth: Meeting) -> None:
    text = "Ana Silva,BR\n\n,BR\nBob\nCy,XX\nDi,CH,,by boat\nana silva,BR\nEd,CH,,,,\nFi\u202e,CH\nGo,CH\n"
    assert brought(twentieth, text) == (
        ["Ana Silva, Brazil, , in_person", "Go, Switzerland, , in_person"],
        [
            BadLine(3, ",BR", "It has no name."),
            BadLine(4, "Bob", "Name the Member State or the organization."),
            BadLine(5, "Cy,XX", "“XX” is the code of no Member State."),
            BadLine(6, "Di,CH,,by boat", "“by boat” is neither “in person” nor “remote”."),
            BadLine(7, "ana silva,BR", "This person stands in the list already."),
            BadLine(8, "Ed,CH,,,,", "It has more columns than name, of, function and mode."),
            BadLine(
                9, "Fi\u202e,CH",
                "This text holds a character that cannot be printed (U+202E, at place 3). Remove it; "
                "the rest can stay as it is.",
            ),
        ],
    )  # fmt: skip
    assert brought(twentieth, "Ana Silva,BR")[1][0].why == "This person stands in the list already."


def test_a_line_without_end_is_named_and_the_others_are_kept(twentieth: Meeting) -> None:
    endless = "x" * 140_000
    assert brought(twentieth, f"{endless},BR\nGo,CH\n") == (
        ["Go, Switzerland, , in_person"],
        [BadLine(1, endless[:200], "It is too long to be read as a line.")],
    )


@pytest.mark.parametrize("facts", [{"member_state": "BR"}, {"organisation": "A house"}])
def test_one_person_stands_once_in_the_list(twentieth: Meeting, facts: dict[str, str]) -> None:
    if "member_state" in facts:
        facts = {"member_state_id": MemberState.objects.get(iso="BR").pk}  # type: ignore[dict-item]
    attendance.save(Participant(meeting=twentieth, name="Ana", **facts))
    with pytest.raises(ValidationError, match="stands in the list already"):
        attendance.save(Participant(meeting=twentieth, name="Ana", **facts))
    attendance.save(Participant(meeting=twentieth, name="Ana", organisation="Another"))


def test_what_is_counted(twentieth: Meeting) -> None:
    attendance.bring_in(twentieth, LIST + "Bea Silva,BR\n")
    with CaptureQueriesContext(connection) as asked:
        counts = attendance.counts(twentieth)
    assert len(asked) == 1
    assert (counts.total, counts.member_states, counts.organizations) == (5, 3, 1)
    assert counts.by_region == (
        ("Americas", 1, 2),
        ("Asia and the Pacific", 1, 1),
        ("Europe", 1, 1),
    )
    assert counts.by_mode == (("in person", 3), ("remotely", 2))


def test_everybody_reads_numbers_and_no_name(twentieth: Meeting, client: Client) -> None:
    attendance.bring_in(twentieth, LIST)
    said = words(client.get(twentieth.get_absolute_url()), part="main")
    assert "4 participants: 3 Member States, 1 organization; 2 in person; 2 remotely." in said
    for name in ("Silva", "Exemple", "Kim", "Ada Example"):
        assert name not in said


def test_members_read_the_names_at_their_desk(twentieth: Meeting, client: Client) -> None:
    attendance.bring_in(twentieth, LIST)
    address = f"/desk/{twentieth.group.slug}/meetings/20/participants/"
    delegate = User.objects.create_user("delegate@example.org", PASSWORD)
    nobody = User.objects.create_user("nobody@example.org", PASSWORD)
    DelegateTerm.objects.create(
        person=delegate, group=twentieth.group, from_day=LONG_AGO,
        member_state=MemberState.objects.get(iso="CH"),
    )  # fmt: skip
    answer = signed_in(delegate).get(address)
    said = words(answer, part="main")
    assert "Brazil Silva, Ana, Head of delegation (in person)" in said
    assert "Internet Society of Example Ada Example, Observer (in person)" in said
    assert "no-store" in answer["Cache-Control"]
    assert signed_in(nobody).get(address).status_code == 404
    assert signed_in(delegate).get(address.replace("/20/", "/99/")).status_code == 404
    assert client.get(address)["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("count", [1, 30])
def test_the_page_of_the_list_asks_as_often(
    as_secretary: Client, twentieth: Meeting, count: int
) -> None:
    attendance.bring_in(twentieth, "\n".join(f"Person {n},CH" for n in range(count)))
    address = f"/secretariat/meetings/{twentieth.pk}/participants/"
    with CaptureQueriesContext(connection) as asked:
        assert as_secretary.get(address).status_code == 200
    assert len(asked) == 10
