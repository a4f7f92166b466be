"""Follow the list of changes into this machine's index, and build the index anew where there is none.

Each machine follows the list for itself; how far it came stands beside its index. On PostgreSQL the
keys of the list are given before their transactions end, and these end in another order: the last key
seen says nothing about those before it. So each row has the number of its transaction, and a follower
goes on from the oldest transaction that was still running when it looked (`pg_snapshot_xmin`): every
older one is over, and what it wrote can be read. Rows of younger ones are read as soon as they can be,
and remembered, so that a long transaction holds nobody up. SQLite writes one transaction after the
other: there the last key says all.

What is read again is indexed again to the same, so that a process may be killed anywhere: it goes on
from what it last kept. The place holds as long as the row last seen is in the list as it was; where it
is not (another database, one brought back from a copy, a machine away for too long) all is built anew.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from itertools import batched
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, Q
from django.utils import timezone

from consultations import search
from consultations.access import public_consultations
from consultations.models import Consultation, ConsultationTopic, Contribution, Summary
from cwg.indexing import beside, entries
from cwg.indexing.changes import number_of_this
from cwg.indexing.models import Changed
from cwg.report.models import Report
from meetings import finding
from meetings.finding import BrokenIndexError, Entry, Writer, shelf, versions
from meetings.models import GroupName, Instrument, MemberState, Outcome, Topic, WorkingGroup

logger = logging.getLogger(__name__)

MOST_CHANGES = 200_000  # to follow: of more, all is built anew sooner
MOST_AHEAD = 20_000  # rows read before their turn that are remembered
KEPT = timedelta(days=14)  # how long a machine may be away before it builds anew
REMOVED_AT_ONCE = 5_000
QUIET = 60.0  # seconds without a change after which answers to usual words are kept anew
BESIDE_EVERY = 2.0  # seconds after which the index that serves is followed while another is built
BUILT = "built"  # the row from which an index that is built anew goes on


class EndedError(Exception):
    """Somebody asked this process to end before an index was built: the next one begins again."""


@dataclass(frozen=True, slots=True)
class Place:
    """How far a machine followed the list, and the facts by which many entries stand together."""

    upto: int  # on PostgreSQL the oldest transaction that may write more, else the last key
    ahead: frozenset[int]  # keys read before their turn
    mark: tuple[int, str]  # the last row that was seen: its key and instant
    facts: dict[str, str]

    @classmethod
    def read(cls, folder: Path) -> Place | None:
        """Return the place that was kept beside an index, or None where it says nothing."""
        said = shelf.seen(folder)
        try:
            assert said is not None
            key, at = said["mark"]
            facts = {str(name): str(value) for name, value in said["facts"].items()}
            return cls(
                int(said["upto"]), frozenset(map(int, said["ahead"])), (int(key), str(at)), facts
            )
        except (AssertionError, KeyError, TypeError, ValueError, AttributeError):
            return None

    def keep(self, folder: Path) -> None:
        """Keep it beside an index."""
        shelf.see(
            folder,
            {
                "upto": self.upto, "ahead": sorted(self.ahead), "mark": list(self.mark),
                "facts": self.facts,
            },
        )  # fmt: skip

    def holds(self) -> bool:
        """Say whether the list still goes on from here."""
        key, at = self.mark
        row = Changed.objects.filter(pk=key).first()
        return row is not None and row.at.isoformat() == at and self.upto <= _horizon()


def _horizon() -> int:
    """Return up to where the list can get no more rows (see above); ask before the rows are read."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            asked = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
            cursor.execute(asked)  # bulk: reads only
            return int(cursor.fetchone()[0])
    return Changed.objects.aggregate(last=Max("pk"))["last"] or 0


