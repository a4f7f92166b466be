"""Every mail leaves through here: written with what it tells of, read and corrected, sent once.

A mail is a row, written in the transaction of the act it tells of; what is rolled back tells
nobody anything. `key` names what it tells and whom, so that the same act told twice is one mail.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from meetings.models import Message, WorkingGroup


@dataclass(frozen=True, slots=True)
class Mail:
    """What is to be said to one address.

    `rule` names the kind of mail (docs/mail.md): it decides whether somebody approves it first.
    `private` mails hold a private link, which the secretariat does not read.
    """

    key: str
    rule: str
    to: str
    subject: str
    body: str
    group: WorkingGroup | None = None
    unsubscribe: str = ""
    private: bool = False
    held: bool = False


def write(mail: Mail, *, at: datetime, due: datetime | None = None) -> Message:
    """Put a mail in the outbox, or return the one that stands there under its key.

    It is due at `due`, at once where none is given; one that is `held` waits for approval.
    """
    standing = Message.objects.filter(key=mail.key).first()
    if standing is not None:
        return standing
    message = Message(
        key=mail.key, rule=mail.rule, to=mail.to, subject=" ".join(mail.subject.split())[:250],
        body=mail.body, group=mail.group, unsubscribe=mail.unsubscribe, private=mail.private,
        state=Message.State.HELD if mail.held else Message.State.DUE,
        written_at=at, due_at=due or at,
    )  # fmt: skip
    try:
        with transaction.atomic():
            message.save()
    except IntegrityError:
        # another process wrote the same mail meanwhile
        return Message.objects.get(key=mail.key)
    return message
