"""The picture of the years: what is counted, what is missing, and which topics nobody was asked about."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consultations import counting
from consultations.counting import Facet
from consultations.models import Consultation, Standing
from cwg.pages import years
from cwg.pages.years import Picture
from cwg.pages.years_counted import Bar
from meetings.models import Body, Instrument, ListedTopic, MemberState, Topic, WorkingGroup
from tests.consultations.making import make_contribution, make_group, make_round
from tests.pages.page_words import words

PAGE = "/example-group/over-the-years/"
PICTURE_QUERIES = 9


@pytest.fixture
def group(db: None) -> WorkingGroup:
    return make_group()


def round_of(group: WorkingGroup, year: int, **facts: Any) -> Consultation:
    told = {
        "slug": f"round-{year}", "key": f"{year}-03", "heading": {"en": f"Round of {year}"},
        "opens_at": datetime(year, 3, 1, tzinfo=UTC), "closes_at": datetime(year, 6, 1, tzinfo=UTC),
    }  # fmt: skip
    return make_round(group, **(told | facts))


def past(group: WorkingGroup, year: int) -> Consultation:
    """Make a round of which the record keeps no contribution."""
    return round_of(group, year, record_incomplete=True)


def drawn(group: WorkingGroup) -> Picture:
    picture = years.drawn(group)
    assert picture is not None
    return picture


def numbers(picture: Picture, chart: int) -> dict[str, list[int | None]]:
    return {
        line.name: [each.number for each in line.columns] for line in picture.charts[chart].lines
    }


def test_without_a_round_there_is_no_picture(client: Client, group: WorkingGroup) -> None:
    assert "The rounds will stand here from the day the first is announced." in words(
        client.get(PAGE)
    )


def test_what_is_not_kept_here_is_missing_and_not_nought(
    client: Client, group: WorkingGroup
) -> None:
    past(group, 2022)
    round_of(group, 2024)
    poland = MemberState.objects.get(iso="PL")
    full = round_of(group, 2025)
    make_contribution(full, Standing.PUBLISHED, country=poland, publish_country=True)
    make_contribution(full, Standing.PUBLISHED, country=poland, stakeholder_group="academia")
    make_contribution(full)  # not published
    picture = drawn(group)
    ahead = [None] * (timezone.now().year - 2025)
    assert [each.published for each in picture.rounds] == [None, 0, 2]
    assert numbers(picture, 0) == {
        "Civil society": [None, None, 0, 1, *ahead], "Academia": [None, None, 0, 1, *ahead],
    }  # fmt: skip
    assert numbers(picture, 1) == {
        "Europe": [None, None, 0, 1, *ahead], "Country not published": [None, None, 0, 1, *ahead],
    }  # fmt: skip
    assert [each.missing for each in picture.years][:4] == [True, False, False, False]
    said = words(client.get(PAGE))
    assert "3 rounds from 2022 to" in said
    assert "Of 1 round the contributions are not kept here" in said
    assert "An example topic of 2022-03 March 2022 – June 2022 Not kept here" in said
    assert "2022 Not kept here 2024 0 0 0 2025 1 1 2" in said


def test_a_year_of_which_a_part_is_kept_says_so(client: Client, group: WorkingGroup) -> None:
    past(group, 2024)
    other = round_of(group, 2024, slug="second", key="2024-09")
    make_contribution(other, Standing.PUBLISHED)
    year = next(each for each in drawn(group).years if each.year == 2024)
    assert (year.rounds, year.kept, year.in_part, year.missing) == (2, 1, True, False)
    assert "1 (of 1 of 2 rounds)" in words(client.get(PAGE))


def test_all_that_is_published_is_in_each_chart_once(group: WorkingGroup) -> None:
    for year in (2024, 2025):
        held = round_of(group, year)
        for facts in ({}, {"stakeholder_group": ""}, {"publish_country": True}):
            make_contribution(held, Standing.PUBLISHED, **facts)
    picture = drawn(group)
    published = sum(counting.tally(each).published for each in Consultation.objects.all())
    assert published == picture.published.total == 6
    assert [sum(line.total for line in chart.lines) for chart in picture.charts] == [6, 6]


def test_a_round_without_a_value_stands_under_none(group: WorkingGroup) -> None:
    held, empty = round_of(group, 2024), round_of(group, 2025)
    make_contribution(held, Standing.PUBLISHED)
    assert counting.published_by_round([held.pk, empty.pk], (Facet.GROUP, Facet.REGION)) == {
        held.pk: {Facet.GROUP: {"": 0, "civil_society": 1}, Facet.REGION: {"": 1}},
        empty.pk: {Facet.GROUP: {"": 0}, Facet.REGION: {"": 0}},
    }


def test_a_bar_is_as_long_as_the_round_was_open(group: WorkingGroup) -> None:
    this = timezone.now().year
    round_of(
        group, this, opens_at=datetime(this, 1, 1, tzinfo=UTC),
        closes_at=datetime(this, 12, 31, tzinfo=UTC),
    )  # fmt: skip
    assert [each.bar for each in drawn(group).rounds] == [Bar(0.0, 100.0)]


def test_a_round_whose_window_is_not_recorded_has_no_bar(
    client: Client, group: WorkingGroup
) -> None:
    round_of(group, 2016, opens_at=None, closes_at=None, announced_at=None, record_incomplete=True)
    assert [(each.year, each.bar) for each in drawn(group).rounds] == [(2016, None)]
    assert "When it was open is not recorded" in words(client.get(PAGE))


def make_list() -> list[ListedTopic]:
    """Make an instrument that listed two topics, and since its revision lists one more, after them."""
    body = Body.objects.create(key="body", name={"en": "Body"}, short={"en": "B"})
    instrument = Instrument.objects.create(key="res-1", body=body, number="1")
    for year, count in ((2019, 2), (2023, 3)):
        revision = instrument.revisions.create(
            label={"en": f"Rev. {year}"}, in_force_from=date(year, 1, 1)
        )
        for place in range(1, count + 1):
            revision.listed_topics.create(position=place, text={"en": f"Listed {place}"})
    return list(ListedTopic.objects.order_by("revision__in_force_from", "position"))


def test_topics_are_those_of_the_last_revision_and_some_were_never_consulted_on(
    client: Client, group: WorkingGroup
) -> None:
    first, _, again, second, _ = make_list()
    for year, draws_on in ((2024, first), (2025, again)):
        held = round_of(group, year)
        held.topics.update(draws_on=draws_on)
    Topic.objects.create(group=group, key="other", title={"en": "Other"}, draws_on=second)
    round_of(group, 2021)
    (found,) = drawn(group).lists
    assert (found.revision, found.never) == ("B Resolution 1 (Rev. 2023)", 2)
    assert [(each.text, [one.year for one in each.rounds]) for each in found.topics] == [
        ("Listed 1", [2024, 2025]), ("Listed 2", []), ("Listed 3", []),
    ]  # fmt: skip
    assert [each.year for each in drawn(group).elsewhere] == [2021]
    said = words(client.get(PAGE))
    assert "Nobody was consulted yet on 2 of the 3 topics that B Resolution 1 lists." in said
    assert said.count("Never consulted on") == 2
    assert "Rounds of which no listed topic is recorded An example topic of 2021-03" in said


def test_the_picture_asks_as_often_for_five_rounds_as_for_one(group: WorkingGroup) -> None:
    make_contribution(round_of(group, 2020), Standing.PUBLISHED)
    with CaptureQueriesContext(connection) as one:
        drawn(group)
    for year in range(2021, 2025):
        make_contribution(round_of(group, year), Standing.PUBLISHED)
    with CaptureQueriesContext(connection) as five:
        drawn(group)
    assert (len(one), len(five)) == (PICTURE_QUERIES, PICTURE_QUERIES)


def test_the_latest_two_hundred_are_drawn(group: WorkingGroup, monkeypatch: Any) -> None:
    monkeypatch.setattr(years, "MOST_ROUNDS", 2)
    for year in (2020, 2021, 2022):
        round_of(group, year)
    assert [each.year for each in drawn(group).rounds] == [2021, 2022]
