"""Who took part in a meeting, what was said there, and what delegations remarked on its outcomes."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from meetings.models.fields import Line, Prose
from meetings.models.meeting import AgendaItem, Meeting
from meetings.models.outcome import Outcome
from meetings.models.people import MemberState


class Participant(models.Model):
    """Somebody who took part: of a Member State's delegation, or of an organization.

    Names are for members; the public sees the numbers that are counted from these rows.
    """

    class Mode(models.TextChoices):
        """How somebody took part."""

        IN_PERSON = "in_person", "in person"
        REMOTE = "remote", "remotely"

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="participants")
    name = Line(max_length=200, help_text="As the list of participants prints it.")
    member_state = models.ForeignKey(
        MemberState, models.PROTECT, null=True, blank=True, related_name="+"
    )
    organisation = Line("organization", max_length=300, blank=True)
    function = Line(max_length=200, blank=True, help_text="What they are: head of delegation.")
    mode = models.CharField(max_length=9, choices=Mode, default=Mode.IN_PERSON)

    class Meta:
        ordering = ("meeting", "member_state__iso", "organisation", "name", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(member_state__isnull=False) | ~Q(organisation=""),
                name="meetings_participant_of_somebody",
                violation_error_message="Name the Member State or the organization.",
            ),
            models.UniqueConstraint(
                fields=["meeting", "name", "member_state"],
                condition=Q(member_state__isnull=False),
                name="meetings_participant_of_state_once",
                violation_error_message="This person stands in the list already.",
            ),
            models.UniqueConstraint(
                fields=["meeting", "name", "organisation"],
                condition=Q(member_state=None),
                name="meetings_participant_of_organization_once",
                violation_error_message="This person stands in the list already.",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.name)


class Statement(models.Model):
    """What somebody said on an agenda item. Who, the secretariat keeps; it is never printed.

    Reports say “some Member States” (the Group's custom): no page, feed, search, export or file
    that others read holds the name.
    """

    agenda_item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="statements")
    position = models.PositiveSmallIntegerField(default=1)
    member_state = models.ForeignKey(
        MemberState, models.PROTECT, null=True, blank=True, related_name="+"
    )
    speaker = Line(max_length=200, blank=True, help_text="Who spoke, where that is to be kept.")
    text = Prose(max_length=5_000, help_text="What was said, in a line or two.")

    class Meta:
        ordering = ("agenda_item", "position", "pk")

    def __str__(self) -> str:
        # without the name: lists and the history print this
        return f"statement on {self.agenda_item}"


class OutcomeComment(models.Model):
    """What a delegation remarks on a draft outcome, within the window the secretariat opened."""

    outcome = models.ForeignKey(Outcome, models.CASCADE, related_name="comments")
    member_state = models.ForeignKey(MemberState, models.PROTECT, related_name="+")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )
    text = Prose(max_length=5_000)
    made_at = models.DateTimeField(editable=False)
    answer = Prose(max_length=2_000, blank=True, help_text="What was done with it.")
    answered_at = models.DateTimeField(null=True, editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )

    class Meta:
        ordering = ("outcome", "made_at", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="") | Q(answered_at__isnull=False) & ~Q(answer=""),
                name="meetings_outcome_comment_answered_whole",
                violation_error_message="An answer says what was done, and when.",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"comment on {self.outcome}"
