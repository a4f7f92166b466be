"""A promise in plain short words, generated from its facts."""

from __future__ import annotations

from datetime import date

from meetings import record as facts_of
from meetings.languages import TextByLanguage, in_any_language
from meetings.models import Kind, Meeting, Outcome, Settlement, WorkingGroup
from meetings.promises.states import Standing, State
from meetings.typesetting.tree import Origin, OriginKind, plain
from meetings.wording import dates, patterns, slots
from meetings.wording.messages import messages

ENGLISH = "en"  # the language of the secretariat's pages


def promised(promise: Outcome, day: date) -> str:
    """Return what was promised: “Summary of “…” to Council 2026”."""
    topics = _topics(promise)
    match promise.kind:
        case Kind.WOULD_LAUNCH:
            return f"Launch of the consultation on {topics}, {_window(promise)}"
        case Kind.SUMMARY:
            return f"Summary of {topics} to {promise.session}"
        case Kind.REQUEST:
            asked = _capital(in_any_language(promise.addressee))
            return f"{asked}: {_filled(promise.action, promise.meeting.group, day)}"
        case _ if promise.about_future_topics:
            return "Topics for future consultations"
        case _:
            return topics or _capital(_filled(promise.action, promise.meeting.group, day))


def recalled(promise: Outcome, day: date) -> str:
    """Return the decision that a promise recalls: “CWG on …: to prepare a gap analysis …”."""
    if promise.recalls_group is None:
        return ""
    whose = facts_of.group_facts(promise.recalls_group, day, ENGLISH).printed_short.text
    words = _filled(promise.recalls, promise.meeting.group, day)
    return f"{whose or promise.recalls_group.slug}: {words}"


def meeting_name(meeting: Meeting) -> str:
    """Return a meeting as a list names it: 22nd meeting, 3rd open consultation meeting."""
    said = messages(ENGLISH)
    number = patterns.number(said.ordinals["figures"], ENGLISH, meeting.ordinal)
    own = meeting.series == Meeting.Series.OWN
    return f"{number} {'meeting' if own else 'open consultation meeting'}"


def outcome_name(outcome: Outcome, letter: str) -> str:
    """Return an outcome as a list names it: 22nd meeting, a)."""
    return f"{meeting_name(outcome.meeting)}, {letter})"


def due(promise: Outcome, standing: Standing) -> str:
    """Return until when, in words: a month, a session, a day, a meeting, an event."""
    if standing.state == State.WAITING and promise.awaits is not None:
        ended = standing.facts.event_ends
        over = ended is not None and ended < standing.day
        return f"waits for {promise.awaits}" + (f", over since {_day(ended)}" if over else "")
    if promise.kind == Kind.WOULD_LAUNCH and promise.window_from:
        return dates.window(messages(ENGLISH), promise.window_from, promise.window_from)
    if promise.kind == Kind.SUMMARY:
        return str(promise.session)
    if promise.kind == Kind.DEFERRED and promise.due is None:
        return f"the meeting of {_day(standing.due)}" if standing.due else "the next meeting"
    return _day(standing.due)


def settled(settlement: Settlement, letter: str) -> str:
    """Return what settled a promise: the outcome, the document, or what happened."""
    if settlement.by_outcome is not None:
        return outcome_name(settlement.by_outcome, letter)
    if settlement.by_document is not None:
        return str(settlement.by_document)
    return str(settlement.fact)


def settled_when(settlement: Settlement) -> str:
    """Return when a promise was settled, as far as it is known."""
    if settlement.on is not None:
        return _day(settlement.on)
    return str(settlement.at_session) if settlement.at_session is not None else "day not known"


def _day(day: date | None) -> str:
    return dates.day(messages(ENGLISH), day) if day else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _topics(promise: Outcome) -> str:
    return "; ".join(f"“{said.topic}”" for said in promise.outcome_topics.all())


def _window(promise: Outcome) -> str:
    if promise.window_from is None or promise.window_to is None:
        return ""
    return dates.window(messages(ENGLISH), promise.window_from, promise.window_to, "short")


def _filled(text: TextByLanguage | None, group: WorkingGroup, day: date) -> str:
    """Return a phrase with the group's names in its slots, in the first language there is."""
    words = in_any_language(text)
    language = next((code for code, said in (text or {}).items() if said == words), ENGLISH)
    named = facts_of.group_facts(group, day, language)
    said = messages(ENGLISH)
    values = {
        "group": named.acronym.spans(said),
        "group.acronym": named.acronym.spans(said),
        "group.name": named.name.spans(said),
    }
    try:
        return plain(slots.fill(words, values, Origin(OriginKind.PHRASE)))
    except slots.SlotError:
        return words
