"""Sessions of bodies: what a report goes to, what an outcome aims at or waits for."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from meetings.languages import in_any_language
from meetings.models.fields import LineByLanguage, once_per_language
from meetings.models.instrument import Body


class Session(models.Model):
    """One session of a body: Council 2026, the Plenipotentiary Conference of 2026."""

    body = models.ForeignKey(Body, models.PROTECT, related_name="sessions")
    key = models.SlugField("short key", unique=True, help_text="As in addresses: council-2026.")
    label = LineByLanguage(help_text="The usual name: Council 2026.")
    long_label = LineByLanguage(
        "long name",
        null=True,
        blank=True,
        help_text="The name in full, where the usual one is short.",
    )
    year = models.PositiveSmallIntegerField(help_text="The year in which it opens.")
    place = LineByLanguage(null=True, blank=True, help_text="The city, where known.")
    first_day = models.DateField(null=True, blank=True, help_text="Where known.")
    last_day = models.DateField(null=True, blank=True, help_text="Where known.")

    class Meta:
        ordering = ("year", F("first_day").asc(nulls_last=True), "key")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *once_per_language(
                "meetings_session_once",
                "label",
                "body",
                message="This session of the body stands here already.",
            ),
            models.CheckConstraint(
                condition=Q(first_day=None, last_day=None)
                | Q(first_day__isnull=False, last_day__isnull=False, last_day__gte=F("first_day")),
                name="meetings_session_days_in_order",
                violation_error_message=(
                    "Give the first and the last day, the last not before the first; or neither."
                ),
            ),
            models.CheckConstraint(
                condition=Q(first_day=None) | Q(first_day__year=F("year")),
                name="meetings_session_opens_in_its_year",
                violation_error_message="The first day lies in another year than the session’s.",
            ),
        ]

    def __str__(self) -> str:
        return in_any_language(self.label) or self.key

    def ends(self) -> date:
        """Return its last day; where no day is known, the last day of its year."""
        return self.last_day or date(self.year, 12, 31)

    def opens(self) -> date:
        """Return its first day; where no day is known, the first day of its year."""
        return self.first_day or date(self.year, 1, 1)

    def lies_before(self, other: Session) -> bool:
        """Say whether it is over before `other` opens, by days where known and else by years."""
        if self.last_day and other.first_day:
            return self.last_day < other.first_day
        return self.year < other.year
