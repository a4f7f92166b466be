"""The repository: every published contribution of a group, or of all groups, searched and narrowed.

The index says which contributions fit and how many share what; the contributions themselves are read
through what everybody may see, so that none is shown that is gone. What is asked for stands in the
address.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from consultations import naming, search
from consultations.data import columns, records, writing
from consultations.data.records import Round
from consultations.naming import Named
from consultations.reading import PublicContribution
from cwg.pages import authors
from cwg.pages.contributions import day_in_zone
from cwg.pages.looking import Looked
from cwg.pages.narrowed import FACETS, MOST_PAGES, Narrowed
from cwg.pages.passages import Passage, passages
from meetings import finding
from meetings.finding import Found, Query
from meetings.same_for_all import same_for_all
from meetings.site_address import absolute
from meetings.wording import dates
from meetings.wording.messages import Messages, messages

ROWS_A_PAGE = 20


@dataclass(frozen=True, slots=True)
class Row:
    """A contribution as the page shows it."""

    address: str
    name: str
    example: bool
    sender: finding.Pieces
    beside: str
    language: str
    written_in: str  # by the language's own name, where it is another than the page's
    round: Round
    received: str
    passages: tuple[Passage, ...]
    citation: str
    named: tuple[tuple[str, str], ...]  # whom it names, with the query that asks for theirs alone


@require_safe
@same_for_all
def repository(request: HttpRequest, slug: str = "") -> HttpResponse:
    """Show the contributions that fit, twenty a page, with passages and exact counts."""
    looked = Looked.of(request.GET, slug)
    asked = looked.asked
    first = (asked.page - 1) * ROWS_A_PAGE
    found = looked.find(
        limit=ROWS_A_PAGE, offset=first, newest=not looked.ranked, facets=FACETS.values()
    )
    pages = min(-(-found.total // ROWS_A_PAGE), MOST_PAGES)
    context: dict[str, Any] = {
        **(looked.group.frame if looked.group else {"group": None}),
        "base": "pages/_frame.html" if looked.group else "base.html",
        "asked": asked,
        "kept": [(name, value) for name, values in asked.chosen.items() for value in values],
        "chosen": [
            (looked.name(name, value), f"?{asked.without(name, value).query()}")
            for name, values in asked.chosen.items() for value in values
        ],
        "understood": understood(looked.words) if asked.text else (),
        "cut": looked.words.cut,
        "facets": looked.names.facets(asked, found.facets),
        "rows": _rows(looked, found),
        "of_one_round": len(asked.chosen.get("round", ())) == 1,
        "total": f"{found.total:,}",
        "one": found.total == 1,
        "found": found.total,
        "first": first + 1,
        "state": found.state.value,
        "page": asked.page,
        "pages": pages,
        "older": f"?{asked.query(page=asked.page + 1)}" if asked.page < pages else "",
        "newer": f"?{asked.query(page=asked.page - 1)}" if asked.page > 1 else "",
        "by_date": asked.newest,
        "other_order": f"?{asked.query(newest=not asked.newest)}",
        "repository": looked.plain("repository"),
        "feed": looked.address("repository_feed"),
        "exports": [
            (name, looked.address("repository_data", form)) for form, name in writing.NAMED
        ],
        "licence": columns.licence(),
        "address": absolute(looked.address("repository")),
        "today": dates.day(messages("en"), timezone.localdate()),
        "widened": f"?{Narrowed(text=asked.text).query()}",
    }  # fmt: skip
    return render(request, "pages/repository.html", context)


def _rows(looked: Looked, hits: Found) -> list[Row]:
    """Return the contributions of a page as it shows them."""
    found = looked.read(search.key(each.key) for each in hits.hits)
    shown = passages(looked.words, found, looked.names.rounds)
    named = naming.names_by_contribution([each.row.pk for each in found])
    said = messages("en")
    return [
        _row(read, placed, named[read.row.pk], looked, said)
        for read, placed in zip(found, shown, strict=True)
    ]


def _row(
    read: PublicContribution,
    placed: tuple[Passage, ...],
    named: list[Named],
    looked: Looked,
    said: Messages,
) -> Row:
    found, sender = read.row, read.sender
    held = looked.names.rounds[found.consultation_id]
    beside = filter(None, (sender.stakeholder_group, sender.country))
    return Row(
        address=records.path_of(held.group, held.key, found.number),
        name=str(found.reference),
        example=found.example,
        sender=finding.marked(looked.words, sender.in_short),
        beside=", ".join(beside),
        language=found.language,
        written_in="" if found.language == "en" else read.language,
        round=held,
        received=day_in_zone(said, held.zone.key, found.received_at),
        passages=placed,
        citation=records.citation(read, held),
        named=() if looked.authors else tuple(_theirs(named, held, looked)),
    )


def _theirs(named: list[Named], held: Round, looked: Looked) -> Iterator[tuple[str, str]]:
    """Yield the first of those whom a contribution names, with the query that narrows to theirs."""
    # two names that were merged since are one
    for each in list({each.key: each for each in named}.values())[: authors.MOST_NAMED]:
        value = authors.value(held.group, each.key, of_all=looked.group is None)
        yield each.name, f"?{looked.asked.narrowed_to('author', value).query()}"


def understood(words: Query) -> tuple[str, ...]:
    """Return what is looked for, thing by thing, in words."""
    said = []
    for term in words.terms:
        plain = " ".join(term.words) if term.phrase else term.words[0]
        if term.phrase:
            plain = f"“{plain}” in a row"
        elif term.prefix:
            plain = f"words that begin with {plain}"
        said.append(f"without {plain}" if term.without else plain)
    return tuple(said)
