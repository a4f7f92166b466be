"""The life of a round as the secretariat moves it: launched, announced, extended, corrected, moved.

What time does by itself (opening, closing) is nobody's act: `Consultation.state`.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from consultations import announcing, following
from consultations.models import (
    Consultation,
    ConsultationTopic,
    Extension,
    FormerAddress,
)
from meetings import history, settling
from meetings.deadline import Moment
from meetings.languages import TextByLanguage
from meetings.models import Kind, Outcome, Settlement, WorkingGroup
from meetings.settling import Settling, SettlingError
from meetings.wording import dates
from meetings.wording.messages import messages

ENGLISH = "en"
LAST_MINUTE = time(23, 59)


class RoundError(Exception):
    """A round that cannot be moved as asked; never raised itself. It reads as a sentence.

    `field` is the part of what was said that has to be mended, "" for the whole.
    """

    field = ""


class NoLaunchError(RoundError):
    """A decision that promises no round."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(f"“{outcome}” decides on no round: only a launch does.")


class LaunchedAlreadyError(RoundError):
    """A decision on which a round rests already."""

    def __init__(self, consultation: Consultation) -> None:
        self.consultation = consultation
        super().__init__(f"The round {consultation} rests on this decision already.")


class TakenError(RoundError):
    """A key or an address that another round has, or once had."""

    def __init__(self, field_: str, value: str) -> None:
        self.field = field_
        what = "key" if field_ == "key" else "address"
        super().__init__(f"Another round has, or once had, the {what} “{value}”.")


class BareMidnightError(RoundError):
    """A closing at exactly 00:00, of which nobody knows the day."""

    field = "closes"

    def __init__(self, moment: Moment) -> None:
        assert moment.at is not None
        local = moment.at.astimezone(zoneinfo.ZoneInfo(moment.zone))
        before = datetime.combine(local.date() - timedelta(days=1), LAST_MINUTE, local.tzinfo)
        said = Moment(moment.zone, moment.place, before).words(messages(ENGLISH))
        super().__init__(
            f"Nobody knows of which day 00:00 is the midnight. Close at 23:59 of the day before: {said}."
        )


class NotReadyError(RoundError):
    """Announcing a round that lacks something."""

    def __init__(self, lacks: str) -> None:
        super().__init__(f"It cannot be announced yet: {lacks}.")


class AnnouncedAlreadyError(RoundError):
    """Announcing a round once more."""

    def __init__(self, consultation: Consultation) -> None:
        super().__init__(f"{consultation} is announced already. Nobody is told twice.")


class NotAnnouncedError(RoundError):
    """Extending or correcting what nobody was told yet."""

    def __init__(self, consultation: Consultation) -> None:
        super().__init__(f"{consultation} is not announced yet: change its dates on its own page.")


class NotLaterError(RoundError):
    """An extension that does not move the closing on."""

    field = "closes"

    def __init__(self, now: str) -> None:
        super().__init__(f"The new closing lies after the one that stands, {now}.")


class PassedError(RoundError):
    """A closing that has passed already."""

    field = "closes"

    def __str__(self) -> str:
        return "This instant has passed already."


class DayError(RoundError):
    """A day of decision that has not come."""

    field = "decided_on"

    def __str__(self) -> str:
        return "That day has not come yet."


class ReasonMissingError(RoundError):
    """A change of what was announced, and nobody says why."""

    field = "reason"

    def __str__(self) -> str:
        return "Say why."


class OpenedAlreadyError(RoundError):
    """Another opening for a round that has opened."""

    field = "opens"

    def __str__(self) -> str:
        return "The round has opened: when it did is no longer to be changed."


class OpensFirstError(RoundError):
    """A closing that does not lie after the opening."""

    field = "closes"

    def __str__(self) -> str:
        return "It closes before it opens."


class ExtendedError(RoundError):
    """Correcting the first closing after it was extended."""

    field = "closes"

    def __str__(self) -> str:
        return "The closing was extended: extend it once more instead."


