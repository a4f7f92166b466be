"""What others changed since somebody was here last, one row for each thing they changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.urls import NoReverseMatch, reverse

from cwg.cockpit.desk import MOST_ROWS, Desk
from cwg.roles import may_anywhere
from meetings.access import visible_to
from meetings.models import EditionFile, Outcome, OutcomePoint, OutcomeTopic, Waking

MOST_READ = 60  # one act can change many rows of one thing
VERBS = {LogEntry.Action.CREATE: "Added", LogEntry.Action.UPDATE: "Changed"}
# Rows that say nothing by themselves: the row they belong to is changed with them
PARTS = (EditionFile, OutcomePoint, OutcomeTopic, Waking)


@dataclass(frozen=True, slots=True)
class Change:
    """Something that somebody else changed."""

    who: str
    what: str
    at: datetime
    address: str  # where it is seen; "" where it has no page
    times: int


def since(instant: datetime, desk: Desk) -> Iterator[Change]:
    """Yield what other people changed after `instant`, as far as the person may see it."""
    if not may_anywhere(desk.person, "auditlog.view_logentry", desk.day):
        return
    parts = ContentType.objects.get_for_models(*PARTS).values()
    entries = (
        LogEntry.objects.filter(timestamp__gt=instant, actor__isnull=False)
        .exclude(actor=desk.person.pk)
        .exclude(content_type__in=[each.pk for each in parts])
        .exclude(action=LogEntry.Action.ACCESS)
    )
    seen = visible_to(desk.person, entries, desk.day).select_related("actor", "content_type")
    together: dict[tuple[Any, ...], list[Any]] = {}
    for entry in seen.order_by("-timestamp", "-pk")[:MOST_READ]:
        key = (entry.actor_id, entry.content_type_id, entry.object_pk)
        together.setdefault(key, []).append(entry)
    latest = list(together.values())[:MOST_ROWS]
    meetings = _meetings_of([each[0] for each in latest])
    for group in latest:
        yield _change(group, meetings)


def _change(group: list[Any], meetings: dict[str, int]) -> Change:
    entry = group[0]
    added = any(each.action == LogEntry.Action.CREATE for each in group)
    action = LogEntry.Action.CREATE if added and entry.action in VERBS else entry.action
    model = entry.content_type.model_class()
    noun = str(model._meta.verbose_name) if model else entry.content_type.model
    return Change(
        who=str(entry.actor), what=f"{VERBS.get(action, 'Removed')} {noun}: {entry.object_repr}",
        at=entry.timestamp, address=_address(entry, model, meetings), times=len(group),
    )  # fmt: skip


def _address(entry: Any, model: Any, meetings: dict[str, int]) -> str:
    if model is None or entry.action == LogEntry.Action.DELETE:
        return ""
    if model is Outcome:
        meeting = meetings.get(entry.object_pk)
        if meeting is None:
            return ""
        page = reverse("admin:meetings_meeting_outcomes", args=[meeting])
        return f"{page}#outcome-{entry.object_pk}"
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_change"
    try:
        return reverse(name, args=[entry.object_pk])
    except NoReverseMatch:
        return ""


def _meetings_of(entries: list[Any]) -> dict[str, int]:
    """Return the meeting of each outcome among what was changed."""
    keys = [
        entry.object_pk for entry in entries if entry.content_type.model_class() is Outcome
    ]  # fmt: skip
    found = Outcome.objects.filter(pk__in=keys).values_list("pk", "meeting")
    return {str(key): meeting for key, meeting in found}
