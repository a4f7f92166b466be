"""What the session did with a report: noted, approved, transmitted, referred back."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError

from cwg.report.models import Consideration
from meetings import history

GONE = "Somebody removed it meanwhile. What you typed stands here; nothing was kept."


def consider(consideration: Consideration, *, by: Any) -> Consideration:
    """Keep what the session did with a report. Raises ValidationError for one that stands already."""
    with history.activity("considering.consider", by):
        consideration.full_clean()
        consideration.save()
    return consideration


def correct(consideration: Consideration, *, reason: str, by: Any) -> Consideration:
    """Keep a corrected consideration; what it said before stays in the history, with the reason.

    Raises ValidationError where another says the same already, or where it was removed meanwhile.
    """
    with history.activity("considering.correct", by, reason):
        _lock(consideration)
        consideration.full_clean()
        consideration.save(force_update=True)
    return consideration


def remove(consideration: Consideration, *, reason: str, by: Any) -> None:
    """Remove a consideration that was recorded by mistake; the history keeps it, with the reason.

    Raises ValidationError where it was removed meanwhile.
    """
    with history.activity("considering.remove", by, reason):
        _lock(consideration).delete()


def _lock(consideration: Consideration) -> Consideration:
    rows = Consideration.objects.select_for_update(of=("self",), no_key=True)
    standing = rows.filter(pk=consideration.pk).first()
    if standing is None:
        raise ValidationError(GONE)
    return standing
