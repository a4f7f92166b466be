"""What is typed about a meeting's statements, and about the comments on its draft outcomes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone

from meetings.characters import validate_line, validate_prose
from meetings.forms.fields import OneOf
from meetings.models import AgendaItem, Meeting, MemberState, Outcome


class StatementForm(forms.Form):
    """A statement on an agenda item, and who made it."""

    agenda_item = OneOf(label="Agenda item")
    member_state = OneOf(label="Member State", required=False)
    speaker = forms.CharField(
        max_length=200, required=False, validators=[validate_line],
        help_text="Where that is to be kept. It is never printed.",
    )  # fmt: skip
    text = forms.CharField(
        label="What was said", max_length=5_000, validators=[validate_prose],
        widget=forms.Textarea({"rows": 3}),
    )  # fmt: skip

    def __init__(
        self, data: Any = None, *, agenda: Sequence[tuple[str, AgendaItem]],
        states: Sequence[MemberState],
    ) -> None:  # fmt: skip
        super().__init__(data, label_suffix="")
        item, state = self.fields["agenda_item"], self.fields["member_state"]
        assert isinstance(item, OneOf)
        assert isinstance(state, OneOf)
        item.rows = {str(each.pk): each for _, each in agenda}
        item.choices = [("", "Choose an item"), *((each.pk, f"{no} {each}") for no, each in agenda)]
        state.rows = {str(each.pk): each for each in states}
        named = sorted(states, key=str)
        state.choices = [("", "Nobody named"), *((each.pk, str(each)) for each in named)]


class WindowForm(forms.Form):
    """Until when delegations may comment on the draft outcomes."""

    day = forms.DateField(widget=forms.DateInput({"type": "date"}))
    time = forms.TimeField(initial="23:59", widget=forms.TimeInput({"type": "time"}))

    def __init__(self, data: Any = None, *, meeting: Meeting) -> None:
        super().__init__(data, label_suffix="")
        self.zone = ZoneInfo(meeting.group.zone)
        self.fields["time"].help_text = f"In the Group’s time zone, {meeting.group.zone}."

    def until(self) -> datetime:
        """Return the instant that was typed."""
        typed = self.cleaned_data
        return timezone.make_aware(datetime.combine(typed["day"], typed["time"]), self.zone)


class CommentForm(forms.Form):
    """A comment on one of the draft outcomes."""

    outcome = OneOf(widget=forms.HiddenInput())
    text = forms.CharField(
        label="Your delegation’s comment", max_length=5_000, validators=[validate_prose],
        widget=forms.Textarea({"rows": 3}),
    )  # fmt: skip

    def __init__(
        self, data: Any = None, *, outcomes: Sequence[Outcome], about: Outcome | None = None
    ) -> None:
        prefix = f"on-{about.pk}" if about else ""
        super().__init__(
            data, label_suffix="", initial={"outcome": about}, auto_id=f"id_{prefix}_%s"
        )
        field = self.fields["outcome"]
        assert isinstance(field, OneOf)
        field.rows = {str(each.pk): each for each in outcomes}


class AnswerForm(forms.Form):
    """What was done with a comment."""

    text = forms.CharField(
        label="What was done with it", max_length=2_000, validators=[validate_prose],
        widget=forms.Textarea({"rows": 2}),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, key: int = 0) -> None:
        super().__init__(data, label_suffix="", auto_id=f"id_{key}_%s")
