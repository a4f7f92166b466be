"""What everybody reads of a report that was finalised."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.test import Client

from cwg.accounts.models import User
from cwg.report import clearance, finalising
from cwg.report.checks import accepting, read
from cwg.report.compose import compose
from cwg.report.gather import gather
from cwg.report.models import Consideration, Report
from meetings import editions
from meetings.models import Edition, Topic
from tests.pages.page_words import words

AT = datetime(2026, 2, 3, 12, 30, tzinfo=UTC)


def finalise(report: Report, people: tuple[User, User], reason: str = "") -> Edition:
    """Bring the report through the Chair's hands to its next edition."""
    lead, chair = people
    document = compose(gather(report)).document
    clearance.send(report, by=lead, at=AT)
    clearance.clear(report, document, seen=editions.words_of(document), by=chair, at=AT)
    for finding in accepting.blockers(read(report)):
        accepting.accept(report, finding, lead, "As printed.", date(2026, 2, 3))
    return finalising.finalise(report, by=lead, at=AT, reason=reason)


@pytest.fixture
def people(secretary: User, chair: User) -> tuple[User, User]:
    """The lead of the secretariat and the Chair."""
    return secretary, chair


def rename() -> None:
    """Change a word that the report prints."""
    topic = Topic.objects.get(key="lldcs")
    topic.title = {"en": "Islands"}
    topic.save()


def test_a_finalised_report_is_read_as_it_was_kept(
    client: Client, report: Report, people: tuple[User, User]
) -> None:
    edition = finalise(report, people)
    rename()
    page = report.get_absolute_url()
    said = words(client.get(page))
    assert "Islands" not in said
    assert "Finalised on 3 February 2026, cleared by the Chair on 3 February 2026." in said
    for ending, form in (("docx", "docx"), ("html", "html"), ("pdf", "pdf"), ("txt", "text")):
        kept = bytes(edition.files.get(form=form).content)
        assert client.get(f"{page.rstrip('/')}.{ending}").content == kept
        assert client.get(f"{page}original.{ending}").content == kept
        assert editions.sha256(kept) in said


def test_an_older_edition_says_that_a_later_one_stands(
    client: Client, report: Report, people: tuple[User, User]
) -> None:
    finalise(report, people)
    rename()
    finalise(
        Report.objects.select_related("type").get(pk=report.pk), people, "A topic was renamed."
    )
    page = report.get_absolute_url()
    assert "Islands" in words(client.get(page))
    assert "A later edition stands" not in words(client.get(page))
    older = words(client.get(f"{page}original/"))
    assert "Islands" not in older
    assert "A later edition stands: Rev.1 of 3 February 2026" in older
    assert "A topic was renamed." in words(client.get(f"{page}rev-1/"))
    assert client.get(f"{page}rev-2/").status_code == 404
    assert client.get(f"{page}rev-2.pdf").status_code == 404


def test_what_became_of_it_is_public(client: Client, report: Report) -> None:
    Consideration.objects.create(
        report=report, on=date(2026, 5, 4), decision="noted", summary_record="C26/100"
    )
    assert "What became of it Noted on 4 May 2026, C26/100" in words(
        client.get(report.get_absolute_url())
    )


def test_an_edition_of_a_report_that_is_not_public_is_not_there(
    client: Client, report: Report, people: tuple[User, User]
) -> None:
    finalise(report, people)
    page = report.get_absolute_url()
    assert client.get(f"{page}original/").status_code == 200
    Report.objects.filter(pk=report.pk).update(public=False)
    for address in (page, f"{page}original/", f"{page}original.pdf"):
        assert client.get(address).status_code == 404
