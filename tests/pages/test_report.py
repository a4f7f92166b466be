"""Reports as everybody reads them."""

from __future__ import annotations

from django.test import Client

from cwg.report import files
from cwg.report.compose import compose
from cwg.report.gather import gather
from cwg.report.models import Report
from meetings.models import Meeting
from tests.typesetting.file_reading import html_words, text_words

from .page_words import words


def test_the_page_has_the_words_of_the_text_in_their_order(client: Client, report: Report) -> None:
    text = files.render(compose(gather(report)), "text").decode()
    page = client.get(report.get_absolute_url()).content.decode()
    assert html_words(page.replace("\u2011", "-")) == text_words(text.replace("\u2011", "-"))


def test_every_number_of_a_meeting_leads_to_its_page(client: Client, report: Report) -> None:
    page = client.get(report.get_absolute_url()).content.decode()
    for place, meeting in enumerate(Meeting.objects.filter(group=report.group).own_series(), 1):
        address, ordinal = meeting.get_absolute_url(), meeting.ordinal
        assert (
            f'<p id="meeting-{ordinal}" class="numbered"><span class="number"><a href="{address}"'
            in page
        )
        assert f' meeting">2.{place}</a> </span>' in page
        for letter in "ab"[: meeting.outcomes.count()]:
            anchor = f"outcome-{ordinal}-{letter}"
            assert (
                f'<p id="{anchor}" class="numbered"><span class="number"><a href="{address}#{anchor}"'
                in page
            )
            assert f'id="{anchor}"' in client.get(address).content.decode()
    assert 'aria-label="2.3 twentieth meeting">2.3</a>' in page


def test_the_contents_lead_to_the_sections(client: Client, report: Report) -> None:
    answer = client.get(report.get_absolute_url())
    assert words(answer, part="aside").startswith(
        "In this report 1 Introduction 2 CWG-Internet activities 3 Recommendations to PP-26 "
    )
    page = answer.content.decode()
    for number in "123":
        assert f'<a href="#section-{number}">' in page
        assert f'<h3 id="section-{number}"' in page


def test_a_report_is_listed_with_its_files(client: Client, report: Report) -> None:
    Report.objects.filter(pk=report.pk).update(document_number="C26/51")
    said = words(client.get(f"/{report.group.slug}/reports/"), part="tbody")
    assert said == (
        "Chair’s report to Council 2026 C26/51 October 2023 to January 2026 20 January 2026 "
        "Word · PDF · Text"
    )
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
    meeting = client.get(f"/{report.group.slug}/meetings/20/")
    assert "Reported in" not in words(meeting)
