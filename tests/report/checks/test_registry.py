"""The rules, their documentation, and the number of queries they take."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from cwg.report.checks import RULES, check
from cwg.report.checks.lexicon import FOLDER, lexicon
from cwg.report.models import Report
from meetings.languages import LANGUAGES
from meetings.models import Meeting, Outcome, WorkingGroup

ROOT = Path(__file__).parents[3]


def test_the_documented_table_is_the_registry() -> None:
    page = (ROOT / "docs" / "checks.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([\w-]+)` \| (\w+) \| (.+) \|$", page, re.MULTILINE)
    assert rows == [(rule.name, rule.severity, rule.finds) for rule in RULES]


def test_the_heavier_rules_stand_first() -> None:
    weights = {"blocker": 0, "warning": 1, "note": 2}
    order = [weights[rule.severity] for rule in RULES]
    assert order == sorted(order)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.toml")), ids=lambda path: path.stem)
def test_every_pattern_of_a_lexicon_can_be_read(path: Path) -> None:
    assert path.stem in LANGUAGES
    known = lexicon(path.stem)
    assert known is not None
    for part, said in known.said.items():
        if not isinstance(said, dict):
            continue
        for name, text in said.items():
            if isinstance(text, str):
                parts = dict.fromkeys(re.findall(r"(?<!\?P)<(\w+)>", text), "x")
                known.pattern(f"{part}.{name}", **parts)


def test_every_pattern_asked_for_stands_in_the_complete_lexicon() -> None:
    known = lexicon("en")
    assert known is not None
    asked = {
        name
        for path in (ROOT / "cwg" / "report" / "checks").glob("*.py")
        for name in re.findall(r"\"((?:\w+)\.(?:\w+))\"", path.read_text())
        if name.split(".")[0] in known.said
    }
    assert len(asked) > 25
    for name in asked:
        part, _, key = name.partition(".")
        assert key in known.said[part], name


def test_a_language_without_a_file_has_no_lexicon() -> None:
    assert lexicon("zh") is None


def test_fifty_meetings_take_as_many_queries_as_six(
    report: Report, group: WorkingGroup, django_assert_num_queries: Any
) -> None:
    for number in range(30, 74):
        day = date(2010, 1, 1) + timedelta(days=30 * number)
        held = Meeting.objects.create(group=group, ordinal=number, first_day=day, last_day=day)
        for position in range(3):
            Outcome.objects.create(
                meeting=held, position=position, kind="noted", action={"en": "the report"}
            )
    fresh = Report.objects.select_related("session", "type", "signed_by__country").get(pk=report.pk)
    fresh.first_day = date(2010, 1, 1)
    with django_assert_num_queries(26):
        check(fresh)
