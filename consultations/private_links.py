"""The private link of a contribution: whoever holds it reads, changes and withdraws that one."""

from __future__ import annotations

from django.core import signing
from django.urls import NoReverseMatch, reverse

from consultations.models import Contribution

SALT = "consultations.private"


def token(contribution: Contribution) -> str:
    """Return what stands in the address of a contribution's private pages."""
    return signing.dumps([contribution.pk, contribution.link_version], salt=SALT)


def own_page(contribution: Contribution) -> str:
    """Return the address of the page on which a contributor finds their own; "" where there is none."""
    group = contribution.consultation.group.slug
    try:
        return reverse("consultations:own", args=[group, token(contribution)])
    except NoReverseMatch:
        return ""
