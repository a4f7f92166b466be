"""Countries and their regions, officers, and who may do what in a group."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models import F, Q

from meetings.languages import in_any_language
from meetings.models.belonging import refuse_move
from meetings.models.fields import LineByLanguage
from meetings.models.group import WorkingGroup


class Region(models.Model):
    """A region in one of the two systems: for elections to the Council, or for groups and offices."""

    class System(models.TextChoices):
        """What the region is used for."""

        ADMINISTRATIVE = "administrative", "administrative region (elections to the Council)"
        OFFICE = "office", "region of groups and offices"

    system = models.CharField(max_length=20, choices=System)
    code = models.SlugField(help_text="A to E, or the name in an address.")
    name = LineByLanguage()
    seats = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Seats in the Council; administrative regions only."
    )
    position = models.PositiveSmallIntegerField(help_text="Its place in lists.")

    class Meta:
        ordering = ("system", "position")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["system", "code"],
                name="meetings_region_once",
                violation_error_message="This region stands here already.",
            ),
            models.CheckConstraint(
                condition=Q(system="administrative") | Q(seats=None),
                name="meetings_region_seats_of_administrative",
                violation_error_message="Only administrative regions have seats in the Council.",
            ),
        ]

    def __str__(self) -> str:
        return in_any_language(self.name)


class MemberState(models.Model):
    """A Member State of the Union."""

    iso = models.CharField(
        "ISO code", max_length=2, unique=True, help_text="Two letters, ISO 3166-1."
    )
    name = LineByLanguage(help_text="The short name as printed in documents.")
    long_name = LineByLanguage(null=True, blank=True, help_text="The name in full.")
    administrative_region = models.ForeignKey(
        Region,
        models.PROTECT,
        related_name="+",
        limit_choices_to={"system": "administrative"},
        help_text="For elections to the Council.",
    )
    region = models.ForeignKey(
        Region,
        models.PROTECT,
        related_name="+",
        limit_choices_to={"system": "office"},
        help_text="For groups and offices.",
    )

    class Meta:
        ordering = ("iso",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(iso__regex=r"^[A-Z]{2}$"),
                name="meetings_member_state_iso",
                violation_error_message="The code has two capital letters.",
            )
        ]

    def __str__(self) -> str:
        return in_any_language(self.name)


class Officer(models.Model):
    """The Chair or a Vice-Chair of a group, over a term."""

    class Role(models.TextChoices):
        """What the officer is; the words printed are in the messages of each language."""

        CHAIR = "chair", "Chair"
        ACTING_CHAIR = "acting_chair", "Acting Chair"
        VICE_CHAIR = "vice_chair", "Vice-Chair"

    class Gender(models.TextChoices):
        """Needed for French, Spanish, Russian and Arabic even where English hides it."""

        FEMALE = "female", "female"
        MALE = "male", "male"

    group = models.ForeignKey(WorkingGroup, models.CASCADE, related_name="officers")
    key = models.SlugField("short key", help_text="As in the record file: the family name.")
    role = models.CharField(max_length=20, choices=Role)
    form_of_address = LineByLanguage(null=True, blank=True, help_text="Mr, Ms, Dr …")
    name = LineByLanguage(help_text="As printed.")
    gender = models.CharField(
        max_length=6, choices=Gender, blank=True, help_text="For languages that need it."
    )
    possessive = LineByLanguage(
        null=True, blank=True, help_text="his, her, their: as “expressed … appreciation” needs it."
    )
    country = models.ForeignKey(
        MemberState, models.PROTECT, null=True, blank=True, related_name="+"
    )
    country_printed = LineByLanguage(
        "country as printed",
        null=True,
        blank=True,
        help_text="Only where the report prints another form than the short name.",
    )
    title_printed = LineByLanguage(
        "title as printed",
        null=True,
        blank=True,
        help_text="Only where texts of that time say otherwise: Chairman.",
    )
    from_day = models.DateField("from", null=True, blank=True, help_text="Where known.")
    to_day = models.DateField("until", null=True, blank=True, help_text="Empty: still in office.")

    class Meta:
        ordering = ("group", F("from_day").asc(nulls_first=True), "key")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["group", "key"],
                name="meetings_officer_key_once",
                violation_error_message="Another officer of the group has this key.",
            ),
            models.CheckConstraint(
                condition=Q(from_day=None) | Q(to_day=None) | Q(to_day__gte=F("from_day")),
                name="meetings_officer_days_in_order",
                violation_error_message="The term ends before it begins.",
            ),
        ]

    def __str__(self) -> str:
        return f"{in_any_language(self.name)}, {self.get_role_display()}"

    def clean(self) -> None:
        """Refuse to move to another group, and a Chair beside another: a group has one at a time.

        The one who comes may begin on the day the other ends. An acting Chair may stand
        beside a Chair, who may be away from a meeting or a part of it.
        """
        refuse_move(self, self.group_id)
        if self.role != self.Role.CHAIR or self.group_id is None:
            return
        if connection.in_atomic_block:  # two who come at once are asked one after the other
            WorkingGroup.objects.select_for_update(no_key=True).filter(pk=self.group_id).first()
        others = Officer.objects.filter(group=self.group_id, role=self.Role.CHAIR)
        for other in others.exclude(pk=self.pk):
            if other.overlaps(self.from_day, self.to_day):
                raise ValidationError(
                    {
                        "role": f"{in_any_language(other.name)} is Chair {other.term()}. "
                        "A group has one Chair at a time: end one term before the other begins."
                    }
                )

    def term(self) -> str:
        """Return from when and until when, in words, for the staff."""
        days = (
            (word, day) for word, day in (("from", self.from_day), ("until", self.to_day)) if day
        )
        said = " ".join(f"{word} {day:%-d %B %Y}" for word, day in days)
        return said or "without a first or last day"

    def overlaps(self, from_day: date | None, to_day: date | None) -> bool:
        """Say whether the term and another have more in common than the day of handing over."""
        mine = (self.from_day or date.min, self.to_day or date.max)
        theirs = (from_day or date.min, to_day or date.max)
        if mine[0] == theirs[0] or mine[1] == theirs[1]:
            return True
        return mine[0] < theirs[1] and theirs[0] < mine[1]

    def in_office_on(self, day: date) -> bool:
        """Say whether the term covers `day`; an unknown end or beginning is open."""
        return self.serves_between(day, day)

    def serves_between(self, first_day: date, last_day: date) -> bool:
        """Say whether the term covers any day from `first_day` to `last_day`."""
        return (self.from_day or date.min) <= last_day and (self.to_day or date.max) >= first_day


class RoleTermQuerySet(models.QuerySet["RoleTerm"]):
    """Questions about role terms."""

    def on(self, day: date) -> RoleTermQuerySet:
        """Return the terms that cover `day`; a term without end goes on."""
        return self.filter(Q(to_day=None) | Q(to_day__gte=day), from_day__lte=day)


class RoleTerm(models.Model):
    """Somebody's role in a group, from a day and until a day."""

    class Role(models.TextChoices):
        """What somebody may do; the permissions each role carries stand in one table of the roof."""

        LEAD = "lead", "Secretariat lead"
        EDITOR = "editor", "Editor"
        CHAIR = "chair", "Chair"
        VICE_CHAIR = "vice_chair", "Vice-Chair"
        READER = "reader", "Reader"

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="role_terms")
    group = models.ForeignKey(WorkingGroup, models.CASCADE, related_name="role_terms")
    role = models.CharField(max_length=20, choices=Role)
    from_day = models.DateField("from")
    to_day = models.DateField(
        "until", null=True, blank=True, help_text="Empty: until further notice."
    )

    objects = RoleTermQuerySet.as_manager()

    class Meta:
        ordering = ("group", "person", "from_day")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["person", "group", "role", "from_day"],
                name="meetings_role_term_once",
                violation_error_message="This term stands here already.",
            ),
            models.CheckConstraint(
                condition=Q(to_day=None) | Q(to_day__gte=F("from_day")),
                name="meetings_role_term_days_in_order",
                violation_error_message="The term ends before it begins.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.get_role_display()} of {self.group}"


class DelegateTermQuerySet(models.QuerySet["DelegateTerm"]):
    """Questions about the terms of delegates."""

    def on(self, day: date) -> DelegateTermQuerySet:
        """Return the terms that cover `day`; a term without end goes on."""
        return self.filter(Q(to_day=None) | Q(to_day__gte=day), from_day__lte=day)


class DelegateTerm(models.Model):
    """Somebody's place in the delegation of a Member State to a group, from a day and until a day.

    Delegates prepare; the focal point also submits, invites and removes.
    """

    class Role(models.TextChoices):
        """What somebody does in a delegation."""

        DELEGATE = "delegate", "Delegate"
        FOCAL_POINT = "focal_point", "Focal point"

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="delegate_terms"
    )
    group = models.ForeignKey(WorkingGroup, models.CASCADE, related_name="delegate_terms")
    member_state = models.ForeignKey(MemberState, models.PROTECT, related_name="+")
    role = models.CharField(max_length=11, choices=Role, default=Role.DELEGATE)
    from_day = models.DateField("from")
    to_day = models.DateField(
        "until", null=True, blank=True, help_text="Empty: until further notice."
    )

    objects = DelegateTermQuerySet.as_manager()

    class Meta:
        ordering = ("group", "member_state", "from_day", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["person", "group", "from_day"],
                name="meetings_delegate_term_once",
                violation_error_message="A term of this person in the group begins on that day.",
            ),
            models.UniqueConstraint(
                fields=["person", "group"],
                condition=Q(to_day=None),
                name="meetings_delegate_term_one_at_a_time",
                violation_error_message="This person is in a delegation to the group already.",
            ),
            models.UniqueConstraint(
                fields=["group", "member_state"],
                condition=Q(to_day=None, role="focal_point"),
                name="meetings_delegate_term_one_focal_point",
                violation_error_message="The delegation has a focal point already.",
            ),
            models.CheckConstraint(
                condition=Q(to_day=None) | Q(to_day__gte=F("from_day")),
                name="meetings_delegate_term_days_in_order",
                violation_error_message="The term ends before it begins.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.get_role_display().lower()} of {self.member_state}"
