"""Documents of a meeting or a session: who they come from, in which languages, under which number.

Where a document stands is computed from what happened to it. Its number and every relation to
another document are given by `meetings.registering`, what a delegation writes by
`meetings.drafting`; nothing else changes them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from meetings.languages import LANGUAGES, in_any_language
from meetings.models.belonging import refuse_move, refuse_others
from meetings.models.fields import Line, LineByLanguage, Prose, ProseByLanguage
from meetings.models.group import WorkingGroup
from meetings.models.meeting import AgendaItem, Meeting
from meetings.models.people import MemberState

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class DocumentQuerySet(models.QuerySet["Document"]):
    """Questions about documents."""

    def drafts(self) -> DocumentQuerySet:
        """Return what delegations are still writing: seen by their own delegation alone."""
        return self.filter(DRAFT)

    def submitted(self) -> DocumentQuerySet:
        """Return what is no draft: what the secretariat received, wrote or recorded."""
        return self.exclude(DRAFT)

    def waiting(self) -> DocumentQuerySet:
        """Return what was submitted and has no number yet."""
        return self.filter(submitted_at__isnull=False, number="", withdrawn_at=None)

    def public(self) -> DocumentQuerySet:
        """Return what the Group made public, withdrawn ones too: their number stays visible."""
        return self.submitted().filter(public=True)


# What a delegation has begun and not submitted
DRAFT = Q(member_state__isnull=False, submitted_at=None)


class Document(models.Model):
    """A document of a meeting or of a session: a contribution, a report, an information paper."""

    class Kind(models.TextChoices):
        """What a document is; the series in which it is numbered follows from it."""

        CONTRIBUTION = "contribution", "contribution of Member States"
        REPORT = "report", "report"
        SECRETARIAT = "secretariat", "document of the secretariat"
        AGENDA = "agenda", "agenda"
        INFORMATION = "information", "information document"
        ADMINISTRATIVE = "administrative", "administrative document"
        TEMPORARY = "temporary", "temporary document"
        SUMMARY = "summary", "summary of an open consultation"

    class Series(models.TextChoices):
        """Each counts for itself within a meeting; the main one has no letters."""

        MAIN = "", "documents"
        INF = "INF", "information documents"
        ADM = "ADM", "administrative documents"
        DT = "DT", "temporary documents"

    class Relation(models.TextChoices):
        """What a document is to the one that it is numbered after."""

        REVISION = "rev", "revision"  # replaces it
        ADDENDUM = "add", "addendum"  # adds to it
        CORRIGENDUM = "corr", "corrigendum"  # corrects it

    class Purpose(models.TextChoices):
        """What the meeting is asked to do with it."""

        ACTION = "action", "for action"
        INFORMATION = "information", "for information"

    class LateDecision(models.TextChoices):
        """What the secretariat decided about one that came after the deadline."""

        TAKEN = "taken", "taken at this meeting"
        HELD = "held", "held for the next meeting"

    class State(models.TextChoices):
        """Where a document stands; never stored."""

        DRAFT = "draft", "Draft"
        RECEIVED = "received", "Received"
        REGISTERED = "registered", "Registered"
        PUBLISHED = "published", "Public"
        WITHDRAWN = "withdrawn", "Withdrawn"

    group = models.ForeignKey(WorkingGroup, models.PROTECT, related_name="documents")
    key = models.SlugField("short key", help_text="As the record file names it: 23-7, c25-51.")
    meeting = models.ForeignKey(
        Meeting,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
        help_text="The meeting it went to.",
    )
    session = models.ForeignKey(
        "meetings.Session",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
        help_text="The session it went to.",
    )
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.CONTRIBUTION)
    number = Line(
        max_length=60, blank=True, help_text="Its full number as printed, where it has one."
    )
    title = LineByLanguage(help_text="As printed.")
    dated = models.DateField(
        "date", null=True, blank=True, help_text="The date it bears, where known."
    )
    link = models.URLField(
        blank=True, max_length=500, help_text="Its public address elsewhere, where it has one."
    )
    note = Prose(max_length=2000, blank=True, help_text="What staff should know of it.")

    # Its place in the register
    series = models.CharField(max_length=3, choices=Series, blank=True, editable=False)
    ordinal = models.PositiveIntegerField(
        null=True, editable=False, help_text="Its number in its series, given once."
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="later", editable=False,
        help_text="The document it is numbered after.",
    )  # fmt: skip
    relation = models.CharField(max_length=4, choices=Relation, blank=True, editable=False)
    relation_number = models.PositiveSmallIntegerField(null=True, editable=False)

    # What it says of itself
    member_state = models.ForeignKey(
        MemberState, models.PROTECT, null=True, blank=True, related_name="+", editable=False,
        help_text="Whose delegation wrote it, where one did here.",
    )  # fmt: skip
    purpose = models.CharField("for", max_length=11, choices=Purpose, blank=True)
    summary = ProseByLanguage(null=True, blank=True, help_text="What it says, in a few lines.")
    action_required = ProseByLanguage(
        null=True, blank=True, help_text="What the meeting is asked to do."
    )
    changed = Prose(
        max_length=2000, blank=True, help_text="What is different from the one it replaces."
    )
    contact = Prose(
        max_length=500, blank=True, help_text="Whom to ask: shown to members, never to the public."
    )
    original_language = models.CharField(max_length=2, choices=LANGUAGES, blank=True)
    agenda_items = models.ManyToManyField(
        AgendaItem, blank=True, related_name="documents", help_text="The items it is for."
    )

    # What happened to it
    created_at = models.DateTimeField(null=True, editable=False)
    saved_at = models.DateTimeField(null=True, editable=False)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )
    saves = models.PositiveIntegerField(
        default=0,
        editable=False,
        help_text="How often it was saved: who writes says what they read.",
    )
    submitted_at = models.DateTimeField(null=True, editable=False)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )
    receipt = models.CharField(
        max_length=40, null=True, unique=True, editable=False,
        help_text="The reference shown when it was submitted, never used again.",
    )  # fmt: skip
    late = models.BooleanField(
        default=False, editable=False, help_text="It came after the deadline for documents."
    )
    late_decision = models.CharField(max_length=5, choices=LateDecision, blank=True, editable=False)
    registered_at = models.DateTimeField(null=True, editable=False)
    public = models.BooleanField(
        default=False, help_text="Everybody may read it; else members of the Group alone."
    )
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawn_reason = Prose(max_length=1000, blank=True, editable=False)

    objects = DocumentQuerySet.as_manager()

    if TYPE_CHECKING:
        sources: RelatedManager[Source]
        files: RelatedManager[DocumentFile]
        later: RelatedManager[Document]
        draft_saves: RelatedManager[DraftSave]

    class Meta:
        ordering = ("group", "key")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["group", "key"],
                name="meetings_document_key_once",
                violation_error_message="Another document of the group has this key.",
            ),
            models.UniqueConstraint(
                fields=["group", "number"],
                condition=~Q(number=""),
                name="meetings_document_number_once",
                violation_error_message="A number once given is never given again.",
            ),
            models.CheckConstraint(
                condition=Q(meeting__isnull=False, session=None)
                | Q(meeting=None, session__isnull=False),
                name="meetings_document_of_one_place",
                violation_error_message="Name the meeting or the session it went to: one of them.",
            ),
            models.UniqueConstraint(
                fields=["meeting", "series", "ordinal"],
                condition=Q(ordinal__isnull=False, parent=None),
                name="meetings_document_ordinal_once",
                violation_error_message="The meeting has a document with this number.",
            ),
            models.UniqueConstraint(
                fields=["parent", "relation", "relation_number"],
                condition=Q(relation_number__isnull=False),
                name="meetings_document_relation_once",
                violation_error_message="This revision, addendum or corrigendum is there already.",
            ),
            models.CheckConstraint(
                condition=Q(parent=None, relation="", relation_number=None)
                | Q(parent__isnull=False) & ~Q(relation=""),
                name="meetings_document_relation_complete",
                violation_error_message="Say of which document it is the revision, addendum or corrigendum.",
            ),
            models.CheckConstraint(
                condition=Q(ordinal=None, relation_number=None)
                | Q(meeting__isnull=False) & ~Q(number=""),
                name="meetings_document_numbered_whole",
                violation_error_message="A place in a meeting’s register has the number as printed.",
            ),
            models.CheckConstraint(
                condition=Q(registered_at=None) | ~Q(number=""),
                name="meetings_document_registered_with_number",
                violation_error_message="What is registered has a number.",
            ),
            models.CheckConstraint(
                condition=Q(submitted_at=None, receipt=None)
                | Q(submitted_at__isnull=False, receipt__isnull=False, member_state__isnull=False),
                name="meetings_document_receipt_when_submitted",
                violation_error_message="What a delegation submitted has its receipt, and nothing else has.",
            ),
            models.CheckConstraint(
                condition=Q(late=False, late_decision="")
                | Q(late=True, submitted_at__isnull=False),
                name="meetings_document_late_when_submitted",
                violation_error_message="Only what was submitted late is decided about as late.",
            ),
            models.CheckConstraint(
                condition=Q(public=False) | ~DRAFT,
                name="meetings_document_draft_not_public",
                violation_error_message="A draft of a delegation is not public.",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~DRAFT,
                name="meetings_document_withdrawn_after_submission",
                violation_error_message="A draft is deleted, not withdrawn.",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_reason="") | Q(withdrawn_at__isnull=False),
                name="meetings_document_withdrawn_with_instant",
                violation_error_message="Only what is withdrawn has a reason for that.",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["meeting", "series", "ordinal", "relation", "relation_number"],
                name="documents_register",
            ),
            models.Index(fields=["member_state", "-saved_at"], name="documents_of_state"),
        ]

    def __str__(self) -> str:
        return self.number or in_any_language(self.title)

    def clean(self) -> None:
        """Refuse a meeting of another group, and to move it to one."""
        super().clean()
        refuse_move(self, self.group_id)
        refuse_others(self.group_id, meeting=self.meeting)

    def get_absolute_url(self) -> str:
        """Return its permanent address, which ends in its number; without one, its meeting's page."""
        if self.in_register and self.meeting is not None:
            parts = [self.group.slug, self.meeting.number, self.register_name]
            if self.parent_id is not None:
                return reverse("meetings:document_later", args=[*parts, self.relation_name])
            return reverse("meetings:document", args=parts)
        if self.meeting is not None:
            return f"{self.meeting.get_absolute_url()}#document-{self.key}"
        return reverse("pages:group", args=[self.group.slug])

    @property
    def state(self) -> Document.State:
        """Return where it stands."""
        if self.withdrawn_at is not None:
            return self.State.WITHDRAWN
        if self.is_draft:
            return self.State.DRAFT
        if self.public:
            return self.State.PUBLISHED
        if self.number:
            return self.State.REGISTERED
        return self.State.RECEIVED

    @property
    def is_draft(self) -> bool:
        """Say whether a delegation is still writing it: nobody else sees it."""
        return self.member_state_id is not None and self.submitted_at is None

    @property
    def in_register(self) -> bool:
        """Say whether it has a place in its meeting's register, and so an address of its own."""
        return self.ordinal is not None

    @property
    def register_name(self) -> str:
        """Return its number within its meeting as addresses write it: 7, inf-1."""
        return f"{self.series.lower()}-{self.ordinal}" if self.series else f"{self.ordinal}"

    @property
    def relation_name(self) -> str:
        """Return what it is to its parent as addresses write it: rev-1, add-2."""
        return f"{self.relation}-{self.relation_number}" if self.relation else ""


