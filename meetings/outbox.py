"""Every mail leaves through here: written with what it tells of, read and corrected, sent once.

A mail is a row, written in the transaction of the act it tells of; what is rolled back tells
nobody anything. `key` names what it tells and whom, so that the same act told twice is one mail.

Sending is claimed first, in a transaction of its own, and told after: so that two processes never
send the same mail, and a mail of which nobody knows whether it left (the process was killed, the
server fell silent while it took the text) is `UNCERTAIN` until a person decides. docs/mail.md.
"""

from __future__ import annotations

import hashlib
import logging
import smtplib
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import batched
from typing import Any

from auditlog.models import LogEntry
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, mailers
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import Case, CharField, DateTimeField, F, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast, Coalesce, Concat, Greatest

from meetings import history
from meetings.models import Message, WorkingGroup

State = Message.State
logger = logging.getLogger(__name__)

# After a failed try; when none is left the mail has failed, and a person decides.
PAUSES = tuple(
    timedelta(minutes=each) for each in (1, 5, 15, 60, 4 * 60, 12 * 60, 24 * 60)
)  # fmt: skip
TRIES = len(PAUSES) + 1
# A mail that was being sent for so long is not being sent any more: its process is gone. Longer than
# a mail server may take (30 seconds for each answer).
PATIENCE = timedelta(minutes=10)
AT_A_TIME = 100
ROWS_AT_ONCE = 500
# Bodies that hold a private link are kept no longer than they are of use
PRIVATE_KEPT, PRIVATE_UNSENT_KEPT = timedelta(days=1), timedelta(days=30)
# An address is kept so long after its mail left, or will not leave; whoever follows is told so
ADDRESS_KEPT = timedelta(days=30)
FORGOTTEN = "[Removed after it was sent: it held a private link.]"
# What may still be corrected; what may still be stopped; what a person may have sent (again)
CORRECTABLE = (State.HELD, State.DUE, State.FAILED)
STOPPABLE = (State.HELD, State.DUE, State.FAILED)
RETRIABLE = (State.FAILED, State.UNCERTAIN, State.STOPPED)


class OutboxError(Exception):
    """What cannot be done with a mail; never raised itself. It reads as a sentence."""


class BadAddressError(OutboxError):
    """An address to which nothing can be sent."""

    def __init__(self, to: str) -> None:
        super().__init__(f"“{to[:100]}” is no e-mail address. No mail was written.")


class WrongStateError(OutboxError):
    """An act that the mail’s state does not allow, or that came after somebody else’s."""

    def __init__(self, message: Message) -> None:
        now = message.get_state_display().lower()
        super().__init__(f"This mail is now in the state “{now}”. Nothing was changed.")


class PrivateError(OutboxError):
    """Correcting a mail that holds a private link."""

    def __str__(self) -> str:
        return "This mail holds a private link: its text is not read or changed here."


class ForgottenError(OutboxError):
    """Sending a mail whose private text or whose address was removed."""

    def __str__(self) -> str:
        return "The private text or the address of this mail was removed. It cannot be sent."


class EmptyError(OutboxError):
    """A mail without a subject or without a text."""

    def __str__(self) -> str:
        return "A mail needs a subject and a text. Nothing was changed."


class ReasonMissingError(OutboxError):
    """An act that needs a reason, without one."""

    def __str__(self) -> str:
        return "Give the reason; it is kept in the history. Nothing was changed."


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


# Written


def write(mail: Mail, *, at: datetime, due: datetime | None = None) -> Message:
    """Put a mail in the outbox, or return the one that stands there under its key.

    It is due at `due`, at once where none is given; one that is `held` waits for approval.
    Raises BadAddressError.
    """
    standing = Message.objects.filter(key=mail.key).first()
    if standing is not None:
        return standing
    message = _row(mail, at, due)
    try:
        with transaction.atomic():
            message.save()
    except IntegrityError:
        # another process wrote the same mail meanwhile
        return Message.objects.get(key=mail.key)
    return message


def write_all(mails: Iterable[Mail], *, at: datetime) -> int:
    """Put many mails in the outbox, all due at once or held; return how many of them are new.

    One that stands there under its key is left, as `write` leaves it, and nothing is asked for each
    by itself. Raises BadAddressError.
    """
    # in one order, so that two processes that write the same mails do not lock each other out
    rows = sorted((_row(mail, at) for mail in mails), key=lambda each: each.key)
    written = 0
    for some in batched(rows, ROWS_AT_ONCE, strict=False):
        keys = [each.key for each in some]
        standing = set(Message.objects.filter(key__in=keys).values_list("key", flat=True))
        new = [each for each in some if each.key not in standing]
        # another process may write the same meanwhile: the key is unique
        Message.objects.bulk_create(new, ignore_conflicts=True)  # bulk: it says itself when
        written += len(new)
    return written


