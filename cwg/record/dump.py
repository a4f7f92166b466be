"""Write a group's record as one file: the same record, byte for byte the same file."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterable
from datetime import date
from typing import Any

import yaml
from django.db import models

from consultations.models import Consultation, Question
from cwg.record.contributions import contributions
from cwg.record.contributors import contributors
from cwg.record.documents import document
from cwg.record.instants import instant
from cwg.record.reading import RecordLoader
from cwg.record.summaries import tags_and_summary
from cwg.report.models import PassageText, Report, ReportType
from meetings.agenda_numbers import numbered
from meetings.languages import LANGUAGES
from meetings.lettering import letter
from meetings.models import (
    AgendaItem,
    Body,
    Decision,
    GroupName,
    Instrument,
    Meeting,
    Outcome,
    Revision,
    Session,
    Topic,
    WorkingGroup,
)

type Data = dict[str, Any]

SAID_EMPTY = ()  # a list that stands in the file although nothing is in it


class _Dumper(yaml.SafeDumper):
    """Write what the record's reader reads back as the same text, number or truth."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


_Dumper.yaml_implicit_resolvers = RecordLoader.yaml_implicit_resolvers


def dump(group: WorkingGroup) -> str:
    """Return the record of `group` in the documented format."""
    return yaml.dump(
        record(group), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=96,
        default_flow_style=False,
    )  # fmt: skip


def record(group: WorkingGroup) -> Data:
    """Return the record of `group` as plain data; what is not known is left out.

    What groups share stands in it whole, so that no row is lost that nobody cites yet.
    """
    numbers = _Numbers(group)
    named = (
        WorkingGroup.objects.filter(record_kept_here=False).exclude(pk=group.pk)
        | WorkingGroup.objects.filter(
            pk__in=Outcome.objects.filter(meeting__group=group).values("recalls_group")
        ).exclude(pk=group.pk)
    ).distinct()  # fmt: skip
    known: Data = _said({
        "format": 1,
        "bodies": [_body(body) for body in Body.objects.order_by("key")],
        "sessions": [_session(row) for row in Session.objects.select_related("body")],
        "instruments": [
            _instrument(row) for row in Instrument.objects.select_related("body").order_by("key")
        ],
        "report_types": [_type(row) for row in ReportType.objects.order_by("key")],
        "groups_named": [
            {
                "slug": row.slug,
                "parent": row.parent.key if row.parent else None,
                "names": [_name(name) for name in row.names.all()],
            }
            for row in named.order_by("slug")
        ],
        "group": _group(group),
        "documents": [
            document(row, numbers.items)
            for row in group.documents.submitted()
            .select_related("group", "meeting", "session", "member_state")
            .order_by("key")
        ],
        "topics": [_topic(row) for row in group.topics.order_by("key")],
        "meetings": [_meeting(row, numbers) for row in _meetings(group)],
        "decisions": [
            _decision(row, numbers)
            for row in Decision.objects.filter(group=group).select_related("session")
        ],
        "consultations": [
            _consultation(row, numbers)
            for row in Consultation.objects.filter(group=group)
            .select_related("decided_at", "called_by", "meeting")
            .prefetch_related("group__names", "questions", "extensions", "former_addresses")
            .order_by("key", "slug")
        ],
        "contributors": contributors(group),
        "reports": [_report(row) for row in Report.objects.filter(group=group).order_by("slug")],
    })  # fmt: skip
    return known


class _Numbers:
    """What an outcome or an agenda item is called in the file."""

    def __init__(self, group: WorkingGroup) -> None:
        self.outcomes: dict[int, str] = {}
        self.items: dict[int, str] = {}
        for meeting in _meetings(group):
            for place, outcome in enumerate(meeting.outcomes.order_by("position", "pk"), 1):
                self.outcomes[outcome.pk] = f"{meeting.number}/{letter(place)}"
            for number, item in numbered(meeting.agenda_items.all()):
                self.items[item.pk] = number


def _below(items: Iterable[AgendaItem], parent: int | None) -> list[AgendaItem]:
    mine = [item for item in items if item.parent_id == parent]
    return sorted(mine, key=lambda item: (item.position, item.pk))


def _said(value: Any) -> Any:
    """Return `value` without what is not known, days and languages in their usual form."""
    if isinstance(value, dict):
        kept = {name: _said(part) for name, part in value.items()}
        return {
            name: part
            for name, part in kept.items()
            if part not in (None, "", [], {}, False) or value[name] == SAID_EMPTY
        }
    if isinstance(value, (list, tuple)):
        return [_said(part) for part in value]
    if isinstance(value, date):
        return value.isoformat()
    return value


def _text(text: dict[str, str] | None) -> Data:
    return {code: text[code] for code in LANGUAGES if code in text} if text else {}


def _texts(row: models.Model, *names: str) -> Data:
    return {name: _text(getattr(row, name)) for name in names}


def _values(row: models.Model, *names: str) -> Data:
    return {name: getattr(row, name) for name in names}


