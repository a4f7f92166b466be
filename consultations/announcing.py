"""How a round is named and its extensions are told."""

from __future__ import annotations

from consultations.models import Consultation, Extension
from meetings.deadline import Moment
from meetings.languages import in_language
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


def extension_words(extension: Extension) -> str:
    """Return an extension in a sentence, as its round's page says it."""
    known, group = messages(ENGLISH), extension.consultation.group
    place = extension.consultation.opening().place
    was, now = (Moment(group.zone, place, each) for each in (extension.was, extension.now))
    by = in_language(extension.decided_by, ENGLISH) or "[not recorded in this language]"
    on = extension.decided_on
    day = dates.day(known, on) if on else "[day not recorded]"
    return (
        f"Extended from {was.words(known)} to {now.words(known)}. "
        f"Decided by {by} on {day}: {extension.reason}"
    )
