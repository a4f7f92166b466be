"""The draft shown by link to stakeholders, who comment on it in a window; what was done with each.

Council asked in 2016 that the stakeholders present agree the summary. Each guest has a link of
their own, which is signed and answers while the window is open; it shows the draft and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.core import signing

from consultations.models import (
    Contribution,
    Standing,
    Summary,
    SummaryComment,
    SummaryGuest,
    SummaryParagraph,
)
from consultations.summary import mails
from consultations.summary.states import (
    ReasonMissingError,
    SummaryError,
    is_open,
    is_read,
    locked,
    locked_to_write,
)
from meetings import history

Done = SummaryComment.Done
MOST_OF_A_GUEST = 200  # comments: a link that somebody passed on does not fill the workbench


class NotReadError(SummaryError):
    """Showing a draft that no second reader agreed to."""

    def __init__(self) -> None:
        super().__init__(
            "A second reader agrees to the words first: they were not read yet, or changed since."
        )


class NobodyInvitedError(SummaryError):
    """A window without guests."""

    field = "guests"

    def __init__(self) -> None:
        super().__init__("Name at least one stakeholder by e-mail. Nothing was changed.")


class NotLaterError(SummaryError):
    """A window that ends before it begins."""

    field = "until"

    def __init__(self) -> None:
        super().__init__("This instant has passed already. Nothing was changed.")


class NotOpenError(SummaryError):
    """Commenting before or after the window."""

    def __init__(self) -> None:
        super().__init__(
            "The draft is not open for comments now. Nothing was sent; write to the secretariat."
        )


class TooManyCommentsError(SummaryError):
    """A comment of a guest who wrote very many already."""

    def __init__(self) -> None:
        super().__init__(
            f"You wrote {MOST_OF_A_GUEST} comments, and all are kept. Nothing of this was sent: write to "
            "the secretariat, or say it in fewer."
        )


class NothingSaidError(SummaryError):
    """A comment without words, or without a name."""

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__("Write the comment." if field == "text" else "Say who you are.")


class AnsweredAlreadyError(SummaryError):
    """A comment that somebody answered before."""

    def __init__(self, comment: SummaryComment) -> None:
        said = f": “{comment.answer}”" if comment.answer else ""
        super().__init__(
            f"{comment.answered_by or 'Somebody'} said already what was done: "
            f"{comment.get_done_display().lower()}{said}. Nothing was changed."
        )


class GoneError(SummaryError):
    """Commenting on a paragraph that was removed, or of another summary."""

    field = "paragraph"

    def __init__(self) -> None:
        super().__init__(
            "This paragraph is not there any more. Choose another, or the whole draft."
        )


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody to whom the draft is to be shown."""

    email: str
    name: str = ""
    organisation: str = ""


def offered(summary: Summary) -> list[Guest]:
    """Return whom staff may tick: those whose contributions are published and whose address is kept.

    Who was at the consultation meeting is known by name alone there; others are typed.
    """
    rows = Contribution.objects.filter(
        consultation=summary.consultation_id, standing=Standing.PUBLISHED
    ).exclude(email="")
    found: dict[str, Guest] = {}
    for each in rows.prefetch_related("organisations").order_by("number"):
        names = "; ".join(str(one.name) for one in each.organisations.all())
        found.setdefault(each.email.lower(), Guest(each.email, str(each.name), names))
    return list(found.values())


def open_window(
    summary: Summary,
    guests: Sequence[Guest],
    until: datetime,
    *,
    by: AbstractBaseUser,
    at: datetime,
) -> Summary:
    """Open the draft for comments until an instant, and mail each guest their link.

    While it is open, further guests are added and the end is moved in the same way; who was invited
    before is mailed no second time. Raises FinalError, NotReadError, NobodyInvitedError,
    NotLaterError, ValidationError for what is no address.
    """
    with history.activity("summary.open_window", by):
        held = locked_to_write(summary)
        if until <= at:
            raise NotLaterError
        was_open = is_open(held, at)
        if not was_open and not is_read(held):
            raise NotReadError
        if not was_open:
            held.opened_at = at
        held.open_until = until
        held.save()
        for each in guests:
            _invite(held, each, by, at)
        if not held.guests.exists():
            raise NobodyInvitedError
        for guest in held.guests.all():
            mails.draft_open(held, guest, at)
    return held


