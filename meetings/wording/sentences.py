"""Official sentences: facts to spans of text, each with its origin."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

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
PHRASE_SLOTS = frozenset({"group", "group.acronym", "group.name", "documents"})
WORDING_SLOTS = PHRASE_SLOTS | {
    "topics", "window", "window.long", "window.short", "session", "session.long",
    "event", "event.long", "condition", "addressee", "action", "recalls_group", "recalls",
}  # fmt: skip
# After these a sentence has no full stop of its own; a colon stands before sub-items
STOPS = (".", "!", "?", "…", ":", ";", "。", "。”", ".”", ".’")


class _Values(Mapping[str, Spans]):
    """What slots print, each put together when a sentence asks for it."""

    def __init__(self, makers: Mapping[str, Callable[[], Spans]]) -> None:
        self._makers = makers

    def __getitem__(self, name: str) -> Spans:
        return self._makers[name]()

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


def heading(meeting: MeetingFacts, house: House, *, has_outcomes: bool) -> Spans:
    """Return the sentence that opens the paragraph on a meeting."""
    pattern, origin = house.pattern(
        "meeting_heading" if has_outcomes else "meeting_without_outcomes"
    )
    said = house.messages
    return patterns.fill(
        pattern,
        house.language,
        {
            "ordinal": ordinal(meeting, house),
            "group": house.group.acronym.spans(said),
            "group_name": house.group.name.spans(said),
            "when": when(meeting, house),
            "days": days(meeting, house),
            "place": meeting.place.spans(said),
        },
        {"mode": meeting.mode or "unknown", "placed": "yes" if meeting.place.text else "no"},
        origin,
    )


def ordinal(meeting: MeetingFacts, house: House) -> Spans:
    """Return the number of a meeting as the house prints it: eighteenth, or 18th."""
    said = patterns.number(house.messages.ordinals[house.ordinals], house.language, meeting.ordinal)
    return Fact(said, "meetings.meeting", meeting.key, "ordinal").spans(house.messages)


def when(meeting: MeetingFacts, house: House) -> Spans:
    """Return the days of a meeting with their preposition."""
    origin = Origin(OriginKind.PATTERN, "", "", "on")
    before, text, after = dates.when(
        house.messages, meeting.first_day, meeting.last_day, house.day_ranges
    )
    fact = _days_fact(meeting, text).spans(house.messages)
    return tuple(span for span in (Span(before, origin), *fact, Span(after, origin)) if span.text)


def days(meeting: MeetingFacts, house: House) -> Spans:
    """Return the days of a meeting without preposition; in words, a span keeps its own."""
    _, text, _ = dates.when(house.messages, meeting.first_day, meeting.last_day, house.day_ranges)
    return _days_fact(meeting, text).spans(house.messages)


def _days_fact(meeting: MeetingFacts, text: str) -> Fact:
    return Fact(text, "meetings.meeting", meeting.key, "first_day")


def sentence(facts: OutcomeFacts, viewpoint: Viewpoint, house: House) -> Spans:
    """Return the sentence of an outcome: its changed wording where it has one, else the house's.

    Raises slots.SlotError for a wording with an unknown slot.
    """
    if facts.wording:
        return slots.fill(
            facts.wording, _by_hand(facts, house),
            Origin(OriginKind.HAND, OUTCOME, facts.key, "wording"),
        )  # fmt: skip
    return house_sentence(facts, viewpoint, house)


def house_sentence(facts: OutcomeFacts, viewpoint: Viewpoint, house: House) -> Spans:
    """Return the sentence of an outcome as the house words it, whatever was changed by hand."""
    pattern, origin = house.pattern(facts.kind)
    origin = replace(origin, model=origin.model or OUTCOME, key=origin.key or facts.key)
    spans = patterns.fill(
        pattern, house.language, _slots(facts, house), _choices(facts, viewpoint), origin
    )
    return _ended(spans, before_points=bool(facts.points))


def _ended(spans: Spans, *, before_points: bool) -> Spans:
    """Return a sentence with one stop: none after a phrase that brings its own, a colon before sub-items."""
    text = "".join(span.text for span in spans)
    if not text.endswith("."):
        return spans
    before, last = text[:-1], spans[-1]
    if before.endswith(STOPS):
        stop = ""
    elif before_points:
        stop = ":"
    else:
        return spans
    kept = last.text[:-1] + stop
    return (*spans[:-1], replace(last, text=kept)) if kept else spans[:-1]


def points(facts: OutcomeFacts, house: House) -> tuple[Spans, ...]:
    """Return the sub-items of an outcome."""
    if not facts.points:
        return ()
    values = _by_hand(facts, house)
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


def _slots(facts: OutcomeFacts, house: House) -> Mapping[str, Spans]:
    said = house.messages
    makers: dict[str, Callable[[], Spans]] = {
        "group": partial(house.group.acronym.spans, said),
        "group_name": partial(house.group.name.spans, said),
        "chair": house.chair_word,
        "topics": partial(_topics, facts, house),
        "topics_quoted": partial(_topics, facts, house, quoted=True),
        "window": partial(_window, facts, house, house.windows),
        "window_long": partial(_window, facts, house, "long"),
        "window_short": partial(_window, facts, house, "short"),
        "session": partial(_session(facts.session).spans, said),
        "session_long": partial(_session(facts.session, long=True).spans, said),
        "event": partial(_session(facts.awaits).spans, said),
        "event_long": partial(_session(facts.awaits, long=True).spans, said),
        "recalls_group": partial(facts.recalls_group.spans, said),
        "documents": partial(_documents, facts, house),
        "addressee": partial(Fact(facts.addressee, OUTCOME, facts.key, "addressee").spans, said),
    }
    for name in ("action", "condition", "recalls"):
        makers[name] = partial(_phrase, name, facts, house)
    return _Values(makers)


def _phrase(name: str, facts: OutcomeFacts, house: House) -> Spans:
    """Return words typed into one fact of an outcome, with the slots that they may name."""
    said, text = house.messages, getattr(facts, name)
    if not text:
        return Fact("", OUTCOME, facts.key, name).spans(said, OriginKind.PHRASE)
    acronym = partial(house.group.acronym.spans, said)
    values = _Values({
        "group": acronym,
        "group.acronym": acronym,
        "group.name": partial(house.group.name.spans, said),
        "documents": partial(_documents, facts, house),
    })  # fmt: skip
    return slots.fill(text, values, Origin(OriginKind.PHRASE, OUTCOME, facts.key, name))


def _documents(facts: OutcomeFacts, house: House) -> Spans:
    said = house.messages
    items = [document.spans(said) for document in facts.documents or (NOTHING,)]
    return joined(items, said.lists["middle"], said.lists["last"])


def _by_hand(facts: OutcomeFacts, house: House) -> Mapping[str, Spans]:
    """Return the slots of a sentence changed by hand, under the names people type."""
    values = _slots(facts, house)
    typed = {name.replace(".", "_"): name for name in WORDING_SLOTS}
    makers = {typed[name]: partial(values.__getitem__, name) for name in values if name in typed}
    return _Values({**makers, "group.acronym": makers["group"]})


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
        "named": "yes" if facts.topics else "no",
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
    return own is None or lies_before(facts.session, own) or _order_unknown(facts.session, own)


def _order_unknown(one: SessionFacts, other: SessionFacts) -> bool:
    """Say whether two sessions of one year lack the days that would tell which came first.

    Then what was kept at one of them by the day of the telling lies before it all the same.
    """
    days_known = one.days_known and other.days_known
    return one.year == other.year and not days_known and one.label.key != other.label.key


def lies_before(one: SessionFacts, other: SessionFacts) -> bool:
    """Say whether a session is over before another opens, by days where both are known, else by years."""
    if one.days_known and other.days_known:
        return one.ends < other.opens
    return one.year < other.year
