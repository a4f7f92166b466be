"""The Chair's report: what it covers, its cover rows and passages, its instruments."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse

from meetings.languages import LANGUAGES, in_any_language
from meetings.lettering import letter
from meetings.models import Document, Meeting, Officer, Revision, Session, WorkingGroup
from meetings.models.belonging import refuse_others
from meetings.models.fields import Line, LineByLanguage, Prose, ProseByLanguage
from meetings.wording import slots

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models.fields.related_descriptors import RelatedManager


class Part(models.TextChoices):
    """Where in the document a passage stands."""

    COVER = "cover", "cover"
    BODY = "body", "body"


class Shape(models.TextChoices):
    """How a passage is printed."""

    ROW = "row", "row of the cover: label and text"
    RULE = "rule", "rule across the cover"
    HEADING = "heading", "heading of a section (1, 2, 3)"
    NUMBERED = "numbered", "numbered paragraph (1.1)"
    PLAIN = "plain", "paragraph without number"
    DASHED = "dashed", "item after a dash"
    LETTERED = "lettered", "item with a letter (a, b)"
    MEETINGS = "meetings", "the main results of each meeting, from the record"


# What every passage may name; further slots are sessions, cited instruments and paragraphs
FIXED_SLOTS = frozenset({
    "group.acronym", "group.name", "group.subject", "group.membership",
    "chair", "chair.name", "chair.address", "chair.possessive", "chair.country", "chair.title",
    "chairs", "period", "period.years", "held", "meetings", "meetings.count",
    "session", "session.long", "instruments", "references",
})  # fmt: skip
INSTRUMENT_FORMS = frozenset({"", "number", "revision", "body", "kind", "full", "formal"})


class PassageText(models.Model):
    """What a passage of a report and one of a report's type have in common."""

    part = models.CharField(max_length=5, choices=Part, default=Part.BODY)
    position = models.PositiveSmallIntegerField(default=0, help_text="Its place in that part.")
    shape = models.CharField(max_length=10, choices=Shape, default=Shape.NUMBERED)
    key = models.SlugField(
        "name",
        blank=True,
        help_text="A name for references to it: {{ paragraph.name }} prints its number.",
    )
    chairs_own = models.BooleanField(
        "the Chair’s own",
        default=False,
        help_text="A paragraph of the Chair’s own section, which the Chair may write.",
    )
    label = LineByLanguage(null=True, blank=True, help_text="The label of a cover row.")
    text = ProseByLanguage(
        null=True, blank=True, help_text="The words, with slots such as {{ group.acronym }}."
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return (
            in_any_language(self.label)
            or in_any_language(self.text)[:60]
            or self.get_shape_display()
        )


def passage_constraints(owner: str) -> list[models.BaseConstraint]:
    """Return the rules of a passage, for the model named `owner`."""
    return [
        models.CheckConstraint(
            condition=Q(part="cover", shape__in=["row", "rule"])
            | (Q(part="body") & ~Q(shape__in=["row", "rule"])),
            name=f"report_{owner}_shape_fits_part",
            violation_error_message="Rows and rules stand on the cover, everything else in the body.",
        ),
        models.CheckConstraint(
            condition=Q(shape__in=["rule", "meetings", "row"]) | Q(text__isnull=False),
            name=f"report_{owner}_has_text",
            violation_error_message="Write the words of the passage.",
        ),
        models.CheckConstraint(
            condition=~Q(shape="row") | Q(label__isnull=False),
            name=f"report_{owner}_row_has_label",
            violation_error_message="A cover row has a label.",
        ),
    ]


class ReportType(models.Model):
    """A form of report: its cover rows and standing passages, carried into each new report."""

    key = models.SlugField("short key", unique=True)
    name = LineByLanguage(help_text="As staff choose it.")
    status_annex = models.BooleanField(
        "with a status annex",
        default=False,
        help_text="Whether an annex says what was promised and what it came to.",
    )

    if TYPE_CHECKING:
        passages: RelatedManager[TypePassage]

    class Meta:
        ordering = ("key",)

    def __str__(self) -> str:
        return in_any_language(self.name)


class TypePassage(PassageText):
    """A cover row or passage that a report of this type begins with."""

    type = models.ForeignKey(ReportType, models.CASCADE, related_name="passages")

    class Meta:
        ordering = ("type", "-part", "position", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = passage_constraints("type_passage")


class FinalisedError(Exception):
    """An attempt to remove a report that was finalised."""

    def __init__(self, report: Report) -> None:
        super().__init__(
            f"“{report}” was finalised: its address and the Chair’s clearance would go with it. "
            "Nothing was removed."
        )


class ReportQuerySet(models.QuerySet["Report"]):
    """Reports, of which those that were finalised stay."""

    def delete(self) -> tuple[int, dict[str, int]]:
        """Remove drafts. Raises FinalisedError where a finalised report is among them."""
        with transaction.atomic():
            _refuse_finalised(self.values_list("pk", flat=True))
            return super().delete()

    delete.alters_data = True  # type: ignore[attr-defined]  # for templates: nothing to call
    delete.queryset_only = True  # type: ignore[attr-defined]  # never on the manager, as Django's


def _refuse_finalised(keys: Iterable[int]) -> None:
    """Raise FinalisedError where one of the reports was finalised.

    One that is being finalised is waited for: all stay locked until the transaction ends.
    """
    reports = Report.objects.select_for_update(no_key=True).filter(pk__in=list(keys))
    for report in reports.order_by("pk"):
        if report.document_id is not None:
            raise FinalisedError(report)


class Report(models.Model):
    """A Chair's report to a session. Its section on the meetings is written from the record."""

    group = models.ForeignKey(WorkingGroup, models.PROTECT, related_name="+")
    slug = models.SlugField(help_text="As its address ends: council-2026.")
    type = models.ForeignKey(
        ReportType,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reports",
        help_text="The form it follows.",
    )
    language = models.CharField(max_length=2, choices=LANGUAGES, default="en")
    session = models.ForeignKey(
        Session, models.PROTECT, related_name="+", help_text="The session it goes to."
    )
    first_day = models.DateField(help_text="The first day of the period it covers.")
    last_day = models.DateField(help_text="The last day of the period it covers.")
    as_of = models.DateField(
        "date", help_text="The date of the report. Everything is told from it."
    )
    agenda_item = Line(
        max_length=40, blank=True, help_text="The item of the session’s agenda: PL 1.5."
    )
    document_number = Line(
        max_length=40, blank=True, help_text="As the session numbers it: C26/51."
    )
    original_language = models.CharField(max_length=2, choices=LANGUAGES, default="en")
    source = LineByLanguage(
        null=True, blank=True, help_text="Only where the house wording will not do."
    )
    title = LineByLanguage(
        null=True, blank=True, help_text="Only where the house wording will not do."
    )
    goes_on_from = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        help_text="The report from which its passages were carried over.",
    )
    document = models.OneToOneField(
        Document,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        help_text="What it is among the session’s documents, once it is finalised.",
    )
    signed_by = models.ForeignKey(Officer, models.PROTECT, null=True, blank=True, related_name="+")
    public = models.BooleanField(
        "public", default=False, help_text="Whether everybody may read it."
    )

    objects = ReportQuerySet.as_manager()

    if TYPE_CHECKING:
        passages: RelatedManager[Passage]
        references: RelatedManager[Reference]
        accepted_findings: RelatedManager[AcceptedFinding]

    class Meta:
        ordering = ("group", "-as_of", "slug")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["group", "slug"],
                name="report_slug_once",
                violation_error_message="Another report of the group has this address.",
            ),
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="report_days_in_order",
                violation_error_message="The period ends before it begins.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group}, Chair’s report to {self.session}"

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Remove a draft. Raises FinalisedError where it was finalised, whatever is known of it here."""
        with transaction.atomic():
            _refuse_finalised([self.pk])
            return super().delete(*args, **kwargs)

    def clean(self) -> None:
        """Refuse a signature of another group, and a finalised report that changes hands."""
        super().clean()
        if self.group_id is None:
            return
        refuse_others(self.group_id, signed_by=self.signed_by)
        if self.document is not None and self.document.group_id != self.group_id:
            raise ValidationError({"group": "It was finalised as a report of another group."})
        before = type(self).objects.filter(pk=self.pk).first() if self.document else None
        if before is not None and before.language != self.language:
            raise ValidationError({"language": "It was finalised in another language."})

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """Check the constraints; what one refuses is said at the field where it is mended."""
        try:
            super().validate_constraints(exclude)
        except ValidationError as error:
            raise ValidationError(_at_their_fields(error)) from None

    def get_absolute_url(self) -> str:
        return reverse("report:report", args=[self.group.slug, self.slug])

    def locked(self) -> Report:
        """Return the report as it stands now, locked until the transaction ends.

        Rows that belong to it, remarks and references, can be added meanwhile.
        """
        return type(self).objects.select_for_update(no_key=True).get(pk=self.pk)


# Where somebody mends what a constraint over several fields refuses
MENDED_AT = {"report_slug_once": "slug", "report_days_in_order": "last_day"}


def _at_their_fields(error: ValidationError) -> dict[str, list[ValidationError]]:
    """Return what the constraints of a report refuse, by the field where it is mended."""
    rules = {rule.violation_error_message: rule.name for rule in Report._meta.constraints}
    told: dict[str, list[ValidationError]] = {}
    for field, errors in error.error_dict.items():
        for each in errors:
            name = rules.get(each.message)
            told.setdefault(MENDED_AT.get(name or "", field), []).append(each)
    return told


class Reference(models.Model):
    """An instrument that the report cites, with the revision it cites."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="references")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("report", "position", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["report", "revision"],
                name="report_reference_once",
                violation_error_message="The report cites this revision already.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.revision)


