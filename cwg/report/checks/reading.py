"""Read what the rules compare, with a number of queries that does not grow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Prefetch

from consultations.models import Consultation
from consultations.outcomes import Round, rounds
from cwg.report.checks import unfilled
from cwg.report.checks.cited import Typed, meant, typed_citations
from cwg.report.checks.lexicon import Lexicon, lexicon
from cwg.report.checks.places import Place, places
from cwg.report.compose import Composed, compose
from cwg.report.gather import Record, gather
from cwg.report.models import Part, Reference, Report
from meetings import record as facts_of
from meetings.languages import in_language
from meetings.lettering import letter
from meetings.models import (
    Chairing,
    GroupName,
    Instrument,
    Meeting,
    MemberState,
    Officer,
    Outcome,
    OutcomeTopic,
    Revision,
    Settlement,
)
from meetings.record import AT_HAND
from meetings.typesetting.tree import Document
from meetings.wording.facts import House
from meetings.wording.slots import slot_names


@dataclass(frozen=True)
class Checked:
    """A report as printed, and what the record holds that it can be compared with."""

    record: Record
    composed: Composed
    house: House
    lexicon: Lexicon | None
    places: tuple[Place, ...]
    meetings: tuple[Meeting, ...]  # all of the group's, in the order held
    outcomes: tuple[Outcome, ...]  # of the group's own meetings, in the order decided
    consultations: tuple[Consultation, ...]
    instruments: tuple[Instrument, ...]
    member_states: tuple[MemberState, ...]
    names_of_others: tuple[GroupName, ...]
    other_reports: tuple[Report, ...]

    @property
    def document(self) -> Document:
        """The report as printed."""
        return self.composed.document

    @property
    def report(self) -> Report:
        """The report itself."""
        return self.record.report

    @property
    def day(self) -> date:
        """The report's date: everything is told from it."""
        return self.record.report.as_of

    @property
    def language(self) -> str:
        """The report's language."""
        return self.record.report.language

    @cached_property
    def order(self) -> dict[str, int]:
        """The first place of each name on the page, for findings to stand in its order."""
        order: dict[str, int] = {}
        for at, place in enumerate(self.places):
            order.setdefault(place.name, at)
        return order

    @cached_property
    def by_anchor(self) -> dict[str, Place]:
        """The first place at each anchor."""
        found: dict[str, Place] = {}
        for place in self.places:
            found.setdefault(place.anchor, place)
        return found

    @cached_property
    def told(self) -> dict[int, Place]:
        """Where each outcome of the period stands, by its key."""
        told = {}
        for meeting in self.record.meetings:
            for position, outcome in enumerate(meeting.outcomes.all(), 1):
                place = self.by_anchor.get(f"outcome-{meeting.ordinal}-{letter(position)}")
                if place is not None:
                    told[outcome.pk] = place
        return told

    @cached_property
    def told_outcomes(self) -> dict[int, Outcome]:
        """The outcomes of the period, by key, with all that their sentences are made from."""
        return {
            outcome.pk: outcome
            for meeting in self.record.meetings
            for outcome in meeting.outcomes.all()
        }

    @cached_property
    def rounds(self) -> list[Round]:
        """The rounds of the group, from what had been decided by the report's date or is told."""
        decided = [
            each for each in self.outcomes
            if each.meeting.last_day <= self.day or each.pk in self.told
        ]  # fmt: skip
        return rounds(decided, self.consultations)

    @cached_property
    def outcome_by_key(self) -> dict[str, Outcome]:
        """The outcomes of the group's own meetings, by key."""
        return {str(outcome.pk): outcome for outcome in self.outcomes}

    @cached_property
    def own_meetings(self) -> tuple[Meeting, ...]:
        """The group's own meetings that were not cancelled, in the order held."""
        return tuple(
            meeting for meeting in self.meetings
            if meeting.series == Meeting.Series.OWN and not meeting.cancelled_on
        )  # fmt: skip

    @cached_property
    def passage_rows(self) -> dict[str, int]:
        """The row of each passage on the report's page in the secretariat's site: the cover first."""
        rows = sorted(self.record.passages, key=lambda each: each.part != Part.COVER)
        return {str(passage.pk): at for at, passage in enumerate(rows)}

    @cached_property
    def reference_to(self) -> dict[int, Reference]:
        """The first reference to each instrument, by the instrument's key."""
        return {
            reference.revision.instrument_id: reference
            for reference in reversed(self.record.references)
        }

    @cached_property
    def citing(self) -> Mapping[tuple[str, str], Sequence[Place]]:
        """Where numbers of instruments and their revisions are printed from the record.

        By the origin's model and key; the number of an instrument, of a revision anything.
        """
        found: dict[tuple[str, str], list[Place]] = defaultdict(list)
        for place in self.places:
            named = {
                (span.origin.model, span.origin.key)
                for span in place.spans
                if span.origin.model == "meetings.revision"
                or (span.origin.model == "meetings.instrument" and span.origin.field == "number")
            }
            for each in named:
                found[each].append(place)
        return found

    @cached_property
    def listing(self) -> frozenset[Place]:
        """Where the references are listed: by their slot, or in a row with such a label."""
        by_slot = {
            str(passage.pk) for passage in self.record.passages
            if "references" in slot_names(in_language(passage.text, self.language))
        }  # fmt: skip
        labels = self.lexicon.words("citations.references") if self.lexicon else frozenset()
        return frozenset(
            place for place in self.places
            if place.record.model == "report.passage" and place.record.field == "text"
            and (
                place.record.key in by_slot
                or place.name.removeprefix("cover: ").casefold() in labels
            )
        )  # fmt: skip

    @cached_property
    def typed_citations(self) -> tuple[tuple[Typed, Instrument | None], ...]:
        """The citations that somebody typed, with the instrument each means, where it is known."""
        if self.lexicon is None:
            return ()
        known: dict[str, list[Instrument]] = defaultdict(list)
        for instrument in self.instruments:
            known[instrument.number].append(instrument)
        return tuple(
            (typed, meant(typed, known[typed.number], self.reference_to, self.language))
            for place in self.places
            for typed in typed_citations(place, self.lexicon)
        )

    def serves(self, officer: Officer) -> bool:
        """Say whether an officer's term covers any day that the report tells of."""
        first = min(self.report.first_day, self.day)
        return officer.serves_between(first, max(self.day, self.report.last_day))

    @cached_property
    def chairs(self) -> tuple[Officer, ...]:
        """Who was Chair or Acting Chair at any time that the report tells of."""
        return tuple(
            officer for officer in self.record.officers
            if officer.role != Officer.Role.VICE_CHAIR and self.serves(officer)
        )  # fmt: skip

    @cached_property
    def with_chairing(self) -> frozenset[int]:
        """The meetings for which the record names who chaired, by key."""
        return frozenset(meeting.pk for meeting in self.meetings if meeting.chairings.all())

    @cached_property
    def in_the_chair(self) -> frozenset[int]:
        """Who had the chair of a meeting told, or of a part of it, by key."""
        told = {meeting.pk for meeting in self.record.meetings}
        return frozenset(
            chairing.officer_id
            for meeting in self.meetings if meeting.pk in told
            for chairing in meeting.chairings.all()
        )  # fmt: skip

    def at_meeting(self, meeting: Meeting) -> Place | None:
        """Return where the paragraph on a meeting stands; None where it is not told."""
        return self.by_anchor.get(f"meeting-{meeting.ordinal}")

    def at_head(self, line: str) -> Place:
        """Return a line of the head, or the head's first where that line is not printed."""
        return self.by_anchor.get(f"head-{line}") or self.places[0]


