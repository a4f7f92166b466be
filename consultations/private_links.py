"""The private link of a contribution: whoever holds it reads, changes and withdraws that one."""

from __future__ import annotations

from django.urls import reverse

from consultations.intake_mails import token
from consultations.models import Contribution


def own_page(contribution: Contribution) -> str:
    """Return the address of the page on which a contributor finds their own."""
    group = contribution.consultation.group.slug
    return reverse("consultations:own", args=[group, token(contribution)])