def _row(mail: Mail, at: datetime, due: datetime | None = None) -> Message:
    try:
        validate_email(mail.to)
    except ValidationError:
        raise BadAddressError(mail.to) from None
    return Message(
        key=mail.key, rule=mail.rule, to=mail.to, subject=_one_line(mail.subject),
        body=mail.body, group=mail.group, unsubscribe=mail.unsubscribe, private=mail.private,
        state=State.HELD if mail.held else State.DUE,
        written_at=at, due_at=due or at,
    )  # fmt: skip


def _one_line(subject: str) -> str:
    return " ".join(subject.split())[:250]


# Decided by a person


def approve(message: Message, *, at: datetime, by: AbstractBaseUser) -> Message:
    """Let a mail leave that waits for approval. Raises WrongStateError."""
    due = max(at, message.due_at)
    return _decide(message, (State.HELD,), State.DUE, "outbox.approve", by=by, due_at=due)


def approve_all(messages: QuerySet[Message], *, at: datetime, by: AbstractBaseUser) -> int:
    """Let all of `messages` leave that wait for approval, all or none; return how many.

    Those about which somebody else decides meanwhile are left.
    """
    keys = list(messages.order_by("pk").values_list("pk", flat=True))
    said = {"state": [State.HELD.label, State.DUE.label]}
    approved = 0
    with history.activity("outbox.approve", by):
        for some in batched(keys, ROWS_AT_ONCE, strict=False):
            locked = Message.objects.select_for_update(no_key=True).defer("body")
            rows = list(locked.filter(pk__in=some, state=State.HELD).order_by("pk"))
            Message.objects.filter(pk__in=[each.pk for each in rows]).update(  # bulk: kept below
                state=State.DUE, decided_by_id=by.pk,
                due_at=Greatest("due_at", Value(at, DateTimeField())),
            )  # fmt: skip
            history.keep_all((each, said) for each in rows)
            approved += len(rows)
    return approved


def correct(message: Message, subject: str, body: str, *, by: AbstractBaseUser) -> Message:
    """Change what a mail says before it leaves; the history keeps what it said.

    Raises PrivateError, EmptyError or WrongStateError.
    """
    if message.private:
        raise PrivateError
    subject = _one_line(subject)
    if not subject or not body.strip():
        raise EmptyError
    with history.activity("outbox.correct", by):
        now = _as_it_stands(message, CORRECTABLE)
        said = {
            name: (getattr(now, name), new)
            for name, new in (("subject", subject), ("body", body))
            if getattr(now, name) != new
        }
        if said:
            _change(now, now.state, said, subject=subject, body=body)
    return now


def stop(message: Message, reason: str, *, by: AbstractBaseUser) -> Message:
    """Keep a mail from leaving. Raises ReasonMissingError or WrongStateError."""
    return _decide(message, STOPPABLE, State.STOPPED, "outbox.stop", by=by, reason=_said(reason))


def retry(message: Message, *, at: datetime, by: AbstractBaseUser) -> Message:
    """Have a mail sent that failed, was stopped, or perhaps was sent.

    Raises ForgottenError or WrongStateError.
    """
    if Message.objects.filter(Q(body=FORGOTTEN) | Q(to=""), pk=message.pk).exists():
        raise ForgottenError
    return _decide(
        message, RETRIABLE, State.DUE, "outbox.retry", by=by,
        due_at=at, tries=0, problem="", claimed_at=None,
    )  # fmt: skip


def take_as_sent(message: Message, reason: str, *, at: datetime, by: AbstractBaseUser) -> Message:
    """Say that a mail which perhaps was sent was sent. Raises ReasonMissingError, WrongStateError."""
    return _decide(
        message, (State.UNCERTAIN,), State.SENT, "outbox.take_as_sent", by=by,
        reason=_said(reason), sent_at=at,
    )  # fmt: skip


def _said(reason: str) -> str:
    if not (said := reason.strip()):
        raise ReasonMissingError
    return said


def _decide(
    message: Message,
    allowed: Collection[State],
    to: State,
    activity: str,
    *,
    by: AbstractBaseUser,
    reason: str = "",
    **values: Any,
) -> Message:
    with history.activity(activity, by, reason):
        now = _as_it_stands(message, allowed)
        _change(now, to, {}, decided_by_id=by.pk, **values)
    return now


def _as_it_stands(message: Message, allowed: Collection[State]) -> Message:
    now = Message.objects.get(pk=message.pk)
    if now.state not in allowed:
        raise WrongStateError(now)
    return now


