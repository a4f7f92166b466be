"""The one way in which a contribution moves from one standing to another.

`intake` and `moderation` say what happens and mail about it; here the move is guarded, counted and
written into the contribution's own history, in one transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser

from consultations import counting, likeness, naming
from consultations.models import Consultation, Contribution, ContributionEvent, Standing
from meetings.record import group_facts

type By = AbstractBaseUser | AnonymousUser | None

# From where a contribution may go where. What was withdrawn stays so; what the secretariat did, it
# may take back.
WAYS: Mapping[str, Collection[str]] = {
    Standing.DRAFT: (Standing.SENT, Standing.AWAITING),
    Standing.SENT: (Standing.SENT, Standing.AWAITING),
    Standing.AWAITING: (
        Standing.AWAITING, Standing.PUBLISHED, Standing.PASSED, Standing.DECLINED,
        Standing.WITHDRAWN, Standing.MERGED,
    ),
    Standing.PUBLISHED: (
        Standing.AWAITING, Standing.PUBLISHED, Standing.PASSED, Standing.DECLINED,
        Standing.WITHDRAWN, Standing.MERGED,
    ),
    Standing.PASSED: (
        Standing.AWAITING, Standing.PUBLISHED, Standing.DECLINED, Standing.WITHDRAWN,
        Standing.MERGED,
    ),
    Standing.DECLINED: (Standing.AWAITING,),
    Standing.WITHDRAWN: (),
    Standing.MERGED: (Standing.AWAITING,),
}  # fmt: skip


class StandingError(Exception):
    """A move that cannot be made; never raised itself."""


class NoWayError(StandingError):
    """A move from a standing that has no way to the other."""

    def __init__(self, contribution: Contribution, to: str) -> None:
        self.contribution, self.to = contribution, Standing(to)
        super().__init__(
            f"{contribution} stands as “{contribution.get_standing_display()}”; it cannot become "
            f"“{Standing(to).label}” from there. Nothing was changed."
        )


def locked(contribution: Contribution) -> Contribution:
    """Return the contribution as it stands, locked until the transaction ends."""
    rows = Contribution.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("consultation__group", "country__region").get(pk=contribution.pk)


def move(
    contribution: Contribution,
    to: str,
    what: str,
    *,
    at: datetime,
    by: By = None,
    reason: str = "",
    snapshot: bool = False,
    counted: Collection[tuple[str, str, str, str]] | None = None,
) -> Contribution:
    """Move a contribution, count it there, and keep the move in its history.

    `contribution` was returned by `locked` in this transaction; its unsaved fields are saved with
    it. `what` names the activity; `counted` gives its facets before a change of its answers.
    On receiving it, its number and reference are given, under the lock of its round, and never
    again (docs/consultations.md). Raises NoWayError.
    """
    before = contribution.standing
    if to not in WAYS[before]:
        raise NoWayError(contribution, to)
    had = _counted(contribution, before) if counted is None else counted
    received_on = ""
    if to == Standing.AWAITING and contribution.number is None:
        _number(contribution, at)
        received_on = counting.day_of(contribution)
    if to == Standing.PUBLISHED and contribution.published_at is None:
        contribution.published_at = at
    if to != Standing.MERGED:
        contribution.merged_into = None
    contribution.standing = to
    contribution.save()
    if to == Standing.AWAITING:
        likeness.keep(contribution)
    if Standing.PUBLISHED in (before, to):
        naming.keep(contribution)
    now = _counted(contribution, to)
    counting.move(contribution.consultation_id, before, had, to, now, received_on=received_on)
    remember(contribution, what, before, at=at, by=by, reason=reason, snapshot=snapshot)
    return contribution


def _counted(contribution: Contribution, standing: str) -> list[tuple[str, str, str, str]]:
    return counting.counted_in(contribution) if standing == Standing.PUBLISHED else []


def remember(
    contribution: Contribution,
    what: str,
    before: str,
    *,
    at: datetime,
    by: By = None,
    reason: str = "",
    snapshot: bool = False,
) -> ContributionEvent:
    """Keep in a contribution's history what happened to it, with what it said where asked."""
    return ContributionEvent.objects.create(
        contribution=contribution, at=at, what=what, before=before, after=contribution.standing,
        by_id=by.pk if isinstance(by, AbstractBaseUser) else None, reason=reason,
        snapshot=as_sent(contribution) if snapshot else None,
    )  # fmt: skip


def as_sent(contribution: Contribution) -> dict[str, Any]:
    """Return what a contribution says now, for its history and its receipt."""
    return {
        "name": contribution.name,
        "job_title": contribution.job_title,
        "organisations": [each.name for each in contribution.organisations.all()],
        "stakeholder_group": contribution.stakeholder_group,
        "country": contribution.country.iso if contribution.country else "",
        "language": contribution.language,
        "text": contribution.text,
        "answers": [
            {"question": each.question_id, "text": each.text} for each in contribution.answers.all()
        ],
        "attachments": [
            {"name": each.name, "sha256": each.sha256} for each in contribution.attachments.all()
        ],
        "consent": {
            name: getattr(contribution, f"publish_{name}")
            for name in ("name", "organisation", "country", "text")
        },
        "notice": contribution.notice_version,
    }


def _number(contribution: Contribution, at: datetime) -> None:
    """Give the next number of the round; the lock of the round's row makes it the only one."""
    rows = Consultation.objects.select_for_update(of=("self",), no_key=True)
    held = rows.select_related("group").get(pk=contribution.consultation_id)
    number = held.last_number + 1
    rows.filter(pk=held.pk).update(last_number=number)  # bulk: a counter, under the lock above
    contribution.number = number
    contribution.reference = reference(held, number, at)
    contribution.received_at = contribution.received_at or at


def reference(consultation: Consultation, number: int, at: datetime) -> str:
    """Return how people cite the contribution that is given `number` at `at`: EG/OC-2026-03/17.

    The acronym is that of the day; once given, a reference stays when the acronym changes.
    """
    facts = group_facts(consultation.group, at.date(), "en")
    return f"{facts.acronym.text or consultation.group.slug}/OC-{consultation.key}/{number}"
