"""Meetings of a group, who chaired them, and their agenda."""

from __future__ import annotations

import zoneinfo
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from meetings.deadline import Moment, zone_in_words
from meetings.languages import in_any_language
from meetings.models.belonging import refuse_above, refuse_move, refuse_others
from meetings.models.fields import Line, LineByLanguage
from meetings.models.group import WorkingGroup
from meetings.models.people import Officer

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from meetings.models.outcome import Outcome


class MeetingQuerySet(models.QuerySet["Meeting"]):
    """Questions about meetings."""

    def own_series(self) -> MeetingQuerySet:
        """Return the group's own meetings, those that a Chair's report lists."""
        return self.filter(series=Meeting.Series.OWN)

    def held_between(self, first_day: date, last_day: date) -> MeetingQuerySet:
        """Return the meetings that took place within the days, cancelled ones left out."""
        return self.filter(cancelled_on=None, first_day__gte=first_day, last_day__lte=last_day)

    def taking_documents(self, day: date) -> MeetingQuerySet:
        """Return those to which a delegation may send a document on `day`, the next one first.

        Late ones are taken until the last day; the secretariat decides about them.
        """
        return self.filter(cancelled_on=None, closed_on=None, last_day__gte=day).order_by(
            "first_day", "series", "ordinal"
        )


class Meeting(models.Model):
    """A meeting of the group, or one of its open consultation meetings."""

    class Series(models.TextChoices):
        """Each series has ordinals of its own; only the first is listed in a report."""

        OWN = "own", "meeting of the group"
        OPEN_CONSULTATION = "open_consultation", "open consultation meeting"

    class Mode(models.TextChoices):
        """How people take part."""

        PHYSICAL = "physical", "physical"
        VIRTUAL = "virtual", "virtual"
        HYBRID = "hybrid", "physical and remote"

    class State(models.TextChoices):
        """Where a meeting stands on a day; never stored."""

        PLANNED = "planned", "Planned"
        UNDER_WAY = "under_way", "Under way"
        HELD = "held", "Held"
        CLOSED = "closed", "Closed"
        CANCELLED = "cancelled", "Cancelled"

    group = models.ForeignKey(WorkingGroup, models.PROTECT, related_name="meetings")
    series = models.CharField(
        max_length=20,
        choices=Series,
        default=Series.OWN,
        help_text="Each series counts its meetings for itself.",
    )
    ordinal = models.PositiveSmallIntegerField(
        "number", help_text="Its number in the series. A cancelled meeting keeps it."
    )
    first_day = models.DateField()
    last_day = models.DateField(help_text="The same day for a meeting of one day.")
    place = LineByLanguage(null=True, blank=True, help_text="The city, where known.")
    mode = models.CharField(max_length=8, choices=Mode, blank=True, help_text="Where known.")
    venue = LineByLanguage(null=True, blank=True, help_text="The building and room, where known.")
    remote = LineByLanguage(
        "remote participation", null=True, blank=True,
        help_text="How to take part from elsewhere: registration, platform, hours.",
    )  # fmt: skip
    remote_link = models.URLField(
        "link to take part", blank=True, max_length=500, help_text="Shown to everybody."
    )
    webcast = models.URLField(
        blank=True, max_length=500,
        help_text="Shown to everybody: only that of a meeting which everybody may watch.",
    )  # fmt: skip
    captions = LineByLanguage(
        null=True, blank=True, help_text="In which languages, and whether a transcript follows."
    )
    cluster = Line(
        max_length=120,
        blank=True,
        help_text="The cluster of working groups it belongs to, where known.",
    )
    invited_on = models.DateField(
        "called on", null=True, blank=True, help_text="The day of the circular that called it."
    )
    circular = Line(max_length=60, blank=True, help_text="The number of that circular: CL-25/44.")
    documents_due = models.DateTimeField(
        "deadline for documents", null=True, blank=True,
        help_text="Empty: as many days before the first day as the group says.",
    )  # fmt: skip
    planned_at = models.DateTimeField(
        "planned here since", null=True, blank=True, editable=False,
        help_text="Empty for one whose record was entered: then everybody reads it as recorded.",
    )  # fmt: skip
    agenda_published_at = models.DateTimeField(
        "agenda public since", null=True, blank=True, editable=False,
        help_text="Since when its numbers are known; empty: the agenda is being prepared.",
    )  # fmt: skip
    comments_from = models.DateTimeField(null=True, blank=True, editable=False)
    comments_until = models.DateTimeField(
        null=True, blank=True, editable=False,
        help_text="Until when delegations may comment on the draft outcomes.",
    )  # fmt: skip
    cancelled_on = models.DateField(
        null=True, blank=True, help_text="The day it was called off. Its number stays used."
    )
    closed_on = models.DateField(
        null=True, blank=True, help_text="The day its outcomes were closed."
    )

    objects = MeetingQuerySet.as_manager()

    if TYPE_CHECKING:
        outcomes: RelatedManager[Outcome]
        agenda_items: RelatedManager[AgendaItem]
        chairings: RelatedManager[Chairing]

    class Meta:
        ordering = ("group", "series", "ordinal")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["group", "series", "ordinal"],
                name="meetings_meeting_number_once",
                violation_error_message="The group has a meeting with this number in this series.",
            ),
            models.CheckConstraint(
                condition=Q(ordinal__gte=1),
                name="meetings_meeting_number_from_1",
                violation_error_message="Meetings count from 1.",
            ),
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="meetings_meeting_days_in_order",
                violation_error_message="The last day lies before the first.",
            ),
            models.CheckConstraint(
                condition=Q(comments_from=None, comments_until=None)
                | Q(
                    comments_from__isnull=False,
                    comments_until__isnull=False,
                    comments_until__gt=F("comments_from"),
                ),
                name="meetings_meeting_comments_window",
                violation_error_message="Comments are taken from an instant until a later one.",
            ),
        ]

    def __str__(self) -> str:
        series = "" if self.series == self.Series.OWN else "open consultation "
        return f"{self.group} {series}meeting {self.ordinal}, {self.first_day:%-d %B %Y}"

    def clean(self) -> None:
        """Refuse to move it to another group."""
        super().clean()
        refuse_move(self, self.group_id)

    def get_absolute_url(self) -> str:
        return reverse("pages:meeting", args=[self.group.slug, self.number])

    @property
    def number(self) -> str:
        """Its number as addresses and the record file write it: 23, or oc-3."""
        return f"{self.ordinal}" if self.series == self.Series.OWN else f"oc-{self.ordinal}"

    @property
    def agenda_public(self) -> bool:
        """Say whether everybody reads its agenda: once published, where it was planned here."""
        return self.planned_at is None or self.agenda_published_at is not None

    @property
    def outcomes_public(self) -> bool:
        """Say whether everybody reads its outcomes: once it is closed, where it was planned here."""
        return self.planned_at is None or self.closed_on is not None

    def documents_deadline(self) -> Moment:
        """Return until when documents are to be in: as set, else so many days before it opens.

        The group's own custom: about two weeks; late ones are for the secretariat to decide about.
        """
        if self.documents_due is not None:
            return self._moment(self.documents_due)
        day = self.first_day - timedelta(days=self.group.documents_days)
        return self._moment(datetime.combine(day, time(23, 59), zoneinfo.ZoneInfo(self.group.zone)))

    def comments_deadline(self) -> Moment:
        """Return until when delegations comment on the draft outcomes; nothing known: no window."""
        return self._moment(self.comments_until)

    def _moment(self, at: datetime | None) -> Moment:
        place = in_any_language(self.group.zone_words) or zone_in_words(self.group.zone)
        return Moment(self.group.zone, place, at=at)

    def state(self, day: date) -> Meeting.State:
        """Return where it stands on `day`."""
        if self.cancelled_on and self.cancelled_on <= day:
            return self.State.CANCELLED
        if day < self.first_day:
            return self.State.PLANNED
        if day <= self.last_day and not self.closed_on:
            return self.State.UNDER_WAY
        if self.closed_on and self.closed_on <= day:
            return self.State.CLOSED
        return self.State.HELD