def _change(message: Message, to: str, said: dict[str, tuple[str, str]], **values: Any) -> None:
    """Move a mail on from the state in which it was read, and keep that in its history.

    The condition on the state is the claim, on both databases alike. Raises WrongStateError where
    another was first.
    """
    was = message.state
    rows = Message.objects.filter(
        pk=message.pk, state=was, claimed_at=message.claimed_at, tries=message.tries
    )
    if not rows.update(state=to, **values):  # bulk: conditional; its history is kept here below
        raise WrongStateError(Message.objects.get(pk=message.pk))
    for name, value in {"state": to, **values}.items():
        setattr(message, name, value)
    states = {"state": (State(was).label, State(to).label)} if was != to else {}
    LogEntry.objects.log_create(
        message, force_log=True, action=LogEntry.Action.UPDATE,
        changes={name: list(pair) for name, pair in (states | said).items()},
    )  # fmt: skip


def stop_unsubscribed(address: str) -> int:
    """Stop the mails with this one-click address that have not left; return how many."""
    waiting = Message.objects.filter(unsubscribe=address, state__in=STOPPABLE)
    stopped = 0
    for each in waiting:
        with history.activity("outbox.stop", None, "The address no longer follows this."):
            try:
                _change(each, State.STOPPED, {})
            except WrongStateError:
                continue  # it leaves just now
        stopped += 1
    return stopped


# Sent


class PerhapsSentError(Exception):
    """The mail server fell silent while it took a mail: nobody knows whether it has it."""


class NoServerError(Exception):
    """The mail server cannot be spoken to at all."""


def due(at: datetime) -> QuerySet[Message]:
    """Return the mails that are to leave by `at`, the longest due first."""
    return Message.objects.filter(state=State.DUE, due_at__lte=at).order_by("due_at", "pk")


def left_behind(at: datetime) -> QuerySet[Message]:
    """Return the mails whose process was killed while it sent them."""
    return Message.objects.filter(state=State.SENDING, claimed_at__lte=at - PATIENCE)


def send_due(at: datetime, going_on: Callable[[], bool] = lambda: True) -> int:
    """Send what is due by `at`, and return how many mails left.

    Each is claimed in a transaction of its own and sent outside of any; call it outside of one. Ends
    early where the mail server is down, or `going_on` says no: the rest stays due.
    """
    began = time.monotonic()

    def clock() -> datetime:
        return at + timedelta(seconds=time.monotonic() - began)

    for each in left_behind(at):
        _give_up(each)
    sent = 0
    with _server() as server:
        for message in _claimed(clock, going_on):
            try:
                server(message)
            except PerhapsSentError as problem:
                _end(message, State.UNCERTAIN, "outbox.send", problem=str(problem))
            except NoServerError as problem:
                _failed(message, clock(), str(problem))
                break
            except Exception as problem:  # whatever it is, the mail and why stay
                _failed(message, clock(), _words(problem), _refused_for_good(problem))
            else:
                _end(message, State.SENT, "outbox.send", sent_at=clock(), problem="")
                sent += 1
    return sent


def _claimed(clock: Callable[[], datetime], going_on: Callable[[], bool]) -> Iterator[Message]:
    """Yield mails that are due, each claimed for this process alone."""
    while found := list(due(clock())[:AT_A_TIME]):
        for message in found:
            if not going_on():
                return
            try:
                with history.activity("outbox.claim"):
                    _change(
                        message, State.SENDING, {},
                        claimed_at=clock(), tries=message.tries + 1,
                    )  # fmt: skip
            except WrongStateError:
                continue  # another process has it, or a person stopped it
            # its text may have been corrected since it was read
            yield Message.objects.get(pk=message.pk)


def _end(message: Message, to: State, activity: str, **values: Any) -> None:
    with history.activity(activity):
        try:
            _change(message, to, {}, **values)
        except WrongStateError:
            # It took so long that it was given up; if nobody decided since, what is known now counts.
            now = Message.objects.get(pk=message.pk)
            if to == State.SENT and (now.state, now.claimed_at) == (
                State.UNCERTAIN, message.claimed_at,
            ):  # fmt: skip
                _change(now, to, {}, **values)
                return
            logger.warning("Mail %s came to “%s” after somebody decided about it.", message.pk, to)


def _failed(message: Message, at: datetime, problem: str, for_good: bool = False) -> None:
    if for_good or message.tries >= TRIES:
        _end(message, State.FAILED, "outbox.send", problem=problem)
    else:
        _end(
            message, State.DUE, "outbox.send",
            problem=problem, due_at=at + PAUSES[message.tries - 1], claimed_at=None,
        )  # fmt: skip
    # servers quote the address that they refuse: the log is kept by others, and longer
    said = problem.replace(message.to, "[address]")
    logger.warning("Mail %s was not sent (try %s): %s", message.pk, message.tries, said)


