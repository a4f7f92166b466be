"""A document as the desk shows it: what it says, where it stands, what happened to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from meetings.agenda_numbers import numbered
from meetings.languages import LANGUAGES, RIGHT_TO_LEFT, in_any_language, in_language
from meetings.models import Document, DocumentFile, Source, TopicProposal
from meetings.wording.messages import messages

State = Document.State
# A colour stands beside the word that says the same
COLOURS = {
    State.DRAFT: "open", State.RECEIVED: "open", State.REGISTERED: "kept",
    State.PUBLISHED: "kept", State.WITHDRAWN: "",
}  # fmt: skip
RELATIONS = {
    Document.Relation.REVISION: "Revision of", Document.Relation.ADDENDUM: "Addendum to",
    Document.Relation.CORRIGENDUM: "Corrigendum to",
}  # fmt: skip
LATE = {
    "": "Late: the secretariat decides whether it is taken at this meeting or held for the next.",
    Document.LateDecision.TAKEN: "Late, and taken at this meeting.",
    Document.LateDecision.HELD: "Late, and held for the next meeting.",
}


@dataclass(frozen=True, slots=True)
class Text:
    """A text in the language in which it was written."""

    words: str
    language: str

    @property
    def direction(self) -> str:
        """Return in which direction it is read."""
        return "rtl" if self.language in RIGHT_TO_LEFT else "ltr"


def text_of(document: Document, texts: Any) -> Text:
    """Return a text in the language of the original, else in whichever there is."""
    language = document.original_language
    if said := in_language(texts, language):
        return Text(said, language)
    found = next((code for code in LANGUAGES if code in (texts or {})), "en")
    return Text(in_any_language(texts), found)


def standing(document: Document) -> tuple[str, str]:
    """Return where a document stands, as a word and its colour."""
    state = document.state
    if state in (State.RECEIVED, State.REGISTERED) and document.late and not document.late_decision:
        return f"{state.label}, late", "late"
    return state.label, COLOURS[state]


def relation_words(document: Document) -> str:
    """Return what a document is to the one it comes after; the words go on with that one's number."""
    return RELATIONS[Document.Relation(document.relation)] if document.relation else ""


def source_words(source: Source) -> str:
    """Return a source with what it did not say yet, or declined."""
    if source.declined_at is not None:
        return f"{source} (declined)"
    return f"{source} (pending)" if source.is_pending else str(source)


def shown(document: Document) -> dict[str, Any]:
    """Return what a document says, for its own page, its preview, and who is asked to co-sponsor."""
    proposal = TopicProposal.objects.filter(document=document).first()
    chosen = set(document.agenda_items.values_list("pk", flat=True))
    meeting = document.meeting
    agenda = meeting.agenda_items.all() if meeting is not None and meeting.agenda_public else ()
    items = numbered(list(agenda)) if chosen else []
    sources = list(document.sources.select_related("member_state"))
    return {
        "document": document,
        "title": text_of(document, document.title),
        "summary": text_of(document, document.summary),
        "action": text_of(document, document.action_required),
        "proposal": {
            name: text_of(document, getattr(proposal, name))
            for name in ("title", "background", "questions")
        } if proposal is not None else None,
        "relation": relation_words(document),
        "items": [f"{number}. {item}" for number, item in items if item.pk in chosen],
        "sources": sources,
        "source_words": ", ".join(source_words(e) for e in sources if e.declined_at is None),
        "declined": [each for each in sources if each.declined_at is not None],
        "files": list(document.files.all()),
        "deadline": meeting.documents_deadline().words(messages("en")) if meeting else "",
        "late": LATE[document.late_decision] if document.late else "",
    }  # fmt: skip


def file_name(file: DocumentFile) -> str:
    """Return under which name a file is saved: CWG-Fish-23-7-en.docx."""
    name = file.document.number or f"draft-{file.document.pk}"
    plain = name.replace("/", "-").replace(" ", "-").replace(".", "-")
    return f"{plain}-{file.language}.{file.form}"


def acts(document: Document) -> list[tuple[datetime, str]]:
    """Return what happened to a document since it was begun, the latest first."""
    return sorted(_acts(document), key=lambda each: each[0])[::-1]


def _acts(document: Document) -> Iterator[tuple[datetime, str]]:
    if document.created_at is not None:
        yield document.created_at, "Begun"
    for save in list(document.draft_saves.select_related("by").order_by("-number")[:50])[::-1]:
        yield save.at, f"Saved: {save.get_part_display()}, by {save.by or 'somebody who left'}"
    if document.submitted_at is not None:
        late = ", after the deadline" if document.late else ""
        by = document.submitted_by or "somebody who left"
        yield document.submitted_at, f"Submitted by {by}{late}: receipt {document.receipt}"
    if document.registered_at is not None:
        yield document.registered_at, f"Registered as {document.number}"
    others = document.sources.exclude(member_state=document.member_state_id)
    for source in others.select_related("member_state"):
        if source.asked_at is not None:
            yield source.asked_at, f"{source} asked to co-sponsor"
        if source.confirmed_at is not None:
            yield source.confirmed_at, f"{source} confirmed"
        if source.declined_at is not None:
            yield source.declined_at, f"{source} declined"
    for later in Document.objects.submitted().filter(parent=document):
        if later.submitted_at is not None:
            words = later.get_relation_display()
            yield later.submitted_at, f"{words[:1].upper()}{words[1:]} submitted"
    if document.withdrawn_at is not None:
        yield document.withdrawn_at, f"Withdrawn: {document.withdrawn_reason}"
