"""When the contributions to a round were received: the picture, its table, and the numbers behind both."""

from __future__ import annotations

import importlib
from datetime import UTC, date, datetime, timedelta

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from consultations import counting, standing
from consultations.models import ContributionCount, Standing
from cwg.pages.over_time import Column, OverTime, over_time
from meetings.wording.messages import messages
from tests.consultations.making import MEANWHILE, OPENS, make_contribution, make_round
from tests.pages.page_words import words

PAGE = "/example-group/consultations/example-round/"
MARCH = date(2026, 3, 2)  # a Monday


def shape(received: dict[date, int], first: date | None, last: date | None) -> OverTime:
    made = over_time(messages("en"), received, first, last)
    assert made is not None
    return made


def test_a_short_round_has_a_column_for_each_of_its_days() -> None:
    made = shape(
        {MARCH + timedelta(days=1): 2, MARCH + timedelta(days=3): 5}, MARCH, date(2026, 3, 6)
    )
    assert (made.step, [(each.number, each.height) for each in made.columns]) == (
        "day", [(0, 0.0), (2, 40.0), (0, 0.0), (5, 100.0), (0, 0.0)],
    )  # fmt: skip
    assert made.columns[3].name.split() == ["5", "March", "2026"]
    assert [each.above for each in made.columns[1:4]] == [60.0, 100.0, 0.0]


def test_a_longer_one_has_weeks_from_monday_and_a_year_long_one_months() -> None:
    weeks = shape({date(2026, 3, 8): 1, date(2026, 3, 9): 3}, MARCH, date(2026, 9, 30))
    assert (weeks.step, len(weeks.columns)) == ("week", 31)
    assert [each.number for each in weeks.columns[:3]] == [1, 3, 0]
    months = shape({MARCH: 1}, date(2025, 1, 31), date(2026, 3, 31))
    assert (months.step, len(months.columns), months.columns[-1].number) == ("month", 15, 1)


def test_what_came_outside_of_the_window_is_shown_too_and_no_window_is_needed() -> None:
    late = shape({MARCH: 1, date(2026, 3, 9): 1}, MARCH, date(2026, 3, 6))
    assert (len(late.columns), late.columns[-1].number) == (8, 1)
    assert shape({MARCH: 4}, None, None).columns == (
        Column(late.columns[0].name, 4, 100.0),
    )  # fmt: skip
    assert over_time(messages("en"), {}, MARCH, None) is None


@pytest.mark.django_db
def test_a_day_is_counted_once_whatever_becomes_of_what_came_then() -> None:
    round_ = make_round()
    # 23:30 UTC is the next day in Zurich
    late = make_contribution(round_, at=datetime(2026, 4, 1, 23, 30, tzinfo=UTC))
    made = make_contribution(round_, Standing.PUBLISHED)
    make_contribution(round_, Standing.SENT)
    for to in (Standing.PASSED, Standing.AWAITING, Standing.WITHDRAWN):
        standing.move(standing.locked(made), to, "test.move", at=MEANWHILE + timedelta(days=9))
    assert counting.received_by_day(round_) == {date(2026, 4, 1): 1, date(2026, 4, 2): 1}
    assert counting.kept(round_) == counting.recount(round_)
    assert counting.tally(round_).received == 2
    assert late.number == 1


@pytest.mark.django_db
def test_the_page_shows_it_with_its_table_in_as_many_queries(client: Client) -> None:
    round_ = make_round()
    make_contribution(round_, Standing.PUBLISHED)
    with CaptureQueriesContext(connection) as one:
        client.get(PAGE)
    make_contribution(round_, Standing.PASSED)
    make_contribution(round_, at=OPENS + timedelta(days=1))
    with CaptureQueriesContext(connection) as three:
        page = client.get(PAGE)
    assert len(three) == len(one)
    said = words(page, part="aside")
    assert "Received, week by week" in said
    table = said[said.index("As a table") : said.index("Received: all 3.")]
    assert table.split() == [
        "As",
        "a",
        "table",
        "Week",
        "Received",
        "2-8",
        "March",
        "2026",
        "1",
        "30",
        "March",
        "–",
        "5",
        "April",
        "2026",
        "2",
    ]
    assert page.text.count('width=".8"') == 2


@pytest.mark.django_db
def test_a_round_of_which_nothing_was_published_shows_no_picture(client: Client) -> None:
    round_ = make_round()
    make_contribution(round_)
    assert "week by week" not in client.get(PAGE).text
    make_contribution(round_, Standing.PUBLISHED)
    assert "week by week" in client.get(PAGE).text


@pytest.mark.django_db
def test_what_was_received_before_is_counted_by_the_migration() -> None:
    migration = importlib.import_module("consultations.migrations.0008_received_by_day")
    round_ = make_round()
    make_contribution(round_, at=datetime(2026, 4, 1, 23, 30, tzinfo=UTC))
    make_contribution(round_, Standing.SENT)
    migration.forget(apps, None)
    assert not ContributionCount.objects.filter(facet="day").exists()
    migration.count(apps, None)
    assert counting.kept(round_) == counting.recount(round_)
    assert counting.received_by_day(round_) == {date(2026, 4, 2): 1}
