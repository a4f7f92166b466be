"""What every act at the workbench of a summary has in common: one form for each act.

Who may do it is asked by the view, by `needs`; what else stands in the way is said by the activity.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.text import Truncator

from consultations import reading
from consultations.forms.acting import ActForm
from consultations.models import Question, Summary
from consultations.summary import coverage
from consultations.summary.figures import asked
from consultations.summary.states import SummaryError
from meetings import editions
from meetings.languages import in_any_language

WRITE, FINALISE = "consultations.change_summary", "summary.finalise"
READ_SECOND = "summary.read"


class Act(ActForm):
    """One act at the workbench; `leads` is where the page opens once it is done."""

    needs: ClassVar[str] = WRITE
    refusals = (SummaryError, editions.EditionError)

    def __init__(
        self, data: Any = None, *, summary: Summary, by: AbstractBaseUser, key: str = ""
    ) -> None:
        super().__init__(data, auto_id=f"{self.name}-{key or 'new'}-%s", label_suffix="")
        self.summary, self.by, self.key = summary, by, key
        self.leads = ""
        self.prepare()

    def row(self, rows: Any) -> Any:
        """Return the one of `rows` that the form is about. Raises ValidationError."""
        key = key_of(self.key)
        found = rows.filter(pk=key).first() if key else None
        if found is None:
            raise ValidationError("It is not there any more. Nothing was changed.")
        return found

    def said(self) -> str:
        """Return what is said once it is done."""
        return self.done


def key_of(text: str) -> int:
    """Return the key of a row that a form carries; 0 where it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def question_of(summary: Summary, text: str) -> Question | None:
    """Return the question of the round that a form names; None for what stands before them."""
    key = key_of(text)
    found = Question.objects.filter(consultation=summary.consultation_id, pk=key)
    return found.first() if key else None


def question_choices(summary: Summary) -> Iterator[tuple[str, str]]:
    """Yield the questions of a round as boxes offer them: by number, with their first words."""
    for number, row in asked(summary.consultation):
        yield str(row.pk), f"{number}. {Truncator(in_any_language(row.text)).chars(70)}"


def of_round(summary: Summary) -> Any:
    """Return the published contributions of a summary's round, with all that they say."""
    return reading.with_all_it_says(coverage.published(summary))
