"""What stakeholders are told of a summary by mail: that the draft is open, and where they are cited.

The first part of a mail's key is its rule (docs/mail.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.core import signing
from django.urls import reverse

from consultations.intake_mails import to_what
from consultations.models import Contribution, Summary, SummaryGuest
from consultations.summary import published
from meetings import outbox
from meetings.outbox import Mail
from meetings.site_address import absolute
from meetings.wording.messages import messages

DRAFT = "consultations.summary.draft"


def token(guest: SummaryGuest) -> str:
    """Return what stands in the address of a guest's page, the same each time."""
    return signing.Signer(salt=DRAFT).sign_object([guest.pk, guest.link_version])


def guests_page(guest: SummaryGuest) -> str:
    """Return the whole address of the page on which a guest reads the draft."""
    slug = guest.summary.consultation.group.slug
    return absolute(reverse("consultations:draft_summary", args=[slug, token(guest)]))


def draft_open(summary: Summary, guest: SummaryGuest, at: datetime) -> None:
    """Mail a guest their link; one that was mailed it in this window is mailed it no more."""
    assert summary.opened_at is not None
    consultation = summary.consultation
    until = consultation.moment(summary.open_until).words(messages("en"))
    outbox.write(
        Mail(
            f"summary.draft/{guest.pk}/{summary.opened_at:%Y-%m-%dT%H%M%S}",
            "summary.draft",
            guest.email,
            "A draft summary is open for your comments",
            f"The secretariat has written the summary of the contributions to "
            f"{to_what(consultation, at)}. Before it is final, you can read the draft and comment on "
            f"it until {until}, by a link of your own:\n\n{guests_page(guest)}\n\n"
            "Please do not pass the link on: it is for you alone. What was done with each comment is "
            "kept.\n",
            consultation.group,
            private=True,
        ),
        at=at,
    )


def cited(
    summary: Summary,
    contribution: Contribution,
    paragraphs: Sequence[int],
    edition: str,
    at: datetime,
) -> None:
    """Mail a contributor who asked where the published summary cites them, once for each edition."""
    document = summary.document
    assert document is not None
    where = _cited_in(paragraphs)
    outbox.write(
        Mail(
            f"summary.cited/{contribution.pk}/{edition}",
            "summary.cited",
            contribution.email,
            f"The summary is published: {contribution.reference}",
            f"The summary of the contributions to {to_what(summary.consultation, at)}, is published "
            f"as document {document}. Your contribution {contribution.reference} {where}.\n\n"
            f"Read it here:\n\n{absolute(published.address(summary))}\n",
            summary.consultation.group,
        ),
        at=at,
    )


def _cited_in(paragraphs: Sequence[int]) -> str:
    """Return where somebody is cited, in words: is cited in paragraphs 3 and 7."""
    if not paragraphs:
        return "is not cited in it; the summary says why"
    said = [str(each) for each in paragraphs]
    if len(said) == 1:
        return f"is cited in paragraph {said[0]}"
    return f"is cited in paragraphs {', '.join(said[:-1])} and {said[-1]}"


def tell(
    summary: Summary, where: Mapping[Contribution, Sequence[int]], edition: str, at: datetime
) -> None:
    """Mail everybody who asked, each where they are cited."""
    for contribution, paragraphs in where.items():
        cited(summary, contribution, paragraphs, edition, at)
