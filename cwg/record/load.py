"""Load a group's record from its file: everything or nothing."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from consultations.models import (
    Consultation,
    ConsultationTopic,
    Extension,
    FormerAddress,
    Question,
    Summary,
)
from cwg.record.contributions import ContributionRows
from cwg.record.contributors import ContributorRows
from cwg.record.documents import DocumentRows
from cwg.record.instants import read_instant
from cwg.record.reading import Path_, Place
from cwg.record.reading import day as read_day
from cwg.record.rows import Data, each
from cwg.record.shared import PASSAGE_FIELDS, SharedRows, passage_values
from cwg.record.summaries import SummaryRows
from cwg.report.models import AttachedSummary, Passage, Reference, Report
from meetings.lettering import letter
from meetings.models import (
    WITH_TOPICS,
    AgendaItem,
    Chairing,
    Decision,
    Document,
    HousePattern,
    Kind,
    ListedTopic,
    Meeting,
    MemberState,
    Officer,
    Outcome,
    OutcomePoint,
    OutcomeTopic,
    Settlement,
    Topic,
    TopicQuestion,
    Waking,
    WorkingGroup,
)
from meetings.promises import settles_later


class GroupStandsError(Exception):
    """The group's record is kept here already."""


# How to take part in a meeting
ACCESS = ("venue", "remote", "remote_link", "webcast", "captions")


@transaction.atomic
def load(data: Data, place: Place) -> WorkingGroup:
    """Write the record in `data` and return its group.

    Raises RecordError where the record contradicts itself, the rules of the
    record, or what stands already; GroupStandsError where this group's record
    is kept here already. In both cases nothing is written.
    """
    return _Load(data, place).run()


