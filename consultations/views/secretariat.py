"""The addresses of the secretariat’s pages about open consultations, for its site to take in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from consultations.views import (
    contribution,
    contributors,
    queue,
    rounds,
    summary_agreeing,
    summary_reading,
    summary_writing,
)
from consultations.views.desk import MODERATE as MODERATE  # noqa: PLC0414  # handed on

ROUND = "consultations/round/<int:pk>/"


def addresses(guarded: Callable[[Any], Any]) -> list[URLPattern]:
    """Return the addresses; `guarded` asks of each page whether somebody may enter the site."""
    pages: list[tuple[str, Callable[..., Any], str]] = [
        ("contributions/", queue.queue, "contributions"),
        ("contributions/<int:pk>/", contribution.contribution, "contribution"),
        ("contributions/<int:pk>/beside/<int:other>/", contribution.beside, "contribution_beside"),
        ("contributions/<int:pk>/files/<int:file>/", contribution.attachment, "contribution_file"),
        ("contributors/", contributors.contributors, "contributors"),
        ("contributors/<int:pk>/", contributors.contributor, "contributor"),
        (
            "contributors/<int:pk>/into/<int:other>/",
            contributors.contributor_into,
            "contributor_into",
        ),
        ("consultations/launch/", rounds.launches, "launches"),
        ("consultations/launch/<int:pk>/", rounds.launch, "launch"),
        (f"{ROUND}announce/", rounds.announce, "round_announce"),
        (f"{ROUND}extend/", rounds.extend, "round_extend"),
        (f"{ROUND}correct/", rounds.correct, "round_correct"),
        (f"{ROUND}address/", rounds.address, "round_address"),
        (f"{ROUND}enter/", rounds.enter, "round_enter"),
        (f"{ROUND}late/", rounds.late, "round_late"),
        (f"{ROUND}alike/", rounds.alike, "round_alike"),
        (f"{ROUND}summary/", summary_writing.summary, "round_summary"),
        (f"{ROUND}summary/read/", summary_reading.read, "round_summary_read"),
        (f"{ROUND}summary/coverage/", summary_reading.covered, "round_summary_coverage"),
        (f"{ROUND}summary/draft/", summary_agreeing.draft, "round_summary_draft"),
        (f"{ROUND}summary/way/", summary_agreeing.way, "round_summary_way"),
        (
            f"{ROUND}summary/<slug:edition>.<str:ending>",
            summary_agreeing.file,
            "round_summary_file",
        ),
    ]
    return [path(route, guarded(view), name=name) for route, view, name in pages]
