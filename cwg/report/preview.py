"""A composed report for its staff: each paragraph, what it comes from, and where that is changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.apps import apps
from django.urls import NoReverseMatch, reverse

from cwg.report.compose import Composed
from cwg.report.gather import Record
from cwg.report.models import Part
from meetings import record as facts_of
from meetings.models import Outcome
from meetings.models.fields import LineByLanguage, ProseByLanguage
from meetings.typesetting.printed import Place, Printed, printed
from meetings.typesetting.tree import plain
from meetings.wording.facts import Viewpoint
from meetings.wording.sentences import house_sentence

LOOKS = {
    Place.HEADING: "heading", Place.ANNEX: "heading", Place.ITEM: "item", Place.TITLE: "label",
    Place.COVER_LABEL: "label", Place.SESSION: "label", Place.TABLE_HEAD: "label row",
    Place.TABLE_ROW: "row",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """What a paragraph comes from: a word for it, what is known, and the page that changes it."""

    what: str
    address: str
    known: tuple[str, ...] = ()
    by_hand: bool = False
    small: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A printed paragraph beside its source; `look` says how it is set, `id` where links lead."""

    printed: Printed
    look: str
    id: str
    source: Source | None


class Preview:
    """The rows of one report; it asks the database nothing that was not gathered."""

    def __init__(self, record: Record, composed: Composed) -> None:
        self.record = record
        self.composed = composed
        self.outcomes: dict[str, tuple[Outcome, int]] = {
            str(outcome.pk): (outcome, meeting.pk)
            for meeting in record.meetings
            for outcome in meeting.outcomes.all()
        }
        in_form = sorted(record.passages, key=lambda p: (p.part != Part.COVER, p.position, p.pk))
        self.keeps: dict[int, list[str]] = {}
        for promise, _ in self.outcomes.values():
            settled = getattr(promise, "settlement", None)
            if settled is not None and settled.by_outcome_id and settled.how == "kept":
                said = " ".join(str(promise).split()[:2])
                self.keeps.setdefault(settled.by_outcome_id, []).append(said)
        self.places = {str(passage.pk): place for place, passage in enumerate(in_form)}

    def rows(self) -> Iterator[Row]:
        """Yield every printed paragraph in the order of the page; each anchor leads to its first."""
        seen = {""}
        for each in printed(self.composed.document):
            at = "" if each.anchor in seen else each.anchor
            seen.add(each.anchor)
            yield Row(each, LOOKS.get(each.place, "paragraph"), at, self._source(each))

    def missing(self) -> list[tuple[str, str]]:
        """Return what the record does not know, each with the page on which to enter it."""
        return [
            (missing.what, self.address(missing.model, missing.key, missing.field))
            for missing in self.composed.missing
        ]

    def address(self, model: str, key: str, field: str) -> str:
        """Return the page on which a fact is changed, at its field; "" where there is none."""
        if not model or not key:
            return ""
        if model == "meetings.outcome":
            return self._outcome_address(key)
        if model == "report.passage":
            report = reverse("admin:report_report_change", args=[self.record.report.pk])
            place = self.places.get(key)
            return report if place is None else f"{report}#id_passages-{place}-{field or 'text'}_0"
        if model in {"meetings.groupname", "meetings.housepattern"}:
            return self._group_address(model, key, field)
        row_model = apps.get_model(model)
        name = f"admin:{row_model._meta.app_label}_{row_model._meta.model_name}_change"
        try:
            page = reverse(name, args=[key])
        except NoReverseMatch:
            return ""
        if not field:
            return page
        by_language = isinstance(row_model._meta.get_field(field), LineByLanguage | ProseByLanguage)
        return f"{page}#id_{field}{'_0' if by_language else ''}"

    def _outcome_address(self, key: str) -> str:
        if key not in self.outcomes:
            return ""
        page = reverse("admin:meetings_meeting_outcomes", args=[self.outcomes[key][1]])
        return f"{page}#outcome-{key}"

    def _group_address(self, model: str, key: str, field: str) -> str:
        """Return the place of a name or a pattern on the page of its group."""
        group = self.record.group
        page = reverse("admin:meetings_workinggroup_change", args=[group.pk])
        if model == "meetings.groupname":
            names = sorted(group.names.all(), key=lambda n: (n.from_day or date.min, n.pk))
            places = {str(name.pk): f"names-{place}" for place, name in enumerate(names)}
        else:
            field, patterns = "text", sorted(group.patterns.all(), key=lambda p: p.name)
            places = {str(row.pk): f"patterns-{place}" for place, row in enumerate(patterns)}
        return f"{page}#id_{places[key]}-{field}_0" if key in places else page

    def _source(self, each: Printed) -> Source | None:
        """Return what a paragraph comes from: its outcome, its passage, its meeting, its report."""
        if each.place is Place.COVER_LABEL:
            return None
        origins = [span.origin for span in each.text if span.origin.model]
        first = {origin.model: origin for origin in reversed(origins)}
        if outcome := first.get("meetings.outcome"):
            return self._outcome_source(outcome.key)
        if passage := first.get("report.passage"):
            return Source("Passage", self.address(passage.model, passage.key, "text"), small=True)
        if meeting := first.get("meetings.meeting"):
            held = next((m for m in self.record.meetings if str(m.pk) == meeting.key), None)
            address = self.address(meeting.model, meeting.key, meeting.field)
            return Source("From the record", address, (str(held),) if held else ())
        if not origins:
            return None
        address = self.address(origins[0].model, origins[0].key, origins[0].field)
        return Source("From the record", address, small=True)

    def _outcome_source(self, key: str) -> Source | None:
        if key not in self.outcomes:
            return None
        outcome, _ = self.outcomes[key]
        language, as_of = self.record.report.language, self.record.report.as_of
        topics = "; ".join(
            topic.text for topic in facts_of.outcome_facts(outcome, language, as_of).topics
        )
        known = [f"Topic: {topics}"] if topics else []
        kept = [f"Keeps the promise of {promise}" for promise in self.keeps.get(outcome.pk, ())]
        settled = getattr(outcome, "settlement", None)
        if settled is not None:
            when = settled.at_session or f"{settled.on:%-d %B %Y}"
            kept.append(f"{settled.get_how_display()}, {when}")
        what = outcome.get_kind_display()
        if outcome.wording and outcome.kind != "free":
            return Source(
                "Wording changed by hand", self._outcome_address(key),
                (what, *kept, f"House wording: “{self._house_wording(outcome)}”",
                 f"Why: {outcome.wording_reason}"),
                by_hand=True,
            )  # fmt: skip
        return Source(what, self._outcome_address(key), (*kept, *known))

    def _house_wording(self, outcome: Outcome) -> str:
        report = self.record.report
        house = facts_of.house(self.record.group, report.as_of, report.language)
        facts = facts_of.outcome_facts(outcome, report.language, report.as_of)
        view = Viewpoint(report.as_of, facts_of.session_facts(report.session, report.language))
        return plain(house_sentence(facts, view, house))
