"""Whom a round concerns, and how it is named and its extensions are told."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from consultations.models import Consultation, Extension, Subscription
from meetings.deadline import Moment
from meetings.languages import in_language
from meetings.wording import dates
from meetings.wording.messages import messages

ENGLISH = "en"


def followers(consultation: Consultation) -> QuerySet[Subscription]:
    """Return the confirmed subscriptions that a round concerns; an address may be among them twice."""
    What = Subscription.What  # noqa: N806  # a class by its name
    return Subscription.objects.filter(
        Q(what=What.CONSULTATIONS)
        | Q(what=What.CONSULTATION, consultation=consultation)
        | Q(what=What.TOPIC, topic__in=consultation.consultation_topics.values("topic")),
        group=consultation.group_id, confirmed_at__isnull=False, ended_at=None,
    )  # fmt: skip


def number_of_followers(consultation: Consultation) -> int:
    """Return how many addresses are told of a round."""
    rows = followers(consultation).order_by().annotate(address=Lower("email"))
    return rows.values("address").distinct().count()


def title(consultation: Consultation) -> str:
    """Return the topics of a round as they are printed, else its heading."""
    said = consultation.consultation_topics.all()
    if "consultation_topics" not in getattr(consultation, "_prefetched_objects_cache", {}):
        said = said.select_related("topic")
    titles = [in_language(each.topic.title, ENGLISH) for each in said]
    return "; ".join(filter(None, titles)) or in_language(consultation.heading, ENGLISH)


def extension_words(extension: Extension) -> str:
    """Return an extension in a sentence, as its round's page says it."""
    known, group = messages(ENGLISH), extension.consultation.group
    place = extension.consultation.opening().place
    was, now = (Moment(group.zone, place, each) for each in (extension.was, extension.now))
    by = in_language(extension.decided_by, ENGLISH) or "[not recorded in this language]"
    day = dates.day(known, extension.decided_on)
    return (
        f"Extended from {was.words(known)} to {now.words(known)}. "
        f"Decided by {by} on {day}: {extension.reason}"
    )
