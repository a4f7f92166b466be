"""Every duty that time brings, in the order in which they are worked off.

A duty is a function of the instant that does what is due by then and returns how much it did. It may
be run again, by two processes at once, and be killed anywhere: it claims each row before it acts on
it, and a row that is done is not due. What writes mails stands before what sends them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from consultations import drafts, following
from cwg.duties.ending import going_on
from cwg.workplace.telling import told_in
from meetings import outbox, registering, reminding


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty: its words as they follow a number, what does it, what counts it without doing it."""

    words: str
    do: Callable[[datetime], int]
    count: Callable[[datetime], int]


def _remind_staff(at: datetime) -> int:
    return reminding.remind_staff(at, told_in)


def _count_to_remind_staff(at: datetime) -> int:
    return reminding.count_to_remind_staff(at, told_in)


def _send(at: datetime) -> int:
    return outbox.send_due(at, going_on)


DUTIES: tuple[Duty, ...] = (
    Duty("reminders of drafts written", drafts.remind, lambda at: drafts.to_remind(at).count()),
    Duty("unconfirmed drafts removed", drafts.remove, lambda at: drafts.to_remove(at).count()),
    Duty("files without a row removed", drafts.sweep, lambda at: 0),
    Duty("subscriptions forgotten", following.forget, lambda at: following.to_forget(at).count()),
    Duty("mails about meetings written", following.tell_meetings, following.count_to_tell_meetings),
    Duty("held documents moved to their meeting", registering.move_held, registering.count_to_move),
    Duty("reminders of a meeting’s steps written", _remind_staff, _count_to_remind_staff),
    Duty(
        "reminders of the deadline for documents written", reminding.remind_delegations,
        reminding.count_to_remind_delegations,
    ),
    Duty("private texts forgotten", outbox.forget_private, lambda at: outbox.private_to_forget(at).count()),
    Duty("addresses forgotten", outbox.forget_addresses, lambda at: outbox.addresses_to_forget(at).count()),
    Duty("mails sent", _send, lambda at: outbox.due(at).count()),
)  # fmt: skip
