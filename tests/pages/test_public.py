"""What everybody reads."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from cwg.report.models import Report
from meetings.models import Meeting, Outcome, Topic, WorkingGroup

from .page_words import words

GROUP_QUERIES = 28


def test_the_only_group_kept_here_is_the_start_page(client: Client, group: WorkingGroup) -> None:
    start = words(client.get("/"), part="main")
    assert start == words(client.get(f"/{group.slug}/"), part="main")
    assert (
        "Latest report Chair’s report to Council 2026 20 January 2026, on the meetings from "
        "October 2023 to January 2026 Word PDF"
    ) in start


def test_what_a_group_rests_on_is_what_its_latest_report_cites(
    client: Client, group: WorkingGroup
) -> None:
    about = words(client.get("/"), part="aside")
    assert about == (
        "About the Group Reports to Council Chair Mr Wojciech Berezowski (Poland) "
        "Instruments it rests on PP Resolution 102 Rev. Bucharest, 2022 "
        "PP Resolution 140 Rev. Bucharest, 2022 Council Resolution 1305 Mod. 2019 "
        "Council Resolution 1336 Mod. 2019 As its latest report cites them."
    )


def test_a_topic_tells_what_became_of_it(client: Client, group: WorkingGroup) -> None:
    said = words(client.get("/"))
    assert (
        "The developmental aspects to strengthen the Internet Draws on Council Resolution 1305, 10 "
        "Summary for Council 2025 Kept Twentieth meeting, b) "
        "Consultation launched, February 2024 – September 2024 Nineteenth meeting, a)"
    ) in said


def test_what_is_still_to_come_stands_with_its_topic_and_day(
    client: Client, group: WorkingGroup
) -> None:
    said = words(client.get("/")).partition("Still to come")[2].partition("Topics and")[0]
    # The state of the others depends on the day; this one waits for an event.
    assert (
        "Matter deferred: topics for future consultations Twenty-third meeting, b) Waits for PP-26 Waits for an event"
        in said
    )
    assert "Request: the Secretariat Twenty-third meeting, a) No day named Open" in said
    assert (
        "Summary for Council 2026 Ensuring meaningful connectivity to the Internet for landlocked "
        "developing countries (LLDCs) Twenty-second meeting, a) Council 2026"
    ) in said


def test_the_next_meeting_comes_first(client: Client, group: WorkingGroup) -> None:
    day = date(2099, 3, 2)
    Meeting.objects.create(
        group=group,
        ordinal=24,
        first_day=day,
        last_day=day,
        place={"en": "Atlantis"},
        mode="hybrid",
    )
    said = words(client.get("/"), part="section")
    assert said == (
        "Next meeting Twenty-fourth meeting, 2 March 2099 Atlantis, physical and remote "
        "Agenda and documents"
    )


@pytest.mark.django_db
def test_a_group_that_has_nothing_yet_says_what_will_stand_where(client: Client) -> None:
    new = WorkingGroup.objects.create(slug="wg-example")
    new.names.create(acronym={"en": "WG EXAMPLE"})
    assert words(client.get("/"), part="main") == (
        "WG EXAMPLE From the Group Latest report The Chair’s report will stand here once it is "
        "published. Latest meeting The first meeting and its outcomes will stand here once it was "
        "held. Still to come What the Group’s meetings decided and is not done yet will stand here. "
        "Nothing is open today. Topics and what became of them Topics for open consultation will "
        "stand here once the first is proposed. Meetings Meetings will stand here once the first is "
        "called, and keep their place when they are over. About the Group Reports to Not recorded "
        "Chair Not recorded Instruments it rests on The resolutions that the Group’s latest report "
        "cites will stand here."
    )
    assert "each as a page and as Word, PDF and text." in words(client.get("/wg-example/reports/"))
    assert "once the secretariat has entered the first" in words(client.get("/instruments/"))


def test_a_group_is_shown_with_as_many_questions_for_three_topics_as_for_more(
    client: Client, group: WorkingGroup, django_assert_num_queries: Any
) -> None:
    client.get("/")
    with django_assert_num_queries(GROUP_QUERIES):
        client.get("/")
    for number in (1, 2, 3):
        topic = Topic.objects.create(group=group, key=f"t{number}", title={"en": f"Topic {number}"})
        outcome = Outcome.objects.create(
            meeting=group.meetings.get(ordinal=18), kind="request", position=10 + number,
            addressee={"en": "the Secretariat"}, action={"en": "to write"},
        )  # fmt: skip
        outcome.outcome_topics.create(topic=topic)
    with django_assert_num_queries(GROUP_QUERIES):
        client.get("/")


def test_with_two_groups_the_start_page_names_both(client: Client, group: WorkingGroup) -> None:
    other = WorkingGroup.objects.create(slug="wg-example")
    other.names.create(acronym={"en": "WG EXAMPLE"})
    said = words(client.get("/"))
    assert "WG EXAMPLE" in said
    assert str(group) in said


@pytest.mark.django_db
def test_with_no_group_the_start_page_says_what_will_stand_there(client: Client) -> None:
    assert "None has been entered yet." in words(client.get("/"))


def test_what_is_not_there(client: Client, group: WorkingGroup) -> None:
    for address in (
        "/nobody/", "/cwg-wsis-sdg/", f"/{group.slug}/meetings/99/", f"/{group.slug}/meetings/oc-1/",
        f"/{group.slug}/meetings/x/", "/instruments/none/",
    ):  # fmt: skip
        assert client.get(address).status_code == 404


@pytest.mark.parametrize("path", ["meetings/", "reports/"])
def test_a_list_asks_as_often_for_three_rows_as_for_one(
    client: Client, report: Report, django_assert_num_queries: Any, path: str
) -> None:
    asked = {"meetings/": 5, "reports/": 5}[path]
    address = f"/{report.group.slug}/{path}"
    client.get(address)
    with django_assert_num_queries(asked):
        client.get(address)
    for number in (1, 2):
        Meeting.objects.create(
            group=report.group, ordinal=30 + number, first_day=report.as_of, last_day=report.as_of
        )
        Report.objects.create(
            group=report.group, slug=f"copy-{number}", session=report.session, public=True,
            first_day=report.first_day, last_day=report.last_day, as_of=report.as_of,
        )  # fmt: skip
    with django_assert_num_queries(asked):
        client.get(address)


def test_a_cancelled_meeting_is_not_the_latest(client: Client, group: WorkingGroup) -> None:
    day = date(2026, 3, 2)
    Meeting.objects.create(
        group=group, ordinal=24, first_day=day, last_day=day, cancelled_on=date(2026, 2, 1)
    )
    said = words(client.get("/"))
    assert "Latest meeting Twenty-third meeting" in said
    assert "Twenty-fourth meeting 2 March 2026 Not recorded Cancelled" in said
