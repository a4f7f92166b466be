"""Documents of Member States in every state in which one can be, and who works on them.

Every word of a document says in which state it is and whose it is: what is read somewhere tells by
itself of which row it was taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import models
from django.utils import timezone

from meetings import files, history
from meetings.models import (
    AgendaItem,
    Document,
    DocumentFile,
    Meeting,
    MemberState,
    Outcome,
    OutcomeComment,
    Participant,
    Source,
    Statement,
    TopicProposal,
    WorkingGroup,
)

AT = datetime(2019, 2, 1, 12, tzinfo=UTC)
# Who wrote every document, and who is asked to co-sponsor one; both have a delegation to each group
WRITER, ASKED = "CH", "KE"
ADDRESSED, RECEIVED = {"asked_at": AT}, {"submitted_at": AT, "receipt": "{key}-{slug}"}
NUMBERED = {**RECEIVED, "registered_at": AT, "number": "{slug}-2/{ordinal}"}

# The state: what makes it one
STATES: dict[str, dict[str, Any]] = {
    "draft": {},
    "asked": {},  # a draft that another delegation was asked to co-sponsor
    "named": {},  # a draft that names another one, which was not asked yet
    "received": RECEIVED,
    "late": {**RECEIVED, "late": True, "late_decision": "held"},
    "registered": {**NUMBERED, "ordinal": 7},
    "public": {**NUMBERED, "ordinal": 8, "public": True},
    "withdrawn": {**NUMBERED, "ordinal": 9, "public": True, "withdrawn_at": AT},
    "taken-back": {**RECEIVED, "withdrawn_at": AT},  # before it had its number
}
DRAFTS = ("draft", "asked", "named", "revision")
# A draft of a revision, and a received addendum, of what is registered
LATER: dict[str, dict[str, Any]] = {"revision": {}, "addendum": RECEIVED}
# What else is not for everybody: who took part, who said something, what was remarked
OTHERS = ("participant", "speaker", "comment")


@dataclass(frozen=True, slots=True)
class Desk:
    """What delegations have to do with a group: documents by state, and other rows."""

    meeting: Meeting
    documents: dict[str, Document]
    others: list[models.Model]


def word(state: str, group: WorkingGroup) -> str:
    """Return the word that stands in everything a document in a state says, and nowhere else.

    None of these words stands in another.
    """
    return f"{state.replace('-', '').upper()}OF{group.slug.upper()}"


def make_documents(group: WorkingGroup, by: Any = None) -> Desk:
    """Make a meeting that goes on with a document in every state, and what delegations do beside it.

    The history holds all of it, drafts too: who sees it there is for `meetings.access` to say.
    """
    with history.activity("tests.make_documents", by):
        now = timezone.now()
        first = timezone.localdate(now) - timedelta(days=1)
        meeting = Meeting.objects.create(
            group=group, ordinal=2, first_day=first, last_day=first + timedelta(days=4),
            agenda_published_at=now, comments_from=now, comments_until=now + timedelta(days=7),
        )  # fmt: skip
        item = AgendaItem.objects.create(meeting=meeting, position=1, title={"en": "Contributions"})
        documents = {
            state: _document(group, meeting, item, state, facts) for state, facts in STATES.items()
        }
        registered = documents["registered"]
        for place, (state, facts) in enumerate(LATER.items(), 1):
            after = {"parent": registered, "relation": "rev" if place == 1 else "add"}
            documents[state] = _document(group, meeting, item, state, facts | after)
        return Desk(meeting, documents, _others(group, meeting, item))


def _document(
    group: WorkingGroup, meeting: Meeting, item: AgendaItem, state: str, facts: dict[str, Any]
) -> Document:
    says = word(state, group)
    told = {"key": state, "slug": group.slug, "ordinal": facts.get("ordinal")}
    writer = MemberState.objects.get(iso=WRITER)
    made = Document.objects.create(
        group=group, meeting=meeting, key=says.lower(), kind=Document.Kind.CONTRIBUTION,
        member_state=writer, title={"en": f"Title {says}"},
        summary={"en": f"Summary {says}"}, action_required={"en": f"Action {says}"},
        changed=f"Change {says}", contact=f"Contact {says}", purpose="action",
        original_language="en", created_at=AT, saved_at=AT, dated=AT.date(),
        **{
            name: fact.format(**told) if isinstance(fact, str) else fact
            for name, fact in facts.items()
        },
    )  # fmt: skip
    made.agenda_items.add(item)
    Source.objects.create(document=made, member_state=writer, confirmed_at=AT)
    if state in {"asked", "named"}:
        Source.objects.create(
            document=made, member_state=MemberState.objects.get(iso=ASKED), position=2,
            **(ADDRESSED if state == "asked" else {}),
        )  # fmt: skip
    with files.keeping() as keep:
        kept = keep(f"%PDF-1.7 {says}\n".encode(), "pdf")
    DocumentFile.objects.create(
        document=made, language="en", form="pdf", path=kept.path, size=kept.size,
        sha256=kept.sha256, note=f"Note {says}", added_at=AT,
    )  # fmt: skip
    if state in DRAFTS:
        TopicProposal.objects.create(
            document=made, title={"en": f"Topic {says}"}, background={"en": f"Background {says}"},
            questions={"en": f"Question {says}?"},
        )  # fmt: skip
    return made


def _others(group: WorkingGroup, meeting: Meeting, item: AgendaItem) -> list[models.Model]:
    """Make what is no document: who took part, what was said, what was remarked on an outcome."""
    state = MemberState.objects.get(iso=WRITER)
    outcome = Outcome.objects.create(meeting=meeting, kind="noted", action={"en": "Noted"})
    return [
        Participant.objects.create(
            meeting=meeting, name=f"Name {word('participant', group)}", member_state=state
        ),
        Statement.objects.create(
            agenda_item=item, member_state=state, speaker=f"Name {word('speaker', group)}",
            text="It was said.",
        ),
        OutcomeComment.objects.create(
            outcome=outcome, member_state=state, text=f"Text {word('comment', group)}",
            made_at=timezone.now(),
        ),
    ]  # fmt: skip
