"""When somebody of a delegation looked at a meeting's register, to be told what is new."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from meetings.models.meeting import Meeting


class MeetingVisit(models.Model):
    """Somebody's last two visits to a meeting's page at the desk; no fact of the record.

    Kept by `meetings.visiting`.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="+")
    this = models.DateTimeField(help_text="When this visit began.")
    last = models.DateTimeField(null=True, help_text="When the visit before it began.")

    class Meta:
        ordering = ("meeting", "person")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["person", "meeting"],
                name="meetings_meeting_visit_once",
                violation_error_message="This person’s visits are kept already.",
            )
        ]

    def __str__(self) -> str:
        return f"visit to {self.meeting}"
