"""How far a day is, in the words of a calendar on a wall."""

from __future__ import annotations

from datetime import date

DAYS_COUNTED = 60  # further away, months say more; then years
A_MONTH = 30.4375
MONTHS_COUNTED = 24


def how_far(day: date, today: date) -> str:
    """Return how far `day` is from `today`: "in 3 days", "yesterday", "12 days ago"."""
    ahead = (day - today).days
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}
    if ahead in near:
        return near[ahead]
    return f"in {_span(ahead)}" if ahead > 0 else f"{_span(-ahead)} ago"


def how_long(since: date, today: date) -> str:
    """Return for how long something has stood that began on `since`: "for 12 days"."""
    days = (today - since).days
    if days <= 0:
        return "since today"
    return "since yesterday" if days == 1 else f"for {_span(days)}"


def _span(days: int) -> str:
    if days <= DAYS_COUNTED:
        return f"{days} days"
    months = round(days / A_MONTH)
    if months <= MONTHS_COUNTED:
        return f"{months} months"
    return f"{round(months / 12)} years"
