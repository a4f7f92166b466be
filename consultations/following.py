"""Tell those who follow a round, its topics or all consultations of its group, each address once."""

from __future__ import annotations

from datetime import datetime

from consultations import announcing
from consultations.models import Consultation, Extension
from meetings import outbox


def tell_announced(consultation: Consultation, *, at: datetime) -> int:
    """Write the mails that announce a round, in the caller's transaction; return how many."""
    key = f"following.announced/{consultation.pk}"
    return _tell(consultation, key, announcing.announced(consultation), at)


def tell_extended(extension: Extension, *, at: datetime) -> int:
    """Write the mails that tell of an extension, in the caller's transaction; return how many."""
    key = f"following.extended/{extension.pk}"
    return _tell(extension.consultation, key, announcing.extended(extension), at)


def _tell(consultation: Consultation, key: str, words: tuple[str, str], at: datetime) -> int:
    told: set[str] = set()
    for each in announcing.followers(consultation).order_by("pk").iterator():
        if each.email.lower() in told:
            continue
        told.add(each.email.lower())
        mail = outbox.Mail(
            f"{key}/{each.pk}", key.partition("/")[0], each.email, *words, consultation.group
        )
        outbox.write(mail, at=at)
    return len(told)
