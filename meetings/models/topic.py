"""Topics for open consultation: proposed in a document, decided at a meeting."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from meetings.languages import in_any_language
from meetings.models.belonging import refuse_move, refuse_others
from meetings.models.document import Document
from meetings.models.fields import LineByLanguage, ProseByLanguage, once_per_language
from meetings.models.group import WorkingGroup
from meetings.models.instrument import ListedTopic
from meetings.models.people import MemberState


class TopicQuerySet(models.QuerySet["Topic"]):
    """Questions about topics."""

    def known(self) -> TopicQuerySet:
        """Return those that everybody may know of.

        A topic that a delegation proposed in a document here is as public as that document, until
        an outcome names it that everybody reads.
        """
        closed = Q(outcomes__meeting__planned_at=None)
        closed |= Q(outcomes__meeting__closed_on__isnull=False)
        named = Topic.objects.filter(closed, outcomes__isnull=False)
        return self.filter(
            Q(proposed_in=None)
            | Q(proposed_in__submitted_at=None)
            | Q(proposed_in__public=True)
            | Q(pk__in=named.values("pk"))
        )


class Topic(models.Model):
    """A topic for open consultation. What became of it follows from the outcomes about it."""

    group = models.ForeignKey(WorkingGroup, models.PROTECT, related_name="topics")
    key = models.SlugField("short key", help_text="As in addresses and in the record file.")
    title = LineByLanguage(help_text="The exact title, as it will be printed.")
    background = ProseByLanguage(null=True, blank=True, help_text="Why it was proposed.")
    proposed_in = models.ForeignKey(
        Document,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="proposed_topics",
        help_text="The document that proposed it, where known.",
    )
    proposed_by = models.ManyToManyField(
        MemberState, blank=True, related_name="+", help_text="The Member States that proposed it."
    )
    draws_on = models.ForeignKey(
        ListedTopic,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="topics",
        help_text="The topic of the annex that it draws on.",
    )

    objects = TopicQuerySet.as_manager()

    class Meta:
        ordering = ("group", "key")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["group", "key"],
                name="meetings_topic_key_once",
                violation_error_message="Another topic of the group has this key.",
            ),
            *once_per_language(
                "meetings_topic_title_once",
                "title",
                "group",
                message="The group has a topic with this title.",
            ),
        ]

    def __str__(self) -> str:
        return in_any_language(self.title)

    def clean(self) -> None:
        """Refuse a document of another group, and to move it to one."""
        super().clean()
        refuse_move(self, self.group_id)
        refuse_others(self.group_id, proposed_in=self.proposed_in)

    @property
    def is_known(self) -> bool:
        """Say whether everybody may know of it: `TopicQuerySet.known` of one."""
        document = self.proposed_in
        if document is None or document.submitted_at is None or document.public:
            return True
        return Topic.objects.known().filter(pk=self.pk).exists()


class TopicQuestion(models.Model):
    """A question that was proposed with a topic; a round on it begins with these."""

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField(default=1)
    text = ProseByLanguage(help_text="The question in full.")

    class Meta:
        ordering = ("topic", "position", "pk")

    def __str__(self) -> str:
        return in_any_language(self.text)[:80]