def _invite(summary: Summary, guest: Guest, by: AbstractBaseUser, at: datetime) -> None:
    if summary.guests.filter(email__iexact=guest.email).exists():
        return
    made = SummaryGuest(
        summary=summary, email=guest.email, name=guest.name, organisation=guest.organisation,
        invited_at=at, invited_by_id=by.pk,
    )  # fmt: skip
    made.full_clean()
    made.save()


def uninvite(guest: SummaryGuest, *, by: AbstractBaseUser) -> None:
    """Show the draft to a guest no more: their link leads nowhere, and no further window is told them.

    What they said stays, with their name. Gone twice is gone.
    """
    with history.activity("summary.uninvite", by):
        locked(guest.summary)
        standing = SummaryGuest.objects.filter(pk=guest.pk).first()
        if standing is not None:
            standing.delete()


def close(summary: Summary, *, by: AbstractBaseUser, at: datetime) -> Summary:
    """Close the window before its end; closed twice is closed. Raises FinalError."""
    with history.activity("summary.close_window", by):
        held = locked_to_write(summary)
        if is_open(held, at):
            held.open_until = at
            held.save()
    return held


def guest_of(text: str) -> SummaryGuest | None:
    """Return the guest whose link holds this signed text; None for any other."""
    try:
        key, version = signing.Signer(salt=mails.DRAFT).unsign_object(text)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    rows = SummaryGuest.objects.select_related("summary__consultation__group")
    return rows.filter(pk=key, link_version=version).first()


def comment(
    guest: SummaryGuest,
    text: str,
    *,
    at: datetime,
    name: str = "",
    organisation: str = "",
    paragraph: SummaryParagraph | None = None,
    form_key: str = "",
) -> SummaryComment:
    """Keep what a guest says about a paragraph, or about the whole draft.

    The same form sent again is the same comment. Raises NotOpenError, NothingSaidError, GoneError,
    TooManyCommentsError, FinalError and ValidationError.
    """
    with history.activity("summary.comment"):
        held = locked_to_write(guest.summary)
        if form_key:
            standing = SummaryComment.objects.filter(form_key=form_key, summary=held).first()
            if standing is not None:
                return standing
        if not is_open(held, at) or not held.guests.filter(pk=guest.pk).exists():
            raise NotOpenError
        if not text.strip():
            raise NothingSaidError("text")
        who = name.strip() or str(guest.name)
        if not who:
            raise NothingSaidError("name")
        about = None
        if paragraph is not None:
            about = held.paragraphs.filter(pk=paragraph.pk).first()
            if about is None:
                raise GoneError
        if SummaryComment.objects.filter(guest=guest).count() >= MOST_OF_A_GUEST:
            raise TooManyCommentsError
        made = SummaryComment(
            summary=held, guest=guest, name=who,
            organisation=organisation.strip() or guest.organisation, paragraph=about,
            about=about.text if about is not None else "", text=text.strip(), made_at=at,
            form_key=form_key or None,
        )  # fmt: skip
        made.full_clean()
        made.save()
    return made


def answer(
    comment: SummaryComment, done: str, words: str = "", *, by: AbstractBaseUser, at: datetime
) -> SummaryComment:
    """Keep what was done with a comment: taken, or not taken and why.

    Raises AnsweredAlreadyError, ReasonMissingError, FinalError.
    """
    done, said = Done(done), words.strip()
    if done == Done.NOT_TAKEN and not said:
        raise ReasonMissingError
    with history.activity("summary.answer_comment", by, said):
        locked_to_write(comment.summary)
        held = SummaryComment.objects.select_related("answered_by").get(pk=comment.pk)
        if held.done:
            raise AnsweredAlreadyError(held)
        held.done, held.answer = done, said
        held.answered_at, held.answered_by_id = at, by.pk
        held.full_clean()
        held.save()
    return held
