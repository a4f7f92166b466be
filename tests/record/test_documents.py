"""The documents of a record file: what comes back, and what stays out."""

from __future__ import annotations

from pathlib import Path

from meetings import numbering
from meetings.models import Document, Meeting, MemberState, NumberSeries
from tests.record.test_contributions import load
from tests.record.test_groups import dumped, empty

FILE = """\
format: 1
group:
  slug: fish
  names:
    - acronym:
        en: CWG-Fish
  zone: Europe/Zurich
  ordinals: words
  windows: long
  day_ranges: hyphen
  number_pattern: '{acronym}-{meeting}/{number}'
  documents_days: 12
  number_at_submission: true
documents:
  - key: 3-1
    meeting: '3'
    kind: contribution
    number: CWG-Fish-3/1
    title:
      en: On nets
    dated: 2026-01-02
    public: true
    member_state: PL
    sources:
      - member_state: PL
        asked_at: 2026-01-02T10:00:00+01:00
        confirmed_at: 2026-01-02T10:00:00+01:00
      - member_state: BR
        asked_at: 2026-01-02T10:00:00+01:00
      - member_state: KE
        asked_at: 2026-01-02T10:00:00+01:00
        declined_at: 2026-01-03T10:00:00+01:00
    purpose: action
    summary:
      en: Nets are small.
    action_required:
      en: Agree on larger ones.
    contact: fish@example.org
    original_language: en
    agenda_items:
      - '1'
      - 3.1
    submitted_at: 2026-01-02T10:00:00+01:00
    receipt: R-1
    late: true
    late_decision: taken
    registered_at: 2026-01-03T10:00:00+01:00
  - key: 3-1-rev-1
    meeting: '3'
    kind: contribution
    number: CWG-Fish-3/1 Rev.1
    title:
      en: On larger nets
    changed: The size.
    withdrawn_at: 2026-01-04T10:00:00+01:00
    withdrawn_reason: No longer needed.
  - key: 3-inf-2
    meeting: '3'
    kind: information
    number: CWG-Fish-3/INF/2
    title:
      en: For information
  - key: old
    meeting: '3'
    kind: report
    number: Fish (old) 7
    title:
      en: From before
topics:
  - key: nets
    title:
      en: Nets
    proposed_in: 3-1
    proposed_by:
      - PL
    questions:
      - en: How large?
      - en: Of what?
meetings:
  - series: own
    number: 2
    first_day: 2025-09-01
    last_day: 2025-09-02
    closed_on: 2025-09-02
    outcomes:
      - kind: deferred
        until: next_meeting
        action:
          en: the size of nets
  - series: own
    number: 3
    first_day: 2026-01-20
    last_day: 2026-01-20
    invited_on: 2025-11-01
    circular: CL-25/1
    planned_at: 2025-10-01T09:00:00+02:00
    documents_due: 2026-01-01T23:59:00+01:00
    agenda_published_at: 2026-01-05T09:00:00+01:00
    agenda:
      - title:
          en: Opening
      - title:
          en: Report of the second meeting
        approves: '2'
      - title:
          en: Nets
        items:
          - title:
              en: Their size
            returns: 2/a
"""


def written(folder: Path) -> Path:
    file = folder / "fish.yaml"
    file.write_text(FILE, encoding="utf-8")
    return file


def test_what_was_loaded_is_dumped_again_byte_for_byte(db: None, tmp_path: Path) -> None:
    load(written(tmp_path))
    assert dumped() == FILE
    empty()
    load(written(tmp_path))
    assert dumped() == FILE


def test_a_number_of_the_meeting_gives_its_place_in_the_register(db: None, tmp_path: Path) -> None:
    load(written(tmp_path))
    assert {
        row.key: (
            row.series,
            row.ordinal,
            row.parent and row.parent.key,
            row.relation_name,
            row.state,
        )
        for row in Document.objects.all()
    } == {
        "3-1": ("", 1, None, "", "published"),
        "3-1-rev-1": ("", 1, "3-1", "rev-1", "withdrawn"),
        "3-inf-2": ("INF", 2, None, "", "registered"),
        "old": ("", None, None, "", "registered"),
    }
    meeting = Meeting.objects.get(ordinal=3)
    assert list(NumberSeries.objects.values_list("series", "last")) == [("", 1), ("INF", 2)]
    assert (numbering.take(meeting, ""), numbering.take(meeting, "INF")) == (2, 3)
    assert numbering.take_after(Document.objects.get(key="3-1"), "rev") == 2


def test_a_draft_of_a_delegation_stays_out(db: None, tmp_path: Path) -> None:
    load(written(tmp_path))
    meeting = Meeting.objects.select_related("group").get(ordinal=3)
    Document.objects.create(
        group=meeting.group, meeting=meeting, key="draft", title={"en": "A secret"},
        member_state=MemberState.objects.get(iso="PL"),
    )  # fmt: skip
    assert dumped() == FILE
