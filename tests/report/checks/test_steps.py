"""How much a check does, counted in Python's own steps: as the record grows, so do they, no faster."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from cwg.report.checks import RULES, Checked, Rule, findings, read
from cwg.report.checks.addresses import address
from cwg.report.models import Report
from meetings.models import Meeting, Outcome, OutcomeTopic, Topic

TWICE = 2.1  # a record twice as large may take this many times the steps


def steps(act: Callable[[], object]) -> int:
    """Return how many of Python's instructions `act` takes."""
    taken, watch, tool = itertools.count(), sys.monitoring, 4  # a number that no other tool takes
    watch.use_tool_id(tool, "steps")
    try:
        watch.register_callback(tool, watch.events.INSTRUCTION, lambda *_: next(taken))
        watch.set_events(tool, watch.events.INSTRUCTION)
        act()
    finally:
        watch.set_events(tool, watch.events.NO_EVENTS)
        watch.free_tool_id(tool)
    return next(taken)


def enlarge(report: Report, meetings: int) -> None:
    """Add so many meetings, each with a promise again of one round and a sentence changed by hand."""
    topic = Topic.objects.filter(group=report.group).first()
    assert topic is not None
    standing = Meeting.objects.filter(group=report.group).count()
    follows = (
        Outcome.objects.filter(meeting__ordinal__gte=100, kind="would_launch").order_by("pk").last()
    )
    for number in range(standing, standing + meetings):
        day = date(2001, 1, 1) + timedelta(days=20 * number)
        held = Meeting.objects.create(
            group=report.group, ordinal=100 + number, first_day=day, last_day=day
        )
        month = date(2030, 1 + number % 12, 1)
        follows = Outcome.objects.create(
            meeting=held, position=0, kind="would_launch", window_from=month, window_to=month,
            follows=follows,
        )  # fmt: skip
        OutcomeTopic.objects.create(outcome=follows, topic=topic)
        Outcome.objects.create(
            meeting=held, position=1, kind="noted", action={"en": "the report"},
            wording={"en": "The Chair, Ms A. B., stated will be held, (as Poland and Japan said."},
            wording_reason="It was said so.",
        )  # fmt: skip


@pytest.fixture
def grown(clean: Report) -> list[Checked]:
    """The report over twenty meetings more, and over twice as many."""
    checked = []
    for meetings in (20, 20):
        enlarge(clean, meetings)
        report = Report.objects.select_related("session", "signed_by__country").get(pk=clean.pk)
        report.first_day, report.last_day = date(2000, 1, 1), date(2029, 1, 1)
        found = read(report)
        for rule in RULES:  # what the rules share is read by the first that asks
            list(rule(found))
        checked.append(found)
    return checked


def test_no_rule_takes_more_than_its_share_for_a_larger_record(grown: list[Checked]) -> None:
    def all_of(rule: Rule, checked: Checked) -> int:
        return steps(lambda: list(rule(checked)))

    taken = {rule.name: [all_of(rule, checked) for checked in grown] for rule in RULES}
    assert {name for name, (few, many) in taken.items() if many > TWICE * few} == set()


def test_the_links_of_findings_take_their_share_each(grown: list[Checked]) -> None:
    def links(checked: Checked) -> int:
        found = findings(checked)
        assert len(found) > 30
        address(found[0], checked)
        return steps(lambda: [address(each, checked) for each in found])

    few, many = map(links, grown)
    assert many <= TWICE * few