class Chairing(models.Model):
    """Who chaired a meeting, or a part of it."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="chairings")
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="chairings")
    part = LineByLanguage(
        null=True, blank=True, help_text="Which part; empty for the whole meeting."
    )

    class Meta:
        ordering = ("meeting", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["meeting", "officer"],
                name="meetings_chairing_once",
                violation_error_message="This officer stands here already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.officer} at {self.meeting}"

    def clean(self) -> None:
        """Refuse an officer of another group."""
        super().clean()
        if self.officer_id is not None:
            refuse_others(self.meeting.group_id, officer=self.officer)


class AgendaItem(models.Model):
    """An item of a meeting's agenda; items may have items below them."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="agenda_items")
    parent = models.ForeignKey(
        "self",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="items",
        help_text="The item it stands below, if any.",
    )
    position = models.PositiveSmallIntegerField(help_text="Its place among its neighbours.")
    title = LineByLanguage(help_text="As printed in the agenda.")
    approves = models.ForeignKey(
        Meeting, models.SET_NULL, null=True, blank=True, related_name="+", editable=False,
        help_text="The earlier meeting whose report it is to approve.",
    )  # fmt: skip
    returns = models.ForeignKey(
        "meetings.Outcome", models.SET_NULL, null=True, blank=True, related_name="+", editable=False,
        help_text="The promise of an earlier meeting that returned with it by itself.",
    )  # fmt: skip
    no_outcome_reason = Line(
        max_length=300, blank=True, help_text="Why the item has no outcome, said on purpose."
    )

    class Meta:
        ordering = ("meeting", F("parent__position").asc(nulls_first=True), "position", "pk")

    def __str__(self) -> str:
        return in_any_language(self.title)

    def clean(self) -> None:
        """Refuse to stand below an item of another meeting, or below itself."""
        super().clean()
        refuse_above(self, "meeting")
