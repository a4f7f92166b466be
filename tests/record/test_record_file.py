"""A group's record as one file: loaded, dumped, refused."""

from __future__ import annotations

from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from cwg.record.management.commands.load_demo import DEMO
from meetings.models import Body, Meeting, MemberState, Outcome, Region, WorkingGroup


def dumped(*arguments: str) -> str:
    out = StringIO()
    call_command("dump_record", *arguments, stdout=out)
    return out.getvalue()


def test_regions_and_member_states_stand_after_migrate(db: None) -> None:
    assert MemberState.objects.count() == 194
    assert Region.objects.filter(system="administrative").count() == 5
    assert Region.objects.filter(system="office").count() == 6
    assert str(MemberState.objects.get(iso="PL").region) == "Europe"


def test_what_was_dumped_is_what_was_loaded(group: WorkingGroup) -> None:
    assert dumped() == DEMO.read_text(encoding="utf-8")


DECISIONS = """\
decisions:
  - session: pp-26
    on: 2026-11-20
    decided:
      en: 'PP-26 decided: open consultations go on.'
      fr: La PP-26 a décidé.
    source: PP-26 Document 200
    wakes:
      - 23/b
consultations:
"""


def with_decisions(text: str = DECISIONS) -> str:
    """Return the demo record after a session decided, and a launch confirmed without its day."""
    confirmed = "session: council-2026\n      - kind: no_consensus"
    demo = DEMO.read_text(encoding="utf-8")
    assert confirmed in demo
    return demo.replace("consultations:\n", text, 1).replace(
        "wording_reason: As printed in the report of January 2026.\n      - kind: summary",
        "wording_reason: As printed in the report of January 2026.\n        settled:\n"
        "          how: kept\n          by_outcome: 22/a\n      - kind: summary",
        1,
    )


def test_what_a_session_decided_is_dumped_and_loaded(db: None, tmp_path: Path) -> None:
    file = tmp_path / "record.yaml"
    file.write_text(with_decisions(), encoding="utf-8")
    call_command("load_record", str(file), verbosity=0, stdout=StringIO())
    assert dumped() == with_decisions()
    woken = Outcome.objects.get(kind="deferred")
    assert woken.waking.decision.on == date(2026, 11, 20)
    assert Outcome.objects.get(meeting__ordinal=21, position=1).settlement.on is None


WRONG_DECISIONS = [
    (DECISIONS.replace("23/b", "23/a"), "decisions[1].wakes[1]: 23/a does not wait for PP-26"),
    (
        DECISIONS.replace("23/b", "23/z"),
        "decisions[1].wakes[1]: “23/z” does not stand in this file",
    ),
    (DECISIONS.replace("pp-26\n", "pp-30\n"), "decisions[1].session: “pp-30” does not stand in"),
    (DECISIONS.replace("      - 23/b", "      - 23/b\n      - 23/b"), "decisions[1].wakes[2]: "),
    (
        DECISIONS.replace("    source: PP-26 Document 200\n", ""),
        "expected 'source', which is missing",
    ),
    (DECISIONS.replace("2026-11-20", "2026-11-31"), "there is no such day: 2026-11-31"),
]


@pytest.mark.parametrize(("text", "said"), WRONG_DECISIONS)
def test_a_decision_that_cannot_be_is_refused(
    db: None, tmp_path: Path, text: str, said: str
) -> None:
    file = tmp_path / "record.yaml"
    file.write_text(with_decisions(text), encoding="utf-8")
    with pytest.raises(CommandError) as refused:
        call_command("load_record", str(file), stdout=StringIO())
    assert said in str(refused.value)
    assert not WorkingGroup.objects.exists()


def test_loading_twice_changes_nothing(group: WorkingGroup) -> None:
    before, out = dumped(), StringIO()
    call_command("load_demo", stdout=out)
    assert out.getvalue() == (
        f"The record of “{group.slug}” stands here already; it is left as it is.\n"
    )
    assert dumped() == before


OTHER = """\
format: 1
bodies:
  - key: council
    name:
      en: Council
    short:
      en: Council
    citation: before
sessions:
  - key: council-2019
    body: council
    label:
      en: Council 2019
    year: 2019
    first_day: 2019-06-10
    last_day: 2019-06-20
group:
  slug: wg-example
  parent: council
  names:
    - name:
        en: Example Group
      acronym:
        en: WG EXAMPLE
  zone: Europe/Zurich
  ordinals: figures
  windows: long
  day_ranges: and
  number_pattern: '{acronym} {meeting}/{number}'
meetings:
  - series: own
    number: 3
    first_day: 2019-02-03
    last_day: 2019-02-04
"""


