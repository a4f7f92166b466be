"""Who is named, in a record file: what was decided comes back, and the same file byte for byte."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command

from consultations import alike_names, joining, moderation
from consultations.models import (
    Contribution,
    Contributor,
    ContributorMerge,
    NamesAlike,
    Naming,
    Standing,
)
from meetings.models import RoleTerm, WorkingGroup
from tests.consultations.making import MEANWHILE, make_contribution, make_round
from tests.consultations.test_naming import published
from tests.record.test_contributions import load
from tests.record.test_groups import empty
from tests.record.test_record_file import dumped
from tests.two_groups import make_person


def make_decided() -> WorkingGroup:
    """Make contributors of whom something was decided: merged, undone, told apart, spelled anew."""
    round_ = make_round()
    editor = make_person(round_.group, RoleTerm.Role.EDITOR, "editor@example.org")
    for name in ("The Example Union", "Example Union", "Example Unions", "Third", "العربية"):
        published(round_, name, publish_name=False)
    second = [published(round_, "", name="Example Person") for _ in range(2)][1]
    union, unions, third, *_ = Contributor.objects.order_by("pk")
    by: Any = {"at": MEANWHILE, "by": editor}
    joining.respell(union, "Example Union", "As it writes itself.", **by)
    joining.undo(joining.merge(unions, union, "One.", **by), "Two.", **by)
    joining.tell_apart(unions, union, "Two unions.", **by)
    joining.merge(third, unions, "One.", **by)
    joining.split(second.namings.get(), "Another person.", **by)
    moderation.take_back(Contribution.objects.get(number=4), "To look again.", **by)
    return round_.group


def test_what_was_decided_comes_back_byte_for_byte(db: None, tmp_path: Path) -> None:
    group = make_decided()
    before, copy = dumped(group.slug), tmp_path / "copy.yaml"
    copy.write_text(before, encoding="utf-8", newline="")
    people = [each["slug"] for each in yaml.safe_load(before)["contributors"]]
    assert people == [
        "example-union", "example-unions", "third", "organisation", "example-person",
        "example-person-2",
    ]  # fmt: skip
    shown = {each.contributor.slug: each.shown.slug for each in Naming.objects.all()}
    offered = alike_names.offered().count()
    empty()
    load(copy)
    assert dumped(group.slug) == before
    assert {each.contributor.slug: each.shown.slug for each in Naming.objects.all()} == shown
    assert alike_names.offered().count() == offered
    assert ContributorMerge.objects.get(undone_at=None).into.slug == "example-unions"
    assert NamesAlike.objects.filter(told_apart_at__isnull=False).count() == 2


def test_what_is_found_anew_by_the_names_is_not_said(db: None, tmp_path: Path) -> None:
    round_ = make_round()
    published(round_)
    published(round_, "Another", name="Somebody Else")
    file, copy = dumped(round_.group.slug), tmp_path / "copy.yaml"
    assert "contributors:" not in file
    copy.write_text(file, encoding="utf-8", newline="")
    empty()
    load(copy)
    assert Contributor.objects.count() == 4


def test_published_in_another_order_keeps_its_addresses(db: None, tmp_path: Path) -> None:
    round_ = make_round()
    editor = make_person(round_.group, RoleTerm.Role.EDITOR, "editor@example.org")
    first = make_contribution(
        round_, organisations=["Example A"], publish_organisation=True, publish_name=False
    )
    published(round_, "Example: a!", publish_name=False)
    published(round_, "Example A 2", publish_name=False)
    moderation.publish(first, at=MEANWHILE, by=editor)
    before, copy = dumped(round_.group.slug), tmp_path / "copy.yaml"
    copy.write_text(before, encoding="utf-8", newline="")
    empty()
    load(copy)
    assert dumped(round_.group.slug) == before
    assert first.standing == Standing.AWAITING


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ("- into: example-unions\n", "- into: nobody\n", "does not stand in this file"),
        ("- into: example-unions\n", "- into: example-person\n", "never the same"),
        ("- into: example-unions\n", "- into: third\n", "into itself"),
        ("- 2026-03/3/1\n", "- 2026-03/99/1\n", "does not stand in this file"),
        ("- 2026-03/3/1\n", "- 2026-03/3/2\n", "does not stand in this file"),
        ("- 2026-03/3/1\n", "- 2026-03/5/1\n", "somebody’s already"),
        ("- slug: the-example-union\n", "- slug: third\n", "another contributor has this address"),
        ("slug: example-unions\n", "slug: a/b\n", "contributors"),
    ],
)
def test_what_contradicts_itself_is_refused(
    db: None, tmp_path: Path, was: str, now: str, said: str
) -> None:
    text, copy = dumped(make_decided().slug), tmp_path / "copy.yaml"
    assert was in text
    head, found, rest = text.rpartition(was) if "into" in was else text.partition(was)
    copy.write_text(head + found.replace(was, now) + rest, encoding="utf-8", newline="")
    empty()
    with pytest.raises(CommandError, match=said):
        call_command("load_record", str(copy))
    assert not Contributor.objects.exists()


def test_merges_that_lead_round_are_refused(db: None, tmp_path: Path) -> None:
    text, copy = dumped(make_decided().slug), tmp_path / "copy.yaml"
    was = text.replace("- into: example-union\n", "- into: third\n")
    again = re.sub(r" +undone_(at|reason): .*\n", "", was)
    assert len({text, was, again}) == 3
    copy.write_text(again, encoding="utf-8", newline="")
    empty()
    with pytest.raises(CommandError, match="circle"):
        call_command("load_record", str(copy))
