"""What those who follow a round are told about it: said once, for the mail and for its preview."""

from __future__ import annotations

from consultations.models import Consultation, Extension
from meetings.deadline import Moment
from meetings.languages import in_language
from meetings.record import group_facts
from meetings.site_address import absolute
from meetings.wording import dates
from meetings.wording.messages import messages

ENGLISH = "en"


def title(consultation: Consultation) -> str:
    """Return the topics of a round as they are printed, else its heading."""
    said = consultation.consultation_topics.all()
    if "consultation_topics" not in getattr(consultation, "_prefetched_objects_cache", {}):
        said = said.select_related("topic")
    titles = [in_language(each.topic.title, ENGLISH) for each in said]
    return "; ".join(filter(None, titles)) or in_language(consultation.heading, ENGLISH)


def announced(consultation: Consultation) -> tuple[str, str]:
    """Return the subject and the text by which a round is announced."""
    known = messages(ENGLISH)
    acronym = _acronym(consultation)
    subject = f"Open consultation of {acronym}: {title(consultation)}"
    body = (
        f"{acronym} consults on “{title(consultation)}”.\n\n"
        f"Contributions are welcome from {consultation.opening().words(known)} until "
        f"{consultation.deadline().words(known)}.\n\n"
        f"The questions, and how to take part:\n{absolute(consultation.get_absolute_url())}\n"
    )
    return subject, body


def extended(extension: Extension) -> tuple[str, str]:
    """Return the subject and the text by which an extension is told."""
    consultation = extension.consultation
    subject = f"Extended: open consultation of {_acronym(consultation)}, {title(consultation)}"
    page = f"The round’s page:\n{absolute(consultation.get_absolute_url())}\n"
    return subject, f"{extension_words(extension)}\n\n{page}"


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


def _acronym(consultation: Consultation) -> str:
    opens = consultation.opening().first_day
    facts = group_facts(consultation.group, opens, ENGLISH) if opens else None
    return (facts.acronym.text if facts else "") or str(consultation.group)
