"""Delegations for tests: people with terms, made as by the secretariat."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from django.conf import settings

from meetings.models import DelegateTerm, MemberState, Message, WorkingGroup
from tests.meetings.delegates import make_term
from tests.two_groups import LONG_AGO

Role = DelegateTerm.Role
AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
DAY = AT.date()


def state(iso: str) -> MemberState:
    """Return a Member State."""
    return MemberState.objects.get(iso=iso)


def make_delegate(
    group: WorkingGroup, iso: str, role: str = Role.DELEGATE, email: str = "",
    from_day: date = LONG_AGO,
) -> DelegateTerm:  # fmt: skip
    """Make somebody with a password and a term in the delegation of `iso` to `group`."""
    at = email or f"{role}-{iso.lower()}@example.org"
    return make_term(group, iso, role, at, from_day)


def told() -> list[tuple[str, str]]:
    """Return the rule and the address of every mail, in the order in which they were written."""
    return [*Message.objects.order_by("pk").values_list("rule", "to")]


def link_in(message: Message) -> str:
    """Return the path of the private link in a mail."""
    found = re.search(
        rf"{re.escape(settings.SITE_ADDRESS)}(/accounts/invitation/\S+)", message.body
    )
    assert found is not None, message.body
    return found[1]


def plain(text: str) -> str:
    """Return a text with the spaces of a keyboard: printed days hold others."""
    return text.replace("\xa0", " ")
