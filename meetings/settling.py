"""Settle promises: kept, replaced, dropped, confirmed; and take a settlement back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser

from meetings import history
from meetings.models import Document, Outcome, Session, Settlement
from meetings.promises.states import settles_later

type By = AbstractBaseUser | AnonymousUser | None


class SettlingError(Exception):
    """A promise that cannot be settled as asked; never raised itself.

    `field` is the part of what was said that has to be mended, "" for the whole.
    """

    field = ""


class NoPromiseError(SettlingError):
    """An outcome that promises nothing."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(f"“{outcome}” promises nothing, so there is nothing to settle.")


class AlreadySettledError(SettlingError):
    """A promise that was settled before."""

    def __init__(self, settlement: Settlement) -> None:
        how = settlement.get_how_display().lower()
        super().__init__(
            f"“{settlement.promise}” is settled already: {how}. Nothing was changed. "
            "Take that back first if it was wrong."
        )


class NotSettledError(SettlingError):
    """A promise whose settlement is to be taken back, and that has none."""

    def __init__(self, promise: Outcome) -> None:
        super().__init__(f"“{promise}” is not settled, so there is nothing to take back.")


class OutcomeNotLaterError(SettlingError):
    """An outcome that would settle a promise that is not earlier."""

    field = "by"

    def __init__(self, promise: Outcome) -> None:
        super().__init__(f"“{promise}” is not earlier than the outcome that would settle it.")


class OtherGroupError(SettlingError):
    """Evidence that belongs to another group."""

    def __init__(self, what: str, field: str) -> None:
        self.field = field
        super().__init__(f"The {what} belongs to another group.")


class BeforePromiseError(SettlingError):
    """A settlement before the promise was made."""

    field = "on"

    def __init__(self, promise: Outcome) -> None:
        super().__init__(
            f"“{promise}” was made at the meeting of {promise.meeting.first_day:%-d %B %Y}; "
            "it cannot have been settled before."
        )


class DayMissingError(SettlingError):
    """A settlement of which nobody says when it was, and no later outcome tells it."""

    field = "on"

    def __init__(self) -> None:
        super().__init__(
            "Give the day, or the session where no day is known; only what a later outcome tells "
            "needs neither."
        )


class TwiceDatedError(SettlingError):
    """A settlement with a day and a session."""

    field = "on"

    def __init__(self) -> None:
        super().__init__("Give the day or the session, not both.")


class EvidenceMissingError(SettlingError):
    """A settlement that nothing bears out."""

    field = "fact"

    def __init__(self) -> None:
        super().__init__(
            "Name the later outcome, the document, or what happened and where it can be read."
        )


class ReasonMissingError(SettlingError):
    """A promise replaced or dropped, or a settlement taken back, and nobody says why."""

    field = "reason"

    def __init__(self) -> None:
        super().__init__("Say why.")


class NothingImpliesError(SettlingError):
    """A promise to be confirmed from which no later outcome goes on."""

    def __init__(self, promise: Outcome) -> None:
        super().__init__(
            f"No later outcome goes on from “{promise}”. Record what happened instead."
        )


@dataclass(slots=True)
class Settling:
    """What is to be recorded of an earlier promise."""

    promise: Outcome
    how: str
    on: date | None = None
    fact: str = ""
    source: str = ""
    reason: str = ""
    by: Outcome | None = None
    document: Document | None = None
    at_session: Session | None = None


def settle(settling: Settling, *, by: By = None) -> Settlement:
    """Record what became of a promise.

    The evidence is a later outcome, a document, or what happened and where that can be read. When
    it was is a day, a session, or, where neither is known, whatever the later outcome tells.
    Raises a SettlingError; and ValidationError for a text that cannot be printed.
    """
    with history.activity("settling.settle", by, settling.reason):
        return _settle(settling)


def confirm(
    promise: Outcome, *, on: date | None = None, fact: str = "", source: str = "", by: By = None
) -> Settlement:
    """Confirm that a promise was kept, as a later outcome implies that goes on from it.

    That outcome is the evidence, with what happened and its source where they are given. `on` is
    the day where it is known. Raises NothingImpliesError and what `settle` raises.
    """
    later = promise.later_outcomes.exclude(kind=promise.kind).select_related("meeting")
    implied_by = later.order_by("meeting__last_day", "position").first()
    if implied_by is None:
        raise NothingImpliesError(promise)
    told = Settling(promise, Settlement.How.KEPT, on, fact, source, by=implied_by)
    with history.activity("settling.confirm", by):
        return _settle(told)


def take_back(promise: Outcome, reason: str, *, by: By = None) -> Outcome:
    """Take the settlement of a promise back, which is then as if nobody had settled it.

    Raises NotSettledError and ReasonMissingError.
    """
    if not reason.strip():
        raise ReasonMissingError
    with history.activity("settling.take_back", by, reason):
        settlement = (
            Settlement.objects.select_for_update(no_key=True).filter(promise=promise).first()
        )
        if settlement is None:
            raise NotSettledError(promise)
        settlement.delete()
    return Outcome.objects.select_related("meeting__group").get(pk=promise.pk)


def _settle(settling: Settling) -> Settlement:
    locked = Outcome.objects.select_for_update(of=("self",), no_key=True)
    promise = locked.select_related("meeting__group").get(pk=settling.promise.pk)
    _guard(promise, settling)
    settlement = Settlement(
        promise=promise, how=settling.how, on=settling.on, at_session=settling.at_session,
        by_outcome=settling.by, by_document=settling.document,
        fact=settling.fact, source=settling.source, reason=settling.reason,
    )  # fmt: skip
    settlement.full_clean()
    settlement.save()
    return settlement


def _guard(promise: Outcome, settling: Settling) -> None:
    if not promise.is_promise():
        raise NoPromiseError(promise)
    standing = Settlement.objects.filter(promise=promise).first()
    if standing is not None:
        raise AlreadySettledError(standing)
    later, document = settling.by, settling.document
    if later is not None:
        if later.meeting.group_id != promise.meeting.group_id:
            raise OtherGroupError("outcome", "by")
        if not settles_later(promise, later):
            raise OutcomeNotLaterError(promise)
    if document is not None and document.group_id != promise.meeting.group_id:
        raise OtherGroupError("document", "document")
    if later is None and document is None and not (settling.fact and settling.source):
        raise EvidenceMissingError
    if settling.how != Settlement.How.KEPT and not settling.reason.strip():
        raise ReasonMissingError
    _guard_day(promise, settling)


def _guard_day(promise: Outcome, settling: Settling) -> None:
    on, at = settling.on, settling.at_session
    if on is not None and at is not None:
        raise TwiceDatedError
    if on is None and at is None and settling.by is None:
        raise DayMissingError
    day = on or (at.ends() if at is not None else None)
    if day is not None and day < promise.meeting.first_day:
        raise BeforePromiseError(promise)
