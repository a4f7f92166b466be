"""The second reader: two pairs of eyes on every summary before it is final."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import QuerySet

from consultations.models import Summary, SummaryReading
from consultations.summary.states import (
    ReasonMissingError,
    SummaryError,
    locked_to_write,
    words_of,
)
from meetings import history


class NothingWrittenError(SummaryError):
    """Asking to read what has no paragraph."""

    def __init__(self) -> None:
        super().__init__("There is no paragraph to read yet.")


class WriterError(SummaryError):
    """Reading one's own words as the second reader."""

    field = "reader"

    def __init__(self) -> None:
        super().__init__(
            "Who wrote a paragraph cannot be the second reader. Name somebody who wrote none."
        )


class BeingReadError(SummaryError):
    """Asking somebody while somebody reads."""

    def __init__(self, reading: SummaryReading) -> None:
        super().__init__(f"{reading.reader_name} is reading it already. Nothing was changed.")


class NotAskedError(SummaryError):
    """Answering as the reader without having been asked."""

    def __init__(self) -> None:
        super().__init__("You are not asked to read this summary now. Nothing was changed.")


class ReadAnotherError(SummaryError):
    """Agreeing to other words than those that were read."""

    def __init__(self) -> None:
        super().__init__(
            "The summary changed while you were reading. Nothing was kept yet: read it once more, "
            "then answer."
        )


def writers(summary: Summary) -> frozenset[int]:
    """Return the keys of those who wrote a paragraph that stands."""
    rows = summary.paragraphs.exclude(written_by=None).order_by()
    return frozenset(rows.values_list("written_by", flat=True).distinct())


def asked_of(reader: AbstractBaseUser) -> QuerySet[SummaryReading]:
    """Return the readings that wait for somebody, who wrote nothing of the summary since."""
    waiting = SummaryReading.objects.filter(reader=reader.pk, read_at=None, summary__final_at=None)
    return waiting.exclude(summary__paragraphs__written_by=reader.pk)


def ask(
    summary: Summary, reader: AbstractBaseUser, *, by: AbstractBaseUser, at: datetime
) -> SummaryReading:
    """Ask somebody who wrote none of it to read the summary.

    Whoever calls offers only people who may read it. Raises FinalError, NothingWrittenError,
    WriterError, BeingReadError.
    """
    with history.activity("summary.ask_reader", by):
        held = locked_to_write(summary)
        if not held.paragraphs.exists():
            raise NothingWrittenError
        if reader.pk in writers(held):
            raise WriterError
        standing = held.readings.filter(read_at=None).first()
        if standing is not None:
            raise BeingReadError(standing)
        made = SummaryReading(
            summary=held, reader_id=reader.pk, reader_name=str(reader), asked_at=at,
            asked_by_id=by.pk,
        )  # fmt: skip
        made.full_clean()
        made.save()
    return made


def read(
    summary: Summary,
    *,
    agreed: bool,
    remarks: str = "",
    words: str,
    by: AbstractBaseUser,
    at: datetime,
) -> SummaryReading:
    """Agree to the words that were read, or say what is to be mended.

    `words` is `states.words_of` as it was when the page was opened. Raises FinalError,
    NotAskedError, WriterError, ReadAnotherError, ReasonMissingError (without remarks).
    """
    with history.activity("summary.read", by, remarks.strip()):
        held = locked_to_write(summary)
        standing = held.readings.filter(read_at=None, reader=by.pk).first()
        if standing is None:
            raise NotAskedError
        if by.pk in writers(held):
            raise WriterError
        now = words_of(held)
        if words != now:
            raise ReadAnotherError
        if not agreed and not remarks.strip():
            raise ReasonMissingError
        standing.read_at, standing.agreed = at, agreed
        standing.remarks, standing.words = remarks.strip(), now
        standing.full_clean()
        standing.save()
    return standing


def take_back(summary: Summary, *, by: AbstractBaseUser) -> None:
    """Ask nobody any more; what was read stays. Raises FinalError."""
    with history.activity("summary.ask_nobody", by):
        held = locked_to_write(summary)
        for each in held.readings.filter(read_at=None):
            each.delete()