def known_by(settlement: Settlement | None, day: date) -> bool:
    """Say whether it was known by `day` what became of a promise."""
    facts = facts_of.settled_facts(settlement)
    return facts is not None and facts.by <= day


def settlement_of(outcome: Outcome) -> Settlement | None:
    """Return what became of a promise, from what was read with it."""
    return getattr(outcome, "settlement", None)


@dataclass(frozen=True, slots=True)
class Beside:
    """What reports are compared with, besides what they tell: read once for several of them."""

    meetings: tuple[Meeting, ...]
    consultations: tuple[Consultation, ...]
    instruments: tuple[Instrument, ...]
    member_states: tuple[MemberState, ...]
    names: tuple[GroupName, ...]
    reports: tuple[Report, ...]


def read(report: Report) -> Checked:
    """Return `report` as composed, beside what the record holds.

    Raises NoMessagesError where the house has no wording in the report's
    language, PatternError where a pattern of the house cannot be read.
    """
    return read_record(gather(report))


def read_record(record: Record) -> Checked:
    """Return a report that was gathered already, as `read` does."""
    return read_beside(record, beside([record.report]))


def beside(reports: Sequence[Report]) -> Beside:
    """Return what `reports` are compared with."""
    groups = {report.group_id for report in reports}
    return Beside(
        meetings=_meetings(groups),
        consultations=_consultations(groups),
        instruments=_instruments(),
        member_states=tuple(MemberState.objects.all()),
        names=tuple(GroupName.objects.select_related("group")),
        reports=tuple(Report.objects.select_related("session")),
    )


def read_beside(record: Record, others: Beside) -> Checked:
    """Return a report that was gathered, as composed, beside `others`; raises what `read` does."""
    report = record.report
    unfilled.keep_as_typed(record)
    composed = compose(record)
    house = facts_of.house(record.group, report.as_of, report.language)
    meetings = tuple(each for each in others.meetings if each.group_id == report.group_id)
    return Checked(
        record=record,
        composed=composed,
        house=house,
        lexicon=lexicon(report.language),
        places=places(composed.document, report, record.passages, house.messages.missing),
        meetings=meetings,
        outcomes=tuple(
            outcome
            for meeting in meetings if meeting.series == Meeting.Series.OWN
            for outcome in meeting.outcomes.all()
        ),
        consultations=tuple(
            each for each in others.consultations if each.group_id == report.group_id
        ),
        instruments=others.instruments,
        member_states=others.member_states,
        names_of_others=tuple(each for each in others.names if each.group_id != report.group_id),
        other_reports=tuple(each for each in others.reports if each.pk != report.pk),
    )  # fmt: skip


def _meetings(groups: Collection[int]) -> tuple[Meeting, ...]:
    outcomes = (
        Outcome.objects.select_related("session", "settlement__at_session")
        .prefetch_related(
            Prefetch(
                "outcome_topics", OutcomeTopic.objects.all(), to_attr=AT_HAND["outcome_topics"]
            )
        )
        .order_by("position", "pk")
    )
    return tuple(
        Meeting.objects.filter(group__in=groups)
        .order_by("last_day", "ordinal")
        .prefetch_related(
            Prefetch("outcomes", outcomes),
            Prefetch("chairings", Chairing.objects.select_related("officer")),
        )
    )


def _consultations(groups: Collection[int]) -> tuple[Consultation, ...]:
    return tuple(
        Consultation.objects.filter(group__in=groups)
        .select_related("group", "meeting")
        .prefetch_related("consultation_topics", "extensions")
        .order_by("key", "pk")
    )


def _instruments() -> tuple[Instrument, ...]:
    revisions = Revision.objects.select_related("adopted_by")
    return tuple(
        Instrument.objects.select_related("body").prefetch_related(Prefetch("revisions", revisions))
    )