def test_two_groups_share_what_they_share(group: WorkingGroup, tmp_path: Path) -> None:
    file = tmp_path / "other.yaml"
    file.write_text(OTHER, encoding="utf-8")
    call_command("load_record", str(file), verbosity=0, stdout=StringIO())
    assert Body.objects.filter(key="council").count() == 1
    assert Meeting.objects.filter(group__slug="wg-example").count() == 1
    with pytest.raises(CommandError, match=r"^Name the group\. The records kept here: "):
        dumped()
    assert dumped(group.slug) == DEMO.read_text(encoding="utf-8")


REFUSED = [
    ("format: 1\n", "record.yaml: expected 'group', which is missing"),
    (OTHER.replace("2019-02-04", "2019-02-31"),
     "34: meetings[1].last_day: there is no such day: 2019-02-31"),
    (OTHER.replace("2019-02-04", "2019-02-01"),
     "31: meetings[1]: The last day lies before the first."),
    (OTHER.replace("number: 3", "number: three"),
     "32: meetings[1].number: expected a whole number; found \"three\""),
    (OTHER.replace("body: council", "body: senate"),
     "11: sessions[1].body: “senate” does not stand in this file"),
    (OTHER.replace("series: own", "series: own\n    colour: red"),
     "“colour” is not known here"),
    (OTHER.replace("en: Council 2019", "en: &a Council\n      fr: *a"), "anchors and aliases"),
    (OTHER.replace("slug: wg-example", "slug: wg-example\n  slug: again"), "“slug” stands twice"),
    (OTHER + OTHER.split("meetings:\n")[1], "The group has a meeting with this number"),
    ("{", "expected"),
    ("format: !!bool x\n", ": this is no record file"),
    ("format: !!timestamp x\n", ": this is no record file"),
    ("format: 1\ngroup: \0\n", ":2: U+0000 is not allowed in a record"),
    ("? [a]\n: b\n", ":1: expected a word before the colon"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), REFUSED)
def test_a_mistake_is_named_and_nothing_is_loaded(
    db: None, tmp_path: Path, text: str, said: str
) -> None:
    file = tmp_path / "record.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(CommandError) as refused:
        call_command("load_record", str(file), stdout=StringIO())
    assert str(refused.value).startswith(str(file))
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)
    assert not WorkingGroup.objects.exists()


def test_a_file_that_contradicts_what_stands_is_refused(
    group: WorkingGroup, tmp_path: Path
) -> None:
    file = tmp_path / "other.yaml"
    file.write_text(OTHER.replace("last_day: 2019-06-20", "last_day: 2019-06-21"), encoding="utf-8")
    with pytest.raises(CommandError) as refused:
        call_command("load_record", str(file), stdout=StringIO())
    assert str(refused.value).endswith(
        "sessions[1].last_day: this file says “2019-06-21” where Council 2019 stands with “2019-06-20”"
    )
    assert not WorkingGroup.objects.filter(slug="wg-example").exists()


NAMED = """\
groups_named:
  - slug: cwg-wsis-sdg
    names:
      - acronym:
          en: OTHER
group:
"""

CONTRADICTIONS = [
    (
        OTHER.replace("group:\n", NAMED),
        "groups_named[1].names[1].acronym.en: this file says “OTHER” where CWG-WSIS&SDG stands "
        "with “CWG-WSIS&SDG”",
    ),
    (
        OTHER.replace("wg-example", "cwg-wsis-sdg"),
        "group.names[1].acronym.en: this file says “WG EXAMPLE” where CWG-WSIS&SDG stands "
        "with “CWG-WSIS&SDG”",
    ),
    (
        OTHER.replace(
            "group:\n",
            "report_types:\n  - key: council-report\n    name:\n      en: Other\ngroup:\n",
        ),
        "report_types[1].name.en: this file says “Other” where Chair’s report to Council stands "
        "with “Chair’s report to Council”",
    ),
    (
        OTHER.replace("      en: Council 2019\n", '      en: Council 2019\n      fr: "a\\a"\n'),
        "sessions[1]: label: This text holds a character that cannot be printed (U+0007, at place "
        "2). Remove it; the rest can stay as it is.",
    ),
]


@pytest.mark.parametrize(("text", "said"), CONTRADICTIONS)
def test_what_another_record_said_is_not_overwritten(
    group: WorkingGroup, tmp_path: Path, text: str, said: str
) -> None:
    before = dumped(group.slug)
    file = tmp_path / "other.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(CommandError) as refused:
        call_command("load_record", str(file), stdout=StringIO())
    assert str(refused.value).endswith(said)
    assert dumped(group.slug) == before


def test_a_file_that_cannot_be_read(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("load_record", str(tmp_path))
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("load_record", str(tmp_path / "none.yaml"))
