"""Enter a contribution that came by e-mail or on paper, on its sender's behalf.

It is marked so for everybody, and received and numbered at once: the secretariat holds the letter.
What is published of it is what its sender agreed to, and the history keeps how they said it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction

from consultations.attaching import MOST_FILES, TOO_MANY_FILES, attach
from consultations.intake_mails import to_what
from consultations.models import Answer, Consultation, Contribution, Standing
from consultations.models.consultation import State
from consultations.standing import locked, move
from meetings import files, outbox
from meetings.uploads.examine import Examined
from meetings.wording import dates
from meetings.wording.messages import messages

WAYS = (Contribution.Way.MAIL, Contribution.Way.PAPER)
NOTICE = "entered"  # what was agreed to stands in the history, not in a version of the notice


class EntryError(Exception):
    """A contribution that cannot be entered as asked; never raised itself. It reads as a sentence.

    `field` is the part of what was said that has to be mended, "" for the whole.
    """

    field = ""


class NotBegunError(EntryError):
    """Entering into a round that had not opened on the day."""

    field = "arrived_on"

    def __init__(self, consultation: Consultation) -> None:
        opens = consultation.opening().words(messages("en"))
        said = f"opens on {opens}" if opens else "has no opening yet"
        super().__init__(f"This consultation {said}: nothing can have come to it before.")


class NotArrivedError(EntryError):
    """A day of arrival that has not come."""

    field = "arrived_on"

    def __str__(self) -> str:
        return "That day has not come yet."


class LateError(EntryError):
    """What came after the closing, without a word on why it is taken all the same."""

    field = "late_reason"

    def __init__(self, consultation: Consultation) -> None:
        closed = consultation.deadline().words(messages("en"))
        super().__init__(
            f"It came after the closing on {closed}. Say why it is taken all the same."
        )


class NothingSaidError(EntryError):
    """A contribution that says nothing."""

    def __str__(self) -> str:
        return "Answer at least one question, write its text, or add its files."


class TooManyFilesError(EntryError):
    """More files than one contribution may have."""

    field = "files"

    def __str__(self) -> str:
        return TOO_MANY_FILES


class NobodyError(EntryError):
    """A contribution of which nobody is known to have sent it."""

    field = "name"

    def __str__(self) -> str:
        return "Name who sent it: a person or an organization."


@dataclass(frozen=True, slots=True)
class Letter:
    """What came, how and when, and what its sender said about publishing it.

    `facts` are fields of Contribution: name, e-mail, text, language, what may be published.
    """

    way: str
    arrived_on: date
    consent: str
    facts: Mapping[str, Any]
    organisations: Sequence[str] = ()
    answers: Mapping[int, str] = field(default_factory=dict)  # by the key of the question
    late_reason: str = ""
    files: Sequence[Examined] = ()
    # the same for the same letter, sent by the same form: a second press enters nothing new
    form_key: str = ""


def enter(
    consultation: Consultation, letter: Letter, *, at: datetime, by: AbstractBaseUser
) -> Contribution:
    """Receive what came by e-mail or on paper, and number it; a receipt goes to a known address.

    Files and words are kept together or not at all. Raises NotBegunError, NotArrivedError,
    LateError, NobodyError, NothingSaidError, TooManyFilesError or NotStoredError.
    """
    late = _guard(consultation, letter, at)
    if again := _entered(consultation, letter):
        return again
    try:
        return _enter(consultation, letter, late, at, by)
    except IntegrityError:
        if again := _entered(consultation, letter):  # the other press came first
            return again
        raise


def _entered(consultation: Consultation, letter: Letter) -> Contribution | None:
    """Return what a letter was entered as before; None where it is new."""
    rows = Contribution.objects.filter(consultation=consultation, way__in=WAYS)
    return rows.filter(form_key=letter.form_key).first() if letter.form_key else None


def _enter(
    consultation: Consultation, letter: Letter, late: bool, at: datetime, by: AbstractBaseUser
) -> Contribution:
    with files.keeping() as keep, transaction.atomic():
        made = Contribution.objects.create(
            consultation=consultation, way=letter.way, created_at=at, saved_at=at, sent_at=at,
            notice_version=NOTICE, form_key=letter.form_key or None, **letter.facts,
        )  # fmt: skip
        for place, name in enumerate(letter.organisations, 1):
            made.organisations.create(name=name, position=place)
        for question, text in letter.answers.items():
            if text.strip():
                Answer.objects.create(contribution=made, question_id=question, text=text)
        for file in letter.files:
            attach(made, file, keep, at=at)
        held = locked(made)
        held.received_at = min(_noon(consultation, letter.arrived_on), at)
        reasons = [f"Consent as its sender gave it: {letter.consent.strip()}"]
        reasons += [f"Taken after the closing: {letter.late_reason.strip()}"] if late else []
        held = move(
            held, Standing.AWAITING, "entry.enter", at=at, by=by, reason="\n".join(reasons),
            snapshot=True,
        )  # fmt: skip
        _receipt(held, letter.arrived_on, at)
        return held


def _guard(consultation: Consultation, letter: Letter, at: datetime) -> bool:
    """Refuse what cannot be entered; say whether it came after the closing."""
    zone = ZoneInfo(consultation.group.zone)
    if letter.arrived_on > at.astimezone(zone).date():
        raise NotArrivedError
    opens, begun = consultation.opening().first_day, consultation.state(at)
    waits = begun in {State.PREPARED, State.ANNOUNCED}
    if waits or (opens is not None and letter.arrived_on < opens):
        raise NotBegunError(consultation)
    if not letter.facts.get("name") and not any(letter.organisations):
        raise NobodyError
    said = [letter.facts.get("text") or "", *letter.answers.values()]
    if not any(text.strip() for text in said) and not letter.files:
        raise NothingSaidError
    if len(letter.files) > MOST_FILES:
        raise TooManyFilesError
    # what came on the day of the closing came in time: nobody stamps letters with the minute
    closed = consultation.closed_from
    late = closed is not None and letter.arrived_on > closed.astimezone(zone).date()
    if late and not letter.late_reason.strip():
        raise LateError(consultation)
    return late


def _noon(consultation: Consultation, day: date) -> datetime:
    return datetime.combine(day, time(12), ZoneInfo(consultation.group.zone))


def _receipt(held: Contribution, arrived_on: date, at: datetime) -> None:
    if not held.email:
        return
    day = dates.day(messages("en"), arrived_on)
    names = [str(each.name) for each in held.attachments.all()]
    came = "".join(f"File: {name}\n" for name in names) + ("\n" if names else "")
    agreed = [
        word
        for name, word in (
            ("name", "your name"), ("organisation", "your organization"),
            ("country", "your country"), ("text", "your text and files" if names else "your text"),
        )
        if getattr(held, f"publish_{name}")
    ]  # fmt: skip
    # without the text nothing is published: a name alone says nothing
    said = f"As you said, we publish {', '.join(agreed)}." if held.publish_text else (
        "As you said, we publish nothing of it; it goes to the Group only."
    )  # fmt: skip
    mail = outbox.Mail(
        key=f"entry.receipt/{held.pk}", rule="entry.receipt", to=held.email,
        subject=f"Received: {held.reference}",
        body=f"Your contribution of {day} to {to_what(held.consultation, at)}, was received and entered "
        f"by the secretariat. Its reference is {held.reference}.\n\n{came}{said} If this is not so, "
        "answer the secretariat.\n",
        group=held.consultation.group,
    )  # fmt: skip
    outbox.write(mail, at=at)
