"""The second group of the demonstration: an example, with a round that is open."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from consultations import counting
from consultations.models import Consultation
from consultations.models.consultation import State
from cwg.accounts.management.commands.demo_accounts import ACCOUNTS
from cwg.record.management.commands.load_demo import DEMO
from meetings.models import RoleTerm, WorkingGroup
from tests.pages.page_words import words
from tests.record.test_groups import empty

GROUP = "example-group"


def load_example(*arguments: str) -> str:
    out = StringIO()
    call_command("load_example", *arguments, stdout=out)
    return out.getvalue()


def dumped(group: str) -> str:
    out = StringIO()
    call_command("dump_record", group, stdout=out)
    return out.getvalue()


def test_its_round_opened_a_week_ago_and_is_open_for_weeks(group: WorkingGroup) -> None:
    assert load_example() == "Loaded the record of CWG-Example, an example.\n"
    made = Consultation.objects.get(group__slug=GROUP)
    at = timezone.now()
    assert made.state(at) == State.OPEN
    assert made.opens_at is not None
    assert timedelta(days=6) < at - made.opens_at < timedelta(days=8)
    assert made.state(at + timedelta(weeks=4)) == State.OPEN
    assert made.key == f"{made.opens_at:%Y-%m}"
    assert counting.tally(made).words() == "3 received = 3 published"
    assert all(
        each.example and each.received_at is not None and made.opens_at < each.received_at < at
        for each in made.contributions.all()
    )


def test_loading_it_twice_changes_nothing(group: WorkingGroup) -> None:
    load_example("--day", "2026-03-09")
    before = dumped(GROUP)
    assert load_example() == (
        "The record of “example-group” stands here already; it is left as it is.\n"
    )
    assert dumped(GROUP) == before
    assert dumped(group.slug) == DEMO.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("day", "opens", "closes"),
    [
        # the clock is changed between both: each keeps its time of day
        ("2026-03-09", datetime(2026, 3, 2, 8, tzinfo=UTC), datetime(2026, 4, 10, 21, 59, tzinfo=UTC)),
        ("2026-10-08", datetime(2026, 10, 1, 7, tzinfo=UTC), datetime(2026, 11, 9, 22, 59, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_every_time_of_day_stays_when_the_clock_is_changed(
    db: None, day: str, opens: datetime, closes: datetime
) -> None:
    load_example("--day", day)
    made = Consultation.objects.get()
    assert (made.opens_at, made.closes_at) == (opens, closes)


def test_it_is_dumped_and_loaded_the_same(db: None, tmp_path: Path) -> None:
    load_example("--day", "2026-03-09")
    before, copy = dumped(GROUP), tmp_path / "copy.yaml"
    copy.write_text(before, encoding="utf-8")
    empty()
    call_command("load_record", str(copy), stdout=StringIO())
    assert dumped(GROUP) == before


@pytest.mark.parametrize("day", ["2026-02-30", "tomorrow", "2026"])
def test_a_day_that_cannot_be_is_refused(db: None, day: str) -> None:
    with pytest.raises(CommandError, match=f"“{day}” is no day"):
        load_example("--day", day)
    assert not WorkingGroup.objects.exists()


def test_the_people_of_the_demonstration_have_their_roles_in_both_groups(
    group: WorkingGroup,
) -> None:
    load_example()
    call_command("demo_accounts", stdout=StringIO())
    for slug in (group.slug, GROUP):
        terms = RoleTerm.objects.filter(group__slug=slug, from_day=date(2023, 1, 1))
        assert dict(terms.values_list("person__email", "role")) == {
            email: role.value for email, role in ACCOUNTS.items()
        }


def test_the_start_page_lists_both_groups_and_what_is_open(
    client: Client, group: WorkingGroup
) -> None:
    load_example()
    said = words(client.get("/"), part="main")
    assert said.startswith("Working groups ")
    assert "CWG-Example Example Working Group Open An example topic: what makes it easy" in said
    assert "CWG-Internet Council Working Group on international Internet-related" in said


def test_the_latest_report_is_still_the_demo_groups(group: WorkingGroup, tmp_path: Path) -> None:
    file = tmp_path / "report.txt"
    call_command("chairs_report", "--output", str(file), stderr=StringIO())
    before = file.read_bytes()
    load_example()
    call_command("chairs_report", "--output", str(file), stderr=StringIO())
    assert file.read_bytes() == before
