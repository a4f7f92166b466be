"""A draft's way to an edition: sent to the Chair, remarked on, cleared.

Where a report stands is computed: from the Chair's answers, from what was cleared, from the editions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet

from cwg.report.models import Clearance, Comment, Passage, Report
from meetings import editions, history
from meetings.editions import Clearing, words_of
from meetings.languages import in_language
from meetings.models import Edition
from meetings.typesetting.keeping import kept_bytes, read_bytes
from meetings.typesetting.tree import Document, lines, plain

LONGEST_PLACE = 40  # a label of the cover may be longer; the paragraph's own words are kept whole


class ClearanceError(Exception):
    """A step that a report cannot take now; never raised itself."""


class WithTheChairError(ClearanceError):
    """A draft that is with the Chair already."""

    def __str__(self) -> str:
        return "The draft is with the Chair already."


class NotWithTheChairError(ClearanceError):
    """An answer to a draft that nobody sent, or that was taken back."""

    def __str__(self) -> str:
        return "The draft is not with the Chair now: it was taken back, or answered already."


class ReadAnotherError(ClearanceError):
    """A clearance of other words than those that the Chair read."""

    def __str__(self) -> str:
        return (
            "The draft changed while you were reading. It was not cleared. What changed is marked "
            "below; read it, then clear it."
        )


class NoReasonError(ClearanceError):
    """A draft returned, or a remark done with, without a word why."""

    def __str__(self) -> str:
        return "Say why."


class DoneAlreadyError(ClearanceError):
    """A remark about which somebody said before what was done."""

    def __init__(self, remark: Comment) -> None:
        super().__init__(
            f"{remark.done_by} said already what was done: “{remark.done_how}”. "
            "Nothing was changed."
        )


class NothingSaidError(ClearanceError):
    """A remark without words, or on a paragraph that is not there."""

    def __str__(self) -> str:
        return "Write the remark beside the paragraph it is about."


class NotTheChairsError(ClearanceError):
    """A passage that is not the Chair's own to write."""

    def __str__(self) -> str:
        return "This paragraph is not part of the Chair’s own section; write a remark instead."


class WrittenMeanwhileError(ClearanceError):
    """A paragraph that somebody else wrote since it was read; `passage` is as it is kept."""

    def __init__(self, passage: Passage) -> None:
        super().__init__(
            "Somebody else changed this paragraph while you were writing. Yours was not kept yet. "
            "What you typed stands below; compare it with what is kept now, then keep it."
        )
        self.passage = passage


class State(StrEnum):
    """Where a report stands."""

    DRAFT = "draft"
    WITH_CHAIR = "with the Chair"
    RETURNED = "returned by the Chair"
    CLEARED = "cleared"
    CHANGED = "changed since it was cleared"
    FINALISED = "finalised"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a report stands, with the answer and the edition that say so."""

    state: State
    clearance: Clearance | None
    edition: Edition | None

    @property
    def word(self) -> str:
        """The state as a page prints it."""
        return self.state[:1].upper() + self.state[1:]

    @property
    def cleared(self) -> Clearing | None:
        """Who cleared the words that stand now; None where nobody has."""
        answer = self.clearance
        if self.state is not State.CLEARED or answer is None or answer.answered_at is None:
            return None
        return Clearing(answer.answered_by, answer.answered_at)


def standing(report: Report, document: Document) -> Standing:
    """Return where `report` stands, `document` being what it says now."""
    answers = report.clearances.defer("tree").order_by("pk")
    edition = editions.latest(report.document, report.language)
    return stand(list(answers), edition, words_of(document))


def stand(answers: Sequence[Clearance], edition: Edition | None, words: str) -> Standing:
    """Return where a report stands that says `words`, a hash.

    `answers` are its sendings in their order, `edition` is its latest one.
    """
    answer = answers[-1] if answers else None
    if answer is not None and answer.answer == Clearance.Answer.WAITING:
        return Standing(State.WITH_CHAIR, answer, edition)
    if edition is not None and edition.words == words:
        return Standing(State.FINALISED, answer, edition)
    given = [each for each in answers if each.answer == Clearance.Answer.CLEARED]
    cleared = given[-1] if given else None
    if cleared is not None and cleared.words == words:
        return Standing(State.CLEARED, cleared, edition)
    if answer is not None and answer.answer == Clearance.Answer.RETURNED:
        return Standing(State.RETURNED, answer, edition)
    if cleared is not None and (edition is None or edition.words != cleared.words):
        return Standing(State.CHANGED, cleared, edition)
    return Standing(State.DRAFT, answer, edition)


def last_cleared(report: Report) -> Clearance | None:
    """Return the latest answer by which the Chair cleared the report."""
    return report.clearances.filter(answer=Clearance.Answer.CLEARED).order_by("-pk").first()


def cleared_document(answer: Clearance) -> Document:
    """Return the document as it was cleared."""
    return read_bytes(answer.tree.encode())


def send(report: Report, *, by: Any, at: datetime) -> Clearance:
    """Send the draft to the Chair. Raises WithTheChairError."""
    with history.activity("clearance.send", by):
        report.locked()
        if _waiting(report).exists():
            raise WithTheChairError
        sent = Clearance(report=report, sent_at=at, sent_by=str(by))
        sent.full_clean()
        sent.save()
    return sent


def take_back(report: Report, *, by: Any, at: datetime, reason: str) -> Clearance:
    """Take the draft back from the Chair. Raises NotWithTheChairError and NoReasonError."""
    return _answer(report, Clearance.Answer.WITHDRAWN, by=by, at=at, reason=reason)


def send_back(report: Report, *, by: Any, at: datetime, reason: str) -> Clearance:
    """Return the draft to the secretariat. Raises NotWithTheChairError and NoReasonError."""
    return _answer(report, Clearance.Answer.RETURNED, by=by, at=at, reason=reason)


def clear(report: Report, document: Document, *, seen: str, by: Any, at: datetime) -> Clearance:
    """Clear `document`, which is what the report says now; `seen` is the hash of what was read.

    Raises NotWithTheChairError, and ReadAnotherError where other words were read.
    """
    if words_of(document) != seen:
        raise ReadAnotherError
    return _answer(report, Clearance.Answer.CLEARED, by=by, at=at, document=document)


def comment(
    report: Report, document: Document, anchor: str, text: str, *, by: Any, at: datetime
) -> Comment:
    """Keep a remark on the paragraph at `anchor`. Raises NothingSaidError."""
    said = paragraphs(document).get(anchor)
    if said is None or not text.strip():
        raise NothingSaidError
    with history.activity("clearance.comment", by):
        remark = Comment(
            report=report, anchor=anchor, place=said[0][:LONGEST_PLACE], quoted=said[1],
            text=text.strip(), by=by, by_name=str(by), at=at,
        )  # fmt: skip
        remark.full_clean()
        remark.save()
    return remark


def settle_comment(remark: Comment, how: str, *, by: Any, at: datetime) -> Comment:
    """Say what was done about a remark. Raises NoReasonError and DoneAlreadyError."""
    if not how.strip():
        raise NoReasonError
    with history.activity("clearance.settle_comment", by, how):
        remark = Comment.objects.select_for_update(no_key=True).get(pk=remark.pk)
        if remark.done_at is not None:
            raise DoneAlreadyError(remark)
        remark.done_at, remark.done_by, remark.done_how = at, str(by), how.strip()
        remark.full_clean()
        remark.save()
    return remark


def own_text(passage: Passage) -> str:
    """Return what a paragraph of the Chair's own section says, as it is written."""
    return in_language(passage.text, passage.report.language)