def refuse_midnight(closes: Moment) -> None:
    """Raise BareMidnightError for a closing at exactly 00:00 in its zone."""
    if closes.at is None:
        return
    if closes.at.astimezone(zoneinfo.ZoneInfo(closes.zone)).time() == time(0):
        raise BareMidnightError(closes)


# Launch


@dataclass(frozen=True, slots=True)
class Launch:
    """What a decision fills of a new round; each fact may be given another way."""

    slug: str
    key: str
    heading: TextByLanguage = field(default_factory=dict)
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    opens_month: date | None = None
    closes_month: date | None = None


def proposed(outcome: Outcome) -> Launch:
    """Return what a decision says of the round that is to be launched.

    Heading and months from its window, the address from its first topic and the year, the key from
    its first month; with a figure behind where another round of the group has them.
    """
    first, last = outcome.window_from, outcome.window_to
    said = outcome.outcome_topics.select_related("topic").first()
    group = outcome.meeting.group
    year = (first or outcome.meeting.last_day).year
    slug = f"{said.topic.key if said else 'consultation'}-{year}"[:45]
    key = f"{first or outcome.meeting.last_day:%Y-%m}"
    heading = {}
    if first and last:
        heading = {ENGLISH: dates.window(messages(ENGLISH), first, last, group.windows)}
    slugs = {
        *Consultation.objects.filter(group=group, slug__startswith=slug).values_list("slug", flat=True),
        *FormerAddress.objects.filter(group=group, slug__startswith=slug).values_list("slug", flat=True),
    }  # fmt: skip
    keys = Consultation.objects.filter(group=group, key__startswith=key)
    return Launch(
        _free(slug, slugs), _free(key, {*keys.values_list("key", flat=True)}), heading,
        opens_month=first, closes_month=last,
    )  # fmt: skip


def _free(wanted: str, taken: set[str]) -> str:
    number, found = 1, wanted
    while found in taken:
        number += 1
        found = f"{wanted}-{number}"
    return found


def resting_on(outcome: Outcome) -> Consultation | None:
    """Return the round that rests on a decision, where there is one."""
    rounds = Consultation.objects.select_related("group")
    return rounds.filter(decided_by=outcome).order_by("pk").first()


def launch(outcome: Outcome, told: Launch, *, by: AbstractBaseUser) -> Consultation:
    """Make the round that a meeting decided on, with its topics; nobody is told of it yet.

    Raises NoLaunchError, LaunchedAlreadyError, TakenError, OpensFirstError or BareMidnightError.
    """
    if outcome.kind not in {Kind.WOULD_LAUNCH, Kind.LAUNCHED}:
        raise NoLaunchError(outcome)
    with history.activity("rounds.launch", by):
        locked = Outcome.objects.select_for_update(of=("self",), no_key=True)
        decision = locked.select_related("meeting__group").get(pk=outcome.pk)
        if (standing := resting_on(decision)) is not None:
            raise LaunchedAlreadyError(standing)
        group = decision.meeting.group
        # two launches of one key are asked one after the other
        WorkingGroup.objects.select_for_update(no_key=True).get(pk=group.pk)
        if Consultation.objects.filter(group=group, key=told.key).exists():
            raise TakenError("key", told.key)
        _guard_address(group.pk, told.slug, None)
        made = Consultation(
            group=group, decided_by=decision, slug=told.slug, key=told.key,
            heading=dict(told.heading) or None, opens_at=told.opens_at, closes_at=told.closes_at,
            opens_month=told.opens_month if told.opens_at is None else None,
            closes_month=told.closes_month if told.closes_at is None else None,
        )  # fmt: skip
        if told.closes_at is not None:
            refuse_midnight(made.moment(told.closes_at))
            _guard_order(told.opens_at, told.closes_at)
        made.full_clean()
        made.save()
        for place, said in enumerate(decision.outcome_topics.order_by("position", "pk"), 1):
            ConsultationTopic.objects.create(
                consultation=made, topic_id=said.topic_id, position=place
            )
        return made


def _guard_order(opens: datetime | None, closes: datetime | None) -> None:
    if opens is not None and closes is not None and closes <= opens:
        raise OpensFirstError


