"""Who is named as having contributed, in a record file: addresses, merges, and who was told apart.

Whoever can be found anew by the names in the contributions stays out: a file says it only where the
secretariat decided something, or where addresses came about in another order.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet

from consultations import alike_names, names, naming
from consultations.models import (
    Contribution,
    Contributor,
    ContributorMerge,
    FormerName,
    NamesAlike,
    Naming,
    Standing,
)
from cwg.record.instants import instant, read_instant
from cwg.record.reading import Path_
from cwg.record.rows import Data, Rows, each
from meetings.models import WorkingGroup

IN_ORDER = ("consultation__key", "consultation__slug", "number")


def contributors(group: WorkingGroup) -> list[Data]:
    """Return the contributors of a group as plain data; none where loading finds the same by itself."""
    zone = zoneinfo.ZoneInfo(group.zone)
    told: dict[int, list[NamesAlike]] = {}
    for pair in NamesAlike.objects.filter(
        one__group=group, told_apart_at__isnull=False
    ).select_related("other"):
        told.setdefault(pair.one_id, []).append(pair)
    said = [
        _contributor(row, told.get(row.pk, []), zone) for row in _with_all(group).order_by("pk")
    ]
    return [] if said == _found_anew(group) else said


def _with_all(group: WorkingGroup) -> QuerySet[Contributor]:
    in_order = [f"contribution__{name}" for name in IN_ORDER]
    namings = Naming.objects.select_related("contribution__consultation")
    return Contributor.objects.filter(group=group).prefetch_related(
        Prefetch("namings", namings.order_by(*in_order, "position")),
        Prefetch("merges", ContributorMerge.objects.select_related("into")),
        "former_names",
    )


def _contributor(row: Contributor, apart: list[NamesAlike], zone: zoneinfo.ZoneInfo) -> Data:
    return _data(
        row.slug, row.kind, str(row.name), str(row.beside),
        [_place(each.contribution, each.position) for each in row.namings.all()],
        apart=row.apart,
        former_names=[
            {"slug": each.slug, "name": each.name, "until": instant(each.until, zone),
             "reason": each.reason}
            for each in row.former_names.all()
        ],
        merges=[
            {"into": each.into.slug, "made_at": instant(each.made_at, zone), "reason": each.reason,
             "undone_at": instant(each.undone_at, zone), "undone_reason": each.undone_reason}
            for each in row.merges.all()
        ],
        told_apart=[
            {"from": each.other.slug, "at": instant(each.told_apart_at, zone),
             "reason": each.reason}
            for each in sorted(apart, key=lambda pair: pair.other_id)
        ],
    )  # fmt: skip


def _data(slug: str, kind: str, name: str, beside: str, named: list[str], **decided: Any) -> Data:
    usual: Data = {"apart": 0, "former_names": [], "merges": [], "told_apart": []}
    return {
        "slug": slug, "kind": kind, "name": name, "beside": beside, **(usual | decided),
        "named": named,
    }  # fmt: skip


def _place(contribution: Contribution, position: int) -> str:
    return f"{contribution.consultation.key}/{contribution.number}/{position}"


def _published(group: WorkingGroup) -> Iterator[Contribution]:
    """Yield the published contributions of a group in the order in which loading names them."""
    rows = Contribution.objects.filter(consultation__group=group, standing=Standing.PUBLISHED)
    rows = rows.select_related("consultation", "country").defer("text")
    yield from rows.prefetch_related("organisations").order_by(*IN_ORDER)


def _found_anew(group: WorkingGroup) -> list[Data]:
    """Return whom loading would name from the contributions alone."""
    found: dict[tuple[str, str, str], Data] = {}
    taken: set[str] = set()
    for contribution in _published(group):
        for said in naming.said(contribution):
            key = said.kind, said.folded, said.beside
            if key not in found:
                slug = names.slug(said.name, said.kind, taken.__contains__)
                taken.add(slug)
                found[key] = _data(slug, said.kind, said.name, said.beside, [])
            found[key]["named"].append(_place(contribution, said.position))
    return list(found.values())


class ContributorRows(Rows):
    """How the contributors of a group are written."""

    def _contributors(self, group: WorkingGroup) -> None:
        """Write who is named: what the file says of it, then who is named beside."""
        listed = list(self._list("contributors"))
        rows = {item["slug"]: self._row(path, group, item) for path, item in listed}
        held = self._held(group) if rows else {}
        for path, item in listed:
            row = rows[item["slug"]]
            for place, said in enumerate(item.get("named", [])):
                under = (*path, "named", place)
                contribution, position = self._known(under, said, held)
                self._save(
                    under,
                    Naming(
                        contribution=contribution, position=position, contributor=row, shown=row
                    ),
                )
            self._decided(path, item, rows)
        self._refuse_circles(group)
        for row in sorted(rows.values(), key=lambda made: made.pk):
            alike_names.keep(row)
        for path, item in listed:
            self._told_apart(path, item, rows)
        for contribution in _published(group):
            naming.keep(contribution)
        naming.settle({row.pk for row in rows.values()})

    def _row(self, path: Path_, group: WorkingGroup, item: Data) -> Contributor:
        told = self._given(item, "slug", "kind", "name", "beside", "apart")
        return self._save(path, Contributor(group=group, folded=names.fold(item["name"]), **told))

    def _held(self, group: WorkingGroup) -> dict[str, tuple[Contribution, int]]:
        """Return what a contribution and a place in it are called in the file."""
        rows = Contribution.objects.filter(consultation__group=group).received()
        found = {}
        for each_ in rows.select_related("consultation").prefetch_related("organisations"):
            for position in range(each_.organisations.count() + 1):
                found[_place(each_, position)] = (each_, position)
        return found

    def _decided(self, path: Path_, item: Data, rows: dict[str, Contributor]) -> None:
        row = rows[item["slug"]]
        for under, former in each(path, item, "former_names"):
            until = self._at(under, former, "until")
            told = self._given(former, "slug", "name", "reason")
            if former["slug"] in rows:
                raise self.place.error((*under, "slug"), "another contributor has this address")
            self._save(under, FormerName(group=row.group, contributor=row, until=until, **told))
        for under, merge in each(path, item, "merges"):
            told = self._given(merge, "reason", "undone_reason")
            into = self._known((*under, "into"), merge["into"], rows)
            if into.kind != row.kind:
                raise self.place.error(
                    (*under, "into"), "a person and an organization are never the same"
                )
            self._save(
                under,
                ContributorMerge(
                    contributor=row, into=into, made_at=self._at(under, merge, "made_at"),
                    undone_at=self._at(under, merge, "undone_at") if "undone_at" in merge else None, **told,
                ),
            )  # fmt: skip

    def _at(self, path: Path_, item: Data, name: str) -> datetime:
        return read_instant(self.place, (*path, name), item[name])

    def _refuse_circles(self, group: WorkingGroup) -> None:
        merges = ContributorMerge.objects.filter(contributor__group=group, undone_at=None)
        into = dict(merges.values_list("contributor", "into"))
        for start, end in into.items():
            seen, key = {start}, end
            while key in into and key not in seen:
                seen.add(key)
                key = into[key]
            if key in seen:
                raise self.place.error(("contributors",), "merges lead round in a circle")

    def _told_apart(self, path: Path_, item: Data, rows: dict[str, Contributor]) -> None:
        for under, told in each(path, item, "told_apart"):
            other = self._known((*under, "from"), told["from"], rows)
            one = rows[item["slug"]]
            first, second = sorted((one, other), key=lambda row: row.pk)
            pair = NamesAlike.objects.filter(one=first, other=second).first()
            pair = pair or NamesAlike(
                one=first, other=second, percent=names.percent(first.name, second.name)
            )
            pair.told_apart_at, pair.reason = self._at(under, told, "at"), told["reason"]
            self._save(under, pair)
