"""The migration that gave roles their names: who was the secretariat is its lead, and back."""

from __future__ import annotations

from datetime import date
from importlib import import_module

from django.apps import apps

from meetings.models import RoleTerm
from tests.two_groups import make_group, make_person

MIGRATION = import_module("meetings.migrations.0004_roles")


def terms() -> list[tuple[str, str]]:
    return sorted(RoleTerm.objects.values_list("person__email", "role"))


def test_terms_keep_their_people_and_days_both_ways(db: None) -> None:
    group = make_group("own")
    for role in RoleTerm.Role:
        make_person(group, role)
    both = make_person(group, "lead", "both@example.org")
    RoleTerm.objects.create(person=both, group=group, role="editor", from_day=date(2000, 1, 1))
    MIGRATION.backwards(apps, None)
    assert terms() == [
        ("both@example.org", "secretariat"),
        ("chair-own@example.org", "reader"),
        ("editor-own@example.org", "secretariat"),
        ("lead-own@example.org", "secretariat"),
        ("reader-own@example.org", "reader"),
        ("vice_chair-own@example.org", "reader"),
    ]
    MIGRATION.forwards(apps, None)
    assert {role for _, role in terms()} == {"lead", "reader"}
    assert set(RoleTerm.objects.values_list("from_day", flat=True)) == {date(2000, 1, 1)}