# Announce


def lacks(consultation: Consultation, at: datetime) -> str:
    """Return what a round lacks before it can be announced, in words; "" where nothing."""
    if consultation.record_incomplete:
        return "it is a round of the past"
    if consultation.opens_at is None or consultation.closes_at is None:
        return "it needs the instants of its opening and of its closing"
    if consultation.closes_at <= at:
        return "its closing has passed already"
    if not consultation.group.record_kept_here:
        return "the record of its group is not kept here"
    return "" if announcing.title(consultation) else "it needs a topic or a heading in English"


def keeps(consultation: Consultation) -> Outcome | None:
    """Return the promised launch that announcing a round keeps, where nobody has settled it yet."""
    promise = consultation.decided_by
    if promise is None or promise.kind != Kind.WOULD_LAUNCH:
        return None
    return None if Settlement.objects.filter(promise=promise).exists() else promise


def announce(consultation: Consultation, *, at: datetime, by: AbstractBaseUser) -> Consultation:
    """Make a round public, tell those who follow, and settle its promise as kept on the opening.

    Raises AnnouncedAlreadyError, NotReadyError or BareMidnightError.
    """
    with _held(consultation, "rounds.announce", by) as held:
        if held.announced_at is not None:
            raise AnnouncedAlreadyError(held)
        if missing := lacks(held, at):
            raise NotReadyError(missing)
        assert held.closes_at is not None
        refuse_midnight(held.moment(held.closes_at))
        held.announced_at = at
        held.save()
        if (promise := keeps(held)) is not None:
            _settle(held, promise, by)
        following.tell_announced(held, at=at)
        return held


def _settle(held: Consultation, promise: Outcome, by: AbstractBaseUser) -> None:
    opens = held.opening()
    told = Settling(
        promise, Settlement.How.KEPT, on=opens.first_day,
        fact=f"The open consultation opened on {opens.words(messages(ENGLISH))}.",
        source=held.get_absolute_url(),
    )  # fmt: skip
    try:
        settling.settle(told, by=by)
    except SettlingError as error:
        raise NotReadyError(f"its promise cannot be settled ({str(error).rstrip('.')})") from error


# Extend, correct


def extend(
    consultation: Consultation,
    until: datetime,
    *,
    decided_by: TextByLanguage,
    decided_on: date,
    reason: str,
    at: datetime,
    by: AbstractBaseUser,
) -> Extension:
    """Move the closing of a round on, for everybody to read, and tell those who follow.

    In a round of the past it records what was done then, and nobody is told. Raises
    NotAnnouncedError, BareMidnightError, PassedError, NotLaterError, DayError or ReasonMissingError.
    """
    if not reason.strip():
        raise ReasonMissingError
    with _held(consultation, "rounds.extend", by, reason) as held:
        past = held.record_incomplete
        if held.announced_at is None and not past:
            raise NotAnnouncedError(held)
        made = extension(held, until, decided_by, decided_on, reason)
        if decided_on > at.astimezone(zoneinfo.ZoneInfo(held.group.zone)).date():
            raise DayError
        if until <= at and not past:
            raise PassedError
        made.full_clean()
        made.save()
        if not past:
            following.tell_extended(made, at=at)
        return made


def extension(
    consultation: Consultation,
    until: datetime,
    decided_by: TextByLanguage,
    decided_on: date,
    reason: str,
) -> Extension:
    """Return an extension as it would be kept. Raises BareMidnightError or NotLaterError."""
    now = consultation.deadline().now
    refuse_midnight(consultation.moment(until))
    if now.at is None or until <= now.at:
        raise NotLaterError(now.words(messages(ENGLISH)) or "which is not known as an instant")
    return Extension(
        consultation=consultation, was=now.at, now=until, decided_on=decided_on,
        decided_by=dict(decided_by), reason=reason.strip(),
    )  # fmt: skip


