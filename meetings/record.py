"""From the models of the record to the plain facts of a sentence."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from meetings.languages import TextByLanguage, in_language
from meetings.models import (
    GroupName,
    Meeting,
    Officer,
    Outcome,
    Session,
    Settlement,
    Topic,
    WorkingGroup,
)
from meetings.wording.facts import (
    NOTHING,
    Fact,
    GroupFacts,
    House,
    MeetingFacts,
    OutcomeFacts,
    SessionFacts,
    SettledFacts,
)


def name_on(group: WorkingGroup, day: date) -> GroupName | None:
    """Return what the group is called on `day`; where no name covers it, the nearest in time."""
    names = sorted(group.names.all(), key=lambda name: name.from_day or date.min)
    if not names:
        return None
    # of those that cover the day, the one that began last
    return min(reversed(names), key=lambda name: _days_away(name, day))


def _days_away(name: GroupName, day: date) -> int:
    before = (name.from_day or date.min) - day
    after = day - (name.to_day or date.max)
    return max(before.days, after.days, 0)


def group_facts(group: WorkingGroup, day: date, language: str) -> GroupFacts:
    """Return what `group` is called on `day` in `language`."""
    name = name_on(group, day)
    if name is None:
        return GroupFacts(NOTHING, NOTHING, NOTHING)
    key = str(name.pk or "")

    def fact(field: str) -> Fact:
        text: TextByLanguage | None = getattr(name, field)
        return Fact(in_language(text, language), "meetings.groupname", key, field)

    printed = fact("printed_short")
    return GroupFacts(fact("name"), fact("acronym"), printed if printed.text else fact("acronym"))


def house(group: WorkingGroup, day: date, language: str, chair: Officer | None = None) -> House:
    """Return how the group's house prints on `day`, in `language`, with the title of `chair`."""
    title = ""
    if chair is not None and chair.role == Officer.Role.CHAIR:
        title = in_language(chair.title_printed, language)
    return House(
        language=language,
        group=group_facts(group, day, language),
        ordinals=group.ordinals,
        windows=group.windows,
        day_ranges=group.day_ranges,
        patterns={
            pattern.name: Fact(
                in_language(pattern.text, language),
                "meetings.housepattern", str(pattern.pk), "text",
            )
            for pattern in group.patterns.all()
        },
        chair_title=(
            Fact(title, "meetings.officer", str(chair.pk or ""), "title_printed")
            if chair is not None and title
            else NOTHING
        ),
    )  # fmt: skip


def session_facts(session: Session | None, language: str) -> SessionFacts | None:
    """Return a session as sentences name it."""
    if session is None:
        return None
    key = str(session.pk or "")
    return SessionFacts(
        label=Fact(in_language(session.label, language), "meetings.session", key, "label"),
        long_label=Fact(
            in_language(session.long_label, language), "meetings.session", key, "long_label"
        ),
        opens=session.opens(),
        ends=session.ends(),
        year=session.year,
        days_known=session.first_day is not None,
    )


def meeting_facts(meeting: Meeting, language: str = "en") -> MeetingFacts:
    """Return a meeting as its heading names it."""
    key = str(meeting.pk or "")
    return MeetingFacts(
        key, meeting.ordinal, meeting.first_day, meeting.last_day, meeting.mode,
        Fact(in_language(meeting.place, language), "meetings.meeting", key, "place"),
    )  # fmt: skip


def settled_facts(settlement: Settlement | None) -> SettledFacts | None:
    """Return what became of a promise, and the day by which that is known."""
    return SettledFacts(settlement.how, settlement.known_by()) if settlement is not None else None


def outcome_facts(
    outcome: Outcome,
    language: str,
    day: date,
    *,
    topics: Iterable[Topic] | None = None,
    settlement: Settlement | None = None,
    points: Iterable[str] | None = None,
) -> OutcomeFacts:
    """Return the facts of an outcome, saved or still in a form.

    For one in a form, `topics` and `points` are given; else they are read from
    the record, prefetched where many are read.
    """
    key = str(outcome.pk or "")
    if topics is None:
        topics = [said.topic for said in at_hand(outcome, "outcome_topics")]
    if points is None:
        points = [in_language(point.text, language) for point in at_hand(outcome, "points")]
    if settlement is None and outcome.pk:
        settlement = getattr(outcome, "settlement", None)
    recalled = outcome.recalls_group
    return OutcomeFacts(
        key=key,
        kind=outcome.kind,
        topics=tuple(
            Fact(in_language(topic.title, language), "meetings.topic", str(topic.pk or ""), "title")
            for topic in topics
        ),
        about_future_topics=outcome.about_future_topics,
        window=(
            (outcome.window_from, outcome.window_to)
            if outcome.window_from and outcome.window_to
            else None
        ),
        session=session_facts(outcome.session, language),
        awaits=session_facts(outcome.awaits, language),
        condition=in_language(outcome.condition, language),
        until=outcome.until,
        addressee=in_language(outcome.addressee, language),
        action=in_language(outcome.action, language),
        recalls_group=group_facts(recalled, day, language).printed_short if recalled else NOTHING,
        recalls=in_language(outcome.recalls, language),
        settled=settled_facts(settlement),
        documents=_documents(outcome, language),
        wording=in_language(outcome.wording, language),
        points=tuple(points),
    )


# Under these names a reader of many outcomes keeps their rows at hand, as plain lists
AT_HAND = {name: f"{name}_at_hand" for name in ("outcome_topics", "points", "documents")}


def at_hand(outcome: Outcome, name: str) -> Iterable[Any]:
    """Return the topics, points or documents of an outcome: those kept at hand, else the record's."""
    kept: list[Any] | None = getattr(outcome, AT_HAND[name], None)
    if kept is not None:
        return kept
    rows: Iterable[Any] = getattr(outcome, name).all()
    return rows


def _documents(outcome: Outcome, language: str) -> tuple[Fact, ...]:
    """Return the documents it rests on, by number, else by title; read only where a text names them."""
    texts = (outcome.wording, outcome.action, outcome.condition, outcome.recalls)
    named = any("documents" in in_language(text, language) for text in texts)
    if not hasattr(outcome, AT_HAND["documents"]) and not (named and outcome.pk):
        return ()
    return tuple(
        Fact(
            document.number or in_language(document.title, language), "meetings.document",
            str(document.pk), "number" if document.number else "title",
        )
        for document in at_hand(outcome, "documents")
    )  # fmt: skip
