"""Who took part in a meeting: a list that is brought in, its lines one by one, and what is counted.

Names are for members and the secretariat; everybody reads the numbers.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

from meetings import history
from meetings.models import Meeting, MemberState, Participant
from meetings.open_meeting import locked
from meetings.settling import By

MOST_LINES = 2_000
COLUMNS = ("name", "of", "function", "mode")
# The words of a first line that names its columns
HEADS = frozenset({"name", "names", "participant"})
MODES = {
    "": Participant.Mode.IN_PERSON,
    "in person": Participant.Mode.IN_PERSON,
    "in_person": Participant.Mode.IN_PERSON,
    "physical": Participant.Mode.IN_PERSON,
    "physically": Participant.Mode.IN_PERSON,
    "remote": Participant.Mode.REMOTE,
    "remotely": Participant.Mode.REMOTE,
    "online": Participant.Mode.REMOTE,
    "virtual": Participant.Mode.REMOTE,
}
CODE_LENGTH = 2  # a code of ISO 3166-1


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line of a list that was not taken, and why."""

    number: int
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Brought:
    """What came of a list: who was added, and the lines that were not taken."""

    added: tuple[Participant, ...]
    bad: tuple[BadLine, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many took part: in all, by delegation, by region, by how."""

    total: int
    member_states: int
    organizations: int
    of_member_states: int
    by_region: tuple[tuple[str, int, int], ...]  # its name, its Member States, their people
    by_mode: tuple[tuple[str, int], ...]


def counts(meeting: Meeting) -> Counts:
    """Return how many took part in `meeting`; one question, however many they are."""
    rows = list(
        Participant.objects.filter(meeting=meeting)
        .order_by()
        .values_list(
            "member_state", "organisation", "mode", "member_state__region__position",
            "member_state__region__name",
        )
    )  # fmt: skip
    states: dict[tuple[int, str], set[int]] = {}
    people: Counter[tuple[int, str]] = Counter()
    for state, _, _, position, name in rows:
        if state is not None:
            region = (position, next(iter((name or {}).values()), ""))
            states.setdefault(region, set()).add(state)
            people[region] += 1
    modes = Counter(mode for _, _, mode, _, _ in rows)
    return Counts(
        total=len(rows),
        member_states=len({state for state, *_ in rows if state is not None}),
        organizations=len({organisation for state, organisation, *_ in rows if state is None}),
        of_member_states=sum(people.values()),
        by_region=tuple(
            (name, len(states[position, name]), people[position, name])
            for position, name in sorted(people)
        ),
        by_mode=tuple((mode.label, modes[mode.value]) for mode in Participant.Mode if modes[mode]),
    )


def bring_in(meeting: Meeting, text: str, *, by: By = None) -> Brought:
    """Add the participants that the lines of `text` name; a bad line is named, good ones are kept.

    A line has a name, a Member State (its code, or its name as printed) or an organization, a
    function and how they took part, with commas, semicolons or tabs between them. Raises ClosedError.
    """
    with history.activity("attendance.bring_in", by):
        standing = locked(meeting)
        known = {_key(each) for each in Participant.objects.filter(meeting=standing)}
        states = _states()
        added: list[Participant] = []
        bad: list[BadLine] = []
        for number, written, values in _read(text):
            if number > MOST_LINES:
                bad.append(BadLine(number, "", f"A list has at most {MOST_LINES} lines."))
                break
            try:
                if not values:
                    raise ValidationError("It is too long to be read as a line.")
                participant = _participant(standing, values, states)
                if _key(participant) in known:
                    raise ValidationError("This person stands in the list already.")
                participant.full_clean(exclude=["meeting", "member_state"], validate_unique=False)
            except ValidationError as error:
                bad.append(BadLine(number, written, " ".join(error.messages)))
                continue
            participant.save()
            known.add(_key(participant))
            added.append(participant)
    return Brought(tuple(added), tuple(bad))


def save(participant: Participant, *, by: By = None) -> Participant:
    """Add or change one participant. Raises ClosedError and ValidationError."""
    with history.activity("attendance.save", by):
        participant.meeting = locked(participant.meeting)
        participant.full_clean()
        participant.save()
    return participant


def remove(participant: Participant, *, by: By = None) -> None:
    """Take somebody out of the list. Raises ClosedError."""
    with history.activity("attendance.remove", by):
        locked(participant.meeting)
        participant.delete()


def _read(text: str) -> Iterator[tuple[int, str, list[str]]]:
    """Yield the number, the words and the values of each line that says something.

    There are no values where it cannot be read: a column has at most 131,072 characters.
    """
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        mark = next((each for each in ("\t", ";") if each in line), ",")
        try:
            values = [each.strip() for each in next(csv.reader([line], delimiter=mark), [])]
        except csv.Error:
            values = []
        if number == 1 and values and values[0].casefold() in HEADS:
            continue
        yield number, line.strip()[:200], values


def _states() -> dict[str, MemberState]:
    """Return the Member States by their code and by each name they are printed with."""
    found: dict[str, MemberState] = {}
    for state in MemberState.objects.all():
        for name in (*(state.name or {}).values(), *(state.long_name or {}).values()):
            found[name.casefold()] = state
        found[state.iso.casefold()] = state
    return found


def _participant(
    meeting: Meeting, values: list[str], states: dict[str, MemberState]
) -> Participant:
    if len(values) > len(COLUMNS):
        raise ValidationError("It has more columns than name, of, function and mode.")
    name, of, function, mode = (*values, *[""] * (len(COLUMNS) - len(values)))
    if not name:
        raise ValidationError("It has no name.")
    if not of:
        raise ValidationError("Name the Member State or the organization.")
    state = states.get(of.casefold())
    if state is None and len(of) == CODE_LENGTH:
        raise ValidationError(f"“{of}” is the code of no Member State.")
    how = MODES.get(mode.casefold())
    if how is None:
        raise ValidationError(f"“{mode}” is neither “in person” nor “remote”.")
    return Participant(
        meeting=meeting, name=name, member_state=state, organisation="" if state else of,
        function=function, mode=how,
    )  # fmt: skip


def _key(participant: Participant) -> tuple[str, int | None, str]:
    return (
        participant.name.casefold(), participant.member_state_id,
        participant.organisation.casefold(),
    )  # fmt: skip


def delegations(participants: Iterable[Participant]) -> list[tuple[str, list[Participant]]]:
    """Return participants by whom they were of: Member States first, then organizations."""
    found: dict[tuple[bool, str], list[Participant]] = {}
    for each in participants:
        of: Any = each.member_state
        key = (of is None, str(of) if of is not None else each.organisation)
        found.setdefault(key, []).append(each)
    return [(name, found[rank, name]) for rank, name in sorted(found)]