def _since(place: Place) -> list[tuple[int, str, datetime, int]]:
    """Return the rows of the list from a place on: (key, thing, instant, where it stands)."""
    rows = Changed.objects.order_by("pk")
    if connection.vendor == "postgresql":
        rows = rows.filter(transaction__gte=place.upto)
        found = rows.values_list("pk", "thing", "at", "transaction")
    else:
        found = rows.filter(pk__gt=place.upto).values_list("pk", "thing", "at", "pk")
    return [
        (key, thing, at, stands or 0)
        for key, thing, at, stands in found[: MOST_CHANGES + len(place.ahead) + 1]
        if key not in place.ahead
    ]


# The duty


def follow(
    at: datetime,
    going_on: Callable[[], bool] = lambda: True,
    meanwhile: Callable[[], object] = lambda: None,
) -> int:
    """Bring this machine's index up to the database; return how many entries were looked at.

    Does nothing where another process of this machine is at it. Where all is built anew, `meanwhile`
    is called every few seconds: that may take minutes.
    """
    with shelf.writing() as mine:
        return _follow_or_build(going_on, meanwhile) if mine else 0


def to_follow() -> int:
    """Count the changes that this machine did not follow yet, or all entries where there is no index."""
    folder = shelf.current()
    place = Place.read(folder) if folder is not None else None
    if place is None or not place.holds():
        return sum(indexed.rows().count() for indexed in entries.KINDS.values())
    return len({thing for _, thing, _, _ in _since(place)} - {BUILT})


def _follow_or_build(going_on: Callable[[], bool], meanwhile: Callable[[], object]) -> int:
    folder = shelf.current()
    if folder is not None:
        try:
            done = _follow(folder)
            if done == 0:
                _keep_answers(going_on, meanwhile, quiet=QUIET)
            if done is not None:
                return done
        except BrokenIndexError:
            shelf.give_up(folder)
    try:
        return build(going_on, meanwhile)
    except EndedError:
        return 0


def _follow(folder: Path) -> int | None:
    """Follow the list into an index; None where it is to be built anew."""
    place = Place.read(folder)
    if place is None or not place.holds():
        return None
    horizon, rows = _horizon(), _since(place)
    facts = place.facts
    if len(rows) > MOST_CHANGES:
        return None
    things = dict.fromkeys(thing for _, thing, _, _ in rows)
    done = 0
    if things:
        facts = _facts()
        many = _together(place.facts, facts)
        if many is None:
            return None
        keys = {key: None for thing in things for key in _keys(thing)} | dict.fromkeys(many)
        if keys:
            with Writer(folder) as writer:
                done = _write(writer, keys)
                writer.commit()
    ahead = {key for key, _, _, stands in rows if stands >= horizon} if _in_any_order() else set()
    if place.ahead:  # those whose turn has come are not asked for again
        still = Changed.objects.filter(pk__in=place.ahead, transaction__gte=horizon)
        ahead |= {*still.values_list("pk", flat=True)}
    if len(ahead) > MOST_AHEAD:
        ahead = set()  # they are read again: nothing is lost
    last = max(rows, default=None)
    mark = (last[0], last[2].isoformat()) if last and last[0] > place.mark[0] else place.mark
    now = Place(horizon, frozenset(ahead), mark, facts)
    if now == place:
        (folder / "seen").touch()  # that it was seen to its end
    else:
        now.keep(folder)
    return done


def _in_any_order() -> bool:
    return bool(connection.vendor == "postgresql")


def _write(writer: Writer, keys: Iterable[str]) -> int:
    """Put the entries of keys anew, and remove those of what the public does not read."""
    by_kind: dict[str, list[int]] = {}
    for key in keys:
        kind, _, said = key.partition(":")
        by_kind.setdefault(kind, []).append(int(said))
    done = 0
    for kind, numbers in by_kind.items():
        for some in batched(sorted({*numbers}), entries.AT_ONCE, strict=False):
            found = {each.key: each for each in entries.of_keys(kind, some)}
            for number in some:
                entry = found.get(f"{kind}:{number}")
                if entry is None:
                    writer.remove(f"{kind}:{number}")
                else:
                    writer.put(entry)
            done += len(some)
    return done