class SourceQuerySet(models.QuerySet["Source"]):
    """Questions about the sources of documents."""

    def standing(self) -> SourceQuerySet:
        """Return those that a document names: what a Member State declined does not come from it."""
        return self.filter(declined_at=None)


class Source(models.Model):
    """A Member State that a document comes from, in the order they agreed on.

    One that did not submit it itself confirms; until then it is shown as pending.
    """

    document = models.ForeignKey(Document, models.CASCADE, related_name="sources")
    member_state = models.ForeignKey(MemberState, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=1)
    asked_at = models.DateTimeField(
        null=True, editable=False, help_text="Since when its delegation reads it, to confirm."
    )
    confirmed_at = models.DateTimeField(null=True, editable=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False,
        help_text="Of its delegation; nobody where the secretariat recorded it.",
    )  # fmt: skip
    declined_at = models.DateTimeField(null=True, editable=False)

    objects = SourceQuerySet.as_manager()

    class Meta:
        ordering = ("document", "position", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["document", "member_state"],
                name="meetings_source_once",
                violation_error_message="This Member State stands here already.",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | Q(declined_at=None),
                name="meetings_source_confirmed_or_declined",
                violation_error_message="A Member State confirmed, or declined, or is pending.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.member_state)

    @property
    def is_pending(self) -> bool:
        """Say whether the Member State has not answered yet."""
        return self.confirmed_at is None and self.declined_at is None


class DocumentFile(models.Model):
    """A document in one language and one format, kept outside every static tree."""

    class Form(models.TextChoices):
        """The formats in which documents are submitted."""

        DOCX = "docx", "Word"
        PDF = "pdf", "PDF"

    class Version(models.TextChoices):
        """Who made this language version; printed wherever it is offered."""

        ORIGINAL = "original", "original"
        OFFICIAL = "official", "official translation"
        COURTESY = "courtesy", "courtesy translation"
        MACHINE = "machine", "machine translation"

    document = models.ForeignKey(Document, models.CASCADE, related_name="files")
    language = models.CharField(max_length=2, choices=LANGUAGES)
    form = models.CharField(max_length=4, choices=Form)
    version = models.CharField(max_length=8, choices=Version, default=Version.ORIGINAL)
    path = models.CharField(max_length=200, editable=False, help_text="Its place among the files.")
    size = models.PositiveIntegerField(help_text="In bytes.")
    sha256 = models.CharField(max_length=64, editable=False)
    note = models.CharField(
        max_length=300, blank=True, help_text="What was taken out of it: the author’s name."
    )
    added_at = models.DateTimeField(editable=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )

    class Meta:
        ordering = ("document", "language", "form")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["document", "language", "form"],
                name="meetings_document_file_once",
                violation_error_message="The document has a file in this language and format.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document}, {self.get_language_display()}, {self.get_form_display()}"


class DraftSave(models.Model):
    """One save of a draft: which part of it, by whom, when. Its own delegation alone reads this."""

    class Part(models.TextChoices):
        """What is saved together; what somebody saved in another part is in nobody's way."""

        ABOUT = "about", "about"
        TEXT = "text", "text and files"
        SOURCES = "sources", "co-sponsors"
        TOPIC = "topic", "topic to propose"

    document = models.ForeignKey(Document, models.CASCADE, related_name="draft_saves")
    number = models.PositiveIntegerField(help_text="The number of the save: `Document.saves`.")
    part = models.CharField(max_length=7, choices=Part)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ("document", "number")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["document", "number"],
                name="meetings_draft_save_once",
                violation_error_message="The draft has a save with this number.",
            ),
        ]

    def __str__(self) -> str:
        return f"save {self.number}, {self.get_part_display()}"


class NumberSeries(models.Model):
    """The last number given in a series of a meeting: its lock, so that none is given twice."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="+")
    series = models.CharField(max_length=3, choices=Document.Series, blank=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("meeting", "series")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["meeting", "series"],
                name="meetings_number_series_once",
                violation_error_message="This series is counted already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.meeting} {self.series} {self.last}"


class TopicProposal(models.Model):
    """A topic for open consultation that a document proposes; submitted, it becomes a Topic."""

    document = models.OneToOneField(Document, models.CASCADE, related_name="proposal")
    title = LineByLanguage(help_text="The exact title, as it would be printed.")
    background = ProseByLanguage(null=True, blank=True, help_text="Why it is proposed.")
    questions = ProseByLanguage(
        null=True, blank=True, help_text="The questions to be asked: each begins a new line."
    )

    class Meta:
        ordering = ("document",)

    def __str__(self) -> str:
        return in_any_language(self.title)
