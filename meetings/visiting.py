"""What is new to somebody at the desk: since their visit before this one, for each meeting."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from meetings.models import Meeting, MeetingVisit

A_VISIT = timedelta(hours=1)  # after which coming again is another visit


def last_visit(person: Any, meeting: Meeting, at: datetime) -> datetime | None:
    """Note that `person` looks at `meeting` at `at`; return when their visit before this one began.

    None on the first: then everything is new, and nothing is said to be.
    """
    visit, first = MeetingVisit.objects.get_or_create(
        person_id=person.pk, meeting=meeting, defaults={"this": at}
    )
    if not first and at - visit.this >= A_VISIT:
        noted = MeetingVisit.objects.filter(pk=visit.pk, this=visit.this)
        noted.update(this=at, last=visit.this)  # bulk: no fact of the record
        visit.this, visit.last = at, visit.this
    return visit.last
