"""The one search box over everything public: what a number names first, then what words find, by kind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from consultations import search as contributions_search
from consultations.access import public_consultations, public_contributions
from consultations.data.records import path_of
from consultations.summary import published
from cwg.pages.looking import kept
from cwg.pages.narrowed import MOST_PAGES, Narrowed, clean
from cwg.pages.passages import Passage, passages
from cwg.pages.repository import ROWS_A_PAGE
from cwg.searching import asking, matching
from cwg.searching.asking import Asked
from cwg.searching.public import AT, BY_NAME, KINDS, Kind
from meetings import finding
from meetings.finding import Pieces, Query
from meetings.register import FORMS, PUBLIC
from meetings.same_for_all import same_for_all

OF_EACH = 3  # hits of a kind that are shown together
KEY = re.compile(r"(?:.*\boc[- ])?(\d{4}-\d{2})(?:/(\d{1,9}))?", re.IGNORECASE | re.ASCII)
CONTRIBUTION = "contribution"


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that was found: what it is called, where it is read, a passage of it."""

    name: Pieces
    address: str
    passage: Passage | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of one kind; `all` leads to the rest of it."""

    name: str
    heading: str
    total: str
    hits: tuple[Hit, ...]
    all: str


@require_safe
@same_for_all
def search(request: HttpRequest) -> HttpResponse:
    """Show what fits what was typed, of all kinds, or of one page by page."""
    typed = clean(request.GET.get("q", ""))
    words = finding.asked(typed)
    of = request.GET.get("kind", "")
    kind = of if of in BY_NAME else ""
    number = request.GET.get("page", "")
    page = min(int(number), MOST_PAGES) if re.fullmatch(r"[1-9][0-9]{0,3}", number, re.ASCII) else 1
    exact = list(_exact(asking.read(typed), typed)) if typed and not kind else []
    groups, more, state = [], "", finding.state().value
    wanted = [kind] if kind else [*(each.name for each in KINDS), CONTRIBUTION]
    limit = ROWS_A_PAGE if kind else OF_EACH
    for name in wanted if words else ():
        found = finding.search(
            words, kinds=(name,), limit=limit, offset=(page - 1) * limit if kind else 0
        )
        hits = tuple(_hits(name, [int(each.key.partition(":")[2]) for each in found.hits], words))
        if not hits:
            continue
        groups.append(Group(
            name, BY_NAME[name].heading if name in BY_NAME else "Contributions", f"{found.total:,}", hits,
            _all(name, typed) if found.total > len(hits) and not kind else "",
        ))  # fmt: skip
        if kind and page * limit < min(found.total, MOST_PAGES * limit):
            more = f"{_all(name, typed)}&page={page + 1}"
    context: dict[str, Any] = {
        "q": typed, "asked": bool(words), "exact": exact, "groups": groups, "state": state, "more": more,
        "kind": kind,
        "back": f"{reverse('pages:search')}?{_query(typed)}",
    }  # fmt: skip
    return render(request, "pages/search.html", context)


def _query(typed: str) -> str:
    return Narrowed(text=typed).query().replace("text=", "q=", 1)


def _all(name: str, typed: str) -> str:
    """Return the address of all that was found of a kind."""
    if name == CONTRIBUTION:
        return f"{reverse('pages:all_repository')}?{Narrowed(text=typed).query()}"
    return f"{reverse('pages:search')}?{_query(typed)}&kind={name}"


def _hits(name: str, keys: list[int], words: Query) -> Iterator[Hit]:
    """Yield rows of a kind in order, read as everybody reads them."""
    if name == CONTRIBUTION:
        names = kept()[1]
        rounds = names.rounds
        found = [
            each
            for each in contributions_search.read(keys, names.shared)
            if each.row.consultation_id in rounds
        ]
        for read, placed in zip(found, passages(words, found, rounds), strict=True):
            held = rounds[read.row.consultation_id]
            to = path_of(held.group, held.key, read.row.number)
            called = f"{read.sender.in_short} ({read.row.reference})"
            yield Hit(finding.marked(words, called), to, placed[0] if placed else None)
        return
    kind = BY_NAME[name]
    by_key = {row.pk: row for row in kind.rows().filter(pk__in=keys)}
    rows = [by_key[key] for key in keys if key in by_key]
    pages = kind.pages(rows)
    for row in rows:
        called = kind.called(row)
        said, inside = [], []
        for each in kind.parts(row, pages):
            if each.where.startswith("file"):
                inside.append(each)
            elif each.where != "title" and each.text not in called:
                said.append(each)
        in_files = finding.near(finding.lacking(words, said), inside)
        marked = finding.highlight(words, in_files, most=1) or finding.highlight(
            words, said, most=1
        )
        passage = _placed(kind, row, marked[0]) if marked else None
        yield Hit(finding.marked(words, called), kind.address(row), passage)


def _placed(kind: Kind, row: Any, found: finding.Passage) -> Passage:
    """Return a passage with the place where it stands, in a file or on its page, as far as it has one."""
    of, *where = found.where.split()
    if of == AT:
        to = f"{kind.address(row)}#{where[0]}"
        return Passage(published.place_name(where[0]), to, found.pieces)
    file = next(
        (each for each in kind.files(row) if of == "file" and each.pk == int(where[0])), None
    )
    if file is None:
        return Passage("", "", found.pieces)
    page, address = where[1], PUBLIC.file_address(file)
    called = f"{file.get_language_display()} {FORMS.get(file.form, file.form)}"
    if page == "0":
        return Passage(called, address, found.pieces)
    return Passage(f"{called}, page {page}", f"{address}#page={page}", found.pieces)


def _exact(asked: Asked, typed: str) -> Iterator[Hit]:
    """Yield what a number names: contribution, round, meeting, outcome, document, instrument."""
    if key := KEY.fullmatch(typed.strip()):
        yield from _by_key(key[1], key[2] or "")
    if asked.meeting:
        series, ordinal = asked.meeting
        yield from _named("meeting", Q(series=series, ordinal=ordinal))
    if asked.outcome:
        series, ordinal, letter = asked.outcome
        kind = BY_NAME["outcome"]
        for row in kind.rows().filter(meeting__series=series, meeting__ordinal=ordinal):
            if kind.address(row).endswith(f"-{letter}"):
                yield _plain(kind, row)
    if asked.document:
        yield from _named("document", matching.number_in("number", asked.document))
        yield from _named("report", matching.number_in("document_number", asked.document))
    if asked.instrument and (asked.instrument.kind or not asked.meeting):
        condition = Q(number__iexact=asked.instrument.number)
        if asked.instrument.kind:
            condition &= Q(kind=asked.instrument.kind)
        yield from _named("instrument", condition)


def _by_key(key: str, number: str) -> Iterator[Hit]:
    if not number:
        for held in BY_NAME["round"].rows().filter(key=key)[:OF_EACH]:
            yield _plain(BY_NAME["round"], held)
        return
    found = public_contributions().filter(
        consultation__key=key, number=int(number), consultation__in=public_consultations()
    )
    for row in found.select_related("consultation__group")[:OF_EACH]:
        to = reverse("pages:contribution", args=[row.consultation.group.slug, key, row.number])
        yield Hit(((f"Contribution {row.reference}", False),), to)


def _named(name: str, condition: Q) -> Iterator[Hit]:
    kind = BY_NAME[name]
    for row in kind.rows().filter(condition)[:OF_EACH]:
        yield _plain(kind, row)


def _plain(kind: Kind, row: Any) -> Hit:
    return Hit(((kind.called(row), False),), kind.address(row))
