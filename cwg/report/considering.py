"""What the session did with a report: noted, approved, transmitted, referred back."""

from __future__ import annotations

from typing import Any

from cwg.report.models import Consideration
from meetings import history


def consider(consideration: Consideration, *, by: Any) -> Consideration:
    """Keep what the session did with a report. Raises ValidationError for one that stands already."""
    with history.activity("considering.consider", by):
        consideration.full_clean()
        consideration.save()
    return consideration
