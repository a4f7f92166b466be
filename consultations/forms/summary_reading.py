"""What is done with the contributions that a summary is written from: one form for each act."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from consultations.forms.moderation import prose
from consultations.forms.summary_acts import Act, key_of, of_round, question_choices, question_of
from consultations.models import (
    Attachment,
    Contribution,
    Question,
    SetAside,
    Tag,
    TaggedPassage,
)
from consultations.summary import coverage, tagging
from consultations.summary.tagging import Place
from meetings.characters import validate_line, validate_prose


def found_in(text: str, words: str, begins: int | None = None) -> tuple[int, int] | None:
    """Return where words stand in a text, from one character to another; line breaks do not matter.

    Where they stand more than once it is the place nearest to `begins`, else the first.
    """
    pattern = r"\s+".join(re.escape(each) for each in words.split())
    places = [match.span() for match in re.finditer(pattern, text)] if pattern else []
    if not places:
        return None
    return min(places, key=lambda span: abs(span[0] - (begins or 0)))


def paragraphs_of(text: str) -> list[str]:
    """Return the paragraphs of a text, for somebody to choose one."""
    return [line.strip() for line in text.splitlines() if line.strip()]


class Tagging(Act):
    """Put words of a contribution under a tag that stands, or a new one."""

    tag = forms.ModelChoiceField(Tag.objects.none(), required=False, label="Tag", empty_label="–")
    new = forms.CharField(
        label="or a new tag", max_length=100, required=False, validators=[validate_line]
    )

    def take(self, key: str, tags: QuerySet[Tag]) -> None:
        """Be about the contribution that `key` names, as long as it is public, and these tags."""
        found = of_round(self.summary).filter(pk=key_of(key))
        self.contribution: Contribution | None = found.first()
        box = self.fields["tag"]
        assert isinstance(box, forms.ModelChoiceField)
        box.queryset = tags

    def offer_tags(self, tags: Iterable[Tag], question: Question | None = None) -> None:
        """Offer the tags of the round, and those of a question of it."""
        asked_for = question.pk if question is not None else None
        self.fields["tag"].widget.choices = [
            ("", "–"),
            *((each.pk, str(each)) for each in tags if each.question_id in (None, asked_for)),
        ]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if not said.get("tag") and not said.get("new") and not self.errors:
            self.add_error("tag", "Choose a tag, or name a new one.")
        return said

    def still_public(self) -> Contribution:
        """Return the contribution. Raises ValidationError where it is not public any more."""
        if self.contribution is None:
            raise ValidationError("This contribution is not public any more. Nothing was changed.")
        return self.contribution

    def put(self, place: Place, words: str, at: datetime) -> None:
        """Put words that stand at a place under the tag. Raises ValidationError and SummaryError."""
        held = self.still_public()
        with transaction.atomic():
            tag = self.cleaned_data["tag"] or self._named(place.question)
            made = tagging.tag(tag, held, place, words, by=self.by, at=at)
        self.leads = f"passage-{made.pk}"

    def _named(self, question: Question | None) -> Tag:
        """Return the tag of the name that was typed, made where there is none."""
        name = self.cleaned_data["new"]
        tags = Tag.objects.filter(
            consultation=self.summary.consultation_id, name__iexact=" ".join(name.split())
        )
        standing = tags.filter(question=None) | tags.filter(question=question)
        consultation = self.summary.consultation
        found = standing.first()
        return found or tagging.add(consultation, name, by=self.by, question=question)


class Mark(Tagging):
    """Put words of a contribution under a tag.

    `key` is “contribution-question”; without a question it is about the free text.
    """

    name, done = "mark", "The passage is tagged."

    words = forms.CharField(
        label="Words", required=False, max_length=20_000, validators=[validate_prose],
        widget=forms.Textarea({"rows": 3}), help_text="Copy them from the text above.",
    )  # fmt: skip
    paragraph = forms.TypedChoiceField(
        label="or a whole paragraph", required=False, coerce=int, empty_value=None
    )
    begins = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def prepare(self) -> None:
        self.contribution = None
        self.place, self.text = Place(), ""
        if not self.is_bound:  # the page offers what there is to choose from, of many at once
            return
        contribution, _, question = self.key.partition("-")
        tags = Tag.objects.filter(consultation=self.summary.consultation_id)
        self.take(contribution, tags)
        self.place = Place(question=question_of(self.summary, question))
        self.text = tagging.text_at(self.contribution, self.place) if self.contribution else ""
        self.offer(self.text, list(tags), self.place.question)

    def offer(self, text: str, tags: Iterable[Tag], question: Question | None) -> None:
        """Offer the paragraphs of a text, and the tags of the round and of its question."""
        lines = [
            (place, f"{place}. {line[:60]}") for place, line in enumerate(paragraphs_of(text), 1)
        ]
        choose = self.fields["paragraph"]
        assert isinstance(choose, forms.TypedChoiceField)
        choose.choices = [("", "–"), *lines]
        self.offer_tags(tags, question)

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        chosen = said.get("paragraph")
        if chosen and not said.get("words", "").strip():
            said["words"] = paragraphs_of(self.text)[chosen - 1]
        if not said.get("words", "").strip() and "words" not in self.errors:
            self.add_error("words", "Copy the words here, or choose a paragraph.")
        return said

    def do(self, at: datetime) -> None:
        self.still_public()
        said = self.cleaned_data
        span = found_in(self.text, said["words"], said["begins"])
        if span is None:
            raise tagging.NotThereError
        self.put(Place(self.place.question, *span), self.text[slice(*span)], at)


class MarkFile(Tagging):
    """Put words of a contribution's file under a tag of the round."""

    name, done = "mark_file", "The passage of the file is tagged."

    attachment = forms.ModelChoiceField(Attachment.objects.none(), label="File", empty_label=None)
    page = forms.IntegerField(
        label="Page, where known", required=False, min_value=1, max_value=9999
    )
    words = forms.CharField(
        label="Words", max_length=20_000, validators=[validate_prose],
        widget=forms.Textarea({"rows": 3}), help_text="As they stand in the file.",
    )  # fmt: skip

    def prepare(self) -> None:
        self.contribution = None
        if not self.is_bound:
            return
        tags = Tag.objects.filter(consultation=self.summary.consultation_id, question=None)
        self.take(self.key, tags)
        file = self.fields["attachment"]
        assert isinstance(file, forms.ModelChoiceField)
        file.queryset = Attachment.objects.filter(contribution=self.contribution, withheld_for="")
        self.offer(list(file.queryset), list(tags))

    def offer(self, files: Iterable[Attachment], tags: Iterable[Tag]) -> None:
        """Offer the files of a contribution, and the tags of the round."""
        self.fields["attachment"].widget.choices = [(each.pk, str(each.name)) for each in files]
        self.offer_tags(tags)

    def do(self, at: datetime) -> None:
        said = self.cleaned_data
        place = Place(attachment=said["attachment"], page=said["page"])
        self.put(place, said["words"].strip(), at)


