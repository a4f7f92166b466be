"""A document's number: which comes next, how it is printed, and how a printed one is read."""

from __future__ import annotations

from datetime import date

import pytest

from meetings import numbering
from meetings.models import Document, GroupName, Meeting, NumberSeries, WorkingGroup
from meetings.numbering import Place


@pytest.fixture
def meeting(db: None) -> Meeting:
    group = WorkingGroup.objects.create(slug="fish")
    GroupName.objects.create(group=group, acronym={"en": "CWG-Fish"})
    return Meeting.objects.create(
        group=group, ordinal=23, first_day=date(2026, 1, 20), last_day=date(2026, 1, 20)
    )


PRINTED = {
    "CWG-Fish-23/7": Place("", 7),
    "CWG-Fish-23/INF/2": Place("INF", 2),
    "CWG-Fish-23/ADM/1": Place("ADM", 1),
    "CWG-Fish-23/DT/12": Place("DT", 12),
    "CWG-Fish-23/7 Rev.1": Place("", 7, "rev", 1),
    "CWG-Fish-23/7 Add.2": Place("", 7, "add", 2),
    "CWG-Fish-23/INF/2 Corr.1": Place("INF", 2, "corr", 1),
}


@pytest.mark.parametrize(("number", "place"), PRINTED.items())
def test_a_number_is_printed_and_read(meeting: Meeting, number: str, place: Place) -> None:
    assert numbering.printed(meeting, place) == number
    assert numbering.read(meeting, number) == place


@pytest.mark.parametrize(
    ("number", "place"),
    [
        ("CWG-Fish-23/7(Rev.1)", Place("", 7, "rev", 1)),
        ("CWG-Fish-23/7 (Rev. 1)", Place("", 7, "rev", 1)),
        (" CWG-Fish-23/7 ", Place("", 7)),
        ("CWG-Fish-22/7", None),
        ("CWG-Fish-23/XX/7", None),
        ("CWG-Fish-23/", None),
        ("C26/51-E", None),
        ("", None),
    ],
)
def test_other_prints_of_a_number(meeting: Meeting, number: str, place: Place | None) -> None:
    assert numbering.read(meeting, number) == place


def test_each_series_of_each_meeting_counts_for_itself(meeting: Meeting) -> None:
    other = Meeting.objects.create(
        group=meeting.group, series="open_consultation", ordinal=3,
        first_day=date(2026, 1, 19), last_day=date(2026, 1, 19),
    )  # fmt: skip
    taken = [
        numbering.take(*each)
        for each in [(meeting, ""), (meeting, "INF"), (other, ""), (meeting, ""), (meeting, "INF")]
    ]
    assert taken == [1, 1, 1, 2, 2]
    assert numbering.printed(other, Place("", 1)) == "CWG-Fish-OC-3/1"
    assert list(NumberSeries.objects.values_list("meeting", "series", "last")) == [
        (meeting.pk, "", 2), (meeting.pk, "INF", 2), (other.pk, "", 1),
    ]  # fmt: skip


def test_what_came_with_its_number_is_counted_as_given(meeting: Meeting) -> None:
    numbering.count_as_given(meeting, Place("", 9))
    numbering.count_as_given(meeting, Place("", 4))
    assert numbering.take(meeting, "") == 10


def test_a_revision_is_numbered_after_its_parent(meeting: Meeting) -> None:
    parent = Document.objects.create(
        group=meeting.group, meeting=meeting, key="23-1", number="CWG-Fish-23/1", ordinal=1,
        title={"en": "T"},
    )  # fmt: skip
    assert numbering.take_after(parent, "rev") == 1
    Document.objects.create(
        group=meeting.group, meeting=meeting, key="23-1-rev-1", number="CWG-Fish-23/1 Rev.1",
        ordinal=1, parent=parent, relation="rev", relation_number=1, title={"en": "T"},
    )  # fmt: skip
    assert numbering.take_after(parent, "rev") == 2
    assert numbering.take_after(parent, "corr") == 1


def test_the_kind_says_in_which_series(meeting: Meeting) -> None:
    assert {kind.value: str(numbering.series_of(kind)) for kind in Document.Kind} == {
        "contribution": "", "report": "", "secretariat": "", "agenda": "", "summary": "",
        "information": "INF", "administrative": "ADM", "temporary": "DT",
    }  # fmt: skip
