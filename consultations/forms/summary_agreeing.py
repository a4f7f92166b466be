"""How a summary is agreed, made final and published: one form for each act."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from consultations import rounds
from consultations.forms.moderation import day_box, prose, time_box
from consultations.forms.summary_acts import FINALISE, READ_SECOND, Act
from consultations.models import SummaryComment, SummaryGuest
from consultations.summary import commenting, finalising, second_reading
from consultations.summary.commenting import Guest
from meetings import editions
from meetings.characters import validate_prose
from meetings.models import Meeting

MOST_GUESTS = 200


class AskReader(Act):
    """Ask a second reader."""

    name = "ask_reader"
    reader = forms.ChoiceField(label="Second reader")

    def prepare(self) -> None:
        self.people: dict[str, Any] = {}

    def offer(self, people: Mapping[str, Any]) -> None:
        """Offer these people, by key."""
        self.people = dict(people)
        box = self.fields["reader"]
        assert isinstance(box, forms.ChoiceField)
        box.choices = [(key, str(person)) for key, person in people.items()]

    def do(self, at: datetime) -> None:
        reader = self.people[self.cleaned_data["reader"]]
        second_reading.ask(self.summary, reader, by=self.by, at=at)

    def said(self) -> str:
        return f"Asked to read it: {self.people[self.cleaned_data['reader']]}."


class AskNobody(Act):
    """Ask nobody any more."""

    name, done = "ask_nobody", "Nobody is asked to read it any more."

    def do(self, at: datetime) -> None:
        second_reading.take_back(self.summary, by=self.by)


class ReadIt(Act):
    """Agree as the second reader to the words that were shown, or say what is to be mended."""

    name, needs = "read", READ_SECOND
    done = "Your answer is kept."
    places: ClassVar = {"reason": ("remarks", "Say what is to be mended.")}
    answer = forms.ChoiceField(
        label="Your answer", choices=[("yes", "I agree to these words"), ("no", "To be mended")],
        widget=forms.RadioSelect,
    )  # fmt: skip
    remarks = forms.CharField(
        label="Remarks", required=False, max_length=5_000, validators=[validate_prose],
        widget=forms.Textarea({"rows": 4}), help_text="Needed where something is to be mended.",
    )  # fmt: skip
    words = forms.CharField(widget=forms.HiddenInput)

    def do(self, at: datetime) -> None:
        said = self.cleaned_data
        second_reading.read(
            self.summary, agreed=said["answer"] == "yes", remarks=said["remarks"],
            words=said["words"], by=self.by, at=at,
        )  # fmt: skip


class OpenWindow(Act):
    """Open the draft to guests until an instant, or add guests and move the end."""

    name, done = "open_window", "The draft is open; the links are in the outbox."
    places: ClassVar = {"guests": ("others", ""), "until": ("day", "")}
    day = day_box("Open until")
    clock = time_box("at", initial=rounds.LAST_MINUTE)
    offered = forms.MultipleChoiceField(
        label="Contributors", required=False, widget=forms.CheckboxSelectMultiple
    )
    others = forms.CharField(
        label="Others, by e-mail", required=False, max_length=20_000, validators=[validate_prose],
        widget=forms.Textarea({"rows": 4}), help_text=(
            "One a line: the address, then name and organization if you like, with commas: "
            "person@example.org, Name, Organization."
        ),
    )  # fmt: skip

    def prepare(self) -> None:
        standing = {each.lower() for each in self.summary.guests.values_list("email", flat=True)}
        self.people = {
            each.email: each
            for each in commenting.offered(self.summary)
            if each.email.lower() not in standing
        }
        box = self.fields["offered"]
        assert isinstance(box, forms.MultipleChoiceField)
        box.choices = [
            (each.email, ", ".join(filter(None, (each.organisation, each.name, each.email))))
            for each in self.people.values()
        ]

    def clean_others(self) -> list[Guest]:
        found, wrong = [], []
        for line in str(self.cleaned_data["others"]).splitlines():
            if not line.strip():
                continue
            email, _, rest = (part.strip() for part in line.partition(","))
            name, _, organisation = (part.strip() for part in rest.partition(","))
            try:
                validate_email(email)
            except ValidationError:
                wrong.append(email)
            found.append(Guest(email, name[:200], organisation[:300]))
        if wrong:
            raise ValidationError(f"No e-mail address: {', '.join(wrong)}.")
        if len(found) > MOST_GUESTS:
            raise ValidationError(f"At most {MOST_GUESTS} at once.")
        return found

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("day") and said.get("clock"):
            zone = self.summary.consultation.group.zone
            try:
                said["until"] = rounds.local(zone, said["day"], said["clock"])
            except (ValueError, OverflowError) as error:
                self.add_error("clock", str(error))
        return said

    def do(self, at: datetime) -> None:
        said = self.cleaned_data
        guests = [*(self.people[email] for email in said["offered"]), *said["others"]]
        commenting.open_window(self.summary, guests, said["until"], by=self.by, at=at)


class Uninvite(Act):
    """Show the draft to a guest no more; `key` is the guest."""

    name = "uninvite"
    done = "Their link leads nowhere now; what they said stays."

    def do(self, at: datetime) -> None:
        rows = SummaryGuest.objects.filter(summary=self.summary)
        commenting.uninvite(self.row(rows.select_related("summary")), by=self.by)
        self.leads = "window"


class CloseWindow(Act):
    """Close the window before its end."""

    name, done = "close_window", "The window for comments is closed."

    def do(self, at: datetime) -> None:
        commenting.close(self.summary, by=self.by, at=at)


class AnswerComment(Act):
    """Say what was done with a comment; `key` is the comment."""

    name, done = "answer", "What was done with the comment is kept."
    places: ClassVar = {"reason": ("words", "Say why the comment is not taken.")}
    taken = forms.ChoiceField(
        label="What was done", choices=SummaryComment.Done.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label="Answer", required=False, max_length=2_000, validators=[validate_prose],
        widget=forms.Textarea({"rows": 2}),
        help_text="Its author reads it. Needed where the comment is not taken.",
    )  # fmt: skip

    def do(self, at: datetime) -> None:
        rows = SummaryComment.objects.filter(summary=self.summary)
        held = self.row(rows.select_related("summary"))
        said = self.cleaned_data
        commenting.answer(held, said["taken"], said["words"], by=self.by, at=at)
        self.leads = f"comment-{held.pk}"


class Finalise(Act):
    """Keep it as the next edition."""

    name, done, needs = "finalise", "The summary is final.", FINALISE
    meeting = forms.ModelChoiceField(
        Meeting.objects.none(), label="Meeting of the Group", empty_label=None,
        help_text="In its register the summary is numbered.",
    )  # fmt: skip
    reason = forms.CharField(
        label="Reason", required=False, max_length=1_000, validators=[validate_prose],
        widget=forms.Textarea({"rows": 2}), help_text="Why there is another edition.",
    )  # fmt: skip

    def prepare(self) -> None:
        if self.summary.document_id is not None:
            del self.fields["meeting"]
            return
        del self.fields["reason"]
        box = self.fields["meeting"]
        assert isinstance(box, forms.ModelChoiceField)
        group = self.summary.consultation.group_id
        box.queryset = Meeting.objects.filter(
            group=group, series=Meeting.Series.OWN, cancelled_on=None
        ).order_by("-first_day")

    def do(self, at: datetime) -> None:
        said = self.cleaned_data
        finalising.finalise(
            self.summary, by=self.by, at=at, meeting=said.get("meeting"),
            reason=said.get("reason", ""),
        )  # fmt: skip

    def refused(self, error: Exception) -> None:
        if isinstance(error, editions.NoReasonError):
            self.errors.clear()
            self.add_error("reason", str(error))


class Publish(Act):
    """Make the final edition public."""

    name, needs = "publish", FINALISE
    done = "The summary is published; those who asked are told where they are cited."

    def do(self, at: datetime) -> None:
        finalising.publish(self.summary, by=self.by, at=at)


class Reopen(Act):
    """Open a final summary for a new edition."""

    name, needs = "reopen", FINALISE
    done = "The summary is open again; the edition that was made stays as it is."
    reason = prose("Reason", "For the history.", 1_000, 2)

    def do(self, at: datetime) -> None:
        finalising.reopen(self.summary, self.cleaned_data["reason"], by=self.by, at=at)
