"""A working group: what it is called, and how its house prints."""

from __future__ import annotations

import zoneinfo
from datetime import date
from string import Formatter
from typing import TYPE_CHECKING, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from meetings.languages import in_any_language
from meetings.models.fields import Line, LineByLanguage, ProseByLanguage
from meetings.models.instrument import Body
from meetings.wording import patterns

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


def validate_zone(name: str) -> None:
    """Refuse a name that is no time zone of the IANA database."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(
            "“%(zone)s” is no time zone. Write it as in Europe/Zurich.", params={"zone": name}
        )


class WorkingGroup(models.Model):
    """A group whose record is kept here, or that is only named in another group's outcomes."""

    class Ordinals(models.TextChoices):
        """How the house prints the number of a meeting."""

        WORDS = "words", "in words: eighteenth"
        FIGURES = "figures", "in figures: 18th"

    class Windows(models.TextChoices):
        """How the house prints a consultation's window."""

        LONG = "long", "with both years: February 2025 – September 2025"
        SHORT = "short", "short: February-September 2025"

    class DayRanges(models.TextChoices):
        """How the house prints days that follow each other in one month."""

        HYPHEN = "hyphen", "with a hyphen: 19-20 February 2025"
        AND = "and", "two days with a word: 19 and 20 February 2025"
        FROM_TO = "from_to", "in words: from 19 to 20 February 2025"

    slug = models.SlugField(
        unique=True, help_text="As every address of the group begins. It stays once it was public."
    )
    record_kept_here = models.BooleanField(
        "its record is kept here",
        default=True,
        help_text="Leave this out for a group that is only named in another group’s outcomes.",
    )
    parent = models.ForeignKey(
        Body,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="working_groups",
        help_text="The body that set it up.",
    )
    subject = LineByLanguage(
        null=True, blank=True, help_text="What it works on, as a sentence says it."
    )
    membership = LineByLanguage(
        "membership clause",
        null=True,
        blank=True,
        help_text="Who takes part, as printed: limited to Member States, with …",
    )
    zone = models.CharField(
        "time zone",
        max_length=60,
        default="Europe/Zurich",
        validators=[validate_zone],
        help_text="The zone in which its deadlines are meant.",
    )
    zone_words = LineByLanguage(
        "time zone in words",
        null=True,
        blank=True,
        help_text="As a deadline says it after the hour: Geneva time.",
    )
    ordinals = models.CharField(
        max_length=8,
        choices=Ordinals,
        default=Ordinals.WORDS,
        help_text="How the house prints the number of a meeting.",
    )
    windows = models.CharField(
        max_length=8,
        choices=Windows,
        default=Windows.LONG,
        help_text="How the house prints a consultation’s window.",
    )
    day_ranges = models.CharField(
        max_length=8,
        choices=DayRanges,
        default=DayRanges.HYPHEN,
        help_text="How the house prints a meeting of several days.",
    )
    number_pattern = Line(
        "document number",
        max_length=80,
        default="{acronym}-{meeting}/{number}",
        help_text="With {acronym}, {meeting} and {number}; oc-… meetings count for themselves.",
    )

    documents_days = models.PositiveSmallIntegerField(
        "documents due, days before",
        default=14,
        help_text="How many days before a meeting its documents are to be in, at 23:59.",
    )
    number_at_submission = models.BooleanField(
        "number at submission",
        default=False,
        help_text="Give a document its number when it is submitted, not when staff register it.",
    )

    if TYPE_CHECKING:
        names: RelatedManager[GroupName]
        patterns: RelatedManager[HousePattern]

    class Meta:
        ordering = ("slug",)

    def __str__(self) -> str:
        names = sorted(self.names.all(), key=lambda name: (name.from_day or date.min, name.pk or 0))
        return in_any_language(names[-1].acronym) if names else self.slug

    def clean(self) -> None:
        """Refuse a pattern with anything but the plain names: a width could fill the memory."""
        try:
            slots = [slot[1:] for slot in Formatter().parse(self.number_pattern)]
        except ValueError:
            slots = [("", "", "")]
        plain = {(name, "", None) for name in ("acronym", "meeting", "number")}
        if not {slot for slot in slots if slot[0] is not None} <= plain:
            raise ValidationError(
                {"number_pattern": "Write it with {acronym}, {meeting} and {number} only."}
            )

    def get_absolute_url(self) -> str:
        return reverse("pages:group", args=[self.slug])


class GroupName(models.Model):
    """What a group is called over a span of years."""

    group = models.ForeignKey(WorkingGroup, models.CASCADE, related_name="names")
    name = LineByLanguage(null=True, blank=True, help_text="In full, as after “The ITU …”.")
    acronym = LineByLanguage(help_text="The acronym as printed.")
    printed_short = LineByLanguage(
        "in running text",
        null=True,
        blank=True,
        help_text="As another group’s report names it, where that is not the acronym.",
    )
    from_day = models.DateField("from", null=True, blank=True, help_text="Empty: from the start.")
    to_day = models.DateField("until", null=True, blank=True, help_text="Empty: still in use.")

    class Meta:
        ordering = ("group", F("from_day").asc(nulls_first=True), "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(from_day=None) | Q(to_day=None) | Q(to_day__gte=F("from_day")),
                name="meetings_group_name_days_in_order",
                violation_error_message="The last day lies before the first.",
            ),
            models.UniqueConstraint(
                fields=["group", "from_day"],
                name="meetings_group_name_one_from_a_day",
                violation_error_message="Another name of the group begins on that day.",
            ),
            models.UniqueConstraint(
                fields=["group"],
                condition=Q(from_day=None),
                name="meetings_group_name_one_from_the_start",
                violation_error_message="Another name of the group stands from the start.",
            ),
        ]

    def __str__(self) -> str:
        return in_any_language(self.acronym)


class HousePattern(models.Model):
    """A sentence pattern that this group's house prints in its own way."""

    group = models.ForeignKey(WorkingGroup, models.CASCADE, related_name="patterns")
    name = models.SlugField(
        help_text="Which pattern it stands for; the list is in the guide, under “House patterns”."
    )
    text = ProseByLanguage(help_text="An ICU message pattern with the slots of that sentence.")

    class Meta:
        ordering = ("group", "name")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["group", "name"],
                name="meetings_house_pattern_once",
                violation_error_message="The group has a pattern of this name already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.group}: {self.name}"

    def clean(self) -> None:
        """Refuse an unknown pattern, or a text that ICU cannot read."""
        for language, text in (self.text or {}).items():
            try:
                patterns.check(text, language, self.name)
            except patterns.PatternError as error:
                field = "name" if error.unknown_name else "text"
                raise ValidationError({field: str(error)}) from error
