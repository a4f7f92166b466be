"""What a sender is told by mail about their own contribution, and the private links in it.

The first part of a mail's key is its rule (docs/mail.md). Most hold a private link, so that the
secretariat does not read them. Each says which consultation it is about: nobody follows a link of
which they do not know what it leads to, and whoever sent to two rounds tells their mails apart.
"""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from django.core import signing
from django.urls import reverse

from consultations import announcing
from consultations.models import Consultation, Contribution
from meetings import outbox
from meetings.languages import in_any_language
from meetings.models import Message
from meetings.outbox import Mail
from meetings.record import group_facts
from meetings.site_address import absolute
from meetings.wording.messages import messages

PRIVATE = "consultations.private"


def token(contribution: Contribution) -> str:
    """Return what stands in the address of a contribution's private pages, the same each time."""
    # signed without a time: only another version of the link ends it
    return signing.Signer(salt=PRIVATE).sign_object([contribution.pk, contribution.link_version])


def own_page(contribution: Contribution) -> str:
    """Return the whole address of the page on which a sender finds their own contribution."""
    return _page("own", contribution, token(contribution))


def _page(name: str, contribution: Contribution, text: str) -> str:
    slug = contribution.consultation.group.slug
    return absolute(reverse(f"consultations:{name}", args=[slug, text]))


def _deadline(contribution: Contribution) -> str:
    return contribution.consultation.deadline().words(messages("en"))


def to_what(consultation: Consultation, at: datetime) -> str:
    """Return what a contribution is to, in words: the open consultation of EG, “Islands”."""
    group = group_facts(consultation.group, at.date(), "en").acronym.text
    whose = f" of {group}" if group else ""
    return f"the open consultation{whose}, “{announcing.title(consultation)}”"


def _write(
    contribution: Contribution,
    key: str,
    subject: str,
    body: str,
    at: datetime,
    *,
    private: bool = True,
) -> None:
    group = contribution.consultation.group
    rule = key.partition("/")[0]
    mail = Mail(key, rule, contribution.email, subject, body, group, private=private)
    outbox.write(mail, at=at)


def draft(contribution: Contribution, at: datetime) -> None:
    """Mail the private link of a draft to its sender, to one address at most once an hour."""
    address = sha256(contribution.email.encode()).hexdigest()[:12]
    _write(
        contribution,
        f"intake.draft/{contribution.pk}/{contribution.link_version}/{address}/{at:%Y-%m-%dT%H}",
        "Your draft is kept",
        f"Your draft of a contribution to {to_what(contribution.consultation, at)}, is kept, and "
        "nothing was sent yet. Go on by your private "
        f"link:\n\n{own_page(contribution)}\n\nThe consultation closes on "
        f"{_deadline(contribution)}.\n\nIf you began no contribution, do nothing: nobody sees it, "
        "and it is removed.\n",
        at,
    )


def reminder(contribution: Contribution, at: datetime) -> bool:
    """Remind the sender of a draft of the closing, once for each closing; say whether it was now."""
    closes = contribution.consultation.closed_from
    key = f"intake.remind/{contribution.pk}/{closes:%Y-%m-%dT%H%M}"
    if Message.objects.filter(key=key).exists():
        return False
    _write(
        contribution, key,
        "Your contribution is not sent yet",
        f"Your contribution to {to_what(contribution.consultation, at)}, is kept as a draft. The "
        f"consultation closes on {_deadline(contribution)}; your contribution was not sent, or its address "
        "was not confirmed. Go on by your private link:"
        f"\n\n{own_page(contribution)}\n\nIf you do not want to send it, do nothing: it is "
        "removed after the closing.\n", at,
    )  # fmt: skip
    return True


def confirm(contribution: Contribution, times: int, text: str, at: datetime) -> None:
    """Mail the link with the signed `text` that confirms what was sent; `times` it was sent."""
    link = _page("confirm", contribution, text)
    _write(
        contribution, f"intake.confirm/{contribution.pk}/{times}", "Confirm your contribution",
        f"Your contribution to {to_what(contribution.consultation, at)}, was sent, and is received "
        f"once you confirm that this address is yours. Open this page within seven days and press "
        f"its button:\n\n{link}\n\n"
        "If you sent nothing, do nothing: it is not received, and nobody sees it.\n", at,
    )  # fmt: skip


def receipt(contribution: Contribution, at: datetime) -> None:
    """Mail the receipt: reference, private link, the text as it was sent."""
    _write(
        contribution, f"intake.receipt/{contribution.pk}/{contribution.link_version}",
        f"Received: {contribution.reference}",
        f"Your contribution to {to_what(contribution.consultation, at)}, was received. Its reference "
        f"is {contribution.reference}.\n\n"
        "Read it, change it or withdraw it until the consultation closes "
        f"({_deadline(contribution)}), by your private link:\n\n{own_page(contribution)}\n\n"
        f"What you sent:\n\n{as_text(contribution)}\n", at,
    )  # fmt: skip


def changed(contribution: Contribution, at: datetime) -> None:
    """Mail that what was received was changed, at most once an hour."""
    _write(
        contribution, f"intake.changed/{contribution.pk}/{at:%Y-%m-%dT%H}",
        f"Changed: {contribution.reference}",
        f"Your contribution {contribution.reference} to {to_what(contribution.consultation, at)}, was "
        "changed by its private link. It awaits the secretariat again; the link of your receipt "
        "shows it as it stands now.\n\nIf it was not you, answer the secretariat.\n", at, private=False,
    )  # fmt: skip


def withdrawn(contribution: Contribution, at: datetime) -> None:
    """Mail that what was received was withdrawn, which cannot be taken back."""
    _write(
        contribution, f"intake.withdrawn/{contribution.pk}", f"Withdrawn: {contribution.reference}",
        f"Your contribution {contribution.reference} to {to_what(contribution.consultation, at)}, was "
        "withdrawn by its private link. Its text and files are public no more; if it was published, "
        "its page says that it was withdrawn. It cannot be taken back, but until the consultation "
        f"closes ({_deadline(contribution)}) you can send another one.\n\n"
        "If it was not you, answer the secretariat.\n", at, private=False,
    )  # fmt: skip


def late(contribution: Contribution, until: datetime, at: datetime) -> None:
    """Mail that the round is open for this one contributor until an instant."""
    words = contribution.consultation.moment(until).words(messages("en"))
    subject = f"{contribution.reference or 'Your contribution'}: open for you until {words}"
    _write(
        contribution, f"intake.late/{contribution.pk}/{until:%Y-%m-%dT%H%M}",
        subject,
        "The secretariat has opened the consultation for you once more. Until "
        f"{words} you can write, change and send your contribution by your private link:\n\n"
        f"{own_page(contribution)}\n", at,
    )  # fmt: skip


def as_text(contribution: Contribution) -> str:
    """Return a contribution's words as plain text: each question with its answer."""
    parts = [
        f"{in_any_language(each.question.text)}\n\n{each.text}"
        for each in contribution.answers.select_related("question")
    ]
    parts += [contribution.text] if contribution.text else []
    parts += [f"File: {each.name}" for each in contribution.attachments.all()]
    return "\n\n".join(parts)
