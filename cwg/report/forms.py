"""What people type on a report's way: a reason, a remark, a paragraph, a final word."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms

from cwg.report.models import Consideration, Report
from meetings.characters import validate_prose
from meetings.language_boxes import ByLanguageFormField
from meetings.models import Edition, Outcome, Session

MOST_CHARACTERS = 4000
DAY, ISO = {"type": "date"}, "%Y-%m-%d"  # a box in which the browser helps to choose a day


class ReasonForm(forms.Form):
    """Why a draft is returned or taken back."""

    reason = forms.CharField(
        max_length=2000, widget=forms.Textarea({"rows": 3}), validators=[validate_prose],
        error_messages={"required": "Say why."},
    )  # fmt: skip


class DoneForm(ReasonForm):
    """What was done about a remark."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].error_messages["required"] = "Say what was done."


class RemarkForm(forms.Form):
    """A remark on one paragraph."""

    anchor = forms.CharField(max_length=100, widget=forms.HiddenInput)
    text = forms.CharField(
        max_length=MOST_CHARACTERS, widget=forms.Textarea({"rows": 3}), validators=[validate_prose],
        error_messages={"required": "Write the remark."}, label="Remark",
    )  # fmt: skip


class OwnParagraphForm(forms.Form):
    """A paragraph of the Chair's own section."""

    passage = forms.IntegerField(widget=forms.HiddenInput)
    text = forms.CharField(
        max_length=20_000, widget=forms.Textarea({"rows": 8}), validators=[validate_prose],
        error_messages={"required": "Write the paragraph; it is not removed here."},
    )  # fmt: skip


class FinaliseForm(forms.Form):
    """What the next edition is, why it is made, and which promises the report keeps."""

    series = forms.ChoiceField(
        choices=[
            (Edition.Series.REVISION, "a revision: it replaces the edition before"),
            (Edition.Series.CORRIGENDUM, "a corrigendum: it corrects the edition before"),
        ],
        initial=Edition.Series.REVISION, label="The next edition is", widget=forms.RadioSelect,
    )  # fmt: skip
    reason = forms.CharField(
        max_length=1000, widget=forms.Textarea({"rows": 2}), validators=[validate_prose],
        label="Why it is made", error_messages={"required": "Say why a new edition is made."},
    )  # fmt: skip
    keeps = forms.ModelMultipleChoiceField(
        Outcome.objects.none(), required=False, widget=forms.CheckboxSelectMultiple,
        label="Promises that this report keeps",
    )  # fmt: skip

    def __init__(self, *args: Any, promises: Any, first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keeps = self.fields["keeps"]
        assert isinstance(keeps, forms.ModelMultipleChoiceField)
        keeps.queryset = promises
        if first:
            del self.fields["series"], self.fields["reason"]

    def kept(self) -> Sequence[Outcome]:
        """Return the promises confirmed."""
        return list(self.cleaned_data["keeps"])


class ConsiderationForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """What the session did with the report."""

    class Meta:
        model = Consideration
        fields = ("on", "decision", "words", "summary_record", "effect")
        field_classes = {"words": ByLanguageFormField, "effect": ByLanguageFormField}
        widgets: ClassVar[dict[str, forms.Widget]] = {"on": forms.DateInput(DAY, format=ISO)}

    def _get_validation_exclusions(self) -> set[str]:
        """Check the report too: a decision stands once among those about it."""
        kept: set[str] = super()._get_validation_exclusions() - {"report"}  # type: ignore[misc]
        return kept


class ReportAddress(forms.BaseModelForm):  # type: ignore[type-arg]  # not generic at run time
    """Ends a report's address as its session's where nothing else was typed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        slug = self.fields.get("slug")
        if slug is not None:  # not there where the report is only read
            slug.required = False
            slug.label = "End of its address"
            slug.help_text = "As in council-2026. Left empty: as the session’s."

    def clean_slug(self) -> str:
        """Return what was typed; the session's own where nothing was."""
        typed = str(self.cleaned_data.get("slug") or "")
        session: Session | None = self.cleaned_data.get("session")
        return typed or (session.key if session else "")


class NextReportForm(ReportAddress, forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """A new report that goes on from an earlier one, of whose group it is."""

    class Meta:
        model = Report
        fields = ("session", "first_day", "last_day", "as_of", "signed_by", "slug")
        widgets: ClassVar[dict[str, forms.Widget]] = {
            name: forms.DateInput(DAY, format=ISO) for name in ("first_day", "last_day", "as_of")
        }

    def _get_validation_exclusions(self) -> set[str]:
        """Check the group too: an address is taken in its group."""
        kept: set[str] = super()._get_validation_exclusions() - {"group"}  # type: ignore[misc]
        return kept
