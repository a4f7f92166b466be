"""A round of open consultation: what it is about, what it rests on, when it runs."""

from __future__ import annotations

import zoneinfo
from datetime import date, datetime
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, ExtractMonth, ExtractYear, TruncDate
from django.db.models.lookups import GreaterThanOrEqual

from meetings.languages import in_any_language
from meetings.models import Meeting, Officer, Outcome, Session, Topic, WorkingGroup
from meetings.models.belonging import refuse_move, refuse_others
from meetings.models.fields import LineByLanguage, Prose, ProseByLanguage


def _one_of(event: str) -> models.CheckConstraint:
    """Allow an instant, a day or a month for `event`, never two of them; all may be unknown."""
    at, day, month = f"{event}_at", f"{event}_day", f"{event}_month"
    return models.CheckConstraint(
        condition=(
            Q(**{day: None, month: None})
            | Q(**{at: None, month: None})
            | Q(**{at: None, day: None})
        )
        & (Q(**{month: None}) | Q(**{f"{month}__day": 1})),
        name=f"consultations_{event}_known_one_way",
        violation_error_message="Give the instant, or the day, or the month (its first day).",
    )


# An instant falls on two days, by where on Earth it is read: here is the earliest, there the latest
EARLIEST, LATEST = zoneinfo.ZoneInfo("Etc/GMT+12"), zoneinfo.ZoneInfo("Etc/GMT-14")


def _day_of(event: str, zone: zoneinfo.ZoneInfo) -> Coalesce:
    """Return the day of `event`, known as an instant, a day or a month (its first day)."""
    day = TruncDate(F(f"{event}_at"), tzinfo=zone)
    return Coalesce(day, F(f"{event}_day"), F(f"{event}_month"), output_field=models.DateField())


def _month_count(day: Coalesce) -> models.Expression:
    return ExtractYear(day) * 12 + ExtractMonth(day)


def _in_order() -> list[models.BaseConstraint]:
    """Refuse a round that closes before it opens, however much is known of either.

    The zone of the group stands in another row: `clean` asks it, and here the earliest
    day of an opening and the latest of a closing count.
    """
    said = "It closes before it opens."
    opens = _day_of("opens", EARLIEST)
    closes = _day_of("closes", LATEST)
    return [
        models.CheckConstraint(
            condition=Q(opens_at=None) | Q(closes_at=None) | Q(closes_at__gte=F("opens_at")),
            name="consultations_closes_after_it_opens",
            violation_error_message=said,
        ),
        models.CheckConstraint(
            condition=Q(closes_month__isnull=False) | Q(GreaterThanOrEqual(closes, opens)),
            name="consultations_closes_on_a_later_day",
            violation_error_message=said,
        ),
        models.CheckConstraint(
            condition=Q(closes_month__isnull=True)
            | Q(GreaterThanOrEqual(_month_count(closes), _month_count(opens))),
            name="consultations_closes_in_a_later_month",
            violation_error_message=said,
        ),
    ]


