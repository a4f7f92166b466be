"""Files in a form: several at once, each taken or refused by itself."""

from __future__ import annotations

from typing import Any

from django import forms

from meetings.uploads.examine import Examined, examine
from meetings.uploads.handler import NOT_STORED
from meetings.uploads.names import shown_name
from meetings.uploads.refusal import FileRefusedError

CUT = "The upload was cut before it was whole. Add it again."


class FilesInput(forms.FileInput):
    """A box for several files."""

    allow_multiple_selected = True

    def __init__(self, accept: str = ".pdf,.docx,.odt") -> None:
        super().__init__(attrs={"accept": accept})


class FilesField(forms.Field):
    """Several files as they came in; what is to be said of each, the form says."""

    widget = FilesInput

    def to_python(self, value: Any) -> list[Any]:
        return value if isinstance(value, list) else [value] if value else []


def taken(received: list[Any], *, whole: bool) -> tuple[list[Examined], list[str]]:
    """Return the files that are taken, and for each other one why it is not.

    Where the form did not come in `whole`, no file of it can be known to be.
    """
    good: list[Examined] = []
    refused: list[str] = []
    for file in received:
        try:
            good.append(_examined(file, whole=whole))
        except FileRefusedError as error:
            reason = error.reason[0].lower() + error.reason[1:]
            refused.append(f"“{shown_name(file.name or '') or 'file'}” was not taken: {reason}")
    return good, refused


def _examined(file: Any, *, whole: bool) -> Examined:
    if not whole:
        raise FileRefusedError(CUT)
    if problem := getattr(file, "problem", ""):
        raise FileRefusedError(problem)
    try:
        return examine(file.read(), file.name or "")
    except OSError:  # no room to look at it
        raise FileRefusedError(NOT_STORED) from None
