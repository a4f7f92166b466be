"""What the ledger may be narrowed to."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet

from meetings.languages import LANGUAGES, in_any_language
from meetings.models import PROMISES, Meeting, Outcome, OutcomeTopic, WorkingGroup
from meetings.promises.cycles import Cycle, cycles
from meetings.promises.ledger import letters_of
from meetings.promises.states import LABELS, OPEN_STATES, State

NOT_DONE = "not_done"
STATES = [(NOT_DONE, "Not settled yet"), *((state.value, LABELS[state]) for state in State)]
# A meeting or an outcome as people write it: 22, 22 a, 22/a), oc-3
NUMBER = re.compile(r"(oc-)?([0-9]{1,4})(?:[\s/]*([a-z]{1,2})\)?)?", re.IGNORECASE)


class PromiseFilter(django_filters.FilterSet):  # type: ignore[misc]  # it has no types
    """The form above the ledger. The state and the day are computed from, not asked of the database."""

    text = django_filters.CharFilter(
        method="with_text", label="Words", widget=forms.TextInput({"type": "search"})
    )
    state = django_filters.ChoiceFilter(
        method="unchanged", label="State", choices=STATES, empty_label="All"
    )
    cycle = django_filters.ChoiceFilter(method="of_cycle", label="Cycle", empty_label="All")
    group = django_filters.ChoiceFilter(method="of_group", label="Group", empty_label="All")
    addressee = django_filters.ChoiceFilter(
        method="to_addressee", label="Asked of", empty_label="Everybody"
    )
    year = django_filters.ChoiceFilter(
        method="of_year", label="Promised in", empty_label="Any year"
    )
    day = django_filters.DateFilter(
        method="unchanged", label="As it stood on", widget=forms.DateInput({"type": "date"})
    )

    class Meta:
        model = Outcome
        fields: tuple[str, ...] = ()

    def __init__(self, data: Any, *, groups: list[WorkingGroup]) -> None:
        promises = Outcome.objects.filter(kind__in=PROMISES, meeting__group__in=groups)
        super().__init__(data, queryset=promises)
        self.cycles = {cycle.key: cycle for cycle in cycles()}
        years = promises.dates("meeting__last_day", "year", order="DESC")
        asked = (
            promises.filter(addressee__isnull=False).order_by().values_list("addressee", flat=True)
        )
        addressees = {in_any_language(text) for text in asked.distinct()}
        self._offer("cycle", [(key, cycle.label) for key, cycle in self.cycles.items()])
        self._offer("group", [(group.slug, str(group)) for group in groups])
        self._offer("addressee", [(text, text) for text in sorted(addressees)])
        self._offer("year", [(str(day.year), str(day.year)) for day in years])
        for name, few in (("cycle", 0), ("group", 1), ("addressee", 0)):
            if len(self.filters[name].extra["choices"]) <= few:
                del self.filters[name]  # nothing to choose from

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.filters[name].extra["choices"] = choices

    def unchanged(self, promises: QuerySet[Outcome], name: str, value: Any) -> QuerySet[Outcome]:
        """Leave the promises as they are: `states` and `day` say what was asked."""
        return promises

    def states_asked(self) -> frozenset[State]:
        """Return the states asked for, all where none was."""
        asked = self._asked("state")
        if asked == NOT_DONE:
            return OPEN_STATES
        return frozenset({State(asked)}) if asked else frozenset(State)

    def day_asked(self, today: date) -> date:
        """Return the day asked for, `today` where none was."""
        return self._asked("day") or today

    def cycle_asked(self) -> Cycle | None:
        """Return the cycle asked for, if any."""
        return self.cycles.get(self._asked("cycle") or "")

    def is_narrowed(self) -> bool:
        """Say whether anything but another day was asked for."""
        return any(self._asked(name) for name in self.form.fields if name != "day")

    def _asked(self, name: str) -> Any:
        return self.form.cleaned_data.get(name) if self.form.is_valid() else None

    def of_cycle(self, promises: QuerySet[Outcome], name: str, value: str) -> QuerySet[Outcome]:
        """Keep what was promised in a cycle."""
        return promises.filter(self.cycles[value].of_meetings())

    def of_group(self, promises: QuerySet[Outcome], name: str, value: str) -> QuerySet[Outcome]:
        """Keep what a group promised."""
        return promises.filter(meeting__group__slug=value)

    def to_addressee(self, promises: QuerySet[Outcome], name: str, value: str) -> QuerySet[Outcome]:
        """Keep what was asked of somebody, in whatever language that is written."""
        return promises.filter(_any_language("addressee", value, ""))

    def of_year(self, promises: QuerySet[Outcome], name: str, value: str) -> QuerySet[Outcome]:
        """Keep what meetings promised that ended in a year."""
        return promises.filter(meeting__last_day__year=int(value))

    def with_text(self, promises: QuerySet[Outcome], name: str, value: str) -> QuerySet[Outcome]:
        """Keep what has these words, or this number of a meeting, in what the ledger shows of it."""
        number = NUMBER.fullmatch(value.strip())
        if number:
            return promises.filter(_numbered(*number.groups()))
        topics = OutcomeTopic.objects.filter(
            _any_language("topic__title", value), outcome=OuterRef("pk")
        )
        said = (
            Exists(topics)
            | Q(settlement__fact__icontains=value)
            | Q(settlement__source__icontains=value)
        )
        for field in ("action", "addressee", "recalls", "session__label", "awaits__label"):
            said |= _any_language(field, value)
        return promises.filter(said)


def _numbered(open_consultation: str | None, ordinal: str, letter: str | None) -> Q:
    own, other = Meeting.Series.OWN, Meeting.Series.OPEN_CONSULTATION
    meeting = Q(meeting__ordinal=int(ordinal), meeting__series=other if open_consultation else own)
    if not letter:
        return meeting
    at = Meeting.objects.filter(ordinal=int(ordinal)).values("pk")
    letters = letters_of(at.values_list("pk", flat=True))
    return meeting & Q(pk__in=[key for key, said in letters.items() if said == letter.lower()])


def _any_language(field: str, value: str, lookup: str = "__icontains") -> Q:
    condition = Q()
    for language in LANGUAGES:
        condition |= Q(**{f"{field}__{language}{lookup}": value})
    return condition
