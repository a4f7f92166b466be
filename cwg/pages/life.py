"""A round's life as public pages tell it: where it stands, its path to Council, what became of it.

Its state is `Consultation.state`; which outcomes are about it, and what they came to, tells
`consultations.outcomes`. Here both become words, and the Chair's report joins them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Self

from django.db.models import QuerySet
from django.utils import timezone

from consultations import announcing, counting, outcomes
from consultations.access import public_consultations
from consultations.counting import Tally
from consultations.models import Consultation
from consultations.models.consultation import State
from consultations.outcomes import Stage
from cwg.pages.reports import public_reports
from cwg.pages.rows import address, due, meeting_row, outcome_name
from cwg.report.models import Report
from cwg.report.slots import officer_spans
from meetings.deadline import Deadline, Moment
from meetings.languages import in_language
from meetings.models import Meeting, Outcome, WorkingGroup
from meetings.typesetting.tree import plain
from meetings.wording import dates
from meetings.wording.facts import House

MARKS = {State.OPEN: "open-now", State.ANNOUNCED: "open"}
NOT_RECORDED = "Not recorded"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a step or of a cell, with where it leads, if anywhere."""

    text: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the path from the decision to Council."""

    label: str
    lines: tuple[Line, ...]
    stands: str = ""  # done, or now, or still to come

    def marked(self, done: bool) -> Step:
        """Return the step as done where it is."""
        return replace(self, stands="done") if done else self


@dataclass(frozen=True)
class Life:
    """A round with all that is told of it at an instant."""

    consultation: Consultation
    house: House
    at: datetime
    day: date
    about: Sequence[Outcome]
    summary: Outcome | None
    stage: Stage | None
    tally: Tally
    report: Report | None  # the public report to the session that its summary goes to

    @classmethod
    def of_itself(cls, consultation: Consultation, house: House, at: datetime) -> Self:
        """Return a round with what its own rows tell: nothing of outcomes, and nothing is counted."""
        return cls(consultation, house, at, timezone.localdate(at), (), None, None, Tally(), None)

    @property
    def state(self) -> State:
        """Return where it stands by the clock."""
        return self.consultation.state(self.at)

    @property
    def state_label(self) -> str:
        """Return its state, or what became of it, in words."""
        return self.stage.label if self.stage else str(self.state.label)

    @property
    def mark(self) -> str:
        """Return the colour of its state."""
        return MARKS.get(self.state, "")

    @property
    def decider_known(self) -> bool:
        """Say whether a row of the record decided it; of a past round words may be all there is."""
        found = self.consultation
        return any((found.decided_by_id, found.decided_at_id, found.called_by_id))

    @property
    def title(self) -> str:
        """Return its topics as printed."""
        return announcing.title(self.consultation)

    @property
    def heading(self) -> str:
        """Return the heading of its page, which may name other months than its window."""
        return in_language(self.consultation.heading, "en")

    @property
    def window(self) -> str:
        """Return its window in months: by its own dates, else as it was decided."""
        opens, closes = self.consultation.opening().first_day, self.deadline.first.first_day
        decided = self.consultation.decided_by
        if decided is not None and decided.window_from and decided.window_to:
            opens, closes = opens or decided.window_from, closes or decided.window_to
        said = self.house.messages
        if opens and closes:
            return dates.window(said, opens, closes, self.house.windows)
        if opens:
            return f"From {dates.month(said, opens)}"
        return f"Until {dates.month(said, closes)}" if closes else NOT_RECORDED

    @property
    def deadline(self) -> Deadline:
        """Return when it closes."""
        return self.consultation.deadline()

    @property
    def opens(self) -> str:
        """Return when it opens in words, nothing where that is not recorded."""
        return self.consultation.opening().words(self.house.messages)

    @property
    def closes(self) -> str:
        """Return when it closes in words, nothing where that is not recorded."""
        return self.deadline.words(self.house.messages)

    @property
    def headline(self) -> str:
        """Return what a reader is told first."""
        if self.state == State.OPEN:
            return f"Closes {self._on(self.deadline.now)}"
        if self.state in {State.ANNOUNCED, State.PREPARED}:
            opens = self.consultation.opening()
            return f"Opens {self._on(opens)}" if opens.known else "The opening is not known yet"
        if self.state == State.CLOSED:
            return f"Closed {self._on(self.deadline.now)}"
        return "When it opened and closed is not recorded"

    def _on(self, moment: Moment) -> str:
        words = moment.words(self.house.messages)
        return f"at the end of {words}" if moment.month else f"on {words}"

    @property
    def instant(self) -> datetime | None:
        """Return the instant that the headline names, where it names one."""
        announced = self.state in {State.ANNOUNCED, State.PREPARED}
        moment = self.consultation.opening() if announced else self.deadline.now
        return moment.at

    @property
    def became(self) -> tuple[Line, ...]:
        """Return what became of it: the outcomes and the report that it came to."""
        if self.summary is None:
            return ()
        done = self.stage == Stage.REPORTED
        said = f"Summary {'submitted to' if done else 'due for'} {self.summary.session}"
        lines = (Line(said, address(self.summary)),)
        if self.report is None:
            return lines
        name = f"Chair’s report to {self.report.session}"
        return (*lines, Line(name, self.report.get_absolute_url()))


def shown(consultations: QuerySet[Consultation]) -> QuerySet[Consultation]:
    """Return rounds with what a line about each says, in a number of queries that does not grow."""
    return consultations.select_related(
        "group", "decided_by__meeting__group", "decided_at", "called_by__country", "meeting__group"
    ).prefetch_related(
        "consultation_topics__topic__draws_on__revision__instrument__body", "extensions",
        "decided_by__meeting__outcomes",
    )  # fmt: skip


def lives(consultations: Iterable[Consultation], house: House, at: datetime) -> list[Life]:
    """Return the lives of rounds of one group; they were read by `shown`."""
    found = list(consultations)
    day = timezone.localdate(at)
    about = outcomes.about(found, day)
    tallies = counting.tallies([each.pk for each in found])
    reports = _reports(found[0].group, day) if about else {}
    told = []
    for each in found:
        own = about.get(each.pk, [])
        summary = outcomes.summary_of(own)
        report = reports.get(summary.session_id) if summary and summary.session_id else None
        stage = outcomes.stage(each, own, at, day)
        told.append(
            Life(each, house, at, day, own, summary, stage, tallies[each.pk], report)
        )  # fmt: skip
    return told


def open_lives(houses: Mapping[int, House], at: datetime) -> dict[int, list[Life]]:
    """Return the rounds that take contributions, by the key of their group; first what closes first.

    `houses` are those of the groups asked for. Nothing has become of an open round, so no outcome
    is asked for, and nothing is counted.
    """
    now = public_consultations().filter(group__in=houses).open(at)
    found: dict[int, list[Life]] = {key: [] for key in houses}
    for each in shown(now).order_by("closed_from", "slug"):
        found[each.group_id].append(Life.of_itself(each, houses[each.group_id], at))
    return found


def latest_lives(group: WorkingGroup, house: House, at: datetime, most: int) -> list[Life]:
    """Return the latest rounds of a group, those to come before them."""
    public = shown(public_consultations().filter(group=group))
    return lives(public.order_by("-key", "slug")[:most], house, at)


def lives_decided_at(meeting: Meeting, house: House, at: datetime) -> list[Life]:
    """Return the rounds of a meeting's group that an outcome of the meeting is about."""
    found = lives(shown(public_consultations().filter(group=meeting.group_id)), house, at)
    return [
        each for each in found
        if any(said.meeting_id == meeting.pk for said in each.about)
        or each.consultation.meeting_id == meeting.pk
    ]  # fmt: skip