def _unusual(row: models.Model, *names: str) -> Data:
    """Return what is not as it is where nothing is said."""
    fresh = type(row)()
    return {
        name: getattr(row, name) for name in names if getattr(row, name) != getattr(fresh, name)
    }


def _key(row: Any, name: str = "key") -> str | None:
    return getattr(row, name) if row is not None else None


def _body(row: Body) -> Data:
    return {
        "key": row.key,
        **_texts(row, "name", "short"),
        **_values(row, "citation", "ends_cycles"),
    }


def _session(row: Session) -> Data:
    return {
        "key": row.key, "body": row.body.key, **_texts(row, "label", "long_label"), "year": row.year,
        **_texts(row, "place"), **_values(row, "first_day", "last_day"),
    }  # fmt: skip


def _instrument(row: Instrument) -> Data:
    return {
        "key": row.key, "body": row.body.key, **_values(row, "kind", "number"), **_texts(row, "title"),
        "revisions": [
            {
                **_texts(revision, "label"), "link": revision.link,
                "adopted_by": _key(revision.adopted_by), "in_force_from": revision.in_force_from,
                **_texts(revision, "provides"),
                "listed_topics": [_text(topic.text) for topic in revision.listed_topics.all()],
            }
            for revision in row.revisions.order_by(
                models.F("in_force_from").asc(nulls_first=True), "pk"
            )
        ],
    }  # fmt: skip


def _label(revision: Revision) -> str | None:
    return next(iter(_text(revision.label).values()), None)


def _passage(row: PassageText) -> Data:
    return {**_values(row, "part", "shape", "key", "chairs_own"), **_texts(row, "label", "text")}


def _type(row: ReportType) -> Data:
    passages = row.passages.order_by("-part", "position", "pk")
    return {
        "key": row.key, **_texts(row, "name"), "status_annex": row.status_annex,
        "passages": [_passage(p) for p in passages],
    }  # fmt: skip


def _name(row: GroupName) -> Data:
    return {
        **_texts(row, "name", "acronym", "printed_short"), "from": row.from_day, "to": row.to_day,
    }  # fmt: skip


def _group(row: WorkingGroup) -> Data:
    return {
        "slug": row.slug, "parent": _key(row.parent), "names": [_name(name) for name in row.names.all()],
        **_texts(row, "subject", "membership"),
        "zone": row.zone, **_texts(row, "zone_words"),
        **_values(row, "ordinals", "windows", "day_ranges", "number_pattern"),
        **_unusual(row, "documents_days", "number_at_submission"),
        "patterns": [{"name": p.name, **_texts(p, "text")} for p in row.patterns.order_by("name")],
        "officers": [
            {
                **_values(officer, "key", "role"), **_texts(officer, "form_of_address", "name"),
                "gender": officer.gender, **_texts(officer, "possessive"),
                "country": _key(officer.country, "iso"),
                **_texts(officer, "country_printed", "title_printed"),
                "from": officer.from_day, "to": officer.to_day,
            }
            for officer in row.officers.order_by(
                models.F("from_day").asc(nulls_first=True), "key"
            )
        ],
    }  # fmt: skip


def _topic(row: Topic) -> Data:
    listed = row.draws_on
    return {
        "key": row.key, **_texts(row, "title", "background"), "proposed_in": _key(row.proposed_in),
        "proposed_by": [state.iso for state in row.proposed_by.order_by("iso")],
        "questions": [_text(question.text) for question in row.questions.all()],
        "draws_on": {
            "instrument": listed.revision.instrument.key,
            "revision": _label(listed.revision),
            "position": listed.position,
        } if listed else None,
    }  # fmt: skip


def _meetings(group: WorkingGroup) -> list[Meeting]:
    return list(group.meetings.select_related("group").order_by("-series", "ordinal"))


def _meeting(row: Meeting, numbers: _Numbers) -> Data:
    items = list(row.agenda_items.select_related("approves"))
    return {
        "series": row.series, "number": row.ordinal, **_values(row, "first_day", "last_day"),
        **_texts(row, "place"), **_values(row, "mode"), **_texts(row, "venue", "remote"),
        **_values(row, "remote_link", "webcast"), **_texts(row, "captions"),
        **_values(row, "cluster", "invited_on", "circular"),
        **{
            name: instant(getattr(row, name), zoneinfo.ZoneInfo(row.group.zone))
            for name in ("planned_at", "documents_due", "agenda_published_at")
        },
        **_values(row, "cancelled_on", "closed_on"),
        "chaired_by": [
            {"officer": chairing.officer.key, **_texts(chairing, "part")}
            for chairing in row.chairings.select_related("officer").order_by("pk")
        ],
        "agenda": _agenda(items, None, numbers),
        "outcomes": [
            _outcome(outcome, numbers)
            for outcome in row.outcomes.select_related(
                "session", "awaits", "recalls_group", "settlement__at_session", "settlement__by_document"
            ).order_by("position", "pk")
        ],
    }  # fmt: skip