# What a change concerns


def _keys(thing: str) -> set[str]:
    """Return the keys of the entries that say something of a thing."""
    kind, _, number = thing.partition(":")
    found = {thing} if kind in entries.KINDS else set()
    if kind == "topic":
        of = Consultation.objects.filter(topics=int(number)).values_list("pk", flat=True)
        found |= {f"round:{each}" for each in of}
        found |= _many("outcome", Outcome.objects.filter(topics=int(number)))
        found |= _many("summary", Summary.objects.filter(consultation__topics=int(number)))
    elif kind == "round":
        found |= _many("summary", Summary.objects.filter(consultation=int(number)))
    elif kind == "meeting":
        held = Outcome.objects.filter(meeting=int(number))
        found |= _many("outcome", held) | _many("topic", Topic.objects.filter(outcomes__in=held))
    elif kind == "outcome":
        # its letter follows from those that stand before it
        found |= _many("outcome", Outcome.objects.filter(meeting__outcomes=int(number)))
        found |= _many("topic", Topic.objects.filter(outcomes=int(number)))
    elif kind == "session":
        told = Q(session=int(number)) | Q(awaits=int(number))
        found |= _many("outcome", Outcome.objects.filter(told))
        found |= _many("report", Report.objects.filter(session=int(number)))
    elif kind == "body":
        found |= _many("instrument", Instrument.objects.filter(body=int(number)))
    elif kind == "document":
        found |= _many("topic", Topic.objects.filter(proposed_in=int(number)))
        found |= _many("report", Report.objects.filter(document=int(number)))
        # its editions are noted as the document's
        found |= _many("summary", Summary.objects.filter(document=int(number)))
    return found


def _many(kind: str, rows: Any) -> set[str]:
    return {f"{kind}:{key}" for key in rows.values_list("pk", flat=True)}


def _facts() -> dict[str, str]:
    """Return the facts that stand in many entries, or decide of them, each as one text."""
    public = {*public_consultations().values_list("pk", flat=True)}
    topics: dict[int, set[int]] = {}
    drawn = ConsultationTopic.objects.filter(topic__draws_on__isnull=False)
    for held, listed in drawn.values_list("consultation", "topic__draws_on"):
        topics.setdefault(held, set()).add(listed)
    rounds = Consultation.objects.order_by("pk").values_list("pk", "group", "key")
    facts = {
        f"round:{key}": f"{key in public} {group} {word} {sorted(topics.get(key, ()))}"
        for key, group, word in rounds
    }
    groups = WorkingGroup.objects.order_by("pk").values_list("pk", "record_kept_here")
    names = GroupName.objects.order_by("pk").values_list("group", "acronym", "from_day")
    facts["groups"] = _digest(groups, names)
    states = MemberState.objects.order_by("pk")
    facts["countries"] = _digest(states.values_list("pk", "iso", "name", "region__code"))
    return facts


def _digest(*many: Iterable[object]) -> str:
    digest = blake2b(digest_size=8)
    for rows in many:
        for row in rows:
            digest.update(repr(row).encode())
    return digest.hexdigest()


def _together(before: dict[str, str], after: dict[str, str]) -> set[str] | None:
    """Return the keys of the contributions for which facts changed; None where all are concerned."""
    if any(before.get(name) != after[name] for name in ("groups", "countries")):
        return None
    rounds = [
        int(name.partition(":")[2])
        for name in before.keys() | after.keys()
        if before.get(name) != after.get(name) and name.startswith("round:")
    ]
    rows = Contribution.objects.filter(consultation__in=rounds, published_at__isnull=False)
    return _many(search.KIND, rows)


# All anew


