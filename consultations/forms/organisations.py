"""The box for the organizations that a contribution is from."""

from __future__ import annotations

from typing import Any

from django import forms

from consultations.models import Organisation
from meetings.characters import validate_line

MOST = 20


class OrganisationsField(forms.CharField):
    """Organizations, one a line, in the order in which they should stand: a list of their names."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.Textarea({"rows": 2})
        super().__init__(
            label="Organizations", required=False, max_length=7_000, widget=widget, **kwargs
        )

    def clean(self, value: Any) -> list[str]:
        """Return the names. Raises ValidationError for too many, or for one that is too long."""
        lines = (line.strip() for line in super().clean(value).splitlines())
        names = [name for name in lines if name]
        if len(names) > MOST:
            raise forms.ValidationError(f"At most {MOST} can be named.")
        longest = Organisation._meta.get_field("name").max_length or 0
        for name in names:
            validate_line(name)
            if len(name) > longest:
                raise forms.ValidationError(f"“{name[:40]}…” is longer than {longest} characters.")
        return names
