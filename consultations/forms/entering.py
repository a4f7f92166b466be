"""A contribution that came by e-mail or on paper, as the secretariat types it in."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django import forms
from django.contrib.auth.base_user import AbstractBaseUser

from consultations import entry, reading
from consultations.attaching import MOST_FILES, TOO_MANY_FILES, WHAT_IS_TAKEN
from consultations.entry import EntryError, Letter
from consultations.forms.moderation import day_box, prose
from consultations.forms.organisations import OrganisationsField
from consultations.models import Consultation, Contribution, StakeholderGroup
from consultations.reading import NumberedQuestion
from meetings.characters import validate_line, validate_prose
from meetings.files import NotStoredError
from meetings.forms.files import FilesField, taken
from meetings.languages import LANGUAGES, in_any_language
from meetings.models import MemberState
from meetings.uploads.examine import Examined

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

    opened = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
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
        label="Stakeholder group",
        choices=[("", "—"), *StakeholderGroup.choices],
        required=False,
        help_text="Left open where the letter does not say.",
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

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        consultation: Consultation,
        today: date,
        whole: bool = True,
    ) -> None:
        first = {"arrived_on": today, "way": "mail", "opened": secrets.token_hex(16)}
        super().__init__(data, files, label_suffix="", initial=first)
        self.consultation, self.whole = consultation, whole
        self.fields["late_reason"].required = False
        self.asked: tuple[NumberedQuestion, ...] = reading.questions(consultation.questions.all())
        for each in self.asked:
            number = f"{each.number}. " if each.number else ""
            self.fields[f"answer_{each.row.pk}"] = _box(
                f"{number}{in_any_language(each.row.text)}",
                " · ".join(in_any_language(area.row.text) for area in each.areas),
            )
        self.fields["text"] = _box("Anything else" if self.asked else "Text")
        self.fields["files"] = FilesField(
            label="Files that came with it", required=False,
            help_text=f"{WHAT_IS_TAKEN} Published with it, if its sender agreed to the text.",
        )  # fmt: skip

    def answers(self) -> list[forms.BoundField]:
        """Return the boxes of the questions, in order, that of the text, and that of the files."""
        asked = [self[f"answer_{each.row.pk}"] for each in self.asked]
        return [*asked, self["text"], self["files"]]

    def consents(self) -> list[forms.BoundField]:
        """Return the boxes of what may be published."""
        return [self[name] for name in FACTS if name.startswith("publish_")]

    def _key(self) -> str:
        """Return what the form and all that was typed add up to.

        The next letter, typed over this one after the back button, is another.
        """
        # as they were sent: what is kept of them is written anew each time
        files = [(each.name, each.size) for each in self.files.getlist("files")]
        typed = {name: str(value) for name, value in self.cleaned_data.items() if name != "files"}
        return sha256(repr((typed, files)).encode()).hexdigest()[:32]

    def clean_files(self) -> list[Examined]:
        sent = self.cleaned_data["files"]
        good, refused = taken(sent[:MOST_FILES], whole=self.whole)
        for reason in refused:
            self.add_error("files", reason)
        if len(sent) > MOST_FILES:
            self.add_error("files", TOO_MANY_FILES)
        return good

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if not self.whole and not self.errors:
            self.add_error(None, "It did not come in whole. Look it over and send it again.")
        if self.errors:
            self._ask_for_files_again(told.get("files", ()))
        return told

    def _ask_for_files_again(self, files: Iterable[Examined]) -> None:
        """Say which files were right: no browser keeps them in a form that comes back."""
        if names := ", ".join(f"“{each.name}”" for each in files):
            self.add_error("files", f"Add {names} again: files are kept with a form that is right.")

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
            said["late_reason"], said["files"], self._key(),
        )  # fmt: skip
        try:
            return entry.enter(self.consultation, letter, at=at, by=by)
        except EntryError as error:
            self.add_error(error.field or None, str(error))
        except NotStoredError as error:
            self.add_error("files", str(error))
        self._ask_for_files_again(letter.files)
        return None
