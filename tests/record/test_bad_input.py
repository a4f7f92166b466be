"""Whatever stands in a record file: loaded whole, or refused in one line with its place."""

from __future__ import annotations

import copy
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cwg.record.management.commands.load_demo import DEMO
from cwg.record.reading import RecordLoader
from meetings.models import Body, WorkingGroup

MOST = 700  # characters of a message


def demo() -> Any:
    return yaml.load(DEMO.read_text(encoding="utf-8"), RecordLoader)


def written(tmp_path: Path, data: Any) -> Path:
    file = tmp_path / "record.yaml"
    text = yaml.dump(data, allow_unicode=True, sort_keys=False, width=100_000)
    file.write_text(text, encoding="utf-8", errors="surrogatepass")
    return file


def refusal(file: Path) -> str:
    """Return what is said of a file that is refused; nothing of it stands."""
    with pytest.raises(CommandError) as refused:
        call_command("load_record", str(file), stdout=StringIO())
    said = str(refused.value)
    assert said.startswith(f"{file}:")
    assert said.isprintable()
    assert len(said) < len(str(file)) + MOST
    assert not WorkingGroup.objects.exists()
    assert not Body.objects.exists()
    return said.removeprefix(f"{file}:")


def at(data: Any, *path: Any) -> Any:
    for step in path:
        data = data[step]
    return data