class Passage(PassageText):
    """A cover row or standing passage of one report."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="passages")

    class Meta:
        ordering = ("report", "-part", "position", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = passage_constraints("passage")

    def clean(self) -> None:
        """Refuse a label or text with a slot that this report cannot fill, by name."""
        for text in (self.text or {}).values():
            try:
                slots.check(text, lambda name: known_slot(name, self.report))
            except slots.SlotError as error:
                raise ValidationError({"text": str(error)}) from error


class AcceptedFinding(models.Model):
    """A finding of the checks that somebody accepted, with a reason, until the text there changes."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="accepted_findings")
    rule = models.SlugField(max_length=60, help_text="The rule, as docs/checks.md names it.")
    subject = Line(max_length=200, help_text="What it is about; stays the same while text moves.")
    words = Prose(help_text="What stood at its place when it was accepted.")
    reason = Line(max_length=300, help_text="Why it may stay.")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="accepted by",
    )
    on = models.DateField("accepted on")

    class Meta:
        ordering = ("report", "rule", "subject")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["report", "rule", "subject"],
                name="report_finding_accepted_once",
                violation_error_message="This finding is accepted already.",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="report_finding_accepted_with_reason",
                violation_error_message="Say why it may stay.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule}: {self.reason}"


def known_slot(name: str, report: Report) -> bool:
    """Say whether a passage of `report` may hold the slot `name`."""
    if name in FIXED_SLOTS:
        return True
    base, _, form = name.partition(".")
    if base == "paragraph":
        return report.passages.filter(key=form).exists() or told_outcome(form, report)
    if base == "document":
        return Document.objects.filter(group=report.group_id, key=form).exclude(number="").exists()
    if base == "session":
        key = form.removesuffix(".long")
        return Session.objects.filter(key=key).exists()
    cited = report.references.filter(revision__instrument__key=base).exists()
    return cited and form in INSTRUMENT_FORMS


def told_outcome(form: str, report: Report) -> bool:
    """Say whether `form` names a meeting of the period, or one of its outcomes: meeting-23.b."""
    found = re.fullmatch(r"meeting-([1-9][0-9]{0,4})(?:\.([a-z]{1,3}))?", form)
    if found is None:
        return False
    meeting = (
        Meeting.objects.own_series()
        .filter(
            group=report.group_id,
            ordinal=found[1],
            cancelled_on=None,
            last_day__range=(report.first_day, report.last_day),
        )
        .first()
    )
    if meeting is None or not found[2]:
        return meeting is not None
    return found[2] in {letter(place + 1) for place in range(meeting.outcomes.count())}
