"""What everybody reads."""

from __future__ import annotations

import html
import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from cwg.report.models import Report
from meetings.models import Meeting, WorkingGroup


def words(answer: Any) -> str:
    """Return what a page says, without its markup."""
    text = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return " ".join(html.unescape(text).split())


def test_the_only_group_kept_here_is_the_start_page(client: Client, group: WorkingGroup) -> None:
    assert words(client.get("/")) == words(client.get(f"/{group.slug}/"))
    assert "Chair’s report to Council 2026 20 January 2026" in words(client.get("/"))


def test_with_two_groups_the_start_page_names_both(client: Client, group: WorkingGroup) -> None:
    other = WorkingGroup.objects.create(slug="wg-example")
    other.names.create(acronym={"en": "WG EXAMPLE"})
    said = words(client.get("/"))
    assert "WG EXAMPLE" in said
    assert str(group) in said


@pytest.mark.django_db
def test_with_no_group_the_start_page_says_what_will_stand_there(client: Client) -> None:
    assert "None has been entered yet." in words(client.get("/"))


def test_a_meeting_tells_its_outcomes_from_its_own_day(client: Client, twentieth: Meeting) -> None:
    said = words(client.get(twentieth.get_absolute_url()))
    assert "Twentieth meeting 4 October 2024 Held" in said
    assert "a) The secretariat launched the open consultation (October 2024 – January 2025)" in said
    assert "would be submitted as part of the Chair’s report to Council 2025. Kept" in said
    assert "Nineteenth meeting Twenty-first meeting" in said


def test_a_report_links_each_meeting_and_its_files(client: Client, report: Report) -> None:
    page = client.get(report.get_absolute_url()).content.decode()
    for meeting in Meeting.objects.filter(group=report.group):
        assert f'href="{meeting.get_absolute_url()}"' in page
        assert f'href="{meeting.get_absolute_url()}#outcome-a"' in page
        assert 'id="outcome-a"' in client.get(meeting.get_absolute_url()).content.decode()
    kinds = {
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "pdf": "application/pdf",
        "txt": "text/plain; charset=utf-8",
    }
    for ending, kind in kinds.items():
        answer = client.get(f"/{report.group.slug}/reports/{report.slug}.{ending}")
        assert answer["Content-Type"] == kind
        assert f"{report.group.slug}-{report.slug}.{ending}" in answer["Content-Disposition"]


def test_a_report_that_is_not_public_is_not_there(client: Client, report: Report) -> None:
    address = report.get_absolute_url()
    assert client.get(address).status_code == 200
    Report.objects.filter(pk=report.pk).update(public=False)
    hidden, absent = client.get(address), client.get(f"/{report.group.slug}/reports/none/")
    assert (hidden.status_code, absent.status_code) == (404, 404)
    assert client.get(f"/{report.group.slug}/reports/{report.slug}.pdf").status_code == 404
    assert "will stand here once they are published" in words(
        client.get(f"/{report.group.slug}/reports/")
    )


def test_instruments(client: Client, group: WorkingGroup) -> None:
    assert "PP Resolution 102" in words(client.get("/instruments/"))
    said = words(client.get("/instruments/council-1305/"))
    assert (
        "Council Resolution 1305 Mod. 2019 Adopted by Council 2019 In force from Not recorded"
        in said
    )
    assert "Dealing effectively with spam" in said


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
    assert "Twenty-fourth meeting 2 March 2026 Cancelled" in said


def test_a_promise_that_was_kept_leads_to_what_kept_it(client: Client, group: WorkingGroup) -> None:
    page = client.get(f"/{group.slug}/meetings/19/").content.decode()
    assert f'<a href="/{group.slug}/meetings/20/">Meeting 20: consultation launched</a>' in page
