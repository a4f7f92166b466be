"""A draft goes to the Chair, is remarked on, cleared and finalised."""

from __future__ import annotations

from typing import Any

import pytest
from auditlog.models import LogEntry
from django.db import IntegrityError, transaction

from cwg.accounts.models import User
from cwg.report import clearance, finalising
from cwg.report.checks import accepting, check, read
from cwg.report.clearance import State
from cwg.report.models import Clearance, Comment, Passage, Report
from meetings import editions
from meetings.models import Document, Edition, Outcome
from meetings.promises import state
from meetings.typesetting.text import render_text
from tests.report.steps import AT, accept_blockers, cleared, rename_topic, said, standing


@pytest.fixture
def lead(secretary: User) -> User:
    """The lead of the group's secretariat."""
    return secretary


def test_a_report_goes_from_draft_to_edition(report: Report, lead: User, chair: User) -> None:
    assert standing(report) is State.DRAFT
    clearance.send(report, by=lead, at=AT)
    assert standing(report) is State.WITH_CHAIR
    clearance.send_back(report, by=chair, at=AT, reason="Name the topic in full.")
    assert standing(report) is State.RETURNED
    cleared(report, lead, chair)
    assert standing(report) is State.CLEARED
    rename_topic()
    assert standing(report) is State.CHANGED
    cleared(report, lead, chair)
    accept_blockers(report, lead)
    edition = finalising.finalise(report, by=lead, at=AT)
    assert standing(report) is State.FINALISED
    assert (edition.cleared_by, edition.finalised_by) == (str(chair), str(lead))
    assert sorted(file.form for file in edition.files.all()) == ["docx", "html", "pdf", "text"]
    assert "Islands" in bytes(edition.files.get(form="text").content).decode()


def test_what_is_kept_is_never_rendered_again(report: Report, lead: User, chair: User) -> None:
    cleared(report, lead, chair)
    accept_blockers(report, lead)
    edition = finalising.finalise(report, by=lead, at=AT)
    before = {file.form: bytes(file.content) for file in edition.files.all()}
    rename_topic()
    assert {file.form: bytes(file.content) for file in Edition.objects.get().files.all()} == before
    assert editions.document_of(edition) != said(report)


def test_a_second_edition_is_a_revision_with_a_reason(
    report: Report, lead: User, chair: User
) -> None:
    Report.objects.filter(pk=report.pk).update(document_number="C26/51")
    report.refresh_from_db()
    cleared(report, lead, chair)
    accept_blockers(report, lead)
    finalising.finalise(report, by=lead, at=AT)
    with pytest.raises(editions.NothingChangedError):
        finalising.finalise(report, by=lead, at=AT, reason="Again.")
    rename_topic()
    with pytest.raises(finalising.NotClearedError):
        finalising.finalise(report, by=lead, at=AT, reason="A topic was renamed.")
    cleared(report, lead, chair)
    accept_blockers(report, lead)
    with pytest.raises(editions.NoReasonError):
        finalising.finalise(report, by=lead, at=AT)
    revised = finalising.finalise(report, by=lead, at=AT, reason="A topic was renamed.")
    assert revised.designation == "Rev.1"
    assert str(revised) == "C26/51 Rev.1"
    text = bytes(revised.files.get(form="text").content).decode()
    assert "Document C26/51(Rev.1)\n" in text
    assert standing(report) is State.FINALISED
    assert list(editions.verify()) == []


def test_a_blocker_holds_it_up_until_it_is_accepted(
    report: Report, lead: User, chair: User
) -> None:
    cleared(report, lead, chair)
    assert [finding.place for finding in accepting.blockers(read(report))] == ["2.2 b)"]
    with pytest.raises(finalising.BlockedError, match="a finding"):
        finalising.finalise(report, by=lead, at=AT)
    assert not Edition.objects.exists()
    assert not Document.objects.filter(kind="report").exists()
    accept_blockers(report, lead)
    finalising.finalise(report, by=lead, at=AT)
    assert Edition.objects.count() == 1


def test_finalising_settles_the_promises_that_were_confirmed(
    report: Report, lead: User, chair: User
) -> None:
    promise = Outcome.objects.get(meeting__ordinal=22, position=1)
    assert list(finalising.promises_kept(report)) == [promise]
    cleared(report, lead, chair)
    accept_blockers(report, lead)
    finalising.finalise(report, by=lead, at=AT, keeps=[promise])
    promise = Outcome.objects.get(pk=promise.pk)
    report.refresh_from_db()
    settled = promise.settlement
    assert (settled.how, settled.by_document, settled.at_session) == (
        "kept", report.document, report.session,
    )  # fmt: skip
    assert state(promise, report.session.ends()).value == "kept"
    assert not finalising.promises_kept(report).exists()


def test_the_chair_clears_what_the_chair_read(report: Report, lead: User, chair: User) -> None:
    clearance.send(report, by=lead, at=AT)
    read = editions.words_of(said(report))
    rename_topic()
    with pytest.raises(clearance.ReadAnotherError):
        clearance.clear(report, said(report), seen=read, by=chair, at=AT)
    assert standing(report) is State.WITH_CHAIR


