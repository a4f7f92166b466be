"""The secretariat's home: only what needs an act, each one click from where it is mended.

Each module beside this one finds the tasks of one subject. The number of queries is fixed: it
depends on which subjects there are, never on how many meetings, outcomes or reports.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from cwg.cockpit import (
    changes,
    documents,
    drafts,
    mails,
    meetings,
    promises,
    reports,
    rounds,
    summaries,
)
from cwg.cockpit.changes import Change
from cwg.cockpit.desk import Desk, Section, Task
from meetings.access import groups_of

__all__ = ["Change", "Cockpit", "Section", "Task", "cockpit"]


@dataclass(frozen=True, slots=True)
class Cockpit:
    """What the secretariat's home shows."""

    day: date
    sections: tuple[Section, ...]
    next_meetings: Section | None
    changes: tuple[Change, ...]
    last_visit: datetime | None


def cockpit(person: Any, at: datetime, last_visit: datetime | None) -> Cockpit:
    """Return what needs an act of `person` or their groups at the instant `at`.

    `last_visit` is from when they are told what others changed; None tells nothing.
    """
    day = timezone.localdate(at)
    groups = groups_of(person, day).filter(record_kept_here=True)
    desk = Desk(person, day, groups, several=len(groups[:2]) > 1)
    latest = drafts.drafts(desk)
    waiting = list(drafts.waiting(desk))
    found = (
        reports.for_you(desk, waiting),
        documents.waiting(desk),
        mails.waiting(desk),
        rounds.to_moderate(desk, at),
        rounds.to_move(desk, at),
        summaries.to_agree(desk),
        promises.owed(desk),
        meetings.without_outcomes(desk),
        reports.to_do(desk, latest, waiting),
        reports.outdated(desk),
    )
    return Cockpit(
        day=day,
        sections=tuple(section for section in found if section is not None),
        next_meetings=meetings.coming(desk),
        changes=tuple(changes.since(last_visit, desk)) if last_visit else (),
        last_visit=last_visit,
    )
