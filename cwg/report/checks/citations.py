"""What the report cites: in one way, in force, and in its references."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from cwg.report.checks.cited import Typed, same_revision, typed_revisions, year_of
from cwg.report.checks.findings import Record, Slip, quoted, rule
from cwg.report.checks.places import Place
from cwg.report.checks.reading import Checked
from cwg.report.models import Reference
from meetings.languages import in_language
from meetings.models import Instrument, Revision
from meetings.severity import Severity
from meetings.wording import dates


def _citing(checked: Checked, instrument: int) -> Sequence[Place]:
    """Return where the number of an instrument is printed from the record, in order."""
    return checked.citing.get(("meetings.instrument", str(instrument)), ())


def _printing(checked: Checked, revision: Revision) -> Sequence[Place]:
    """Return where a revision is printed from the record, in order."""
    return checked.citing.get(("meetings.revision", str(revision.pk)), ())


def _opens(reference: Reference) -> Record:
    return Record("report.reference", str(reference.pk), "revision")


@rule(
    "reference-not-cited", Severity.WARNING,
    "An instrument in the references that neither the cover nor the body cites",
)  # fmt: skip
def reference_not_cited(checked: Checked) -> Iterator[Slip]:
    listing = checked.listing
    typed = {
        instrument.pk for said, instrument in checked.typed_citations
        if instrument is not None and said.place not in listing
    }  # fmt: skip
    for reference in checked.record.references:
        instrument = reference.revision.instrument_id
        citing = _citing(checked, instrument)
        listed = next((place for place in citing if place in listing), None)
        if listed is None or instrument in typed:
            continue
        if any(place not in listing for place in citing):
            continue
        said = f"{reference.revision} stands in the references; the text does not cite it."
        yield Slip(listed, said, f"instrument {instrument}", _opens(reference))


@rule(
    "cited-not-referenced", Severity.WARNING,
    "An instrument that the text cites and the references leave out",
)  # fmt: skip
def cited_not_referenced(checked: Checked) -> Iterator[Slip]:
    listing = checked.listing
    listed = {
        instrument.pk
        for said, instrument in checked.typed_citations
        if instrument and said.place in listing
    }
    known = {*checked.reference_to, *listed}
    for said, instrument in checked.typed_citations:
        if said.place in listing or (instrument and instrument.pk in known):
            continue
        if instrument is None and not said.kind.startswith(("res", "rés")) and not said.revision:
            continue  # "Decision 2" may be the meeting's own, without a revision
        yield Slip(
            said.place,
            f"{quoted(said.words)} is cited here, typed by hand, and is not in the references.",
            f"{said.place.record.model} {said.place.record.key} {said.kind} {said.number}",
            None
            if instrument is None
            else Record("report.report", str(checked.report.pk), "references"),
        )
    yield from _others_typed(checked)
    for reference in checked.record.references:  # a row of references that somebody typed
        instrument_key = reference.revision.instrument_id
        citing = _citing(checked, instrument_key)
        if not listing or not citing or instrument_key in listed:
            continue
        if any(place in listing for place in citing):
            continue
        said_here = f"{reference.revision} is cited here and not listed under the references."
        yield Slip(citing[0], said_here, f"instrument {instrument_key}", _opens(reference))


def _others_typed(checked: Checked) -> Iterator[Slip]:
    """Yield texts of other bodies that are typed in plain text and known to no reference."""
    if checked.lexicon is None:
        return
    known = {instrument.number for instrument in checked.instruments}
    for place in checked.places:
        if not place.has_typed:
            continue
        for match in checked.lexicon.pattern("citations.others").finditer(place.typed):
            if match[0] in known or place.in_quotation(match.start()):
                continue
            said = f"{quoted(match[0])} is cited here, typed by hand, and is not in the references."
            yield Slip(place, said, f"{place.record.model} {place.record.key} {match[0]}")


@rule(
    "citation-typed", Severity.WARNING,
    "A citation typed as plain text where a slot would follow the record",
)  # fmt: skip
def citation_typed(checked: Checked) -> Iterator[Slip]:
    for said, instrument in checked.typed_citations:
        reference = checked.reference_to.get(instrument.pk) if instrument else None
        if instrument is None or reference is None:
            if instrument is not None and said.place in checked.listing:
                yield _typed_slip(said, instrument)
            continue
        if said.revision and same_revision(said.revision, reference.revision, checked.language):
            yield _typed_slip(said, instrument)
    if checked.lexicon is None:
        return
    for place in checked.places:
        for revision in typed_revisions(place, checked.lexicon):
            words = f"{quoted(revision)} is typed beside a number from the record; use its slot."
            yield Slip(place, words, f"{place.record.model} {place.record.key} {revision}")


def _typed_slip(said: Typed, instrument: Instrument) -> Slip:
    return Slip(
        said.place,
        f"{quoted(said.words)} is typed as plain text; {{{{ {instrument.key} }}}} follows the record.",
        f"{said.place.record.model} {said.place.record.key} {instrument.key}",
    )


@rule(
    "cited-two-ways", Severity.WARNING,
    "One instrument cited two ways: in two revisions, or with its revision and without",
)  # fmt: skip
def cited_two_ways(checked: Checked) -> Iterator[Slip]:
    yield from _two_references(checked)
    yield from _without_revision(checked)
    for said, instrument in checked.typed_citations:
        reference = checked.reference_to.get(instrument.pk) if instrument else None
        if instrument is None or reference is None:
            continue
        if said.revision and same_revision(said.revision, reference.revision, checked.language):
            continue
        label = in_language(reference.revision.label, checked.language)
        yield Slip(
            said.place,
            f"{quoted(said.words)} is typed here; the report cites {reference.revision.instrument} "
            f"as “({label})”.",
            f"{said.place.record.model} {said.place.record.key} {instrument.key} {said.revision}",
            beside=label,
        )


def _two_references(checked: Checked) -> Iterator[Slip]:
    first: dict[int, Reference] = {}
    for reference in checked.record.references:
        earlier = first.setdefault(reference.revision.instrument_id, reference)
        if earlier is reference:
            continue
        at = _at(checked, reference.revision)
        said = f"{earlier.revision} and {reference.revision} are both cited."
        yield Slip(at, said, f"reference {reference.pk}", _opens(reference), beside=said)


def _without_revision(checked: Checked) -> Iterator[Slip]:
    """Yield numbers printed without their revision, where other places print it."""
    listing = checked.listing
    for reference in checked.record.references:
        revision = reference.revision
        said = [
            place for place in _citing(checked, revision.instrument_id)
            if place not in listing and not _is_heading(place)
        ]  # fmt: skip
        without = [place for place in said if not _revised(place, revision, checked.language)]
        if len(without) == len(said):
            continue
        for place in without:
            number = revision.instrument.number
            yield Slip(
                place,
                f"“{number}” stands here without its revision; elsewhere the report cites {revision}.",
                f"{place.record.model} {place.record.key} {revision.instrument.key}",
                beside=str(revision),
            )


def _is_heading(place: Place) -> bool:
    return place.anchor.startswith("section-")


def _revised(place: Place, revision: Revision, language: str) -> bool:
    """Say whether the number of an instrument is followed by its revision, or one spelt alike."""
    key, label = str(revision.instrument_id), in_language(revision.label, language)
    waiting = False
    for span in place.spans:
        if span.origin.model == "meetings.instrument" and span.origin.field == "number":
            waiting = waiting or span.origin.key == key
        elif waiting and label and label in span.text:
            return True
    return False


@rule(
    "revision-not-in-force", Severity.WARNING,
    "A revision that is not in force on the report’s date: not yet, or superseded by a later one",
)  # fmt: skip
def revision_not_in_force(checked: Checked) -> Iterator[Slip]:
    known = {instrument.pk: instrument for instrument in checked.instruments}
    messages = checked.house.messages
    for reference in checked.record.references:
        instrument = known.get(reference.revision.instrument_id)
        if instrument is None:
            continue
        revisions = {revision.pk: revision for revision in instrument.revisions.all()}
        cited = revisions[reference.revision_id]
        begins = _in_force_from(cited, checked.language, early=True)
        later = [
            (start, revision) for revision in revisions.values()
            if revision.pk != cited.pk
            and (start := _in_force_from(revision, checked.language, early=False)) is not None
            and (_in_force_from(cited, checked.language, early=False) or date.min) < start <= checked.day
        ]  # fmt: skip
        if begins is not None and begins > checked.day:
            said = f"{cited} is cited; it is not in force before {dates.day(messages, begins)}."
        elif later:
            _, newest = max(later, key=lambda each: each[0])
            said = f"{cited} is cited; {newest} has replaced it."
        else:
            continue
        yield Slip(
            _at(checked, cited), said, f"revision {cited.pk}", _opens(reference), beside=said
        )


def _at(checked: Checked, revision: Revision) -> Place:
    """Return where a revision is printed first; else where the references are listed; else the top."""
    printed = _printing(checked, revision)
    listed = (place for place in checked.places if place in checked.listing)
    return printed[0] if printed else next(listed, checked.places[0])


def _in_force_from(revision: Revision, language: str, *, early: bool) -> date | None:
    """Return from when a revision counts: its day; else its session; else the year it bears.

    Where no day is known, the earliest or the latest that it can have been.
    """
    if revision.in_force_from is not None:
        return revision.in_force_from
    if revision.adopted_by is not None:
        return revision.adopted_by.opens() if early else revision.adopted_by.ends()
    year = year_of(in_language(revision.label, language))
    if year is None:
        return None
    return date(year, 1, 1) if early else date(year, 12, 31)
