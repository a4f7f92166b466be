"""One Chair at a time: the rule across rows, broken through the admin and through the record file."""

from __future__ import annotations

from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from meetings.models import Officer, WorkingGroup

REFUSED = (
    "Majed Al-Mazyed is Chair until 31 December 2022. "
    "A group has one Chair at a time: end one term before the other begins."
)


def typed(group: WorkingGroup, **change: str) -> dict[str, Any]:
    return {
        "group": str(group.pk), "key": "example", "role": "chair", "name_en": "Anna Example",
        "gender": "female", "from_day": "", "to_day": "",
    } | change  # fmt: skip


def add(client: Client, group: WorkingGroup, **change: str) -> str:
    answer = client.post(reverse("admin:meetings_officer_add"), typed(group, **change))
    if answer.status_code == 302:
        return ""
    form = answer.context["adminform"].form
    return "; ".join(text for texts in form.errors.values() for text in texts)


def test_the_form_refuses_a_second_chair(as_administrator: Client, group: WorkingGroup) -> None:
    assert add(as_administrator, group) == REFUSED
    assert Officer.objects.filter(group=group).count() == 2


def test_who_comes_may_begin_on_the_day_the_other_ends(
    as_administrator: Client, group: WorkingGroup
) -> None:
    Officer.objects.filter(key="berezowski").update(to_day=date(2025, 6, 17))
    assert add(as_administrator, group, from_day="2025-06-16") == (
        "Wojciech Berezowski is Chair from 1 January 2023 until 17 June 2025. "
        "A group has one Chair at a time: end one term before the other begins."
    )
    assert add(as_administrator, group, from_day="2025-06-17") == ""
    own = Officer.objects.get(key="example")
    own.full_clean()  # a Chair does not stand in their own way


@pytest.mark.parametrize("role", ["acting_chair", "vice_chair"])
def test_others_may_stand_beside_the_chair(
    as_administrator: Client, group: WorkingGroup, role: str
) -> None:
    assert add(as_administrator, group, role=role) == ""


@pytest.mark.parametrize(
    ("mine", "other", "overlap"),
    [
        ((None, None), (None, None), True),
        ((None, date(2025, 1, 1)), (None, date(2024, 1, 1)), True),
        ((date(2025, 1, 1), None), (date(2024, 1, 1), None), True),
        ((None, date(2025, 1, 1)), (date(2025, 1, 1), None), False),
        ((date(2025, 1, 1), date(2025, 1, 1)), (date(2025, 1, 1), date(2025, 2, 1)), True),
        ((date(2024, 1, 1), date(2025, 1, 1)), (date(2024, 5, 1), date(2024, 6, 1)), True),
    ],
)
def test_which_terms_overlap(mine: Any, other: Any, overlap: bool) -> None:
    assert Officer(from_day=mine[0], to_day=mine[1]).overlaps(*other) is overlap
    assert Officer(from_day=other[0], to_day=other[1]).overlaps(*mine) is overlap


FILE = """\
format: 1
group:
  slug: wg-example
  names:
    - acronym: {en: WG EXAMPLE}
  officers:
    - {key: b, role: chair, name: {en: Bruno Example}, from: 2024-01-02}
    - {key: a, role: chair, name: {en: Anna Example}, to: 2024-01-01}
"""


def test_the_record_file_is_refused_with_two_chairs(db: None, tmp_path: Path) -> None:
    file = tmp_path / "record.yaml"
    file.write_text(FILE.replace("to: 2024-01-01", "to: 2024-01-03"), encoding="utf-8")
    with pytest.raises(CommandError) as refused:
        call_command("load_record", str(file))
    assert str(refused.value) == (
        f"{file}:8: group.officers[2]: role: Bruno Example is Chair from 2 January 2024. "
        "A group has one Chair at a time: end one term before the other begins."
    )
    assert not WorkingGroup.objects.exists()


def test_the_order_of_officers_is_that_of_their_terms(db: None, tmp_path: Path) -> None:
    file, out = tmp_path / "record.yaml", StringIO()
    file.write_text(FILE, encoding="utf-8")
    call_command("load_record", str(file), stdout=StringIO())
    call_command("dump_record", stdout=out)
    assert out.getvalue().index("key: a") < out.getvalue().index("key: b")
