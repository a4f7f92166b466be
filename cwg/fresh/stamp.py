"""The stamp of the record: another one after every change that public pages show.

Each transaction that changes something writes a row; the stamp is what those rows add up to. A
process asks for it at most every two seconds, and at once after a change of its own: so a change is
seen by every process within five seconds, and at once by the one that made it.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.db import models, router, transaction
from django.db.models import Count, Max, Sum
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.utils import timezone

from consultations.models import (
    UNCONFIRMED,
    Contribution,
    ContributionCount,
    ContributionEvent,
    Fingerprint,
    NameKey,
    NamesAlike,
    Subscription,
)
from cwg.fresh.models import Change
from meetings.models import MeetingVisit, Message

type Stamp = tuple[int, int, int]

ROOMS = ("meetings", "consultations", "report")
# Nothing of these is on a public page by itself; a count changes with the contribution it counts.
APART = (
    MeetingVisit, Message, Subscription, ContributionEvent, ContributionCount, Fingerprint, NameKey,
    NamesAlike,
)  # fmt: skip
ASKED_EVERY = 2.0  # seconds
KEPT = timedelta(hours=1)
REMOVED_AT_ONCE = 100

_known: tuple[float, Stamp] | None = None
_forgotten = 0  # how often: what was asked before is not known after


def watch() -> None:
    """Write a change for every row of the rooms that is saved, removed or related anew."""
    for room in ROOMS:
        for model in apps.get_app_config(room).get_models(include_auto_created=True):
            if model in APART:
                continue
            for signal in (post_save, post_delete):
                signal.connect(_changed, sender=model, dispatch_uid=f"fresh.{model._meta.label}")
            m2m_changed.connect(_changed, sender=model, dispatch_uid=f"fresh.{model._meta.label}")


def now() -> Stamp:
    """Return the stamp as this process knows it, at most two seconds old."""
    global _known  # noqa: PLW0603  # one stamp for each process
    known = _known
    if known is not None and time.monotonic() - known[0] < ASKED_EVERY:
        return known[1]
    asked, before = time.monotonic(), _forgotten
    stamp = _ask()
    if before == _forgotten:
        _known = (asked, stamp)
    return stamp


def forget() -> None:
    """Ask anew next time."""
    global _known, _forgotten  # noqa: PLW0603  # one stamp for each process
    _forgotten += 1
    _known = None


def _ask() -> Stamp:
    # The last key alone would miss a transaction that took an earlier key and ended later.
    rows = Change.objects.aggregate(count=Count("pk"), last=Max("pk"), sum=Sum("pk"))
    return rows["count"], rows["last"] or 0, rows["sum"] or 0


def _changed(sender: type[models.Model], **kwargs: Any) -> None:
    row = kwargs.get("instance")
    if isinstance(row, Contribution) and row.standing in UNCONFIRMED:
        return  # no contribution yet: no page shows it
    if kwargs.get("raw"):
        return
    connection = transaction.get_connection(router.db_for_write(Change))
    # Still waiting means that the row written with it is part of this transaction: a savepoint that
    # is rolled back takes both away.
    if any(waiting[1] is forget for waiting in connection.run_on_commit):
        return
    _write(timezone.now())
    transaction.on_commit(forget)


def _write(at: datetime) -> None:
    """Write a change, and remove those that no process can still be asking about.

    They go only together with a new row, so that what they add up to never comes to be as it was.
    Those that another transaction removes just now are left to it: nobody waits for its end.
    """
    with transaction.atomic(savepoint=False):
        Change.objects.create()
        old = Change.objects.select_for_update(no_key=True, skip_locked=True).filter(
            at__lt=at - KEPT
        )
        keys = list(old.values_list("pk", flat=True)[:REMOVED_AT_ONCE])
        Change.objects.filter(pk__in=keys).delete()
