"""What a delegation is told by mail about the document it submitted: its number, a decision."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.urls import reverse

from meetings import outbox
from meetings.languages import in_any_language
from meetings.models import DelegateTerm, Document, Meeting
from meetings.outbox import Mail
from meetings.site_address import absolute


def _people(document: Document, at: datetime) -> Iterator[Any]:
    """Yield whoever submitted a document, and its delegation's focal point where that is another."""
    if document.member_state_id is None:
        return
    terms = DelegateTerm.objects.on(at.date()).filter(
        group=document.group_id, member_state=document.member_state_id,
        role=DelegateTerm.Role.FOCAL_POINT,
    )  # fmt: skip
    keys = {document.submitted_by_id, *terms.values_list("person", flat=True)}
    people = get_user_model()._default_manager.filter(
        pk__in=[key for key in keys if key is not None], is_active=True
    )
    yield from people.order_by("pk")


def _tell(
    document: Document, at: datetime, rule: str, subject: str, words: str, *, key: str = ""
) -> None:
    """Write a mail by `rule`; what `key` names is told once."""
    here = absolute(reverse("desk:document", args=[document.group.slug, document.pk]))
    for person in _people(document, at):
        mail = Mail(
            f"{rule}/{document.pk}/{key}/{person.pk}", rule, person.email, subject,
            f"{words}\n\n{in_any_language(document.title)}\nReceipt: {document.receipt}\n\n"
            f"Where it stands: {here}\n",
            document.group,
        )  # fmt: skip
        outbox.write(mail, at=at)


def registered(document: Document, at: datetime) -> None:
    """Tell the delegation its document's number, where it has one."""
    if document.number:
        _tell(
            document, at, "registering.registered", f"Registered: {document.number}",
            f"The secretariat registered your document for the {document.meeting}. Its number is "
            f"{document.number}.",
        )  # fmt: skip


def decided(document: Document, coming: Meeting | None, at: datetime) -> None:
    """Tell the delegation what was decided about its late document."""
    if coming is not None:
        said = f"is held for the next meeting, the {coming}"
    elif document.late_decision == Document.LateDecision.HELD:
        said = "is held for the next meeting, which is not called yet"
    else:
        said = f"is taken at the {document.meeting}"
    _tell(
        document, at, "registering.decided", f"Your late document {document.receipt}",
        f"Your document came after the deadline. It {said}.",
        key=f"{coming.number if coming else document.late_decision}/{at:%Y-%m-%dT%H%M%S.%f}",
    )  # fmt: skip


def withdrawn(document: Document, at: datetime) -> None:
    """Tell the delegation that the secretariat withdrew its document, and why."""
    _tell(
        document, at, "registering.withdrawn", f"Withdrawn: {document}",
        f"The secretariat withdrew your document {document}. The reason: "
        f"{document.withdrawn_reason}",
    )  # fmt: skip
