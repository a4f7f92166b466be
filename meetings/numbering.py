"""Document numbers: given once, without gaps, without doubles, under any number of processes.

A number is taken in the transaction of the act that gives it, under the lock of its series: what is
rolled back takes none. One once given is never given again, also where its document is withdrawn.
How it is printed is the Group's: `WorkingGroup.number_pattern`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db.models import Max

from meetings.languages import in_any_language
from meetings.models import Document, Meeting, NumberSeries
from meetings.record import name_on

Relation, Series = Document.Relation, Document.Series
# The series of each kind; the others are numbered with the meeting's documents
SERIES = {
    Document.Kind.INFORMATION: Series.INF,
    Document.Kind.ADMINISTRATIVE: Series.ADM,
    Document.Kind.TEMPORARY: Series.DT,
}
# As the numbers of the Union's documents end: “…-23/7 (Rev.1)” is written “…-23/7 Rev.1” here
ENDINGS = {
    Relation.REVISION: "Rev.{}", Relation.ADDENDUM: "Add.{}", Relation.CORRIGENDUM: "Corr.{}",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a meeting's register."""

    series: str
    ordinal: int
    relation: str = ""
    relation_number: int | None = None


def series_of(kind: str) -> Document.Series:
    """Return the series in which documents of `kind` are numbered."""
    return SERIES.get(Document.Kind(kind), Series.MAIN)


def take(meeting: Meeting, series: str) -> int:
    """Return the next number of `series` at `meeting`, and count it as given.

    Call it inside the transaction that writes the document.
    """
    NumberSeries.objects.get_or_create(meeting=meeting, series=series)
    counted = NumberSeries.objects.select_for_update(no_key=True).get(
        meeting=meeting, series=series
    )
    counted.last += 1
    counted.save()
    return counted.last


def take_after(parent: Document, relation: str) -> int:
    """Return the number of the next revision, addendum or corrigendum of `parent`.

    Call it inside the transaction that writes the document.
    """
    Document.objects.select_for_update(no_key=True).get(pk=parent.pk)
    last = parent.later.filter(relation=relation).aggregate(last=Max("relation_number"))["last"]
    return int(last or 0) + 1


def give(document: Document) -> None:
    """Give `document` its place in its meeting's register, its number and its key; do not save it.

    One that comes after another is numbered after it, and needs that one's number. Call it inside
    the transaction that writes the document.
    """
    meeting = document.meeting
    assert meeting is not None, "documents of a meeting have places in its register"
    if document.parent is not None:
        document.series, document.ordinal = document.parent.series, document.parent.ordinal
        document.relation_number = take_after(document.parent, document.relation)
    else:
        document.series = series_of(document.kind)
        document.ordinal = take(meeting, document.series)
    assert document.ordinal is not None, "what it comes after has its number first"
    place = Place(document.series, document.ordinal, document.relation, document.relation_number)
    document.number = printed(meeting, place)
    names = [meeting.number, document.register_name, document.relation_name]
    key = "-".join(filter(None, names))
    # a record file may have called another one so
    if not Document.objects.filter(group=document.group_id, key=key).exists():
        document.key = key


def count_as_given(meeting: Meeting, place: Place) -> None:
    """Count the number of a document that has it already, as one from a record file has."""
    counted, _ = NumberSeries.objects.get_or_create(meeting=meeting, series=place.series)
    if counted.last < place.ordinal:
        counted.last = place.ordinal
        counted.save()


def printed(meeting: Meeting, place: Place) -> str:
    """Return the number of a document in full, as its group prints it: …-23/7 Rev.1."""
    within = f"{place.series}/{place.ordinal}" if place.series else str(place.ordinal)
    number: str = meeting.group.number_pattern.format(
        acronym=_acronym(meeting), meeting=meeting.number.upper(), number=within
    )
    if place.relation:
        number = f"{number} {ENDINGS[Relation(place.relation)].format(place.relation_number)}"
    return str(number)


def read(meeting: Meeting, number: str) -> Place | None:
    """Return the place that a printed number names at `meeting`; None where it is another's."""
    within = r"(?:(?P<series>[A-Z]+)/)?(?P<ordinal>\d{1,6})"
    mark = "\x00"
    pattern = re.escape(
        meeting.group.number_pattern.format(
            acronym=_acronym(meeting), meeting=meeting.number.upper(), number=mark
        )
    ).replace(re.escape(mark), within, 1)
    ending = r"(?: ?\(?(?P<relation>Rev|Add|Corr)\. ?(?P<relation_number>\d{1,4})\)?)?"
    found = re.fullmatch(pattern + ending, number.strip())
    if found is None or (found["series"] or "") not in Series.values:
        return None
    return Place(
        found["series"] or "", int(found["ordinal"]), (found["relation"] or "").lower(),
        int(found["relation_number"]) if found["relation_number"] else None,
    )  # fmt: skip


def _acronym(meeting: Meeting) -> str:
    name = name_on(meeting.group, meeting.first_day)
    return in_any_language(name.acronym) if name else meeting.group.slug
