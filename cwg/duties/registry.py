"""Every duty that time brings, in the order in which they are worked off.

A duty is a function of the instant that does what is due by then and returns how much it did. It may
be run again, by two processes at once, and be killed anywhere. What writes mails stands before what
sends them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse

from consultations import drafts
from consultations.intake_mails import Links


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty: its words as they follow a number, what does it, what counts it without doing it."""

    words: str
    do: Callable[[datetime], int]
    count: Callable[[datetime], int]


def private_links(slug: str) -> Links:
    """Return how the addresses of a contribution's private pages are made where no page was asked for."""
    own, confirm = (
        settings.SITE_URL + reverse(f"consultations:{name}", args=[slug, "TOKEN"])
        for name in ("own", "confirm")
    )
    return Links(own.replace("TOKEN", "{token}"), confirm.replace("TOKEN", "{token}"))


def _remind(at: datetime) -> int:
    return drafts.remind(at, private_links)


DUTIES: tuple[Duty, ...] = (
    Duty("reminders of drafts written", _remind, lambda at: drafts.to_remind(at).count()),
    Duty("unconfirmed drafts removed", drafts.remove, lambda at: drafts.to_remove(at).count()),
    Duty("files without a row removed", drafts.sweep, lambda at: 0),
)  # fmt: skip
