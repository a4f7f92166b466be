"""Cycles: from one session that ends a cycle to the next, as plenipotentiary conferences do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from meetings.models import Session


@dataclass(frozen=True, slots=True)
class Cycle:
    """A span of days between two such sessions; the first and the last are open at one end."""

    key: str
    label: str
    first_day: date | None
    last_day: date | None

    def covers(self, day: date) -> bool:
        """Say whether `day` lies in it."""
        return (self.first_day or date.min) <= day <= (self.last_day or date.max)

    def of_meetings(self, prefix: str = "meeting__") -> Q:
        """Return the condition that a meeting ended in it."""
        within = Q()
        if self.first_day is not None:
            within &= Q(**{f"{prefix}last_day__gte": self.first_day})
        if self.last_day is not None:
            within &= Q(**{f"{prefix}last_day__lte": self.last_day})
        return within


def cycles() -> list[Cycle]:
    """Return the cycles that the record knows, the latest first; none where no body ends cycles.

    A cycle's last day is the last of the session that ends it.
    """
    ends = sorted(
        Session.objects.filter(body__ends_cycles=True), key=lambda session: session.ends()
    )
    found = []
    before: Session | None = None
    for session in ends:
        label = f"{before} to {session}" if before else f"Until {session}"
        found.append(Cycle(session.key, label, _after(before), session.ends()))
        before = session
    if before is not None:
        found.append(Cycle(f"after-{before.key}", f"Since {before}", _after(before), None))
    return found[::-1]


def _after(session: Session | None) -> date | None:
    return session.ends() + timedelta(days=1) if session is not None else None
