"""Begin the summary of a round."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser

from consultations.models import Consultation, Summary
from consultations.summary.states import SummaryError
from meetings import history


class NotPublicError(SummaryError):
    """Summarizing a round that nobody was told of."""

    def __init__(self, consultation: Consultation) -> None:
        super().__init__(f"{consultation} is not announced yet: there is nothing to summarize.")


def begin(
    consultation: Consultation, *, by: AbstractBaseUser, at: datetime, language: str = "en"
) -> Summary:
    """Begin the summary of a round; one that was begun is gone on with. Raises NotPublicError.

    It may be begun while the round is open: what is added later is found by the checks.
    """
    with history.activity("summary.begin", by):
        rows = Consultation.objects.select_for_update(no_key=True, of=("self",))
        held = rows.select_related("group").get(pk=consultation.pk)
        standing = Summary.objects.filter(consultation=held).first()
        if standing is not None:
            return standing
        if held.announced_at is None and not held.record_incomplete:
            raise NotPublicError(held)
        made = Summary(consultation=held, language=language, begun_at=at, begun_by_id=by.pk)
        made.full_clean()
        made.save()
    return made
