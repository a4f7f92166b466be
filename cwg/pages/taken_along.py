"""What is taken along from the repository: a feed of what fits, and all of it as data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from consultations import feeds, search
from consultations.data import columns, records, writing
from cwg.pages import data
from cwg.pages.looking import Looked
from meetings import finding
from meetings.finding import State
from meetings.same_for_all import same_for_all
from meetings.site_address import absolute

MOST_OF_A_NAME = 60  # characters of the words that were looked for, in the name of a file


@require_safe
@same_for_all
def repository_feed(request: HttpRequest, slug: str = "") -> HttpResponse:
    """Give the newest contributions that fit as a feed.

    Where nothing is asked for, the index is not needed.
    """
    looked = Looked.of(request.GET, slug)
    if not looked.asked:
        rows = search.published().filter(consultation__in=looked.names.rounds)
        newest = [*rows.order_by("-published_at", "-pk").values_list("pk", flat=True)[: feeds.MOST]]
    elif finding.state() == State.BUILDING:
        return _being_built(request)
    else:
        newest = [search.key(each.key) for each in looked.find(limit=feeds.MOST).hits]
    about = f": {looked.asked.text}" if looked.asked.text else ""
    of = looked.group.frame["acronym"] if looked.group else "all groups"
    told = feeds.feed(
        f"Contributions to open consultations of {of}{about}",
        looked.address("repository"), looked.address("repository_feed"),
    )  # fmt: skip
    for read in looked.read(newest):
        held = looked.names.rounds[read.row.consultation_id]
        feeds.add(told, read, held.group, held.key)
    return feeds.answer(told)


@require_safe
def repository_data(request: HttpRequest, form: str, slug: str = "") -> HttpResponseBase:
    """Send all contributions that fit as a table, as JSON or as JSON Lines, the newest first.

    Where nothing is asked for, the index is not needed.
    """
    if form not in writing.FORMATS:
        raise Http404
    looked = Looked.of(request.GET, slug)
    name = slug or "contributions"
    if not looked.asked:
        rounds = looked.names.rounds
        count = search.published().filter(consultation__in=rounds).count()
        return data.sent(request, form, _head(looked, count), records.of_rounds(rounds), name)
    if finding.state() == State.BUILDING:
        return _being_built(request)
    head = _head(looked, looked.find(limit=0).total)
    read = records.of_keys(looked.every_key(), looked.names.rounds)
    return data.sent(request, form, head, read, f"{name}-{_found(looked)}")


def _found(looked: Looked) -> str:
    """Return the end of a file's name that tells one search from another."""
    values = (value for each in looked.asked.chosen.values() for value in each)
    said = slugify(" ".join((looked.asked.text, *values)).replace("/", " "))
    return "-".join(filter(None, (said[:MOST_OF_A_NAME].strip("-"), "found")))


def _being_built(request: HttpRequest) -> HttpResponse:
    """Say that nothing can be found for a moment, so that nobody takes it for nothing found."""
    answer = render(request, "pages/being_built.html", {}, status=503)
    answer["Retry-After"], answer["Cache-Control"] = "60", "no-store"
    return answer


def _head(looked: Looked, count: int) -> Mapping[str, Any]:
    return {
        "version": columns.VERSION,
        "licence": columns.told(columns.licence()),
        "working_group": looked.group.slug if looked.group else None,
        "address": absolute(looked.address("repository")),
        "asked": {"text": looked.asked.text, **looked.asked.chosen},
        "count": count,
    }
