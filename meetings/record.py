"""From the models of the record to the plain facts of a sentence."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from meetings.languages import TextByLanguage, in_language
from meetings.models import GroupName, Meeting, Outcome, Session, Settlement, Topic, WorkingGroup
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
    """Return what the group is called on `day`; where no name covers it, the nearest."""
    names = sorted(group.names.all(), key=lambda name: name.from_day or date.min)
    covering = [
        name for name in names
        if (name.from_day or date.min) <= day <= (name.to_day or date.max)
    ]  # fmt: skip
    return covering[-1] if covering else names[-1] if names else None


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


def house(group: WorkingGroup, day: date, language: str) -> House:
    """Return how the group's house prints on `day`, in `language`."""
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
    )


def meeting_facts(meeting: Meeting) -> MeetingFacts:
    """Return a meeting as its heading names it."""
    return MeetingFacts(
        str(meeting.pk or ""), meeting.ordinal, meeting.first_day, meeting.last_day, meeting.mode
    )


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
        topics = [said.topic for said in outcome.outcome_topics.all()]
    if points is None:
        points = [in_language(point.text, language) for point in outcome.points.all()]
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
        wording=in_language(outcome.wording, language),
        points=tuple(points),
    )
