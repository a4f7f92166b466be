"""Rows of two groups, and the words that stand in the addresses of the own group's rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import signing
from django.utils import timezone

from consultations import following, intake_mails
from consultations.models import Attachment, Contribution, Standing, Subscription, Summary
from consultations.summary import mails
from cwg.accounts.models import User
from meetings import editions, files, invitations, submitting_mails
from meetings.models import Document, WorkingGroup
from meetings.typesetting import tree
from tests.consultations.making import make_contribution, make_round
from tests.documents_in_states import ASKED, WRITER, Desk, make_documents
from tests.everybody import make_everybody
from tests.meetings.delegates import make_delegate
from tests.two_groups import make_group, make_rows, make_shared

STANDINGS = {
    "published": Standing.PUBLISHED, "unpublished": Standing.AWAITING, "begun": Standing.DRAFT,
    "sent": Standing.SENT,
}  # fmt: skip
# In the place of each word, what nothing is called: keys, numbers, names, links
NO_ROW, NO_NUMBER, NO_NAME, NO_LINK = "987654", "77", "nothing", "WzEsMV0:never-given-to-anybody"


@dataclass(frozen=True, slots=True)
class Addressed:
    """Two groups, and what is written in addresses: rows by their keys, private links."""

    own: WorkingGroup
    other: WorkingGroup
    rows: dict[str, dict[str, Any]]  # of each group, by the label of their model
    desks: dict[str, Desk]
    people: dict[str, User]
    keys: dict[str, str]
    links: dict[str, str]  # each known to whoever was mailed it: here, to the stakeholder


def make_all(slugs: tuple[str, str] = ("own", "other")) -> Addressed:
    """Make two groups with rows of each kind, documents in every state, a round that is open."""
    shared = make_shared()
    own, other = (make_group(slug) for slug in slugs)
    rows = {
        group.slug: {row._meta.label_lower: row for row in make_rows(group, shared)}
        for group in (own, other)
    }
    rows[own.slug] |= {row._meta.label_lower: row for row in shared.rows()}
    people = make_everybody(own, other)
    desks = {group.slug: make_documents(group, people["focal_a"]) for group in (own, other)}
    _make_public_report(rows[own.slug]["report.report"])
    now = timezone.now()
    sent = _make_contributions(own, now)
    keys = {name: str(each.number) for name, each in sent.items() if each.number}
    for name, each in sent.items():
        for word, withheld in ((f"{name}-file", ""), (f"{name}-withheld", "It names others.")):
            keys[word] = str(_attach(each, withheld, now).pk)
    for state, document in desks[own.slug].documents.items():
        keys |= {state: str(document.pk), f"{state}-file": str(document.files.get().pk)}
    links = {name: intake_mails.token(each) for name, each in sent.items()}
    waiting = sent["sent"]
    links["confirm"] = signing.dumps([waiting.pk, waiting.email], salt="consultations.confirm")
    newcomer = make_delegate(own, WRITER, email="invited@example.org")
    newcomer.set_unusable_password()  # a link is for whoever has set none yet
    newcomer.save()
    invited = newcomer.delegate_terms.get()
    keys["invited"] = str(invited.pk)
    links["invitation"] = _end_of(invitations.link(invited, by=people["focal_a"], at=now))
    asked = desks[own.slug].documents["asked"].sources.get(member_state__iso=ASKED)
    links["co-sponsor"] = submitting_mails.token(asked, people["focal_b"])
    links["draft-summary"] = _make_summary(sent["published"].consultation, now)
    return Addressed(own, other, rows, desks, people, keys, links | _follow(own, now))


def _make_public_report(report: Any) -> None:
    """Make another report of the same group that everybody reads, beside the draft."""
    report = type(report).objects.get(pk=report.pk)
    report.pk, report.slug, report.public, report._state.adding = None, "public-report", True, True
    report.save()


def _make_contributions(own: WorkingGroup, now: datetime) -> dict[str, Contribution]:
    held = make_round(
        own, slug="open-round", opens_at=now - timedelta(days=9), closes_at=now + timedelta(days=9),
        announced_at=now - timedelta(days=10),
    )  # fmt: skip
    return {
        name: make_contribution(
            held,
            standing,
            at=now - timedelta(days=2),
            email=f"{name}@example.org",
            publish_organisation=True,
        )
        for name, standing in STANDINGS.items()
    }


def _make_summary(held: Any, now: datetime) -> str:
    """Make a summary that was published and is open again; return the end of a guest's link."""
    document = Document.objects.create(
        group=held.group, key="summary", number="S-1", kind="summary", public=True,
        title={"en": "Summary"}, meeting=held.group.meetings.get(ordinal=1),
    )  # fmt: skip
    written = tree.Document("en", "Summary", tree.Head(), (), ())
    forms = {form: lambda: b"a summary" for form in ("docx", "html", "pdf", "text")}
    editions.freeze(document, written, forms, at=now - timedelta(days=2), by_name="Somebody")
    summary = Summary.objects.create(
        consultation=held, document=document, begun_at=now - timedelta(days=3),
        published_at=now - timedelta(days=1), public_editions=["original"],
        opened_at=now - timedelta(hours=1), open_until=now + timedelta(days=9),
    )  # fmt: skip
    return mails.token(summary.guests.create(email="guest@example.org", invited_at=now))


def _attach(contribution: Contribution, withheld: str, at: datetime) -> Attachment:
    with files.keeping() as keep:
        kept = keep(b"%PDF-1.7 an example\n", "pdf")
    return Attachment.objects.create(
        contribution=contribution, name="paper.pdf", kind="pdf", size=kept.size, path=kept.path,
        sha256=kept.sha256, added_at=at, withheld_for=withheld,
    )  # fmt: skip


def _follow(own: WorkingGroup, now: datetime) -> dict[str, str]:
    follows = Subscription.objects.create(
        group=own, what="meetings", email="stakeholder@example.org", asked_at=now, confirmed_at=now
    )
    return {
        "follow-confirm": signing.dumps(follows.pk, salt="consultations.following.confirm"),
        "follow-end": _end_of(following.end_address(follows)),
    }


def _end_of(address: str) -> str:
    return address.rstrip("/").rpartition("/")[2]


@pytest.fixture
def told(db: None, settings: Any, tmp_path: Any) -> Addressed:
    """Make the rows, with their files apart from those of other tests."""
    settings.MEDIA_ROOT = tmp_path
    return make_all()
