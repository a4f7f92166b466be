"""What delegations are told by mail about a document, and the link by which a co-sponsor answers.

Mails about a draft are private: the secretariat does not read what a delegation still writes. Their
subjects name no document and no Member State.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.core import signing
from django.urls import reverse

from meetings import outbox
from meetings.languages import in_any_language
from meetings.models import DelegateTerm, Document, Source
from meetings.outbox import Mail
from meetings.site_address import absolute
from meetings.wording.messages import messages

_LINK = signing.Signer(salt="meetings.co-sponsor")


class LinkError(Exception):
    """A link of a mail that leads nowhere any more."""

    def __init__(self) -> None:
        super().__init__(
            "This link is not complete, or nobody asks for this co-sponsorship any more. Sign in at "
            "your desk to see what is asked of your delegation."
        )


def token(source: Source, person: Any) -> str:
    """Return what stands in the address by which `person` answers for a co-sponsor."""
    return _LINK.sign_object([source.pk, person.pk])


def by_token(said: str, at: datetime) -> tuple[Source, Any]:
    """Return the source and the person that a link names. Raises LinkError.

    It leads somewhere as long as the person is the focal point of that delegation.
    """
    try:
        key, person_key = _LINK.unsign_object(said)
        source = Source.objects.select_related("document__group", "member_state").get(
            pk=key, asked_at__isnull=False
        )
        terms = focal_points(source.document, source.member_state_id, at)
        term = terms.filter(person=person_key).first()
    except (
        signing.BadSignature,
        ValueError,
        TypeError,
        Source.DoesNotExist,
    ):
        raise LinkError from None
    if term is None:
        raise LinkError
    return source, term.person


def focal_points(document: Document, member_state: int | None, at: datetime) -> Any:
    """Return the terms of the focal point of a Member State's delegation to the document's group."""
    return (
        DelegateTerm.objects.on(at.date())
        .filter(
            group=document.group_id, member_state=member_state, person__is_active=True,
            role=DelegateTerm.Role.FOCAL_POINT,
        )
        .select_related("person")
        .order_by("-from_day")
    )  # fmt: skip


def _people(document: Document, member_state: int | None, at: datetime) -> Iterable[Any]:
    return [term.person for term in focal_points(document, member_state, at)]


def _page(document: Document) -> str:
    return absolute(reverse("desk:document", args=[document.group.slug, document.pk]))


def _name(document: Document) -> str:
    return document.number or f"“{in_any_language(document.title)}”"


def ask(document: Document, source: Source, at: datetime) -> None:
    """Mail the focal point of a co-sponsor the link by which to read, confirm or decline."""
    own = in_any_language(document.member_state.name) if document.member_state else ""
    for person in _people(document, source.member_state_id, at):
        link = absolute(reverse("desk:cosponsor_link", args=[token(source, person)]))
        mail = Mail(
            f"submitting.ask/{source.pk}/{document.saves}/{person.pk}", "submitting.ask",
            person.email, "Your co-sponsorship is asked for",
            f"{own} asks {source} to co-sponsor a contribution to the {document.meeting}:\n\n"
            f"{in_any_language(document.title)}\n\nRead it, and confirm or decline, on this page "
            f"(no sign-in is needed; the link is yours alone):\n\n{link}\n\nUntil you answer, "
            f"{source} is shown as pending.\n",
            document.group, private=True,
        )  # fmt: skip
        outbox.write(mail, at=at)


def answered(document: Document, source: Source, at: datetime) -> None:
    """Mail the focal point of the delegation that wrote the document what a co-sponsor answered."""
    said = "confirmed" if source.confirmed_at is not None else "declined"
    for person in _people(document, document.member_state_id, at):
        mail = Mail(
            f"submitting.answered/{source.pk}/{at:%Y-%m-%dT%H%M%S.%f}/{person.pk}",
            "submitting.answered", person.email, "A co-sponsor answered",
            f"{source} {said} the co-sponsorship of {_name(document)}.\n\nYour document: "
            f"{_page(document)}\n",
            document.group, private=True,
        )  # fmt: skip
        outbox.write(mail, at=at)


def receipt(document: Document, at: datetime) -> None:
    """Mail the receipt to whoever submitted, and to the focal point where that is another."""
    meeting = document.meeting
    assert meeting is not None, "delegations submit to meetings"
    deadline = meeting.documents_deadline().words(messages("en"))
    late = (
        f"It arrived after the deadline ({deadline}) and is marked as late: the secretariat decides "
        "whether it is taken at this meeting or held for the next.\n\n" if document.late else ""
    )  # fmt: skip
    number = f"Its number is {document.number}.\n\n" if document.number else (
        "It gets its number when the secretariat registers it.\n\n"
    )  # fmt: skip
    pending = [
        str(each)
        for each in document.sources.filter(confirmed_at=None, declined_at=None)
        .select_related("member_state")
    ]  # fmt: skip
    people = {each.pk: each for each in _people(document, document.member_state_id, at)}
    if document.submitted_by_id is not None and document.submitted_by_id not in people:
        person = get_user_model()._default_manager.get(pk=document.submitted_by_id)
        people[person.pk] = person
    for person in people.values():
        mail = Mail(
            f"submitting.receipt/{document.pk}/{person.pk}", "submitting.receipt", person.email,
            f"Received: {document.receipt}",
            f"The secretariat received your document for the {meeting}:\n\n"
            f"{in_any_language(document.title)}\n\nReceipt: {document.receipt}\n\n{late}{number}"
            + (f"Pending co-sponsors: {', '.join(pending)}.\n\n" if pending else "")
            + f"Where it stands: {_page(document)}\n",
            document.group,
        )  # fmt: skip
        outbox.write(mail, at=at)