MEETING = ("meetings", 2)
ROUND = ("consultations", 12)  # that of October 2024
GIVEN = (*ROUND, "contributions", 0)
EXTENDED = ("consultations", 5, "extensions", 0)
CASES: list[tuple[tuple[Any, ...], Any, str]] = [
    ((*MEETING, "first_day"), "2024-02-30", "meetings[3].first_day: there is no such day: 2024-02-30"),
    ((*MEETING, "first_day"), "0024-02-01", 'expected a day such as 2024-10-04; found "0024-02-01"'),
    ((*MEETING, "number"), 19, "The group has a meeting with this number in this series."),
    ((*MEETING, "number"), 10**30, "meetings[3].number: "),
    ((*MEETING, "outcomes", 0, "window"), {"from": "2024-10"},
     "meetings[3].outcomes[1].window: expected 'to', which is missing"),
    ((*MEETING, "outcomes", 0, "window", "to"), "2024-09",
     "Give the first and the last month of the window, the last not before the first."),
    ((*MEETING, "outcomes", 0, "topics"), [],
     "meetings[3].outcomes[1]: expected topics: “launched” names at least one"),
    (("meetings", 1, "outcomes", 1, "settled", "by_outcome"), "18/a",
     "meetings[2].outcomes[2].settled.by_outcome: 18/a is not later than the promise it settles"),
    (("meetings", 1, "outcomes", 1, "settled", "on"), "2024-01-30",
     "meetings[2].outcomes[2].settled.on: 2024-01-30 lies before the meeting that promised it"),
    ((*MEETING, "outcomes", 0, "follows"), "21/a",
     "meetings[3].outcomes[1].follows: 21/a is not earlier than the outcome that follows it"),
    (("meetings", 5, "outcomes", 1, "about_future_topics"), False,
     "meetings[6].outcomes[2]: expected topics, about_future_topics or action: the matter that is "
     "deferred"),
    (("topics", 0, "title", "en"), "x" * 100_000,
     "topics[1]: title: This text has 100,000 characters; at most 500 can be kept here."),
    (("topics", 0, "background"), {"en": "x" * 100_000},
     "topics[1]: background: This text has 100,000 characters; at most 20,000 can be kept here."),
    (("topics", 0, "key"), "x" * 100_000, "topics[1].key: expected a short key"),
    (("reports", 0, "references", 0, "revision"), "x" * 100_000,
     "reports[1].references[1].revision: “xxx"),
    (("topics", 0, "title", "en"), "a\u202eb", "that cannot be printed (U+202E, at place 2)"),
    (("topics", 0, "title", "en"), "a\x07b", "that cannot be printed (U+0007, at place 2)"),
    (("topics", 0, "title", "en"), "a\ud800b", "that cannot be printed (U+D800, at place 2)"),
    (("topics", 0, "key"), "a\ud800\nb\u2028", "topics[1].key: expected a short key"),
    (("topics", 0, "a\nb\x07"), "x", "“a bU+0007” is not known here"),
    (("meetings", 5, "outcomes", 0, "action", "en"), "{% load x %}", "“{% load x %}” is no slot"),
    (("meetings", 5, "outcomes", 0, "action", "en"), "{{ topics }}", "There is no slot “topics”."),
    (("reports", 0, "passages", 0, "text", "en"), "{{ paragraph.none }}",
     "There is no slot “paragraph.none”."),
    (("reports", 0, "passages", 0, "text", "en"), "{{ paragraph.meeting-22.c }}",
     "There is no slot “paragraph.meeting-22.c”."),
    ((*ROUND, "opens"), "2025-02-01T00:00+01:00", "It closes before it opens."),
    ((*ROUND, "opens"), "2025-01-14", "It closes before it opens."),
    (("consultations", 11, "closes"), "2024-01", "It closes before it opens."),
    ((*ROUND, "closes"), "2024-10-04T25:00+01:00", "there is no such instant"),
    ((*ROUND, "closes"), "1000-01-01T00:00+14:00", "consultations[13].closes: expected an instant of the"),
    ((*ROUND, "announced_at"), "2024-10-04T12:00+02:00",
     "consultations[13]: A round that is announced has the instants of its opening and its closing."),
    ((*ROUND, "former_addresses"), ["a", "a"],
     "consultations[13].former_addresses[2]: Another round had this address."),
    ((*ROUND, "last_number"), 8,
     "consultations[13].last_number: contribution 9 has a higher number"),
    ((*ROUND, "last_number"), 10**10, "consultations[13].last_number: "),
    ((*ROUND, "record_incomplete"), False, "consultations[13].record_incomplete: expected True; found"),
    ((*ROUND, "contributions", 8, "merged_into"), 9,
     "consultations[13].contributions[9].merged_into: contribution 9 does not stand in this round, or"),
    ((*ROUND, "contributions", 8, "merged_into"), 10, "merged_into: contribution 10 does not stand"),
    ((*GIVEN, "merged_into"), 2, "only what was merged names the contribution it went into"),
    ((*GIVEN, "number"), 2, "Another contribution to this round has this number."),
    ((*GIVEN, "number"), 10**10, "consultations[13].contributions[1].number: "),
    ((*GIVEN, "standing"), "draft", "contributions[1].standing: expected one of awaiting, published, "),
    ((*GIVEN, "standing"), "merged", "Only what was merged names the contribution it went into."),
    ((*GIVEN, "consent"), ["name"], "Only what its sender agreed to publish is published."),
    ((*GIVEN, "consent"), ["text", "text"], "consultations[13].contributions[1].consent: "),
    ((*GIVEN, "reference"), "CWG-Internet/OC-2024-10/2",
     "contributions[2]: reference: Contribution with this Reference already exists."),
    ((*GIVEN, "country"), "ZZ", "contributions[1].country: “ZZ” does not stand in this file"),
    ((*GIVEN, "email"), "a@example.org", "contributions[1]: “email” is not known here"),
    ((*GIVEN, "name"), "a\u202eb", "that cannot be printed (U+202E, at place 2)"),
    ((*GIVEN, "answers", 1, "question"), "1", "answers[2]: This question is answered already."),
    ((*GIVEN, "answers", 1, "question"), "3",
     "contributions[1].answers[2].question: “3” does not stand in this file"),
    ((*GIVEN, "answers", 1, "question"), "b", "expected a question such as 2 or 2.1"),
    ((*GIVEN, "received_at"), "2024-11-31T13:00:00+01:00", "contributions[1].received_at: there is no such"),
    ((*EXTENDED, "now"), "2017-01-03", "extensions[1]: The new deadline lies before the old one."),
    ((*EXTENDED, "now"), "2017-01-11T12:00+01:00", "extensions[1]: Say from when to when the deadline"),
    ((*EXTENDED, "now"), "2017-01", "expected an instant or a day: 2025-01-13T23:59+01:00 or 2025-01-13"),
    (EXTENDED, {"was": "2017-01-04T12:00+01:00", "now": "2017-01-11T12:00+01:00"},
     "extensions[1]: Say from when to when the deadline is moved, who decided it, on which day, and"),
    (("group", "zone"), "Mars/Olympus", "“Mars/Olympus” is no time zone."),
    (("group", "number_pattern"), "{0.__class__}", "Write it with {acronym}, {meeting} and {number}"),
    (("group", "number_pattern"), "{number:>999999999}", "Write it with {acronym}, {meeting} and {number}"),
    (("group", "number_pattern"), "{number", "Write it with {acronym}, {meeting} and {number}"),
    (("group", "patterns"), [{"name": "noted", "text": {"en": "{colour}"}}], "no slot “colour”"),
    (("group", "patterns"), [{"name": "noted", "text": {"en": "{action"}}], "A brace is opened"),
    (("reports", 0, "references", 0), {"instrument": "none"}, "“none” does not stand in this file"),
    (("instruments", 0, "revisions"), [], "instruments[1].revisions: "),
    (("format",), 2, "format: expected 1; found 2"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "said"), CASES)
