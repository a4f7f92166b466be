"""What a guest says about a draft summary: of any of its paragraphs, and of the whole, on one page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from django import forms
from django.db import transaction

from consultations.models import SummaryComment, SummaryGuest, SummaryParagraph
from consultations.summary import commenting
from consultations.summary.states import SummaryError
from meetings.characters import validate_line, validate_prose

MOST = 5_000
_BOX = re.compile(r"about_[0-9]+", re.ASCII)
REMOVED = (
    "A paragraph on which you wrote was removed meanwhile. What you wrote on it stands now in the "
    "box about the whole draft: look it over, then send."
)


def box(paragraph: SummaryParagraph) -> str:
    """Return the name of the box in which a comment on a paragraph is typed."""
    return f"about_{paragraph.pk}"


class DraftForm(forms.Form):
    """A box for each paragraph of a draft and one for the whole: all that is filled is sent at once."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        guest: SummaryGuest,
        paragraphs: Iterable[SummaryParagraph],
    ) -> None:
        self.guest, self.paragraphs = guest, list(paragraphs)
        self.removed = False
        super().__init__(None if data is None else self._kept(data), label_suffix="")
        for name, label in (("name", "Your name"), ("organisation", "Your organization")):
            self.fields[name] = forms.CharField(
                label=label, max_length=200 if name == "name" else 300, required=False,
                initial=getattr(guest, name), validators=[validate_line],
            )  # fmt: skip
        for each in self.paragraphs:
            self.fields[box(each)] = self._box("Your comment on this paragraph", 4)
        self.fields["draft"] = self._box("Your comment on the whole draft", 6)

    def _box(self, label: str, rows: int) -> forms.CharField:
        return forms.CharField(
            label=label, required=False, max_length=MOST, validators=[validate_prose],
            widget=forms.Textarea({"rows": rows}),
        )  # fmt: skip

    def _kept(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Return what was typed; what was typed about a paragraph that is gone, about the whole."""
        typed = {name: str(data.get(name, "")) for name in data}
        known = {box(each) for each in self.paragraphs}
        gone = [
            text
            for name, text in typed.items()
            if _BOX.fullmatch(name) and name not in known and text.strip()
        ]
        if gone:
            self.removed = True
            typed["draft"] = "\n\n".join(filter(str.strip, [typed.get("draft", ""), *gone]))
        return typed

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if self.removed:
            raise forms.ValidationError(REMOVED)
        boxes = [box(each) for each in self.paragraphs] + ["draft"]
        if not any(name in self.errors or told.get(name, "").strip() for name in boxes):
            raise forms.ValidationError("Write a comment on a paragraph, or on the whole draft.")
        if "name" not in self.errors and not told.get("name"):
            self.add_error("name", "Say who you are: it stands with your comments.")
        return told

    def save(self, at: datetime, key: str) -> list[SummaryComment]:
        """Keep all that was typed, or nothing where the draft says otherwise now; `key` is the form's.

        Sent twice, each is the same comment.
        """
        if not self.is_valid():
            return []
        told = self.cleaned_data
        about: list[tuple[str, SummaryParagraph | None]] = [
            *((told[box(each)], each) for each in self.paragraphs), (told["draft"], None),
        ]  # fmt: skip
        try:
            with transaction.atomic():
                return [
                    commenting.comment(
                        self.guest, text, at=at, name=told["name"],
                        organisation=told["organisation"], paragraph=paragraph,
                        form_key=_key(key, text, paragraph),
                    )
                    for text, paragraph in about
                    if text.strip()
                ]  # fmt: skip
        except SummaryError as error:
            self.add_error(None, str(error))
        return []


def _key(form: str, text: str, paragraph: SummaryParagraph | None) -> str:
    """Return the key of one box of a form: what was typed anew in it is another comment."""
    if not form:
        return ""
    said = f"{form}/{paragraph.pk if paragraph else ''}/{text.strip()}"
    return sha256(said.encode()).hexdigest()[:32]
