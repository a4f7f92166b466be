"""The paragraphs of a summary: written, changed, moved, removed; and what they cite is kept with them.

Nobody writes over a colleague's words unseen: who saves says which save of the paragraph they read.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

from django.contrib.auth.base_user import AbstractBaseUser

from consultations import reading
from consultations.models import (
    Citation,
    Contribution,
    ContributionEvent,
    Question,
    Summary,
    SummaryParagraph,
    TaggedPassage,
)
from consultations.summary import citing, figures
from consultations.summary.states import SummaryError, locked_to_write
from meetings import history


class GoneError(SummaryError):
    """A paragraph that a colleague removed."""

    def __init__(self) -> None:
        super().__init__(
            "This paragraph was removed meanwhile. What you typed stands below: add it anew."
        )


class EmptyError(SummaryError):
    """A paragraph without words."""

    field = "text"

    def __init__(self) -> None:
        super().__init__("Write the paragraph, or remove it. Nothing was changed.")


class UnreadableError(SummaryError):
    """A text whose citations or figures cannot be read; `start` and `end` are where."""

    field = "text"

    def __init__(self, error: citing.CitingError) -> None:
        self.start, self.end = error.start, error.end
        super().__init__(f"{error} Nothing was changed.")


class StaleError(SummaryError):
    """A save of a paragraph that a colleague saved since it was read; `standing` is as it stands."""

    def __init__(self, standing: SummaryParagraph) -> None:
        self.standing = standing
        super().__init__(
            f"{standing.written_by or 'A colleague'} saved this paragraph after you had opened it. "
            "Nothing was saved now. What you typed stands below, with their words beside it: mend "
            "yours, then save again."
        )


class OtherQuestionError(SummaryError):
    """A question of another round, or a passage of another contribution."""

    field = "question"

    def __init__(self) -> None:
        super().__init__("This question is one of another round. Nothing was changed.")


def public_words(contribution: Contribution) -> str:
    """Return a contribution's text as everybody reads it: each question with its answer, the rest.

    Redacted passages are out of it. Ask for `reading.with_all_it_says` before many.
    """
    said = reading.public(contribution)
    parts = [reading.plain(each.pieces) for each in said.answers]
    parts += [reading.plain(said.text)] if said.text else []
    return "\n\n".join(parts)


def digest(words: str) -> str:
    """Return the hash by which a text is known again."""
    return sha256(words.encode()).hexdigest()


def write(
    summary: Summary,
    text: str,
    *,
    by: AbstractBaseUser,
    at: datetime,
    question: Question | None = None,
    heading: bool = False,
    after: SummaryParagraph | None = None,
    passages: Mapping[int, TaggedPassage] | None = None,
) -> SummaryParagraph:
    """Add a paragraph under a question, or before all of them; behind `after`, else at the end.

    `passages` are where citations open, by number of the contribution. The same words under the
    same question, sent again after the browser's Back, are the same paragraph. Raises FinalError,
    EmptyError, UnreadableError, OtherQuestionError.
    """
    with history.activity("summary.write", by):
        held = locked_to_write(summary)
        if question is not None and question.consultation_id != held.consultation_id:
            raise OtherQuestionError
        said = _read(held, text)
        standing = list(held.paragraphs.filter(question=question).order_by("position", "pk"))
        for each in standing:
            if (each.text, each.heading) == (said, heading):
                return each
        made = SummaryParagraph(
            summary=held, question=question, heading=heading, text=said,
            position=len(standing) + 1, written_at=at, written_by_id=by.pk,
        )  # fmt: skip
        made.full_clean()
        made.save()
        if after is not None and after.pk in {each.pk for each in standing}:
            place = [each.pk for each in standing].index(after.pk)
            _order([*standing[: place + 1], made, *standing[place + 1 :]])
        _cite(made, passages or {})
    return made


def change(
    paragraph: SummaryParagraph,
    text: str,
    *,
    saves: int,
    by: AbstractBaseUser,
    at: datetime,
    read_at: datetime | None = None,
    heading: bool | None = None,
    passages: Mapping[int, TaggedPassage] | None = None,
) -> SummaryParagraph:
    """Keep what a paragraph says now; `saves` is the save that its writer had read.

    `read_at` is when whoever saves it opened it: of what it cites, what happened since was not read.
    Saved with the same words, it says that whoever saves it read what it cites as that stands now; the
    words stay those of their writer, who cannot be the second reader of them. Raises FinalError,
    GoneError, EmptyError, UnreadableError, StaleError.
    """
    with history.activity("summary.change", by):
        summary = locked_to_write(paragraph.summary)
        held = _held(paragraph)
        said = _read(summary, text)
        if held.saves != saves:
            same = held.text == said and (heading is None or held.heading == heading)
            if same:
                return held
            raise StaleError(held)
        if held.text != said or held.written_by_id is None:
            held.written_by_id = by.pk
        held.text = said
        held.heading = held.heading if heading is None else heading
        held.saves += 1
        held.written_at = at
        held.full_clean()
        held.save()
        _cite(held, passages or {}, read_at)
    return held


def move(
    paragraph: SummaryParagraph,
    place: int,
    *,
    by: AbstractBaseUser,
    question: Question | None = None,
    elsewhere: bool = False,
) -> SummaryParagraph:
    """Put a paragraph at a place, counted from 1, under its question; `elsewhere`, under `question`.

    A place past the end is the end. Raises FinalError, GoneError, OtherQuestionError.
    """
    with history.activity("summary.move", by):
        summary = locked_to_write(paragraph.summary)
        held = _held(paragraph)
        if elsewhere:
            if question is not None and question.consultation_id != summary.consultation_id:
                raise OtherQuestionError
            held.question = question
            held.save()
        beside = list(
            summary.paragraphs.filter(question=held.question)
            .exclude(pk=held.pk)
            .order_by("position", "pk")
        )
        place = min(max(place, 1), len(beside) + 1)
        _order([*beside[: place - 1], held, *beside[place - 1 :]])
    return held


def remove(paragraph: SummaryParagraph, *, saves: int, by: AbstractBaseUser) -> None:
    """Remove a paragraph with what it cites; the history keeps its words. Gone twice is gone.

    Raises FinalError, StaleError.
    """
    with history.activity("summary.remove", by):
        locked_to_write(paragraph.summary)
        held = SummaryParagraph.objects.filter(pk=paragraph.pk).first()
        if held is None:
            return
        if held.saves != saves:
            raise StaleError(held)
        held.delete()


def _held(paragraph: SummaryParagraph) -> SummaryParagraph:
    rows = SummaryParagraph.objects.select_related("summary__consultation", "question")
    held = rows.select_related("written_by").filter(pk=paragraph.pk).first()
    if held is None:
        raise GoneError
    return held


def _read(summary: Summary, text: str) -> str:
    """Return a text as it is kept, after its citations and figures were read."""
    said = " ".join(text.split())
    if not said:
        raise EmptyError
    known = {each.name for each in figures.figures(summary.consultation)}
    try:
        citing.check(said, known.__contains__)
    except citing.CitingError as error:
        raise UnreadableError(error) from error
    return said


def _order(paragraphs: list[SummaryParagraph]) -> None:
    for place, each in enumerate(paragraphs, 1):
        if each.position != place:
            each.position = place
            each.save()


def _cite(
    paragraph: SummaryParagraph,
    passages: Mapping[int, TaggedPassage],
    read_at: datetime | None = None,
) -> None:
    """Keep what a paragraph cites, and what that says now; a passage picked before stays picked.

    Of what changed since its writer read it, what was read before stays: the checks find it.
    """
    stood = {each.contribution_id: each for each in paragraph.citations.all()}
    picked = {key: each.passage_id for key, each in stood.items()}
    since: set[int] = set()
    if read_at is not None and stood:
        events = ContributionEvent.objects.filter(contribution__in=stood, at__gt=read_at)
        since = set(events.values_list("contribution", flat=True))
    paragraph.citations.all().delete()
    rows = Contribution.objects.received().filter(
        consultation=paragraph.summary.consultation_id, number__in=citing.numbers(paragraph.text)
    )
    for each in reading.with_all_it_says(rows).order_by("number"):
        assert each.number is not None
        before = stood.get(each.pk)
        words = public_words(each)
        if before is not None and each.pk in since:
            words = str(before.seen_words)
        passage = passages.get(each.number)
        if passage is not None and passage.contribution_id != each.pk:
            raise OtherQuestionError
        Citation.objects.create(
            paragraph=paragraph, contribution=each, seen_sha256=digest(words), seen_words=words,
            passage_id=passage.pk if passage is not None else picked.get(each.pk),
        )  # fmt: skip
