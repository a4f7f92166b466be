"""The demo record as fixtures: a conftest.py imports the ones its tests ask for."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.core import serializers
from django.core.management import call_command
from django.db.models import Model
from pytest_django.plugin import DjangoDbBlocker

from cwg.report.models import Report
from meetings.models import Meeting, MemberState, Region, WorkingGroup

ROOMS = ("meetings", "consultations", "report", "auditlog")
# The rows that loading the demo record wrote, to be written again without reading the file anew:
# most tests meet this record, and loading it takes longer than most of them.
_written: list[tuple[type[Model], list[Model]]] = []


@pytest.fixture(scope="session", autouse=True)
def brought_by_migrations(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> str:
    """Keep the rows that stand after `migrate`, before any test can flush them.

    Django's own `serialized_rollback` keeps them on the connection, of which there is another one
    from the moment when Playwright's loop runs in this thread.
    """
    with django_db_blocker.unblock():
        rows = [*Region.objects.all(), *MemberState.objects.all()]
        return str(serializers.serialize("json", rows))


@pytest.fixture
def as_migrated(transactional_db: None, brought_by_migrations: str) -> None:
    """Bring the rows that stand after `migrate`: the flush after each such test takes them."""
    if not MemberState.objects.exists():
        for row in serializers.deserialize("json", brought_by_migrations):
            row.save()


@pytest.fixture
def group(db: None, request: pytest.FixtureRequest) -> WorkingGroup:
    """The group of the demo record, with everything it holds."""
    marked = request.node.get_closest_marker("django_db")
    if marked is not None and marked.kwargs.get("transaction"):
        # What is emptied after each test comes back under other keys: only the file knows names
        request.getfixturevalue("as_migrated")
        call_command("load_demo", verbosity=0)
    elif _written:
        for model, rows in _written:
            model._base_manager.bulk_create(rows)
    else:
        stood = {
            model: set(model._base_manager.values_list("pk", flat=True)) for model in _models()
        }
        call_command("load_demo", verbosity=0)
        for model in _models():
            rows = [row for row in model._base_manager.order_by("pk") if row.pk not in stood[model]]
            if rows:
                _written.append((model, rows))
    return WorkingGroup.objects.get(record_kept_here=True)


def _models() -> list[type[Model]]:
    every = apps.get_models(include_auto_created=True)
    return [model for model in every if model._meta.app_label in ROOMS]


@pytest.fixture
def report(group: WorkingGroup) -> Report:
    """The Chair's report of the demo record."""
    return Report.objects.select_related("session", "type", "signed_by__country").get(group=group)


@pytest.fixture
def twentieth(group: WorkingGroup) -> Meeting:
    """The meeting that kept one promise and reported one summary."""
    return Meeting.objects.get(group=group, ordinal=20)
