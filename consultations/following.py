"""Tell those who follow a round, its topics or all consultations of its group, each address once."""

from __future__ import annotations

from datetime import datetime

from consultations import announcing
from consultations.models import Consultation, Extension
from meetings import outbox
from meetings.record import group_facts
from meetings.wording.messages import messages


def tell_announced(consultation: Consultation, *, at: datetime) -> int:
    """Write the mails that announce a round, in the caller's transaction; return how many."""
    key = f"following.announced/{consultation.pk}"
    return _tell(consultation, key, announced(consultation), at)


def tell_extended(extension: Extension, *, at: datetime) -> int:
    """Write the mails that tell of an extension, in the caller's transaction; return how many."""
    key = f"following.extended/{extension.pk}"
    return _tell(extension.consultation, key, extended(extension), at)


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


def announced(consultation: Consultation) -> tuple[str, str]:
    """Return the subject and the text by which a round is announced."""
    known = messages("en")
    acronym = _acronym(consultation)
    subject = f"Open consultation of {acronym}: {announcing.title(consultation)}"
    body = (
        f"{acronym} consults on “{announcing.title(consultation)}”.\n\n"
        f"Contributions are welcome from {consultation.opening().words(known)} until "
        f"{consultation.deadline().words(known)}.\n\n"
        f"The questions, and how to take part:\n{consultation.get_absolute_url()}\n"
    )
    return subject, body


def extended(extension: Extension) -> tuple[str, str]:
    """Return the subject and the text by which an extension is told."""
    consultation = extension.consultation
    subject = (
        f"Extended: open consultation of {_acronym(consultation)}, {announcing.title(consultation)}"
    )
    page = f"The round’s page:\n{consultation.get_absolute_url()}\n"
    return subject, f"{announcing.extension_words(extension)}\n\n{page}"


def _acronym(consultation: Consultation) -> str:
    opens = consultation.opening().first_day
    facts = group_facts(consultation.group, opens, "en") if opens else None
    return (facts.acronym.text if facts else "") or str(consultation.group)
