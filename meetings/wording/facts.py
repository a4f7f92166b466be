"""What a sentence is made from: plain facts in one language, without a database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from meetings.typesetting.tree import Origin, OriginKind, Span, Spans
from meetings.wording.messages import Messages, messages


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact as printed in one language, and the field it comes from. Empty: not known."""

    text: str
    model: str = ""
    key: str = ""
    field: str = ""

    def spans(self, said: Messages, kind: OriginKind = OriginKind.FACT) -> Spans:
        """Return the fact as printed; one that is missing is shown as missing."""
        return (Span(self.text or said.missing, Origin(kind, self.model, self.key, self.field)),)


NOTHING = Fact("")


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """What a group is called on the day of the report."""

    name: Fact
    acronym: Fact
    printed_short: Fact


@dataclass(frozen=True, slots=True)
class House:
    """How a group's house prints, in one language."""

    language: str
    group: GroupFacts
    ordinals: str = "words"
    windows: str = "long"
    day_ranges: str = "hyphen"
    patterns: Mapping[str, Fact] = field(default_factory=dict)
    chair_title: Fact = NOTHING  # where texts of that time print another: Chairman

    @property
    def messages(self) -> Messages:
        """Return the messages of the house's language."""
        return messages(self.language)

    def chair_word(self) -> Spans:
        """Return what the Chair is called: the title printed at that time, else the usual word."""
        if self.chair_title.text:
            return self.chair_title.spans(self.messages)
        return (Span(self.messages.roles["chair"], Origin(OriginKind.PATTERN, "", "", "roles")),)

    def pattern(self, name: str) -> tuple[str, Origin]:
        """Return a pattern and its origin: the house's own where it has one."""
        own = self.patterns.get(name)
        if own is not None and own.text:
            return own.text, Origin(OriginKind.PATTERN, own.model, own.key, name)
        return self.messages.patterns[name], Origin(OriginKind.PATTERN, "", "", name)


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """A session, as an outcome names it."""

    label: Fact
    long_label: Fact
    opens: date
    ends: date
    year: int
    days_known: bool = True


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """From when a sentence is told: a day, and the session a report goes to."""

    as_of: date
    session: SessionFacts | None = None


@dataclass(frozen=True, slots=True)
class SettledFacts:
    """What became of a promise, and by which day that is known."""

    how: str
    by: date


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """A meeting, as its heading names it."""

    key: str
    ordinal: int
    first_day: date
    last_day: date
    mode: str = ""
    place: Fact = NOTHING


@dataclass(frozen=True, slots=True)
class OutcomeFacts:
    """Everything an outcome's sentence may say."""

    key: str
    kind: str
    topics: tuple[Fact, ...] = ()
    about_future_topics: bool = False
    window: tuple[date, date] | None = None
    session: SessionFacts | None = None
    awaits: SessionFacts | None = None
    condition: str = ""
    until: str = ""
    addressee: str = ""
    action: str = ""
    recalls_group: Fact = NOTHING
    recalls: str = ""
    settled: SettledFacts | None = None
    documents: tuple[Fact, ...] = ()
    wording: str = ""
    points: tuple[str, ...] = ()
