"""What a meeting decided, as typed facts, and how a promise among them was settled."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from meetings.languages import in_any_language
from meetings.lettering import letter
from meetings.models.document import Document
from meetings.models.fields import Line, LineByLanguage, Prose, ProseByLanguage
from meetings.models.group import WorkingGroup
from meetings.models.meeting import AgendaItem, Meeting
from meetings.models.session import Session
from meetings.models.topic import Topic
from meetings.wording import slots
from meetings.wording.sentences import PHRASE_SLOTS, WORDING_SLOTS

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from meetings.models.decision import Waking


class Kind(models.TextChoices):
    """What happened. How to add a kind: docs/how-to-add-an-outcome-kind.md."""

    LAUNCHED = "launched", "Consultation launched"
    WOULD_LAUNCH = "would_launch", "Consultation to be launched"
    SUMMARY = "summary", "Summary for a session"
    NO_CONSENSUS = "no_consensus", "No consensus"
    DEFERRED = "deferred", "Matter deferred"
    REQUEST = "request", "Request"
    NOTED = "noted", "Noted"
    AGREED = "agreed", "Agreed"
    REFERRED = "referred", "Referred to a session"
    FREE = "free", "In free words"


# What each kind must say besides its topics, as (field names): the database holds it
REQUIRED = {
    Kind.LAUNCHED: ("window_from", "window_to"),
    Kind.WOULD_LAUNCH: ("window_from", "window_to"),
    Kind.SUMMARY: ("session",),
    Kind.NO_CONSENSUS: (),
    Kind.DEFERRED: ("until",),
    Kind.REQUEST: ("addressee", "action"),
    Kind.NOTED: ("action",),
    Kind.AGREED: ("action",),
    Kind.REFERRED: ("session", "action"),
    Kind.FREE: ("wording",),
}
# What each kind may say, in the order of its form: what it must, and what it can do without
SAYS = {
    Kind.LAUNCHED: ("follows", "topics", "window_from", "window_to"),
    Kind.WOULD_LAUNCH: ("follows", "topics", "window_from", "window_to"),
    Kind.SUMMARY: ("follows", "topics", "session"),
    Kind.NO_CONSENSUS: ("about_future_topics",),
    Kind.DEFERRED: (
        "about_future_topics", "topics", "action", "until", "awaits", "condition", "follows",
    ),
    Kind.REQUEST: ("addressee", "action", "due", "recalls_group", "recalls"),
    Kind.NOTED: ("action",),
    Kind.AGREED: ("action",),
    Kind.REFERRED: ("session", "action"),
    Kind.FREE: (),
}  # fmt: skip
WITH_TOPICS = frozenset({Kind.LAUNCHED, Kind.WOULD_LAUNCH, Kind.SUMMARY})
PROMISES = frozenset({Kind.WOULD_LAUNCH, Kind.SUMMARY, Kind.REQUEST, Kind.DEFERRED})


class Until(models.TextChoices):
    """Until when a matter is deferred."""

    NEXT_MEETING = "next_meeting", "the next meeting"
    SESSION = "session", "the session it waits for"


FIELD_WORDS = {
    "window_from": "the first month of the window",
    "window_to": "its last month",
    "session": "the session",
    "until": "until when",
    "addressee": "who is asked",
    "action": "the words of what was said",
    "wording": "its wording",
}


def _required() -> list[models.BaseConstraint]:
    """Return one constraint for each kind that must say something."""
    constraints: list[models.BaseConstraint] = []
    for kind, fields in REQUIRED.items():
        if not fields:
            continue
        said = Q()
        for field in fields:
            said &= ~Q(**{field: ""}) if field == "until" else Q(**{f"{field}__isnull": False})
        names = " and ".join(FIELD_WORDS[field] for field in fields)
        constraints.append(
            models.CheckConstraint(
                condition=~Q(kind=kind.value) | said,
                name=f"meetings_outcome_{kind.value}_complete",
                violation_error_message=f"“{kind.label}” needs {names}.",
            )
        )
    return constraints


class OutcomeQuerySet(models.QuerySet["Outcome"]):
    """Questions about outcomes."""

    def public(self) -> OutcomeQuerySet:
        """Return those that everybody reads: `Meeting.outcomes_public` of many."""
        return self.filter(Q(meeting__planned_at=None) | Q(meeting__closed_on__isnull=False))


class Outcome(models.Model):
    """One result of a meeting. Its sentence is generated from these facts and never stored."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="outcomes")
    position = models.PositiveSmallIntegerField(default=0, help_text="Its place at the meeting.")
    kind = models.CharField("what happened", max_length=20, choices=Kind)
    follows = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="later_outcomes",
        help_text="The earlier outcome it goes on from.",
    )
    topics = models.ManyToManyField(
        Topic, through="OutcomeTopic", related_name="outcomes", blank=True
    )
    about_future_topics = models.BooleanField(
        "about topics for future consultations",
        default=False,
        help_text="For “no consensus” and “deferred”.",
    )
    window_from = models.DateField(
        "window from",
        null=True,
        blank=True,
        help_text="The first day of the first month: 2024-10-01.",
    )
    window_to = models.DateField(
        "window to", null=True, blank=True, help_text="The first day of the last month: 2025-01-01."
    )
    session = models.ForeignKey(
        Session,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="outcomes",
        help_text="The session it aims at.",
    )
    awaits = models.ForeignKey(
        Session,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="awaited_by",
        help_text="The event it waits for.",
    )
    condition = ProseByLanguage(
        null=True,
        blank=True,
        help_text="What that session must do: “decide on the continuation of …”.",
    )
    until = models.CharField("deferred until", max_length=20, choices=Until, blank=True)
    addressee = LineByLanguage(null=True, blank=True, help_text="Who is asked: the Secretariat.")
    action = ProseByLanguage(
        "what",
        null=True,
        blank=True,
        help_text="What is asked, noted, agreed or referred, as it follows the verb: “to contribute …”.",
    )
    due = models.DateField(null=True, blank=True, help_text="By which day, if one was named.")
    recalls_group = models.ForeignKey(
        WorkingGroup,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Whose decision it recalls.",
    )
    recalls = ProseByLanguage(
        "decision recalled",
        null=True,
        blank=True,
        help_text="The decision recalled, as it follows “the decision made by …”: “to prepare …”.",
    )
    agenda_item = models.ForeignKey(
        AgendaItem, models.SET_NULL, null=True, blank=True, related_name="outcomes"
    )
    documents = models.ManyToManyField(
        Document, blank=True, related_name="outcomes", help_text="The documents it rests on."
    )
    wording = ProseByLanguage(
        "changed wording",
        null=True,
        blank=True,
        help_text="Only where the house wording will not do. Keep the facts as slots: {{ topics }}.",
    )
    wording_reason = Line("why it was changed", max_length=300, blank=True)
    wording_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="changed by",
    )

    objects = OutcomeQuerySet.as_manager()

    if TYPE_CHECKING:
        outcome_topics: RelatedManager[OutcomeTopic]
        points: RelatedManager[OutcomePoint]
        later_outcomes: RelatedManager[Outcome]
        settlement: Settlement
        waking: Waking

    class Meta:
        ordering = ("meeting", "position", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *_required(),
            models.CheckConstraint(
                condition=Q(window_from=None, window_to=None)
                | Q(
                    window_from__isnull=False,
                    window_to__isnull=False,
                    window_to__gte=F("window_from"),
                    window_from__day=1,
                    window_to__day=1,
                ),
                name="meetings_outcome_window_in_order",
                violation_error_message=(
                    "Give the first and the last month of the window, the last not before the first."
                ),
            ),
            models.CheckConstraint(
                condition=Q(wording__isnull=True) | Q(kind="free") | ~Q(wording_reason=""),
                name="meetings_outcome_changed_wording_has_reason",
                violation_error_message="Say why the house wording was changed.",
            ),
            models.CheckConstraint(
                condition=Q(condition__isnull=True) | Q(awaits__isnull=False),
                name="meetings_outcome_condition_has_event",
                violation_error_message="Name the session whose decision it waits for.",
            ),
            models.CheckConstraint(
                condition=~Q(until="session") | Q(awaits__isnull=False),
                name="meetings_outcome_deferred_to_event",
                violation_error_message="Name the session it waits for.",
            ),
            models.CheckConstraint(
                condition=Q(recalls_group=None, recalls__isnull=True)
                | Q(recalls_group__isnull=False, recalls__isnull=False),
                name="meetings_outcome_recall_complete",
                violation_error_message="Name the group and the decision recalled, or neither.",
            ),
            models.CheckConstraint(
                condition=~Q(follows=F("pk")),
                name="meetings_outcome_follows_another",
                violation_error_message="An outcome cannot go on from itself.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting.number} {letter(self.place())}) {self.get_kind_display()}"

    @property
    def group_id(self) -> int:
        """The group whose meeting it is of."""
        return self.meeting.group_id

    def clean(self) -> None:
        """Refuse a wording or a phrase with a slot that it cannot have, at its field."""
        for name, known in (
            ("wording", WORDING_SLOTS),
            ("action", PHRASE_SLOTS),
            ("condition", PHRASE_SLOTS),
            ("recalls", PHRASE_SLOTS),
        ):
            for text in (getattr(self, name) or {}).values():
                try:
                    slots.check(text, known)
                except slots.SlotError as error:
                    raise ValidationError({name: str(error)}) from error

    def place(self) -> int:
        """Return its place among the outcomes of its meeting, from 1."""
        ordered = sorted(self.meeting.outcomes.all(), key=lambda other: (other.position, other.pk))
        return next(
            (i for i, other in enumerate(ordered, 1) if other.pk == self.pk), len(ordered) + 1
        )

    def is_promise(self) -> bool:
        """Say whether somebody has to do something before it is done with."""
        return self.kind in PROMISES


class OutcomeTopic(models.Model):
    """A topic that an outcome is about, in the order in which it is printed."""

    outcome = models.ForeignKey(Outcome, models.CASCADE, related_name="outcome_topics")
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="outcome_topics")
    position = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ("outcome", "position", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["outcome", "topic"],
                name="meetings_outcome_topic_once",
                violation_error_message="The outcome names this topic already.",
            )
        ]

    def __str__(self) -> str:
        return str(self.topic)


