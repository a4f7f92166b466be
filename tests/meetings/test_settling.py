"""Settling promises, and every reason for which that is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.core.exceptions import ValidationError

from cwg.accounts.models import User
from meetings import settling
from meetings.models import Document, Meeting, Outcome, Session, Settlement, WorkingGroup
from meetings.promises import State, state
from meetings.settling import Settling, SettlingError, confirm, settle, take_back

DAY = date(2026, 5, 8)


def outcome(meeting: int, position: int) -> Outcome:
    return Outcome.objects.get(meeting__series="own", meeting__ordinal=meeting, position=position)


def launch() -> Outcome:
    return outcome(21, 1)


def summary() -> Outcome:
    return outcome(22, 1)


def council(year: int = 2026) -> Session:
    return Session.objects.get(key=f"council-{year}")


def document(key: str = "d", group: WorkingGroup | None = None) -> Document:
    meeting = Meeting.objects.get(ordinal=23)
    group = group or meeting.group
    return Document.objects.create(group=group, key=key, session=council(), title={"en": "D"})


def stranger() -> WorkingGroup:
    return WorkingGroup.objects.create(slug="wg-example")


def others_outcome() -> Outcome:
    held = Meeting.objects.create(group=stranger(), ordinal=1, first_day=DAY, last_day=DAY)
    return Outcome.objects.create(meeting=held, kind="no_consensus")


FACT: dict[str, Any] = {"fact": "It was sent.", "source": "A page"}

KEPT = [
    (lambda: Settling(summary(), "kept", at_session=council(), **FACT), DAY, State.KEPT),
    (lambda: Settling(summary(), "kept", DAY, document=document()), DAY, State.KEPT),
    (lambda: Settling(summary(), "kept", date(2026, 5, 9), **FACT), date(2026, 5, 9),
     State.KEPT_LATE),
    (lambda: Settling(launch(), "replaced", by=outcome(22, 2), reason="Another topic"),
     date(2025, 9, 16), State.REPLACED),
    (lambda: Settling(launch(), "dropped", DAY, reason="No means", **FACT), DAY, State.DROPPED),
    # on a day of the meeting itself, which was not over yet
    (lambda: Settling(launch(), "kept", date(2025, 2, 19), **FACT), date(2025, 2, 20), State.KEPT),
]  # fmt: skip


@pytest.mark.parametrize(("made", "day", "came_to"), KEPT)
def test_what_settles_a_promise(
    group: WorkingGroup, made: Callable[[], Settling], day: date, came_to: State
) -> None:
    settled = settle(made())
    assert state(settled.promise, day) == came_to


REFUSED: list[tuple[Callable[[], object], type[SettlingError], str, str]] = [
    (lambda: settle(Settling(outcome(22, 2), "kept", DAY, **FACT)), settling.NoPromiseError, "",
     "“22 b) No consensus” promises nothing, so there is nothing to settle."),
    (lambda: settle(Settling(outcome(19, 2), "dropped", DAY, reason="So", **FACT)),
     settling.AlreadySettledError, "",
     "“19 b) Consultation to be launched” is settled already: kept. Nothing was changed. Take that "
     "back first if it was wrong."),
    (lambda: settle(Settling(summary(), "kept", DAY, by=outcome(21, 2))),
     settling.OutcomeNotLaterError, "by",
     "“22 a) Summary for a session” is not earlier than the outcome that would settle it."),
    (lambda: settle(Settling(summary(), "kept", DAY, by=summary())),
     settling.OutcomeNotLaterError, "by",
     "“22 a) Summary for a session” is not earlier than the outcome that would settle it."),
    (lambda: settle(Settling(summary(), "kept", DAY, by=others_outcome())),
     settling.OtherGroupError, "by", "The outcome belongs to another group."),
    (lambda: settle(Settling(summary(), "kept", DAY, document=document(group=stranger()))),
     settling.OtherGroupError, "document", "The document belongs to another group."),
    (lambda: settle(Settling(summary(), "kept", DAY)), settling.EvidenceMissingError, "fact",
     "Name the later outcome, the document, or what happened and where it can be read."),
    (lambda: settle(Settling(summary(), "kept", DAY, fact="It was sent.")),
     settling.EvidenceMissingError, "fact",
     "Name the later outcome, the document, or what happened and where it can be read."),
    (lambda: settle(Settling(summary(), "kept", DAY, source="A page")),
     settling.EvidenceMissingError, "fact",
     "Name the later outcome, the document, or what happened and where it can be read."),
    (lambda: settle(Settling(summary(), "replaced", DAY, **FACT)), settling.ReasonMissingError,
     "reason", "Say why."),
    (lambda: settle(Settling(summary(), "dropped", DAY, reason=" ", **FACT)),
     settling.ReasonMissingError, "reason", "Say why."),
    (lambda: settle(Settling(summary(), "kept", date(2025, 9, 14), **FACT)),
     settling.BeforePromiseError, "on",
     "“22 a) Summary for a session” was made at the meeting of 15 September 2025; it cannot have "
     "been settled before."),
    (lambda: settle(Settling(summary(), "kept", at_session=council(2025), **FACT)),
     settling.BeforePromiseError, "on",
     "“22 a) Summary for a session” was made at the meeting of 15 September 2025; it cannot have "
     "been settled before."),
    (lambda: settle(Settling(summary(), "kept", **FACT)), settling.DayMissingError, "on",
     "Give the day, or the session where no day is known; only what a later outcome tells needs "
     "neither."),
    (lambda: settle(Settling(summary(), "kept", DAY, at_session=council(), **FACT)),
     settling.TwiceDatedError, "on", "Give the day or the session, not both."),
    (lambda: confirm(summary()), settling.NothingImpliesError, "",
     "No later outcome goes on from “22 a) Summary for a session”. Record what happened instead."),
    (lambda: confirm(outcome(19, 2)), settling.AlreadySettledError, "",
     "“19 b) Consultation to be launched” is settled already: kept. Nothing was changed. Take that "
     "back first if it was wrong."),
    (lambda: take_back(summary(), "A slip"), settling.NotSettledError, "",
     "“22 a) Summary for a session” is not settled, so there is nothing to take back."),
    (lambda: take_back(outcome(19, 2), " "), settling.ReasonMissingError, "reason", "Say why."),
]  # fmt: skip


@pytest.mark.parametrize(("act", "error", "field", "sentence"), REFUSED)
def test_what_is_refused_says_why_and_changes_nothing(
    group: WorkingGroup,
    act: Callable[[], object],
    error: type[SettlingError],
    field: str,
    sentence: str,
) -> None:
    before = list(Settlement.objects.order_by("pk").values())
    with pytest.raises(error) as refused:
        act()
    assert (str(refused.value), refused.value.field) == (sentence, field)
    assert list(Settlement.objects.order_by("pk").values()) == before


def test_a_text_that_cannot_be_printed_is_refused(group: WorkingGroup) -> None:
    with pytest.raises(ValidationError):
        settle(Settling(summary(), "kept", DAY, fact="It was\u0007 sent.", source="A page"))


def test_a_launch_confirmed_without_its_day_is_not_told_as_late(group: WorkingGroup) -> None:
    """No day is invented: that it was kept is known from the meeting that went on from it."""
    settled = confirm(launch())
    assert (settled.on, settled.at_session, settled.by_outcome) == (None, None, summary())
    assert settled.known_by() == date(2025, 9, 16)
    assert state(launch(), date(2025, 9, 16)) == State.KEPT
    assert state(launch(), date(2025, 9, 15)) == State.LATE


@pytest.mark.parametrize(
    ("on", "came_to"),
    [(date(2025, 2, 28), State.KEPT), (date(2025, 3, 1), State.KEPT_LATE)],
)
def test_a_launch_confirmed_with_its_day(group: WorkingGroup, on: date, came_to: State) -> None:
    settled = confirm(launch(), on=on, fact="The round was opened.", source="The round’s page")
    assert (settled.on, settled.by_outcome, settled.source) == (on, summary(), "The round’s page")
    assert state(launch(), on) == came_to


def test_a_settlement_taken_back_leaves_the_promise_open(group: WorkingGroup) -> None:
    promised = take_back(outcome(19, 2), "The round was opened by mistake")
    # a later outcome goes on from it, so it is to be confirmed once more
    assert state(promised, DAY) == State.TO_CONFIRM
    settle(Settling(promised, "kept", date(2024, 10, 4), by=outcome(20, 1)))
    assert state(promised, DAY) == State.KEPT


def test_history_keeps_who_and_why(group: WorkingGroup, secretary: User) -> None:
    def latest() -> tuple[object, str | None]:
        entry = LogEntry.objects.get_for_model(Settlement).latest("pk")
        return entry.additional_data, entry.actor_email

    settle(Settling(launch(), "dropped", DAY, reason="No means", **FACT), by=secretary)
    assert latest() == (
        {"activity": "settling.settle", "reason": "No means"}, secretary.email,
    )  # fmt: skip
    take_back(launch(), "There are means", by=secretary)
    assert latest() == (
        {"activity": "settling.take_back", "reason": "There are means"}, secretary.email,
    )  # fmt: skip
    confirm(launch(), by=secretary)
    assert latest() == ({"activity": "settling.confirm", "reason": ""}, secretary.email)
