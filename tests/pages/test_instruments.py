"""The instruments that groups rest on."""

from __future__ import annotations

from typing import Any

from django.test import Client

from meetings.models import Instrument, ListedTopic, Topic, WorkingGroup

from .page_words import words


def test_the_list_names_each_with_the_revisions_recorded(
    client: Client, group: WorkingGroup
) -> None:
    Instrument.objects.get(key="council-1305").revisions.create(label={"en": "Mod. 2031"})
    assert words(client.get("/instruments/"), part="tbody") == (
        "Council Resolution 1305 Mod. 2019 Mod. 2031 Council Resolution 1336 Mod. 2019 "
        "PP Resolution 102 Rev. Bucharest, 2022 PP Resolution 140 Rev. Bucharest, 2022"
    )


def test_a_listed_topic_says_how_often_it_was_drawn_on(client: Client, group: WorkingGroup) -> None:
    tenth = ListedTopic.objects.get(position=10)
    other = WorkingGroup.objects.create(slug="wg-example")
    other.names.create(acronym={"en": "WG EXAMPLE"})
    Topic.objects.create(group=other, key="t", title={"en": "An example"}, draws_on=tenth)
    named = WorkingGroup.objects.create(slug="wg-named", record_kept_here=False)
    Topic.objects.create(group=named, key="t", title={"en": "Not kept here"}, draws_on=tenth)
    answer = client.get("/instruments/council-1305/")
    said = words(answer, part="main")
    assert said.startswith(
        "Instruments / Council Council Resolution 1305 Mod. 2019 Adopted by Council 2019 "
        "In force from Not recorded Text No address recorded "
        "Listed topics, and the topics of open consultation that draw on each "
        "No. Listed topic Drawn on 1 Multilingualization of the Internet including "
        "internationalized (multilingual) domain names Once The role of public policy in promoting "
        "multilingualization of the Internet CWG-Internet Round of October 2024 – January 2025 "
        "2 International Internet connectivity Never consulted on "
    )
    assert (
        "10 Developmental aspects of the Internet 3 times The developmental aspects to strengthen "
        "the Internet CWG-Internet Round of February 2024 – September 2024 "
        "Developmental Aspects of the Internet CWG-Internet An example WG EXAMPLE 11 "
    ) in said
    assert "Not kept here" not in said


def test_they_stand_in_the_frame_of_the_only_group(client: Client, group: WorkingGroup) -> None:
    for address in ("/instruments/", "/instruments/pp-102/", "/accounts/login/", "/nobody/"):
        assert words(client.get(address), part="header") == (
            "CWG-Internet Council Working Group on international Internet-related public policy "
            "issues Consultations Meetings Reports Instruments Search"
        )
    WorkingGroup.objects.create(slug="wg-example")
    assert words(client.get("/instruments/"), part="header") == (
        "Working groups Groups Instruments Search"
    )


def test_an_instrument_without_text_says_what_will_stand_there(
    client: Client, group: WorkingGroup
) -> None:
    instrument = Instrument.objects.get(key="pp-140")
    Instrument.objects.create(body=instrument.body, key="pp-1", number="1")
    said = words(client.get("/instruments/pp-1/"), part="main")
    assert "will stand here once the secretariat has entered the first" in said


def test_both_pages_ask_as_often_for_more_rows(
    client: Client, group: WorkingGroup, django_assert_num_queries: Any
) -> None:
    instrument = Instrument.objects.get(key="council-1305")
    for more in (0, 2):
        for number in range(more):
            revision = instrument.revisions.create(label={"en": f"Mod. 203{number}"})
            listed = revision.listed_topics.create(position=1, text={"en": "Listed"})
            topic = {"en": f"Topic {number}"}
            Topic.objects.create(group=group, key=f"t{number}", title=topic, draws_on=listed)
            Instrument.objects.create(body=instrument.body, key=f"i{number}", number=f"{number}")
        with django_assert_num_queries(LIST_QUERIES):
            client.get("/instruments/")
        with django_assert_num_queries(PAGE_QUERIES):
            client.get("/instruments/council-1305/")


LIST_QUERIES, PAGE_QUERIES = 5, 8
