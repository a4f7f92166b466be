"""Who follows what by e-mail, without an account."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from consultations.models.consultation import Consultation
from meetings.models import Topic, WorkingGroup


class Subscription(models.Model):
    """An address that follows a group's consultations, one round, a topic or the meetings.

    It counts once its owner confirmed it (double opt-in), until it is ended; nothing is sent before
    or after.
    """

    class What(models.TextChoices):
        """What is followed."""

        CONSULTATIONS = "consultations", "All open consultations"
        CONSULTATION = "consultation", "One open consultation"
        TOPIC = "topic", "One topic"
        MEETINGS = "meetings", "The meetings"

    group = models.ForeignKey(WorkingGroup, models.CASCADE, related_name="+")
    what = models.CharField(max_length=13, choices=What)
    consultation = models.ForeignKey(
        Consultation, models.CASCADE, null=True, blank=True, related_name="+"
    )
    topic = models.ForeignKey(Topic, models.CASCADE, null=True, blank=True, related_name="+")
    email = models.EmailField("e-mail")
    asked_at = models.DateTimeField(editable=False)
    confirmed_at = models.DateTimeField(null=True, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ("group", "what", "pk")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["group", "what", "confirmed_at"], name="subscriptions_to_tell"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(what="consultation", consultation__isnull=False, topic__isnull=True)
                | Q(what="topic", consultation__isnull=True, topic__isnull=False)
                | Q(
                    what__in=("consultations", "meetings"),
                    consultation__isnull=True,
                    topic__isnull=True,
                ),
                name="subscriptions_to_what_they_say",
                violation_error_message="Name the round or the topic that is followed, and only it.",
            ),
            *(
                models.UniqueConstraint(
                    fields=["group", "what", "email", *relation],
                    condition=Q(ended_at__isnull=True, what__in=kinds),
                    name=f"subscriptions_once_{name}",
                    violation_error_message="This address follows it already.",
                )
                for name, kinds, relation in (
                    ("to_all", ("consultations", "meetings"), ()),
                    ("to_a_round", ("consultation",), ("consultation",)),
                    ("to_a_topic", ("topic",), ("topic",)),
                )
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email}: {self.get_what_display()}"
