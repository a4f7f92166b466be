"""Who contributed, over all rounds of a group: the list, and a page for each who agreed to be named."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from consultations import announcing, counting, naming, reading
from consultations.counting import Contributed
from consultations.filters import ContributorFilter
from consultations.models import Contribution, Contributor, Organisation
from consultations.naming import Named
from cwg.frame import group_or_404, house_today
from cwg.fresh.memory import part
from cwg.pages.contributions import day_in_zone, query
from meetings.frame import frame
from meetings.languages import in_any_language
from meetings.models import MemberState, WorkingGroup
from meetings.same_for_all import same_for_all
from meetings.wording.messages import Messages

ROWS_A_PAGE = 50
CONTRIBUTIONS_A_PAGE = 20
MOST_BESIDE = 3  # organizations that a list names beside a person


@dataclass(frozen=True, slots=True)
class Row:
    """A contributor as the list shows them."""

    name: str
    address: str
    kind: str
    example: bool
    beside: str  # of a person the organizations; of every other the stakeholder groups
    counted: Contributed


@dataclass(frozen=True, slots=True)
class Sent:
    """A contribution as the page of a contributor lists it."""

    address: str
    reference: str
    example: bool
    round: str
    round_address: str
    others: tuple[Named, ...]
    received: str


@dataclass(frozen=True, slots=True)
class Sum:
    """How many are named in public: it stands above the list, and stays as it is narrowed."""

    organisations: int
    persons: int
    letters: tuple[str, ...]


@require_safe
@same_for_all
def contributor_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Show who is named in published contributions, by name, narrowed as asked."""
    working_group = group_or_404(slug)
    total = part(("who contributed", slug), lambda: _sum(working_group))
    narrowed = ContributorFilter(
        request.GET, queryset=naming.shown_to_all(working_group).order_by("folded", "pk"),
        namings=naming.public(), letters=total.letters,
    )  # fmt: skip
    page = Paginator(narrowed.qs, ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        **frame(working_group),
        "filter": narrowed,
        "narrowed": bool(narrowed.asked()),
        "total": total,
        "page": page,
        "query": query(request, "page"),
        "rows": _rows(working_group, list(page)),
    }
    return render(request, "pages/contributor_list.html", context)


def _sum(group: WorkingGroup) -> Sum:
    rows = naming.shown_to_all(group).order_by().values("kind").annotate(number=Count("pk"))
    number = {row["kind"]: row["number"] for row in rows}
    return Sum(
        number.get(naming.ORGANISATION, 0), number.get(naming.PERSON, 0),
        tuple(naming.first_letters(group)),
    )  # fmt: skip


def _rows(group: WorkingGroup, shown: list[Contributor]) -> list[Row]:
    """Return contributors as the list shows them, in four queries."""
    namings = naming.public().filter(shown__in=shown)
    counted = counting.contributed(namings)
    real = set(namings.filter(contribution__example=False).values_list("shown", flat=True))
    groups: defaultdict[int, set[str]] = defaultdict(set)
    told = namings.order_by().values_list("shown", "contribution__stakeholder_group").distinct()
    for key, stakeholder_group in told:
        groups[key].add(reading.GROUPS.get(stakeholder_group, ""))
    persons = [each.pk for each in shown if each.kind == naming.PERSON]
    organisations = _organisations(persons)
    return [
        Row(
            str(each.name), _address(group, each.slug), str(each.get_kind_display()),
            each.pk not in real,
            "; ".join(organisations.get(each.pk, ())[:MOST_BESIDE])
            or ", ".join(sorted(filter(None, groups[each.pk]))),
            counted[each.pk],
        )
        for each in shown
    ]  # fmt: skip


def _organisations(persons: Collection[int]) -> dict[int, list[str]]:
    """Return the organizations that were published with each person, by the person's key."""
    if not persons:
        return {}
    namings = naming.public().filter(shown__in=persons, contribution__publish_organisation=True)
    shown = dict(namings.order_by("contribution").values_list("contribution", "shown"))
    rows = Organisation.objects.filter(contribution__in=namings.values("contribution"))
    found: dict[int, list[str]] = {}
    for key, name in rows.order_by("name").values_list("contribution", "name"):
        names = found.setdefault(shown[key], [])
        if name not in names:
            names.append(name)
    return found


def _address(group: WorkingGroup, key: str) -> str:
    return reverse("pages:contributor", args=[group.slug, key])


@require_safe
@same_for_all
def contributor(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Show what a contributor sent to which rounds, as far as they agreed to be named.

    The address of one that was merged or is spelled otherwise now leads on (for the time being: it can be
    taken back); where all was withdrawn it answers 410, and says no name.
    """
    working_group = group_or_404(slug)
    found = naming.at_address(working_group, key)
    if found is None:
        raise Http404
    if found.shown is None:
        return render(request, "pages/contributor_gone.html", frame(working_group), status=410)
    if found.slug != key:
        asked = request.META.get("QUERY_STRING", "")
        now = _address(working_group, found.slug)
        return HttpResponseRedirect(f"{now}?{asked}" if asked else now)
    return _page(request, working_group, found.shown)


def _page(request: HttpRequest, group: WorkingGroup, shown: Contributor) -> HttpResponse:
    namings = naming.public().filter(shown=shown)
    told = namings.order_by().values_list(
        "contributor__name", "contribution__stakeholder_group", "contribution__example"
    )
    seen = list(told.distinct())
    countries = namings.filter(contribution__publish_country=True).values("contribution__country")
    states = MemberState.objects.filter(pk__in=countries)
    sent = (
        Contribution.objects.filter(Exists(namings.filter(contribution=OuterRef("pk"))))
        .select_related("consultation__group", "country")
        .defer("text")
        .prefetch_related("consultation__consultation_topics__topic", "namings__shown")
        .order_by("-received_at", "-pk")
    )
    page = Paginator(sent, CONTRIBUTIONS_A_PAGE).get_page(request.GET.get("page"))
    messages = house_today(group).messages
    context: dict[str, Any] = {
        **frame(group),
        "contributor": shown,
        "counted": counting.contributed(namings)[shown.pk],
        "written": sorted({name for name, _, _ in seen} - {shown.name}),
        "groups": sorted({reading.GROUPS[each] for _, each, _ in seen if each}),
        "countries": sorted(in_any_language(each.name) for each in states),
        "example": all(example for _, _, example in seen),
        "page": page,
        "query": query(request, "page"),
        "rows": [_sent(group, each, shown, messages) for each in page],
        "persons": shown.kind == naming.ORGANISATION,
    }
    return render(request, "pages/contributor_read.html", context)


def _sent(group: WorkingGroup, each: Contribution, shown: Contributor, messages: Messages) -> Sent:
    held = each.consultation
    others = {named.key: named for named in naming.names_of(each) if named.key != shown.slug}
    return Sent(
        reverse("pages:contribution", args=[group.slug, held.key, each.number]),
        str(each.reference), each.example, announcing.name(held),
        reverse("pages:consultation", args=[group.slug, held.slug]), tuple(others.values()),
        day_in_zone(messages, group.zone, each.received_at),
    )  # fmt: skip
