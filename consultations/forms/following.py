"""What somebody who follows types: what they follow, and their address."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms

from consultations import announcing, following
from consultations.access import public_consultations
from consultations.models import ConsultationTopic, Subscription
from consultations.models.consultation import State
from meetings.languages import in_any_language
from meetings.models import Message, Topic, WorkingGroup

What = Subscription.What
MOST = 100  # of rounds, and of topics: a list to choose from is not longer


class FollowForm(forms.Form):
    """What to follow, and where mails about it go."""

    what = forms.ChoiceField(label="What do you want to hear of?")
    email = forms.EmailField(
        label="Your e-mail address", max_length=254,
        help_text="Used for these mails alone, shown to nobody outside the secretariat, and "
        "forgotten thirty days after you end it.",
        widget=forms.EmailInput({"autocomplete": "email"}),
    )  # fmt: skip
    # for machines: people do not see it
    website = forms.CharField(required=False, widget=forms.HiddenInput())

    def __init__(
        self, data: Any = None, *, group: WorkingGroup, at: datetime, asked: str = ""
    ) -> None:
        super().__init__(data, label_suffix="")
        self.group, self.at = group, at
        public = public_consultations().filter(group=group)
        named = public.prefetch_related("consultation_topics__topic")
        going_on = [
            each
            for state in (State.OPEN, State.ANNOUNCED)
            for each in named.in_state(state, at).order_by("-key")[:MOST]
        ]
        about = ConsultationTopic.objects.filter(consultation__in=public).values("topic")
        topics = Topic.objects.filter(group=group, pk__in=about).order_by("-pk")[:MOST]
        self.rounds = {f"consultation:{each.slug}": each for each in going_on}
        self.topics = {f"topic:{each.key}": each for each in topics}
        choices: list[Any] = [
            (What.CONSULTATIONS.value, "All open consultations"),
            (What.MEETINGS.value, "The meetings"),
        ]
        if self.rounds:
            choices.append(
                (
                    "One open consultation",
                    [(key, announcing.name(each)) for key, each in self.rounds.items()],
                )
            )
        if self.topics:
            choices.append(
                (
                    "A topic",
                    [(key, in_any_language(each.title)) for key, each in self.topics.items()],
                )
            )
        field = self.fields["what"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
        offered = {What.CONSULTATIONS.value, What.MEETINGS.value, *self.rounds, *self.topics}
        self.initial["what"] = asked if asked in offered else What.CONSULTATIONS.value

    @property
    def is_by_a_machine(self) -> bool:
        """Say whether the field was filled in that people do not see."""
        return bool(self.cleaned_data["website"])

    def save(self) -> Message:
        """Mail the link that confirms it."""
        chosen = self.cleaned_data["what"]
        return following.ask(
            self.group, chosen.partition(":")[0], self.cleaned_data["email"], at=self.at,
            consultation=self.rounds.get(chosen), topic=self.topics.get(chosen),
        )  # fmt: skip
