"""Which role may do what in the secretariat's site: one table, asked on the day."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.utils import timezone

from meetings.models import RoleTerm

ROOMS = ("meetings", "consultations", "report")
ACTS = {
    RoleTerm.Role.SECRETARIAT: ("view", "add", "change", "delete"),
    RoleTerm.Role.READER: ("view",),
}


def may(role: str, permission: str) -> bool:
    """Say whether `role` carries a permission such as "meetings.change_meeting"."""
    room, _, act = permission.partition(".")
    verb = act.partition("_")[0]
    if room == "auditlog":
        return role == RoleTerm.Role.SECRETARIAT and verb == "view"
    if permission.endswith("_roleterm") and verb != "view":
        return False  # who may do what is decided by an administrator
    return room in ROOMS and verb in ACTS[RoleTerm.Role(role)]


class RoleBackend(BaseBackend):
    """Answer Django's questions about permissions from the role terms of the day."""

    def roles(self, user: Any) -> frozenset[str]:
        """Return the roles `user` holds today, in any group; read once a request."""
        if not user.is_active or user.is_anonymous:
            return frozenset()
        if not hasattr(user, "_roles_today"):
            terms = RoleTerm.objects.on(timezone.localdate()).filter(person=user.pk)
            user._roles_today = frozenset(terms.values_list("role", flat=True))
        return frozenset(user._roles_today)

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return any(may(role, perm) for role in self.roles(user_obj))

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        rooms = (*ROOMS, "auditlog") if RoleTerm.Role.SECRETARIAT in self.roles(user_obj) else ROOMS
        return bool(self.roles(user_obj)) and app_label in rooms


def may_enter(user: Any) -> bool:
    """Say whether `user` may enter the secretariat's site: an administrator, or with a role today."""
    return bool(user.is_active and (user.is_superuser or RoleBackend().roles(user)))
