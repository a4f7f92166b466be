"""The addresses of a meeting's acts, below /secretariat/meetings/."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from meetings.views.meetings import agenda, closing, participants, planning, room, script

ONE = "meetings/<int:pk>/"


def addresses(guarded: Callable[[Any], Any]) -> list[URLPattern]:
    """Return the addresses; `guarded` asks of each page whether somebody may enter the site."""
    pages: list[tuple[str, Callable[..., Any], str]] = [
        ("meetings/new/<int:pk>/", planning.new, "meeting_new"),
        (f"{ONE}agenda/", agenda.edit, "meeting_agenda"),
        (f"{ONE}participants/", participants.participants, "meeting_participants"),
        (f"{ONE}participants/add/", participants.add, "meeting_participant_add"),
        (
            f"{ONE}participants/<int:participant>/", participants.change, "meeting_participant",
        ),
        (f"{ONE}room/", room.room, "meeting_room"),
        (f"{ONE}script/", script.script, "meeting_script"),
        (f"{ONE}close/", closing.close, "meeting_close"),
    ]  # fmt: skip
    return [path(route, guarded(view), name=name) for route, view, name in pages]