class OutcomePoint(models.Model):
    """A sub-item of an outcome: (i), (ii)."""

    outcome = models.ForeignKey(Outcome, models.CASCADE, related_name="points")
    position = models.PositiveSmallIntegerField(default=0)
    text = ProseByLanguage(help_text="Its words, with the slots of its outcome where needed.")

    class Meta:
        ordering = ("outcome", "position", "pk")

    def __str__(self) -> str:
        return in_any_language(self.text)[:80]

    def clean(self) -> None:
        for text in (self.text or {}).values():
            try:
                slots.check(text, WORDING_SLOTS)
            except slots.SlotError as error:
                raise ValidationError({"text": str(error)}) from error


class Settlement(models.Model):
    """What a promise came to: kept, replaced or dropped, when, and on what evidence."""

    class How(models.TextChoices):
        """What became of the promise."""

        KEPT = "kept", "Kept"
        REPLACED = "replaced", "Replaced"
        DROPPED = "dropped", "Dropped"

    promise = models.OneToOneField(Outcome, models.CASCADE, related_name="settlement")
    how = models.CharField("what became of it", max_length=10, choices=How)
    on = models.DateField("on", null=True, blank=True, help_text="The day, where known.")
    at_session = models.ForeignKey(
        Session,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The session at which it was settled, where no day is known.",
    )
    by_outcome = models.ForeignKey(
        Outcome,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="settles",
        help_text="The later outcome that settles it.",
    )
    by_document = models.ForeignKey(
        Document,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="settles",
        help_text="The document that settles it.",
    )
    fact = Prose(
        max_length=1000,
        blank=True,
        help_text="What happened, where no outcome or document says it.",
    )
    source = Line(max_length=300, blank=True, help_text="Where that can be read.")
    reason = Line(max_length=300, blank=True, help_text="Why; not needed where it was kept.")

    class Meta:
        ordering = ("promise",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(on__isnull=False, at_session=None)
                | Q(on=None, at_session__isnull=False)
                | Q(on=None, at_session=None, by_outcome__isnull=False),
                name="meetings_settlement_when",
                violation_error_message=(
                    "Give the day, or the session where no day is known; where neither is known, "
                    "the later outcome from which it is known."
                ),
            ),
            models.CheckConstraint(
                condition=Q(by_outcome__isnull=False)
                | Q(by_document__isnull=False)
                | (~Q(fact="") & ~Q(source="")),
                name="meetings_settlement_has_evidence",
                violation_error_message=(
                    "Name the later outcome, the document, or what happened and where it can be read."
                ),
            ),
            models.CheckConstraint(
                condition=Q(by_outcome=None) | ~Q(by_outcome=F("promise")),
                name="meetings_settlement_not_by_itself",
                violation_error_message="A promise cannot settle itself.",
            ),
            models.CheckConstraint(
                condition=Q(how="kept") | ~Q(reason=""),
                name="meetings_settlement_has_reason",
                violation_error_message="Say why the promise was replaced or dropped.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.promise}: {self.get_how_display().lower()}"

    def known_by(self) -> date:
        """Return the day by which it was settled.

        A settlement at a session counts by the session's last day; one of which no day is known,
        by the last day of the meeting whose outcome tells it.
        """
        if self.on is not None:
            return self.on
        if self.at_session is not None:
            return self.at_session.ends()
        return self.by_outcome.meeting.last_day if self.by_outcome is not None else date.max
