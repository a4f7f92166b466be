"""A list of people to invite: each bad line named, good ones kept, nobody invited twice."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from meetings.delegations import Invited
from meetings.forms.delegation_list import MOST_LINES, ListForm
from meetings.models import DelegateTerm, WorkingGroup
from tests.meetings.delegating import AT, make_delegate, told
from tests.two_groups import make_group

pytestmark = pytest.mark.django_db


@pytest.fixture
def own() -> WorkingGroup:
    return make_group("own")


def form(own: WorkingGroup, content: str | bytes) -> ListForm:
    raw = content.encode() if isinstance(content, str) else content
    return ListForm({}, {"people": SimpleUploadedFile("people.csv", raw)}, groups=[own])


def sent(own: WorkingGroup, content: str | bytes) -> Invited:
    filled = form(own, content)
    assert filled.is_valid(), filled.errors
    return filled.save(by=None, at=AT)


def people(result: Invited) -> list[tuple[Any, ...]]:
    return [
        (term.person.email, str(term.person), term.member_state.iso, term.role)
        for term in result.terms
    ]


def named(lines: Any) -> list[tuple[int, str]]:
    return [(line.number, line.reason) for line in lines]


BAD = """\
e-mail,name,Member State,role
ada@example.org,Ada Example,NO,focal point

ben@example.org,"Example, Ben",norway,Delegate
no address,Cyd Example,NO,
dot@example.org,Dot Example,Atlantis,
eve@example.org,,NO,chair
,,,
fay@example.org
gus@example.org,Gus Example,NO,delegate,more
hal@example.org,"Hal Example,NO,delegate
ADA@example.org,Ada again,NO,
ivy@example.org,Ivy Example,NO,focal-point
joy@example.org,Joy\u202eExample,NO,
kim@example.org,Kim Example, no ,
there@example.org,There Example,NO,
elsewhere@example.org,Elsewhere Example,NO,
"""


def test_bad_lines_are_named_and_good_ones_kept(own: WorkingGroup) -> None:
    make_delegate(own, "NO", email="there@example.org")
    make_delegate(own, "KE", email="elsewhere@example.org")
    result = sent(own, BAD)
    assert people(result) == [
        ("ada@example.org", "Ada Example", "NO", "focal_point"),
        ("ben@example.org", "Example, Ben", "NO", "delegate"),
        ("kim@example.org", "Kim Example", "NO", "delegate"),
    ]
    assert named(result.standing) == [
        (12, "ada@example.org is in this delegation already. Nobody is invited twice."),
        (16, "there@example.org is in this delegation already. Nobody is invited twice."),
    ]
    assert named(result.refused) == [
        (5, "E-mail: Enter a valid email address."),
        (6, "Member State: “Atlantis” is no ISO code and no short name of a Member State."),
        (
            7,
            "Name: This field is required. Role: “chair” is no role. "
            "Write delegate or focal point.",
        ),
        (9, "Name: This field is required. Member State: This field is required."),
        (10, "It has 5 columns; there are four."),
        (11, "Its quotation marks do not close."),
        (
            13,
            "The delegation has a focal point: Ada Example. Invite a delegate, then hand over.",
        ),
        (
            14,
            "Name: This text holds a character that cannot be printed (U+202E, at place 4). "
            "Remove it; the rest can stay as it is.",
        ),
        (
            17,
            "elsewhere@example.org is in another delegation to OWN. One person is in one "
            "delegation to a group at a time; the secretariat ends that term first.",
        ),
    ]
    assert told() == [
        ("delegations.invite", f"{name}@example.org") for name in ("ada", "ben", "kim")
    ]


@pytest.mark.parametrize(
    "content",
    [
        "\ufeffada@example.org;Ada Example;NO;delegate\r\nben@example.org;Ben Example;KE;\r\n",
        "ada@example.org\tAda Example\tNO\tdelegate\nben@example.org\tBen Example\tKE\t\n",
        "ada@example.org,Ada Example,NO,,\rben@example.org,Ben Example,KE,,",
        'E-mail;Name;State;Role\n\n"ada@example.org";"Ada Example";"NO";"DELEGATE"\n'
        '"ben@example.org";"Ben Example";"Kenya";""\n;;;\n',
    ],
)
def test_whatever_a_spreadsheet_writes_is_read(own: WorkingGroup, content: str) -> None:
    result = sent(own, content)
    assert people(result) == [
        ("ada@example.org", "Ada Example", "NO", "delegate"),
        ("ben@example.org", "Ben Example", "KE", "delegate"),
    ]
    assert (result.standing, result.refused) == ((), ())
    again = sent(own, content)
    assert (len(again.terms), len(again.standing), again.refused) == (0, 2, ())
    assert (DelegateTerm.objects.count(), len(told())) == (2, 2)


def test_a_file_that_cannot_be_read_is_refused_whole(own: WorkingGroup) -> None:
    line = "p{}@example.org,P,NO,\n"
    problems = {
        "Ren\xe9".encode("latin-1"): "The file is no text in UTF-8. Save it as “CSV UTF-8”, then "
        "send it again.",
        "".join(line.format(n) for n in range(MOST_LINES + 1)).encode(): "The file has 501 lines; "
        "at most 500 are taken at a time. Divide it.",
        b"x" * 200_001: "The file is larger than 200 kB. Divide it.",
        b"": "The submitted file is empty.",
    }
    for content, problem in problems.items():
        assert form(own, content).errors == {"people": [problem]}
    assert not DelegateTerm.objects.exists()