def correct(
    consultation: Consultation,
    opens_at: datetime,
    closes_at: datetime,
    *,
    reason: str,
    at: datetime,
    by: AbstractBaseUser,
) -> Consultation:
    """Mend the instants of an announced round that were announced wrong; the history keeps why.

    It is no extension, and nobody is told. Raises NotAnnouncedError, ReasonMissingError,
    OpenedAlreadyError, ExtendedError, BareMidnightError, PassedError or OpensFirstError.
    """
    if not reason.strip():
        raise ReasonMissingError
    with _held(consultation, "rounds.correct", by, reason) as held:
        if held.announced_at is None:
            raise NotAnnouncedError(held)
        if opens_at != held.opens_at:
            if held.opens_at is not None and held.opens_at <= at:
                raise OpenedAlreadyError
            _move_settlement(held, opens_at, by, reason)
        if closes_at != held.closes_at:
            if held.extensions.exists():
                raise ExtendedError
            refuse_midnight(held.moment(closes_at))
            if closes_at <= at:
                raise PassedError
        _guard_order(opens_at, closes_at)
        held.opens_at, held.closes_at = opens_at, closes_at
        held.save()
        if (promise := keeps(held)) is not None:
            _settle(held, promise, by)
        return held


def _move_settlement(
    held: Consultation, opens_at: datetime, by: AbstractBaseUser, reason: str
) -> None:
    """Take back what announcing settled, where it names the day of the opening; it is settled anew."""
    promise = held.decided_by
    if promise is None:
        return
    ours = Settlement.objects.filter(
        promise=promise,
        on=held.opening().first_day,
        source=held.get_absolute_url(),
        by_outcome=None,
    )
    if ours.exists():
        settling.take_back(promise, reason, by=by)


# Address


def move_address(
    consultation: Consultation, slug: str, *, reason: str, by: AbstractBaseUser
) -> Consultation:
    """Give a round another address; the one it had leads there for ever.

    Raises ReasonMissingError or TakenError.
    """
    if not reason.strip():
        raise ReasonMissingError
    with _held(consultation, "rounds.move_address", by, reason) as held:
        if slug == held.slug:
            return held
        _guard_address(held.group_id, slug, held)
        public = held.announced_at is not None or held.record_incomplete
        held.former_addresses.filter(slug=slug).delete()
        if public:
            FormerAddress.objects.create(group=held.group, slug=held.slug, consultation=held)
        held.slug = slug
        held.save()
        return held


def _guard_address(group: int, slug: str, of: Consultation | None) -> None:
    """Refuse an address that another round of the group has, or once had."""
    others = Consultation.objects.filter(group=group, slug=slug)
    former = FormerAddress.objects.filter(group=group, slug=slug)
    if of is not None:
        others, former = others.exclude(pk=of.pk), former.exclude(consultation=of)
    if others.exists() or former.exists():
        raise TakenError("slug", slug)


@contextmanager
def _held(
    consultation: Consultation, name: str, by: AbstractBaseUser, reason: str = ""
) -> Iterator[Consultation]:
    """Give the round as it stands, locked until the activity ends."""
    with history.activity(name, by, reason), transaction.atomic():
        rows = Consultation.objects.select_for_update(of=("self",), no_key=True)
        yield rows.select_related("group", "decided_by__meeting__group").get(pk=consultation.pk)


# Said


def told_words(consultation: Consultation) -> str:
    """Return the window of a round in words, for the pages that ask to announce it."""
    known = messages(ENGLISH)
    opens, closes = consultation.opening().words(known), consultation.deadline().words(known)
    return f"{opens} to {closes}" if opens and closes else opens or closes


def local(group_zone: str, day: date, clock: time) -> datetime:
    """Return an instant from a day and a time of a zone, in UTC.

    Raises ValueError for a time that a change of the clock skips.
    """
    at = datetime.combine(day, clock, zoneinfo.ZoneInfo(group_zone)).astimezone(UTC)
    if at.astimezone(zoneinfo.ZoneInfo(group_zone)).replace(tzinfo=None) != datetime.combine(
        day, clock
    ):
        raise ValueError("On that day the clock skips this time.")
    return at
