"""What a meeting's register may be narrowed to, and by what it is sorted."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, QuerySet

from meetings import register
from meetings.agenda_numbers import numbered
from meetings.languages import LANGUAGES, in_any_language
from meetings.models import AgendaItem, Document, DocumentFile, Meeting, MemberState, Source

SORTED = [("number", "Number")] + [
    (f"{sign}{key}", f"{name}, {word}")
    for key, name in register.SORTS.items()
    for sign, word in (("", "first to last"), ("-", "last to first"))
    if (sign, key) != ("", "number")
]
BY_THE_SECRETARIAT = "secretariat"


class RegisterFilter(django_filters.FilterSet):  # type: ignore[misc]  # it has no types
    """The form above a register: each thing that its documents differ in.

    What cannot be read is said at its place, and narrows nothing.
    """

    item = django_filters.ChoiceFilter(
        field_name="agenda_items", label="Agenda item", empty_label="All items"
    )
    source = django_filters.ChoiceFilter(
        method="from_source", label="Source", empty_label="All sources"
    )
    language = django_filters.ChoiceFilter(
        method="in_its_language", label="Language", empty_label="All languages"
    )
    kind = django_filters.ChoiceFilter(field_name="kind", label="Type", empty_label="All types")
    sort = django_filters.ChoiceFilter(
        method="sorted_by", label="Sorted by", choices=SORTED, empty_label=None, null_label=None
    )

    class Meta:
        model = Document
        fields: tuple[str, ...] = ()

    def __init__(self, data: Any, *, queryset: QuerySet[Document], meeting: Meeting) -> None:
        super().__init__(data, queryset=queryset)
        documents = queryset.order_by()
        items = self._items(documents, meeting) if meeting.agenda_public else []
        self._offer("item", items, least=1)
        self._offer("source", _sources(documents))
        languages = set(
            DocumentFile.objects.filter(document__in=documents).order_by()
            .values_list("language", flat=True).distinct()
        )  # fmt: skip
        self._offer("language", [each for each in LANGUAGES.items() if each[0] in languages])
        kinds = set(documents.values_list("kind", flat=True).distinct())
        self._offer(
            "kind",
            [(value, f"{word[:1].upper()}{word[1:]}") for value, word in Document.Kind.choices
             if value in kinds],
        )  # fmt: skip

    def _offer(self, name: str, choices: list[tuple[str, str]], least: int = 2) -> None:
        """Offer `choices`, or leave the filter out where there are fewer than `least`."""
        if len(choices) >= least:
            self.filters[name].extra["choices"] = choices
        else:
            del self.filters[name]

    @staticmethod
    def _items(documents: QuerySet[Document], meeting: Meeting) -> list[tuple[str, str]]:
        named = set(documents.values_list("agenda_items", flat=True).distinct())
        if not named - {None}:
            return []
        items = AgendaItem.objects.filter(meeting=meeting)
        return [
            (str(item.pk), f"{number} {in_any_language(item.title)}")
            for number, item in numbered(list(items))
            if item.pk in named
        ]

    def asked(self) -> dict[str, Any]:
        """Return what was asked for and could be read, by name; the order is not among it."""
        self.form.is_valid()
        given = getattr(self.form, "cleaned_data", {})
        return {
            name: value for name, value in given.items()
            if value not in (None, "") and name != "sort"
        }  # fmt: skip

    def order(self) -> str:
        """Return the column asked for."""
        self.form.is_valid()
        return str(getattr(self.form, "cleaned_data", {}).get("sort") or "")

    @property
    def found(self) -> QuerySet[Document]:
        """Return the documents that fit, in the order asked for."""
        return register.in_order(self.qs, self.order())

    def from_source(
        self, documents: QuerySet[Document], name: str, value: str
    ) -> QuerySet[Document]:
        """Keep what comes from a Member State, or from none."""
        sources = Source.objects.filter(document=OuterRef("pk"), declined_at=None)
        if value == BY_THE_SECRETARIAT:
            return documents.filter(~Exists(sources))
        return documents.filter(Exists(sources.filter(member_state__iso=value)))

    def in_its_language(
        self, documents: QuerySet[Document], name: str, value: str
    ) -> QuerySet[Document]:
        """Keep what there is in a language."""
        files = DocumentFile.objects.filter(document=OuterRef("pk"), language=value)
        return documents.filter(Exists(files), withdrawn_at=None)

    def sorted_by(self, documents: QuerySet[Document], name: str, value: str) -> QuerySet[Document]:
        """Leave the rows as they are: `found` puts them in order, asked for or not."""
        return documents


def _sources(documents: QuerySet[Document]) -> list[tuple[str, str]]:
    """Return the Member States that documents come from by name, and the secretariat."""
    named = Source.objects.filter(document__in=documents, declined_at=None)
    states = MemberState.objects.filter(pk__in=named.values("member_state"))
    found = sorted(((each.iso, str(each)) for each in states), key=lambda each: each[1])
    return [*found, (BY_THE_SECRETARIAT, "No Member State")] if found else []
