"""What a stakeholder sends to a round: who, what, with which consent, and where it stands."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from consultations.models.consultation import Consultation, Question
from meetings.characters import validate_line
from meetings.languages import LANGUAGES
from meetings.models import MemberState
from meetings.models.fields import Line, Prose


class Standing(models.TextChoices):
    """Where a contribution stands; each is in exactly one, and `consultations.standing` moves it."""

    DRAFT = "draft", "Draft"
    SENT = "sent", "Sent, address not confirmed"
    AWAITING = "awaiting", "Awaiting the secretariat"
    PUBLISHED = "published", "Published"
    PASSED = "passed", "Passed to the Group only"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"
    MERGED = "merged", "Merged into another"


# A draft, and what was sent from an address that nobody confirmed, is no contribution yet.
UNCONFIRMED = (Standing.DRAFT, Standing.SENT)
RECEIVED = tuple(each for each in Standing if each not in UNCONFIRMED)
# What its sender may still change or withdraw, and the secretariat act on
OPEN = (Standing.AWAITING, Standing.PUBLISHED, Standing.PASSED)


class StakeholderGroup(models.TextChoices):
    """The groups of stakeholders that open consultations address."""

    GOVERNMENT = "government", "Government"
    PRIVATE_SECTOR = "private_sector", "Private sector"
    CIVIL_SOCIETY = "civil_society", "Civil society"
    ACADEMIA = "academia", "Academia"
    TECHNICAL_COMMUNITY = "technical_community", "Technical community"
    INTERNATIONAL = "international", "International or intergovernmental organization"
    INDIVIDUAL = "individual", "Individual"


class ContributionQuerySet(models.QuerySet["Contribution"]):
    """Questions about many contributions."""

    def received(self) -> ContributionQuerySet:
        """Return those whose sender confirmed the address: the only ones that count."""
        return self.filter(standing__in=RECEIVED)

    def with_page(self) -> ContributionQuerySet:
        """Return those whose page answers the public: published, or published once (a tombstone)."""
        gone = Q(standing__in=(Standing.WITHDRAWN, Standing.DECLINED, Standing.MERGED))
        return self.filter(Q(standing=Standing.PUBLISHED) | gone & Q(published_at__isnull=False))


class Contribution(models.Model):
    """An answer of a stakeholder to a round of open consultation.

    It is a draft until it is sent, no contribution until the link in the mail is followed, and has
    its number from then on for ever.
    """

    group_path = "consultation__group"

    class Way(models.TextChoices):
        """How it reached the secretariat."""

        FORM = "form", "By the form"
        MAIL = "mail", "By e-mail, entered by the secretariat"
        PAPER = "paper", "On paper, entered by the secretariat"
        ARCHIVE = "archive", "From the archive"

    class OnBehalf(models.TextChoices):
        """On whose behalf somebody writes."""

        SELF = "self", "Myself"
        ORGANISATION = "organisation", "One or more organizations"

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="contributions")
    standing = models.CharField(
        max_length=10, choices=Standing, default=Standing.DRAFT, editable=False
    )
    way = models.CharField(max_length=8, choices=Way, default=Way.FORM)
    number = models.PositiveIntegerField(
        null=True, editable=False, help_text="Given on confirmation, never used again."
    )
    reference = models.CharField(
        max_length=120, null=True, unique=True, editable=False,
        help_text="As people cite it: acronym, key of the round, number.",
    )  # fmt: skip
    example = models.BooleanField(
        default=False, help_text="An example of the demonstration; nobody sent it."
    )

    name = Line("full name", max_length=200, blank=True)
    job_title = Line(max_length=200, blank=True)
    stakeholder_group = models.CharField(max_length=24, choices=StakeholderGroup, blank=True)
    country = models.ForeignKey(
        MemberState, models.PROTECT, null=True, blank=True, related_name="+"
    )
    on_behalf = models.CharField(max_length=12, choices=OnBehalf, default=OnBehalf.SELF)
    email = models.EmailField("e-mail", blank=True)
    language = models.CharField(max_length=2, choices=LANGUAGES, default="en")
    text = Prose(
        blank=True, max_length=100_000, help_text="What answers no question, or the round has none."
    )

    publish_name = models.BooleanField("publish my name", default=False)
    publish_organisation = models.BooleanField("publish my organization", default=False)
    publish_country = models.BooleanField("publish my country", default=False)
    publish_text = models.BooleanField("publish my text", default=False)
    tell_when_cited = models.BooleanField(
        "tell me where the summary cites me", default=False,
        help_text="By e-mail, once, when the summary of the round is published.",
    )  # fmt: skip
    notice_version = models.CharField(
        max_length=20, blank=True, editable=False, help_text="The notice that was agreed to."
    )

    link_version = models.PositiveSmallIntegerField(
        default=1, editable=False, help_text="Private links of an earlier version answer no more."
    )
    form_key = models.CharField(
        max_length=32, null=True, unique=True, editable=False,
        help_text="The form that began it: sent twice, it is the same draft.",
    )  # fmt: skip
    created_at = models.DateTimeField(editable=False)
    saved_at = models.DateTimeField(editable=False, help_text="When its sender last saved it.")
    sent_at = models.DateTimeField(null=True, editable=False)
    received_at = models.DateTimeField(
        null=True, blank=True, help_text="When it was confirmed, or came by e-mail or on paper."
    )
    published_at = models.DateTimeField(
        null=True, editable=False, help_text="When it was first published."
    )
    late_until = models.DateTimeField(
        null=True, blank=True, help_text="Until when this one may still be changed or sent."
    )
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", editable=False
    )

    objects = ContributionQuerySet.as_manager()

    class Meta:
        ordering = ("-number", "-pk")
        indexes: ClassVar[list[models.Index]] = [
            # a page of a list goes on from the last key of the page before
            models.Index(fields=["consultation", "standing", "-number"], name="contributions_page"),
            models.Index(fields=["standing", "saved_at"], name="contributions_waiting"),
            models.Index(
                fields=["consultation", "standing", "-saved_at", "-id"], name="contributions_queue"
            ),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["consultation", "number"],
                name="contributions_number_once",
                violation_error_message="Another contribution to this round has this number.",
            ),
            models.CheckConstraint(
                condition=Q(number__isnull=True, reference__isnull=True, received_at__isnull=True)
                & Q(standing__in=UNCONFIRMED)
                | Q(number__isnull=False, reference__isnull=False, received_at__isnull=False)
                & Q(standing__in=RECEIVED),
                name="contributions_numbered_when_received",
                violation_error_message=(
                    "A contribution has its number and reference from the moment it is received, "
                    "and not before."
                ),
            ),
            models.CheckConstraint(
                condition=Q(standing=Standing.MERGED, merged_into__isnull=False)
                | (~Q(standing=Standing.MERGED) & Q(merged_into__isnull=True)),
                name="contributions_merged_into_one",
                violation_error_message="Only what was merged names the contribution it went into.",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("pk")),
                name="contributions_not_merged_into_itself",
                violation_error_message="A contribution cannot be merged into itself.",
            ),
            models.CheckConstraint(
                condition=~Q(standing=Standing.PUBLISHED)
                | Q(published_at__isnull=False, publish_text=True),
                name="contributions_published_with_consent",
                violation_error_message="Only what its sender agreed to publish is published.",
            ),
        ]

    def __str__(self) -> str:
        return self.reference or f"unconfirmed, to {self.consultation_id}"

    @property
    def is_received(self) -> bool:
        """Say whether it counts: its sender confirmed the address, or staff entered it."""
        return self.standing in RECEIVED


class Organisation(models.Model):
    """An organization that sends a contribution, in the order its sender gave."""

    contribution = models.ForeignKey(Contribution, models.CASCADE, related_name="organisations")
    name = Line(max_length=300)
    position = models.PositiveSmallIntegerField(default=1, validators=[MinValueValidator(1)])

    class Meta:
        ordering = ("contribution", "position", "pk")

    def __str__(self) -> str:
        return str(self.name)


class Answer(models.Model):
    """What a contribution says to one question."""

    contribution = models.ForeignKey(Contribution, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    text = Prose(max_length=100_000)

    class Meta:
        # As the round asks them: what stands below a question follows it
        ordering = (
            "contribution",
            Coalesce("question__parent__position", "question__position"),
            F("question__parent_id").asc(nulls_first=True),
            "question__position",
            "pk",
        )
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["contribution", "question"],
                name="contributions_answer_once",
                violation_error_message="This question is answered already.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.text)[:80]


class Attachment(models.Model):
    """A file sent with a contribution, kept outside every static tree."""

    contribution = models.ForeignKey(Contribution, models.CASCADE, related_name="attachments")
    name = models.CharField(
        max_length=200, validators=[validate_line], help_text="As its sender named it, made safe."
    )
    kind = models.CharField(max_length=4, help_text="pdf, docx or odt, by what the file holds.")
    path = models.CharField(max_length=200, editable=False, help_text="Its place among the files.")
    size = models.PositiveIntegerField(help_text="In bytes.")
    sha256 = models.CharField(max_length=64, editable=False)
    note = models.CharField(
        max_length=300, blank=True, help_text="What was taken out of it: the author’s name."
    )
    withheld_for = Prose(
        blank=True, max_length=500, help_text="Why it is not published, where it is not."
    )
    added_at = models.DateTimeField(editable=False)

    class Meta:
        ordering = ("contribution", "pk")

    def __str__(self) -> str:
        return str(self.name)


class Redaction(models.Model):
    """A passage that is not published; the original stays, and the public text says where it was."""

    contribution = models.ForeignKey(Contribution, models.CASCADE, related_name="redactions")
    passage = Prose(max_length=5_000, help_text="The words exactly as they stand in the text.")
    reason = Prose(max_length=500, help_text="Why, for the history.")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    made_at = models.DateTimeField(editable=False)

    class Meta:
        ordering = ("contribution", "pk")

    def __str__(self) -> str:
        return f"redaction in {self.contribution_id}"


class Refusal(models.Model):
    """A proposal to decline, which a second person confirms; gone once it was decided."""

    contribution = models.OneToOneField(Contribution, models.CASCADE, related_name="refusal")
    reason = Prose(max_length=2_000, help_text="As it will be mailed to the contributor.")
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False
    )
    proposed_at = models.DateTimeField(editable=False)

    def __str__(self) -> str:
        return f"refusal of {self.contribution_id}"


class ContributionEvent(models.Model):
    """What happened to a contribution, when, by whom: its own history, which its sender reads too."""

    contribution = models.ForeignKey(Contribution, models.CASCADE, related_name="events")
    at = models.DateTimeField()
    what = models.CharField(max_length=60, help_text="The activity: moderation.publish.")
    before = models.CharField(max_length=10, choices=Standing, blank=True)
    after = models.CharField(max_length=10, choices=Standing, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+",
        help_text="Of the secretariat; nobody where its sender or the clock did it.",
    )  # fmt: skip
    reason = models.TextField(blank=True)
    snapshot = models.JSONField(
        null=True, help_text="What its sender had written when it was sent, confirmed or changed."
    )

    class Meta:
        ordering = ("contribution", "pk")

    def __str__(self) -> str:
        return f"{self.what}, {self.at:%-d %B %Y}"


class ContributionCount(models.Model):
    """How many contributions to a round stand somewhere, and how many of the published share facets.

    Kept in the transaction that moves a contribution (`consultations.counting`), so that no page
    counts rows. Without a facet it is the number in that standing; with one or two, of the
    published ones only; without a standing, how many were received on the day that is its value.
    """

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="+")
    standing = models.CharField(max_length=10, choices=Standing, blank=True)
    facet = models.CharField(max_length=12, blank=True)
    value = models.CharField(max_length=40, blank=True)
    other_facet = models.CharField(max_length=12, blank=True)
    other_value = models.CharField(max_length=40, blank=True)
    number = models.IntegerField(default=0)

    class Meta:
        ordering = ("consultation", "standing", "facet", "value", "other_facet", "other_value")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["consultation", "standing", "facet", "value", "other_facet", "other_value"],
                name="contributions_count_once",
                violation_error_message="This is counted already.",
            ),
            models.CheckConstraint(
                condition=Q(number__gte=0),
                name="contributions_count_not_negative",
                violation_error_message="Fewer than none cannot stand anywhere.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.standing} {self.facet} {self.value}: {self.number}"


class Fingerprint(models.Model):
    """A number that two texts share the more likely, the more alike they are.

    Each contribution that was received has a few (`consultations.likeness`), so that those like it
    are found by an index among any number.
    """

    group_path = "contribution__consultation__group"

    contribution = models.ForeignKey(Contribution, models.CASCADE, related_name="fingerprints")
    # of the contribution: here once more, because the index is asked for both
    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="+")
    value = models.BigIntegerField()

    class Meta:
        ordering = ("contribution", "pk")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["consultation", "value", "contribution"], name="fingerprints_alike"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.value:x} of {self.contribution_id}"
