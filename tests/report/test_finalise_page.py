"""The page on which a report is finalised: what it says before and where it cannot be done."""

from __future__ import annotations

from typing import Any

from django.test import Client

from cwg.report.models import Report
from meetings.models import Edition, Meeting, Outcome, Settlement, Topic
from tests.report.desk import act, cleared, finalised, page


def test_a_promise_that_cannot_be_settled_holds_finalising_up_and_is_said(
    report: Report, cast: dict[str, Client]
) -> None:
    """The meeting that promised it was moved past the session's last day."""
    promise = Outcome.objects.get(meeting__ordinal=22, position=1)
    Meeting.objects.filter(ordinal=22).update(first_day="2026-06-01", last_day="2026-06-02")
    cleared(report, cast)
    answer = cast["lead"].post(page(report, "finalise"), {"keeps": [promise.pk]})
    assert answer.status_code == 422
    said = answer.content.decode()
    assert "was made at the meeting of 1 June 2026; it cannot have been settled before." in said
    assert "Nothing was finalised." in said
    assert f'value="{promise.pk}" id="id_keeps_0" checked' in said
    assert (Edition.objects.count(), Settlement.objects.filter(promise=promise).count()) == (0, 0)


def test_before_it_is_done_the_page_says_what_stands_in_the_way(
    report: Report, cast: dict[str, Client]
) -> None:
    act(cast["chair"], report, "remark", anchor="outcome-20-a", text="Which round?")
    said = cast["lead"].get(page(report, "finalise")).content.decode()
    assert "The Chair clears it first" in said
    assert "One remark is not answered yet" in said
    way = page(report, "findings")
    assert f'<a href="{way}">Mend it, or accept it with a reason</a>' in said


def test_what_did_not_change_is_not_offered_to_be_finalised(
    report: Report, cast: dict[str, Client]
) -> None:
    edition = finalised(report, cast)
    shown: Any = cast["lead"].get(page(report, "finalise"))
    assert f"Nothing changed since {edition}" in shown.content.decode().replace("&#x27;", "'")
    assert "Why it is made" not in shown.content.decode()
    Topic.objects.filter(key="lldcs").update(title={"en": "Islands"})
    assert "Why it is made" in cast["lead"].get(page(report, "finalise")).content.decode()
