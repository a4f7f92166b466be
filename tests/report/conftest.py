"""Who meets the pages of a report."""

from __future__ import annotations

import pytest
from django.test import Client

from cwg.report.models import Report
from meetings.models import RoleTerm
from tests.conftest import signed_in
from tests.two_groups import make_person


@pytest.fixture
def cast(report: Report) -> dict[str, Client]:
    """A browser for each role in the group."""
    return {role.value: signed_in(make_person(report.group, role)) for role in RoleTerm.Role}
