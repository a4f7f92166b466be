"""What became of a promise, what a session decided, and a settlement taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from meetings import waking
from meetings.characters import validate_line, validate_prose
from meetings.models import Decision, Document, Kind, Outcome, Session, Settlement
from meetings.promises import Row, State
from meetings.promises.ledger import letters_of
from meetings.promises.words import outcome_name
from meetings.settling import By, Settling, SettlingError, settle, take_back
from meetings.waking import Decided, WakingError, wake

MOST_CHOICES = 200
NOT_COME = "That day has not come yet."


class DayField(forms.DateField):
    """A day that has come: 2026-01-21."""

    def __init__(self, *, today: date | None = None, **kwargs: Any) -> None:
        self.today = today
        kwargs.setdefault("widget", forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
        super().__init__(**kwargs)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is not None and self.today is not None and value > self.today:
            raise ValidationError(NOT_COME)


class SettleForm(forms.Form):
    """What became of one promise, and on what evidence."""

    how = forms.ChoiceField(
        choices=Settlement.How.choices, label="What became of it", widget=forms.RadioSelect
    )
    on = DayField(required=False, label="On", help_text="The day, where it is known.")
    at_session = forms.ModelChoiceField(
        Session.objects.none(), required=False, label="or at the session", empty_label="—",
        help_text="Where no day is known.",
    )  # fmt: skip
    by = forms.ChoiceField(
        required=False, label="By a later outcome",
        help_text="It also tells when, where neither a day nor a session is known.",
    )  # fmt: skip
    document = forms.ModelChoiceField(
        Document.objects.none(), required=False, label="or a document", empty_label="—"
    )
    fact = forms.CharField(
        required=False, max_length=1000, label="or what happened", validators=[validate_prose],
        widget=forms.Textarea({"rows": 2}),
    )  # fmt: skip
    source = forms.CharField(
        required=False, max_length=300, label="and where that can be read",
        validators=[validate_line], help_text="A document, a page, a paragraph.",
    )  # fmt: skip
    reason = forms.CharField(
        required=False, max_length=300, label="Why", validators=[validate_line],
        help_text="Not needed where it was kept.",
    )  # fmt: skip

    def __init__(self, data: Any = None, *, row: Row, today: date) -> None:
        super().__init__(data, initial=_suggested(row))
        self.promise = row.promise
        self._later = {str(outcome.pk): outcome for outcome in _later(row.promise)}
        self._limit("on", today=today)
        meeting = row.promise.meeting
        self._offer(
            "at_session",
            Session.objects.filter(
                Q(last_day__gte=meeting.first_day)
                | Q(last_day=None, year__gte=meeting.first_day.year)
            ),
        )
        documents = (
            Document.objects.submitted()
            .filter(group=meeting.group_id)
            .filter(
                Q(meeting__last_day__gte=meeting.first_day)
                | Q(session__year__gte=meeting.first_day.year)
            )
        )
        self._offer("document", documents.order_by("key")[:MOST_CHOICES])
        field = self.fields["by"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "—"), *_choices(row.promise, self._later.values())]

    def _limit(self, name: str, *, today: date) -> None:
        field = self.fields[name]
        assert isinstance(field, DayField)
        field.today = today

    def _offer(self, name: str, rows: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        # what is cut to so many cannot be asked for one of them any more
        field.queryset = rows.model.objects.filter(pk__in=[row.pk for row in rows])

    def save(self, by: By) -> Settlement | None:
        """Settle the promise; None where something has to be mended, which is said at its place."""
        said = self.cleaned_data
        settling = Settling(
            self.promise, said["how"], said["on"], said["fact"].replace("\r\n", "\n"),
            said["source"], said["reason"], self._later.get(said["by"]), said["document"],
            said["at_session"],
        )  # fmt: skip
        try:
            return settle(settling, by=by)
        except SettlingError as error:
            self.add_error(error.field or None, str(error))
        except ValidationError as error:
            self.add_error(None, error.messages)
        return None


def _suggested(row: Row) -> dict[str, Any]:
    """Return what the one act that settles a promise most likely says."""
    if row.taken_up_by is not None:
        again = row.standing.put_off_by is not None and row.state != State.TO_CONFIRM
        return {"how": "replaced" if again else "kept", "by": str(row.taken_up_by.pk)}
    suggested: dict[str, Any] = {"how": "kept"}
    if row.promise.kind == Kind.SUMMARY:
        suggested |= {
            "at_session": row.promise.session_id,
            "fact": f"The summary was submitted to {row.promise.session}.",
        }
    return suggested


def _later(promise: Outcome) -> list[Outcome]:
    """Return the outcomes that may settle a promise, those first that go on from it."""
    meeting = promise.meeting
    found = (
        Outcome.objects.filter(meeting__group=meeting.group_id)
        .filter(
            Q(meeting__last_day__gt=meeting.last_day)
            | Q(meeting__last_day=meeting.last_day, meeting__ordinal__gt=meeting.ordinal)
            | Q(meeting=meeting.pk, position__gt=promise.position)
        )
        .select_related("meeting")
        .order_by("meeting__last_day", "position", "pk")
    )
    follows = list(found.filter(follows=promise))
    others = found.exclude(follows=promise.pk) if follows else found
    return [*follows, *others[: MOST_CHOICES - len(follows)]]


def _choices(promise: Outcome, later: Any) -> list[Any]:
    outcomes = list(later)
    letters = letters_of({outcome.meeting_id for outcome in outcomes})

    def said(outcome: Outcome) -> tuple[str, str]:
        name = outcome_name(outcome, letters[outcome.pk])
        return str(outcome.pk), f"{name} {outcome.get_kind_display()}"

    going_on = [said(outcome) for outcome in outcomes if outcome.follows_id == promise.pk]
    others = [said(outcome) for outcome in outcomes if outcome.follows_id != promise.pk]
    named = (("Goes on from it", going_on), ("Later outcomes", others))
    return [(name, rows) for name, rows in named if rows]


class TakeBackForm(forms.Form):
    """Why a settlement is taken back."""

    reason = forms.CharField(max_length=300, label="Why", validators=[validate_line])

    def save(self, promise: Outcome, by: By) -> bool:
        """Take the settlement back; False where that cannot be, which is said."""
        try:
            take_back(promise, self.cleaned_data["reason"], by=by)
        except SettlingError as error:
            self.add_error(error.field or None, str(error))
            return False
        return True


class DecisionBackForm(forms.Form):
    """Why what a session decided is taken back."""

    reason = forms.CharField(max_length=300, label="Why", validators=[validate_line])

    def save(self, decision: Decision, by: By) -> bool:
        """Take the decision back; False where that cannot be, which is said."""
        try:
            waking.take_back(decision, self.cleaned_data["reason"], by=by)
        except WakingError as error:
            self.add_error(error.field or None, str(error))
            return False
        return True


class DecidedForm(forms.Form):
    """What a session decided, and what that means for each promise that waited for it."""

    WAKES, DROPS, WAITS = "wakes", "drops", "waits"
    on = DayField(label="Decided on")
    decided = forms.CharField(
        max_length=20_000, label="What was decided", validators=[validate_prose],
        widget=forms.Textarea({"rows": 3}), help_text="As a sentence of its own.",
    )  # fmt: skip
    source = forms.CharField(
        max_length=300, label="Where that can be read", validators=[validate_line]
    )

    def __init__(
        self, data: Any = None, *, session: Session, waiting: Sequence[Row], asked: int, today: date
    ) -> None:
        super().__init__(data)
        self.session = session
        self.waiting = waiting
        on = self.fields["on"]
        assert isinstance(on, DayField)
        on.today = today
        for row in waiting:
            key = row.promise.pk
            self.fields[f"means-{key}"] = forms.ChoiceField(
                choices=[
                    (self.WAKES, "It goes on: open from that day"),
                    (self.DROPS, "It is dropped"),
                    (self.WAITS, "It waits on"),
                ],
                initial=self.WAKES if key == asked else self.WAITS,
                label="What that means for it", widget=forms.RadioSelect,
            )  # fmt: skip
            self.fields[f"reason-{key}"] = forms.CharField(
                required=False, max_length=300, label="Why it is dropped",
                validators=[validate_line],
            )  # fmt: skip

    def rows(self) -> list[tuple[Row, forms.BoundField, forms.BoundField]]:
        """Return each promise that waits, with its two fields."""
        return [
            (row, self[f"means-{row.promise.pk}"], self[f"reason-{row.promise.pk}"])
            for row in self.waiting
        ]

    def save(self, by: By) -> Decision | None:
        """Record the decision; None where something has to be mended, which is said at its place."""
        said = self.cleaned_data
        means = {row.promise.pk: said[f"means-{row.promise.pk}"] for row in self.waiting}
        decided = Decided(
            self.session, said["on"], {"en": said["decided"].replace("\r\n", "\n")}, said["source"],
            [row.promise for row in self.waiting if means[row.promise.pk] != self.WAITS],
            {key: said[f"reason-{key}"] for key, what in means.items() if what == self.DROPS},
        )  # fmt: skip
        missing = [key for key, reason in decided.drops.items() if not reason.strip()]
        for key in missing:
            self.add_error(f"reason-{key}", "Say why.")
        if missing:
            return None
        try:
            return wake(decided, by=by)
        except (WakingError, SettlingError) as error:
            self.add_error(error.field if error.field in self.fields else None, str(error))
        except ValidationError as error:
            self.add_error(None, error.messages)
        return None
