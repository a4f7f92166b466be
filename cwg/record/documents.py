"""The documents of a record file: their number read into the register, whom they come from.

Drafts of delegations stay out, and so do files, and who of a delegation or the secretariat did what.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Mapping

from cwg.record.instants import instant, read_instant
from cwg.record.reading import Path_
from cwg.record.rows import Data, Rows, each
from meetings import numbering
from meetings.languages import LANGUAGES
from meetings.models import (
    AgendaItem,
    Document,
    Meeting,
    MemberState,
    Session,
    Source,
    WorkingGroup,
)

PLAIN = (
    "key", "kind", "number", "title", "link", "note", "public", "purpose", "summary",
    "action_required", "changed", "contact", "original_language", "receipt", "late", "late_decision",
    "withdrawn_reason",
)  # fmt: skip
INSTANTS = ("submitted_at", "registered_at", "withdrawn_at")
ANSWERS = ("asked_at", "confirmed_at", "declined_at")


class DocumentRows(Rows):
    """One loading of a file: its documents."""

    documents: dict[str, Document]
    meetings: dict[str, Meeting]
    sessions: dict[str, Session]
    states: dict[str, MemberState]
    agenda_items: dict[tuple[str, str], AgendaItem]

    def load_documents(self, group: WorkingGroup) -> None:
        """Write the documents, each after the one that it is numbered after."""
        later = []
        for path, item in self._list("documents"):
            meeting = self._find(path, "meeting", item, self.meetings)
            number = item.get("number", "")
            place = numbering.read(meeting, number) if meeting is not None and number else None
            if place is not None and place.relation:
                later.append((path, item, place))
            else:
                self._document(path, item, group, place, None)
        register = {
            (row.meeting_id, row.series, row.ordinal): row for row in self.documents.values()
        }
        for path, item, place in later:
            first = register.get((self.meetings[item["meeting"]].pk, place.series, place.ordinal))
            # numbered after one that is not in the file: then only its number is known
            self._document(path, item, group, place if first else None, first)

    def _document(
        self, path: Path_, item: Data, group: WorkingGroup, place: numbering.Place | None,
        parent: Document | None,
    ) -> None:  # fmt: skip
        values = self._given(item, *PLAIN) | self._days(path, item, "dated")
        for name in INSTANTS:
            if name in item:
                values[name] = read_instant(self.place, (*path, name), item[name])
        values["meeting"] = self._find(path, "meeting", item, self.meetings)
        values["session"] = self._find(path, "session", item, self.sessions)
        values["member_state"] = self._find(path, "member_state", item, self.states)
        if values["member_state"] is not None and "submitted_at" not in values:
            raise self.place.error(path, "expected submitted_at: a delegation’s draft is not kept")
        if place is not None:
            values |= {
                "series": place.series, "ordinal": place.ordinal, "parent": parent,
                "relation": place.relation, "relation_number": place.relation_number,
            }  # fmt: skip
        row = self._save(path, Document(group=group, **values))
        self.documents[item["key"]] = row
        if place is not None and row.meeting is not None:
            numbering.count_as_given(row.meeting, place)
        for position, (under, source) in enumerate(each(path, item, "sources"), 1):
            answers = {
                name: read_instant(self.place, (*under, name), source[name])
                for name in ANSWERS if name in source
            }  # fmt: skip
            state = self._known((*under, "member_state"), source["member_state"], self.states)
            made = Source(document=row, member_state=state, position=position, **answers)
            self._save(under, made)
        for at, reference in enumerate(item.get("agenda_items", [])):
            found = self.agenda_items.get((item.get("meeting", ""), reference))
            if found is None:
                raise self._unknown((*path, "agenda_items", at), reference)
            row.agenda_items.add(found)


def document(row: Document, numbers: Mapping[int, str]) -> Data:
    """Return a document as plain data; `numbers` are those of the agenda items, by key."""
    zone = zoneinfo.ZoneInfo(row.group.zone)

    def text(name: str) -> Data:
        said = getattr(row, name) or {}
        return {code: said[code] for code in LANGUAGES if code in said}

    return {
        "key": row.key,
        "meeting": row.meeting.number if row.meeting else None,
        "session": row.session.key if row.session else None,
        **{name: getattr(row, name) for name in ("kind", "number")},
        "title": text("title"),
        **{name: getattr(row, name) for name in ("dated", "link", "note", "public")},
        "member_state": row.member_state.iso if row.member_state else None,
        "sources": [
            {
                "member_state": source.member_state.iso,
                **{name: instant(getattr(source, name), zone) for name in ANSWERS},
            }
            for source in row.sources.select_related("member_state").order_by("position", "pk")
        ],
        "purpose": row.purpose,
        "summary": text("summary"),
        "action_required": text("action_required"),
        **{name: getattr(row, name) for name in ("changed", "contact", "original_language")},
        "agenda_items": sorted(
            (numbers[item.pk] for item in row.agenda_items.all() if item.pk in numbers),
            key=lambda number: [int(part) for part in number.split(".")],
        ),
        "submitted_at": instant(row.submitted_at, zone),
        **{name: getattr(row, name) for name in ("receipt", "late", "late_decision")},
        "registered_at": instant(row.registered_at, zone),
        "withdrawn_at": instant(row.withdrawn_at, zone),
        "withdrawn_reason": row.withdrawn_reason,
    }