def _give_up(message: Message) -> None:
    problem = "The program ended while it sent this mail: nobody knows whether it left."
    try:
        with history.activity("outbox.give_up"):
            _change(message, State.UNCERTAIN, {}, problem=problem)
    except WrongStateError:
        return  # it was not dead after all, or another process saw it first


def _words(problem: BaseException) -> str:
    return f"{type(problem).__name__}: {problem}"[:1000]


def _refused_for_good(problem: Exception) -> bool:
    """Say whether the server does not take mail for this address (RFC 5321: answers from 500 on)."""
    return isinstance(problem, smtplib.SMTPRecipientsRefused) and all(
        code >= 500 for code, _ in problem.recipients.values()
    )


@contextmanager
def _server() -> Iterator[Callable[[Message], None]]:
    """Give what sends one mail, over one connection that is opened when the first is sent."""
    backend = mailers.default
    try:
        yield lambda message: _hand_over(backend, message)
    finally:
        try:
            backend.close()
        except (OSError, smtplib.SMTPException):
            logger.info("The mail server did not say goodbye.")


def _hand_over(backend: Any, message: Message) -> None:
    """Hand a mail to the mail server. Raises NoServerError, PerhapsSentError, or its refusal."""
    try:
        _speak_to(backend)
    except (OSError, smtplib.SMTPException) as problem:
        raise NoServerError(f"The mail server cannot be reached: {_words(problem)}") from problem
    try:
        backend.send_messages([as_email(message)])
    except (
        smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused, smtplib.SMTPNotSupportedError,
    ):  # fmt: skip
        raise  # an answer: the server has not taken it
    except OSError as problem:
        _drop(backend)
        raise PerhapsSentError(
            f"The mail server fell silent while it took this mail: {_words(problem)}"
        ) from problem


def _speak_to(backend: Any) -> None:
    """Open the connection, or see that it still stands: servers end those that wait."""
    connection = getattr(backend, "connection", None)
    if isinstance(connection, smtplib.SMTP):
        try:
            alive = connection.noop()[0] == 250
        except (OSError, smtplib.SMTPException):
            alive = False
        if not alive:
            _drop(backend)
    backend.open()


def _drop(backend: Any) -> None:
    try:
        backend.close()
    except (OSError, smtplib.SMTPException):
        backend.connection = None


def as_email(message: Message) -> EmailMessage:
    """Return a mail as it is handed to the mail server, the same each time."""
    headers = {"Message-ID": message_id(message), "Auto-Submitted": "auto-generated"}
    if message.unsubscribe:
        # RFC 8058
        headers["List-Unsubscribe"] = f"<{message.unsubscribe}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return EmailMessage(
        subject=message.subject, body=message.body, from_email=settings.DEFAULT_FROM_EMAIL,
        to=[message.to], headers=headers,
    )  # fmt: skip


def message_id(message: Message) -> str:
    """Return a mail’s Message-ID, made of its row: one that arrives twice is seen to be the same."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"
    return f"<{message.pk}.{hashlib.sha256(message.key.encode()).hexdigest()[:24]}@{domain}>"


# Forgotten


def private_to_forget(at: datetime) -> QuerySet[Message]:
    """Return the mails whose private text is of no more use at `at`."""
    done = Q(state=State.SENT, sent_at__lte=at - PRIVATE_KEPT)
    never = Q(state=State.STOPPED, written_at__lte=at - PRIVATE_UNSENT_KEPT)
    return Message.objects.filter(done | never, private=True).exclude(body=FORGOTTEN)


def forget_private(at: datetime) -> int:
    """Remove the texts that held a private link, a day after they were sent; return how many."""
    return private_to_forget(at).update(body=FORGOTTEN)  # bulk: forgotten, history included


def addresses_to_forget(at: datetime) -> QuerySet[Message]:
    """Return the mails that left, or that wait for nobody but a person, so long ago that nobody asks."""
    over = (State.SENT, State.STOPPED, State.FAILED, State.UNCERTAIN)
    rows = Message.objects.filter(state__in=over).exclude(to="")
    return rows.alias(last=Coalesce("claimed_at", "written_at")).filter(last__lte=at - ADDRESS_KEPT)


def forget_addresses(at: datetime) -> int:
    """Remove addresses thirty days after their mails left, with what tells of them; return how many.

    The key is made of the address and goes with it: by then nothing is told anew that it would hinder.
    """
    key = Concat(Value("forgotten/"), Cast("pk", CharField()))
    body = Case(
        When(private=True, then=Value(FORGOTTEN)), default=F("body"), output_field=TextField()
    )
    gone = {"to": "", "unsubscribe": "", "problem": "", "key": key, "body": body}
    return addresses_to_forget(at).update(**gone)  # bulk: forgotten, history included