class Consultation(models.Model):
    """One round of open consultation."""

    group = models.ForeignKey(WorkingGroup, models.PROTECT, related_name="+")
    slug = models.SlugField(help_text="As its address ends. It stays once it was public.")
    key = models.SlugField("year and month", help_text="As in references: 2024-10.")
    heading = LineByLanguage(
        null=True, blank=True, help_text="The heading of the round’s own page."
    )
    topics = models.ManyToManyField(Topic, through="ConsultationTopic", related_name="+")
    decided_by = models.ForeignKey(
        Outcome,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The outcome it rests on.",
    )
    decided_at = models.ForeignKey(
        Session,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The session that decided it.",
    )
    called_by = models.ForeignKey(
        Officer,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The Chair whose call it is.",
    )
    decision = ProseByLanguage(
        null=True, blank=True, help_text="The words of a session’s decision or of a Chair’s call."
    )
    opens_at = models.DateTimeField(null=True, blank=True, help_text="The instant, where known.")
    opens_day = models.DateField(null=True, blank=True, help_text="Else the day.")
    opens_month = models.DateField(
        null=True, blank=True, help_text="Else the first day of the month."
    )
    closes_at = models.DateTimeField(null=True, blank=True, help_text="The instant, where known.")
    closes_day = models.DateField(null=True, blank=True, help_text="Else the day.")
    closes_month = models.DateField(
        null=True, blank=True, help_text="Else the first day of the month."
    )
    meeting = models.ForeignKey(
        Meeting,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The open consultation meeting held on it.",
    )
    preamble = ProseByLanguage(null=True, blank=True, help_text="What stands before the questions.")

    class Meta:
        ordering = ("group", "key", "slug")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["group", "slug"],
                name="consultations_slug_once",
                violation_error_message="Another round has this address.",
            ),
            models.UniqueConstraint(
                fields=["group", "key"],
                name="consultations_key_once",
                violation_error_message="Another round has this key.",
            ),
            _one_of("opens"),
            _one_of("closes"),
            *_in_order(),
            models.CheckConstraint(
                condition=Q(decided_by=None, decided_at=None)
                | Q(decided_by=None, called_by=None)
                | Q(decided_at=None, called_by=None),
                name="consultations_one_decider",
                violation_error_message="Name one of the outcome, the session or the Chair.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {in_any_language(self.heading) or self.slug}"

    def clean(self) -> None:
        """Refuse what is of another group, and a round that closes before it opens.

        It counts by the days of the group's own zone.
        """
        super().clean()
        refuse_move(self, self.group_id)
        refuse_others(
            self.group_id,
            decided_by=self.decided_by,
            called_by=self.called_by,
            meeting=self.meeting,
        )
        opens, closes = self._day("opens"), self._day("closes")
        if opens is None or closes is None:
            return
        if self.closes_month:
            opens = opens.replace(day=1)
        if closes < opens:
            raise ValidationError("It closes before it opens.")

    def _day(self, event: str) -> date | None:
        at: datetime | None = getattr(self, f"{event}_at")
        if at is not None and self.group_id is not None:
            return at.astimezone(zoneinfo.ZoneInfo(self.group.zone)).date()
        day: date | None = getattr(self, f"{event}_day") or getattr(self, f"{event}_month")
        return day


class ConsultationTopic(models.Model):
    """A topic of a round, in the order in which it is printed."""

    consultation = models.ForeignKey(
        Consultation, models.CASCADE, related_name="consultation_topics"
    )
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ("consultation", "position", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["consultation", "topic"],
                name="consultations_topic_once",
                violation_error_message="The round names this topic already.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.topic)

    def clean(self) -> None:
        """Refuse a topic of another group."""
        super().clean()
        if self.topic_id is not None:
            refuse_others(self.consultation.group_id, topic=self.topic)


class Question(models.Model):
    """A question of a round; questions may stand below another."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="questions")
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="questions"
    )
    position = models.PositiveSmallIntegerField(default=1)
    text = ProseByLanguage(help_text="The question as asked.")

    class Meta:
        ordering = ("consultation", "position", "pk")

    def __str__(self) -> str:
        return in_any_language(self.text)[:80]


class Extension(models.Model):
    """A deadline that was moved: from when to when, who decided it, and why."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="extensions")
    was = models.DateTimeField("closing before")
    now = models.DateTimeField("closing after")
    decided_on = models.DateField(help_text="The day it was decided.")
    decided_by = LineByLanguage(help_text="Who decided it.")
    reason = Prose(max_length=500, help_text="Why.")

    class Meta:
        ordering = ("consultation", "now")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(now__gt=F("was")),
                name="consultations_extension_later",
                violation_error_message="The new deadline lies before the old one.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.consultation}: until {self.now:%-d %B %Y}"