def test_a_mistake_is_named_in_one_line(
    db: None, tmp_path: Path, path: tuple[Any, ...], value: Any, said: str
) -> None:
    data = demo()
    at(data, *path[:-1])[path[-1]] = value
    assert said in refusal(written(tmp_path, data))


DEEP = [
    ("format: 1\nx: " + "[" * 200 + "]" * 200, "2: more than 40 levels below each other"),
    ("format: 1\nx: " + "[" * 100_000, " this is no record file"),
    ("consultations: " + "[{questions: " * 60 + "x" + "}]" * 60, "1: more than 40 levels"),
    ("{}", " expected"),
    ("", " "),
    ("- a\n- b\n", " expected a mapping"),
    ("format: 1\ngroup: !!set {a, b}\n", "2: group: expected a mapping"),
    ('format: "\\0"\n', " expected 'group', which is missing"),
    ("format: 99999999999999999999999999\ngroup: {}", "1: format: expected 1"),
    ("a: 1\n b: 2\n", "2: mapping values are not allowed here"),
]


@pytest.mark.parametrize(("text", "said"), DEEP, ids=range(len(DEEP)))
def test_a_file_of_another_form_is_refused(db: None, tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "record.yaml"
    file.write_text(text, encoding="utf-8")
    assert refusal(file).startswith(said)


def places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    steps = (
        data.items()
        if isinstance(data, dict)
        else enumerate(data)
        if isinstance(data, list)
        else ()
    )
    return [path, *(under for step, value in steps for under in places(value, (*path, step)))]


PLACES = places(demo())[1:]
ODD: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from([
        None, True, False, 0, -1, 32_768, 10**40, 1.5, float("nan"), "", " ", "\u200f", "a\nb", "2024-13",
        "2024-02-30", "9999-12-31", "1000-01-01", "2024-10", "1000-01-01T00:00+14:00",
        "9999-12-31T23:59-12:00", "19/b", "oc-1", "council", "{{ topics }}", "{{", "{%x%}", "#x[",
        "x" * 60, [], {}, [[]], {"en": ""}, {"en": "x"}, {"fr": "x"}, {"xx": "x"}, b"x", [None],
    ]),
    st.text(max_size=20), st.integers(), st.sampled_from(PLACES).map(lambda path: at(demo(), *path)),
)  # fmt: skip


@settings(
    max_examples=150, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(path=st.sampled_from(PLACES), value=ODD, act=st.sampled_from(["put", "drop", "double"]))
def test_the_demo_record_with_anything_anywhere(
    db: None, tmp_path: Path, path: tuple[Any, ...], value: Any, act: str
) -> None:
    data = demo()
    parent = at(data, *path[:-1])
    if act == "drop":
        del parent[path[-1]]
    elif act == "double" and isinstance(parent, list):
        parent.append(copy.deepcopy(parent[path[-1]]))
    else:
        parent[path[-1]] = value
    file = written(tmp_path, data)
    with transaction.atomic():
        try:
            call_command("load_record", str(file), stdout=StringIO())
            out = StringIO()
            call_command("dump_record", stdout=out)
            assert yaml.load(out.getvalue(), RecordLoader)
        except CommandError as refused:
            said = str(refused)
            assert said.startswith(f"{file}:")
            assert said.isprintable()
            assert len(said) < len(str(file)) + MOST
            assert not WorkingGroup.objects.exists()
        transaction.set_rollback(True)
