"""The summary of a round: its paragraphs, what they rest on, who read it, what was said about it.

Where a summary stands is computed (`consultations.summary.states`). Its document, its editions and
their files are the Group's, as those of every other document are (meetings/editions.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from consultations.models.consultation import Consultation, Question
from consultations.models.contribution import Attachment, Contribution
from meetings.languages import LANGUAGES
from meetings.models import Document
from meetings.models.fields import Line, Prose

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


def _both_or_neither(name: str, *fields: str, message: str) -> models.CheckConstraint:
    """Refuse a row that knows some of `fields` and not the others."""
    none = Q(**{f"{field}__isnull": True for field in fields})
    every = Q(**{f"{field}__isnull": False for field in fields})
    return models.CheckConstraint(
        condition=none | every, name=name, violation_error_message=message
    )


class Summary(models.Model):
    """The summary of one round, written by the secretariat from the published contributions."""

    group_path = "consultation__group"

    consultation = models.OneToOneField(Consultation, models.PROTECT, related_name="summary")
    language = models.CharField(max_length=2, choices=LANGUAGES, default="en")
    document = models.OneToOneField(
        Document, models.PROTECT, null=True, blank=True, related_name="+", editable=False,
        help_text="The numbered document of the Group, once it was final.",
    )  # fmt: skip
    begun_at = models.DateTimeField(editable=False)
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )
    opened_at = models.DateTimeField(
        null=True, editable=False, help_text="Since when its guests read the draft."
    )
    open_until = models.DateTimeField(
        null=True, editable=False, help_text="Until when they comment: moved when it is closed."
    )
    final_at = models.DateTimeField(
        null=True,
        editable=False,
        help_text="When the edition that stands was made; none if reopened.",
    )
    published_at = models.DateTimeField(
        null=True, editable=False, help_text="When the latest edition was made public."
    )
    public_editions = models.JSONField(
        default=list, blank=True, editable=False,
        help_text="The editions that were published, as their addresses end: original, rev-1.",
    )  # fmt: skip

    if TYPE_CHECKING:
        paragraphs: RelatedManager[SummaryParagraph]
        set_aside: RelatedManager[SetAside]
        readings: RelatedManager[SummaryReading]
        guests: RelatedManager[SummaryGuest]
        comments: RelatedManager[SummaryComment]

    class Meta:
        ordering = ("consultation",)
        verbose_name = "summary"
        verbose_name_plural = "summaries"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            _both_or_neither(
                "summaries_window_has_both_ends", "opened_at", "open_until",
                message="A window for comments has a beginning and an end.",
            ),
            models.CheckConstraint(
                condition=Q(open_until__isnull=True) | Q(open_until__gte=F("opened_at")),
                name="summaries_window_in_order",
                violation_error_message="The window for comments ends before it begins.",
            ),
            models.CheckConstraint(
                condition=Q(final_at__isnull=True, published_at__isnull=True)
                | Q(document__isnull=False),
                name="summaries_final_with_document",
                violation_error_message="What is final has its document in the register.",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"Summary of {self.consultation}"

    def clean(self) -> None:
        """Refuse the document of another group."""
        super().clean()
        if self.document is not None and self.document.group_id != self.consultation.group_id:
            raise ValidationError({"document": "This document is one of another group."})


class Tag(models.Model):
    """A word under which passages are gathered: for one question of a round, or for all of it."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="tags")
    question = models.ForeignKey(
        Question, models.CASCADE, null=True, blank=True, related_name="+",
        help_text="The question it is for; of none, it is for the whole round.",
    )  # fmt: skip
    name = Line(max_length=100)
    position = models.PositiveSmallIntegerField(default=1)

    if TYPE_CHECKING:
        passages: RelatedManager[TaggedPassage]

    class Meta:
        ordering = ("consultation", "position", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                "consultation", "question", Lower("name"),
                condition=Q(question__isnull=False),
                name="summaries_tag_once_for_a_question",
                violation_error_message="This question has a tag of this name.",
            ),
            models.UniqueConstraint(
                "consultation", Lower("name"),
                condition=Q(question__isnull=True),
                name="summaries_tag_once_for_a_round",
                violation_error_message="The round has a tag of this name.",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.name)

    @property
    def group_id(self) -> int:
        """Return the group whose it is."""
        return self.consultation.group_id

    def clean(self) -> None:
        """Refuse a question of another round."""
        super().clean()
        if self.question is not None and self.question.consultation_id != self.consultation_id:
            raise ValidationError({"question": "This question is one of another round."})


