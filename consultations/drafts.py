"""What time makes due about drafts: reminders before the closing, and that they are not kept for ever.

Each duty may be run again, by two processes at once, and be killed anywhere.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import QuerySet

from consultations import counting, intake_mails
from consultations.models import UNCONFIRMED, Attachment, Contribution
from meetings import files
from meetings.models import DocumentFile

REMIND_BEFORE = timedelta(days=3)
# Whoever saved it just now needs no reminder
LEFT_ALONE = timedelta(days=1)
# A draft, or what nobody confirmed, is removed so long after its round closed and it was last saved
KEPT = timedelta(days=30)


def to_remind(at: datetime) -> QuerySet[Contribution]:
    """Return the drafts whose round closes soon and that nobody touched for a day."""
    return (
        Contribution.objects.filter(
            standing__in=UNCONFIRMED,
            consultation__announced_at__lte=at,
            consultation__closed_from__gt=at,
            consultation__closed_from__lte=at + REMIND_BEFORE,
            saved_at__lte=at - LEFT_ALONE,
        )
        .exclude(email="")
        .order_by("pk")
    )


def remind(at: datetime) -> int:
    """Mail a reminder for each such draft, once for each closing; return how many were written."""
    written = 0
    for each in to_remind(at).select_related("consultation__group").iterator():
        written += intake_mails.reminder(each, at)
    return written


def to_remove(at: datetime) -> QuerySet[Contribution]:
    """Return what was never confirmed and is to be kept no longer."""
    found = Contribution.objects.filter(
        standing__in=UNCONFIRMED, consultation__closed_from__lte=at - KEPT, saved_at__lte=at - KEPT
    )
    return found.exclude(late_until__gt=at).order_by("pk")


def remove(at: datetime) -> int:
    """Remove what was never confirmed, with its files; return how many. Nothing else knows of it."""
    removed = 0
    for key in list(to_remove(at).values_list("pk", flat=True)):
        with transaction.atomic():
            rows = Contribution.objects.select_for_update(of=("self",), no_key=True)
            held = rows.filter(pk=key, standing__in=UNCONFIRMED).first()
            if held is None:
                continue  # confirmed, or removed by another process meanwhile
            for file in held.attachments.all():
                transaction.on_commit(partial(files.discard, file.path))
            counting.move(held.consultation_id, held.standing, (), "", ())
            held.delete()
            removed += 1
    return removed


def sweep(at: datetime) -> int:
    """Remove files that no row names: what a killed process left behind; return how many.

    Documents of meetings keep theirs in the same folder.
    """
    named = {
        path for model in (Attachment, DocumentFile)
        for path in model._default_manager.values_list("path", flat=True)
    }  # fmt: skip
    return files.sweep(named, at=at)
