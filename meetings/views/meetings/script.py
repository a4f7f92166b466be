"""The Chair's running script: what lies before each item, on one page to print."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse

from meetings import agenda, planning
from meetings.agenda import Numbered
from meetings.languages import in_any_language
from meetings.models import Document, Meeting, Outcome, TopicProposal
from meetings.promises import Row
from meetings.views.meetings import my_meeting
from meetings.views.secretariat import page
from meetings.wording import dates
from meetings.wording.messages import messages


@dataclass(slots=True)
class Entry:
    """An item of the script: its documents, the topics they propose, the promise that returned with it."""

    numbered: Numbered
    documents: list[Document] = field(default_factory=list)
    proposals: list[TopicProposal] = field(default_factory=list)
    returned: Row | None = None
    approves: Meeting | None = None
    outcomes: list[Outcome] = field(default_factory=list)


def script(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the agenda with its documents, what is expected, and the open promises."""
    meeting = my_meeting(request, pk)
    entries = _entries(meeting)
    documents = list(_documents(meeting))
    proposals = _proposals(meeting)
    open_promises = planning.returning(meeting.group, meeting.last_day)
    by_key = {row.promise.pk: row for row in open_promises}
    placed: set[int] = set()
    items = {entry.numbered.item.pk: entry for entry in entries}
    for document in documents:
        for item in document.agenda_items.all():
            if item.pk in items:
                items[item.pk].documents.append(document)
                if document.pk in proposals:
                    items[item.pk].proposals.append(proposals[document.pk])
                placed.add(document.pk)
    for outcome in Outcome.objects.filter(meeting=meeting).order_by("position", "pk"):
        if outcome.agenda_item_id in items:
            items[outcome.agenda_item_id].outcomes.append(outcome)
    for entry in entries:
        entry.returned = by_key.get(entry.numbered.item.returns_id or 0)
    context = {
        "title": f"Running script of {meeting}",
        "meeting": meeting,
        "days": dates.days(messages("en"), meeting.first_day, meeting.last_day),
        "place": in_any_language(meeting.place),
        "chairs": meeting.chairings.select_related("officer").order_by("pk"),
        "entries": entries,
        "elsewhere": [each for each in documents if each.pk not in placed],
        "expected": [
            row for row in open_promises
            if row.standing.due is not None and row.standing.due <= meeting.last_day
        ],
        "proposals": list(proposals.values()),
        "promises": open_promises,
    }  # fmt: skip
    return page(request, "meetings/meeting_script.html", context)


def _entries(meeting: Meeting) -> list[Entry]:
    items = meeting.agenda_items.select_related("approves__group")
    return [Entry(each, approves=each.item.approves) for each in agenda.numbered(items)]


def _documents(meeting: Meeting) -> list[Document]:
    rows = Document.objects.submitted().filter(meeting=meeting, withdrawn_at=None)
    return list(
        rows.prefetch_related("agenda_items", "sources__member_state").order_by(
            "series", "ordinal", "relation_number", "key"
        )
    )


def _proposals(meeting: Meeting) -> dict[int, TopicProposal]:
    """Return the topics that submitted documents of the meeting propose, by the document's key."""
    submitted = Document.objects.submitted().filter(meeting=meeting, withdrawn_at=None)
    found = TopicProposal.objects.filter(document__in=submitted).select_related("document")
    return {each.document_id: each for each in found.order_by("document__key")}
