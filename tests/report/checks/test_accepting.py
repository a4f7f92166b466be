"""A finding accepted: with a reason and a name, until the text at its place changes."""

from __future__ import annotations

from datetime import date

import pytest
from auditlog.models import LogEntry
from django.core.exceptions import ValidationError

from cwg.accounts.models import User
from cwg.report.checks import Finding, check, read
from cwg.report.checks.accepting import (
    AlreadyAcceptedError,
    NoReasonError,
    NotAcceptedError,
    accept,
    blockers,
    lapsed,
    standing,
    take_back,
)
from cwg.report.models import AcceptedFinding, Report
from meetings.models import Meeting, Outcome

DAY = date(2026, 1, 21)
WHY = "As printed in the report that was published."


def bracket(report: Report) -> Finding:
    return next(each for each in check(report) if each.rule == "bracket-unbalanced")


def test_an_accepted_finding_is_open_no_more(report: Report, secretary: User) -> None:
    assert [each.rule for each in blockers(read(report))] == ["bracket-unbalanced"]
    kept = accept(report, bracket(report), secretary, f"  {WHY} ", DAY)
    assert (kept.reason, kept.by, kept.on) == (WHY, secretary, DAY)
    assert blockers(read(report)) == ()
    still_open, settled = standing(check(report), AcceptedFinding.objects.all())
    assert [each.rule for each in still_open] == [
        "by-hand", "by-hand", "window-differs", "launch-not-recorded", "by-hand",
    ]  # fmt: skip
    assert [(each.place, why.reason) for each, why in settled] == [("2.2 b)", WHY)]
    assert lapsed(check(report), AcceptedFinding.objects.all()) == {}


def test_it_lapses_when_the_text_there_changes_and_not_before(
    report: Report, secretary: User
) -> None:
    accept(report, bracket(report), secretary, WHY, DAY)
    Meeting.objects.filter(ordinal=18).update(ordinal=17)  # elsewhere, and every number moves on
    Outcome.objects.filter(meeting__ordinal=23).delete()
    assert blockers(read(report)) == ()
    promise = Outcome.objects.get(meeting__ordinal=19, position=2)
    promise.wording = {"en": promise.wording["en"].replace("next cluster", "the next cluster")}  # type: ignore[index]  # the demo record changes it
    promise.save()
    assert [each.place for each in blockers(read(report))] == ["2.2 b)"]
    again = bracket(report)
    assert again.subject != ""


def test_a_finding_whose_other_half_changes_lapses_too(report: Report, secretary: User) -> None:
    Outcome.objects.filter(meeting__ordinal=20, position=1).update(window_to=date(2025, 2, 1))
    window = next(each for each in check(report) if each.rule == "window-differs")
    accept(report, window, secretary, WHY, DAY)
    Outcome.objects.filter(meeting__ordinal=19, position=2).update(window_to=date(2025, 3, 1))
    found = check(report)
    assert [each.rule for each in standing(found, report.accepted_findings.all())[0]].count(
        "window-differs"
    ) == 1
    assert list(lapsed(found, report.accepted_findings.all())) == [(window.rule, window.subject)]
    now = next(each for each in found if each.rule == "window-differs")
    accept(report, now, secretary, "Said anew.", DAY)
    assert AcceptedFinding.objects.get().reason == "Said anew."


def test_a_reason_is_needed_and_one_is_enough(report: Report, secretary: User) -> None:
    finding = bracket(report)
    with pytest.raises(NoReasonError, match="Say why the finding may stay"):
        accept(report, finding, secretary, " \n ", DAY)
    with pytest.raises(ValidationError):
        accept(report, finding, secretary, "long " * 100, DAY)
    assert not AcceptedFinding.objects.exists()
    accept(report, finding, secretary, WHY, DAY)
    with pytest.raises(AlreadyAcceptedError, match="accepted already, with the reason “As printed"):
        accept(report, finding, secretary, "Another", DAY)
    assert AcceptedFinding.objects.get().reason == WHY


def test_what_was_accepted_can_be_taken_back(report: Report, secretary: User) -> None:
    finding = bracket(report)
    with pytest.raises(NotAcceptedError, match="nothing was taken back"):
        take_back(report, finding, secretary)
    accept(report, finding, secretary, WHY, DAY)
    take_back(report, finding, secretary)
    assert [each.rule for each in blockers(read(report))] == ["bracket-unbalanced"]


def test_the_history_keeps_who_accepted_and_why(report: Report, secretary: User) -> None:
    finding = bracket(report)
    accept(report, finding, secretary, WHY, DAY)
    take_back(report, finding, secretary)
    entries = LogEntry.objects.filter(content_type__model="acceptedfinding").order_by("pk")
    assert [(each.actor, each.additional_data) for each in entries] == [
        (secretary, {"activity": "accepting.accept", "reason": WHY}),
        (secretary, {"activity": "accepting.take_back", "reason": ""}),
    ]


def test_the_acceptance_of_one_report_says_nothing_of_another(
    report: Report, secretary: User
) -> None:
    other = Report.objects.get(pk=report.pk)
    other.pk, other.slug = None, "again"
    other.save()
    accept(report, bracket(report), secretary, WHY, DAY)
    assert other.accepted_findings.count() == 0