def build(
    going_on: Callable[[], bool] = lambda: True, meanwhile: Callable[[], object] = lambda: None
) -> int:
    """Build the index anew in a folder beside the one that serves, and let it serve; return its size.

    Every few seconds the one that serves is brought up, and `meanwhile` is called. Raises EndedError.
    The caller is the only writer.
    """
    shelf.tidy(shelf.current())
    place = _beginning()
    folder = shelf.new()
    number, looked = 0, time.monotonic()
    with Writer(folder, new=True, usual=entries.usual()) as writer:
        try:
            for entry in everything(going_on):
                writer.add(entry)
                number += 1
                if number % entries.AT_ONCE:
                    continue
                if not going_on():
                    raise EndedError
                if time.monotonic() - looked > BESIDE_EVERY:
                    follow_beside()
                    meanwhile()
                    looked = time.monotonic()
        except beside.BesideError:
            if not going_on():  # the other process was asked to end with this one
                raise EndedError from None
            raise
        writer.commit()
    place.keep(folder)
    shelf.serve(folder)
    _follow(folder)  # what changed meanwhile
    _keep_answers(going_on, meanwhile)
    return number


def everything(going_on: Callable[[], bool] = lambda: True) -> Iterator[Entry]:
    """Yield the entry of everything that everybody reads; of many, made in a process beside this one.

    Raises beside.BesideError.
    """
    if entries.are_many() and (os.process_cpu_count() or 1) > 1:
        return beside.made_by(entries.some_at_a_time, going_on)
    return entries.everything()


def _keep_answers(
    going_on: Callable[[], bool], meanwhile: Callable[[], object], *, quiet: float = 0.0
) -> None:
    """Keep what usual words find, unless something changes meanwhile; without it all is found too."""
    looked = time.monotonic()

    def nothing_else() -> bool:
        nonlocal looked
        if time.monotonic() - looked > BESIDE_EVERY:
            looked = time.monotonic()
            meanwhile()
            if to_follow():
                return False
        return going_on()

    try:
        finding.keep_answers(quiet=quiet, going_on=nothing_else)
    except (OSError, BrokenIndexError) as error:
        logger.warning("Answers to usual words are not kept: %s", error)


def _beginning() -> Place:
    """Return the place from which whoever builds now goes on: all before it is read by then."""
    with transaction.atomic():
        row = Changed.objects.create(
            thing=BUILT, at=timezone.now(), transaction=number_of_this(connection)
        )
    row.refresh_from_db()
    return Place(_horizon(), frozenset(), (row.pk, row.at.isoformat()), _facts())


def follow_beside() -> None:
    """Follow the list into the index that serves while another is built; a broken one is left."""
    folder = shelf.current()
    if folder is not None:
        try:
            _follow(folder)
        except BrokenIndexError:
            shelf.give_up(folder)


# Whether it is whole


@dataclass(frozen=True, slots=True)
class Difference:
    """How an index differs from the database; nothing of it where they are equal."""

    entries: int
    missing: int
    left_over: int
    changed: int

    def __bool__(self) -> bool:
        """Say whether they differ."""
        return bool(self.missing or self.left_over or self.changed)


def difference(folder: Path) -> Difference:
    """Compare every entry with the database. Raises BrokenIndexError."""
    standing = list(versions(folder))
    kept = dict(standing)
    left_over, missing, changed, number = len(standing) - len(kept), 0, 0, 0
    for entry in everything():
        number += 1
        version = kept.pop(entry.key, None)
        missing += version is None
        changed += version is not None and version != entry.version
    return Difference(number, missing, left_over + len(kept), changed)


# Old rows of the list


def to_forget(at: datetime) -> Collection[int]:
    """Return the keys of rows of the list that no machine needs, some at once.

    The newest of the old ones stays: machines that saw nothing since go on from there.
    """
    old = Changed.objects.filter(at__lt=at - KEPT)
    last = old.aggregate(last=Max("pk"))["last"] or 0
    return list(old.filter(pk__lt=last).values_list("pk", flat=True)[:REMOVED_AT_ONCE])


def forget(at: datetime) -> int:
    """Remove rows of the list that no machine needs; return how many."""
    keys = to_forget(at)
    return Changed.objects.filter(pk__in=keys).delete()[0] if keys else 0