class Unmark(Act):
    """Take a tag off a passage."""

    name, done = "unmark", "The tag is taken off; who tagged it, and who took it off, stays."

    def do(self, at: datetime) -> None:
        rows = TaggedPassage.objects.filter(tag__consultation=self.summary.consultation_id)
        tagging.untag(self.row(rows), by=self.by, at=at)


class AddTag(Act):
    """Add a tag, for one question or for all."""

    name, done = "add_tag", "The tag is added."
    called = forms.CharField(label="New tag", max_length=100, validators=[validate_line])
    question = forms.ChoiceField(label="for", required=False)

    def prepare(self) -> None:
        box = self.fields["question"]
        assert isinstance(box, forms.ChoiceField)
        box.choices = [("", "the whole round"), *question_choices(self.summary)]

    def do(self, at: datetime) -> None:
        said = self.cleaned_data
        question = question_of(self.summary, said["question"])
        tagging.add(self.summary.consultation, said["called"], by=self.by, question=question)


class RenameTag(Act):
    """Call a tag otherwise."""

    name, done = "rename_tag", "The tag has its new name."
    called = forms.CharField(label="Name", max_length=100, validators=[validate_line])

    def do(self, at: datetime) -> None:
        rows = Tag.objects.filter(consultation=self.summary.consultation_id)
        tagging.rename(self.row(rows), self.cleaned_data["called"], by=self.by)


class RemoveTag(Act):
    """Remove a tag under which nothing stands."""

    name, done = "remove_tag", "The tag is removed."

    def do(self, at: datetime) -> None:
        rows = Tag.objects.filter(consultation=self.summary.consultation_id)
        tagging.remove(self.row(rows), by=self.by)


class PutAside(Act):
    """Set a published contribution aside, with the reason; `key` is the contribution."""

    name = "set_aside"
    reason = prose("Reason", "Why no paragraph cites it. It stands in the summary.", 1_000, 2)

    def do(self, at: datetime) -> None:
        row = self.row(of_round(self.summary))
        coverage.set_aside(self.summary, row, self.cleaned_data["reason"], by=self.by, at=at)
        self.leads = f"contribution-{row.number}"

    def said(self) -> str:
        return "The contribution is set aside, with the reason."


class TakeBack(Act):
    """Set a contribution aside no more; `key` is the row that set it aside."""

    name, done = "take_back", "The contribution is set aside no more."

    def do(self, at: datetime) -> None:
        rows = SetAside.objects.filter(summary=self.summary)
        coverage.take_back(self.row(rows.select_related("summary")), by=self.by)
