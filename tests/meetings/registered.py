"""Documents with the secretariat, for tests: valid by default, each fact to be given another way."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from cwg.accounts.models import User
from meetings import entering, language_versions, registering
from meetings.language_versions import NewVersion
from meetings.models import (
    DelegateTerm,
    Document,
    DocumentFile,
    Meeting,
    MemberState,
    RoleTerm,
    WorkingGroup,
)
from meetings.registering import Entry
from meetings.uploads.examine import Examined
from tests.two_groups import make_person

NOW = datetime.now(UTC).replace(microsecond=0)
LONG_AGO = date(2000, 1, 1)
_receipts = itertools.count(1)


def make_group(slug: str = "fish", acronym: str = "CWG-Fish", **facts: Any) -> WorkingGroup:
    """Make a group whose record is kept here."""
    group = WorkingGroup.objects.create(slug=slug, zone_words={"en": "Geneva time"}, **facts)
    group.names.create(acronym={"en": acronym}, name={"en": f"Group {acronym}"})
    return group


def make_meeting(
    group: WorkingGroup, ordinal: int = 23, in_days: int = 60, **facts: Any
) -> Meeting:
    """Make a meeting that begins in so many days, with two items on its agenda, one below the other."""
    first = NOW.date() + timedelta(days=in_days)
    facts = {"first_day": first, "last_day": first + timedelta(days=1)} | facts
    made = Meeting.objects.create(group=group, ordinal=ordinal, **facts)
    above = made.agenda_items.create(position=1, title={"en": "Contributions"})
    made.agenda_items.create(position=1, parent=above, title={"en": "On nets"})
    return made


def state(iso: str) -> MemberState:
    return MemberState.objects.get(iso=iso)


def make_lead(group: WorkingGroup) -> User:
    return make_person(group, RoleTerm.Role.LEAD)


def make_focal_point(group: WorkingGroup, iso: str) -> User:
    """Make the focal point of a Member State's delegation to `group`."""
    person = User.objects.create_user(f"focal-{iso.lower()}-{group.slug}@example.org", "x")
    DelegateTerm.objects.create(
        person=person, group=group, member_state=state(iso), from_day=LONG_AGO,
        role=DelegateTerm.Role.FOCAL_POINT,
    )  # fmt: skip
    return person


def make_received(
    meeting: Meeting,
    iso: str = "PL",
    title: str = "On nets",
    pending: Iterable[str] = (),
    **facts: Any,
) -> Document:
    """Make a contribution as a delegation submitted it; `pending` are co-sponsors still asked."""
    number = next(_receipts)
    own = state(iso)
    made = Document.objects.create(
        **{
            "group": meeting.group, "meeting": meeting, "member_state": own, "title": {"en": title},
            "key": f"draft-{number}", "submitted_at": NOW, "receipt": f"R-TEST-{number:04}",
            "dated": date(2026, 1, 5), "purpose": "information", "original_language": "en",
            "summary": {"en": "Nets have holes."}, "created_at": NOW,
        }
        | facts
    )  # fmt: skip
    made.sources.create(member_state=own, position=1, confirmed_at=NOW)
    for place, each in enumerate(pending, 2):
        made.sources.create(member_state=state(each), position=place, asked_at=NOW)
    return made


def make_draft(meeting: Meeting, iso: str = "PL", title: str = "Secret draft") -> Document:
    """Make a draft that a delegation has not submitted."""
    return make_received(meeting, iso, title, submitted_at=None, receipt=None)


def make_registered(
    meeting: Meeting,
    by: User,
    iso: str = "PL",
    title: str = "On nets",
    *,
    public: bool = False,
    **facts: Any,
) -> Document:
    """Make a contribution with its number; public where asked."""
    made = registering.register(make_received(meeting, iso, title, **facts), by=by, at=NOW)
    return registering.publish(made, by=by) if public else made


def make_entered(
    meeting: Meeting, by: User, kind: str = "secretariat", title: str = "A paper", **facts: Any
) -> Document:
    """Make a document of the secretariat with its number."""
    entry = Entry(kind, {"title": {"en": title}}, meeting, **facts)
    return entering.enter(meeting.group, entry, by=by, at=NOW)


def make_file(
    document: Document,
    by: User,
    data: bytes = b"%PDF-1.7 example",
    language: str = "en",
    form: str = "pdf",
    version: str = "original",
    reason: str = "A test.",
) -> DocumentFile:
    """Give a document a file, as one that was taken."""
    new = NewVersion(language, version, Examined(f"paper.{form}", form, data, ""))
    return language_versions.put(document, new, reason, by=by, at=NOW)
