"""A mail on its way out: kept, read, corrected, approved, sent once."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from meetings.models.group import WorkingGroup


class Message(models.Model):
    """One mail to one address.

    It is written in the transaction of what it tells of, and leaves after that through
    `meetings.outbox` alone. `key` says what it is: a second mail of the same key is the same mail.
    """

    class State(models.TextChoices):
        """Where a mail stands."""

        HELD = "held", "To be approved"
        DUE = "due", "Due"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        FAILED = "failed", "Failed"
        UNCERTAIN = "uncertain", "Perhaps sent"
        STOPPED = "stopped", "Stopped"

    group = models.ForeignKey(
        WorkingGroup, models.PROTECT, null=True, blank=True, related_name="+",
        help_text="The group whose people see it here.",
    )  # fmt: skip
    key = models.CharField(
        max_length=160, unique=True, editable=False, help_text="What it tells, and whom: once only."
    )
    rule = models.CharField(
        max_length=60, editable=False, help_text="The rule by which it was written."
    )
    to = models.EmailField()
    subject = models.CharField(max_length=250)
    body = models.TextField()
    unsubscribe = models.CharField(
        max_length=500, blank=True, editable=False, help_text="The one-click address, RFC 8058."
    )
    private = models.BooleanField(
        default=False,
        editable=False,
        help_text="It holds a private link: staff do not read its body.",
    )
    state = models.CharField(max_length=9, choices=State, editable=False)
    written_at = models.DateTimeField(editable=False)
    due_at = models.DateTimeField(editable=False, help_text="Not before this instant.")
    claimed_at = models.DateTimeField(null=True, editable=False)
    sent_at = models.DateTimeField(null=True, editable=False)
    tries = models.PositiveSmallIntegerField(default=0, editable=False)
    problem = models.TextField(blank=True, editable=False, help_text="What the last try came to.")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False,
        help_text="Who approved or stopped it; nobody where a rule did.",
    )  # fmt: skip

    class Meta:
        ordering = ("-written_at", "-pk")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "due_at"], name="messages_due"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="messages_sent_once_with_its_instant",
                violation_error_message="What was sent has the instant at which it was.",
            ),
        ]

    @property
    def zone(self) -> str:
        """The time zone in which its times are read: its group's."""
        return self.group.zone if self.group is not None else "UTC"

    def __str__(self) -> str:
        # without the address: the history keeps this, and is not forgotten
        return f"Mail {self.pk}: {self.subject}"
