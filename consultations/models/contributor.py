"""Who is named in public as having contributed: persons and organizations, over all rounds of a group.

The words that a sender typed stay where they were typed (Contribution.name, Organisation.name); here
stands who is meant by them, under which address (docs/contributors.md).
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from consultations.models.contribution import Contribution, Standing
from meetings.models import WorkingGroup
from meetings.models.fields import Line, Prose


class Contributor(models.Model):
    """A person or an organization that was named by a published contribution, and its address."""

    class Kind(models.TextChoices):
        """What is named."""

        ORGANISATION = "organisation", "Organization"
        PERSON = "person", "Person"

    group = models.ForeignKey(WorkingGroup, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind)
    name = Line(max_length=300, help_text="As a sender wrote it, in the spelling that is shown.")
    slug = models.SlugField(max_length=80, help_text="As its address ends.")
    folded = models.CharField(
        max_length=200, editable=False,
        help_text="The name without case, accents, signs and spaces: by it the same one is found.",
    )  # fmt: skip
    beside = models.CharField(
        max_length=200, blank=True, editable=False,
        help_text="Of a person: the organization published with the name, folded, else the country.",
    )  # fmt: skip
    apart = models.PositiveIntegerField(
        default=0, editable=False,
        help_text="From 1 on: another of the same name, whom the secretariat told apart.",
    )  # fmt: skip

    class Meta:
        ordering = ("group", "kind", "folded", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["group", "slug"],
                name="contributors_slug_once",
                violation_error_message="Another contributor has this address.",
            ),
            models.UniqueConstraint(
                fields=["group", "kind", "folded", "beside", "apart"],
                name="contributors_name_once",
                violation_error_message="This name stands already.",
            ),
            models.CheckConstraint(
                condition=Q(kind="person") | Q(kind="organisation", beside=""),
                name="contributors_only_persons_beside",
                violation_error_message="Only a person is told by what stands beside the name.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)


class NamingQuerySet(models.QuerySet["Naming"]):
    """Questions about many namings."""

    def agreed(self) -> NamingQuerySet:
        """Return those that the sender agrees to: to the own name, or to those of the organizations."""
        person = Q(position=0, contribution__publish_name=True)
        return self.filter(person | Q(position__gt=0, contribution__publish_organisation=True))

    def live(self) -> NamingQuerySet:
        """Return those that the sender agrees to, of contributions that are published now."""
        return self.agreed().filter(contribution__standing=Standing.PUBLISHED)


class Naming(models.Model):
    """That a contribution names a contributor: kept from the publishing that named it."""

    group_path = "contributor__group"

    contribution = models.ForeignKey(Contribution, models.CASCADE, related_name="namings")
    position = models.PositiveSmallIntegerField(
        help_text="0 is the person; from 1 on the place among the organizations."
    )
    contributor = models.ForeignKey(
        Contributor, models.PROTECT, related_name="namings", help_text="By the words of the sender."
    )
    # Follows from the merges that stand; here so that a list of any length is asked by one index
    shown = models.ForeignKey(
        Contributor, models.PROTECT, related_name="shown_namings",
        help_text="Under whose page it stands, after what the secretariat merged.",
    )  # fmt: skip

    objects = NamingQuerySet.as_manager()

    class Meta:
        ordering = ("contribution", "position")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["contribution", "position"],
                name="namings_once",
                violation_error_message="This name of the contribution is somebody’s already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position} of {self.contribution_id}"


class ContributorMerge(models.Model):
    """That the secretariat said: this one is that one. It stands as long as nobody undid it."""

    group_path = "contributor__group"

    contributor = models.ForeignKey(Contributor, models.PROTECT, related_name="merges")
    into = models.ForeignKey(Contributor, models.PROTECT, related_name="took_in")
    reason = Prose(max_length=500)
    made_at = models.DateTimeField(editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    undone_at = models.DateTimeField(null=True, editable=False)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    undone_reason = Prose(max_length=500, blank=True)

    class Meta:
        ordering = ("made_at", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["contributor"],
                condition=Q(undone_at=None),
                name="contributors_merged_once",
                violation_error_message="This contributor is merged already.",
            ),
            models.CheckConstraint(
                condition=~Q(contributor=F("into")),
                name="contributors_not_merged_into_itself",
                violation_error_message="A contributor cannot be merged into itself.",
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_reason="")
                | (Q(undone_at__isnull=False) & ~Q(undone_reason="")),
                name="contributors_undone_with_reason",
                violation_error_message="What is undone has its reason, and nothing else has one.",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="contributors_merged_with_reason",
                violation_error_message="Give the reason of a merge.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contributor_id} into {self.into_id}"


class FormerName(models.Model):
    """A spelling that was shown before, with the address it had, which leads on for ever."""

    group = models.ForeignKey(WorkingGroup, models.PROTECT, related_name="+")
    contributor = models.ForeignKey(Contributor, models.PROTECT, related_name="former_names")
    name = Line(max_length=300)
    slug = models.SlugField(max_length=80)
    reason = Prose(max_length=500)
    until = models.DateTimeField(editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )

    class Meta:
        ordering = ("until", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["group", "slug"],
                name="contributors_former_slug_once",
                violation_error_message="This was the address of another contributor.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)


class NameKey(models.Model):
    """A number that two names share the more likely, the more alike they are.

    Each contributor has a few (`consultations.alike_names`), so that those like it are found by an
    index among any number.
    """

    contributor = models.ForeignKey(Contributor, models.CASCADE, related_name="keys")
    # of the contributor: here once more, because the index is asked for both
    group = models.ForeignKey(WorkingGroup, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, choices=Contributor.Kind)
    value = models.BigIntegerField()

    class Meta:
        ordering = ("contributor", "pk")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["group", "kind", "value", "contributor"], name="names_alike"),
        ]

    def __str__(self) -> str:
        return f"{self.value:x} of {self.contributor_id}"


class NamesAlike(models.Model):
    """That two names are alike: offered to the secretariat until it merges them or tells them apart."""

    group_path = "one__group"

    one = models.ForeignKey(Contributor, models.CASCADE, related_name="+")
    other = models.ForeignKey(Contributor, models.CASCADE, related_name="+")
    percent = models.PositiveSmallIntegerField()
    told_apart_at = models.DateTimeField(null=True, editable=False)
    told_apart_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    reason = Prose(max_length=500, blank=True)

    class Meta:
        ordering = ("-percent", "one", "other")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["one", "other"],
                name="names_alike_once",
                violation_error_message="These two are offered already.",
            ),
            models.CheckConstraint(
                condition=Q(one__lt=F("other")),
                name="names_alike_in_order",
                violation_error_message="The one that was there first stands first.",
            ),
            models.CheckConstraint(
                condition=Q(told_apart_at=None, reason="")
                | (Q(told_apart_at__isnull=False) & ~Q(reason="")),
                name="names_alike_told_apart_with_reason",
                violation_error_message="Say why they are not the same.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.one_id} and {self.other_id}"
