"""What a session decided, as far as promises waited for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q

from meetings.languages import in_any_language
from meetings.models.fields import Line, ProseByLanguage
from meetings.models.group import WorkingGroup
from meetings.models.outcome import Outcome
from meetings.models.session import Session

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class Decision(models.Model):
    """What a session decided on something that a group had waited for."""

    group = models.ForeignKey(WorkingGroup, models.PROTECT, related_name="decisions_awaited")
    session = models.ForeignKey(
        Session, models.PROTECT, related_name="decisions", help_text="The session that decided."
    )
    on = models.DateField("decided on", help_text="The day of the decision.")
    decided = ProseByLanguage("what was decided", help_text="As a sentence of its own.")
    source = Line(max_length=300, help_text="Where that can be read.")

    if TYPE_CHECKING:
        wakings: RelatedManager[Waking]

    class Meta:
        ordering = ("on", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~Q(source=""),
                name="meetings_decision_has_source",
                violation_error_message="Say where the decision can be read.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session}: {in_any_language(self.decided)[:80]}"


class Waking(models.Model):
    """A promise that waited for a session, and what that session decided of it."""

    decision = models.ForeignKey(Decision, models.CASCADE, related_name="wakings")
    promise = models.OneToOneField(Outcome, models.CASCADE, related_name="waking")

    class Meta:
        ordering = ("decision", "promise")

    def __str__(self) -> str:
        return f"{self.promise}: {self.decision}"
