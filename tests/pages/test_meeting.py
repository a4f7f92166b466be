"""A meeting as everybody reads it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from consultations.models import Consultation
from meetings.models import Meeting, Outcome, Settlement, WorkingGroup
from tests.typesetting.file_reading import html_words

from .example import LONG_WORD, make_full_meeting
from .page_words import words


def test_a_meeting_tells_its_outcomes_from_its_own_day(client: Client, twentieth: Meeting) -> None:
    answer = client.get(twentieth.get_absolute_url())
    said = words(answer)
    assert "Twentieth meeting 4 October 2024 Held" in said
    assert "Reported in Chair’s report to Council 2026" in said
    assert "Before: Nineteenth meeting After: Twenty-first meeting" in said
    assert " ".join(html_words(answer.content.decode())) == (
        "The main results of the twentieth meeting of the CWG-Internet, held on 4 October 2024, "
        "were: a) The secretariat launched the open consultation (October 2024 – January 2025) on "
        "the topic: The role of public policy in promoting multilingualization of the Internet. "
        "Keeps a promise: Nineteenth meeting, b) "
        "b) The summary of the open consultation on “The developmental aspects to strengthen the "
        "Internet” would be submitted as part of the Chair’s report to Council 2025. "
        "Kept at Council 2025 The summary was submitted as part of the Chair’s report to Council "
        "2025. Source: Chair’s report to Council 2026, 2.3 b) Goes on from: Nineteenth meeting, a)"
    )


def test_everything_that_is_recorded_of_a_meeting_is_shown(
    client: Client, group: WorkingGroup
) -> None:
    meeting = make_full_meeting(group)
    said = words(client.get(meeting.get_absolute_url()), part="main")
    assert said == (
        "Meetings / 2-3 March 2026 Thirtieth meeting 2-3 March 2026 Held Place Exampleville "
        "Participation Physical and remote Cluster Example cluster of March In the chair "
        "Mr Wojciech Berezowski (Poland), first day Ms Ada Example, second day "
        "Outcomes The main results of the thirtieth meeting of the CWG-Internet, held on "
        "2-3 March 2026, were: a) The Group agreed to continue: "
        "Agenda item 2.1 Rests on: EXAMPLE-30/1 (i) soon (ii) well "
        "b) The CWG-Internet requested the Secretariat to write. "
        "Open Goes on from: Thirtieth meeting, a) "
        "c) The CWG-Internet requested the Secretariat to read. "
        "Dropped on 1 April 2026 By: EXAMPLE-30/1 Why: Nobody needs it any more "
        "Goes on from: Thirtieth meeting, a) "
        f"Agenda 1 Opening 1.1 {LONG_WORD} 2 Contributions 2.1 Example contributions "
        "Documents Type All types Contribution of Member States Agenda Sorted by Number "
        "Number, last to first Title, first to last Title, last to first Source, first to last "
        "Source, last to first Type, first to last Type, last to first Date, first to last "
        "Date, last to first Show Number Title Source Type Date Files "
        "EXAMPLE-30/1 Example proposal – Contribution of Member States 20 February 2026 – "
        "30-2 Example agenda – Agenda Not recorded – Put it into a calendar "
        "Before: Twenty-third meeting"
    )


def test_a_cancelled_meeting_says_so_and_keeps_its_number(
    client: Client, group: WorkingGroup
) -> None:
    day = date(2026, 3, 2)
    meeting = Meeting.objects.create(
        group=group, ordinal=24, first_day=day, last_day=day, cancelled_on=date(2026, 2, 1)
    )
    said = words(client.get(meeting.get_absolute_url()), part="main")
    assert (
        "Cancelled This meeting was called off on 1 February 2026 It did not take place. "
        "Its number stays used; no other meeting takes it."
    ) in said
    assert "Outcomes" not in said
    assert "Reported in" not in said


def test_a_meeting_to_come_says_what_will_stand_there(client: Client, group: WorkingGroup) -> None:
    day = date(2099, 3, 2)
    meeting = Meeting.objects.create(group=group, ordinal=24, first_day=day, last_day=day)
    said = words(client.get(meeting.get_absolute_url()), part="main")
    assert "What the meeting decides will stand here after 2 March 2099." in said
    assert "The agenda will stand here once it is published." in said
    assert "Documents will stand here as they are submitted." in said


def test_an_open_consultation_meeting_has_a_page_and_stands_in_the_list(
    client: Client, group: WorkingGroup
) -> None:
    day = date(2025, 9, 12)
    meeting = Meeting.objects.create(
        group=group, series=Meeting.Series.OPEN_CONSULTATION, ordinal=7, first_day=day, last_day=day
    )
    address = f"/{group.slug}/meetings/oc-7/"
    assert meeting.get_absolute_url() == address
    said = words(client.get(address), part="main")
    assert "Seventh open consultation meeting 12 September 2025 Held" in said
    assert "Reported in" not in said
    listed = words(client.get(f"/{group.slug}/meetings/"))
    assert "Seventh open consultation meeting 12 September 2025" in listed


def test_a_promise_that_was_kept_leads_to_what_kept_it(client: Client, group: WorkingGroup) -> None:
    page = client.get(f"/{group.slug}/meetings/19/").content.decode()
    assert (
        f'<p>By: <a href="/{group.slug}/meetings/20/#outcome-20-a">Twentieth meeting, a)</a>'
        ", Consultation launched, October 2024 – January 2025</p>"
    ) in page
    assert 'id="outcome-20-a"' in client.get(f"/{group.slug}/meetings/20/").content.decode()


def test_what_a_person_typed_is_never_markup(client: Client, group: WorkingGroup) -> None:
    meeting = make_full_meeting(group)
    evil = "<script>alert(1)</script>"
    Meeting.objects.filter(pk=meeting.pk).update(place={"en": evil}, cluster=evil)
    Outcome.objects.filter(meeting=meeting, position=2).update(action={"en": evil})
    Settlement.objects.filter(promise__meeting=meeting).update(fact=evil, source=evil, reason=evil)
    for item in meeting.agenda_items.all():
        item.title = {"en": evil}
        item.save()
    page = client.get(meeting.get_absolute_url()).content.decode()
    assert "<script" not in page
    assert page.count("&lt;script&gt;") == 10  # four items, three of a settlement, three more


def test_a_wording_that_cannot_be_printed_hides_nothing_else(
    client: Client, group: WorkingGroup
) -> None:
    meeting = make_full_meeting(group)
    Outcome.objects.filter(meeting=meeting, position=2).update(
        wording={"en": "{{ nonsense }}"}, wording_reason="An example."
    )
    said = words(client.get(meeting.get_absolute_url()), part="main")
    assert "The wording of an outcome cannot be printed yet." in said
    assert "Example proposal" in said


@pytest.mark.parametrize("more", [1, 3])
def test_a_meeting_asks_as_often_for_more_outcomes(
    client: Client, group: WorkingGroup, django_assert_num_queries: Any, more: int
) -> None:
    meetings = [make_full_meeting(group, 30 + number) for number in range(more + 1)]
    earlier = meetings[0].outcomes.get(position=2)
    for number in range(more):
        Consultation.objects.create(
            group=group, slug=f"r{number}", key=f"202{number}-12", record_incomplete=True
        )
        later = Outcome.objects.create(
            meeting=meetings[-1], position=9 + number, kind="noted", action={"en": "it"},
            follows=earlier, agenda_item=meetings[-1].agenda_items.first(),
        )  # fmt: skip
        later.documents.add(*meetings[-1].documents.all())
        other = Outcome.objects.create(
            meeting=meetings[0], position=20 + number, kind="request", action={"en": "it"},
            addressee={"en": "somebody"},
        )  # fmt: skip
        Settlement.objects.create(
            promise=other, how="kept", on=meetings[-1].last_day, by_outcome=later
        )
    with django_assert_num_queries(MEETING_QUERIES):
        client.get(meetings[-1].get_absolute_url())


MEETING_QUERIES = 53
