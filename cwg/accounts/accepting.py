"""An invitation is accepted: whoever holds its link sets their first password, once."""

from __future__ import annotations

from datetime import datetime

from auditlog.models import LogEntry
from django.contrib.auth.hashers import make_password

from cwg.accounts.models import User
from meetings import history, invitations


def accept(token: str, password: str, *, at: datetime) -> User:
    """Set the first password of whoever was invited; return them as they stand then.

    `password` is one that the validators took. Raises invitations.LinkError, also to the second of
    two who follow the same link at once.
    """
    term = invitations.by_link(token, at=at).term
    with history.activity("delegations.accept", term.person):
        # the condition is the claim, on both databases alike
        first = User.objects.filter(pk=term.person_id, password=term.person.password)
        if not first.update(password=make_password(password)):  # bulk: one row; told just below
            raise invitations.LinkError
        LogEntry.objects.log_create(term, force_log=True, action=LogEntry.Action.UPDATE, changes={})
    return User.objects.get(pk=term.person_id)
