"""Finalise a report: its words and files are kept for good, and the promises it keeps are settled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from consultations.models import Summary
from cwg.report import attached, clearance, files
from cwg.report.checks import accepting, read_record
from cwg.report.compose import compose
from cwg.report.gather import gather
from cwg.report.models import Report
from meetings import editions, history
from meetings.models import Document, Edition, Kind, Outcome, Settlement
from meetings.settling import Settling, settle
from meetings.typesetting import tree as typeset

KEPT_FORMS = ("docx", "html", "pdf", "text")


class FinalisingError(Exception):
    """A report that cannot be finalised now; never raised itself."""


class NotClearedError(FinalisingError):
    """A report whose words of now the Chair has not cleared."""

    def __init__(self, state: str) -> None:
        super().__init__(
            f"The report is {state}: it is finalised once the Chair has cleared the words it holds now."
        )


class BlockedError(FinalisingError):
    """A report with a finding that holds it up."""

    def __init__(self, count: int) -> None:
        findings = "a finding" if count == 1 else f"{count} findings"
        super().__init__(
            f"The report is held up by {findings}. Mend what is found, or accept it with a reason."
        )


class NotFinalSummaryError(FinalisingError):
    """A report with a summary that is not final yet."""

    def __init__(self, summary: Summary) -> None:
        super().__init__(
            f"The summary of {summary.consultation} is attached and not final yet. Make it final "
            "first, or take it off the report."
        )


class NotKeptHereError(FinalisingError):
    """A promise that this report cannot keep: of another session, of another group, settled."""

    def __init__(self, promise: Outcome) -> None:
        super().__init__(f"“{promise}” is no open promise that this report keeps.")


def promises_kept(report: Report) -> QuerySet[Outcome]:
    """Return the open promises that finalising `report` can keep: summaries for its session."""
    return (
        Outcome.objects.filter(
            meeting__group=report.group_id, kind=Kind.SUMMARY, session=report.session_id,
            settlement=None,
        )
        .select_related("meeting__group", "session")
        .prefetch_related("meeting__outcomes", "outcome_topics__topic")
        .order_by("meeting__first_day", "position")
    )  # fmt: skip


def finalise(
    report: Report,
    *,
    by: Any,
    at: datetime,
    series: str = Edition.Series.REVISION,
    reason: str = "",
    keeps: Sequence[Outcome] = (),
) -> Edition:
    """Keep the report as its next edition, with its four files; settle the promises that it keeps.

    Those in `keeps` are kept by the report itself; the promise of a summary that is attached to it
    is kept by the document of that summary. The first edition is the original; later ones are
    revisions or corrigenda and have a reason. Everything stands or nothing does.

    Raises NotClearedError, BlockedError, NotFinalSummaryError, NotKeptHereError,
    editions.NothingChangedError and editions.NoReasonError; a SettlingError where a promise cannot
    be settled, and ValidationError where the document's number is another one's.
    """
    with history.activity("finalising.finalise", by, reason):
        report = report.locked()
        record = gather(report)
        composed = compose(record)
        now = clearance.standing(report, composed.document)
        if now.state is clearance.State.FINALISED:
            raise editions.NothingChangedError
        if now.cleared is None:
            raise NotClearedError(now.state)
        blockers = accepting.blockers(read_record(record))
        if blockers:
            raise BlockedError(len(blockers))
        submitted = attached.submitted(report)
        for summary in submitted:
            if summary.final_at is None or summary.document is None:
                raise NotFinalSummaryError(summary)
        by_summary = attached.keeps(report, submitted, promises_kept(report))
        keepable = set(promises_kept(report).values_list("pk", flat=True)) if keeps else set()
        for promise in keeps:
            if promise.pk not in keepable:
                raise NotKeptHereError(promise)
        document = _document(report)
        kind, number = editions.next_of(document, report.language, series)
        written = designated(composed.document, kind, number)
        edition = editions.freeze(
            document, written,
            {form: partial(files.render_document, written, form) for form in KEPT_FORMS},
            at=at, by=by, by_name=str(by), series=series, reason=reason, cleared=now.cleared,
            words=editions.words_of(composed.document),
        )  # fmt: skip
        evidence = dict.fromkeys(keeps, document)
        for promise, summary in by_summary.items():
            evidence[promise] = summary.document or document
        for promise, kept_by in evidence.items():
            kept = Settling(
                promise, Settlement.How.KEPT, at_session=report.session, document=kept_by
            )
            settle(kept, by=by)
    return edition


def designated(document: typeset.Document, series: str, number: int) -> typeset.Document:
    """Return the document with its designation in the running head: C26/51(Rev.1)."""
    if not number or not document.running_head:
        return document
    said = f"({Edition.SHORT[series]}{number})"
    head = document.head
    if head.number:
        last = head.number[-1]
        head = replace(head, number=(*head.number, replace(last, text=said, origin=last.origin)))
    return replace(document, head=head, running_head=f"{document.running_head}{said}")


def _document(report: Report) -> Document:
    """Return what the report is among its session's documents, made where it is not yet."""
    if report.document is None:
        key = f"report-{report.slug}"[:50]
        document = Document(
            group=report.group, key=key, session=report.session, kind=Document.Kind.REPORT,
            number=report.document_number, title={report.language: str(report)},
            dated=report.as_of,
        )  # fmt: skip
        _keep(document)
        report.document = document
        report.save(update_fields=["document"])
    elif report.document.number != report.document_number and report.document_number:
        report.document.number = report.document_number
        _keep(report.document)
    return report.document


def _keep(document: Document) -> None:
    """Save `document`. Raises ValidationError, also where another took its number meanwhile."""
    document.full_clean()
    try:
        with transaction.atomic():
            document.save()
    except IntegrityError:  # the other one is seen now that it is committed
        document.validate_constraints()
        raise
