"""What was changed, in the secretariat's site: to each the changes of what they see."""

from __future__ import annotations

from typing import Any

from auditlog.admin import LogEntryAdmin
from django.http import HttpRequest
from django.utils import timezone

from meetings import access


class ChangeAdmin(LogEntryAdmin):  # type: ignore[misc]  # auditlog has no types
    """The history of the rows that the person sees; of what was removed, to administrators."""

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request)
        return access.visible_to(request.user, rows, timezone.localdate())

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("auditlog.view_logentry"))
