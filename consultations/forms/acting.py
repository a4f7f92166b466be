"""What forms of one act each have in common: the activity does it, and has the last word."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

from django import forms
from django.core.exceptions import ValidationError


class ActForm(forms.Form):
    """One act; `done` is said once it is done, what the activity refuses stands at its place."""

    name: ClassVar[str]
    done: ClassVar[str] = ""
    refusals: ClassVar[tuple[type[Exception], ...]]  # what the activity says no by
    # by what the activity calls it: the box that it is about, and what is said there, if in other words
    places: ClassVar[Mapping[str, tuple[str, str]]] = {}

    def prepare(self) -> None:
        """Fill what there is to choose from."""

    def do(self, at: datetime) -> None:
        """Do it. Raises what the activity raises."""
        raise NotImplementedError

    def save(self, at: datetime) -> bool:
        """Do it; False where that cannot be, which is said at its place."""
        if not self.is_valid():
            return False
        try:
            self.do(at)
        except ValidationError as error:
            self.add_error(None, error.messages)
            return False
        except self.refusals as error:
            named = getattr(error, "field", "")
            field, words = self.places.get(named, (named, ""))
            self.add_error(field if field in self.fields else None, words or str(error))
            self.refused(error)
            return False
        return True

    def refused(self, error: Exception) -> None:
        """Take note of why it cannot be."""