def _agenda(items: list[AgendaItem], parent: int | None, numbers: _Numbers) -> list[Data]:
    return [
        {
            **_texts(item, "title"), "no_outcome_reason": item.no_outcome_reason,
            "approves": _key(item.approves, "number"),
            "returns": numbers.outcomes.get(item.returns_id or 0),
            "items": _agenda(items, item.pk, numbers),
        }
        for item in _below(items, parent)
    ]  # fmt: skip


def _outcome(row: Outcome, numbers: _Numbers) -> Data:
    settled = getattr(row, "settlement", None)
    return {
        "kind": row.kind, "follows": numbers.outcomes.get(row.follows_id or 0),
        "topics": [said.topic.key for said in row.outcome_topics.select_related("topic")],
        "about_future_topics": row.about_future_topics,
        "window": {
            "from": f"{row.window_from:%Y-%m}", "to": f"{row.window_to:%Y-%m}",
        } if row.window_from and row.window_to else None,
        "session": _key(row.session), "awaits": _key(row.awaits), **_texts(row, "condition"),
        "until": row.until, **_texts(row, "addressee", "action"), "due": row.due,
        "recalls_group": _key(row.recalls_group, "slug"), **_texts(row, "recalls"),
        "agenda_item": numbers.items.get(row.agenda_item_id or 0),
        "documents": [document.key for document in row.documents.order_by("key")],
        **_texts(row, "wording"), "wording_reason": row.wording_reason,
        "points": [_text(point.text) for point in row.points.all()],
        "settled": {
            "how": settled.how, "on": settled.on, "at_session": _key(settled.at_session),
            "by_outcome": numbers.outcomes.get(settled.by_outcome_id or 0),
            "by_document": _key(settled.by_document),
            **_values(settled, "fact", "source", "reason"),
        } if settled else None,
    }  # fmt: skip


def _decision(row: Decision, numbers: _Numbers) -> Data:
    wakings = row.wakings.order_by("promise__meeting__last_day", "promise__position", "promise")
    return {
        "session": row.session.key, "on": row.on, **_texts(row, "decided"), "source": row.source,
        "wakes": [numbers.outcomes[waking.promise_id] for waking in wakings],
    }  # fmt: skip


def _consultation(row: Consultation, numbers: _Numbers) -> Data:
    zone = zoneinfo.ZoneInfo(row.group.zone)
    return {
        "slug": row.slug, "key": row.key, **_texts(row, "heading"),
        "topics": [said.topic.key for said in row.consultation_topics.select_related("topic")],
        "decided_by": numbers.outcomes.get(row.decided_by_id or 0),
        "decided_at": _key(row.decided_at), "called_by": _key(row.called_by), **_texts(row, "decision"),
        "announced_at": instant(row.announced_at, zone),
        "opens": _moment(row, "opens", zone), "closes": _moment(row, "closes", zone),
        "meeting": _key(row.meeting, "number"),
        **_texts(row, "background", "preamble", "how_to_take_part"),
        "questions": _questions(list(row.questions.all()), None),
        "extensions": [
            {
                "was": instant(extension.was, zone) or extension.was_day,
                "now": instant(extension.now, zone) or extension.now_day,
                "decided_on": extension.decided_on, **_texts(extension, "decided_by"),
                "reason": extension.reason,
            }
            for extension in row.extensions.all()
        ],
        "former_addresses": [former.slug for former in row.former_addresses.all()],
        **_values(row, "record_incomplete", "sources", "last_number"),
        "contributions": contributions(row),
        **tags_and_summary(row),
    }  # fmt: skip


def _moment(row: Consultation, event: str, zone: zoneinfo.ZoneInfo) -> Any:
    at = instant(getattr(row, f"{event}_at"), zone)
    month = getattr(row, f"{event}_month")
    return at or (f"{month:%Y-%m}" if month else getattr(row, f"{event}_day"))


def _questions(questions: list[Question], parent: int | None) -> list[Data]:
    mine = [question for question in questions if question.parent_id == parent]
    return [
        {**_texts(question, "text"), "questions": _questions(questions, question.pk)}
        for question in sorted(mine, key=lambda question: (question.position, question.pk))
    ]


def _report(row: Report) -> Data:
    passages = [_passage(p) for p in row.passages.order_by("-part", "position", "pk")]
    return {
        "slug": row.slug, "type": _key(row.type), "language": row.language, "session": row.session.key,
        **_values(
            row, "first_day", "last_day", "as_of", "agenda_item", "document_number", "original_language"
        ),
        **_texts(row, "source", "title"), "signed_by": _key(row.signed_by), "public": row.public,
        "references": [
            {
                "instrument": reference.revision.instrument.key,
                "revision": _label(reference.revision),
            }
            for reference in row.references.select_related("revision__instrument").order_by(
                "position", "pk"
            )
        ],
        "summaries": [
            {"consultation": each.summary.consultation.key, "annex": each.annex}
            for each in row.summaries.select_related("summary__consultation")
        ],
        # none at all would be read as those of its type
        "passages": passages or (SAID_EMPTY if row.type else []),
    }  # fmt: skip
