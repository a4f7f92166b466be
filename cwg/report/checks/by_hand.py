"""Sentences changed by hand: that they were, and that they still say what they are about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from cwg.report.checks.findings import Record, Slip, quoted, rule
from cwg.report.checks.reading import Checked
from meetings.languages import in_language
from meetings.models import Kind, Outcome, Session
from meetings.record import at_hand
from meetings.severity import Severity
from meetings.wording.slots import slot_names

WINDOW = frozenset({"window", "window.long", "window.short"})
# How much of a topic's title a sentence has to say, where it does not say it whole
ENOUGH = 0.5


def _changed(checked: Checked) -> Iterator[Outcome]:
    """Yield the outcomes told whose sentence is not the house's."""
    for pk, outcome in checked.told_outcomes.items():
        changed = in_language(outcome.wording, checked.language)
        if pk in checked.told and changed and outcome.kind != Kind.FREE:
            yield outcome


@rule("by-hand", Severity.NOTE, "A sentence that was changed by hand")
def by_hand(checked: Checked) -> Iterator[Slip]:
    for outcome in _changed(checked):
        why = f" Why: {outcome.wording_reason}" if outcome.wording_reason else ""
        yield Slip(
            checked.told[outcome.pk], f"This sentence was changed by hand.{why}",
            f"outcome {outcome.pk}", Record("meetings.outcome", str(outcome.pk), "wording"),
        )  # fmt: skip


@rule(
    "by-hand-without-facts", Severity.WARNING,
    "A sentence changed by hand that no longer names a topic, a month or a session of its facts",
)  # fmt: skip
def by_hand_without_facts(checked: Checked) -> Iterator[Slip]:
    for outcome in _changed(checked):
        place = checked.told[outcome.pk]
        lost = list(_lost(checked, outcome, place.text))
        if lost:
            yield Slip(
                place, f"{quoted(place.text)} no longer names {', '.join(lost)}.",
                f"outcome {outcome.pk}", Record("meetings.outcome", str(outcome.pk), "wording"),
                beside=", ".join(lost),
            )  # fmt: skip


def _lost(checked: Checked, outcome: Outcome, text: str) -> Iterator[str]:
    """Yield the facts of an outcome that its changed wording names neither by slot nor in words."""
    names = set(slot_names(in_language(outcome.wording, checked.language)))
    said = " ".join([text, *_points(outcome, checked.language)])
    if "topics" not in names:
        for topic in at_hand(outcome, "outcome_topics"):
            title = in_language(topic.topic.title, checked.language)
            if title and not _names(said, title):
                yield f"its topic, {quoted(title)}"
    if not names & WINDOW and outcome.window_from and outcome.window_to:
        months = checked.house.messages.dates["months"]
        for day in dict.fromkeys((outcome.window_from, outcome.window_to)):
            if not _names_month(said, day, months):
                yield f"{months[day.month - 1]} {day.year}, a month of its window"
    for session, slots, what in (
        (outcome.session, {"session", "session.long"}, "its session"),
        (outcome.awaits, {"event", "event.long"}, "the session it waits for"),
    ):
        if session is not None and not names & slots and not _names_session(checked, said, session):
            yield f"{what}, “{in_language(session.label, checked.language) or session.key}”"


def _points(outcome: Outcome, language: str) -> list[str]:
    return [in_language(point.text, language) for point in at_hand(outcome, "points")]


def _names(text: str, title: str) -> bool:
    """Say whether a sentence names a topic: its title, or most of the words of it that tell."""
    if title.casefold() in text.casefold():
        return True
    telling = set(re.findall(r"\w{4,}", title.casefold()))
    said = set(re.findall(r"\w{4,}", text.casefold()))
    return bool(telling) and len(telling & said) / len(telling) >= ENOUGH


def _names_month(text: str, day: date, months: list[str]) -> bool:
    month = months[day.month - 1]
    return re.search(rf"\b{re.escape(month)}\b", text) is not None and str(day.year) in text


def _names_session(checked: Checked, text: str, session: Session) -> bool:
    labels = (
        in_language(session.label, checked.language),
        in_language(session.long_label, checked.language),
    )
    return any(label and label.casefold() in text.casefold() for label in labels)
