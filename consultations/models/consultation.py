"""A round of open consultation: what it is about, what it rests on, when it runs."""

from __future__ import annotations

import zoneinfo
from datetime import date, datetime
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, ExtractMonth, ExtractYear, TruncDate
from django.db.models.lookups import GreaterThanOrEqual
from django.urls import reverse

from meetings.deadline import Deadline, Moment, Move, zone_in_words
from meetings.languages import in_any_language, in_language
from meetings.models import Meeting, Officer, Outcome, Session, Topic, WorkingGroup
from meetings.models.belonging import refuse_above, refuse_move, refuse_others
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


class State(models.TextChoices):
    """Where the life of a round stands by the clock; what became of it afterwards, outcomes tell."""

    PREPARED = "prepared", "In preparation"
    DECIDED = "decided", "Decided"
    ANNOUNCED = "announced", "Announced"
    OPEN = "open", "Open for contributions"
    CLOSED = "closed", "Closed"


class ConsultationQuerySet(models.QuerySet["Consultation"]):
    """Questions about many rounds; each takes the instant."""

    def public(self) -> ConsultationQuerySet:
        """Return those that everybody reads: announced ones, and those of the archive."""
        return self.filter(Q(announced_at__isnull=False) | Q(record_incomplete=True))

    def in_state(self, state: str, at: datetime) -> ConsultationQuerySet:
        """Return those that stand in `state` at `at`: `Consultation.state` of many."""
        closed = Q(closed_from__isnull=False, closed_from__lte=at)
        begun = Q(opens_from__isnull=False, opens_from__lte=at)
        announced = Q(announced_at__isnull=False, announced_at__lte=at)
        open_now = begun & Q(closed_from__isnull=False)
        conditions = {
            State.CLOSED: closed,
            State.OPEN: ~closed & open_now,
            State.ANNOUNCED: ~closed & ~begun & announced,
            State.DECIDED: ~closed
            & (
                begun & Q(closed_from__isnull=True)
                | ~begun & ~announced & Q(record_incomplete=True)
            ),
            State.PREPARED: ~closed & ~begun & ~announced & Q(record_incomplete=False),
        }
        return self.filter(conditions[State(state)])

    def open(self, at: datetime) -> ConsultationQuerySet:
        """Return those that take contributions at `at`."""
        return self.in_state(State.OPEN, at)


