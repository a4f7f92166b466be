"""What the secretariat types about a round: its launch, an extension, a correction, another address."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError

from consultations import late, rounds
from consultations.forms.moderation import day_box, prose, time_box
from consultations.models import Consultation, Contribution, Extension
from consultations.moderation import ModerationError
from consultations.rounds import Launch, RoundError
from meetings.characters import validate_line
from meetings.languages import in_language
from meetings.models import Outcome


class RoundForm(forms.Form):
    """A form whose instants are a day and a time in the zone of a group."""

    def __init__(self, data: Any, *, zone: str, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial, label_suffix="")
        self.zone = zone

    def instant(self, said: dict[str, Any], name: str) -> datetime | None:
        """Return an instant from its day and its time; what is wrong with it is said at its place."""
        day, clock = said.get(f"{name}_day"), said.get(f"{name}_clock")
        if day is None or clock is None:
            return None
        try:
            return rounds.local(self.zone, day, clock)
        except (ValueError, OverflowError) as error:
            self.add_error(f"{name}_clock", str(error))
            return None

    def told(self, error: RoundError | ValidationError, places: dict[str, str]) -> None:
        """Say a problem at the box that has to be mended."""
        if isinstance(error, RoundError):
            place = places.get(error.field, error.field)
            self.add_error(place if place in self.fields else None, str(error))
        else:
            self.add_error(None, error.messages)

    def done[Made](self, act: Callable[[], Made], places: dict[str, str]) -> Made | None:
        """Return what an activity made; None where it cannot be, which is said."""
        try:
            return act()
        except (RoundError, ValidationError) as error:
            self.told(error, places)
            return None


def _parts(at: datetime | None, zone: str, name: str) -> dict[str, Any]:
    if at is None:
        return {}
    local = at.astimezone(ZoneInfo(zone))
    return {f"{name}_day": local.date(), f"{name}_clock": local.time()}


class LaunchForm(RoundForm):
    """What a decision says of a new round, to be read and changed."""

    heading = forms.CharField(
        label="Heading in English", max_length=500, required=False, validators=[validate_line]
    )
    slug = forms.SlugField(
        label="Address", help_text="As its address ends. After it was public, the old one leads on."
    )
    key = forms.SlugField(label="Year and month", help_text="As in references: 2024-10.")
    opens_day = day_box("Opens on", required=False)
    opens_clock = time_box("at", required=False)
    closes_day = day_box("Closes on", required=False)
    closes_clock = time_box("at", required=False)

    def __init__(self, data: Any = None, *, outcome: Outcome) -> None:
        told = rounds.proposed(outcome)
        zone = outcome.meeting.group.zone
        initial = {
            "heading": in_language(told.heading, "en"), "slug": told.slug, "key": told.key,
            "opens_clock": datetime(2000, 1, 1, 9, tzinfo=UTC).time(),
            "closes_clock": rounds.LAST_MINUTE,
        }  # fmt: skip
        super().__init__(data, initial=initial, zone=zone)
        self.outcome, self.proposed = outcome, told

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        for name in ("opens", "closes"):
            if said.get(f"{name}_day") and not said.get(f"{name}_clock"):
                self.add_error(f"{name}_clock", "Give the time too.")
            said[f"{name}_at"] = self.instant(said, name)
        return said

    def save(self, by: AbstractBaseUser) -> Consultation | None:
        """Launch the round; None where that cannot be, which is said at its place."""
        said = self.cleaned_data
        told = Launch(
            said["slug"], said["key"], {"en": said["heading"]} if said["heading"] else {},
            said["opens_at"], said["closes_at"], self.proposed.opens_month,
            self.proposed.closes_month,
        )  # fmt: skip
        return self.done(lambda: rounds.launch(self.outcome, told, by=by), {"closes": "closes_day"})


class ExtendForm(RoundForm):
    """Until when, who decided it, when and why: all of it is public."""

    closes_day = day_box("New closing on")
    closes_clock = time_box("at")
    decided_by = forms.CharField(
        label="Who decided it", max_length=500, validators=[validate_line],
        help_text="As the page prints it: the Chair; the Group at its twentieth meeting.",
    )  # fmt: skip
    decided_on = day_box("Decided on")
    reason = prose("Why", "As the page prints it.", 500, 2)

    def __init__(self, data: Any = None, *, consultation: Consultation, today: date) -> None:
        initial = {"closes_clock": rounds.LAST_MINUTE, "decided_on": today}
        super().__init__(data, initial=initial, zone=consultation.group.zone)
        self.consultation = consultation

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        said["until"] = self.instant(said, "closes")
        return said

    PLACES = {"closes": "closes_day"}

    def preview(self) -> Extension | None:
        """Return the extension as it would be kept; None where something has to be mended."""
        said = self.cleaned_data
        return self.done(
            lambda: rounds.extension(
                self.consultation, said["until"], {"en": said["decided_by"]}, said["decided_on"],
                said["reason"],
            ),
            self.PLACES,
        )  # fmt: skip

    def save(self, at: datetime, by: AbstractBaseUser) -> Extension | None:
        """Extend the round; None where that cannot be, which is said at its place."""
        said = self.cleaned_data
        return self.done(
            lambda: rounds.extend(
                self.consultation, said["until"], decided_by={"en": said["decided_by"]},
                decided_on=said["decided_on"], reason=said["reason"], at=at, by=by,
            ),
            self.PLACES,
        )  # fmt: skip


class CorrectForm(RoundForm):
    """The instants of an announced round, and why they are corrected."""

    opens_day = day_box("Opens on")
    opens_clock = time_box("at")
    closes_day = day_box("Closes on", help_text="As it was first set.")
    closes_clock = time_box("at")
    reason = prose("Why", "For the history.", 500, 2)

    def __init__(self, data: Any = None, *, consultation: Consultation) -> None:
        zone = consultation.group.zone
        initial = _parts(consultation.opens_at, zone, "opens")
        initial |= _parts(consultation.closes_at, zone, "closes")
        super().__init__(data, initial=initial, zone=zone)
        self.consultation = consultation

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        said |= {f"{name}_at": self._kept(said, name) for name in ("opens", "closes")}
        return said

    def _kept(self, said: dict[str, Any], name: str) -> datetime | None:
        """Return the instant as it stands where nobody changed it: the boxes know no seconds."""
        typed = self.instant(said, name)
        stands: datetime | None = getattr(self.consultation, f"{name}_at")
        same = typed and stands and typed == stands.replace(second=0, microsecond=0)
        return stands if same else typed

    def save(self, at: datetime, by: AbstractBaseUser) -> Consultation | None:
        """Correct the round; None where that cannot be, which is said at its place."""
        said = self.cleaned_data
        return self.done(
            lambda: rounds.correct(
                self.consultation, said["opens_at"], said["closes_at"], reason=said["reason"],
                at=at, by=by,
            ),
            {"closes": "closes_day", "opens": "opens_day"},
        )  # fmt: skip


class LateForm(RoundForm):
    """Who may contribute after the closing though they began nothing, until when, and why."""

    name = forms.CharField(label="Full name", max_length=200, validators=[validate_line])
    email = forms.EmailField(
        label="E-mail address", help_text="Their private link goes there. It is never published."
    )
    until_day = day_box("Until")
    until_clock = time_box("at", initial=rounds.LAST_MINUTE)
    reason = prose("Why", "For the history.", 500, 2)

    def __init__(self, data: Any = None, *, consultation: Consultation) -> None:
        super().__init__(data, initial={}, zone=consultation.group.zone)
        self.consultation = consultation

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        return said | {"until": self.instant(said, "until")}

    def save(self, at: datetime, by: AbstractBaseUser) -> Contribution | None:
        """Open the window; None where that cannot be, which is said at its place."""
        said = self.cleaned_data
        try:
            return late.invite(
                self.consultation, said["until"], said["reason"], name=said["name"],
                email=said["email"], at=at, by=by,
            )  # fmt: skip
        except ModerationError as error:
            self.add_error("until_day", str(error))
            return None


class AddressForm(RoundForm):
    """Another address for a round."""

    slug = forms.SlugField(label="New address", help_text="As its address ends.")
    reason = prose("Why", "For the history.", 500, 2)

    def __init__(self, data: Any = None, *, consultation: Consultation) -> None:
        super().__init__(data, initial={"slug": consultation.slug}, zone=consultation.group.zone)
        self.consultation = consultation

    def save(self, by: AbstractBaseUser) -> Consultation | None:
        """Move the round there; None where that cannot be, which is said at its place."""
        said = self.cleaned_data
        return self.done(
            lambda: rounds.move_address(
                self.consultation, said["slug"], reason=said["reason"], by=by
            ),
            {},
        )
