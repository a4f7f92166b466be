"""What lists of rounds and of contributions may be narrowed to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from consultations import names
from consultations.counting import Facet
from consultations.models import (
    Answer,
    Consultation,
    ConsultationTopic,
    Contribution,
    Contributor,
    Naming,
    Question,
    StakeholderGroup,
)
from consultations.models.consultation import State
from meetings.languages import LANGUAGES, in_any_language
from meetings.models import ListedTopic, MemberState, Region

MOST_CHARACTERS = 200  # of the words asked for
KINDS = [(Contributor.Kind.ORGANISATION, "Organizations"), (Contributor.Kind.PERSON, "Persons")]
STATES = [(state.value, state.label) for state in State if state != State.PREPARED]


class _Narrowing(django_filters.FilterSet):  # type: ignore[misc]  # it has no types
    """A form above a list; what cannot be read is said at its place, and narrows nothing."""

    def asked(self) -> dict[str, Any]:
        """Return what was asked for and could be read, by name."""
        self.form.is_valid()
        given = getattr(self.form, "cleaned_data", {})
        return {name: value for name, value in given.items() if value not in (None, "")}

    def offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        """Offer `choices`, or leave the filter out where there is nothing to choose from."""
        if choices:
            self.filters[name].extra["choices"] = choices
        else:
            del self.filters[name]


class RoundFilter(_Narrowing):
    """The form above the list of a group's rounds."""

    text = django_filters.CharFilter(
        method="with_text", label="Words", max_length=MOST_CHARACTERS,
        widget=forms.TextInput({"type": "search"}),
    )  # fmt: skip
    state = django_filters.ChoiceFilter(
        method="in_state", label="State", choices=STATES, empty_label="All"
    )
    year = django_filters.ChoiceFilter(method="of_year", label="Year", empty_label="Any year")
    topic = django_filters.ChoiceFilter(
        method="on_topic", label="Listed topic", empty_label="All topics"
    )

    class Meta:
        model = Consultation
        fields: tuple[str, ...] = ()

    def __init__(self, data: Any, *, queryset: QuerySet[Consultation]) -> None:
        super().__init__(data, queryset=queryset)
        years = {key[:4] for key in queryset.order_by().values_list("key", flat=True)}
        listed = ListedTopic.objects.filter(
            Exists(
                ConsultationTopic.objects.filter(
                    consultation__in=queryset.order_by(), topic__draws_on=OuterRef("pk")
                )
            )
        )
        self.offer("year", [(year, year) for year in sorted(years, reverse=True)])
        self.offer("topic", [(str(each.pk), str(each)) for each in listed])

    def in_state(
        self, rounds: QuerySet[Consultation], name: str, value: str
    ) -> QuerySet[Consultation]:
        """Keep the rounds that stand there now."""
        return rounds & Consultation.objects.in_state(value, timezone.now())

    def of_year(
        self, rounds: QuerySet[Consultation], name: str, value: str
    ) -> QuerySet[Consultation]:
        """Keep the rounds whose key begins with a year."""
        return rounds.filter(key__startswith=value)

    def on_topic(
        self, rounds: QuerySet[Consultation], name: str, value: str
    ) -> QuerySet[Consultation]:
        """Keep the rounds with a topic that draws on a listed one."""
        return rounds.filter(_topics(Q(topic__draws_on=int(value))))

    def with_text(
        self, rounds: QuerySet[Consultation], name: str, value: str
    ) -> QuerySet[Consultation]:
        """Keep the rounds with these words in their heading, topics or questions."""
        asked = Question.objects.filter(_says("text", value), consultation=OuterRef("pk"))
        return rounds.filter(
            _says("heading", value) | _topics(_says("topic__title", value)) | Exists(asked)
        )


def _topics(condition: Q) -> Exists:
    return Exists(ConsultationTopic.objects.filter(condition, consultation=OuterRef("pk")))


def _says(field: str, value: str) -> Q:
    condition = Q()
    for language in LANGUAGES:
        condition |= Q(**{f"{field}__{language}__icontains": value})
    return condition


