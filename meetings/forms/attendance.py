"""Who took part, as it is typed or brought in from a list."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from meetings import attendance
from meetings.attendance import Brought
from meetings.models import Meeting, MemberState, Participant
from meetings.open_meeting import NotOpenError
from meetings.settling import By

LARGEST = 1_000_000  # characters


class BringInForm(forms.Form):
    """A list of participants: pasted, or a file of the same lines."""

    lines = forms.CharField(
        required=False, max_length=LARGEST, strip=False, label="Lines",
        widget=forms.Textarea({"rows": 6}),
        help_text=(
            "Name, Member State (its code or name) or organization, function, in person or remote: "
            "with commas, semicolons or tabs between them."
        ),
    )  # fmt: skip
    file = forms.FileField(required=False, label="or a CSV file", help_text="UTF-8, up to 1 MB.")

    def __init__(self, data: Any = None, files: Any = None, *, meeting: Meeting) -> None:
        super().__init__(data, files)
        self.meeting = meeting
        self.brought: Brought | None = None

    def clean_file(self) -> str:
        """Return the text of the file; "" where there is none."""
        sent: Any = self.cleaned_data["file"]
        if sent is None:
            return ""
        if getattr(sent, "problem", "") or sent.size > LARGEST:
            raise ValidationError("The file is larger than 1 MB.")
        try:
            text: str = sent.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            raise ValidationError("The file is no text in UTF-8. Save it as CSV UTF-8.") from None
        return text

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and not (cleaned["lines"].strip() or cleaned["file"]):
            self.add_error("lines", "Paste the lines, or choose a file.")
        return cleaned

    def save(self, by: By) -> Brought | None:
        said = self.cleaned_data
        text = "\n".join(each for each in (said["lines"], said["file"]) if each.strip())
        try:
            self.brought = attendance.bring_in(self.meeting, text, by=by)
        except NotOpenError as error:
            self.add_error(None, str(error))
        return self.brought


class ParticipantForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """One participant."""

    class Meta:
        model = Participant
        fields: ClassVar[list[str]] = ["name", "member_state", "organisation", "function", "mode"]

    def __init__(self, data: Any = None, *, participant: Participant) -> None:
        super().__init__(data, instance=participant)
        field = self.fields["member_state"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = MemberState.objects.all()
        field.label = "Member State"

    def _get_validation_exclusions(self) -> set[str]:
        # a person stands once in the list of their meeting, which is no box of the form
        kept: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return kept - {"meeting"}

    def write(self, by: By) -> Participant | None:
        """Save it; None where something has to be mended."""
        try:
            return attendance.save(self.instance, by=by)
        except NotOpenError as error:
            self.add_error(None, str(error))
        except ValidationError as error:
            self.add_error(None, error.messages)
        return None
