"""What a group rests on: resolutions and decisions, with their revisions and listed topics."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.urls import reverse

from meetings.languages import in_any_language
from meetings.models.fields import Line, LineByLanguage, once_per_language

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class Body(models.Model):
    """A body that adopts instruments and meets in sessions: the Council, the Plenipotentiary Conference."""

    class Citation(models.TextChoices):
        """Where the body stands beside its instruments in a list of references."""

        BEFORE = "before", "before: Council Resolutions 1305 and 1336"
        AFTER = "after", "after: Resolutions 102 and 140 of the Conference"

    key = models.SlugField(
        "short key",
        unique=True,
        help_text="As it stands in addresses and in the record file: council.",
    )
    name = LineByLanguage(help_text="The name as a report prints it in full.")
    short = LineByLanguage(
        "short name", help_text="The short form printed before a number: PP Resolution 102."
    )
    citation = models.CharField(
        "in a list of references",
        max_length=6,
        choices=Citation,
        default=Citation.BEFORE,
        help_text="Whether the name stands before the numbers or after them.",
    )
    ends_cycles = models.BooleanField(
        "its sessions end a cycle",
        default=False,
        help_text="As those of a plenipotentiary conference do. The ledger of promises counts by them.",
    )

    class Meta:
        verbose_name_plural = "bodies"
        ordering = ("key",)
        constraints: ClassVar[list[models.BaseConstraint]] = once_per_language(
            "meetings_body_name_once", "name", message="A body with this name stands here already."
        )

    def __str__(self) -> str:
        return in_any_language(self.name) or self.key


class Instrument(models.Model):
    """A resolution, decision or other text that a report cites, whatever its revision."""

    class Kind(models.TextChoices):
        """What kind of text it is; the words printed are in the messages of each language."""

        RESOLUTION = "resolution", "Resolution"
        DECISION = "decision", "Decision"
        RECOMMENDATION = "recommendation", "Recommendation"
        OTHER = "other", "Other text"

    key = models.SlugField(
        "short key",
        unique=True,
        help_text="As passages name it and as its address ends: pp-102.",
    )
    body = models.ForeignKey(
        Body, models.PROTECT, related_name="instruments", help_text="Who adopts it."
    )
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.RESOLUTION)
    number = Line(max_length=40, help_text="As printed: 102, or A/RES/70/125.")
    title = LineByLanguage(null=True, blank=True, help_text="Its title, where it is known.")

    if TYPE_CHECKING:
        revisions: RelatedManager[Revision]

    class Meta:
        ordering = ("body__key", "number")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["body", "kind", "number"],
                name="meetings_instrument_once",
                violation_error_message="This instrument stands here already.",
            )
        ]

    def __str__(self) -> str:
        return f"{in_any_language(self.body.short)} {self.get_kind_display()} {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("meetings:instrument", args=[self.key])

    def revision_on(self, day: date) -> Revision | None:
        """Return the latest revision known to stand by `day`; where none is, the first."""
        in_order = sorted(self.revisions.all(), key=lambda revision: revision.known_from())
        standing = [revision for revision in in_order if revision.known_from() <= day]
        return standing[-1] if standing else in_order[0] if in_order else None


class Revision(models.Model):
    """One state of an instrument: as first adopted, or as revised by a session."""

    instrument = models.ForeignKey(Instrument, models.CASCADE, related_name="revisions")
    label = LineByLanguage(
        null=True,
        blank=True,
        help_text="As printed in brackets: Rev. Kyoto, 1994. Empty: nothing is printed in brackets.",
    )
    link = models.URLField(
        blank=True, max_length=500, help_text="The public address of this text, where there is one."
    )
    adopted_by = models.ForeignKey(
        "meetings.Session",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="adopted_revisions",
        help_text="The session that adopted it, where the record holds that session.",
    )
    in_force_from = models.DateField(
        null=True, blank=True, help_text="The first day it was in force, where known."
    )

    if TYPE_CHECKING:
        listed_topics: RelatedManager[ListedTopic]

    class Meta:
        ordering = ("instrument", models.F("in_force_from").asc(nulls_first=True), "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *once_per_language(
                "meetings_revision_once",
                "label",
                "instrument",
                message="This revision of the instrument stands here already.",
            ),
            models.UniqueConstraint(
                fields=["instrument"],
                condition=models.Q(label__isnull=True),
                name="meetings_revision_one_without_label",
                violation_error_message="Another text of it stands here without a label.",
            ),
            models.UniqueConstraint(
                fields=["instrument", "in_force_from"],
                name="meetings_revision_one_a_day",
                violation_error_message="Another revision of it is in force from the same day.",
            ),
        ]

    def __str__(self) -> str:
        label = in_any_language(self.label)
        return f"{self.instrument} ({label})" if label else f"{self.instrument}"

    def known_from(self) -> date:
        """Return from when it stands: in force, else adopted, else from the beginning."""
        if self.in_force_from is not None:
            return self.in_force_from
        return self.adopted_by.ends() if self.adopted_by is not None else date.min

    def in_force_on(self, day: date) -> bool | None:
        """Say whether it had come into force by `day`; None where that is not known."""
        return None if self.in_force_from is None else self.in_force_from <= day


class ListedTopic(models.Model):
    """A topic that an instrument lists in an annex, on which consultations draw."""

    revision = models.ForeignKey(Revision, models.CASCADE, related_name="listed_topics")
    position = models.PositiveSmallIntegerField(help_text="Its place in the annex.")
    text = LineByLanguage(help_text="The words of the annex.")

    class Meta:
        ordering = ("revision", "position")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["revision", "position"],
                name="meetings_listed_topic_once",
                violation_error_message="The annex has one topic at each place.",
            ),
            models.CheckConstraint(
                condition=models.Q(position__gte=1),
                name="meetings_listed_topic_from_1",
                violation_error_message="The places of an annex count from 1.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {in_any_language(self.text)}"
