"""Rounds and contributions for tests: valid by default, each fact to be given another way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from consultations import standing
from consultations.models import (
    Answer,
    Consultation,
    ConsultationTopic,
    Contribution,
    Question,
    Standing,
)
from meetings.models import Topic, WorkingGroup

OPENS = datetime(2026, 3, 2, 8, tzinfo=UTC)
CLOSES = datetime(2026, 5, 29, 21, 59, tzinfo=UTC)
MEANWHILE = OPENS + timedelta(days=30)


def make_group(slug: str = "example-group") -> WorkingGroup:
    """Make a group whose record is kept here, in Zurich's zone, called EG."""
    group = WorkingGroup.objects.create(slug=slug, zone_words={"en": "Geneva time"})
    group.names.create(name={"en": "Example Group"}, acronym={"en": "EG"})
    return group


def make_round(group: WorkingGroup | None = None, **facts: Any) -> Consultation:
    """Make an announced round with one topic and three questions, open at MEANWHILE."""
    group = group or make_group()
    told: dict[str, Any] = {
        "slug": "example-round", "key": "2026-03", "opens_at": OPENS, "closes_at": CLOSES,
        "announced_at": OPENS - timedelta(days=7),
    }  # fmt: skip
    made = Consultation.objects.create(group=group, **(told | facts))
    title = {"en": f"An example topic of {made.key}"}
    topic = Topic.objects.create(group=group, key=f"topic-{made.key}", title=title)
    ConsultationTopic.objects.create(consultation=made, topic=topic)
    for place in (1, 2, 3):
        Question.objects.create(
            consultation=made, position=place, text={"en": f"Example question {place}?"}
        )
    return made


def make_open_round(*, questions: bool = True) -> Consultation:
    """Make a round that is open now, for a site that goes by the clock of the machine."""
    now = timezone.now()
    made = make_round(
        opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=9),
        announced_at=now - timedelta(days=2),
    )  # fmt: skip
    if not questions:
        made.questions.all().delete()
    return made


def make_contribution(
    consultation: Consultation, to: str = Standing.AWAITING, at: datetime = MEANWHILE, **facts: Any
) -> Contribution:
    """Make a contribution that answers the first question, and take it where it is to stand."""
    told: dict[str, Any] = {
        "name": "Example Person", "email": "person@example.org",
        "stakeholder_group": "civil_society", "language": "en", "created_at": at, "saved_at": at,
        "publish_text": True, "notice_version": "1",
    }  # fmt: skip
    organisations = facts.pop("organisations", ["Example Organization"])
    answers = facts.pop("answers", {1: "An example answer."})
    made = Contribution.objects.create(consultation=consultation, **(told | facts))
    for place, name in enumerate(organisations, 1):
        made.organisations.create(name=name, position=place)
    questions = {each.position: each for each in consultation.questions.filter(parent=None)}
    for place, text in answers.items():
        Answer.objects.create(contribution=made, question=questions[place], text=text)
    way = {
        Standing.DRAFT: [],
        Standing.SENT: [Standing.SENT],
        Standing.AWAITING: [Standing.SENT, Standing.AWAITING],
    }.get(Standing(to), [Standing.SENT, Standing.AWAITING, Standing(to)])
    for each in way:
        with transaction.atomic():
            made = standing.move(standing.locked(made), each, "test.make", at=at)
    return made
