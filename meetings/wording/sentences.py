"""Official sentences: facts to spans of text, each with its origin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from meetings.typesetting.tree import Origin, OriginKind, Span, Spans
from meetings.wording import dates, patterns, slots
from meetings.wording.facts import (
    NOTHING,
    Fact,
    House,
    MeetingFacts,
    OutcomeFacts,
    SessionFacts,
    Viewpoint,
)

OUTCOME = "meetings.outcome"
# The slots that a wording changed by hand, or a phrase in it, may use
GROUP_SLOTS = frozenset({"group", "group.acronym", "group.name"})
WORDING_SLOTS = GROUP_SLOTS | {
    "topics", "window", "window.long", "window.short", "session", "session.long",
    "event", "event.long", "condition", "addressee", "action", "recalls_group", "recalls",
}  # fmt: skip


def heading(meeting: MeetingFacts, house: House, *, has_outcomes: bool) -> Spans:
    """Return the sentence that opens the paragraph on a meeting."""
    pattern, origin = house.pattern(
        "meeting_heading" if has_outcomes else "meeting_without_outcomes"
    )
    return patterns.fill(
        pattern,
        house.language,
        {
            "ordinal": ordinal(meeting, house),
            "group": house.group.acronym.spans(house.messages),
            "when": when(meeting, house),
        },
        {"mode": meeting.mode or "unknown"},
        origin,
    )


def ordinal(meeting: MeetingFacts, house: House) -> Spans:
    """Return the number of a meeting as the house prints it: eighteenth, or 18th."""
    said = patterns.number(house.messages.ordinals[house.ordinals], house.language, meeting.ordinal)
    return Fact(said, "meetings.meeting", meeting.key, "ordinal").spans(house.messages)


def when(meeting: MeetingFacts, house: House) -> Spans:
    """Return the days of a meeting with their preposition."""
    origin = Origin(OriginKind.PATTERN, "", "", "on")
    before, days, after = dates.when(
        house.messages, meeting.first_day, meeting.last_day, house.day_ranges
    )
    fact = Fact(days, "meetings.meeting", meeting.key, "first_day").spans(house.messages)
    return tuple(span for span in (Span(before, origin), *fact, Span(after, origin)) if span.text)


def sentence(facts: OutcomeFacts, viewpoint: Viewpoint, house: House) -> Spans:
    """Return the sentence of an outcome: its changed wording where it has one, else the house's.

    Raises slots.SlotError for a wording with an unknown slot.
    """
    if facts.wording:
        values = _by_hand(_slots(facts, house), facts, house)
        return slots.fill(
            facts.wording, values, Origin(OriginKind.HAND, OUTCOME, facts.key, "wording")
        )
    return house_sentence(facts, viewpoint, house)


def house_sentence(facts: OutcomeFacts, viewpoint: Viewpoint, house: House) -> Spans:
    """Return the sentence of an outcome as the house words it, whatever was changed by hand."""
    pattern, origin = house.pattern(facts.kind)
    origin = replace(origin, model=origin.model or OUTCOME, key=origin.key or facts.key)
    return patterns.fill(
        pattern, house.language, _slots(facts, house), _choices(facts, viewpoint), origin
    )


def points(facts: OutcomeFacts, house: House) -> tuple[Spans, ...]:
    """Return the sub-items of an outcome."""
    values = _by_hand(_slots(facts, house), facts, house)
    origin = Origin(OriginKind.PHRASE, OUTCOME, facts.key, "points")
    return tuple(slots.fill(text, values, origin) for text in facts.points)


def joined(items: Sequence[Spans], between: str, last: str) -> Spans:
    """Return `items` one after the other, with the words of the language between them."""
    origin = Origin(OriginKind.PATTERN, "", "", "lists")
    spans: list[Span] = []
    for place, item in enumerate(items):
        if place:
            spans.append(Span(last if place == len(items) - 1 else between, origin))
        spans.extend(item)
    return tuple(spans)


def _topics(facts: OutcomeFacts, house: House, *, quoted: bool = False) -> Spans:
    said = house.messages
    mark = Origin(OriginKind.PATTERN, "", "", "lists")
    items = [topic.spans(said) for topic in facts.topics or (NOTHING,)]
    if quoted:
        items = [(Span("“", mark), *item, Span("”", mark)) for item in items]
        return joined(items, said.lists["middle"], said.lists["last"])
    return joined(items, said.lists["topics"], said.lists["topics_last"])


def _slots(facts: OutcomeFacts, house: House) -> dict[str, Spans]:
    said = house.messages
    group = house.group
    values = {
        "group": group.acronym.spans(said),
        "topics": _topics(facts, house),
        "topics_quoted": _topics(facts, house, quoted=True),
        "window": _window(facts, house, house.windows),
        "session": _session(facts.session).spans(said),
        "event": _session(facts.awaits).spans(said),
        "event_long": _session(facts.awaits, long=True).spans(said),
        "recalls_group": facts.recalls_group.spans(said),
    }
    group_values = {
        "group": values["group"],
        "group.acronym": values["group"],
        "group.name": group.name.spans(said),
    }
    for name in ("addressee", "action", "condition", "recalls"):
        text = getattr(facts, name)
        origin = Origin(OriginKind.PHRASE, OUTCOME, facts.key, name)
        if name == "addressee" or not text:
            kind = OriginKind.FACT if name == "addressee" else OriginKind.PHRASE
            values[name] = Fact(text, OUTCOME, facts.key, name).spans(said, kind)
        else:
            values[name] = slots.fill(text, group_values, origin)
    return values


def _by_hand(values: Mapping[str, Spans], facts: OutcomeFacts, house: House) -> dict[str, Spans]:
    """Return the slots of a sentence changed by hand, under the names people type."""
    said = house.messages
    return {
        **{name: values[name] for name in values if name in WORDING_SLOTS},
        "group.acronym": values["group"],
        "group.name": house.group.name.spans(said),
        "window.long": _window(facts, house, "long"),
        "window.short": _window(facts, house, "short"),
        "session.long": _session(facts.session, long=True).spans(said),
        "event.long": values["event_long"],
    }


def _window(facts: OutcomeFacts, house: House, style: str) -> Spans:
    text = dates.window(house.messages, *facts.window, style) if facts.window else ""
    return Fact(text, OUTCOME, facts.key, "window_from").spans(house.messages)


def _session(session: SessionFacts | None, *, long: bool = False) -> Fact:
    if session is None:
        return NOTHING
    return session.long_label if long and session.long_label.text else session.label


def _choices(facts: OutcomeFacts, viewpoint: Viewpoint) -> dict[str, str | int]:
    said_long = facts.awaits is not None and bool(facts.awaits.long_label.text)
    condition = ("long" if said_long else "short") if facts.condition and facts.awaits else "no"
    about = "future" if facts.about_future_topics else "topics" if facts.topics else "action"
    return {
        "count": max(len(facts.topics), 1),
        "tense": "was" if told_as_done(facts, viewpoint) else "would",
        "future": "yes" if facts.about_future_topics else "no",
        "about": about,
        "until": facts.until or "event",
        "condition_said": condition,
        "recalled": "yes" if facts.recalls else "no",
    }


def told_as_done(facts: OutcomeFacts, viewpoint: Viewpoint) -> bool:
    """Say whether a promise for a session is told as kept.

    It is where the promise was settled as kept by the day of the telling and
    that session lies before the one the report goes to; a meeting's own page
    goes to no session, and only the day counts.
    """
    if facts.settled is None or facts.settled.how != "kept" or facts.session is None:
        return False
    if facts.settled.by > viewpoint.as_of:
        return False
    own = viewpoint.session
    return own is None or lies_before(facts.session, own)


def lies_before(one: SessionFacts, other: SessionFacts) -> bool:
    """Say whether a session is over before another opens."""
    return one.ends < other.opens
