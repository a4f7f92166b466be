"""Delegations and what they write, for tests: valid by default, each fact to be given another way."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.test import Client
from django.urls import reverse

from cwg.accounts.models import User
from meetings import drafting
from meetings.drafting import Change, NewFile, Part
from meetings.models import DelegateTerm, Document, Meeting, MemberState, WorkingGroup
from meetings.uploads.examine import examine
from tests.conftest import signed_in
from tests.meetings import delegates, uploading

LONG_AGO = date(2000, 1, 1)
NOW = datetime.now(UTC).replace(microsecond=0)


def make_group(slug: str = "fish") -> WorkingGroup:
    """Make a group whose record is kept here, in Zurich's zone, called CWG-Fish."""
    group = WorkingGroup.objects.create(slug=slug, zone_words={"en": "Geneva time"})
    name = f"CWG-{slug.capitalize()}"
    group.names.create(acronym={"en": name}, name={"en": f"Council Working Group on {slug}"})
    return group


def make_meeting(
    group: WorkingGroup, ordinal: int = 23, in_days: int = 60, **facts: Any
) -> Meeting:
    """Make a meeting that begins in so many days, with three items on its agenda."""
    first = NOW.date() + timedelta(days=in_days)
    made = Meeting.objects.create(
        group=group, ordinal=ordinal, first_day=first, last_day=first + timedelta(days=1), **facts
    )
    for place, title in enumerate(("Opening", "Contributions", "Other business"), 1):
        made.agenda_items.create(position=place, title={"en": title})
    return made


def make_delegate(
    group: WorkingGroup, iso: str, email: str = "", role: str = DelegateTerm.Role.FOCAL_POINT
) -> User:
    """Make somebody of the delegation of a Member State to `group`, its focal point by default."""
    return delegates.make_delegate(group, iso, role, email)


def make_draft(meeting: Meeting, by: User, at: datetime = NOW, **facts: Any) -> Document:
    """Make a draft for information by the delegation of `by`, with a Word file in English."""
    term = DelegateTerm.objects.get(person=by, group=meeting.group)
    told = {"title": "On nets", "purpose": "information", "original_language": "en"} | facts
    made = drafting.begin(meeting, term.member_state, Change(told), by=by, at=at)
    change = Change({"summary": "Nets have holes."}, files=[word()])
    return drafting.save(made, Part.TEXT, change, saves=made.saves, by=by, at=at).document


def word(language: str = "en", text: str = "An example paper.") -> NewFile:
    """Return a Word file that was taken."""
    return NewFile(language, examine(uploading.docx(text), "paper.docx"))


def states(*isos: str) -> list[MemberState]:
    """Return Member States in the order in which they are named."""
    return [MemberState.objects.get(iso=iso) for iso in isos]


def with_co_sponsors(document: Document, by: User, *isos: str, at: datetime = NOW) -> Document:
    """Name the co-sponsors of a draft."""
    change = Change(co_sponsors=states(*isos))
    return drafting.save(
        document, Part.SOURCES, change, saves=document.saves, by=by, at=at
    ).document


def at(name: str, document: Document, *more: Any) -> str:
    """Return the address of a page of a document at the desk."""
    return reverse(f"desk:{name}", args=[document.group.slug, document.pk, *more])


def desk_of(person: User) -> Client:
    """Give a browser in which somebody is signed in."""
    return signed_in(person)