class _Load(SharedRows, ContributionRows, SummaryRows, ContributorRows, DocumentRows):
    """One loading: what was written so far, by the keys of the file."""

    def __init__(self, data: Data, place: Place) -> None:
        super().__init__(data, place)
        self.officers: dict[str, Officer] = {}
        self.documents: dict[str, Document] = {}
        self.topics: dict[str, Topic] = {}
        self.meetings: dict[str, Meeting] = {}
        self.outcomes: dict[str, Outcome] = {}
        self.agenda_items: dict[tuple[str, str], AgendaItem] = {}
        self.summaries: dict[str, Summary] = {}
        self.states = {state.iso: state for state in MemberState.objects.all()}
        self.settlements: list[tuple[Outcome, Data, Path_]] = []
        self.followings: list[tuple[Outcome, str, Path_]] = []
        self.returning: list[tuple[AgendaItem, Data, Path_]] = []

    def run(self) -> WorkingGroup:
        slug = self.data["group"]["slug"]
        if WorkingGroup.objects.filter(slug=slug, record_kept_here=True).exists():
            raise GroupStandsError(slug)
        self.load_shared()
        group = self._group()
        self._meetings(group)
        self.load_documents(group)
        self._topics(group)
        self._outcomes()
        self._decisions(group)
        self._consultations(group)
        self._contributors(group)
        self._reports(group)
        return group

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
            "zone_words",
            "ordinals",
            "windows",
            "day_ranges",
            "number_pattern",
            "documents_days",
            "number_at_submission",
        ).items():
            setattr(group, name, value)
        group.parent = self._find(path, "parent", item, self.bodies)
        self._save(path, group)
        self._same_names(path, group, item)
        group.names.all().delete()  # those under which another group's record named it
        self.groups[slug] = group
        self._names(path, group, item)
        for under, pattern in each(path, item, "patterns"):
            self._save(under, HousePattern(group=group, name=pattern["name"], text=pattern["text"]))
        for under, officer in each(path, item, "officers"):
            country = self._find(under, "country", officer, self.states)
            values = self._given(
                officer, "key", "role", "form_of_address", "name", "gender", "possessive",
                "country_printed", "title_printed",
            ) | self._from_to(under, officer)  # fmt: skip
            self.officers[officer["key"]] = self._save(
                under, Officer(group=group, country=country, **values)
            )
        return group

    def _topics(self, group: WorkingGroup) -> None:
        for path, item in self._list("topics"):
            values = self._given(item, "key", "title", "background")
            values["proposed_in"] = self._find(path, "proposed_in", item, self.documents)
            values["draws_on"] = self._listed(path, item.get("draws_on"))
            topic = self._save(path, Topic(group=group, **values))
            self.topics[item["key"]] = topic
            for place, question in enumerate(item.get("questions", []), 1):
                self._save(
                    (*path, "questions", place - 1),
                    TopicQuestion(topic=topic, position=place, text=question),
                )
            for place, iso in enumerate(item.get("proposed_by", [])):
                state = self.states.get(iso)
                if state is None:
                    raise self._unknown((*path, "proposed_by", place), iso)
                topic.proposed_by.add(state)

    def _listed(self, path: Path_, item: Data | None) -> ListedTopic | None:
        if item is None:
            return None
        under = (*path, "draws_on")
        revision = self.find_revision(under, item)
        listed = revision.listed_topics.filter(position=item["position"]).first()
        if listed is None:
            raise self.place.error(
                (*under, "position"), f"{revision} lists no topic at place {item['position']}"
            )
        return listed

    def _meetings(self, group: WorkingGroup) -> None:
        for path, item in self._list("meetings"):
            values = self._given(item, "series", "place", "mode", "cluster", "circular", *ACCESS)
            values |= self._days(
                path, item, "first_day", "last_day", "cancelled_on", "closed_on", "invited_on"
            )
            for name in ("planned_at", "documents_due", "agenda_published_at"):
                if name in item:
                    values[name] = read_instant(self.place, (*path, name), item[name])
            meeting = self._save(path, Meeting(group=group, ordinal=item["number"], **values))
            self.meetings[meeting.number] = meeting
            for under, chairing in each(path, item, "chaired_by"):
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
        for position, (under, entry) in enumerate(each(*listed), 1):
            made = self._save(
                under,
                AgendaItem(
                    meeting=meeting, parent=parent, position=position, title=entry["title"],
                    no_outcome_reason=entry.get("no_outcome_reason", ""),
                ),
            )  # fmt: skip
            here = f"{number}.{position}" if number else f"{position}"
            self.agenda_items[meeting.number, here] = made
            if "approves" in entry or "returns" in entry:
                self.returning.append((made, entry, under))
            self._agenda((under, entry, "items"), meeting, made, here)

    def _find_outcome(self, path: Path_, reference: str) -> Outcome:
        return self._known(path, reference, self.outcomes)

    def _outcomes(self) -> None:
        for path, item in self._list("meetings"):
            series = "oc-" if item["series"] == Meeting.Series.OPEN_CONSULTATION else ""
            meeting = self.meetings[f"{series}{item['number']}"]
            for position, (under, outcome) in enumerate(each(path, item, "outcomes"), 1):
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
        for listed, entry, at in self.returning:
            listed.approves = self._find(at, "approves", entry, self.meetings)
            listed.returns = self._find(at, "returns", entry, self.outcomes)
            listed.save()

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
        named = any(item.get(name) for name in ("topics", "about_future_topics", "action"))
        if item["kind"] == Kind.DEFERRED and not named and "wording" not in item:
            raise self.place.error(
                path, "expected topics, about_future_topics or action: the matter that is deferred"
            )
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
        if values.get("on", date.max) < promise.meeting.first_day:
            raise self.place.error(
                (*path, "on"), f"{values['on']:%Y-%m-%d} lies before the meeting that promised it"
            )
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
            values = self._given(
                item, "slug", "key", "heading", "decision", "background", "preamble",
                "how_to_take_part", "record_incomplete", "sources",
            )  # fmt: skip
            if "announced_at" in item:
                values["announced_at"] = read_instant(
                    self.place, (*path, "announced_at"), item["announced_at"]
                )
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
            for under, extension in each(path, item, "extensions"):
                self._extension(under, made, extension)
            for place, slug in enumerate(item.get("former_addresses", [])):
                self._save(
                    (*path, "former_addresses", place),
                    FormerAddress(group=group, consultation=made, slug=slug),
                )
            # read anew: its extensions have moved its closing
            held = Consultation.objects.select_related("group").get(pk=made.pk)
            self._contributions(path, held, item)
            summary = self._tags_and_summary(path, held, item)
            if summary is not None:
                self.summaries[held.key] = summary

    def _extension(self, path: Path_, made: Consultation, item: Data) -> None:
        values = self._given(item, "decided_by", "reason")
        values |= self._days(path, item, "decided_on")
        for name in ("was", "now"):
            under, text = (*path, name), item[name]
            if "T" in text:
                values[name] = read_instant(self.place, under, text)
            else:
                values[f"{name}_day"] = read_day(self.place, under, text)
        self._save(path, Extension(consultation=made, **values))

    def _questions(
        self, path: Path_, made: Consultation, item: Data, parent: Question | None
    ) -> None:
        for position, (under, entry) in enumerate(each(path, item, "questions"), 1):
            question = self._save(
                under,
                Question(consultation=made, parent=parent, position=position, text=entry["text"]),
            )
            self._questions(under, made, entry, question)

    def _moment(self, path: Path_, event: str, text: str | None) -> Data:
        if text is None:
            return {}
        if "T" in text:
            return {f"{event}_at": read_instant(self.place, path, text)}
        precision = "day" if len(text) == len("2024-10-04") else "month"
        return {f"{event}_{precision}": read_day(self.place, path, text)}

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
            for position, (under, cited) in enumerate(each(path, item, "references"), 1):
                revision = self.find_revision(under, cited)
                self._save(under, Reference(report=report, revision=revision, position=position))
            for position, (under, carried) in enumerate(each(path, item, "summaries"), 1):
                summary = self._summary_of(under, carried)
                annex = carried.get("annex", False)
                self._save(
                    under,
                    AttachedSummary(
                        report=report, summary=summary, annex=annex, position=position
                    ),
                )  # fmt: skip
            self._passages(path, report, item)

    def _summary_of(self, path: Path_, item: Data) -> Summary:
        """Return the summary of the round that an entry names."""
        key = item["consultation"]
        if key not in self.summaries:
            raise self.place.error(
                (*path, "consultation"), f"no round of this file with the key “{key}” has a summary"
            )
        return self.summaries[key]

    def _passages(self, path: Path_, report: Report, item: Data) -> None:
        """Write the passages of a report; where the file gives none, those of its type."""
        if "passages" not in item and report.type is not None:
            given = [
                (path, {name: getattr(standing, name) for name in PASSAGE_FIELDS})
                for standing in report.type.passages.order_by("-part", "position", "pk")
            ]
        else:
            given = [
                (under, passage_values(each_)) for under, each_ in each(path, item, "passages")
            ]
        positions = {"cover": 0, "body": 0}
        made = []
        for under, values in given:
            positions[values["part"]] += 1
            row = Passage(report=report, position=positions[values["part"]], **values)
            made.append((under, self._save(under, row, clean=False)))
        for under, row in made:  # a reference may name a paragraph further down
            self._clean(under, row)
