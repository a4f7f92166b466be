"""What is typed to plan a meeting, to call it, to call it off, to close it and to reopen it."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from meetings import closing, planning
from meetings.characters import validate_line
from meetings.closing import ClosingError
from meetings.languages import in_any_language
from meetings.models import Meeting, WorkingGroup
from meetings.open_meeting import NotOpenError
from meetings.planning import Planned, PlanningError
from meetings.settling import By


class TypedDay(forms.DateField):
    """A day, in the browser's own box for days."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
        super().__init__(**kwargs)


class Clock(forms.TimeField):
    """An hour, in the browser's own box for hours."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TimeInput({"type": "time"}, format="%H:%M"))
        super().__init__(**kwargs)


class ActForm(forms.Form):
    """A form that does one thing; what hinders it is said at its place, and nothing was done."""

    def attempt(self, act: Callable[[], Any]) -> Any:
        """Return what `act` made; None where something has to be mended first."""
        try:
            return act()
        except PlanningError as error:
            self.add_error(error.field if error.field in self.fields else None, str(error))
        except (ClosingError, NotOpenError) as error:
            self.add_error(None, str(error))
        except ValidationError as error:
            if hasattr(error, "error_dict"):
                for name, problems in error.message_dict.items():
                    self.add_error(name if name in self.fields else None, problems)
            else:
                self.add_error(None, error.messages)
        return None


class NewMeetingForm(ActForm):
    """The next meeting of a group: its days, its place; all the rest comes from the last one."""

    number = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=9999)
    first_day = TypedDay(label="First day")
    last_day = TypedDay(label="Last day", help_text="The same day for a meeting of one day.")
    place = forms.CharField(
        required=False, max_length=500, label="Place", validators=[validate_line],
        help_text="The city, in English; other languages on the meeting’s own page.",
    )  # fmt: skip
    mode = forms.ChoiceField(
        choices=[("", "—"), *Meeting.Mode.choices], required=False, label="How people take part"
    )
    cluster = forms.CharField(
        required=False, max_length=120, label="Cluster", validators=[validate_line]
    )

    def __init__(self, data: Any = None, *, group: WorkingGroup, last: Meeting | None) -> None:
        super().__init__(
            data,
            initial={
                "number": planning.next_ordinal(group),
                "place": in_any_language(last.place) if last else "",
                "mode": last.mode if last else "",
            },
        )
        self.group, self.last = group, last

    def save(self, *, at: datetime, by: By) -> Planned | None:
        said = self.cleaned_data
        place = dict(self.last.place or {}) if self.last else {}
        if said["place"] != in_any_language(place):
            place = {"en": said["place"]} if said["place"] else {}
        made = self.attempt(
            lambda: planning.new_from_last(
                self.group, said["first_day"], said["last_day"], number=said["number"], at=at, by=by,
                place=place, mode=said["mode"], cluster=said["cluster"],
            )
        )  # fmt: skip
        return made if isinstance(made, Planned) else None


class CallForm(ActForm):
    """The circular that called a meeting."""

    circular = forms.CharField(
        max_length=60, label="Number of the circular", validators=[validate_line],
        help_text="As printed: CL-25/44.",
    )  # fmt: skip
    on = TypedDay(label="Its day")

    def __init__(self, data: Any = None, *, meeting: Meeting, today: date) -> None:
        super().__init__(
            data, initial={"circular": meeting.circular, "on": meeting.invited_on or today}
        )
        self.meeting = meeting

    def save(self, *, at: datetime, by: By) -> Any:
        said = self.cleaned_data
        return self.attempt(
            lambda: planning.call(self.meeting, said["circular"], said["on"], by=by)
        )


class DeadlineForm(ActForm):
    """Until when documents are to be in."""

    day = TypedDay(
        required=False, label="Day", help_text="Empty: as many days before as the group says."
    )
    clock = Clock(required=False, label="Hour", help_text="In the group’s zone; empty: 23:59.")

    def __init__(self, data: Any = None, *, meeting: Meeting, today: date) -> None:
        self.zone = zoneinfo.ZoneInfo(meeting.group.zone)
        due = meeting.documents_due
        local = due.astimezone(self.zone) if due else None
        super().__init__(
            data, initial={"day": local.date() if local else None, "clock": local and local.time()}
        )
        self.meeting = meeting

    def save(self, *, at: datetime, by: By) -> Any:
        day, clock = self.cleaned_data["day"], self.cleaned_data["clock"]
        due = datetime.combine(day, clock or time(23, 59), self.zone) if day else None
        return self.attempt(lambda: planning.set_deadline(self.meeting, due, by=by))


class PublishForm(ActForm):
    """The agenda is made public."""

    def __init__(self, data: Any = None, *, meeting: Meeting, today: date) -> None:
        super().__init__(data)
        self.meeting = meeting

    def save(self, *, at: datetime, by: By) -> Any:
        return self.attempt(lambda: planning.publish_agenda(self.meeting, at=at, by=by))


class CancelForm(ActForm):
    """A meeting is called off."""

    on = TypedDay(label="On")
    reason = forms.CharField(max_length=500, label="Why", validators=[validate_line])

    def __init__(self, data: Any = None, *, meeting: Meeting, today: date) -> None:
        super().__init__(data, initial={"on": today})
        self.meeting = meeting

    def save(self, *, at: datetime, by: By) -> Any:
        said = self.cleaned_data
        return self.attempt(
            lambda: planning.cancel(self.meeting, said["on"], said["reason"], by=by)
        )


class ReopenForm(ActForm):
    """A closed meeting is opened again."""

    reason = forms.CharField(
        max_length=500, label="Why", validators=[validate_line], help_text="The history keeps it."
    )

    def __init__(self, data: Any = None, *, meeting: Meeting, today: date) -> None:
        super().__init__(data)
        self.meeting = meeting

    def save(self, *, at: datetime, by: By) -> Any:
        reason = self.cleaned_data["reason"]
        return self.attempt(lambda: closing.reopen(self.meeting, reason, by=by))


class CloseForm(ActForm):
    """What has to be said before a meeting is closed: of each item left, why it has no outcome."""

    def __init__(self, data: Any = None, *, meeting: Meeting, today: date) -> None:
        super().__init__(data)
        self.meeting, self.today = meeting, today
        self.missing = closing.missing(meeting)
        for each in self.missing:
            self.fields[f"item-{each.item.pk}"] = forms.CharField(
                required=False, max_length=300, validators=[validate_line],
                label=f"{each}: no outcome, because",
            )  # fmt: skip

    def boxes(self) -> list[tuple[Any, forms.BoundField]]:
        """Return each item of which nothing is said yet, with its box."""
        return [(each, self[f"item-{each.item.pk}"]) for each in self.missing]

    def keep(self, *, by: By) -> Any:
        """Keep what was typed, whether or not the meeting can be closed yet."""
        reasons = {
            each.item.pk: self.cleaned_data[f"item-{each.item.pk}"]
            for each in self.missing if self.cleaned_data[f"item-{each.item.pk}"]
        }  # fmt: skip
        return self.attempt(lambda: closing.say_no_outcome(self.meeting, reasons, by=by))

    def save(self, *, at: datetime, by: By) -> Any:
        """Close it, with what was typed. None where something is still missing."""
        if self.keep(by=by) is None:
            return None
        return self.attempt(lambda: closing.close(self.meeting, on=self.today, by=by))
