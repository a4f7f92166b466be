"""Open consultations that need an act: contributions that await, refusals, rounds to be announced."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from consultations import announcing
from consultations.models import Consultation, Contribution, ContributionCount, Refusal, Standing
from cwg.cockpit.days import how_far, how_long
from cwg.cockpit.desk import MOST_ROWS, Desk, Section, Task, section
from meetings.models import WorkingGroup
from meetings.wording.messages import messages

LONG = timedelta(days=7)  # that contributions wait
SOON = timedelta(days=7)  # that a closing is told beforehand
MODERATE, CHANGE = "consultations.change_contribution", "consultations.change_consultation"


@dataclass(frozen=True, slots=True)
class _Waiting:
    """What awaits in one round."""

    consultation: Consultation
    number: int
    since: datetime


def to_moderate(desk: Desk, at: datetime) -> Section | None:
    """Return what awaits in each round, the oldest first, and the refusals that somebody confirms."""
    acting = [group for group in desk.groups if desk.may(MODERATE, group)]
    if not acting:
        return None
    waiting = sorted(_waiting(acting), key=lambda each: each.since)
    refusals = list(_refusals(desk, acting))
    tasks = [_refused(desk, *each) for each in refusals]
    tasks += [_awaiting(desk, each, at) for each in waiting]
    return section(
        "contributions", "Contributions", tasks, len(tasks),
        all_words="The whole queue", all_address=reverse("admin:contributions"),
    )  # fmt: skip


def _waiting(groups: list[WorkingGroup]) -> Iterator[_Waiting]:
    oldest = Contribution.objects.filter(
        consultation=OuterRef("consultation"), standing=Standing.AWAITING
    ).order_by("number")
    rows = (
        ContributionCount.objects.filter(
            consultation__group__in=groups, standing=Standing.AWAITING, facet="", number__gt=0
        )
        .annotate(since=Subquery(oldest.values("received_at")[:1]))
        .select_related("consultation__group")
        .prefetch_related(
            "consultation__group__names", "consultation__consultation_topics__topic"
        )
        .order_by(F("since").asc(nulls_last=True), "pk")
    )  # fmt: skip
    for each in rows:
        if each.since is not None:
            yield _Waiting(each.consultation, each.number, each.since)


def _refusals(desk: Desk, groups: list[WorkingGroup]) -> Iterator[tuple[Consultation, int, bool]]:
    """Yield each round with the proposals to decline, whether the person may confirm one of them."""
    others = Count("pk", filter=~Q(proposed_by=desk.person.pk))
    found = list(
        Refusal.objects.filter(contribution__consultation__group__in=groups)
        .values("contribution__consultation")
        .annotate(number=Count("pk"), others=others)
        .order_by("contribution__consultation")
    )
    rounds = named(Consultation.objects.all()).in_bulk(
        [each["contribution__consultation"] for each in found]
    )
    for each in found:
        yield (
            rounds[each["contribution__consultation"]], each["others"] or each["number"],
            bool(each["others"]),
        )  # fmt: skip


def named(rows: QuerySet[Consultation]) -> QuerySet[Consultation]:
    """Return rounds with what their names are made of."""
    return rows.select_related("group").prefetch_related(
        "group__names", "consultation_topics__topic"
    )


def _awaiting(desk: Desk, each: _Waiting, at: datetime) -> Task:
    late = at - each.since >= LONG
    address = f"{reverse('admin:contributions')}?round={each.consultation.pk}"
    how = since(desk, each.consultation, each.since)
    one = each.number == 1
    return Task(
        what=f"{each.number} contribution{'' if one else 's'} await{'s' if one else ''}",
        address=address, about=about(desk, each.consultation),
        when=how if one else f"the oldest {how}",
        state="late" if late else "open", label="Late" if late else "Awaiting",
        act="Moderate", act_address=address,
    )  # fmt: skip


def _refused(desk: Desk, consultation: Consultation, number: int, acts: bool) -> Task:
    address = f"{reverse('admin:contributions')}?standing=refusals&round={consultation.pk}"
    one = number == 1
    return Task(
        what=f"{number} contribution{'' if one else 's'} to be declined",
        address=address, about=about(desk, consultation), state="open" if acts else "waiting",
        label="Second person" if acts else "With a second person",
        act="Confirm or not" if acts else "", act_address=address if acts else "",
    )  # fmt: skip


def since(desk: Desk, consultation: Consultation, at: datetime) -> str:
    """Return for how long something of a round has stood, by the days of its group."""
    return how_long(at.astimezone(ZoneInfo(consultation.group.zone)).date(), desk.day)


def about(desk: Desk, consultation: Consultation) -> str:
    """Return the small words below a row: which round it is of, and whose."""
    return desk.about(consultation.group, f"{consultation.key} {announcing.name(consultation)}")


def to_move(desk: Desk, at: datetime) -> Section | None:
    """Return the rounds to be announced, late ones first, and those that close within days."""
    groups = [group for group in desk.groups if desk.may(CHANGE, group)]
    if not groups:
        return None
    not_told = Q(
        announced_at=None, record_incomplete=False, opens_from__isnull=False, closed_from__gt=at
    )
    closing = Q(announced_at__isnull=False, closed_from__gt=at, closed_from__lte=at + SOON)
    rows = named(Consultation.objects.filter(group__in=groups)).filter(not_told | closing)
    found = list(rows.prefetch_related("extensions").order_by("closed_from", "pk"))
    announce = sorted(
        (each for each in found if each.announced_at is None),
        key=lambda each: (each.opens_from or at, each.pk),
    )
    tasks = [_announce(desk, each, at) for each in announce]
    tasks += [_closing(desk, each) for each in found if each.announced_at is not None]
    return section(
        "rounds", "Open consultations", tasks[:MOST_ROWS], len(tasks), all_words="Every round",
        all_address=reverse("admin:consultations_consultation_changelist"),
    )  # fmt: skip


def _announce(desk: Desk, each: Consultation, at: datetime) -> Task:
    late = each.opens_from is not None and each.opens_from <= at
    day = each.opening().first_day
    opens = each.opening().words(messages("en"))
    return Task(
        what=f"To be announced: {announcing.name(each)}",
        address=reverse("admin:consultations_consultation_change", args=[each.pk]),
        about=desk.about(each.group, each.key),
        when=f"{'was to open' if late else 'opens'} {opens}" + (
            f", {how_far(day, desk.day)}" if day else ""
        ),
        state="late" if late else "open", label="Late" if late else "Not announced",
        act="Announce it", act_address=reverse("admin:round_announce", args=[each.pk]),
    )  # fmt: skip


def _closing(desk: Desk, each: Consultation) -> Task:
    deadline = each.deadline()
    day = deadline.now.first_day
    return Task(
        what=f"Closes: {announcing.name(each)}", address=each.get_absolute_url(),
        about=desk.about(each.group, each.key),
        when=", ".join(
            filter(None, (deadline.words(messages("en")), how_far(day, desk.day) if day else ""))
        ),
        state="open", label="Closes soon", act="Extend it",
        act_address=reverse("admin:round_extend", args=[each.pk]),
    )  # fmt: skip
