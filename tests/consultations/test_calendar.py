"""The calendar, read back by a library that has nothing to do with what wrote it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from consultations.models import Consultation, Extension
from meetings import history
from meetings.icalendar import Event, changes, render
from meetings.models import Meeting, WorkingGroup
from tests.consultations.making import CLOSES, OPENS, make_group, make_round

ADDRESS = "/example-group/calendar.ics"
CHANGED = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def read(content: bytes) -> Any:
    """Read a calendar back, strictly."""
    for line in content.split(b"\r\n")[:-1]:
        assert len(line) <= 75
        assert b"\n" not in line
        line.decode()  # no letter is cut
    assert content.endswith(b"END:VCALENDAR\r\n")
    found = icalendar.Calendar.from_ical(content)
    assert found.errors == []
    return found


def events(content: bytes) -> dict[str, Any]:
    return {str(each["UID"]): each for each in read(content).walk("VEVENT")}


def at(zone: str, *words: int, fold: int = 0) -> datetime:
    year, month, day, hour, minute = words
    return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo(zone), fold=fold)


def instants(zone: str, *moments: datetime) -> list[datetime]:
    """Give the instants that another program computes by the rules inside the file alone."""
    content = render("x", zone, [
        Event(f"{place}@x", "x", "https://example.org/", CHANGED, at=moment)
        for place, moment in enumerate(moments)
    ])  # fmt: skip
    calendar = read(content)
    rules = calendar.walk("VTIMEZONE")[0].to_tz(lookup_tzid=False)
    found = []
    for each in calendar.walk("VEVENT"):
        start = each["DTSTART"]
        local = start.dt.replace(tzinfo=None)
        own = UTC if start.dt.tzinfo == UTC or "TZID" not in start.params else rules
        found.append(local.replace(tzinfo=own).astimezone(UTC))
    return found


@pytest.mark.parametrize(
    ("zone", "moments"),
    [
        ("Europe/Zurich", [(2026, 3, 29, 1, 59), (2026, 3, 29, 3, 0), (2026, 10, 25, 1, 59), (2026, 10, 25, 3, 0), (2025, 1, 13, 23, 59), (2025, 7, 1, 0, 0)]),
        ("America/New_York", [(2026, 3, 8, 1, 59), (2026, 3, 8, 3, 0), (2026, 11, 1, 0, 59), (2026, 11, 1, 2, 0), (2026, 12, 31, 23, 59)]),
        ("Asia/Kathmandu", [(2026, 3, 8, 1, 59), (2026, 11, 1, 0, 59)]),
        ("Africa/Casablanca", [(2026, 2, 14, 12, 0), (2026, 2, 28, 12, 0), (2026, 4, 1, 12, 0)]),
    ],
)  # fmt: skip
def test_instants_hold_across_changes_of_the_clock(zone: str, moments: list[Any]) -> None:
    given_ = [at(zone, *words) for words in moments]
    assert instants(zone, *given_) == [each.astimezone(UTC) for each in given_]


def test_an_hour_that_comes_twice_is_not_mistaken() -> None:
    both = [at("Europe/Zurich", 2026, 10, 25, 2, 30, fold=fold) for fold in (0, 1)]
    assert instants("Europe/Zurich", *both) == [
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
    ]  # fmt: skip


def test_the_changes_of_a_zone() -> None:
    year = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    assert [*changes(ZoneInfo("Europe/Zurich"), *year)] == [
        datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC),
    ]  # fmt: skip
    assert [*changes(ZoneInfo("UTC"), *year)] == []


@given(text=st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=400))
def test_any_words_come_back_as_they_were(text: str) -> None:
    event = Event(
        "a@x",
        f"a{text}b\nc",
        "https://example.org/",
        CHANGED,
        first_day=date(2026, 1, 2),
        text=f"x{text}",
    )
    (found,) = read(render(text, "UTC", [event])).walk("VEVENT")
    assert str(found["SUMMARY"]) == f"a{text}b\nc"
    assert str(found["DESCRIPTION"]) == f"x{text}"


# Of a group


@pytest.fixture
def group(db: None) -> WorkingGroup:
    return make_group()


def test_openings_closings_and_meetings(client: Client, group: WorkingGroup) -> None:
    make_round(group)
    make_round(group, slug="secret", key="2027-01", announced_at=None)
    old: dict[str, Any] = {
        "announced_at": None, "record_incomplete": True, "opens_at": None, "closes_at": None,
    }  # fmt: skip
    make_round(
        group,
        slug="old",
        key="2016-02",
        opens_month=date(2016, 2, 1),
        closes_day=date(2016, 9, 30),
        **old,
    )
    Meeting.objects.create(
        group=group, ordinal=7, first_day=date(2026, 3, 19), last_day=date(2026, 3, 20), place={"en": "Geneva, CICG; room 2"},
    )  # fmt: skip
    Meeting.objects.create(
        group=group, ordinal=3, series="open_consultation", first_day=date(2026, 9, 1),
        last_day=date(2026, 9, 1), cancelled_on=date(2026, 8, 1),
    )  # fmt: skip
    answer = client.get(ADDRESS)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    found = events(answer.content)
    said = {
        uid.partition("@")[0]: str(each["SUMMARY"]).replace("\xa0", " ")
        for uid, each in found.items()
    }
    assert said == {
        "opening.2026-03.example-group": "Opens 2 March 2026, 09:00 Geneva time: An example topic of 2026-03",
        "closing.2026-03.example-group": "Closes 29 May 2026, 23:59 Geneva time: An example topic of 2026-03",
        "closing.2016-02.example-group": "Closes 30 September 2016: An example topic of 2016-02",
        "meeting.7.example-group": "EG meeting 7",
        "meeting.oc-3.example-group": "EG open consultation meeting 3",
    }
    by_name = {uid.partition(".example")[0]: each for uid, each in found.items()}
    assert by_name["opening.2026-03"]["DTSTART"].dt.astimezone(UTC) == OPENS
    assert by_name["closing.2026-03"]["DTSTART"].dt.astimezone(UTC) == CLOSES
    assert by_name["meeting.7"]["DTSTART"].dt == date(2026, 3, 19)
    assert by_name["meeting.7"]["DTEND"].dt == date(2026, 3, 21)
    assert str(by_name["meeting.7"]["LOCATION"]) == "Geneva, CICG; room 2"
    assert [by_name[name]["STATUS"] for name in ("meeting.7", "meeting.oc-3")] == [
        "CONFIRMED",
        "CANCELLED",
    ]


def test_an_event_keeps_its_name_and_counts_its_changes(
    client: Client, group: WorkingGroup
) -> None:
    round_ = make_round(group)
    (before,) = [
        each
        for uid, each in events(client.get(ADDRESS).content).items()
        if uid.startswith("closing")
    ]
    with history.activity("test.extend"):
        Extension.objects.create(
            consultation=round_, was=CLOSES, now=CLOSES + timedelta(days=7),
            decided_on=date(2026, 5, 20), decided_by={"en": "The Chair"}, reason="A holiday.",
        )  # fmt: skip
    (after,) = [
        each
        for uid, each in events(client.get(ADDRESS).content).items()
        if uid.startswith("closing")
    ]
    assert before["UID"] == after["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after["LAST-MODIFIED"].dt >= before["LAST-MODIFIED"].dt
    assert after["DTSTART"].dt.astimezone(UTC) == CLOSES + timedelta(days=7)
    assert "Extended once." in str(after["DESCRIPTION"])


def test_a_midnight_is_said_with_the_day_that_it_ends(client: Client, group: WorkingGroup) -> None:
    make_round(group, closes_at=datetime(2026, 5, 29, 22, tzinfo=UTC))
    titles = [
        str(each["SUMMARY"]).replace("\xa0", " ")
        for each in events(client.get(ADDRESS).content).values()
    ]
    assert "Closes 29 May 2026, 24:00 Geneva time: An example topic of 2026-03" in titles


def test_an_empty_calendar_and_one_of_nobody(client: Client, group: WorkingGroup) -> None:
    assert events(client.get(ADDRESS).content) == {}
    assert client.get("/nowhere/calendar.ics").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_it_asks_as_often_however_much_there_is(
    client: Client, group: WorkingGroup, rows: int, django_assert_num_queries: Any
) -> None:
    for number in range(1, rows + 1):
        make_round(group, slug=f"r{number}", key=f"2025-0{number}")
        Meeting.objects.create(
            group=group, ordinal=number, first_day=date(2026, 3, 19), last_day=date(2026, 3, 20)
        )
    assert Consultation.objects.count() == rows
    client.get(ADDRESS)
    with django_assert_num_queries(9):
        client.get(ADDRESS)


def test_a_meeting_alone_is_the_entry_of_the_groups_calendar(
    client: Client, group: WorkingGroup
) -> None:
    held = Meeting.objects.create(
        group=group, ordinal=7, first_day=date(2026, 5, 4), last_day=date(2026, 5, 5)
    )
    address = f"/{group.slug}/meetings/7/meeting.ics"
    assert f'href="{address}"' in client.get(held.get_absolute_url()).content.decode()
    answer = client.get(address)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    ((uid, alone),) = events(answer.content).items()
    assert alone == events(client.get(f"/{group.slug}/calendar.ics").content)[uid]
    assert (alone["DTSTART"].dt, alone["DTEND"].dt) == (date(2026, 5, 4), date(2026, 5, 6))
    assert client.get(address.replace("/7/", "/99/")).status_code == 404
