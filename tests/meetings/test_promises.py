"""What a promise came to, by day."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from meetings.models import (
    Decision,
    Kind,
    Meeting,
    Outcome,
    Session,
    Settlement,
    Waking,
    WorkingGroup,
)
from meetings.promises import (
    OPEN_STATES,
    State,
    StatusRow,
    due_day,
    open_on,
    returning,
    rows,
    settles_later,
    standing,
    standings,
    state,
    status_annexes,
)
from meetings.promises.cycles import cycles
from meetings.promises.states import Facts, stand

LATE, OPEN, WAITING, CONFIRM, KEPT = (
    State.LATE, State.OPEN, State.WAITING, State.TO_CONFIRM, State.KEPT,
)  # fmt: skip


def outcome(meeting: int, position: int) -> Outcome:
    return Outcome.objects.get(meeting__series="own", meeting__ordinal=meeting, position=position)


def ledger(day: date) -> list[tuple[str, State, date | None, str]]:
    """Return the whole ledger of a day: outcome, state, due day, what settled it or goes on from it."""
    found = rows(standings(Outcome.objects.all(), day))
    return [
        (
            f"{row.promise.meeting.number} {row.letter}", row.state, row.standing.due,
            row.settled_by or row.taken_up,
        )
        for row in found
    ]  # fmt: skip


SUBMITTED = "The summary was submitted as part of the Chair’s report to Council 2025."
COUNCIL_25, COUNCIL_26 = date(2025, 6, 27), date(2026, 5, 8)
LAUNCH_20, LAUNCH_21 = date(2024, 10, 31), date(2025, 2, 28)

# (the day asked for, the whole ledger)
DAYS = [
    (date(2024, 1, 31), []),  # the nineteenth meeting ends the day after
    (date(2024, 2, 1), [("19 b", OPEN, LAUNCH_20, "")]),
    (date(2024, 10, 3), [("19 b", OPEN, LAUNCH_20, "")]),  # the day before the twentieth
    (
        date(2024, 10, 4),
        [("19 b", KEPT, LAUNCH_20, "20th meeting, a)"), ("20 b", OPEN, COUNCIL_25, "")],
    ),
    (
        date(2025, 2, 28),
        [
            ("19 b", KEPT, LAUNCH_20, "20th meeting, a)"),
            ("20 b", OPEN, COUNCIL_25, ""),
            ("21 a", OPEN, LAUNCH_21, ""),
            ("21 b", OPEN, COUNCIL_25, ""),
        ],
    ),
    (
        date(2025, 6, 26),  # what is settled at Council counts from its last day
        [
            ("19 b", KEPT, LAUNCH_20, "20th meeting, a)"),
            ("20 b", OPEN, COUNCIL_25, ""),
            ("21 a", LATE, LAUNCH_21, ""),
            ("21 b", OPEN, COUNCIL_25, ""),
        ],
    ),
    (
        date(2025, 9, 15),  # the day before the twenty-second meeting ended
        [
            ("19 b", KEPT, LAUNCH_20, "20th meeting, a)"),
            ("20 b", KEPT, COUNCIL_25, SUBMITTED),
            ("21 a", LATE, LAUNCH_21, ""),
            ("21 b", KEPT, COUNCIL_25, SUBMITTED),
        ],
    ),
    (
        date(2026, 1, 21),
        [
            ("19 b", KEPT, LAUNCH_20, "20th meeting, a)"),
            ("20 b", KEPT, COUNCIL_25, SUBMITTED),
            ("21 a", CONFIRM, LAUNCH_21, "22nd meeting, a)"),
            ("21 b", KEPT, COUNCIL_25, SUBMITTED),
            ("22 a", OPEN, COUNCIL_26, ""),
            ("23 a", OPEN, None, ""),
            ("23 b", WAITING, None, ""),
        ],
    ),
    (
        date(2026, 5, 9),  # Council 2026 is over
        [
            ("19 b", KEPT, LAUNCH_20, "20th meeting, a)"),
            ("20 b", KEPT, COUNCIL_25, SUBMITTED),
            ("21 a", CONFIRM, LAUNCH_21, "22nd meeting, a)"),
            ("21 b", KEPT, COUNCIL_25, SUBMITTED),
            ("22 a", LATE, COUNCIL_26, ""),
            ("23 a", OPEN, None, ""),
            ("23 b", WAITING, None, ""),
        ],
    ),
]


@pytest.mark.parametrize(("day", "said"), DAYS, ids=[str(day) for day, _ in DAYS])
def test_the_whole_ledger_of_a_day(
    group: WorkingGroup, day: date, said: list[tuple[str, State, date | None, str]]
) -> None:
    assert ledger(day) == said


def test_what_the_ledger_says_in_words(group: WorkingGroup) -> None:
    told = [
        (row.by, row.what, row.due, row.state.label, row.act)
        for row in rows(standings(Outcome.objects.all(), date(2026, 1, 21)))
        if row.state in OPEN_STATES
    ]
    lldcs = "“Ensuring meaningful connectivity to the Internet for landlocked developing countries (LLDCs)”"
    assert told == [
        ("21st meeting, a)", f"Launch of the consultation on {lldcs}, February-September 2025",
         "February 2025", "To confirm", "It was launched: confirm"),
        ("22nd meeting, a)", f"Summary of {lldcs} to Council 2026", "Council 2026", "Open",
         "Record it as submitted"),
        ("23rd meeting, a)",
         "The Secretariat: to contribute to this effort where it concerns the CWG-Internet Terms of "
         "Reference", "", "Open", "Record what was sent"),
        ("23rd meeting, b)", "Topics for future consultations", "waits for PP-26",
         "Waits for an event", "PP-26 has decided…"),
    ]  # fmt: skip


def test_an_event_that_is_over_is_said_to_be(group: WorkingGroup) -> None:
    [row] = rows(standings(Outcome.objects.filter(kind="deferred"), date(2026, 11, 28)))
    assert (row.state, row.due) == (WAITING, "waits for PP-26, over since 27\u00a0November 2026")


# The rules by themselves, without a database

MEETINGS = [date(2024, 1, 10), date(2024, 9, 10), date(2025, 2, 10)]
MADE = date(2024, 1, 10)


def promise(kind: str, **facts: object) -> Facts:
    told = {"key": 1, "group": 1, "meeting": 1, "position": 1, "made": MADE} | facts
    return Facts(kind=kind, **told)  # type: ignore[arg-type]  # what each case says


LAUNCH = {"window_from": date(2024, 12, 1)}
EVENT = {"event": 7, "event_ends": date(2024, 6, 30)}
WOKEN = EVENT | {"woken_on": date(2024, 6, 20)}
# (kind, facts, day, state, due)
RULES = [
    ("would_launch", LAUNCH, date(2024, 12, 31), OPEN, date(2024, 12, 31)),
    ("would_launch", LAUNCH, date(2025, 1, 1), LATE, date(2024, 12, 31)),
    ("would_launch", {"window_from": date(2024, 2, 1)}, MADE, OPEN, date(2024, 2, 29)),
    ("summary", {"session_ends": date(2024, 6, 30)}, date(2024, 7, 1), LATE, date(2024, 6, 30)),
    ("request", {}, date(2034, 1, 1), OPEN, None),
    ("request", {"due": date(2024, 3, 1)}, date(2024, 3, 2), LATE, date(2024, 3, 1)),
    ("deferred", {}, date(2024, 9, 10), OPEN, date(2024, 9, 10)),
    ("deferred", {}, date(2024, 9, 11), LATE, date(2024, 9, 10)),
    ("deferred", {"made": date(2025, 2, 10)}, date(2034, 1, 1), OPEN, None),  # none recorded yet
    ("deferred", EVENT, date(2024, 2, 1), WAITING, date(2024, 9, 10)),
    ("deferred", EVENT, date(2034, 1, 1), WAITING, date(2024, 9, 10)),
    ("deferred", WOKEN, date(2024, 6, 19), WAITING, date(2024, 9, 10)),
    ("deferred", WOKEN, date(2024, 6, 20), OPEN, date(2024, 9, 10)),
    ("deferred", WOKEN, date(2024, 9, 11), LATE, date(2024, 9, 10)),
    ("request", WOKEN | {"due": date(2024, 8, 1)}, date(2024, 7, 1), OPEN, date(2024, 8, 1)),
    ("would_launch", LAUNCH | {"taken_up_by": 2, "taken_up_on": date(2025, 2, 10)},
     date(2025, 2, 9), LATE, date(2024, 12, 31)),
    ("would_launch", LAUNCH | {"taken_up_by": 2, "taken_up_on": date(2025, 2, 10)},
     date(2025, 2, 10), CONFIRM, date(2024, 12, 31)),
    ("would_launch", LAUNCH | {"put_off_by": 2, "put_off_on": date(2025, 2, 10)},
     date(2025, 2, 10), LATE, date(2024, 12, 31)),  # promised once more is not kept
    ("deferred", EVENT | {"taken_up_by": 2, "taken_up_on": date(2024, 9, 10)},
     date(2024, 9, 10), CONFIRM, date(2024, 9, 10)),
    ("would_launch", LAUNCH | {"how": "kept", "settled_by": date(2024, 12, 31)},
     date(2025, 1, 1), KEPT, date(2024, 12, 31)),
    ("would_launch", LAUNCH | {"how": "kept", "settled_by": date(2025, 1, 1)},
     date(2025, 1, 1), State.KEPT_LATE, date(2024, 12, 31)),
    ("would_launch", LAUNCH | {"how": "kept", "settled_by": date(2025, 2, 10), "day_known": False},
     date(2025, 2, 10), KEPT, date(2024, 12, 31)),  # by then; perhaps in time
    ("would_launch", LAUNCH | {"how": "dropped", "settled_by": date(2025, 2, 10)},
     date(2025, 2, 10), State.DROPPED, date(2024, 12, 31)),
    ("would_launch", LAUNCH | {"how": "replaced", "settled_by": date(2025, 2, 10)},
     date(2025, 2, 9), LATE, date(2024, 12, 31)),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "facts", "day", "said", "due"), RULES)
def test_the_rules(
    kind: str, facts: dict[str, object], day: date, said: State, due: date | None
) -> None:
    stands = stand(promise(kind, **facts), day, MEETINGS)
    assert (stands.state, stands.due) == (said, due)


def test_what_the_record_says_arrives_in_the_rules(group: WorkingGroup) -> None:
    """Every fact that the rules know is read from its own place in the record."""
    pp, deferred = Session.objects.get(key="pp-26"), outcome(23, 2)
    decision = Decision.objects.create(
        group=group, session=pp, on=date(2026, 11, 20), decided={"en": "So."}, source="A page"
    )
    Waking.objects.create(decision=decision, promise=deferred)
    held = Meeting.objects.create(
        group=group, ordinal=24, first_day=date(2027, 2, 1), last_day=date(2027, 2, 2)
    )
    called_off = Meeting.objects.create(
        group=group, ordinal=25, first_day=date(2026, 12, 1), last_day=date(2026, 12, 1),
        cancelled_on=date(2026, 11, 30),
    )  # fmt: skip
    again = Outcome.objects.create(
        meeting=held, kind="deferred", until="next_meeting", follows=deferred, position=1
    )
    Settlement.objects.create(
        promise=deferred, how="replaced", by_outcome=again, reason="Put off again"
    )
    told = standing(deferred, date(2027, 2, 2))
    assert told.facts == Facts(
        key=deferred.pk, kind="deferred", group=group.pk, meeting=deferred.meeting_id, position=2,
        made=date(2026, 1, 20), event=pp.pk, event_ends=date(2026, 11, 27),
        woken_on=date(2026, 11, 20), how="replaced", settled_by=date(2027, 2, 2), day_known=False,
        put_off_by=again.pk, put_off_on=date(2027, 2, 2),
    )  # fmt: skip
    assert (told.due, told.state) == (held.last_day, State.REPLACED)
    assert called_off.last_day < held.last_day
    assert state(deferred, date(2027, 2, 1)) == OPEN
    assert state(deferred, date(2026, 11, 19)) == WAITING
    # the second deferral waits for a meeting that is not recorded yet
    assert standing(again, date(2030, 1, 1)).due is None


@pytest.mark.parametrize("how", ["replaced", "dropped"])
def test_a_promise_that_was_not_kept(group: WorkingGroup, how: str) -> None:
    promised, day = outcome(21, 1), date(2025, 9, 15)
    Settlement.objects.create(
        promise=promised, how=how, on=day, fact="So.", source="A page", reason="Too late"
    )
    assert state(promised, day) == how
    assert state(promised, date(2025, 9, 14)) == LATE


def test_a_session_of_which_only_the_year_is_known(group: WorkingGroup) -> None:
    council = Session.objects.get(key="council-2026")
    council.first_day = council.last_day = None
    council.save()
    assert standing(outcome(22, 1), date(2026, 12, 31)).state == OPEN
    assert standing(outcome(22, 1), date(2027, 1, 1)).state == LATE
    assert due_day(outcome(22, 1)) == date(2026, 12, 31)


def test_an_earlier_outcome_settles_nothing(group: WorkingGroup) -> None:
    assert settles_later(outcome(19, 2), outcome(20, 1))
    assert not settles_later(outcome(20, 1), outcome(19, 2))
    assert not settles_later(outcome(19, 2), outcome(19, 2))
    assert not settles_later(None, outcome(19, 2))


def test_open_promises_of_a_day(group: WorkingGroup) -> None:
    def told(day: date) -> list[tuple[int, int, State]]:
        groups = WorkingGroup.objects.filter(pk=group.pk)
        return [(made.meeting.ordinal, made.position, now) for made, now in open_on(day, groups)]

    assert told(date(2024, 1, 31)) == []
    assert told(date(2024, 10, 3)) == [(19, 2, OPEN)]
    assert told(date(2026, 1, 20)) == [
        (21, 1, CONFIRM),
        (22, 1, OPEN),
        (23, 1, OPEN),
        (23, 2, WAITING),
    ]


def test_what_returns_at_the_next_meeting(group: WorkingGroup) -> None:
    """Its own promises do not, and not what it settles itself."""

    def told(ordinal: int) -> list[tuple[str, State]]:
        meeting = Meeting.objects.get(group=group, ordinal=ordinal)
        return [(row.by, row.state) for row in returning(meeting)]

    assert told(19) == []
    assert told(20) == []
    assert told(21) == [("20th meeting, b)", OPEN)]
    assert told(22) == [("21st meeting, a)", CONFIRM)]
    assert told(23) == [("21st meeting, a)", CONFIRM), ("22nd meeting, a)", OPEN)]


def test_the_status_annex_of_a_report(group: WorkingGroup) -> None:
    day = date(2026, 1, 20)
    (annex,) = status_annexes([(group.pk, day, None)])
    assert [(row.by, row.state) for row in annex] == [
        ("19th meeting, b)", KEPT), ("20th meeting, b)", KEPT), ("21st meeting, a)", CONFIRM),
        ("21st meeting, b)", KEPT), ("22nd meeting, a)", OPEN), ("23rd meeting, a)", OPEN),
        ("23rd meeting, b)", WAITING),
    ]  # fmt: skip
    assert annex[0] == StatusRow(
        key=outcome(19, 2).pk,
        promised="Launch of the consultation on “The role of public policy in promoting "
        "multilingualization of the Internet”, October 2024-January 2025",
        by="19th meeting, b)", due="October 2024", due_day=LAUNCH_20, state=KEPT,
        settled_by="20th meeting, a)", settled_when="4\u00a0October 2024",
    )  # fmt: skip
    # one year's report leaves out what was made and settled before
    (later,) = status_annexes([(group.pk, day, date(2025, 6, 1))])
    assert [row.by for row in later] == [
        "20th meeting, b)", "21st meeting, a)", "21st meeting, b)", "22nd meeting, a)",
        "23rd meeting, a)", "23rd meeting, b)",
    ]  # fmt: skip


def test_the_cycles_of_the_record(group: WorkingGroup) -> None:
    assert [(cycle.key, cycle.label, cycle.first_day, cycle.last_day) for cycle in cycles()] == [
        ("after-pp-26", "Since PP-26", date(2026, 11, 28), None),
        ("pp-26", "PP-22 to PP-26", date(2022, 10, 15), date(2026, 11, 27)),
        ("pp-22", "Until PP-22", None, date(2022, 10, 14)),
    ]
    for day, key in (
        (date(2022, 10, 14), "pp-22"), (date(2022, 10, 15), "pp-26"), (date(2026, 11, 27), "pp-26"),
        (date(2026, 11, 28), "after-pp-26"),
    ):  # fmt: skip
        assert [cycle.key for cycle in cycles() if cycle.covers(day)] == [key]
    Session.objects.filter(body__key="pp").update(body=Session.objects.all()[0].body)
    assert cycles() == []


def test_reading_asks_as_often_for_many_as_for_few(group: WorkingGroup) -> None:
    def asked(promises: int) -> int:
        with CaptureQueriesContext(connection) as queries:
            rows(standings(Outcome.objects.filter(kind=Kind.SUMMARY), date(2026, 1, 21))[:promises])
        return len(queries)

    assert (asked(1), asked(3)) == (7, 7)
