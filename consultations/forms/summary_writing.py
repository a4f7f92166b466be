"""What is done with the paragraphs of a summary: one form for each act."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms

from consultations.forms.summary_acts import Act, key_of, question_of
from consultations.models import SummaryParagraph, TaggedPassage
from consultations.summary import writing
from meetings.characters import validate_prose

_PICKED = re.compile(r"(\d{1,6}):(\d{1,18})", re.ASCII)


class Picked(forms.Field):
    """Where citations open: “17:55” for passage 55 of contribution 17, several with commas."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> dict[int, int]:
        return {int(n): int(key) for n, key in _PICKED.findall(str(value or ""))}


class Write(Act):
    """Add a paragraph, or change the one that `key` names."""

    name = "write"

    text = forms.CharField(
        label="Text", max_length=10_000, required=False, validators=[validate_prose],
        widget=forms.Textarea({"rows": 7}), help_text=(
            "Cite contributions by number: [17], [4, 9], [4-7]. Figures stand in slots: "
            "{{ published }}."
        ),
    )  # fmt: skip
    heading = forms.BooleanField(label="It is a heading", required=False)
    question = forms.CharField(required=False, widget=forms.HiddenInput)
    after = forms.CharField(required=False, widget=forms.HiddenInput)
    saves = forms.IntegerField(required=False, widget=forms.HiddenInput)
    opened = forms.DateTimeField(required=False, widget=forms.HiddenInput)
    passages = Picked(required=False)

    def prepare(self) -> None:
        self.standing: SummaryParagraph | None = None  # as a colleague saved it meanwhile
        self.gone = False

    def do(self, at: datetime) -> None:
        said = self.cleaned_data
        passages = self._passages(said["passages"])
        if not self.key:
            after = self.summary.paragraphs.filter(pk=key_of(said["after"])).first()
            made = writing.write(
                self.summary, said["text"], by=self.by, at=at, heading=said["heading"],
                question=question_of(self.summary, said["question"]), after=after,
                passages=passages,
            )  # fmt: skip
        else:
            rows = self.summary.paragraphs.select_related("summary__consultation")
            held = rows.filter(pk=key_of(self.key)).first()
            if held is None:
                raise writing.GoneError
            made = writing.change(
                held, said["text"], saves=said["saves"] or 0, by=self.by, at=at,
                read_at=said["opened"], heading=said["heading"], passages=passages,
            )  # fmt: skip
        self.leads = f"paragraph-{made.pk}"

    def _passages(self, picked: Mapping[int, int]) -> dict[int, TaggedPassage]:
        rows = TaggedPassage.objects.filter(
            tag__consultation=self.summary.consultation_id, pk__in=picked.values(), removed_at=None
        ).select_related("contribution")
        return {each.contribution.number: each for each in rows if each.contribution.number}

    def refused(self, error: Exception) -> None:
        if isinstance(error, writing.StaleError):
            self.standing = error.standing
            # whoever sends it now has read what stands
            self.data = {**self.typed(), "saves": str(error.standing.saves)}
        if isinstance(error, writing.GoneError):
            self.gone, self.key = True, ""

    def typed(self) -> dict[str, Any]:
        """Return what was typed, by field."""
        return {name: self.data.get(name, "") for name in self.fields if self.data.get(name)}

    def put(self, said: str) -> Write:
        """Return the form with a citation or a slot added at the end: “[17]”, “[17]:55”."""
        words, _, passage = said.rpartition("]:")
        words = f"{words}]" if passage.isdigit() and words else said
        typed = self.typed()
        before = str(typed.get("text", "")).rstrip()
        typed["text"] = f"{before} {words}".strip()
        number = words.strip("[]")
        if key_of(passage) and key_of(number):
            kept = Picked().to_python(typed.get("passages", ""))
            kept |= {key_of(number): key_of(passage)}
            typed["passages"] = ",".join(f"{n}:{key}" for n, key in kept.items())
        return self.unsent(typed)

    def unsent(self, typed: Mapping[str, Any] | None = None) -> Write:
        """Return the form with what was typed, before it is saved."""
        made = Write(None, summary=self.summary, by=self.by, key=self.key)
        made.initial = dict(self.typed() if typed is None else typed)
        return made


class Stands(Act):
    """Say that a paragraph stands, though what it cites was changed since it was written."""

    name, done = "stands", "The paragraph stands: it was read with what it cites as that is now."
    saves = forms.IntegerField(widget=forms.HiddenInput)
    opened = forms.DateTimeField(required=False, widget=forms.HiddenInput)

    def do(self, at: datetime) -> None:
        held = self.row(self.summary.paragraphs.select_related("summary__consultation"))
        said = self.cleaned_data
        writing.change(
            held, str(held.text), saves=said["saves"], by=self.by, at=at, read_at=said["opened"]
        )
        self.leads = f"paragraph-{held.pk}"


class Move(Act):
    """Put a paragraph one place up or down, or under another question."""

    name = "move"
    to = forms.CharField(widget=forms.HiddenInput)
    question = forms.CharField(required=False)

    def do(self, at: datetime) -> None:
        rows = self.summary.paragraphs.select_related("summary__consultation", "question")
        held, to = self.row(rows), self.cleaned_data["to"]
        if to == "elsewhere":
            asked_for = question_of(self.summary, self.cleaned_data["question"])
            writing.move(held, 10_000, by=self.by, question=asked_for, elsewhere=True)
        else:
            beside = rows.filter(question=held.question).order_by("position", "pk")
            place = [each.pk for each in beside].index(held.pk) + 1
            writing.move(held, place + (1 if to == "down" else -1), by=self.by)
        self.leads = f"paragraph-{held.pk}"


class Remove(Act):
    """Remove a paragraph; the history keeps its words."""

    name, done = "remove", "The paragraph is removed; the history keeps its words."
    saves = forms.IntegerField(widget=forms.HiddenInput)

    def do(self, at: datetime) -> None:
        held = self.row(self.summary.paragraphs.select_related("summary__consultation"))
        writing.remove(held, saves=self.cleaned_data["saves"], by=self.by)