def test_steps_that_cannot_be_taken_are_refused(report: Report, lead: User, chair: User) -> None:
    document = said(report)
    with pytest.raises(clearance.NotWithTheChairError):
        clearance.send_back(report, by=chair, at=AT, reason="No.")
    with pytest.raises(clearance.NotWithTheChairError):
        clearance.clear(report, document, seen=editions.words_of(document), by=chair, at=AT)
    clearance.send(report, by=lead, at=AT)
    with pytest.raises(clearance.WithTheChairError):
        clearance.send(report, by=lead, at=AT)
    with pytest.raises(clearance.NoReasonError):
        clearance.send_back(report, by=chair, at=AT, reason=" ")
    clearance.take_back(report, by=lead, at=AT, reason="A slip.")
    assert standing(report) is State.DRAFT
    with pytest.raises(finalising.NotClearedError, match="^The report is draft"):
        finalising.finalise(report, by=lead, at=AT)


def test_a_remark_keeps_what_the_paragraph_said(report: Report, lead: User, chair: User) -> None:
    document = said(report)
    remark = clearance.comment(
        report, document, "outcome-20-a", "Is it the third round?", by=chair, at=AT
    )
    assert (remark.place, remark.by_name) == ("2.3 a)", str(chair))
    assert remark.quoted.startswith("The secretariat launched the open consultation")
    for anchor, text in (("outcome-20-a", "  "), ("nowhere", "Something.")):
        with pytest.raises(clearance.NothingSaidError):
            clearance.comment(report, document, anchor, text, by=chair, at=AT)
    with pytest.raises(clearance.NoReasonError):
        clearance.settle_comment(remark, " ", by=lead, at=AT)
    clearance.settle_comment(remark, "It is the second.", by=lead, at=AT)
    assert Comment.objects.get().done_how == "It is the second."


def test_the_chair_writes_the_chairs_own_section_only(report: Report, chair: User) -> None:
    own = Passage.objects.get(report=report, key="recommendation")
    other = Passage.objects.filter(report=report, shape="numbered").exclude(chairs_own=True)[0]
    assert own.chairs_own
    seen = clearance.stamp(own)
    clearance.write_own(own, "The Chair thanks {{ group.acronym }}.", seen=seen, by=chair)
    assert "3.1\tThe Chair thanks CWG-Internet.\n" in render_text(said(report))
    with pytest.raises(clearance.NotTheChairsError):
        clearance.write_own(other, "Mine.", seen=clearance.stamp(other), by=chair)
    entry = LogEntry.objects.order_by("-pk")[0]
    assert entry.additional_data == {"activity": "clearance.write_own", "reason": ""}


ROWS: list[dict[str, Any]] = [
    {"answer": "cleared", "answered_at": AT, "answered_by": "x"},
    {"answer": "returned", "answered_at": AT, "answered_by": "x"},
    {"answer": "withdrawn", "answered_at": None, "answered_by": "x"},
    {"answer": "withdrawn", "answered_at": AT, "answered_by": ""},
    {"answer": "waiting", "answered_at": AT},
]


@pytest.mark.parametrize("row", ROWS)
def test_the_database_refuses_half_an_answer(report: Report, row: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Clearance.objects.create(report=report, sent_at=AT, sent_by="x", **row)


def test_one_draft_is_with_the_chair_at_a_time(report: Report) -> None:
    Clearance.objects.create(report=report, sent_at=AT, sent_by="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        Clearance.objects.create(report=report, sent_at=AT, sent_by="y")


def test_the_checks_of_the_demo_report(report: Report) -> None:
    assert [(finding.place, finding.severity.value) for finding in check(report)] == [
        ("2.2 a)", "note"), ("2.2 b)", "blocker"), ("2.2 b)", "note"),
        ("2.4 a)", "warning"), ("2.4 a)", "note"),
    ]  # fmt: skip


def test_what_was_done_about_a_remark_is_said_once(report: Report, lead: User, chair: User) -> None:
    document = said(report)
    anchor = next(iter(clearance.paragraphs(document)))
    remark = clearance.comment(report, document, anchor, "Why?", by=chair, at=AT)
    stale = Comment.objects.get(pk=remark.pk)
    clearance.settle_comment(remark, "Explained.", by=lead, at=AT)
    with pytest.raises(clearance.DoneAlreadyError, match="Explained"):
        clearance.settle_comment(stale, "Removed.", by=chair, at=AT)
    assert Comment.objects.get().done_how == "Explained."


def test_a_report_keeps_no_promise_to_another_session(
    report: Report, lead: User, chair: User
) -> None:
    cleared(report, lead, chair)
    accept_blockers(report, lead)
    kept = set(finalising.promises_kept(report))
    other = next(each for each in Outcome.objects.filter(settlement=None) if each not in kept)
    with pytest.raises(finalising.NotKeptHereError, match="no open promise that this report keeps"):
        finalising.finalise(report, by=lead, at=AT, keeps=[other])
    assert kept
    assert not Edition.objects.exists()
