"""Looking at the site as another role would see it.

What one may is then what oneself and that role both may, in one group, and nothing can be changed.
It is kept in the session, for the person who began it, and ends with the session at the latest.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.models import AnonymousUser

from cwg.roles import may
from meetings.access import ViewedAs, groups_of, is_administrator
from meetings.models import RoleTerm, WorkingGroup

KEY = "viewing_as"
EVERYBODY = "everybody"


@dataclass(frozen=True, slots=True)
class Viewing:
    """As what somebody looks at the site, in words, and the user whom the pages then see."""

    label: str
    user: Any


def choices(user: Any, day: date) -> list[tuple[str, str]]:
    """Return as what `user` may look at the site on `day`: value and label; empty for most people."""
    roles = [
        (f"{group.pk}:{role.value}", _label(role, group))
        for group in groups_of(user, day).filter(record_kept_here=True).prefetch_related("names")
        if may(user, "site.view_as", group, day)
        for role in RoleTerm.Role
    ]
    return [(EVERYBODY, "Everybody: not signed in"), *roles] if roles else []


def begin(session: Any, user: Any, choice: str) -> None:
    """Look at the site as `choice`, one of `choices`, from the next page on."""
    session[KEY] = {"person": user.pk, "as": choice}


def end(session: Any) -> None:
    """Look at the site as oneself again."""
    session.pop(KEY, None)


def current(session: Any, user: Any) -> Viewing | None:
    """Return as what `user` looks at the site; what the session says of somebody else counts nothing."""
    kept = session.get(KEY)
    if not kept or not user.is_authenticated or kept["person"] != user.pk:
        return None
    if kept["as"] == EVERYBODY:
        return Viewing("everybody", AnonymousUser())
    group_key, _, role = kept["as"].partition(":")
    group = WorkingGroup.objects.filter(pk=int(group_key)).first()
    if group is None:
        return Viewing("everybody", AnonymousUser())
    lowered = copy.copy(user)
    lowered.viewed_as = ViewedAs(group.pk, role, by_administrator=is_administrator(user))
    lowered.is_superuser = lowered.is_staff = False
    return Viewing(_label(RoleTerm.Role(role), group), lowered)


def _label(role: RoleTerm.Role, group: WorkingGroup) -> str:
    return f"{role.label} of {group}"
