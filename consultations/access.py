"""What of open consultations the public reads: rounds, contributions, files.

The secretariat's own view of the same rows is `meetings.access`, by role and group.
"""

from __future__ import annotations

from django.db.models import QuerySet

from consultations.models import Attachment, Consultation, Contribution, FormerAddress, Standing
from consultations.models.consultation import ConsultationQuerySet
from meetings.access import EVERYBODY, people_of
from meetings.models import WorkingGroup


def public_consultations() -> ConsultationQuerySet:
    """Return the rounds that everybody reads, of groups whose record is kept here."""
    return Consultation.objects.public().filter(group__record_kept_here=True)


def is_public(consultation: Consultation) -> bool:
    """Say whether everybody reads a round: `public_consultations` of one."""
    public = consultation.announced_at is not None or consultation.record_incomplete
    return public and consultation.group.record_kept_here


def once_at(group: WorkingGroup, slug: str) -> Consultation | None:
    """Return the round that had an address of a group before, where everybody reads it."""
    former = FormerAddress.objects.filter(group=group, slug=slug)
    was = former.select_related("consultation__group").first()
    return was.consultation if was is not None and is_public(was.consultation) else None


def audience(consultation: Consultation) -> str:
    """Return who can see a round, in words that go on from “Who can see this:”."""
    return EVERYBODY if is_public(consultation) else people_of(consultation.group)


def public_contributions() -> QuerySet[Contribution]:
    """Return the contributions with a page: published ones, and the tombstones of those that were."""
    return Contribution.objects.with_page().filter(consultation__in=public_consultations())


def is_published(contribution: Contribution) -> bool:
    """Say whether everybody reads a contribution's text (a tombstone has a page and no text)."""
    return contribution.standing == Standing.PUBLISHED and is_public(contribution.consultation)


def may_fetch(attachment: Attachment) -> bool:
    """Say whether everybody may have a file: of a published contribution, and not withheld."""
    return not attachment.withheld_for and is_published(attachment.contribution)
