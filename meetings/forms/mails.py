"""What the secretariat types about a mail: its words, its reason, what to narrow the outbox to."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import django_filters
from django import forms
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Q, QuerySet

from meetings import outbox
from meetings.models import Message, WorkingGroup

State = Message.State
ACTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    # what the button says, in which states it stands there
    "approve": ("Approve and send", (State.HELD,)),
    "save": ("Save the text", outbox.CORRECTABLE),
    "retry": ("Send it now", outbox.RETRIABLE),
    "take_as_sent": ("It was sent", (State.UNCERTAIN,)),
    "stop": ("Stop it", outbox.STOPPABLE),
}
CHANGED = (
    "Somebody changed this mail since you opened it. What stands there now is shown above what you "
    "typed; look it over and try again."
)


def seen(message: Message) -> str:
    """Return a mark of what somebody read of a mail before they decided."""
    return hashlib.sha256(
        f"{message.state}\n{message.subject}\n{message.body}".encode()
    ).hexdigest()


class MailForm(forms.Form):
    """Correct a mail, and decide about it; the words typed are saved with whatever is decided."""

    subject = forms.CharField(max_length=250, widget=forms.TextInput())
    body = forms.CharField(label="Text", max_length=50_000, widget=forms.Textarea({"rows": 16}))
    reason = forms.CharField(
        max_length=500, required=False,
        help_text="Needed to stop a mail, and to say that one was sent; the history keeps it.",
    )  # fmt: skip
    seen = forms.CharField(widget=forms.HiddenInput(), required=False)

    def __init__(self, data: Any, *, message: Message) -> None:
        self.message = message
        super().__init__(
            data,
            label_suffix="",
            initial={"subject": message.subject, "body": message.body, "seen": seen(message)},
        )
        if message.private or message.state not in outbox.CORRECTABLE:
            del self.fields["subject"], self.fields["body"]

    @property
    def acts(self) -> list[tuple[str, str]]:
        """Return the buttons that stand there: their value and their word."""
        return [
            (act, word)
            for act, (word, states) in ACTS.items()
            if self.message.state in states and (act != "save" or "subject" in self.fields)
        ]

    def clean(self) -> dict[str, Any]:
        """Refuse to decide about another text than the one that was read."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("seen") != seen(self.message):
            self.data = {**self.data.dict(), "seen": seen(self.message)}  # type: ignore[attr-defined]
            raise forms.ValidationError(CHANGED)
        return cleaned

    def save(self, act: str, *, at: datetime, by: AbstractBaseUser) -> bool:
        """Do what the button says; put what hinders it beside the form and return False."""
        do: Mapping[str, Callable[[], Any]] = {
            "save": lambda: None,
            "approve": lambda: outbox.approve(self.message, at=at, by=by),
            "retry": lambda: outbox.retry(self.message, at=at, by=by),
            "take_as_sent": lambda: outbox.take_as_sent(self.message, self._reason, at=at, by=by),
            "stop": lambda: outbox.stop(self.message, self._reason, by=by),
        }
        try:
            with transaction.atomic():
                if "subject" in self.fields:
                    said = self.cleaned_data
                    outbox.correct(self.message, said["subject"], said["body"], by=by)
                do[act]()
        except outbox.ReasonMissingError as problem:
            self.add_error("reason", str(problem))
        except outbox.OutboxError as problem:
            self.add_error(None, str(problem))
        return not self.errors

    @property
    def _reason(self) -> str:
        return str(self.cleaned_data["reason"])


class OutboxFilter(django_filters.FilterSet):  # type: ignore[misc]  # it has no types
    """The form above the outbox."""

    state = django_filters.ChoiceFilter(label="State", choices=State, empty_label="All")
    group = django_filters.ChoiceFilter(field_name="group__slug", label="Group", empty_label="All")
    text = django_filters.CharFilter(
        method="with_text", label="Words or address", max_length=200,
        widget=forms.TextInput({"type": "search"}),
    )  # fmt: skip

    class Meta:
        model = Message
        fields: tuple[str, ...] = ()

    def __init__(
        self, data: Any, *, queryset: QuerySet[Message], groups: list[WorkingGroup]
    ) -> None:
        super().__init__(data, queryset=queryset)
        if len(groups) < 2:
            del self.filters["group"]
        else:
            self.filters["group"].extra["choices"] = [(each.slug, str(each)) for each in groups]

    def with_text(self, rows: QuerySet[Message], name: str, text: str) -> QuerySet[Message]:
        """Return the mails with these words in the subject or the address."""
        if "\0" in text:
            return rows.none()
        return rows.filter(Q(subject__icontains=text) | Q(to__icontains=text))
