"""On whole records: what is found in the demo record, and that nothing is in a clean one."""

from __future__ import annotations

from typing import Any

from consultations.models import Consultation
from cwg.report.checks import Finding, check
from cwg.report.models import Passage, Report
from tests.report.checks.breaking import purpose, says


def said(report: Report) -> list[tuple[str, str, str]]:
    return [(each.place, each.severity.value, each.rule) for each in check(report)]


DEMO = [
    ("2.2 a)", "note", "by-hand"),
    ("2.2 b)", "blocker", "bracket-unbalanced"),
    ("2.2 b)", "note", "by-hand"),
    ("2.3 a)", "warning", "window-differs"),
    ("2.4 a)", "warning", "launch-not-recorded"),
    ("2.4 a)", "note", "by-hand"),
]


def test_the_demo_record_holds_these_findings_and_no_other(report: Report) -> None:
    assert said(report) == DEMO


def test_a_finding_says_where_what_and_which_record_to_open(report: Report) -> None:
    bracket, window, launch = (each for each in check(report) if each.rule != "by-hand")
    assert bracket == Finding(
        rule="bracket-unbalanced", severity=bracket.severity, place="2.2 b)",
        anchor="outcome-19-b",
        sentence="A bracket is opened and never closed: “(after next cluster of CWGs.”",
        model="meetings.outcome", key=bracket.key, field="wording",
        subject=f"meetings.outcome {bracket.key} wording ( (after next cluster of CWGs.",
        words="The secretariat would launch the following round of open consultation (October 2024 "
        "– January 2025) on the topic: The role of public policy in promoting multilingualization "
        "of the Internet (after next cluster of CWGs.",
    )  # fmt: skip
    assert (window.anchor, window.model, window.field, window.sentence) == (
        "outcome-20-a", "consultations.consultation", "heading",
        "“October 2024 – January 2025”: the heading of the round’s page says “November 2024”.",
    )  # fmt: skip
    assert (launch.anchor, launch.model, launch.field) == (
        "outcome-21-a", "meetings.outcome", "settlement",
    )  # fmt: skip
    assert launch.sentence == (
        "“ITU secretariat would launch the next round of open consultation (February-September "
        "2025)”: no later outcome records the launch. 2.5 a) goes on from it."
    )


def test_without_the_heading_that_names_another_month_there_is_one_finding_less(
    report: Report,
) -> None:
    Consultation.objects.filter(slug="multilingualization-2024").update(heading=None)
    assert said(report) == [each for each in DEMO if each[2] != "window-differs"]


def test_a_day_of_opening_is_said_with_the_launch_that_nobody_recorded(report: Report) -> None:
    Consultation.objects.filter(slug="lldcs-2025").update(opens_day="2025-02-28")
    launch = next(each for each in check(report) if each.rule == "launch-not-recorded")
    assert launch.sentence.endswith("The consultation opened on 28 February 2025.")
    assert said(report) == DEMO


def test_nothing_is_found_in_the_record_of_another_group(clean: Report) -> None:
    assert said(clean) == [("2.2 a)", "note", "by-hand")]


def test_two_groups_side_by_side_are_checked_each_by_its_own(report: Report, clean: Report) -> None:
    assert said(report) == DEMO
    assert said(clean) == [("2.2 a)", "note", "by-hand")]


def test_findings_stand_in_the_order_of_the_page(clean: Report) -> None:
    purpose("A purpose (not closed, in line with {{ instruments }}.")(clean)
    says("The the Group met (again.")(clean)
    assert [each[::2] for each in said(clean)] == [
        ("cover: Purpose", "bracket-unbalanced"),
        ("2.2 a)", "by-hand"),
        ("3.1", "bracket-unbalanced"),
        ("3.1", "word-doubled"),
    ]


def test_a_language_without_a_lexicon_has_no_rules_that_read_prose(
    clean: Report, monkeypatch: Any
) -> None:
    says("The the Group met (again, [check].")(clean)
    with_lexicon = {each.rule for each in check(clean)}
    monkeypatch.setattr("cwg.report.checks.reading.lexicon", lambda language: None)
    without = {each.rule for each in check(clean)}
    assert with_lexicon - without == {"word-doubled", "bracket-unbalanced", "editor-bracket"}


def test_the_number_of_queries_is_fixed(report: Report, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(26):
        check(report)


def test_a_passage_that_says_nothing_in_the_language_is_missing_once(clean: Report) -> None:
    Passage.objects.filter(report=clean, shape="plain").update(text={"fr": "Rien."})
    assert said(clean)[-1:] == [("after 2.3", "blocker", "slot-unresolved")]
