"""Load what several groups share: bodies, sessions, instruments, report types, named groups.

One row each; a file that contradicts what stands is refused, and names both.
"""

from __future__ import annotations

from cwg.record.reading import Path_, Place
from cwg.record.rows import Data, Rows, each
from cwg.report.models import ReportType, TypePassage
from meetings.models import (
    Body,
    GroupName,
    Instrument,
    ListedTopic,
    Revision,
    Session,
    WorkingGroup,
)

PASSAGE_FIELDS = ("part", "shape", "key", "chairs_own", "label", "text")


class SharedRows(Rows):
    """What was written of it so far, by the keys of the file."""

    def __init__(self, data: Data, place: Place) -> None:
        super().__init__(data, place)
        self.bodies: dict[str, Body] = {}
        self.sessions: dict[str, Session] = {}
        self.instruments: dict[str, Instrument] = {}
        self.revisions: dict[str, dict[str, Revision]] = {}
        self.types: dict[str, ReportType] = {}
        self.groups: dict[str, WorkingGroup] = {}

    def load_shared(self) -> None:
        """Write what groups share, or find it as it stands."""
        for path, item in self._list("bodies"):
            self.bodies[item["key"]] = self._merge(
                path, Body, {"key": item["key"]},
                self._given(item, "name", "short", "citation", "ends_cycles"),
            )  # fmt: skip
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
            for under, revision in each(path, item, "revisions"):
                self._revision(under, instrument, revision)
        for path, item in self._list("report_types"):
            self._type(path, item)
        for path, item in self._list("groups_named"):
            self._named(path, item)

    def _named(self, path: Path_, item: Data) -> None:
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
        label = item.get("label") or {}
        values = self._given(item, "label", "link") | self._days(path, item, "in_force_from")
        values["adopted_by"] = self._find(path, "adopted_by", item, self.sessions)
        standing = [
            revision
            for revision in instrument.revisions.all()
            if any((revision.label or {}).get(code) == text for code, text in label.items())
            or (not label and not revision.label)
        ]
        lookup = {"pk": standing[0].pk} if standing else {"instrument": instrument, "pk": None}
        revision = self._merge(path, Revision, lookup, values)
        by_label = self.revisions.setdefault(instrument.key, {})
        by_label |= dict.fromkeys(label.values() or [""], revision)
        for position, text in enumerate(item.get("listed_topics", []), 1):
            self._merge(
                (*path, "listed_topics", position - 1), ListedTopic,
                {"revision": revision, "position": position}, {"text": text},
            )  # fmt: skip

    def find_revision(self, path: Path_, item: Data) -> Revision:
        """Return the revision that `item` names; without a name, the one without label, or the only one.

        Raises RecordError.
        """
        key = item["instrument"]
        known = self.revisions.get(key)
        if not known:
            raise self._unknown((*path, "instrument"), key)
        if "revision" in item:
            return self._known((*path, "revision"), item["revision"], known)
        if "" in known:
            return known[""]
        if len({revision.pk for revision in known.values()}) > 1:
            labels = ", ".join(known)
            raise self.place.error(path, f"expected revision, one of {labels}")
        return next(iter(known.values()))

    def _type(self, path: Path_, item: Data) -> None:
        standing = ReportType.objects.filter(key=item["key"]).first()
        if standing is not None:
            self.types[item["key"]] = self._merge(
                path, ReportType, {"key": item["key"]}, self._given(item, "name", "status_annex")
            )
            kept = [
                {name: getattr(passage, name) for name in PASSAGE_FIELDS}
                for passage in standing.passages.order_by("position", "pk")
            ]
            given = [passage_values(passage) for passage in item.get("passages", [])]
            if given and kept and kept != given:
                raise self.place.error(
                    path, f"the report type “{item['key']}” stands here with other passages"
                )
            return
        made = self._save(
            path, ReportType(key=item["key"], **self._given(item, "name", "status_annex"))
        )
        self.types[item["key"]] = made
        for position, (under, passage) in enumerate(each(path, item, "passages"), 1):
            self._save(under, TypePassage(type=made, position=position, **passage_values(passage)))

    def _names(self, path: Path_, group: WorkingGroup, item: Data) -> None:
        for under, name in each(path, item, "names"):
            values = self._given(name, "name", "acronym", "printed_short")
            self._save(under, GroupName(group=group, **values, **self._from_to(under, name)))

    def _same_names(self, path: Path_, group: WorkingGroup, item: Data) -> None:
        """Refuse names that none of those the group stands with bears out."""
        for field in ("name", "acronym", "printed_short"):
            standing = [texts for row in group.names.all() if (texts := getattr(row, field))]
            for under, name in each(path, item, "names"):
                for language, text in name.get(field, {}).items():
                    kept = [texts[language] for texts in standing if language in texts]
                    if kept and text not in kept and len(item["names"]) == 1:
                        raise self.place.error(
                            (*under, field, language),
                            f"this file says “{text}” where {group} stands with “{kept[0]}”",
                        )


def passage_values(item: Data) -> Data:
    """Return the fields of a passage, of a report or of its type."""
    return {
        "part": item["part"], "shape": item["shape"], "key": item.get("key", ""),
        "chairs_own": item.get("chairs_own", False), "label": item.get("label"),
        "text": item.get("text"),
    }  # fmt: skip
