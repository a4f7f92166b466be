"""What the secretariat's list of documents is narrowed to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet

from meetings.languages import LANGUAGES
from meetings.models import Document, Meeting, WorkingGroup

MOST_MEETINGS = 100
STATES: Mapping[str, tuple[str, Callable[[QuerySet[Document]], QuerySet[Document]]]] = {
    "register": (
        "To be registered",
        lambda rows: rows.filter(
            Q(late=False) | Q(late_decision="taken"), submitted_at__isnull=False, number="",
            withdrawn_at=None,
        ),
    ),
    "late": (
        "Late, to be decided",
        lambda rows: rows.filter(late=True, late_decision="", number="", withdrawn_at=None),
    ),
    "held": (
        "Held for the next meeting",
        lambda rows: rows.filter(late_decision="held", number="", withdrawn_at=None),
    ),
    "restricted": (
        "For members",
        lambda rows: rows.filter(public=False, withdrawn_at=None).exclude(number=""),
    ),
    "public": ("Public", lambda rows: rows.filter(public=True, withdrawn_at=None)),
    "withdrawn": ("Withdrawn", lambda rows: rows.filter(withdrawn_at__isnull=False)),
}  # fmt: skip


def meetings_of(groups: Sequence[WorkingGroup]) -> list[Meeting]:
    """Return the meetings of `groups`, the latest first, with the groups as they were read."""
    found = Meeting.objects.filter(group__in=groups).order_by("-first_day", "-pk")[:MOST_MEETINGS]
    by_key = {each.pk: each for each in groups}
    meetings = list(found)
    for each in meetings:
        each.group = by_key[each.group_id]
    return meetings


class DocumentFilter(django_filters.FilterSet):  # type: ignore[misc]  # it has no types
    """The form above the list."""

    state = django_filters.ChoiceFilter(
        method="in_state", label="State", empty_label="All",
        choices=[(value, label) for value, (label, _) in STATES.items()],
    )  # fmt: skip
    meeting = django_filters.ChoiceFilter(
        field_name="meeting", label="Meeting", empty_label="All meetings"
    )
    kind = django_filters.ChoiceFilter(
        field_name="kind", label="Type", empty_label="All types",
        choices=[(value, f"{word[:1].upper()}{word[1:]}") for value, word in Document.Kind.choices],
    )  # fmt: skip
    text = django_filters.CharFilter(
        method="with_text", label="Number, receipt or title", max_length=200,
        widget=forms.TextInput({"type": "search"}),
    )  # fmt: skip

    class Meta:
        model = Document
        fields: tuple[str, ...] = ()

    def __init__(
        self, data: Any, *, queryset: QuerySet[Document], groups: Sequence[WorkingGroup]
    ) -> None:
        super().__init__(data, queryset=queryset)
        meetings = meetings_of(groups)
        self.filters["meeting"].extra["choices"] = [(str(each.pk), str(each)) for each in meetings]

    def in_state(self, rows: QuerySet[Document], name: str, value: str) -> QuerySet[Document]:
        """Keep what stands there."""
        return STATES[value][1](rows)

    def with_text(self, rows: QuerySet[Document], name: str, value: str) -> QuerySet[Document]:
        """Keep what has these words in its number, its receipt or its title."""
        if "\0" in value:
            return rows.none()
        said = Q(number__icontains=value) | Q(receipt__icontains=value)
        for language in LANGUAGES:
            said |= Q(**{f"title__{language}__icontains": value})
        return rows.filter(said)


class MeetingChoice(forms.Form):
    """Which meeting's documents are looked through; the latest that has some where none is named."""

    meeting = forms.ChoiceField(required=False)

    def __init__(self, data: Any, *, groups: Sequence[WorkingGroup]) -> None:
        super().__init__(data, label_suffix="")
        self._meetings = {str(each.pk): each for each in meetings_of(groups)}
        field = self.fields["meeting"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(key, str(each)) for key, each in self._meetings.items()]
        latest = self._latest()
        self.initial["meeting"] = latest.pk if latest is not None else ""

    def _latest(self) -> Meeting | None:
        numbered = Document.objects.filter(meeting__in=self._meetings.values()).exclude(number="")
        key = numbered.order_by("-meeting__first_day", "-pk").values_list("meeting", flat=True)
        first = key.first()
        return self._meetings.get(str(first)) or next(iter(self._meetings.values()), None)

    def chosen(self) -> Meeting | None:
        """Return the meeting asked for, else the latest."""
        asked = self.cleaned_data.get("meeting") if self.is_bound and self.is_valid() else ""
        return self._meetings.get(str(asked or self.initial["meeting"]))
