"""Which role may do what: one table, asked for a group and a day.

A permission is Django's, `room.verb_model` ("meetings.change_meeting"); an act is a thing that
happens, `subject.verb` ("report.clear"). Both are asked alike: `user.has_perm(name, row)`, or
`may(user, name, group, day)`. docs/roles.md shows this table to people.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.apps import apps
from django.contrib.auth.backends import BaseBackend
from django.db.models import Model
from django.utils import timezone

from meetings.access import (
    group_of,
    is_administrator,
    is_shared,
    path_to_group,
    roles_held,
    viewed_as,
)
from meetings.models import RoleTerm, WorkingGroup

Role = RoleTerm.Role
STAFF = (Role.LEAD, Role.EDITOR)
ROOMS = ("meetings", "consultations", "report")

VERBS: Mapping[str, Collection[str]] = {
    Role.LEAD: ("view", "add", "change", "delete"),
    Role.EDITOR: ("view", "add", "change"),
    Role.CHAIR: ("view",),
    Role.VICE_CHAIR: ("view",),
    Role.READER: ("view",),
}
# Models with rules of their own; what is not named here nobody but an administrator may.
APART: Mapping[str, Mapping[str, Collection[Role]]] = {
    # a lead gives every role but a lead's (meetings.access.may_give)
    "meetings.roleterm": {
        "view": STAFF, "add": (Role.LEAD,), "change": (Role.LEAD,), "delete": (Role.LEAD,),
    },
    # what staff add is a group that is only named; whose record is kept here, an administrator says
    "meetings.workinggroup": {"view": tuple(Role), "add": STAFF, "change": STAFF},
    # a row of a form of report, unlike the form itself
    "report.typepassage": {
        "view": tuple(Role), "add": STAFF, "change": STAFF, "delete": (Role.LEAD,),
    },
    # who is in a delegation is recorded by acts (meetings.delegations), never typed into a row
    "meetings.delegateterm": {"view": STAFF, "change": STAFF},
    # a number once given stays: a document is withdrawn, never removed
    "meetings.document": {"view": tuple(Role), "add": STAFF, "change": STAFF},
    # who said what at a meeting is the secretariat's alone
    "meetings.statement": {
        "view": STAFF, "add": STAFF, "change": STAFF, "delete": STAFF,
    },
    # mails have addresses in them; they are written by what they tell of, and never removed
    "meetings.message": {"view": STAFF, "change": STAFF},
    "auditlog.logentry": {"view": STAFF},
    # who sent it, from which address, and what is not published: the secretariat's alone
    "consultations.contribution": {"view": STAFF, "add": STAFF, "change": STAFF},
    # the address of a stakeholder who reads a draft
    "consultations.summaryguest": {"view": STAFF, "add": STAFF, "change": STAFF},
}  # fmt: skip
ACTS: Mapping[str, Collection[Role]] = {
    "meeting.plan": STAFF,
    "meeting.close": STAFF,
    "meeting.reopen": STAFF,
    "delegation.invite": STAFF,
    "delegation.hand_over": STAFF,
    "record.settle": STAFF,
    "finding.accept": STAFF,
    "report.send_to_chair": STAFF,
    "report.comment": (*STAFF, Role.CHAIR, Role.VICE_CHAIR),
    "report.edit_own_section": (Role.CHAIR,),
    "report.clear": (Role.CHAIR,),
    "report.finalise": (Role.LEAD,),
    "summary.read": STAFF,
    "summary.finalise": (Role.LEAD,),
    "site.view_as": STAFF,
}
# What an administrator may not: the Chair's word is the Chair's.
THE_CHAIRS = frozenset({"report.clear", "report.edit_own_section"})


class UnknownActError(LookupError):
    """Neither a permission nor an act of the table."""

    def __init__(self, act: str) -> None:
        super().__init__(f"“{act}” is no permission and no act of cwg/roles.py.")


def carries(role: str, permission: str) -> bool:
    """Say whether `role` carries a permission or an act, in the group in which it is held."""
    if permission in ACTS:
        return role in ACTS[permission]
    room, _, name = permission.partition(".")
    verb, _, model = name.partition("_")
    apart = APART.get(f"{room}.{model}")
    if apart is not None:
        return role in apart.get(verb, ())
    if room not in ROOMS or verb not in VERBS.get(role, ()):
        return False
    # what all groups share is not one group's to remove
    return verb != "delete" or path_to_group(apps.get_model(room, model)) is not None


def may(user: Any, act: str, group: WorkingGroup, day: date) -> bool:
    """Say whether `user` may do `act`, a permission or an act, in `group` on `day`.

    Raises UnknownActError for a name that is neither.
    """
    if act not in ACTS and "_" not in act:
        raise UnknownActError(act)
    return _may(user, act, group.pk, day)


def _may(user: Any, act: str, group: int, day: date) -> bool:
    if is_administrator(user) and act not in THE_CHAIRS:
        return True
    if not user.is_active:
        return False
    seen = viewed_as(user)
    if seen is not None:
        if seen.group != group or not carries(seen.role, act):
            return False
        if seen.by_administrator and act not in THE_CHAIRS:
            return True
    return any(carries(role, act) for role in roles_held(user, day).get(group, ()))


def may_anywhere(user: Any, act: str, day: date) -> bool:
    """Say whether `user` may do `act` in at least one group on `day`."""
    if is_administrator(user) and act not in THE_CHAIRS:
        return True
    seen = viewed_as(user)
    groups = {seen.group} if seen is not None else set(roles_held(user, day))
    return any(_may(user, act, group, day) for group in groups)


class RoleBackend(BaseBackend):
    """Answer Django's questions about permissions from the role terms of the day."""

    def has_perm(self, user_obj: Any, perm: str, obj: Model | None = None) -> bool:
        """Without a row, say whether in any group; with one, in its group."""
        today = timezone.localdate()
        if obj is None or is_shared(obj):
            return may_anywhere(user_obj, perm, today)
        if is_administrator(user_obj) and perm not in THE_CHAIRS:
            return True  # also for a row that does not say its group yet
        group = group_of(obj)
        return group is not None and _may(user_obj, perm, group.pk, today)

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        today = timezone.localdate()
        if app_label == "auditlog":
            return may_anywhere(user_obj, "auditlog.view_logentry", today)
        return app_label in ROOMS and may_enter(user_obj)


def may_enter(user: Any) -> bool:
    """Say whether `user` may enter the secretariat's site: an administrator, or with a role today."""
    # every role carries this; the roles are read once, however often a page asks
    return may_anywhere(user, "meetings.view_meeting", timezone.localdate())
