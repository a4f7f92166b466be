"""Summaries attached to a report: printed as an annex, and their promises settled by their documents."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client

from consultations.models import Summary
from consultations.summary import finalising as summaries
from cwg.accounts.models import User
from cwg.report import finalising
from cwg.report.compose import compose
from cwg.report.files import render_document
from cwg.report.gather import gather
from cwg.report.models import AttachedSummary, Report
from meetings.models import (
    Edition,
    Kind,
    Meeting,
    Outcome,
    OutcomeTopic,
    Session,
    Settlement,
    Topic,
)
from meetings.typesetting.text import render_text
from meetings.typesetting.tree import Document, Paragraph, plain
from tests.consultations.summarizing import make_desk
from tests.report.desk import page
from tests.report.steps import AT, accept_blockers, cleared, said
from tests.two_groups import make_person
from tests.typesetting.file_reading import docx_words, html_words, text_words
from tests.typesetting.pdf_reading import reading

FINAL = datetime(2026, 2, 3, 12, tzinfo=UTC)


@pytest.fixture
def lead(report: Report) -> User:
    return make_person(report.group, "lead")


@pytest.fixture
def chair(report: Report) -> User:
    return make_person(report.group, "chair")


@pytest.fixture
def attached(report: Report) -> AttachedSummary:
    """The summary of the demo record, attached to the report of the demo record."""
    return report.summaries.select_related("summary__consultation", "summary__document").get()


@pytest.fixture
def promise(report: Report) -> Outcome:
    """An open promise of the summary of that round, to the session of the report."""
    held = Meeting.objects.get(group=report.group, ordinal=23)
    made = Outcome.objects.create(
        meeting=held, kind=Kind.SUMMARY, session=report.session, position=9,
        follows=Outcome.objects.get(meeting__ordinal=20, position=1),
    )  # fmt: skip
    topic = Topic.objects.get(group=report.group, key="multilingualization")
    OutcomeTopic.objects.create(outcome=made, topic=topic, position=1)
    return made


def annexes(report: Report) -> list[str]:
    return [f"{plain(each.label)}: {plain(each.heading)}" for each in said(report).annexes]


def test_finalising_settles_the_promise_as_kept_by_the_summary(
    report: Report, attached: AttachedSummary, promise: Outcome, lead: User, chair: User
) -> None:
    accept_blockers(report, lead)
    cleared(report, lead, chair)
    finalising.finalise(report, by=lead, at=AT)
    settled = Settlement.objects.get(promise=promise)
    assert (settled.how, settled.by_document, settled.at_session) == (
        "kept", attached.summary.document, report.session,
    )  # fmt: skip
    assert settled.by_document is not None
    assert settled.by_document.number == "CWG-Internet-21/EXAMPLE"


def test_other_promises_of_the_session_stay_open(
    report: Report, promise: Outcome, lead: User, chair: User
) -> None:
    other = Outcome.objects.get(meeting__ordinal=22, position=1)  # of another round
    accept_blockers(report, lead)
    cleared(report, lead, chair)
    finalising.finalise(report, by=lead, at=AT)
    assert not Settlement.objects.filter(promise=other).exists()


def test_without_the_summary_the_promise_is_kept_by_the_report_where_somebody_says_so(
    report: Report, attached: AttachedSummary, promise: Outcome, lead: User, chair: User
) -> None:
    attached.delete()
    accept_blockers(report, lead)
    cleared(report, lead, chair)
    edition = finalising.finalise(report, by=lead, at=AT, keeps=[promise])
    assert Settlement.objects.get(promise=promise).by_document == edition.document


def test_a_summary_that_is_not_final_holds_the_report_up(
    report: Report, attached: AttachedSummary, promise: Outcome, lead: User, chair: User
) -> None:
    summaries.reopen(attached.summary, "One more comment.", by=lead, at=FINAL)
    accept_blockers(report, lead)
    cleared(report, lead, chair)
    with pytest.raises(finalising.NotFinalSummaryError, match="is attached and not final yet"):
        finalising.finalise(report, by=lead, at=AT)
    assert not Edition.objects.exists()
    assert not Settlement.objects.filter(promise=promise).exists()


def test_a_report_carries_the_summary_as_an_annex_in_every_file(
    report: Report, attached: AttachedSummary
) -> None:
    before = render_text(said(report))
    assert annexes(report) == []
    attached.annex = True
    attached.save()
    document = said(report)
    assert annexes(report) == [
        "Annex 1: Summary of contributions to the open consultation on “The role of public policy in "
        "promoting multilingualization of the Internet” (example)"
    ]
    text = render_text(document)
    assert text.startswith(before.rstrip("\n"))
    words = text_words(text)
    assert "مثال" in words
    assert html_words(render_document(document, "html").decode()) == words
    assert docx_words(render_document(document, "docx")) == words
    # a PDF says Arabic letters in the order in which they are set
    assert others(reading(render_document(document, "pdf")).split()) == others(words)


def others(words: list[str]) -> list[str]:
    """Return the words that no Arabic letter is in."""
    return [each for each in words if not re.search("[\u0600-\u06ff]", each)]


def test_every_way_inside_the_annex_leads_to_a_place_of_the_report(
    report: Report, attached: AttachedSummary
) -> None:
    attached.annex = True
    attached.save()
    document = said(report)
    (annex,) = document.annexes
    blocks = [each for each in annex.blocks if isinstance(each, Paragraph)]
    there = [each.anchor for each in blocks if each.anchor]
    ways = [span.href for each in blocks for span in each.text if span.href.startswith("#")]
    assert len(there) == len(set(there))
    assert not {*there} & {each.anchor for each in every_paragraph(document)}
    assert set(ways) == {f"#summary-2024-10-paragraph-{number}" for number in (3, 4, 5, 6)}
    assert {way[1:] for way in ways} <= {*there}
    out = {span.href for each in blocks for span in each.text if span.href.startswith("http")}
    assert "/cwg-internet/contributions/2024-10/4/" in {
        f"/{each.split('/', 3)[3]}".partition("#")[0] for each in out
    }


def every_paragraph(document: Document) -> list[Any]:
    return [each for section in document.sections for each in section.paragraphs]


def test_the_annex_is_the_edition_that_was_kept_whatever_changed_since(
    report: Report, attached: AttachedSummary, lead: User
) -> None:
    attached.annex = True
    attached.save()
    summaries.reopen(attached.summary, "To keep it with its files.", by=lead, at=FINAL)
    summaries.finalise(attached.summary, by=lead, at=FINAL)
    kept = render_text(said(report))
    row = attached.summary.paragraphs.get(text__startswith="One example would list")
    row.text = "Something else [1]."
    row.save()
    assert render_text(said(report)) == kept
    assert "Something else" not in kept


def test_what_is_gathered_asks_for_no_summary_where_none_is_printed(
    report: Report, attached: AttachedSummary, django_assert_num_queries: Any
) -> None:
    fresh = Report.objects.select_related("session", "type").get(pk=report.pk)
    with django_assert_num_queries(16):
        compose(gather(fresh))


def test_a_summary_is_attached_once_and_none_of_another_group(
    report: Report, attached: AttachedSummary
) -> None:
    with pytest.raises(ValidationError, match="This summary is attached already"):
        AttachedSummary(report=report, summary=attached.summary).full_clean()
    other = make_desk().summary
    with pytest.raises(ValidationError, match="This summary is one of another group"):
        AttachedSummary(report=report, summary=other).full_clean()


def test_it_is_attached_where_the_report_is_prepared(
    report: Report, attached: AttachedSummary, cast: dict[str, Client]
) -> None:
    shown = cast["editor"].get(page(report, "change")).content.decode()
    assert "Summaries of rounds" in shown
    assert str(Summary.objects.get()) in shown


def test_the_page_says_what_finalising_settles(
    report: Report, promise: Outcome, cast: dict[str, Client]
) -> None:
    answer = cast["lead"].get(page(report, "finalise"))
    words = " ".join(answer.content.decode().split())
    assert "CWG-Internet-21/EXAMPLE, is attached. Finalising settles as kept by it: " in words
    assert f'value="{promise.pk}"' not in words


def test_another_session_keeps_no_promise(
    report: Report, promise: Outcome, lead: User, chair: User
) -> None:
    promise.session = Session.objects.get(key="council-2025")
    promise.save()
    accept_blockers(report, lead)
    cleared(report, lead, chair)
    finalising.finalise(report, by=lead, at=AT)
    assert not Settlement.objects.filter(promise=promise).exists()


def test_the_sentence_of_the_report_leads_to_the_summary_once_everybody_reads_it(
    report: Report, attached: AttachedSummary, client: Client
) -> None:
    address = f"/{report.group.slug}/reports/{report.slug}/"
    way = f"/{report.group.slug}/consultations/multilingualization-2024/summary/"
    before = client.get(address).content.decode()
    assert way not in before
    out = StringIO()
    call_command("keep_summaries", stdout=out)
    call_command("keep_summaries", stdout=out)
    assert out.getvalue() == (
        "Kept CWG-Internet-21/EXAMPLE with its files.\n"
        "Every final summary has its edition already.\n"
    )
    edition = Edition.objects.get()
    assert (edition.finalised_at, edition.finalised_by) == (
        attached.summary.final_at, "The record file",
    )  # fmt: skip
    said_ = client.get(address).content.decode()
    topic = "The role of public policy in promoting multilingualization of the Internet"
    assert f'The summary of the open consultation on “<a href="{way}">{topic}</a>”' in said_
    assert html_words(said_.replace(f'<a href="{way}">{topic}</a>', topic)) == html_words(before)
    summary = client.get(way).content.decode()
    assert "/contributions/2024-10/4/#answer-1" in summary
    back = client.get(f"/{report.group.slug}/contributions/2024-10/4/").content.decode()
    assert f'<a href="{way}#paragraph-6">6</a>' in back


def test_the_public_draft_of_a_report_prints_no_summary_that_is_not_public(
    report: Report, attached: AttachedSummary
) -> None:
    attached.annex = True
    attached.save()
    summaries.keep_loaded()
    address = report.get_absolute_url()
    stood = str(attached.summary.paragraphs.get(position=1, question=None).text)[:40]
    assert stood in Client().get(address).content.decode()
    Summary.objects.filter(pk=attached.summary_id).update(published_at=None, public_editions=[])
    assert stood not in Client().get(address).content.decode()
    assert stood in render_text(compose(gather(report)).document)  # at the desk it is printed