class TaggedPassage(models.Model):
    """Words of a contribution under a tag; one that was taken off stays, for the history.

    The place is in the text as everybody reads it (`consultations.reading`): an answer, the free
    text where no question is named, or a page of a file.
    """

    tag = models.ForeignKey(Tag, models.CASCADE, related_name="passages")
    contribution = models.ForeignKey(Contribution, models.PROTECT, related_name="tagged")
    question = models.ForeignKey(
        Question, models.PROTECT, null=True, blank=True, related_name="+",
        help_text="Whose answer it stands in; of none, it stands in the free text or in a file.",
    )  # fmt: skip
    attachment = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+"
    )
    page = models.PositiveIntegerField(null=True, blank=True, help_text="Of the file, where known.")
    start = models.PositiveIntegerField(null=True, blank=True, help_text="Its first character.")
    end = models.PositiveIntegerField(null=True, blank=True, help_text="Behind its last one.")
    words = Prose(max_length=20_000, help_text="The words as they stood.")
    made_at = models.DateTimeField(editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )
    removed_at = models.DateTimeField(null=True, editable=False)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )

    class Meta:
        ordering = ("tag_id", "contribution_id", "start", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(attachment__isnull=True, page__isnull=True,
                            start__isnull=False, end__isnull=False, end__gt=F("start"))
                | Q(attachment__isnull=False, question__isnull=True,
                    start__isnull=True, end__isnull=True),
                name="summaries_passage_has_one_place",
                violation_error_message=(
                    "A passage stands in an answer or in the free text, from one character to "
                    "another, or in a file."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(words=""),
                name="summaries_passage_has_words",
                violation_error_message="A passage has words.",
            ),
            models.UniqueConstraint(
                fields=["tag", "contribution", "question", "start", "end"],
                condition=Q(removed_at__isnull=True, question__isnull=False),
                name="summaries_passage_once_in_answer",
                violation_error_message="These words have this tag already.",
            ),
            models.UniqueConstraint(
                fields=["tag", "contribution", "start", "end"],
                condition=Q(removed_at__isnull=True, question__isnull=True, attachment__isnull=True),
                name="summaries_passage_once_in_text",
                violation_error_message="These words have this tag already.",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.tag}: {self.words[:60]}"


class SummaryParagraph(models.Model):
    """A paragraph of a summary, or a heading; it cites contributions and holds slots for figures.

    Its number is counted when it is shown. Paragraphs without a question stand before all others.
    """

    summary = models.ForeignKey(Summary, models.CASCADE, related_name="paragraphs")
    question = models.ForeignKey(
        Question, models.PROTECT, null=True, blank=True, related_name="+",
        help_text="The question it summarizes; of none, it stands before the questions.",
    )  # fmt: skip
    heading = models.BooleanField(default=False, help_text="A heading among the paragraphs.")
    position = models.PositiveSmallIntegerField(default=1)
    text = Prose(max_length=10_000)
    saves = models.PositiveIntegerField(
        default=1,
        editable=False,
        help_text="How often it was saved: who writes says what they read.",
    )
    written_at = models.DateTimeField(editable=False)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )

    if TYPE_CHECKING:
        citations: RelatedManager[Citation]

    class Meta:
        # as they are printed: `consultations.summary.order`
        ordering = ("summary_id", "question_id", "position", "pk")
        verbose_name = "paragraph of a summary"
        verbose_name_plural = "paragraphs of summaries"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="summaries_paragraph_has_text",
                violation_error_message="A paragraph has a text; remove it rather than leave it empty.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.text)[:80]

    def clean(self) -> None:
        """Refuse a question of another round."""
        super().clean()
        if self.question is not None and (
            self.question.consultation_id != self.summary.consultation_id
        ):
            raise ValidationError({"question": "This question is one of another round."})


class Citation(models.Model):
    """That a paragraph cites a contribution, and what that said when the paragraph was written.

    Written with the paragraph, from its text, and never apart.
    """

    paragraph = models.ForeignKey(SummaryParagraph, models.CASCADE, related_name="citations")
    contribution = models.ForeignKey(Contribution, models.PROTECT, related_name="citations")
    passage = models.ForeignKey(
        TaggedPassage, models.SET_NULL, null=True, blank=True, related_name="+",
        help_text="Where it opens, where one was picked.",
    )  # fmt: skip
    seen_sha256 = models.CharField(max_length=64, help_text="Of the public text as it stood then.")
    seen_words = models.TextField(help_text="The public text as it stood then.")

    class Meta:
        ordering = ("paragraph_id", "contribution__number", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["paragraph", "contribution"],
                name="summaries_citation_once",
                violation_error_message="The paragraph cites this contribution already.",
            ),
        ]

    def __str__(self) -> str:
        return f"[{self.contribution.number}]"


