"""Every fact of the demo report, changed in turn, changes wherever it stood and nowhere else.

The facts are not listed here: the report names them, each word with its origin.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction

from cwg.report.compose import compose
from cwg.report.gather import gather
from cwg.report.models import Report
from meetings.models import Instrument, Meeting, MemberState, Officer
from meetings.typesetting.tree import Origin, OriginKind, Span, lines

type Change = Callable[[Any, str], None]
TOLD = {OriginKind.FACT, OriginKind.PHRASE, OriginKind.LABEL}
WORDS = "Ersatz words"
END = Span("\n", Origin(OriginKind.NUMBER))


def spans() -> list[Span]:
    report = Report.objects.select_related("session", "type", "signed_by__country").get()
    document = compose(gather(report)).document
    return [
        replace(span, text=span.text.replace("\u00a0", " ").replace("\u2011", "-"))
        for line in lines(document)
        for span in (*line.spans, END)
    ]


def in_words(row: Any, field: str) -> None:
    setattr(row, field, {"en": WORDS})


def to(**values: Any) -> Change:
    def change(row: Any, field: str) -> None:
        for name, value in values.items():
            setattr(row, name, value)

    return change


def next_day(row: Any, field: str) -> None:
    for name in ("first_day", "last_day") if field == "first_day" else (field,):
        setattr(row, name, getattr(row, name) + timedelta(days=1))


def next_window(row: Any, field: str) -> None:
    row.window_from, row.window_to = date(2027, 3, 1), date(2027, 5, 1)


def other_country(row: Any, field: str) -> None:
    row.country = MemberState.objects.get(iso="KE")


def other_period(row: Any, field: str) -> None:
    """The period is that of the meetings told of: the first takes place two years earlier."""
    Officer.objects.filter(key="al-mazyed").delete()  # who was Chair then is a fact of its own
    row.first_day = date(2021, 1, 1)
    first = Meeting.objects.get(ordinal=18)
    first.first_day = first.last_day = date(2021, 9, 1)
    first.save()


# How a fact that is no text by language is changed, and what is printed of it then
CHANGES: dict[tuple[str, str], tuple[Change, list[str]]] = {
    ("meetings.meeting", "ordinal"): (
        lambda row, field: setattr(row, "ordinal", row.ordinal + 30),
        ["forty-eighth", "forty-ninth", "fiftieth", "fifty-first", "fifty-second", "fifty-third"],
    ),
    ("meetings.meeting", "first_day"): (
        next_day,
        ["19 October 2023", "1-2 February 2024", "5 October 2024", "20-21 February 2025",
         "16-17 September 2025", "21 January 2026"],
    ),
    ("meetings.outcome", "window_from"): (
        next_window, ["March 2027 – May 2027", "March-May 2027"],
    ),
    ("meetings.outcome", "action"): (
        to(action={"en": f"{WORDS}{{{{ group.acronym }}}}{WORDS}"}), [WORDS],
    ),
    ("meetings.instrument", "number"): (to(number="9999"), ["9999"]),
    ("meetings.officer", "role"): (to(role="acting_chair"), []),
    ("meetings.instrument", "kind"): (to(kind="decision"), []),
    ("meetings.officer", "country"): (other_country, ["Kenya"]),
    ("meetings.session", "first_day"): (next_day, ["29 April – 9 May 2026"]),
    ("report.report", "as_of"): (next_day, ["21 January 2026"]),
    ("report.report", "first_day"): (other_period, ["September 2021 to January 2026", "2021 to 2026"]),
    ("report.report", "original_language"): (to(original_language="fr"), ["French"]),
}  # fmt: skip

# Of these the changed report has other sentences; each has its own test below
OF_THEIR_OWN = {("meetings.instrument", "kind"), ("meetings.officer", "role")}
# The day of the first meeting, from which the period is told, is printed at that meeting as well
MOVES_TOO = {("report.report", "first_day"): ("meetings.meeting", "first_day")}
# Where the old words still stand, and what says them
STILL_SAID = {
    "20 January 2026": "two facts: the day of the last meeting, and the date of the report",
    "Council": "typed in passages; in the names of sessions and of the group",
    "Mod. 2019": "two instruments were modified in that year",
    "October 2024 – January 2025": "two meetings told of that round, each with its own window",
    "PP": "stands in PP-26, the label of a session",
    "Plenipotentiary Conference": "stands in the long name of PP-26",
    "Rev. Bucharest, 2022": "two instruments were revised there",
    "Terms of Reference": "typed in a passage as well",
    "international Internet-related public policy issues": "stands in the name of the group",
    "the Secretariat": "the house says “The secretariat launched …”: the same words in another case",
}


@pytest.fixture
def origins(group: Any) -> dict[tuple[str, str, str], set[str]]:
    """Every fact that the report tells, by model, key and field, and its words."""
    found: dict[tuple[str, str, str], set[str]] = {}
    for span in spans():
        if span.origin.kind in TOLD and span.origin.model:
            found.setdefault(place(span), set()).add(span.text)
    return found


def place(span: Span) -> tuple[str, str, str]:
    return span.origin.model, span.origin.key, span.origin.field


def changed(fact: tuple[str, str, str]) -> list[Span]:
    """Return the report as it is told when this one fact is another; then all is as before."""
    model, key, field = fact
    change, _ = CHANGES.get((model, field), (in_words, []))
    with transaction.atomic():
        row = apps.get_model(model).objects.get(pk=key)
        change(row, field)
        row.save()
        after = spans()
        transaction.set_rollback(True)
    return after


def test_a_changed_fact_changes_wherever_it_stood_and_nowhere_else(
    origins: dict[tuple[str, str, str], set[str]],
) -> None:
    before, still_said = spans(), set()
    assert len(origins) > 60
    for fact, olds in origins.items():
        model, _, field = fact
        if (model, field) in OF_THEIR_OWN:
            continue
        _, printed = CHANGES.get((model, field), (in_words, [WORDS]))
        also = MOVES_TOO.get((model, field))
        after = changed(fact)
        assert len(after) == len(before), fact
        others = []
        for was, now in zip(before, after, strict=True):
            if place(was) == fact:
                assert now.text.casefold() in {text.casefold() for text in printed}, (fact, now)
            elif also is None or (was.origin.model, was.origin.field) != also:
                assert now.text == was.text, (fact, now)
                others.append(now.text)
        rest = "|".join(others).casefold()
        still_said |= {old.strip() for old in olds if said_in(rest, old.strip())}
    assert sorted(still_said) == sorted(STILL_SAID)


def said_in(told: str, words: str) -> bool:
    """Say whether `words` stand in a text as words of their own, whatever their case."""
    return bool(re.search(rf"(?<!\w){re.escape(words.casefold())}(?!\w)", told))


def text(told: list[Span]) -> str:
    return "".join(span.text for span in told)


def test_another_kind_of_instrument_stands_apart(
    origins: dict[tuple[str, str, str], set[str]],
) -> None:
    kinds = sorted(fact for fact in origins if fact[::2] == ("meetings.instrument", "kind"))
    keys = [Instrument.objects.get(pk=key).key for _, key, _ in kinds]
    assert keys == ["council-1305", "council-1336", "pp-102"]
    told = {key: text(changed(fact)) for key, fact in zip(keys, kinds, strict=True)}
    one, two = "1305 (Mod. 2019)", "1336 (Mod. 2019)"
    assert f"Council Decision {one} invites set outs" in told["council-1305"]
    assert f"Council Resolution {one}" not in told["council-1305"]
    assert f"Council Decision {one}; Council Resolution {two}" in told["council-1305"]
    assert f"are specified in Council Decision {two}" in told["council-1336"]
    assert f"Council Resolution {one}; Council Decision {two}" in told["council-1336"]
    assert "Conference Decision 102 (Rev. Bucharest, 2022) instructed" in told["pp-102"]


def test_an_acting_chair_is_told_as_one(origins: dict[tuple[str, str, str], set[str]]) -> None:
    fact = next(fact for fact in origins if fact[::2] == ("meetings.officer", "role"))
    told = text(changed(fact))
    assert "was chaired by Mr Wojciech Berezowski (Poland), Acting Chair." in told
    assert "Acting Chair, CWG-Internet" in told
    assert "Report by the Acting Chair of the Council Working Group" in told
