"""A record in which there is nothing to find, to be broken in one place at a time."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import call_command

from cwg.report.models import Report

CLEAN = Path(__file__).parent / "clean.yaml"


@pytest.fixture
def clean(db: None) -> Report:
    """A report of an example group, without a slip."""
    call_command("load_record", str(CLEAN), verbosity=0)
    return Report.objects.get(group__slug="cwg-lake")
