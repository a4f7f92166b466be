"""Meetings, outcomes and topics as the lists of public pages name them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from django.db.models import Exists, F, Max, OuterRef, Prefetch, QuerySet

from consultations.models import ConsultationTopic
from meetings import record as facts_of
from meetings.languages import in_language
from meetings.lettering import letter
from meetings.models import Kind, Meeting, Outcome, OutcomeTopic, Topic, WorkingGroup
from meetings.promises import State, due_day, open_on, standings
from meetings.typesetting.tree import plain
from meetings.wording import dates
from meetings.wording.facts import House
from meetings.wording.sentences import ordinal


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """A meeting as lists show it."""

    meeting: Meeting
    name: str
    days: str
    state: str
    where: str  # its place and how people take part, as far as both are known


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """An outcome named in few words, with what its promise came to."""

    address: str
    what: str
    by: str
    promise: State | None  # what it came to by today, where it is a promise
    due: str
    topics: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class TopicRow:
    """A topic, the listed topic it draws on, and the outcomes about it, the latest first."""

    title: str
    draws_on: str
    outcomes: list[OutcomeRow]


def meeting_name(meeting: Meeting, house: House) -> str:
    """Return what a meeting is called: Twentieth meeting."""
    name = plain(ordinal(facts_of.meeting_facts(meeting), house))
    own = meeting.series == Meeting.Series.OWN
    return f"{name[:1].upper()}{name[1:]} {'meeting' if own else 'open consultation meeting'}"


def meeting_row(meeting: Meeting, house: House, today: date) -> MeetingRow:
    """Return a meeting as lists show it on `today`."""
    place, mode = in_language(meeting.place, "en"), meeting.get_mode_display()
    return MeetingRow(
        meeting,
        meeting_name(meeting, house),
        dates.days(house.messages, meeting.first_day, meeting.last_day, house.day_ranges),
        meeting.state(today).label,
        ", ".join(filter(None, [place, mode if place else mode.capitalize()])),
    )


def anchor(outcome: Outcome) -> str:
    """Return where an outcome stands on its meeting's page and in a report."""
    return f"outcome-{outcome.meeting.ordinal}-{letter(outcome.place())}"


def address(outcome: Outcome) -> str:
    """Return the address of an outcome."""
    return f"{outcome.meeting.get_absolute_url()}#{anchor(outcome)}"


def outcome_name(outcome: Outcome, house: House) -> str:
    """Return where an outcome was decided: Twentieth meeting, a)."""
    return f"{meeting_name(outcome.meeting, house)}, {letter(outcome.place())})"


def states(outcomes: QuerySet[Outcome], today: date) -> dict[int, State]:
    """Return what the promises among `outcomes` came to by `today`, by key."""
    return {each.facts.key: each.state for each in standings(outcomes, today)}


def outcome_row(outcome: Outcome, house: House, came_to: Mapping[int, State]) -> OutcomeRow:
    """Return an outcome in few words, with what its promise came to."""
    return OutcomeRow(
        address(outcome),
        _in_few_words(outcome, house),
        outcome_name(outcome, house),
        came_to.get(outcome.pk),
        due(outcome, house),
    )


def _in_few_words(outcome: Outcome, house: House) -> str:
    kind = outcome.get_kind_display()
    if outcome.kind == Kind.SUMMARY and outcome.session:
        return f"Summary for {outcome.session}"
    if outcome.session:
        return f"{kind}: {outcome.session}"
    if outcome.window_from and outcome.window_to:
        window = dates.window(house.messages, outcome.window_from, outcome.window_to, house.windows)
        return f"{kind}, {window}"
    if outcome.addressee:
        return f"{kind}: {in_language(outcome.addressee, 'en')}"
    if outcome.about_future_topics:
        return f"{kind}: topics for future consultations"
    return kind


def due(outcome: Outcome, house: House) -> str:
    """Return by when a promise is due: a session, a day, an event; nothing where none is named."""
    if outcome.awaits:
        return f"waits for {outcome.awaits}"
    if outcome.session:
        return str(outcome.session)
    day = due_day(outcome)
    return dates.day(house.messages, day) if day else ""


def open_promises(group: WorkingGroup, house: House, today: date, most: int) -> list[OutcomeRow]:
    """Return what the group's meetings promised and nobody had settled by `today`."""
    found = [
        (promise, state)
        for promise, state in open_on(today, WorkingGroup.objects.filter(pk=group.pk))
        if promise.meeting.outcomes_public
    ]
    came_to = {promise.pk: state for promise, state in found}
    return [
        replace(
            outcome_row(promise, house, came_to),
            topics=[in_language(s.topic.title, "en") for s in promise.outcome_topics.all()],
        )
        for promise, _ in found[-most:][::-1]
    ]


def topic_rows(group: WorkingGroup, house: House, today: date, most: int) -> list[TopicRow]:
    """Return the topics last spoken of, each with what was decided about it."""
    about = Prefetch(
        "outcome_topics",
        OutcomeTopic.objects.filter(outcome__in=Outcome.objects.public())
        .select_related(
            "outcome__meeting__group", "outcome__session", "outcome__awaits",
            "outcome__settlement__at_session",
        )
        .prefetch_related("outcome__meeting__outcomes")
        .order_by("-outcome__meeting__first_day", "-outcome__position"),
    )  # fmt: skip
    # what is known of a round of the past without any outcome stands among the rounds
    past = ConsultationTopic.objects.filter(
        topic=OuterRef("pk"), consultation__record_incomplete=True
    )
    topics = (
        Topic.objects.known()
        .filter(Exists(OutcomeTopic.objects.filter(topic=OuterRef("pk"))) | ~Exists(past))
        .filter(group=group)
        .annotate(latest=Max("outcomes__meeting__first_day"))
        .order_by(F("latest").desc(nulls_last=True), "key")
        .select_related("draws_on__revision__instrument__body")
        .prefetch_related(about)
    )
    shown = list(topics[:most])
    came_to = states(Outcome.objects.filter(topics__in=shown).distinct(), today)
    return [
        TopicRow(
            in_language(topic.title, "en"),
            f"{topic.draws_on.revision.instrument}, {topic.draws_on.position}"
            if topic.draws_on
            else "",
            [outcome_row(said.outcome, house, came_to) for said in topic.outcome_topics.all()],
        )
        for topic in shown
    ]
