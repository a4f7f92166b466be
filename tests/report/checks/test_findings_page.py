"""The page on which staff see findings, accept them and take that back."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from cwg.report.checks import check
from cwg.report.checks.addresses import address
from cwg.report.checks.page import findings_page
from cwg.report.checks.reading import read
from cwg.report.models import AcceptedFinding, Passage, Report
from meetings.models import HousePattern, Meeting, Outcome
from tests.report.checks.breaking import both, cites, new_meeting, of_report, says


def at(report: Report) -> str:
    return reverse("admin:report_report_findings", args=[report.pk])


def blocker(page: str) -> dict[str, str]:
    """Return the hidden fields of the blocker's form, as a browser would send them."""
    items = re.findall(r'<li class="card finding".*?</li>', page, re.DOTALL)
    item = next(each for each in items if "never closed" in each)
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', item))


def test_findings_stand_with_their_weight_place_and_record(
    as_secretary: Client, report: Report
) -> None:
    page = as_secretary.get(at(report)).content.decode()
    assert "Findings: 1 blocker, 2 warnings, 3 notes" in page
    assert "cannot be finalised" in page
    assert "A bracket is opened and never closed: “(after next cluster of CWGs.”" in page
    nineteenth = Meeting.objects.get(ordinal=19, series="own")
    outcomes = reverse("admin:meetings_meeting_outcomes", args=[nineteenth.pk])
    assert f'href="{outcomes}#id_outcomes-1-wording">Outcome 19 b)</a>' in page
    later = Meeting.objects.get(ordinal=22, series="own")
    promise = Outcome.objects.get(meeting__ordinal=21, position=1)
    opened = reverse("admin:meetings_meeting_outcomes", args=[later.pk])
    assert f'href="{opened}#id_promise-{promise.pk}-how_0">Record the launch</a>' in page
    preview = reverse("admin:report_report_preview", args=[report.pk])
    assert f'href="{preview}#outcome-19-b">2.2 b)</a>' in page


def test_the_fields_that_links_lead_to_stand_there(
    as_administrator: Client, report: Report
) -> None:
    """A link that names a field is of use only where the page has it."""
    Passage.objects.filter(report=report, key="recommendation").update(
        text={"en": "The Group met (again, as WG met."}
    )
    Passage.objects.filter(report=report, label__en="Financial implications").update(text=None)
    of_report(document_number="C25/51", title={"en": "Report on the CWG-WSIS&SDG"})(report)
    checked = read(Report.objects.get(pk=report.pk))
    seen = set()
    for finding in check(Report.objects.get(pk=report.pk)):
        page, words = address(finding, checked)
        address_, _, field = page.partition("#")
        assert words
        answer = as_administrator.get(address_).content.decode()
        assert f'id="{field}"' in answer, (finding.rule, page)
        seen.add(finding.model)
    assert seen == {
        "consultations.consultation", "meetings.outcome", "report.passage", "report.report",
    }  # fmt: skip


def test_a_finding_is_accepted_and_taken_back_without_scripts(
    as_secretary: Client, report: Report
) -> None:
    sent = blocker(as_secretary.get(at(report)).content.decode()) | {"reason": "As printed."}
    answer = as_secretary.post(at(report), sent)
    assert (answer.status_code, answer.headers["Location"]) == (302, at(report))
    said = [str(each) for each in get_messages(answer.wsgi_request)]
    assert said == ["2.2 b) is accepted, with your reason."]
    page = as_secretary.get(at(report)).content.decode()
    assert "Findings: 2 warnings, 3 notes" in page
    assert "cannot be finalised" not in page
    assert "“As printed.”" in page
    sent = blocker(page)
    assert sent["act"] == "take_back"
    assert as_secretary.post(at(report), sent).status_code == 302
    assert not AcceptedFinding.objects.exists()
    assert "Findings: 1 blocker" in as_secretary.get(at(report)).content.decode()


def test_a_form_on_the_preview_comes_back_to_the_preview(
    as_secretary: Client, report: Report
) -> None:
    shown = findings_page(read(report), may_accept=True, back="preview")
    row = next(each for each in shown.open if each.word == "Blocker")
    sent = {"finding": row.token, "seen": row.seen, "reason": "So.", "back": shown.back}
    answer = as_secretary.post(shown.action, sent)
    assert answer.headers["Location"] == reverse("admin:report_report_preview", args=[report.pk])
    assert shown.printed == ""


