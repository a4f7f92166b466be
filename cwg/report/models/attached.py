"""The summaries of rounds that a report submits: attached to it, or printed in it as an annex."""

from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models

from consultations.models import Summary
from cwg.report.models.report import Report


class AttachedSummary(models.Model):
    """That a report submits the summary of a round, and whether it carries it as an annex."""

    group_path = "report__group"

    report = models.ForeignKey(Report, models.CASCADE, related_name="summaries")
    summary = models.ForeignKey(Summary, models.PROTECT, related_name="+")
    annex = models.BooleanField(
        "as an annex",
        default=False,
        help_text="Printed in the report, with all contributions in full.",
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("report", "position", "pk")
        verbose_name = "summary of a round"
        verbose_name_plural = "summaries of rounds"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["report", "summary"],
                name="report_summary_once",
                violation_error_message="This summary is attached already.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.summary)

    def clean(self) -> None:
        """Refuse the summary of a round of another group."""
        super().clean()
        if self.summary_id is None or self.report_id is None:
            return
        if self.summary.consultation.group_id != self.report.group_id:
            raise ValidationError({"summary": "This summary is one of another group."})
