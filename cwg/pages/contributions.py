"""The contributions to a round as its page lists them, narrowed as asked.

The rest of the page is the same whatever is asked for. It is made once for each edition of the record
(`cwg.fresh.memory`), with a gap where the list stands: a round of a million contributions has as many
lists as readers can think of.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, zip_longest
from typing import Any, Self
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import conditional_escape

from consultations import counting, reading
from consultations.counting import Facet
from consultations.filters import ContributionFilter, facet_names
from consultations.models import Contribution, Standing
from consultations.reading import ListedContribution
from cwg.fresh.memory import part
from cwg.pages.life import Life
from meetings.models import MemberState
from meetings.wording import dates
from meetings.wording.messages import Messages

ROWS_A_PAGE = 20
COUNTED_AT_MOST = 1_000
GAP = "\x00"  # no page holds it otherwise: what people type has no such character
NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Listed:
    """What the list of a round's contributions needs to know of the round."""

    consultation: int
    addresses: str  # how the addresses of its contributions begin
    key: str
    zone: str
    messages: Messages
    labels: Mapping[int, str]  # what each question is called, by its key
    counted: Mapping[Facet, Mapping[str, int]]
    names: Mapping[Facet, Mapping[str, str]]
    countries: Mapping[int, str]  # the names of those that senders published, by their key
    published: int
    # Put together once, and only ever asked narrowed or cut, so that it keeps nothing
    rows: QuerySet[Contribution, Any] = field(repr=False)

    @classmethod
    def of(cls, life: Life, labels: Mapping[int, str]) -> Self:
        """Return it of a round, whose questions lists call by `labels`."""
        found = life.consultation
        counted = counting.published_by(found)
        states = list(MemberState.objects.filter(iso__in=counted[Facet.COUNTRY]))
        names = facet_names(counted, labels, states)
        countries = {each.pk: names[Facet.COUNTRY][each.iso] for each in states}
        first = reverse("pages:contribution", args=[found.group.slug, found.key, 1])
        return cls(
            found.pk, first.removesuffix("1/"), found.key, found.group.zone, life.house.messages, labels,
            counted, names, countries, life.tally.published,
            reading.rows_for_a_list(
                Contribution.objects.filter(consultation=found.pk, standing=Standing.PUBLISHED)
            ),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class RoundPage:
    """A round's page with gaps: for the list, where it has one, and for the address it is printed with."""

    pieces: tuple[str, ...]
    listed: Listed

    def filled(self, contributions: str, request: HttpRequest) -> str:
        """Return the whole page."""
        address = str(conditional_escape(request.build_absolute_uri()))
        gaps = (contributions, address) if len(self.pieces) > 2 else (address,)
        return "".join(chain.from_iterable(zip_longest(self.pieces, gaps, fillvalue="")))


@dataclass(frozen=True, slots=True)
class Row:
    """A contribution as the list shows it."""

    address: str
    name: str
    example: bool
    sender: str
    beside: str
    questions: str
    received: str


def list_of_contributions(request: HttpRequest, listed: Listed) -> str:
    """Return the list of a round's contributions as asked for; nothing where none is published."""
    if not listed.published:
        return ""
    narrowed = narrowing(request, listed)
    facets = narrowed.facets() if narrowed else {}
    rows = narrowed.qs if narrowed else listed.rows
    count = counting.published_with(listed.consultation, facets) if facets else listed.published
    if count is None:
        count = rows.order_by()[: COUNTED_AT_MOST + 1].count()
    if NUMBER.fullmatch(before := request.GET.get("before", "")):
        rows = rows.filter(number__lt=int(before))
    page = reading.for_a_list(rows[: ROWS_A_PAGE + 1], listed.countries)
    context = {
        "narrowing": _form(narrowed) if narrowed else part(
            ("nothing chosen of a round", listed.consultation),
            lambda: _form(_filter({}, listed)),
        ),
        "facets": facets,
        "matching": f"more than {COUNTED_AT_MOST:,}"
        if count > COUNTED_AT_MOST and len(facets) > 2
        else f"{count:,}",
        "published": listed.published,
        "address": request.path,
        "rows": [_row(each, listed) for each in page[:ROWS_A_PAGE]],
        "older": page[ROWS_A_PAGE - 1].number if len(page) > ROWS_A_PAGE else None,
        "newest": bool(before),
        "query": query(request, "before"),
    }  # fmt: skip
    return render_to_string("pages/_contributions.html", context)


def narrowing(request: HttpRequest, listed: Listed) -> ContributionFilter | None:
    """Return the form as it was sent; None where nothing of it was."""
    sent = any(request.GET.get(facet.value) for facet in Facet)
    return _filter(request.GET, listed) if sent else None


def _filter(asked: Any, listed: Listed) -> ContributionFilter:
    return ContributionFilter(
        asked, queryset=listed.rows, counted=listed.counted, names=listed.names
    )


def _form(narrowed: ContributionFilter) -> str:
    return render_to_string("pages/_filter.html", {"filter": narrowed, "here": "#contributions"})


def _row(found: ListedContribution, listed: Listed) -> Row:
    sender = found.sender
    group = sender.stakeholder_group or "Stakeholder group not given"
    questions = [label for key, label in listed.labels.items() if key in found.answered]
    return Row(
        address=f"{listed.addresses}{found.number}/",
        name=f"OC-{listed.key}/{found.number}",
        example=found.example,
        sender=sender.in_short,
        beside=f"{group}, {sender.country}" if sender.country else group,
        questions=", ".join(questions) or "Free text",
        received=day_in_zone(listed.messages, listed.zone, found.received_at),
    )


def day_in_zone(messages: Messages, zone: str, at: datetime | None) -> str:
    """Return the day of an instant in a group's own zone, in words; nothing where there is none."""
    return dates.day(messages, at.astimezone(ZoneInfo(zone)).date()) if at else ""


def query(request: HttpRequest, without: str) -> str:
    """Return what was asked for, to go before another page's number."""
    asked = request.GET.copy()
    asked.pop(without, None)
    return f"{asked.urlencode()}&" if asked else ""
