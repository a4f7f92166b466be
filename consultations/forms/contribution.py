"""What a stakeholder tells: who they are, and what they answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms

from consultations.attaching import MOST_FILES, TOO_MANY_FILES, WHAT_IS_TAKEN
from consultations.forms.organisations import OrganisationsField
from consultations.intake import Change
from consultations.models import Contribution, Question, Standing
from meetings.characters import validate_line, validate_prose
from meetings.forms.files import FilesField, taken
from meetings.languages import LANGUAGES, in_any_language
from meetings.models import MemberState
from meetings.uploads.examine import Examined


class AboutYouForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for the type checker alone
    """Who sends a contribution, and what of that is published."""

    organisations = OrganisationsField(
        help_text=(
            "One a line, in the order in which they should stand. Published only if you agree below."
        )
    )
    website = forms.CharField(
        label="Leave this empty", required=False, max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )  # fmt: skip

    class Meta:
        model = Contribution
        fields = (
            "name", "publish_name", "job_title", "email", "on_behalf", "organisations",
            "publish_organisation", "stakeholder_group", "country", "publish_country",
            "publish_text",
        )  # fmt: skip
        help_texts = {
            "name": "Published only if you agree below.",
            "job_title": "Published with your name.",
            "email": (
                "Never published: it is used for the mails about this contribution, and by the "
                "secretariat to ask you."
            ),
            "on_behalf": "Not published by itself.",
            "stakeholder_group": "Published.",
            "country": "Published only if you agree below.",
            "publish_text": (
                "Answers, text and files. If you do not agree, they are not published but passed "
                "to the Group."
            ),
        }
        labels = {
            "on_behalf": "On whose behalf do you write?",
            "publish_text": "Publish my answers and files",
            "publish_organisation": "Publish my organizations",
        }

    def __init__(self, *args: Any, received: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and not self.is_bound:
            names = self.instance.organisations.values_list("name", flat=True)
            self.initial["organisations"] = "\n".join(names)
        self.fields["name"].required = self.fields["email"].required = True
        self.fields["stakeholder_group"].required = True
        country = self.fields["country"]
        assert isinstance(country, forms.ModelChoiceField)
        country.queryset = MemberState.objects.order_by("iso")
        if received:
            self.fields["email"].disabled = True
        for name in ("name", "email"):
            self.fields[name].widget.attrs["autocomplete"] = name
        for name in ("name", "job_title"):
            self.fields[name].validators.append(validate_line)

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise forms.ValidationError("This box is for machines. Empty it and go on.")
        return ""

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        organisation = Contribution.OnBehalf.ORGANISATION
        if told.get("on_behalf") == organisation and told.get("organisations") == []:
            self.add_error("organisations", "Name the organization on whose behalf you write.")
        return told

    def change(self) -> Change:
        """Return what was told and can be kept."""
        told = {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in ("organisations", "website")
        }
        return Change(told, organisations=self.cleaned_data.get("organisations"))

    def parts(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        """Give the fields in groups, each under its heading."""
        agreed = [self[name] for name in self.fields if name.startswith("publish_")]
        asked = [self[name] for name in self.fields if not name.startswith("publish_")]
        yield "Who you are", asked
        yield "What may be published", agreed

    def _post_clean(self) -> None:
        """Leave the row as it is: the activity writes it. Its fields' own rules ran already."""


class AnswersForm(forms.Form):
    """The answers, question by question, or a free text; the language."""

    def __init__(
        self, *args: Any, contribution: Contribution, whole: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.whole, self.kept_in_part = whole, contribution.standing == Standing.DRAFT
        self.contribution = contribution
        self.questions = list(
            Question.objects.filter(consultation=contribution.consultation_id, parent=None)
            .prefetch_related("questions")
            .order_by("position", "pk")
        )
        said = dict(contribution.answers.values_list("question", "text"))
        for place, question in enumerate(self.questions, 1):
            label = in_any_language(question.text)
            self.fields[f"answer_{question.pk}"] = forms.CharField(
                label=f"{place}. {label}" if len(self.questions) > 1 else label,
                required=False, max_length=100_000, validators=[validate_prose],
                help_text=" · ".join(in_any_language(e.text) for e in question.questions.all()),
                initial=said.get(question.pk, ""), widget=forms.Textarea(attrs={"rows": 6}),
            )  # fmt: skip
        label = "Anything else" if self.questions else "Your contribution"
        self.fields["text"] = forms.CharField(
            label=label, required=False, max_length=100_000, validators=[validate_prose],
            initial=contribution.text, widget=forms.Textarea(attrs={"rows": 6}),
        )  # fmt: skip
        self.fields["language"] = forms.ChoiceField(
            label="Language in which you write", choices=list(LANGUAGES.items()),
            initial=contribution.language, required=whole,  # it may be what was cut off
        )  # fmt: skip

        self.fields["files"] = FilesField(
            label="Add attachments", required=False,
            help_text=(
                f"{WHAT_IS_TAKEN} Published with your contribution, if you agreed to that."
            ),
        )  # fmt: skip

    def clean_files(self) -> list[Examined]:
        files = self.cleaned_data["files"]
        without = self._without()
        room = MOST_FILES - self.contribution.attachments.exclude(pk__in=without).count()
        good, refused = taken(files[: max(room, 0)], whole=self.whole)
        for reason in refused:
            self.add_error("files", reason)
        if len(files) > room:
            self.add_error("files", TOO_MANY_FILES)
        return good

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if not self.whole and "files" not in self.errors:
            self.add_error(None, "It did not come in whole. Look it over and send it again.")
        if self.errors and told.get("files") and not self.kept_in_part:
            self.add_error("files", "Add the files again: they are kept with a form that is right.")
        return told

    def _came(self) -> set[str]:
        """Return the names of the boxes that came in whole: of a cut form, the last may be half."""
        if self.whole:
            return set(self.fields)
        names = list(self.data)
        return set(names if self.files else names[:-1])

    def _without(self) -> list[int]:
        asked = str(self.data.get("without", ""))
        return [int(asked)] if asked.isascii() and asked.isdigit() and len(asked) < 19 else []

    def change(self) -> Change:
        """Return what can be kept: text and language, the answers by question, files."""
        good = self.cleaned_data.keys() & self._came()
        told: dict[str, Any] = {
            name: self.cleaned_data[name] for name in ("text", "language") if name in good
        }
        answers = {
            question.pk: self.cleaned_data[name]
            for question in self.questions
            if (name := f"answer_{question.pk}") in good
        }
        return Change(
            told, answers=answers, files=self.cleaned_data.get("files", ()), without=self._without()
        )

    def parts(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        """Give the fields in groups, each under its heading: here all are one."""
        yield "", list(self)
