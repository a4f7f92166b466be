"""A contribution that came by e-mail or on paper, as the secretariat types it in."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib.auth.base_user import AbstractBaseUser

from consultations import entry, reading
from consultations.entry import EntryError, Letter
from consultations.forms.moderation import day_box, prose
from consultations.forms.organisations import OrganisationsField
from consultations.models import Consultation, Contribution, StakeholderGroup
from consultations.reading import NumberedQuestion
from meetings.characters import validate_line, validate_prose
from meetings.languages import LANGUAGES, in_any_language
from meetings.models import MemberState

LONGEST = 100_000
FACTS = (
    "name", "job_title", "email", "stakeholder_group", "country", "language", "on_behalf",
    "publish_name", "publish_organisation", "publish_country", "publish_text", "text",
)  # fmt: skip


def _box(label: str, help_text: str = "", rows: int = 5) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, required=False, max_length=LONGEST,
        validators=[validate_prose], widget=forms.Textarea({"rows": rows}),
    )  # fmt: skip


def _line(label: str, **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=200, validators=[validate_line], **kwargs
    )


class EntryForm(forms.Form):
    """Who sent it, what it says, how it came, and what its sender said about publishing it."""

    way = forms.ChoiceField(
        label="How it came", widget=forms.RadioSelect,
        choices=[(each.value, Contribution.Way(each).label.partition(",")[0]) for each in entry.WAYS],
    )  # fmt: skip
    arrived_on = day_box("Day it arrived")
    late_reason = prose("Why it is taken, if it came after the closing", "For the history.", 500, 2)
    name = _line("Full name")
    job_title = _line("Job title")
    organisations = OrganisationsField(
        help_text="One a line, in the order in which they should stand."
    )
    stakeholder_group = forms.ChoiceField(
        label="Stakeholder group", choices=[("", "—"), *StakeholderGroup.choices]
    )
    country = forms.ModelChoiceField(
        MemberState.objects.order_by("iso"), required=False, empty_label="—", label="Country"
    )
    email = forms.EmailField(
        label="E-mail address", required=False,
        help_text="Never published. A receipt goes there, if it is given.",
    )  # fmt: skip
    language = forms.ChoiceField(label="Language", choices=list(LANGUAGES.items()), initial="en")
    publish_name = forms.BooleanField(label="the name", required=False)
    publish_organisation = forms.BooleanField(label="the organizations", required=False)
    publish_country = forms.BooleanField(label="the country", required=False)
    publish_text = forms.BooleanField(label="the text", required=False)
    consent = prose(
        "How they said so", "In their words or yours, with the day. The history keeps it.", 1_000, 2
    )

    def __init__(self, data: Any = None, *, consultation: Consultation, today: date) -> None:
        super().__init__(data, label_suffix="", initial={"arrived_on": today, "way": "mail"})
        self.consultation = consultation
        self.fields["late_reason"].required = False
        self.asked: tuple[NumberedQuestion, ...] = reading.questions(consultation.questions.all())
        for each in self.asked:
            number = f"{each.number}. " if each.number else ""
            self.fields[f"answer_{each.row.pk}"] = _box(
                f"{number}{in_any_language(each.row.text)}",
                " · ".join(in_any_language(area.row.text) for area in each.areas),
            )
        self.fields["text"] = _box("Anything else" if self.asked else "Text")

    def answers(self) -> list[forms.BoundField]:
        """Return the boxes of the questions, in order, and that of the text."""
        return [*(self[f"answer_{each.row.pk}"] for each in self.asked), self["text"]]

    def consents(self) -> list[forms.BoundField]:
        """Return the boxes of what may be published."""
        return [self[name] for name in FACTS if name.startswith("publish_")]

    def save(self, at: datetime, by: AbstractBaseUser) -> Contribution | None:
        """Enter it; None where something has to be mended first, which is said at its place."""
        said = self.cleaned_data
        organisations = said["organisations"]
        behalf = Contribution.OnBehalf
        facts = {name: said[name] for name in FACTS if name in said} | {
            "on_behalf": behalf.ORGANISATION if organisations else behalf.SELF
        }
        letter = Letter(
            said["way"], said["arrived_on"], said["consent"], facts, organisations,
            {each.row.pk: said[f"answer_{each.row.pk}"] for each in self.asked},
            said["late_reason"],
        )  # fmt: skip
        try:
            return entry.enter(self.consultation, letter, at=at, by=by)
        except EntryError as error:
            self.add_error(error.field or None, str(error))
            return None