def test_nothing_typed_is_lost_and_the_problem_stands_at_its_place(
    as_secretary: Client, report: Report
) -> None:
    sent = blocker(as_secretary.get(at(report)).content.decode())
    page = as_secretary.post(at(report), sent | {"reason": "  "}).content.decode()
    assert page.count("Say why the finding may stay. Nothing was accepted.") == 2
    page = as_secretary.post(at(report), sent | {"reason": "long " * 80}).content.decode()
    assert "long long" in page
    assert "at most 300" in page
    assert not AcceptedFinding.objects.exists()


def test_what_changed_meanwhile_is_not_accepted(as_secretary: Client, report: Report) -> None:
    sent = blocker(as_secretary.get(at(report)).content.decode()) | {"reason": "As printed."}
    Outcome.objects.filter(meeting__ordinal=19, position=2).update(window_to="2025-02-01")
    page = as_secretary.post(at(report), sent).content.decode()
    assert "The report changed since this page was read" in page
    assert 'value="As printed."' in page
    gone = sent | {"finding": "0" * 16}
    assert "The report changed since" in as_secretary.post(at(report), gone).content.decode()
    assert not AcceptedFinding.objects.exists()


def test_an_acceptance_that_lapsed_is_shown_as_lapsed(as_secretary: Client, report: Report) -> None:
    sent = blocker(as_secretary.get(at(report)).content.decode()) | {"reason": "As printed."}
    as_secretary.post(at(report), sent)
    Outcome.objects.filter(meeting__ordinal=19, position=2).update(window_to="2025-02-01")
    page = as_secretary.get(at(report)).content.decode()
    assert "(“As printed.”); the text has changed since, so it stands open again." in page


def test_a_reader_sees_and_accepts_nothing(as_reader: Client, report: Report) -> None:
    page = as_reader.get(at(report)).content.decode()
    assert "A bracket is opened and never closed" in page
    assert '<form method="post" action="' + at(report) not in page
    shown = findings_page(read(report), may_accept=True)
    row = shown.open[1]
    sent = {"finding": row.token, "seen": row.seen, "reason": "So."}
    assert as_reader.post(at(report), sent).status_code == 403
    assert not AcceptedFinding.objects.exists()


def test_somebody_without_a_role_is_kept_out(as_stranger: Client, report: Report) -> None:
    assert as_stranger.get(at(report)).status_code in {302, 403}


def test_a_report_that_cannot_be_composed_says_why(as_secretary: Client, report: Report) -> None:
    HousePattern.objects.create(
        group=report.group, name="meeting_heading", text={"en": "At {nothing}:"}
    )
    page = as_secretary.get(at(report)).content.decode()
    assert "There is no slot “nothing” in this sentence." in page


def test_a_clean_report_says_so(as_administrator: Client, clean: Report) -> None:
    Outcome.objects.filter(meeting__group=clean.group, meeting__ordinal=14, position=1).update(
        wording=None
    )
    page = as_administrator.get(at(clean)).content.decode()
    assert "Nothing is open: every check agrees with the record." in page


@pytest.mark.parametrize("accepted", [1, 3])
def test_the_number_of_queries_is_fixed(
    report: Report, django_assert_num_queries: Any, accepted: int, secretary: Any
) -> None:
    for finding in check(report)[:accepted]:
        AcceptedFinding.objects.create(
            report=report, rule=finding.rule, subject=finding.subject, words=finding.words,
            reason="So", by=secretary, on="2026-01-21",
        )  # fmt: skip
    with django_assert_num_queries(27):
        shown = findings_page(read(report), may_accept=True)
    assert len(shown.accepted) == accepted


def test_references_and_meetings_have_pages_too(as_administrator: Client, clean: Report) -> None:
    both(
        cites("pp-179", "Rev. Dubai, 2018"), says("The {{ group.name }} met."),
        new_meeting(16, date(2025, 2, 3), date(2025, 2, 3)),
    )(clean)  # fmt: skip
    checked = read(Report.objects.get(pk=clean.pk))
    pages = {each.rule: address(each, checked) for each in check(clean)}
    held = Meeting.objects.get(group=clean.group, series="own", ordinal=16)
    change = reverse("admin:report_report_change", args=[clean.pk])
    assert pages["revision-not-in-force"] == (f"{change}#references-group", "Open the references")
    assert pages["meeting-without-outcomes"] == (
        reverse("admin:meetings_meeting_outcomes", args=[held.pk]), "Record outcomes",
    )  # fmt: skip
    assert 'id="references-group"' in as_administrator.get(change).content.decode()
