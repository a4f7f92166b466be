"""Tell those who follow a round, its topics or all consultations of its group, each address once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q

from consultations import announcing
from consultations.models import Consultation, Extension, Subscription
from meetings import outbox


def followers(consultation: Consultation) -> Iterator[Subscription]:
    """Yield a confirmed subscription for each address that is to hear of a round."""
    What = Subscription.What  # noqa: N806  # a class by its name
    topics = consultation.consultation_topics.values("topic")
    rows = Subscription.objects.filter(
        Q(what=What.CONSULTATIONS)
        | Q(what=What.CONSULTATION, consultation=consultation)
        | Q(what=What.TOPIC, topic__in=topics),
        group=consultation.group_id, confirmed_at__isnull=False, ended_at=None,
    )  # fmt: skip
    told: set[str] = set()
    for each in rows.order_by("pk").iterator():
        if each.email.lower() not in told:
            told.add(each.email.lower())
            yield each


def tell_announced(consultation: Consultation, *, at: datetime) -> int:
    """Write the mails that announce a round, in the caller's transaction; return how many."""
    key = f"following.announced/{consultation.pk}"
    return _tell(consultation, key, announcing.announced(consultation), at)


def tell_extended(extension: Extension, *, at: datetime) -> int:
    """Write the mails that tell of an extension, in the caller's transaction; return how many."""
    key = f"following.extended/{extension.pk}"
    return _tell(extension.consultation, key, announcing.extended(extension), at)


def _tell(consultation: Consultation, key: str, words: tuple[str, str], at: datetime) -> int:
    number = 0
    for number, each in enumerate(followers(consultation), 1):  # noqa: B007  # counted
        mail = outbox.Mail(
            f"{key}/{each.pk}", key.partition("/")[0], each.email, *words, consultation.group
        )
        outbox.write(mail, at=at)
    return number
