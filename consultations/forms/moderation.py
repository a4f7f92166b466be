"""What the secretariat may do with a contribution: one form for each act."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser

from consultations import late, moderation, rounds
from consultations.forms.acting import ActForm
from consultations.models import OPEN, Attachment, Contribution, Redaction, Standing
from consultations.moderation import ModerationError
from consultations.standing import StandingError
from meetings.characters import validate_prose


def prose(label: str, help_text: str = "", most: int = 2_000, rows: int = 3) -> forms.CharField:
    """Return a box for a text of several lines."""
    return forms.CharField(
        label=label, help_text=help_text, max_length=most, validators=[validate_prose],
        widget=forms.Textarea({"rows": rows}),
    )  # fmt: skip


def day_box(label: str, **kwargs: Any) -> forms.DateField:
    """Return a box for a day: 2026-01-21."""
    return forms.DateField(
        label=label, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), **kwargs
    )


def time_box(label: str, **kwargs: Any) -> forms.TimeField:
    """Return a box for a time of the day: 23:59."""
    return forms.TimeField(
        label=label, widget=forms.TimeInput({"type": "time"}, format="%H:%M"), **kwargs
    )


def instant(text: str) -> datetime | None:
    """Return the instant that a page of the desk carried in a hidden box; None for anything else."""
    try:
        said = datetime.fromisoformat(text)
    except ValueError:
        return None
    return said if said.tzinfo is not None else None


class Act(ActForm):
    """One act on one contribution. `key` is its access key; `done` is said once it is done."""

    heading: ClassVar[str] = ""
    button: ClassVar[str]
    key: ClassVar[str] = ""
    about: ClassVar[str] = ""
    main: ClassVar[bool] = False  # a button by itself, above those that ask something first
    refusals = (ModerationError, StandingError)

    def __init__(
        self, data: Any = None, *, contribution: Contribution, by: AbstractBaseUser
    ) -> None:
        super().__init__(data, prefix=self.name, label_suffix="")
        self.contribution, self.by = contribution, by
        self.prepare()

    def offered(self) -> bool:
        """Say whether it makes sense as the contribution stands; the activity has the last word."""
        return self.contribution.standing in OPEN

    def said(self) -> str:
        """Return what is said once it is done."""
        return self.done.format(it=self.contribution)


class Publish(Act):
    """Publish it."""

    name, button, key, done, main = "publish", "Publish", "p", "{it} is published.", True

    seen = forms.CharField(required=False, widget=forms.HiddenInput())

    def prepare(self) -> None:
        self.shown = self.contribution.saved_at.isoformat()

    def offered(self) -> bool:
        return (
            self.contribution.standing in (Standing.AWAITING, Standing.PASSED)
            and self.contribution.publish_text
        )

    def do(self, at: datetime) -> None:
        seen = instant(self.cleaned_data["seen"])
        moderation.publish(self.contribution, at=at, by=self.by, seen=seen)


class PassOn(Act):
    """Pass it to the Group only."""

    name, button, key, main = "pass_on", "Pass to the Group only", "g", True
    done = "{it} is passed to the Group only."

    def offered(self) -> bool:
        return self.contribution.standing in (Standing.AWAITING, Standing.PUBLISHED)

    def do(self, at: datetime) -> None:
        moderation.pass_on(self.contribution, at=at, by=self.by)


class Decline(Act):
    """Propose to decline it, or decline it where one person may."""

    name, heading, key = "decline", "Decline", "d"
    button, done = "Propose to decline", "{it} waits for a second person, who confirms or not."
    about = "A second person confirms. Only then is the reason mailed."
    reason = prose("Reason", "It is mailed to the contributor word for word.")

    def prepare(self) -> None:
        if settings.DECLINE_ALONE:
            self.button, self.done = "Decline, and mail the reason", "{it} is declined."  # type: ignore[misc]
            self.about = (  # type: ignore[misc]
                "This secretariat lets one person decline (the setting DECLINE_ALONE). The history "
                "of the contribution says so."
            )

    def offered(self) -> bool:
        return super().offered() and not hasattr(self.contribution, "refusal")

    def do(self, at: datetime) -> None:
        reason = self.cleaned_data["reason"]
        if settings.DECLINE_ALONE:
            moderation.decline_alone(self.contribution, reason, at=at, by=self.by)
        else:
            moderation.propose_to_decline(self.contribution, reason, at=at, by=self.by)


class ConfirmDecline(Act):
    """Decline it, as somebody else proposed."""

    name, button, key, main = "confirm", "Decline, and mail the reason", "y", True
    done = "{it} is declined, and the reason is mailed."

    def offered(self) -> bool:
        refusal = getattr(self.contribution, "refusal", None)
        return refusal is not None and refusal.proposed_by_id != self.by.pk

    def do(self, at: datetime) -> None:
        moderation.confirm_decline(self.contribution, at=at, by=self.by)


class RejectDecline(Act):
    """Drop the proposal to decline it."""

    name, heading, key = "reject", "Do not decline", "n"
    button, done = "Drop the proposal", "The proposal to decline {it} is dropped."
    reason = prose("Reason", "For the history.")

    def offered(self) -> bool:
        return hasattr(self.contribution, "refusal")

    def do(self, at: datetime) -> None:
        moderation.reject_decline(self.contribution, self.cleaned_data["reason"], at=at, by=self.by)


class Ask(Act):
    """Ask its contributor."""

    name, heading, key = "ask", "Ask the contributor", "a"
    button, done = "Mail the question", "The question about {it} is in the outbox."
    question = prose("Question", "It is mailed word for word, with their private link.")

    def offered(self) -> bool:
        return super().offered() and bool(self.contribution.email)

    def do(self, at: datetime) -> None:
        moderation.ask(self.contribution, self.cleaned_data["question"], at=at, by=self.by)


class Redact(Act):
    """Keep a passage from the public."""

    name, heading, key = "redact", "Redact a passage", "r"
    button, done = "Redact", "The passage is redacted in {it}, wherever it stands."
    passage = prose("Passage", "Copy its words from the text; line breaks do not matter.", 5_000)
    reason = prose("Reason", "For the history; it is not published.", 500, 2)

    def do(self, at: datetime) -> None:
        said = self.cleaned_data
        moderation.redact(self.contribution, said["passage"], said["reason"], at=at, by=self.by)


class Choosing(Act):
    """An act on one of several things of a contribution."""

    which: forms.Field = forms.ModelChoiceField(Redaction.objects.none(), empty_label=None)
    reason = prose("Reason", "For the history.", 500, 2)

    def rows(self) -> Any:
        """Return what there is to choose from."""
        raise NotImplementedError

    def prepare(self) -> None:
        field = self.fields["which"]
        assert isinstance(field, forms.ModelChoiceField)
        self.found = list(self.rows())
        field.queryset = self.model().objects.filter(contribution=self.contribution)
        field.choices = [(each.pk, self.called(each)) for each in self.found]

    def model(self) -> Any:
        """Return of which kind they are."""
        return Redaction

    def called(self, row: Any) -> str:
        """Return what a row is called in the list."""
        return f"“{' '.join(row.passage.split())[:80]}”"

    def offered(self) -> bool:
        return super().offered() and bool(self.found)


class Restore(Choosing):
    """Make a redacted passage public again."""

    name, heading = "restore", "Take a redaction back"
    button, done = "Make it public again", "The passage of {it} is public again."

    def rows(self) -> Any:
        return self.contribution.redactions.all()

    def do(self, at: datetime) -> None:
        said = self.cleaned_data
        said["which"].contribution = self.contribution
        moderation.restore(said["which"], said["reason"], at=at, by=self.by)


class Withhold(Choosing):
    """Keep a file from the public."""

    name, heading, key = "withhold", "Withhold a file", "w"
    button, done = "Withhold", "The file of {it} is withheld."

    def model(self) -> Any:
        return Attachment

    def called(self, row: Any) -> str:
        return str(row.name)

    def rows(self) -> Any:
        return [each for each in self.contribution.attachments.all() if not each.withheld_for]

    def do(self, at: datetime) -> None:
        said = self.cleaned_data
        moderation.withhold(said["which"], said["reason"], at=at, by=self.by)


class Release(Withhold):
    """Withhold a file no longer."""

    name, heading, key = "release", "Publish a file that is withheld", ""
    button, done = "Withhold it no longer", "The file of {it} is withheld no longer."

    def rows(self) -> Any:
        return [each for each in self.contribution.attachments.all() if each.withheld_for]

    def do(self, at: datetime) -> None:
        said = self.cleaned_data
        moderation.release(said["which"], said["reason"], at=at, by=self.by)


class Merge(Act):
    """Merge it into another to the same round."""

    name, heading, key = "merge", "Merge into another", "m"
    button, done = "Merge", "{it} is merged into the other. It can be taken back."
    about = "Its own page then leads to the other. Nothing is lost, and it can be taken back."
    number = forms.IntegerField(
        label="Number of the other", min_value=1, max_value=2**31 - 1,
        help_text="The last part of its reference.",
    )  # fmt: skip

    def clean_number(self) -> Contribution:
        others = Contribution.objects.received().filter(
            consultation=self.contribution.consultation_id, number=self.cleaned_data["number"]
        )
        other = others.exclude(pk=self.contribution.pk).first()
        if other is None:
            raise forms.ValidationError("No other contribution to this round has this number.")
        return other

    def do(self, at: datetime) -> None:
        moderation.merge(self.contribution, self.cleaned_data["number"], at=at, by=self.by)


class TakeBack(Act):
    """Let it await the secretariat again."""

    name, heading, key = "take_back", "Take back", "b"
    button, done = "Let it await the secretariat again", "{it} awaits the secretariat again."
    reason = prose("Reason", "For the history.")

    def offered(self) -> bool:
        return self.contribution.standing in (
            Standing.PUBLISHED, Standing.PASSED, Standing.DECLINED, Standing.MERGED,
        )  # fmt: skip

    def do(self, at: datetime) -> None:
        moderation.take_back(self.contribution, self.cleaned_data["reason"], at=at, by=self.by)


class LateWindow(Act):
    """Let this one contributor change it after the closing."""

    name, heading = "late", "Open a late window"
    button, done = "Open it, and mail the link", "The contributor may change {it} until then."
    about = "For this one contributor, who is mailed it; the round itself stays as it is."
    day = day_box("Until")
    clock = time_box("at", initial=rounds.LAST_MINUTE)
    reason = prose("Reason", "For the history.", 500, 2)

    def offered(self) -> bool:
        return super().offered() and bool(self.contribution.email)

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("day") and said.get("clock"):
            try:
                said["until"] = rounds.local(
                    self.contribution.consultation.group.zone, said["day"], said["clock"]
                )
            except (ValueError, OverflowError) as error:
                self.add_error("clock", str(error))
        return said

    def do(self, at: datetime) -> None:
        said = self.cleaned_data
        late.open_window(self.contribution, said["until"], said["reason"], at=at, by=self.by)


ACTS: tuple[type[Act], ...] = (
    Publish, ConfirmDecline, PassOn, RejectDecline, Decline, Ask, Redact, Restore, Withhold, Release,
    Merge, TakeBack, LateWindow,
)  # fmt: skip


def acts(
    contribution: Contribution, by: AbstractBaseUser, data: Any = None
) -> tuple[list[Act], Act | None]:
    """Return the acts that are offered, and the one that was asked for, if any, with what was typed."""
    wanted = data.get("act", "") if data is not None else ""
    made = [
        kind(data if kind.name == wanted else None, contribution=contribution, by=by)
        for kind in ACTS
    ]
    asked = next((each for each in made if each.name == wanted), None)
    return [each for each in made if each is asked or each.offered()], asked
