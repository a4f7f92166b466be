"""The figures that a summary may hold: slots filled by the counting module, never typed.

    {{ received }} {{ published }} {{ awaiting }} {{ passed }} {{ declined }} {{ withdrawn }} {{ merged }}
    {{ published from government }} {{ published from region europe }} {{ published in ar }}
    {{ published on question 2 }} {{ countries }} {{ regions }} {{ groups }} {{ languages }}

Each is a number as `consultations.counting` counts it (its rules stand there).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from consultations import counting
from consultations.counting import Facet
from consultations.models import Consultation, Question, StakeholderGroup
from consultations.reading import questions
from meetings.languages import LANGUAGES
from meetings.models import Region

SUMS = ("received", *(name for name, _ in counting.IN_WORDS))
DISTINCT = {
    "countries": Facet.COUNTRY,
    "regions": Facet.REGION,
    "groups": Facet.GROUP,
    "languages": Facet.LANGUAGE,
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that may be put into a text: its slot, what it counts, and how many that are now."""

    name: str
    words: str
    number: int


def group_name(value: str) -> str:
    """Return a stakeholder group as a slot names it: private sector."""
    return value.replace("_", " ")


def figures(consultation: Consultation) -> tuple[Figure, ...]:
    """Return every figure that the summary of a round may hold, in order: four queries."""
    tally = counting.tally(consultation)
    by = counting.published_by(consultation)
    said = dict(counting.IN_WORDS)
    found = [
        Figure(name, f"Contributions {said.get(name, 'received')}", int(getattr(tally, name)))
        for name in SUMS
    ]
    found += [
        Figure(name, f"Different {name} of published contributions", len(by[facet]))
        for name, facet in DISTINCT.items()
    ]
    found += [
        Figure(
            f"published from {group_name(group.value)}",
            f"Published contributions from: {group.label}",
            by[Facet.GROUP].get(group.value, 0),
        )
        for group in StakeholderGroup
    ]
    found += [
        Figure(
            f"published from region {region.code.lower()}",
            f"Published contributions from the region {region}",
            by[Facet.REGION].get(region.code, 0),
        )
        for region in Region.objects.filter(system=Region.System.OFFICE)
    ]
    found += [
        Figure(
            f"published in {code}",
            f"Published contributions in {name}",
            by[Facet.LANGUAGE].get(code, 0),
        )
        for code, name in LANGUAGES.items()
    ]
    found += [
        Figure(
            f"published on question {number}",
            f"Published contributions that answer question {number}",
            by[Facet.QUESTION].get(str(question.pk), 0),
        )
        for number, question in asked(consultation)
    ]
    return tuple(found)


def asked(consultation: Consultation) -> Iterator[tuple[str, Question]]:
    """Yield a round's questions with the numbers by which slots name them: 2, and 2.1 below it."""
    for place, question in enumerate(questions(consultation.questions.all()), 1):
        yield str(place), question.row
        for under, area in enumerate(question.areas, 1):
            yield f"{place}.{under}", area.row


def values(consultation: Consultation) -> Mapping[str, str]:
    """Return what each figure prints, by name."""
    return {each.name: str(each.number) for each in figures(consultation)}