def stamp(passage: Passage) -> str:
    """Return a mark of what a paragraph of the Chair's own section says now."""
    return editions.sha256(own_text(passage).encode())


def write_own(passage: Passage, text: str, *, seen: str, by: Any) -> Passage:
    """Let the Chair write a paragraph of the Chair's own section.

    `seen` is the stamp of what was read before writing. Raises NotTheChairsError,
    WrittenMeanwhileError where it says something else now, and ValidationError for a text with an
    unknown slot.
    """
    with history.activity("clearance.write_own", by):
        locked = Passage.objects.select_for_update(no_key=True).get(pk=passage.pk)
        if not locked.chairs_own:
            raise NotTheChairsError
        if stamp(locked) != seen:
            raise WrittenMeanwhileError(locked)
        locked.text = {**(locked.text or {}), locked.report.language: text}
        locked.full_clean()
        locked.save()
    return locked


def paragraphs(document: Document) -> dict[str, tuple[str, str]]:
    """Return number and words of each paragraph that can be remarked on, by its anchor."""
    found: dict[str, tuple[str, str]] = {}
    for section in document.sections:
        for paragraph in section.paragraphs:
            number = plain(paragraph.number)
            found[paragraph.anchor] = (number, plain(paragraph.text))
            for item in paragraph.items:
                found[item.anchor] = (f"{number} {plain(item.number)}".strip(), plain(item.text))
    for row in document.cover:
        text = " ".join(plain(part) for part in getattr(row, "text", ()))
        if anchor := getattr(row, "anchor", ""):
            found[anchor] = (plain(row.label), text)  # type: ignore[union-attr]  # a row has one
    return found


def _answer(
    report: Report,
    answer: str,
    *,
    by: Any,
    at: datetime,
    reason: str = "",
    document: Document | None = None,
) -> Clearance:
    if document is None and not reason.strip():
        raise NoReasonError
    with history.activity(f"clearance.{answer}", by, reason.strip()):
        report.locked()
        sent = _waiting(report).first()
        if sent is None:
            raise NotWithTheChairError
        sent.answer, sent.answered_at, sent.answered_by = answer, at, str(by)
        sent.reason = reason.strip()
        if document is not None:
            sent.tree, sent.words = kept_bytes(document).decode(), words_of(document)
        sent.full_clean()
        sent.save()
    return sent


def _waiting(report: Report) -> QuerySet[Clearance]:
    return report.clearances.filter(answer=Clearance.Answer.WAITING)


def changed_paragraphs(old: Document, new: Document) -> int:
    """Return how many printed paragraphs differ: a number for a page, not the difference itself."""
    before = {(line.part, plain(line.number), plain(line.text)) for line in lines(old)}
    return sum(
        (line.part, plain(line.number), plain(line.text)) not in before for line in lines(new)
    )