class ContributionFilter(_Narrowing):
    """The form above the contributions of one round: each facet that they differ in."""

    question = django_filters.ChoiceFilter(
        method="to_question", label="Question", empty_label="All questions"
    )
    group = django_filters.ChoiceFilter(
        field_name="stakeholder_group", label="Stakeholder group", empty_label="All groups"
    )
    region = django_filters.ChoiceFilter(
        method="of_region", label="Region", empty_label="All regions"
    )
    country = django_filters.ChoiceFilter(
        method="of_country", label="Country", empty_label="All countries"
    )
    language = django_filters.ChoiceFilter(
        field_name="language", label="Language", empty_label="All languages"
    )

    class Meta:
        model = Contribution
        fields: tuple[str, ...] = ()

    def __init__(
        self,
        data: Any,
        *,
        queryset: QuerySet[Contribution],
        counted: Mapping[Facet, Mapping[str, int]],
        names: Mapping[Facet, Mapping[str, str]],
    ) -> None:
        super().__init__(data, queryset=queryset)
        for facet in Facet:
            values = counted[facet]
            self.offer(
                facet.value,
                [
                    (value, f"{name} ({values[value]})")
                    for value, name in names[facet].items()
                    if value in values
                ],
            )

    def facets(self) -> dict[Facet, str]:
        """Return the facets asked for."""
        return {Facet(name): value for name, value in self.asked().items()}

    def to_question(
        self, contributions: QuerySet[Contribution], name: str, value: str
    ) -> QuerySet[Contribution]:
        """Keep what answers a question."""
        answers = Answer.objects.filter(contribution=OuterRef("pk"), question=int(value))
        return contributions.filter(Exists(answers))

    def of_region(
        self, contributions: QuerySet[Contribution], name: str, value: str
    ) -> QuerySet[Contribution]:
        """Keep what comes from a region, as far as the sender publishes the country."""
        return contributions.filter(publish_country=True, country__region__code=value)

    def of_country(
        self, contributions: QuerySet[Contribution], name: str, value: str
    ) -> QuerySet[Contribution]:
        """Keep what comes from a country, as far as the sender publishes it."""
        return contributions.filter(publish_country=True, country__iso=value)


class ContributorFilter(_Narrowing):
    """The form above the list of who contributed."""

    text = django_filters.CharFilter(
        method="with_text", label="Words of the name", max_length=MOST_CHARACTERS,
        widget=forms.TextInput({"type": "search"}),
    )  # fmt: skip
    letter = django_filters.ChoiceFilter(
        method="from_letter", label="Begins with", empty_label="Any letter"
    )
    kind = django_filters.ChoiceFilter(
        field_name="kind", label="Who", choices=KINDS, empty_label="All"
    )
    group = django_filters.ChoiceFilter(
        method="of_group", label="Stakeholder group", empty_label="All groups",
        choices=StakeholderGroup.choices,
    )  # fmt: skip
    region = django_filters.ChoiceFilter(
        method="of_region", label="Region", empty_label="All regions"
    )

    class Meta:
        model = Contributor
        fields: tuple[str, ...] = ()

    def __init__(
        self,
        data: Any,
        *,
        queryset: QuerySet[Contributor],
        namings: QuerySet[Naming],
        letters: Iterable[str],
    ) -> None:
        """Narrow `queryset` by what stands in `namings`, those that everybody reads."""
        super().__init__(data, queryset=queryset)
        self.namings = namings
        regions = Region.objects.filter(system="office").order_by("pk")
        self.offer("letter", [(each, each.upper()) for each in letters])
        self.offer("region", [(each.code, in_any_language(each.name)) for each in regions])

    def with_text(
        self, contributors: QuerySet[Contributor], name: str, value: str
    ) -> QuerySet[Contributor]:
        """Keep those in whose name every word stands, without regard to case and accents."""
        for word in names.words(value):
            contributors = contributors.filter(folded__contains=word)
        return contributors

    def from_letter(
        self, contributors: QuerySet[Contributor], name: str, value: str
    ) -> QuerySet[Contributor]:
        """Keep those whose name begins with a letter, a leading “The” left out."""
        return contributors.filter(folded__startswith=value)

    def of_group(
        self, contributors: QuerySet[Contributor], name: str, value: str
    ) -> QuerySet[Contributor]:
        """Keep those named by a contribution of a stakeholder group."""
        return contributors.filter(self._named(contribution__stakeholder_group=value))

    def of_region(
        self, contributors: QuerySet[Contributor], name: str, value: str
    ) -> QuerySet[Contributor]:
        """Keep those named by a contribution from a region, as far as the country is published."""
        return contributors.filter(
            self._named(
                contribution__publish_country=True, contribution__country__region__code=value
            )
        )

    def _named(self, **facts: Any) -> Exists:
        return Exists(self.namings.filter(shown=OuterRef("pk"), **facts))


def facet_names(
    counted: Mapping[Facet, Mapping[str, int]],
    questions: Mapping[int, str],
    countries: Iterable[MemberState],
) -> dict[Facet, dict[str, str]]:
    """Return the names of the values of each facet, in the order of lists; one query.

    `questions` are what lists call each question of the round, by its key; `countries` those that
    are counted.
    """
    regions = Region.objects.filter(system="office", code__in=counted[Facet.REGION])
    found = {each.iso: in_any_language(each.name) for each in countries}
    return {
        Facet.QUESTION: {str(key): label for key, label in questions.items()},
        Facet.GROUP: dict(StakeholderGroup.choices),
        Facet.REGION: {each.code: in_any_language(each.name) for each in regions},
        Facet.COUNTRY: dict(sorted(found.items(), key=lambda pair: pair[1])),
        Facet.LANGUAGE: dict(LANGUAGES),
    }