def _reports(group: WorkingGroup, day: date) -> dict[int, Report]:
    """Return the public reports of a group by their session, the latest of each."""
    return {each.session_id: each for each in reversed(public_reports(group, day))}


def decided(life: Life) -> tuple[Line, ...]:
    """Return who decided a round, and when."""
    consultation, said = life.consultation, life.house.messages
    if (outcome := consultation.decided_by) is not None:
        day = dates.day(said, outcome.meeting.last_day)
        return Line(day), Line(outcome_name(outcome, life.house), address(outcome))
    if (session := consultation.decided_at) is not None:
        return (Line(str(session)),)
    if (officer := consultation.called_by) is not None:
        return (Line(f"Call of {plain(officer_spans(officer, life.house))}"),)
    return (Line(in_language(consultation.decision, "en") or NOT_RECORDED),)


def path(life: Life, discussed_at: Meeting | None) -> list[Step]:
    """Return the path of a round from its decision to the session, each step with where it stands.

    `discussed_at` is the Group's meeting that its contributions go to, where one is known.
    """
    steps = [Step("Decided", decided(life), "done"), *_window_steps(life)]
    if (held := life.consultation.meeting) is not None:
        steps.append(_meeting_step("Consultation meeting", held, life))
    if discussed_at is not None:
        past = discussed_at.last_day < life.day
        label = "Before the Group" if past else "To be discussed"
        steps.append(_meeting_step(label, discussed_at, life))
    return [*steps, *_summary_steps(life)]


def _window_steps(life: Life) -> list[Step]:
    consultation, state = life.consultation, life.state
    opened = consultation.opens_from is not None and consultation.opens_from <= life.at
    opened = opened or state == State.CLOSED or life.stage is not None
    closed = state == State.CLOSED or life.stage is not None
    opening = Step("Opened" if opened else "Opens", (Line(life.opens or NOT_RECORDED),))
    if state == State.OPEN:
        closing = Step("Open now", (Line(f"until {life.closes}"),), "now")
    else:
        closing = Step("Closed" if closed else "Closes", (Line(life.closes or NOT_RECORDED),))
    return [opening.marked(opened), closing.marked(closed)]


def _meeting_step(label: str, meeting: Meeting, life: Life) -> Step:
    row = meeting_row(meeting, life.house, life.day)
    lines = (Line(row.days), Line(row.name, meeting.get_absolute_url()))
    return Step(label, lines).marked(meeting.last_day < life.day and meeting.cancelled_on is None)


def _summary_steps(life: Life) -> list[Step]:
    if life.summary is None:
        if life.consultation.record_incomplete:
            return [Step("Summary", (Line(NOT_RECORDED),))]
        return [Step("Summary", (Line("after the discussion"),)), Step("Chair’s report", ())]
    done = life.stage == Stage.REPORTED
    outcome = Line(outcome_name(life.summary, life.house), address(life.summary))
    agreed = Step("Summary agreed", (outcome,), "done")
    by = due(life.summary, life.house)
    if life.report is not None:
        last = Line("Chair’s report", life.report.get_absolute_url())
    else:
        last = Line("in the Chair’s report" if done else "due in the Chair’s report")
    return [agreed, Step(by or "Chair’s report", (last,)).marked(done)]