def follow_zone(sender: type[WorkingGroup], instance: WorkingGroup, **kwargs: Any) -> None:
    """Compute a group's openings and closings anew once its zone may have changed.

    The group stands in the room below, which knows no rounds: it is heard when it is saved.
    """
    for each in Consultation.objects.filter(group=instance).select_related("group"):
        was = each.opens_from, each.closed_from
        if (each.opening().starts, each.deadline().ends) != was:
            each.save()


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
        null=True, blank=True,
        help_text="The words of a session’s decision or of a Chair’s call; of a past round, what is "
        "known of its decision.",
    )  # fmt: skip
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
    background = ProseByLanguage(
        null=True, blank=True, help_text="What a reader should know before answering."
    )
    how_to_take_part = ProseByLanguage(
        null=True, blank=True, help_text="What is special in this round; the form explains itself."
    )
    announced_at = models.DateTimeField(
        null=True, editable=False, help_text="When the secretariat announced it."
    )
    record_incomplete = models.BooleanField(
        default=False,
        help_text="A round of the past of which not everything is known or kept here.",
    )
    sources = Prose(
        blank=True, max_length=5_000, help_text="Where the facts of a past round were found."
    )
    # Computed on saving from what is known above and the group's zone, so that lists can be asked
    opens_from = models.DateTimeField(null=True, editable=False)
    closed_from = models.DateTimeField(null=True, editable=False)
    last_number = models.PositiveIntegerField(
        default=0, editable=False, help_text="The last number given to a contribution."
    )

    objects = ConsultationQuerySet.as_manager()

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
            models.CheckConstraint(
                condition=Q(announced_at=None) | Q(opens_at__isnull=False, closes_at__isnull=False),
                name="consultations_announced_with_both_instants",
                violation_error_message=(
                    "A round that is announced has the instants of its opening and its closing."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {in_any_language(self.heading) or self.slug}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep beside what is known of the opening and the closing the instants they come to.

        The last number given is written under a lock when one is given, and never by what was read
        before that.
        """
        self.opens_from, self.closed_from = self.opening().starts, self.deadline().ends
        names = kwargs.get("update_fields")
        if names is not None:
            kwargs["update_fields"] = {*names, "opens_from", "closed_from"}
        elif not self._state.adding:
            every = {each.name for each in self._meta.concrete_fields if not each.primary_key}
            kwargs["update_fields"] = every - {"last_number"}
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """Return the address of the round's page, the same through its whole life."""
        return reverse("pages:consultation", args=[self.group.slug, self.slug])

    def opening(self, language: str = "en") -> Moment:
        """Return when it opens."""
        return self.moment(self.opens_at, self.opens_day, self.opens_month, language=language)

    def deadline(self, language: str = "en") -> Deadline:
        """Return when it closes, with its extensions: asks for them where they were not fetched."""
        moves = [self.move(each, language) for each in (self.extensions.all() if self.pk else ())]
        return Deadline(self._closing(language), moves)

    def move(self, extension: Extension, language: str = "en") -> Move:
        """Return one of its extensions as its deadline holds it."""
        return Move(
            self.moment(extension.was, extension.was_day, language=language),
            self.moment(extension.now, extension.now_day, language=language),
            extension.decided_on,
            in_language(extension.decided_by, language),
            extension.reason,
        )

    def _closing(self, language: str) -> Moment:
        """Return when it was first to close."""
        return self.moment(self.closes_at, self.closes_day, self.closes_month, language=language)

    def moment(
        self,
        at: datetime | None,
        day: date | None = None,
        month: date | None = None,
        *,
        language: str = "en",
    ) -> Moment:
        """Return an instant, else a day, else a month, as the round's house says it."""
        place = in_language(self.group.zone_words, language) or zone_in_words(self.group.zone)
        return Moment(self.group.zone, place, at, day, month)

    def state(self, at: datetime) -> State:
        """Return where its life stands at `at`, as its own dates tell; never typed."""
        if self.closed_from is not None and self.closed_from <= at:
            return State.CLOSED
        if self.opens_from is not None and self.opens_from <= at:
            return State.OPEN if self.closed_from is not None else State.DECIDED
        if self.announced_at is not None and self.announced_at <= at:
            return State.ANNOUNCED
        return State.DECIDED if self.record_incomplete else State.PREPARED

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
        if self.group_id is None:
            return  # without its zone there is no more to say than the constraints do
        opens, closes = self.opening().first_day, self._closing("en").first_day
        if opens is None or closes is None:
            return
        if self.closes_month:
            opens = opens.replace(day=1)
        if closes < opens:
            raise ValidationError("It closes before it opens.")


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

    def clean(self) -> None:
        """Refuse to stand below a question of another round, or below itself."""
        super().clean()
        refuse_above(self, "consultation")


class Extension(models.Model):
    """A deadline that was moved: from when to when, who decided it, and why.

    Of one of the past the days may be all that is known.
    """

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="extensions")
    was = models.DateTimeField("closing before", null=True, blank=True)
    now = models.DateTimeField("closing after", null=True, blank=True)
    was_day = models.DateField(null=True, editable=False)
    now_day = models.DateField(null=True, editable=False)
    decided_on = models.DateField(null=True, blank=True, help_text="The day it was decided.")
    decided_by = LineByLanguage(null=True, blank=True, help_text="Who decided it.")
    reason = Prose(max_length=500, blank=True, help_text="Why.")

    class Meta:
        ordering = (
            "consultation",
            F("now_day").asc(nulls_last=True),
            F("now").asc(nulls_first=True),
        )
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(was=None, now=None) | Q(now__gt=F("was")),
                name="consultations_extension_later",
                violation_error_message="The new deadline lies before the old one.",
            ),
            models.CheckConstraint(
                condition=Q(was_day=None, now_day=None) | Q(now_day__gt=F("was_day")),
                name="consultations_extension_on_a_later_day",
                violation_error_message="The new deadline lies before the old one.",
            ),
            models.CheckConstraint(
                condition=Q(
                    was__isnull=False, now__isnull=False, was_day=None, now_day=None,
                    decided_on__isnull=False, decided_by__isnull=False,
                ) & ~Q(reason="")
                | Q(was=None, now=None, was_day__isnull=False, now_day__isnull=False),
                name="consultations_extension_known_one_way",
                violation_error_message=(
                    "Say from when to when the deadline is moved, who decided it, on which day, and "
                    "why. Of an extension of the past the two days are enough."
                ),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        until = self.now or self.now_day
        return f"{self.consultation}: until {until:%-d %B %Y}" if until else f"{self.consultation}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Move the closing of the round with it, whoever saves it."""
        super().save(*args, **kwargs)
        self._move_closing()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Move the closing of the round back."""
        removed = super().delete(*args, **kwargs)
        self._move_closing()
        return removed

    def _move_closing(self) -> None:
        # read anew: the one at hand may be half changed, or know fewer extensions
        Consultation.objects.select_related("group").get(pk=self.consultation_id).save()


class FormerAddress(models.Model):
    """An address that a round once had; it redirects to the one it has now."""

    group = models.ForeignKey(WorkingGroup, models.CASCADE, related_name="+")
    slug = models.SlugField()
    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="former_addresses")

    class Meta:
        ordering = ("group", "slug")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["group", "slug"],
                name="consultations_former_address_once",
                violation_error_message="Another round had this address.",
            ),
        ]

    def __str__(self) -> str:
        return self.slug
