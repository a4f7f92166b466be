"""The facets of the repository: their values by name, with counts, each a link that narrows or widens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self
from urllib.parse import quote_plus

from consultations import search
from consultations.data.records import Round, rounds
from consultations.models import StakeholderGroup
from cwg.pages.narrowed import FACETS, Narrowed
from meetings.languages import LANGUAGES, in_any_language
from meetings.models import ListedTopic, Region, WorkingGroup

SHOWN = 6  # values of a facet that are shown before “more”
LABELS = {
    "round": "Consultation", "year": "Year", "question": "Question", "topic": "Listed topic",
    "group": "Stakeholder group", "region": "Region", "country": "Country", "language": "Language",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a facet: what it is called, how many there are, the address that takes it in or out."""

    name: str
    number: int
    query: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """A facet as the page shows it; `more` is how many values are left out, `all` shows them."""

    name: str
    label: str
    values: tuple[Value, ...]
    more: int = 0
    all: str = ""


@dataclass(frozen=True, slots=True)
class Names:
    """What the values of facets are called, of one group or of all; made once for each edition."""

    rounds: Mapping[int, Round]
    by_facet: Mapping[str, Mapping[str, str]]
    of_index: Mapping[str, str]  # a round's name in addresses -> in the index
    shared: search.Shared

    @classmethod
    def of(cls, group: WorkingGroup | None) -> Self:
        """Return them; in addresses of all groups a round is named with its group."""
        found = rounds(group)
        called = {
            (each.key if group else f"{each.group}/{each.key}"): str(each.pk)
            for each in found.values()
        }
        shared = search.Shared.of(found)
        by_pk = {pk: called for called, pk in called.items()}
        topics = ListedTopic.objects.select_related("revision__instrument__body")
        return cls(found, {
            "round": {
                by_pk[str(each.pk)]: f"{each.title} ({each.key})" for each in found.values()
            },
            "year": {year: year for year in sorted({each.key[:4] for each in found.values()}, reverse=True)},
            "question": {
                str(key): label if label == "The question" else f"Question {label}"
                for each in found.values() for key, label in each.labels.items()
            },
            "topic": {str(each.pk): str(each) for each in topics},
            "group": dict(StakeholderGroup.choices),
            "region": {
                each.code: in_any_language(each.name) for each in Region.objects.filter(system="office")
            },
            "country": {
                each.iso: in_any_language(each.name) for each in shared.countries.values()
            },
            "language": dict(LANGUAGES),
        }, called, shared)  # fmt: skip

    def name(self, facet: str, value: str) -> str:
        """Return what a value is called; one that nobody knows by itself."""
        return self.by_facet[facet].get(value, value)

    def to_index(self, facet: str, value: str) -> str:
        """Return a value of an address as the index has it; one that is none finds nothing."""
        return self.of_index.get(value, "none") if facet == "round" else value

    def chosen(self, asked: Narrowed) -> dict[str, list[str]]:
        """Return the values of facets that are chosen, as the index is asked for them."""
        return {
            FACETS[facet]: [self.to_index(facet, value) for value in values]
            for facet, values in asked.chosen.items()
            if values and facet in FACETS
        }

    def facets(self, asked: Narrowed, counts: Mapping[str, Mapping[str, int]]) -> list[Shown]:
        """Return the facets in order, their values by number: those chosen first, then the most."""
        found = [self._facet(name, asked, counts.get(FACETS[name], {})) for name in FACETS]
        return [each for each in found if each.values]

    def _facet(self, name: str, asked: Narrowed, counted: Mapping[str, int]) -> Shown:
        chosen = asked.chosen.get(name, ())
        if name == "question" and not chosen and len(asked.chosen.get("round", ())) != 1:
            return Shown(name, LABELS[name], ())  # question 2 of one round is not that of another
        if name == "round":
            by_index = {pk: called for called, pk in self.of_index.items()}
            counted = {by_index[pk]: number for pk, number in counted.items() if pk in by_index}
        known = self.by_facet[name]
        numbers = {value: number for value, number in counted.items() if value in known}
        order = list(known)
        ranked = sorted(
            numbers, key=lambda value: (value not in chosen, -numbers[value], known[value])
        )
        if name in {"year", "question"}:
            ranked = [value for value in order if value in numbers]
        cut = ranked if asked.more == name or len(ranked) <= SHOWN + 1 else ranked[:SHOWN]
        begun = f"?{asked.query()}&{name}=" if asked else f"?{name}="
        out = {value: f"?{asked.without(name, value).query()}" for value in chosen}
        values = tuple(
            Value(
                known[value], numbers[value],
                out.get(value) or f"{begun}{quote_plus(value)}",
                value in chosen,
            )
            for value in cut
        )  # fmt: skip
        left = len(ranked) - len(cut)
        return Shown(
            name, LABELS[name], values, left, f"?{asked.query(more=name)}#{name}" if left else ""
        )
