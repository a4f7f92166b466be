"""Load a group's record from its file: everything or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from consultations.models import Consultation, ConsultationTopic, Extension, Question
from cwg.record.reading import Path_, Place
from cwg.record.reading import day as read_day
from cwg.report.models import Passage, Reference, Report, ReportType, TypePassage
from meetings.lettering import letter
from meetings.models import (
    WITH_TOPICS,
    AgendaItem,
    Body,
    Chairing,
    Decision,
    Document,
    GroupName,
    HousePattern,
    Instrument,
    ListedTopic,
    Meeting,
    MemberState,
    Officer,
    Outcome,
    OutcomePoint,
    OutcomeTopic,
    Revision,
    Session,
    Settlement,
    Topic,
    Waking,
    WorkingGroup,
)
from meetings.promises import settles_later

type Data = dict[str, Any]


class GroupStandsError(Exception):
    """The group's record is kept here already."""


@transaction.atomic
def load(data: Data, place: Place) -> WorkingGroup:
    """Write the record in `data` and return its group.

    Raises RecordError where the record contradicts itself, the rules of the
    record, or what stands already; GroupStandsError where this group's record
    is kept here already. In both cases nothing is written.
    """
    return _Load(data, place).run()


class _Load:
    """One loading: what was written so far, by the keys of the file."""

    def __init__(self, data: Data, place: Place) -> None:
        self.data = data
        self.place = place
        self.bodies: dict[str, Body] = {}
        self.sessions: dict[str, Session] = {}
        self.instruments: dict[str, Instrument] = {}
        self.revisions: dict[tuple[str, str], Revision] = {}
        self.types: dict[str, ReportType] = {}
        self.groups: dict[str, WorkingGroup] = {}
        self.officers: dict[str, Officer] = {}
        self.documents: dict[str, Document] = {}
        self.topics: dict[str, Topic] = {}
        self.meetings: dict[str, Meeting] = {}
        self.outcomes: dict[str, Outcome] = {}
        self.agenda_items: dict[tuple[str, str], AgendaItem] = {}
        self.states = {state.iso: state for state in MemberState.objects.all()}
        self.settlements: list[tuple[Outcome, Data, Path_]] = []
        self.followings: list[tuple[Outcome, str, Path_]] = []

    def run(self) -> WorkingGroup:
        slug = self.data["group"]["slug"]
        if WorkingGroup.objects.filter(slug=slug, record_kept_here=True).exists():
            raise GroupStandsError(slug)
        self._shared()
        group = self._group()
        self._meetings(group)
        self._documents(group)
        self._topics(group)
        self._outcomes()
        self._decisions(group)
        self._consultations(group)
        self._reports(group)
        return group

    # What several groups share: one row each, and no contradiction

    def _shared(self) -> None:
        for path, item in self._list("bodies"):
            self.bodies[item["key"]] = self._merge(
                path,
                Body,
                {"key": item["key"]},
                self._given(item, "name", "short", "citation", "ends_cycles"),
            )
        for path, item in self._list("sessions"):
            values = self._given(item, "label", "long_label", "year", "place")
            values |= self._days(path, item, "first_day", "last_day")
            values["body"] = self._find(path, "body", item, self.bodies)
            self.sessions[item["key"]] = self._merge(path, Session, {"key": item["key"]}, values)
        for path, item in self._list("instruments"):
            values = self._given(item, "kind", "number", "title")
            values["body"] = self._find(path, "body", item, self.bodies)
            instrument = self._merge(path, Instrument, {"key": item["key"]}, values)
            self.instruments[item["key"]] = instrument
            for under, revision in _each(path, item, "revisions"):
                self._revision(under, instrument, revision)
        for path, item in self._list("report_types"):
            self._type(path, item)
        for path, item in self._list("groups_named"):
            group = WorkingGroup.objects.filter(slug=item["slug"]).first()
            if group is None:
                parent = self._find(path, "parent", item, self.bodies)
                group = self._save(
                    path, WorkingGroup(slug=item["slug"], record_kept_here=False, parent=parent)
                )
                self._names(path, group, item)
            else:
                self._same_names(path, group, item)
            self.groups[item["slug"]] = group

    def _revision(self, path: Path_, instrument: Instrument, item: Data) -> None:
        values = self._given(item, "link") | self._days(path, item, "in_force_from")
        values["adopted_by"] = self._find(path, "adopted_by", item, self.sessions)
        standing = [
            revision for revision in instrument.revisions.all()
            if any((revision.label or {}).get(code) == text for code, text in item["label"].items())
        ]  # fmt: skip
        lookup = (
            {"pk": standing[0].pk}
            if standing
            else {"instrument": instrument, "label": item["label"]}
        )
        values |= {} if not standing else {"label": item["label"]}
        revision = self._merge(path, Revision, lookup, values)
        for text in item["label"].values():
            self.revisions[instrument.key, text] = revision
        for position, text in enumerate(item.get("listed_topics", []), 1):
            self._merge(
                (*path, "listed_topics", position - 1), ListedTopic,
                {"revision": revision, "position": position}, {"text": text},
            )  # fmt: skip

    def _type(self, path: Path_, item: Data) -> None:
        standing = ReportType.objects.filter(key=item["key"]).first()
        if standing is not None:
            self.types[item["key"]] = self._merge(
                path, ReportType, {"key": item["key"]}, {"name": item["name"]}
            )
            kept = [
                (p.part, p.shape, p.key, p.chairs_own, p.label, p.text)
                for p in standing.passages.order_by("position", "pk")
            ]
            given = [tuple(_passage(p).values()) for p in item.get("passages", [])]
            if given and kept and kept != given:
                raise self.place.error(
                    path, f"the report type “{item['key']}” stands here with other passages"
                )
            return
        made = self._save(path, ReportType(key=item["key"], name=item["name"]))
        self.types[item["key"]] = made
        for position, (under, passage) in enumerate(_each(path, item, "passages"), 1):
            self._save(under, TypePassage(type=made, position=position, **_passage(passage)))

    # The group

    def _group(self) -> WorkingGroup:
        item, path = self.data["group"], ("group",)
        slug = item["slug"]
        group = WorkingGroup.objects.filter(slug=slug).first() or WorkingGroup(slug=slug)
        group.record_kept_here = True
        for name, value in self._given(
            item,
            "subject",
            "membership",
            "zone",
            "ordinals",
            "windows",
            "day_ranges",
            "number_pattern",
        ).items():
            setattr(group, name, value)
        group.parent = self._find(path, "parent", item, self.bodies)
        self._save(path, group)
        self._same_names(path, group, item)
        group.names.all().delete()  # those under which another group's record named it
        self.groups[slug] = group
        self._names(path, group, item)
        for under, pattern in _each(path, item, "patterns"):
            self._save(under, HousePattern(group=group, name=pattern["name"], text=pattern["text"]))
        for under, officer in _each(path, item, "officers"):
            country = self._find(under, "country", officer, self.states)
            values = self._given(
                officer, "key", "role", "form_of_address", "name", "gender", "possessive",
                "country_printed", "title_printed",
            ) | self._from_to(under, officer)  # fmt: skip
            self.officers[officer["key"]] = self._save(
                under, Officer(group=group, country=country, **values)
            )
        return group

    def _names(self, path: Path_, group: WorkingGroup, item: Data) -> None:
        for under, name in _each(path, item, "names"):
            values = self._given(name, "name", "acronym", "printed_short")
            self._save(under, GroupName(group=group, **values, **self._from_to(under, name)))

    def _same_names(self, path: Path_, group: WorkingGroup, item: Data) -> None:
        """Refuse names that none of those the group stands with bears out."""
        for field in ("name", "acronym", "printed_short"):
            standing = [texts for row in group.names.all() if (texts := getattr(row, field))]
            for under, name in _each(path, item, "names"):
                for language, text in name.get(field, {}).items():
                    kept = [texts[language] for texts in standing if language in texts]
                    if kept and text not in kept and len(item["names"]) == 1:
                        raise self.place.error(
                            (*under, field, language),
                            f"this file says “{text}” where {group} stands with “{kept[0]}”",
                        )

    def _documents(self, group: WorkingGroup) -> None:
        for path, item in self._list("documents"):
            values = self._given(item, "key", "kind", "number", "title", "link", "note")
            values |= self._days(path, item, "dated")
            values["meeting"] = self._find(path, "meeting", item, self.meetings)
            values["session"] = self._find(path, "session", item, self.sessions)
            self.documents[item["key"]] = self._save(path, Document(group=group, **values))

    def _topics(self, group: WorkingGroup) -> None:
        for path, item in self._list("topics"):
            values = self._given(item, "key", "title", "background")
            values["proposed_in"] = self._find(path, "proposed_in", item, self.documents)
            values["draws_on"] = self._listed(path, item.get("draws_on"))
            topic = self._save(path, Topic(group=group, **values))
            self.topics[item["key"]] = topic
            for place, iso in enumerate(item.get("proposed_by", [])):
                state = self.states.get(iso)
                if state is None:
                    raise self._unknown((*path, "proposed_by", place), iso)
                topic.proposed_by.add(state)

    def _listed(self, path: Path_, item: Data | None) -> ListedTopic | None:
        if item is None:
            return None
        under = (*path, "draws_on")
        revision = self.revisions.get((item["instrument"], item["revision"]))
        listed = revision and revision.listed_topics.filter(position=item["position"]).first()
        if not listed:
            raise self._unknown(
                under, f"{item['instrument']}, {item['revision']}, {item['position']}"
            )
        return listed

    def _meetings(self, group: WorkingGroup) -> None:
        for path, item in self._list("meetings"):
            values = self._given(item, "series", "place", "mode", "cluster")
            values |= self._days(path, item, "first_day", "last_day", "cancelled_on", "closed_on")
            meeting = self._save(path, Meeting(group=group, ordinal=item["number"], **values))
            self.meetings[meeting.number] = meeting
            for under, chairing in _each(path, item, "chaired_by"):
                officer = self._find(under, "officer", chairing, self.officers)
                self._save(
                    under, Chairing(meeting=meeting, officer=officer, part=chairing.get("part"))
                )
            self._agenda((path, item, "agenda"), meeting, None, "")

    def _agenda(
        self,
        listed: tuple[Path_, Data, str],
        meeting: Meeting,
        parent: AgendaItem | None,
        number: str,
    ) -> None:
        for position, (under, entry) in enumerate(_each(*listed), 1):
            made = self._save(
                under,
                AgendaItem(
                    meeting=meeting, parent=parent, position=position, title=entry["title"],
                    no_outcome_reason=entry.get("no_outcome_reason", ""),
                ),
            )  # fmt: skip
            here = f"{number}.{position}" if number else f"{position}"
            self.agenda_items[meeting.number, here] = made
            self._agenda((under, entry, "items"), meeting, made, here)

    def _outcomes(self) -> None:
        for path, item in self._list("meetings"):
            series = "oc-" if item["series"] == Meeting.Series.OPEN_CONSULTATION else ""
            meeting = self.meetings[f"{series}{item['number']}"]
            for position, (under, outcome) in enumerate(_each(path, item, "outcomes"), 1):
                self._outcome(under, meeting, position, outcome)
        for made, reference, at in self.followings:
            made.follows = self._find_outcome(at, reference)
            if not settles_later(made.follows, made):
                raise self.place.error(
                    at, f"{reference} is not earlier than the outcome that follows it"
                )
            made.save(update_fields=["follows"])
        for promise, settled, at in self.settlements:
            self._settlement(at, promise, settled)

    def _outcome(self, path: Path_, meeting: Meeting, position: int, item: Data) -> None:
        values = self._given(
            item, "kind", "about_future_topics", "condition", "until", "addressee", "action",
            "recalls", "wording", "wording_reason",
        ) | self._days(path, item, "due")  # fmt: skip
        if "window" in item:
            for end in ("from", "to"):
                values[f"window_{end}"] = read_day(
                    self.place, (*path, "window", end), item["window"][end]
                )
        for name in ("session", "awaits"):
            values[name] = self._find(path, name, item, self.sessions)
        values["recalls_group"] = self._find(path, "recalls_group", item, self.groups)
        if "agenda_item" in item:
            values["agenda_item"] = self.agenda_items.get((meeting.number, item["agenda_item"]))
            if values["agenda_item"] is None:
                raise self._unknown((*path, "agenda_item"), item["agenda_item"])
        if item["kind"] in WITH_TOPICS and not item.get("topics"):
            raise self.place.error(path, f"expected topics: “{item['kind']}” names at least one")
        outcome = self._save(path, Outcome(meeting=meeting, position=position, **values))
        self.outcomes[f"{meeting.number}/{letter(position)}"] = outcome
        for place, key in enumerate(item.get("topics", [])):
            topic = self._known((*path, "topics", place), key, self.topics)
            self._save(path, OutcomeTopic(outcome=outcome, topic=topic, position=place + 1))
        for place, key in enumerate(item.get("documents", [])):
            outcome.documents.add(self._known((*path, "documents", place), key, self.documents))
        for place, text in enumerate(item.get("points", []), 1):
            self._save(
                (*path, "points", place - 1),
                OutcomePoint(outcome=outcome, position=place, text=text),
            )
        if "follows" in item:
            self.followings.append((outcome, item["follows"], (*path, "follows")))
        if "settled" in item:
            self.settlements.append((outcome, item["settled"], (*path, "settled")))

    def _settlement(self, path: Path_, promise: Outcome, item: Data) -> None:
        values = self._given(item, "how", "fact", "source", "reason") | self._days(path, item, "on")
        values["at_session"] = self._find(path, "at_session", item, self.sessions)
        values["by_document"] = self._find(path, "by_document", item, self.documents)
        if not promise.is_promise():
            raise self.place.error(path, "only a promise can be settled")
        if "by_outcome" in item:
            by = values["by_outcome"] = self._find_outcome(
                (*path, "by_outcome"), item["by_outcome"]
            )
            if not settles_later(promise, by):
                raise self.place.error(
                    (*path, "by_outcome"),
                    f"{item['by_outcome']} is not later than the promise it settles",
                )
        self._save(path, Settlement(promise=promise, **values))

    def _decisions(self, group: WorkingGroup) -> None:
        for path, item in self._list("decisions"):
            values = self._given(item, "decided", "source") | self._days(path, item, "on")
            session = self._known((*path, "session"), item["session"], self.sessions)
            made = self._save(path, Decision(group=group, session=session, **values))
            for place, reference in enumerate(item["wakes"]):
                under = (*path, "wakes", place)
                promise = self._find_outcome(under, reference)
                if promise.awaits_id != session.pk or not promise.is_promise():
                    raise self.place.error(under, f"{reference} does not wait for {session}")
                self._save(under, Waking(decision=made, promise=promise))

    # Consultations and reports

    def _consultations(self, group: WorkingGroup) -> None:
        for path, item in self._list("consultations"):
            values = self._given(item, "slug", "key", "heading", "decision", "preamble")
            for event in ("opens", "closes"):
                values |= self._moment((*path, event), event, item.get(event))
            if "decided_by" in item:
                values["decided_by"] = self._find_outcome((*path, "decided_by"), item["decided_by"])
            values["decided_at"] = self._find(path, "decided_at", item, self.sessions)
            values["called_by"] = self._find(path, "called_by", item, self.officers)
            values["meeting"] = self._find(path, "meeting", item, self.meetings)
            made = self._save(path, Consultation(group=group, **values))
            for place, key in enumerate(item.get("topics", [])):
                topic = self._known((*path, "topics", place), key, self.topics)
                self._save(
                    path, ConsultationTopic(consultation=made, topic=topic, position=place + 1)
                )
            self._questions(path, made, item, None)
            for under, extension in _each(path, item, "extensions"):
                values = self._given(extension, "decided_by", "reason")
                values |= self._days(under, extension, "decided_on")
                for name in ("was", "now"):
                    values[name] = self._instant((*under, name), extension[name])
                self._save(under, Extension(consultation=made, **values))

    def _questions(
        self, path: Path_, made: Consultation, item: Data, parent: Question | None
    ) -> None:
        for position, (under, entry) in enumerate(_each(path, item, "questions"), 1):
            question = self._save(
                under,
                Question(consultation=made, parent=parent, position=position, text=entry["text"]),
            )
            self._questions(under, made, entry, question)

    def _moment(self, path: Path_, event: str, text: str | None) -> Data:
        if text is None:
            return {}
        if "T" in text:
            return {f"{event}_at": self._instant(path, text)}
        precision = "day" if len(text) == len("2024-10-04") else "month"
        return {f"{event}_{precision}": read_day(self.place, path, text)}

    def _instant(self, path: Path_, text: str) -> datetime:
        try:
            return datetime.fromisoformat(text)
        except ValueError as error:
            raise self.place.error(path, f"there is no such instant: {text}") from error

    def _reports(self, group: WorkingGroup) -> None:
        for path, item in self._list("reports"):
            values = self._given(
                item, "slug", "language", "agenda_item", "document_number", "original_language",
                "source", "title", "public",
            ) | self._days(path, item, "first_day", "last_day", "as_of")  # fmt: skip
            values["type"] = self._find(path, "type", item, self.types)
            values["session"] = self._find(path, "session", item, self.sessions)
            values["signed_by"] = self._find(path, "signed_by", item, self.officers)
            report = self._save(path, Report(group=group, **values))
            for position, (under, cited) in enumerate(_each(path, item, "references"), 1):
                revision = self.revisions.get((cited["instrument"], cited["revision"]))
                if revision is None:
                    raise self._unknown(under, f"{cited['instrument']} ({cited['revision']})")
                self._save(under, Reference(report=report, revision=revision, position=position))
            positions = {"cover": 0, "body": 0}
            made = []
            for under, passage in _each(path, item, "passages"):
                positions[passage["part"]] += 1
                made.append((under, self._save(under, Passage(
                    report=report, position=positions[passage["part"]], **_passage(passage)
                ), clean=False)))  # fmt: skip
            for under, row in made:  # a reference may name a paragraph further down
                self._clean(under, row)

    # The means

    def _list(self, name: str) -> Iterator[tuple[Path_, Data]]:
        return _each((), self.data, name)

    def _given(self, item: Data, *names: str) -> Data:
        return {name: item[name] for name in names if name in item}

    def _days(self, path: Path_, item: Data, *names: str) -> dict[str, date]:
        return {
            name: read_day(self.place, (*path, name), item[name]) for name in names if name in item
        }

    def _from_to(self, path: Path_, item: Data) -> dict[str, date]:
        days = self._days(path, item, "from", "to")
        return {f"{name}_day": day for name, day in days.items()}

    def _find[T](self, path: Path_, name: str, item: Data, known: dict[str, T]) -> T | None:
        return self._known((*path, name), item[name], known) if name in item else None

    def _known[T](self, path: Path_, key: str, known: dict[str, T]) -> T:
        if key not in known:
            raise self._unknown(path, key)
        return known[key]

    def _find_outcome(self, path: Path_, reference: str) -> Outcome:
        return self._known(path, reference, self.outcomes)

    def _unknown(self, path: Path_, key: str) -> Exception:
        return self.place.error(path, f"“{key}” does not stand in this file")

    def _clean(self, path: Path_, row: models.Model) -> None:
        try:
            row.clean_fields()
            row.clean()
        except ValidationError as error:
            raise self.place.error(path, _said(error)) from error

    def _save[M: models.Model](self, path: Path_, row: M, *, clean: bool = True) -> M:
        if clean:
            self._clean(path, row)
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError as error:
            try:
                row.validate_constraints()
            except ValidationError as refused:
                raise self.place.error(path, _said(refused)) from error
            raise self.place.error(path, "the database refuses this row") from error
        return row

    def _merge[M: models.Model](self, path: Path_, model: type[M], lookup: Data, values: Data) -> M:
        """Return the row that stands, what it did not know added; or a new one."""
        standing = model._default_manager.filter(**lookup).first()
        if standing is None:
            return self._save(path, model(**lookup, **values))
        changed = False
        for name, given in values.items():
            kept = getattr(standing, name)
            if isinstance(given, dict) and isinstance(kept, dict):
                merged = self._merge_texts((*path, name), standing, kept, given)
                changed = changed or merged != kept
                setattr(standing, name, merged)
                continue
            if given in (None, "") or given == kept:
                continue
            if kept not in (None, "", {}):
                raise self.place.error(
                    (*path, name), f"this file says “{given}” where {standing} stands with “{kept}”"
                )
            setattr(standing, name, given)
            changed = True
        return self._save(path, standing) if changed else standing

    def _merge_texts(
        self, path: Path_, standing: models.Model, kept: dict[str, str], given: dict[str, str]
    ) -> dict[str, str]:
        for language, text in given.items():
            if kept.get(language, text) != text:
                raise self.place.error(
                    (*path, language),
                    f"this file says “{text}” where {standing} stands with “{kept[language]}”",
                )
        return {**kept, **given}


def _each(path: Path_, item: Data, name: str) -> Iterator[tuple[Path_, Data]]:
    for place, entry in enumerate(item.get(name, [])):
        yield (*path, name, place), entry


def _passage(item: Data) -> Data:
    return {
        "part": item["part"], "shape": item["shape"], "key": item.get("key", ""),
        "chairs_own": item.get("chairs_own", False), "label": item.get("label"),
        "text": item.get("text"),
    }  # fmt: skip


def _said(error: ValidationError) -> str:
    if hasattr(error, "error_dict"):
        return "; ".join(
            text if name == "__all__" else f"{name}: {text}"
            for name, texts in error.message_dict.items()
            for text in texts
        )
    return "; ".join(error.messages)
