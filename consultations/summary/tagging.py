"""Tags of a round, and the passages of contributions under them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError

from consultations import reading
from consultations.access import is_published
from consultations.models import (
    Attachment,
    Consultation,
    Contribution,
    Question,
    Tag,
    TaggedPassage,
)
from consultations.reading import PublicContribution
from consultations.summary.states import SummaryError
from meetings import history


class TaggedAlreadyError(SummaryError):
    """A tag of that name, or the same words under the same tag."""


class TagUsedError(SummaryError):
    """Removing a tag under which passages stand."""

    def __init__(self, tag: Tag, number: int) -> None:
        some = "A passage stands" if number == 1 else f"{number} passages stand"
        super().__init__(f"{some} under “{tag}”. Take the tag off first. Nothing was changed.")


class NotThereError(SummaryError):
    """Words that do not stand at the place that was named, as everybody reads it."""

    field = "words"

    def __init__(self) -> None:
        super().__init__(
            "These words do not stand there, or not any more. Read the contribution once more, then "
            "mark the passage again. Nothing was changed."
        )


class NotPublishedError(SummaryError):
    """Tagging what is not public."""

    def __init__(self, contribution: Contribution) -> None:
        super().__init__(f"{contribution} is not public, so nothing of it is tagged.")


class NotTogetherError(SummaryError):
    """A tag of another round, or of another question."""

    def __init__(self, tag: Tag) -> None:
        super().__init__(f"The tag “{tag}” is for another round or another question.")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a passage stands: in an answer, in the free text (neither), or on a page of a file."""

    question: Question | None = None
    start: int | None = None
    end: int | None = None
    attachment: Attachment | None = None
    page: int | None = None


def add(
    consultation: Consultation,
    name: str,
    *,
    by: AbstractBaseUser,
    question: Question | None = None,
) -> Tag:
    """Add a tag to a round, for one question or for all. Raises TaggedAlreadyError, ValidationError."""
    with history.activity("summary.add_tag", by):
        rows = Consultation.objects.select_for_update(no_key=True)
        held = rows.get(pk=consultation.pk)
        made = Tag(
            consultation=held, question=question, name=" ".join(name.split()),
            position=held.tags.count() + 1,
        )  # fmt: skip
        made.clean_fields()
        made.clean()
        _refuse_twice(made)
        made.save()
    return made


def rename(tag: Tag, name: str, *, by: AbstractBaseUser) -> Tag:
    """Call a tag otherwise; its passages stay. Raises TaggedAlreadyError, ValidationError."""
    with history.activity("summary.rename_tag", by):
        held = Tag.objects.select_for_update(no_key=True, of=("self",)).get(pk=tag.pk)
        held.name = " ".join(name.split())
        held.clean_fields()
        _refuse_twice(held)
        held.save()
    return held


def _refuse_twice(tag: Tag) -> None:
    try:
        tag.validate_constraints()
    except ValidationError as error:
        raise TaggedAlreadyError(" ".join(error.messages)) from error


def remove(tag: Tag, *, by: AbstractBaseUser) -> None:
    """Remove a tag under which no passage stands; gone twice is gone. Raises TagUsedError."""
    with history.activity("summary.remove_tag", by):
        held = Tag.objects.select_for_update(no_key=True, of=("self",)).filter(pk=tag.pk).first()
        if held is None:
            return
        standing = held.passages.filter(removed_at=None).count()
        if standing:
            raise TagUsedError(held, standing)
        held.delete()


def text_at(contribution: Contribution, place: Place) -> str:
    """Return the text in which a place is counted, as everybody reads it; "" where there is none."""
    passages = [str(each.passage) for each in contribution.redactions.all()]
    if place.question is None:
        return reading.public_text(str(contribution.text), passages)
    answer = contribution.answers.filter(question=place.question).first()
    return reading.public_text(str(answer.text), passages) if answer is not None else ""


def stands(passage: TaggedPassage, said: PublicContribution) -> bool:
    """Say whether the words of a passage stand in what everybody reads of its contribution now.

    Those of a file are taken as they were said, as long as everybody may have the file.
    """
    if passage.attachment_id is not None:
        return any(each.pk == passage.attachment_id for each in said.attachments)
    texts = [each.pieces for each in said.answers if each.question.pk == passage.question_id]
    if passage.question_id is None:
        texts = [said.text]
    return any(str(passage.words) in reading.plain(each) for each in texts)


def tag(
    tag: Tag,
    contribution: Contribution,
    place: Place,
    words: str,
    *,
    by: AbstractBaseUser,
    at: datetime,
) -> TaggedPassage:
    """Put words of a published contribution under a tag; `words` are what was marked.

    Of a file, the words and its page are taken as they are said. Raises NotPublishedError,
    NotTogetherError, NotThereError, TaggedAlreadyError, ValidationError.
    """
    with history.activity("summary.tag", by):
        held = Tag.objects.select_for_update(no_key=True, of=("self",)).get(pk=tag.pk)
        row = Contribution.objects.select_related("consultation__group").get(pk=contribution.pk)
        if not is_published(row):
            raise NotPublishedError(row)
        asked = place.question.pk if place.question is not None else None
        if row.consultation_id != held.consultation_id or held.question_id not in (None, asked):
            raise NotTogetherError(held)
        if place.attachment is not None:
            file = place.attachment
            if file.contribution_id != row.pk or file.withheld_for or not words.strip():
                raise NotThereError
        elif (
            place.start is None
            or place.end is None
            or place.start >= place.end
            or text_at(row, place)[place.start : place.end] != words
        ):
            raise NotThereError
        made = TaggedPassage(
            tag=held, contribution=row, question=place.question, attachment=place.attachment,
            page=place.page, start=place.start, end=place.end, words=words,
            made_at=at, made_by_id=by.pk,
        )  # fmt: skip
        made.clean_fields()
        try:
            made.validate_constraints()
        except ValidationError as error:
            raise TaggedAlreadyError(" ".join(error.messages)) from error
        made.save()
    return made


def untag(passage: TaggedPassage, *, by: AbstractBaseUser, at: datetime) -> TaggedPassage:
    """Take a tag off a passage; who put it there, and who took it off, stay. Twice is once."""
    with history.activity("summary.untag", by):
        rows = TaggedPassage.objects.select_for_update(no_key=True, of=("self",))
        held = rows.get(pk=passage.pk)
        if held.removed_at is None:
            held.removed_at, held.removed_by_id = at, by.pk
            held.save()
    return held
