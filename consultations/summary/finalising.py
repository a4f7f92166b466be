"""A summary becomes final, is published, is reopened: each an edition of one document of the Group."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser

from consultations.models import Contribution, Summary
from consultations.summary import checks, coverage, document, mails, order, published
from consultations.summary.checks import Finding
from consultations.summary.states import (
    SummaryError,
    is_open,
    is_read,
    locked,
    locked_to_write,
    said,
)
from meetings import editions, history, numbering
from meetings.models import Document, Edition, Meeting
from meetings.severity import Severity
from meetings.site_address import absolute

FROM_A_FILE = "The record file"  # who finalised what was loaded


class HeldUpError(SummaryError):
    """A summary that cannot be final yet; `reasons` are all of them, a sentence each."""

    def __init__(self, reasons: list[str]) -> None:
        self.reasons = tuple(reasons)
        super().__init__("The summary cannot be final yet. " + " ".join(reasons))


class NotFinalError(SummaryError):
    """Publishing or reopening what is not final."""

    def __init__(self) -> None:
        super().__init__("The summary is not final. Nothing was changed.")


class PublishedAlreadyError(SummaryError):
    """Publishing an edition once more."""

    def __init__(self) -> None:
        super().__init__("This edition is published already. Nobody is told twice.")


class TakenBackError(SummaryError):
    """Publishing what prints of a contribution what is not public any more, or said otherwise now."""

    def __init__(self, numbers: list[int | None]) -> None:
        super().__init__(
            f"The edition prints of {_numbers(numbers)} what is not public any more, or was changed "
            "since it was made. Nothing was published: reopen the summary, and make it final anew."
        )


class MeetingMissingError(SummaryError):
    """Numbering a summary without a meeting whose register takes it."""

    field = "meeting"

    def __init__(self) -> None:
        super().__init__(
            "Say to which meeting of the Group the summary goes: it is numbered there."
        )


class OtherMeetingError(SummaryError):
    """A meeting of another group, or another one than that in which the summary is numbered."""

    field = "meeting"

    def __init__(self, meeting: Meeting) -> None:
        super().__init__(f"The summary is not numbered among the documents of {meeting}.")


def held_up_by(summary: Summary, at: datetime) -> list[str]:
    """Return why a summary cannot be final at `at`, a sentence for each reason; none where it can."""
    reasons = []
    if not summary.paragraphs.filter(heading=False).exists():
        reasons.append("It has no paragraph.")
    covered = coverage.coverage(summary)
    if covered.open:
        one = covered.open == 1
        reasons.append(
            f"{covered.open} published contribution{' is' if one else 's are'} neither cited nor set "
            f"aside: {_numbers([each.number for each in coverage.uncovered(summary)])}."
        )
    blockers = [each for each in checks.check(summary) if each.severity == Severity.BLOCKER]
    if blockers:
        number = "a finding" if len(blockers) == 1 else f"{len(blockers)} findings"
        reasons.append(f"It is held up by {number}, at {_places(blockers)}.")
    if not is_read(summary):
        reasons.append("No second reader has agreed to the words that it holds now.")
    if is_open(summary, at):
        reasons.append("It is open for comments: close the window first.")
    unanswered = summary.comments.filter(done="").count()
    if unanswered:
        number = "A comment is" if unanswered == 1 else f"{unanswered} comments are"
        reasons.append(f"{number} not answered.")
    return reasons


def _numbers(found: list[int | None]) -> str:
    first = ", ".join(f"[{each}]" for each in found[:10])
    return f"{first} and {len(found) - 10} more" if len(found) > 10 else first


def _places(found: list[Finding]) -> str:
    return ", ".join(dict.fromkeys(each.place for each in found))


def finalise(
    summary: Summary,
    *,
    by: AbstractBaseUser,
    at: datetime,
    meeting: Meeting | None = None,
    reason: str = "",
) -> Edition:
    """Keep the summary as the next edition of its document, with its files; it is numbered the first time.

    `meeting` is the one in whose register it is numbered; a later edition (Rev.1) needs a reason.
    Everything stands or nothing does. Raises FinalError, HeldUpError, MeetingMissingError,
    OtherMeetingError, editions.NothingChangedError, editions.NoReasonError.
    """
    with history.activity("summary.finalise", by, reason):
        held = locked_to_write(summary)
        reasons = held_up_by(held, at)
        if reasons:
            raise HeldUpError(reasons)
        numbered = _document(held, meeting, at)
        held.document, held.final_at = numbered, at
        held.full_clean()
        held.save()
        return _freeze(held, numbered, at=at, by=by, by_name=str(by), reason=reason)


def _freeze(
    summary: Summary, numbered: Document, *, at: datetime, by: AbstractBaseUser | None,
    by_name: str, reason: str = "",
) -> Edition:  # fmt: skip
    """Keep what a summary says as the next edition of its document, dated by `at`."""
    kind, number = editions.next_of(numbered, summary.language, Edition.Series.REVISION)
    composed = document.compose(document.gather(summary, at.date()))
    written = document.designated(composed, kind, number)
    return editions.freeze(
        numbered, written, document.files(written), at=at, by=by, by_name=by_name,
        reason=reason, words=editions.words_of(composed),
    )  # fmt: skip


def keep_loaded() -> list[Edition]:
    """Keep the edition of every final summary that has none: one that a record file brought.

    It is dated as that file says that it became final, and says what the summary says now. Raises
    citing.CitingError for a text that cannot be read.
    """
    made = []
    with history.activity("summary.keep_loaded", None):
        final = Summary.objects.exclude(final_at=None).exclude(document=None).order_by("pk")
        for each in final:
            held = locked(each)
            if held.document is None or held.final_at is None:
                continue
            if editions.latest(held.document, held.language) is None:
                edition = _freeze(
                    held, held.document, at=held.final_at, by=None, by_name=FROM_A_FILE
                )
                made.append(edition)
                if held.published_at is not None and held.published_at >= held.final_at:
                    held.public_editions = [edition.slug]
                    held.save()
    return made


def _document(summary: Summary, meeting: Meeting | None, at: datetime) -> Document:
    """Return the summary's document, numbered in its meeting's register."""
    standing = summary.document
    if standing is not None:
        if meeting is not None and meeting.pk != standing.meeting_id:
            raise OtherMeetingError(meeting)
        return standing
    if meeting is None:
        raise MeetingMissingError
    group = summary.consultation.group
    if meeting.group_id != group.pk:
        raise OtherMeetingError(meeting)
    made = Document(
        group=group, meeting=meeting, kind=Document.Kind.SUMMARY,
        title={summary.language: document.title(summary)}, original_language=summary.language,
        dated=at.date(), created_at=at, registered_at=at,
    )  # fmt: skip
    numbering.give(made)
    made.full_clean()
    made.save()
    return made


def reopen(summary: Summary, reason: str, *, by: AbstractBaseUser, at: datetime) -> Summary:
    """Open a final summary for a new edition; the edition that was made stays as it is.

    Raises ReasonMissingError, NotFinalError.
    """
    reason = said(reason)
    with history.activity("summary.reopen", by, reason):
        held = locked(summary)
        if held.final_at is None:
            raise NotFinalError
        held.final_at = None
        held.opened_at = held.open_until = None
        held.save()
    return held


def publish(summary: Summary, *, by: AbstractBaseUser, at: datetime) -> Summary:
    """Make the final edition public, and tell those contributors who asked where they are cited.

    Raises NotFinalError, PublishedAlreadyError, TakenBackError.
    """
    with history.activity("summary.publish", by):
        held = locked(summary)
        if held.final_at is None or held.document is None:
            raise NotFinalError
        if held.published_at is not None and held.published_at >= held.final_at:
            raise PublishedAlreadyError
        edition = editions.latest(held.document, held.language)
        assert edition is not None
        if gone := _taken_back(held, edition):
            raise TakenBackError(gone)
        held.published_at = at
        held.public_editions = [*held.public_editions, edition.slug]
        held.save()
        if not held.document.public or not held.document.link:
            held.document.public = True
            held.document.link = held.document.link or absolute(published.address(held))
            held.document.save()
        mails.tell(held, cited_in(held), f"{edition.pk}", at)
    return held


def _taken_back(summary: Summary, edition: Edition) -> list[int | None]:
    """Return the numbers of contributions of which an edition prints what everybody reads no more.

    What was added since is no matter: it stands in no edition.
    """
    now = document.compose(document.gather(summary, edition.finalised_at.date()))
    gone = document.taken_from(editions.document_of(edition)) - document.taken_from(now)
    rows = Contribution.objects.filter(pk__in={key for key, _ in gone}).order_by("number")
    return list(rows.values_list("number", flat=True))


def cited_in(summary: Summary) -> dict[Contribution, list[int]]:
    """Return who asked to be told where they are cited, with the numbers of those paragraphs."""
    paragraphs = order.in_order(summary, summary.paragraphs.prefetch_related("citations"))
    numbers = order.numbers(paragraphs)
    where: dict[int, list[int]] = {}
    for paragraph in paragraphs:
        if paragraph.pk in numbers:
            for citation in paragraph.citations.all():
                where.setdefault(citation.contribution_id, []).append(numbers[paragraph.pk])
    asking = coverage.published(summary).filter(tell_when_cited=True).exclude(email="")
    return {each: where.get(each.pk, []) for each in asking.select_related("consultation__group")}