class SetAside(models.Model):
    """A published contribution that no paragraph cites, and why."""

    summary = models.ForeignKey(Summary, models.CASCADE, related_name="set_aside")
    contribution = models.ForeignKey(Contribution, models.PROTECT, related_name="+")
    reason = Prose(max_length=1_000)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )
    at = models.DateTimeField(editable=False)

    class Meta:
        ordering = ("summary_id", "contribution__number", "pk")
        verbose_name = "contribution set aside"
        verbose_name_plural = "contributions set aside"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["summary", "contribution"],
                name="summaries_set_aside_once",
                violation_error_message="This contribution is set aside already.",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="summaries_set_aside_with_reason",
                violation_error_message="Say why it is set aside.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contribution} set aside"


class SummaryReading(models.Model):
    """That somebody who did not write it was asked to read a summary, and what came of it."""

    summary = models.ForeignKey(Summary, models.CASCADE, related_name="readings")
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )
    reader_name = Line(max_length=200, help_text="Who reads it, as they are called.")
    asked_at = models.DateTimeField(editable=False)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )
    read_at = models.DateTimeField(null=True, editable=False)
    agreed = models.BooleanField(null=True, editable=False)
    remarks = Prose(max_length=5_000, blank=True)
    words = models.CharField(
        max_length=64, blank=True, editable=False, help_text="The hash of the words that were read."
    )

    class Meta:
        ordering = ("summary_id", "asked_at", "pk")
        verbose_name = "second reading"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(read_at__isnull=True, agreed__isnull=True, words="")
                | Q(read_at__isnull=False, agreed__isnull=False) & ~Q(words=""),
                name="summaries_reading_complete",
                violation_error_message="What was read has an instant, an answer and the words read.",
            ),
            models.CheckConstraint(
                condition=Q(agreed__isnull=True) | Q(agreed=True) | ~Q(remarks=""),
                name="summaries_reading_refused_with_remarks",
                violation_error_message="Say what is to be mended.",
            ),
            models.UniqueConstraint(
                fields=["summary"],
                condition=Q(read_at__isnull=True),
                name="summaries_reading_one_at_a_time",
                violation_error_message="Somebody is reading it already.",
            ),
        ]

    def __str__(self) -> str:
        return f"reading by {self.reader_name}"


class SummaryGuest(models.Model):
    """A stakeholder to whom the draft is shown by a link of their own, to comment on it."""

    summary = models.ForeignKey(Summary, models.CASCADE, related_name="guests")
    email = models.EmailField("e-mail")
    name = Line(max_length=200, blank=True)
    organisation = Line(max_length=300, blank=True)
    link_version = models.PositiveSmallIntegerField(
        default=1, editable=False, help_text="Links of an earlier version answer no more."
    )
    invited_at = models.DateTimeField(editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )

    class Meta:
        ordering = ("summary_id", "invited_at", "pk")
        verbose_name = "guest who reads a draft"
        verbose_name_plural = "guests who read a draft"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                "summary", Lower("email"),
                name="summaries_guest_once",
                violation_error_message="This address is invited already.",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.name) or self.email


class SummaryComment(models.Model):
    """What a stakeholder said about a paragraph of the draft, or all of it, and what was done."""

    class Done(models.TextChoices):
        """What was done with it."""

        TAKEN = "taken", "Taken"
        NOT_TAKEN = "not_taken", "Not taken"

    summary = models.ForeignKey(Summary, models.CASCADE, related_name="comments")
    guest = models.ForeignKey(
        SummaryGuest, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    name = Line(max_length=200)
    organisation = Line(max_length=300, blank=True)
    paragraph = models.ForeignKey(
        SummaryParagraph, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    about = models.TextField(
        blank=True, help_text="The paragraph as it stood; empty where it is about all of them."
    )
    text = Prose(max_length=5_000)
    made_at = models.DateTimeField(editable=False)
    form_key = models.CharField(
        max_length=32, null=True, unique=True, editable=False,
        help_text="The form that sent it: sent twice, it is the same comment.",
    )  # fmt: skip
    done = models.CharField(max_length=9, choices=Done, blank=True, editable=False)
    answer = Prose(max_length=2_000, blank=True, help_text="What was done, or why it was not.")
    answered_at = models.DateTimeField(null=True, editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )

    class Meta:
        ordering = ("summary_id", "made_at", "pk")
        verbose_name = "comment on a draft"
        verbose_name_plural = "comments on a draft"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(done="", answered_at__isnull=True, answer="")
                | ~Q(done="") & Q(answered_at__isnull=False),
                name="summaries_comment_answered_whole",
                violation_error_message="What was done with a comment has an instant.",
            ),
            models.CheckConstraint(
                condition=~Q(done="not_taken") | ~Q(answer=""),
                name="summaries_comment_not_taken_with_words",
                violation_error_message="Say why the comment is not taken.",
            ),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="summaries_comment_has_text",
                violation_error_message="A comment has a text.",
            ),
        ]

    def __str__(self) -> str:
        return f"comment by {self.name}"
