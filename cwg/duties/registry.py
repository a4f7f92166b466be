"""Every duty that time brings, in the order in which they are worked off.

A duty is a function of the instant that does what is due by then and returns how much it did. It may
be run again, by two processes at once, and be killed anywhere: it claims each row before it acts on
it, and a row that is done is not due. What writes mails stands before what sends them.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from consultations import drafts, following
from cwg.duties.ending import going_on
from cwg.indexing import following as indexing
from cwg.indexing import texts
from cwg.workplace.telling import told_in
from meetings import outbox, registering, reminding

logger = logging.getLogger(__name__)


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


def _read_texts(at: datetime) -> int:
    return texts.read(at, going_on)


def _follow_index(at: datetime) -> int:
    return indexing.follow(at, going_on, _others)


def _others() -> None:
    """Work off every other duty: an index that is lost takes minutes to build, and mails do not wait."""
    for duty in DUTIES[:-1]:
        try:
            duty.do(timezone.now())
        except Exception:
            logger.exception("Duty failed: %s", duty.words)


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
    Duty("old changes forgotten", indexing.forget, lambda at: len(indexing.to_forget(at))),
    Duty("files read for their words", _read_texts, lambda at: len(list(texts.due(at)))),
    # the last, which does the others while it builds
    Duty("entries of the search index looked at", _follow_index, lambda at: indexing.to_follow()),
)  # fmt: skip
