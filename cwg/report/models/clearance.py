"""What happens to a draft: sent to the Chair, commented on, cleared; and what the session made of it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from cwg.report.models.report import Report
from meetings.languages import in_any_language
from meetings.models.fields import Line, Prose, ProseByLanguage


class Clearance(models.Model):
    """One sending of a draft to the Chair, and the Chair's answer."""

    class Answer(models.TextChoices):
        """What the Chair did with it."""

        WAITING = "waiting", "With the Chair"
        CLEARED = "cleared", "Cleared"
        RETURNED = "returned", "Returned"
        WITHDRAWN = "withdrawn", "Taken back"

    report = models.ForeignKey(Report, models.CASCADE, related_name="clearances")
    sent_at = models.DateTimeField()
    sent_by = Line(max_length=200, help_text="Who sent it, as they were called.")
    answer = models.CharField(max_length=9, choices=Answer, default=Answer.WAITING)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = Line(max_length=200, blank=True, help_text="Who answered, as they were called.")
    reason = Prose(max_length=2000, blank=True, help_text="Why it was returned or taken back.")
    tree = models.TextField(blank=True, help_text="What was cleared, as data.")
    words = models.CharField(max_length=64, blank=True, help_text="The hash of what was cleared.")

    class Meta:
        ordering = ("report", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["report"],
                condition=Q(answer="waiting"),
                name="report_clearance_one_waiting",
                violation_error_message="The draft is with the Chair already.",
            ),
            models.CheckConstraint(
                condition=Q(answer="waiting", answered_at=None)
                | (~Q(answer="waiting") & Q(answered_at__isnull=False) & ~Q(answered_by="")),
                name="report_clearance_answered",
                violation_error_message="An answer has its time and its name.",
            ),
            models.CheckConstraint(
                condition=~Q(answer="cleared") | (~Q(tree="") & ~Q(words="")),
                name="report_clearance_keeps_what_was_cleared",
                violation_error_message="What was cleared is kept.",
            ),
            models.CheckConstraint(
                condition=~Q(answer="returned") | ~Q(reason=""),
                name="report_clearance_returned_has_reason",
                violation_error_message="Say why the draft is returned.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report}: {self.get_answer_display()}"


class Comment(models.Model):
    """A remark on a paragraph of a draft."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="comments")
    anchor = Line(max_length=100, help_text="The paragraph, by its place in the document.")
    place = Line(max_length=40, blank=True, help_text="Its number when the remark was made.")
    quoted = Prose(max_length=20_000, help_text="What the paragraph said then.")
    text = Prose(max_length=4000)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    by_name = Line(max_length=200)
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = Line(max_length=200, blank=True)
    done_how = Prose(max_length=2000, blank=True, help_text="What was done about it.")

    class Meta:
        ordering = ("report", "at", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(done_at=None, done_how="")
                | (Q(done_at__isnull=False) & ~Q(done_how="")),
                name="report_comment_done_says_how",
                violation_error_message="Say what was done about the remark.",
            ),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="report_comment_says_something",
                violation_error_message="Write the remark.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.by_name} on {self.place or self.anchor}"


class Consideration(models.Model):
    """What the session did with the report."""

    class Decision(models.TextChoices):
        """The session's own words close the circle."""

        NOTED = "noted", "Noted"
        APPROVED = "approved", "Approved"
        TRANSMITTED = "transmitted", "Transmitted to the Plenipotentiary Conference"
        RETURNED = "returned", "Referred back to the group"

    report = models.ForeignKey(Report, models.CASCADE, related_name="considerations")
    on = models.DateField(help_text="The day of the sitting.")
    decision = models.CharField(max_length=11, choices=Decision)
    words = ProseByLanguage(
        null=True, blank=True, help_text="An extract of the summary record, as printed."
    )
    summary_record = Line(
        max_length=120, blank=True, help_text="Where it stands: the number of the summary record."
    )
    effect = ProseByLanguage(
        null=True, blank=True, help_text="What became of the report’s recommendations."
    )

    class Meta:
        ordering = ("report", "on", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["report", "on", "decision"],
                name="report_consideration_once",
                violation_error_message="This decision of that day stands here already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_decision_display()} on {self.on:%-d %B %Y}"

    @property
    def texts(self) -> list[str]:
        """What was said and what came of it, each where it was recorded."""
        return [text for text in map(in_any_language, (self.words, self.effect)) if text]
