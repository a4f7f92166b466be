"""The demo record as fixtures: a conftest.py imports the ones its tests ask for."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from cwg.report.models import Report
from meetings.models import Meeting, WorkingGroup


@pytest.fixture
def group(db: None) -> WorkingGroup:
    """The group of the demo record, with everything it holds."""
    call_command("load_demo", verbosity=0)
    return WorkingGroup.objects.get(record_kept_here=True)


@pytest.fixture
def report(group: WorkingGroup) -> Report:
    """The Chair's report of the demo record."""
    return Report.objects.select_related("session", "type", "signed_by__country").get(group=group)


@pytest.fixture
def twentieth(group: WorkingGroup) -> Meeting:
    """The meeting that kept one promise and reported one summary."""
    return Meeting.objects.get(group=group, ordinal=20)
