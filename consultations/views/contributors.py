"""Who contributed, at the desk: what is offered as alike, each one's page, two before they are merged."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Exists, Min, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from consultations import alike_names, announcing, counting, names, naming, reading
from consultations.forms.contributors import acts, decisions
from consultations.models import Contribution, Contributor, ContributorMerge, Naming
from consultations.views import desk
from meetings.access import groups_of

VIEW, CHANGE = "consultations.view_contributor", "consultations.change_contributor"
ROWS_A_PAGE = 20
MOST_HISTORY = 50


@require_safe
def contributors(request: HttpRequest) -> HttpResponse:
    """Show whom the names that are alike may be, and look for names."""
    groups = desk.moderated(request, VIEW)
    pairs = alike_names.offered().filter(one__group__in=groups)
    pairs = pairs.select_related("one__group", "other").order_by("-percent", "pk")
    offered = Paginator(pairs, ROWS_A_PAGE).get_page(request.GET.get("page"))
    keys = [key for each in offered for key in (each.one_id, each.other_id)]
    told = _told(keys)
    context: dict[str, Any] = {
        "title": "Who contributed", "offered": offered,
        "rows": [(each, told.get(each.one_id, ""), told.get(each.other_id, "")) for each in offered],
        "several_groups": len(groups) > 1,
        **_looked_for(request, _to_be_seen(request)),
    }  # fmt: skip
    return desk.page(request, "desk_contributors.html", context)


def _looked_for(request: HttpRequest, rows: QuerySet[Contributor]) -> dict[str, Any]:
    """Return what was looked for among `rows`, and a page of those in whose name every word stands."""
    words = request.GET.get("q", "").strip()[:200]
    asked = names.words(words)
    for word in asked:
        rows = rows.filter(folded__contains=word)
    listed = rows.select_related("group").order_by("folded", "pk") if asked else rows.none()
    found = Paginator(listed, ROWS_A_PAGE).get_page(request.GET.get("found")) if words else None
    return {"words": words, "found": found, "found_query": f"{urlencode({'q': words})}&found="}


def _told(keys: list[int]) -> dict[int, str]:
    """Return what tells contributors apart: the first contribution that names each, and its sender.

    Three queries, however many there are.
    """
    live = Naming.objects.live().filter(contributor__in=keys).order_by()
    first = live.values("contributor").annotate(first=Min("pk")).values("first")
    rows = Naming.objects.filter(pk__in=first).select_related("contribution__country")
    return {
        each.contributor_id: f"{each.contribution.reference}, "
        f"{reading.sender(each.contribution).in_full}"
        for each in rows.prefetch_related("contribution__organisations")
    }


def _to_be_seen(request: HttpRequest) -> QuerySet[Contributor]:
    """Return the contributors of the person's groups: those that are public, and all where they decide.

    A name that is published no more is the secretariat's alone, like the contribution that bore it.
    """
    groups = list(groups_of(request.user, timezone.localdate()))
    deciding = [each for each in groups if request.user.has_perm(CHANGE, each)]
    public = Exists(naming.public().filter(contributor=OuterRef("pk")))
    rows = Contributor.objects.filter(group__in=groups).select_related("group")
    return rows.filter(Q(group__in=deciding) | public)


def _contributor_or_404(request: HttpRequest, pk: int) -> Contributor:
    """Return one of the person's groups; who may not decide may look. Raises Http404, PermissionDenied."""
    found = _to_be_seen(request).filter(pk=pk).first()
    if found is None:
        raise Http404
    if not request.user.has_perm(VIEW if request.method in {"GET", "HEAD"} else CHANGE, found):
        raise PermissionDenied
    return found


def contributor(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one with all that names it and all that was decided of it; do what is asked."""
    found = _contributor_or_404(request, pk)
    person: Any = request.user
    may = person.has_perm(CHANGE, found)
    offered, wanted = acts(found, desk.sent(request), by=person) if may else ([], None)
    if wanted is not None and wanted.save(timezone.now()):
        messages.success(request, wanted.done)
        return HttpResponseRedirect(request.path)
    same_kind = _to_be_seen(request).filter(group=found.group_id, kind=found.kind)
    decided = ContributorMerge.objects.filter(Q(contributor=found) | Q(into=found))
    alike = alike_names.of(found).select_related("one", "other").order_by("-percent", "pk")
    context = {
        "title": str(found), "contributor": found, "may": may,
        "acts": offered, "wanted": wanted.name if wanted else "",
        "public": _public_address(found), "shown": _shown(found),
        "page": Paginator(_namings(found, may), ROWS_A_PAGE).get_page(request.GET.get("page")),
        "alike": [_other(each, found) for each in alike[:ROWS_A_PAGE]],
        "decided": decided.select_related("contributor", "into", "made_by", "undone_by")
        .order_by("-pk")[:MOST_HISTORY] if may else (),
        "former": found.former_names.all()[:MOST_HISTORY],
        **_looked_for(request, same_kind.exclude(pk=found.pk)),
    }  # fmt: skip
    return desk.page(request, "desk_contributor.html", context, wanted)


def _other(pair: Any, found: Contributor) -> tuple[Contributor, int]:
    return (pair.other if pair.one_id == found.pk else pair.one), pair.percent


def _namings(found: Contributor, may: bool) -> QuerySet[Naming]:
    rows = Naming.objects.all() if may else naming.public()
    rows = rows.filter(Q(contributor=found) | Q(shown=found))
    return (
        rows.select_related("contribution__consultation__group", "contributor")
        .prefetch_related("contribution__consultation__consultation_topics__topic")
        .order_by("-contribution__received_at", "-pk")
    )


def _shown(found: Contributor) -> Contributor | None:
    """Return under whose page it stands, where that is another's."""
    naming_ = found.namings.exclude(shown=found).select_related("shown").first()
    return naming_.shown if naming_ is not None else None


def _public_address(found: Contributor) -> str:
    """Return its public page; "" where it has none now."""
    if not naming.public().filter(shown=found).exists():
        return ""
    return reverse("pages:contributor", args=[found.group.slug, found.slug])


def contributor_into(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """Show two side by side and the page that both would be; merge them, or keep them apart."""
    if pk == other:
        raise Http404
    one, into = _contributor_or_404(request, pk), _contributor_or_404(request, other)
    if (one.kind, one.group_id) != (into.kind, into.group_id):
        raise Http404
    person: Any = request.user
    may = person.has_perm(CHANGE, one)
    offered, wanted = decisions(one, into, desk.sent(request), by=person)
    if wanted is not None and wanted.save(timezone.now()):
        messages.success(request, wanted.done)
        return HttpResponseRedirect(reverse("admin:contributor", args=[into.pk]))
    both = naming.public().filter(Q(shown=one) | Q(shown=into))
    sent = (
        Contribution.objects.filter(Exists(both.filter(contribution=OuterRef("pk"))))
        .select_related("consultation__group")
        .defer("text")
        .prefetch_related("consultation__consultation_topics__topic")
        .order_by("-received_at", "-pk")
    )
    page = Paginator(sent, ROWS_A_PAGE).get_page(request.GET.get("page"))
    counted, told = counting.contributed(both), _told([one.pk, into.pk])
    context = {
        "title": f"{one} and {into}", "one": one, "into": into, "may": may,
        "acts": offered if may else [], "wanted": wanted.name if wanted else "",
        "sides": [
            (each, counted.get(each.pk, counting.Contributed()), told.get(each.pk, ""))
            for each in (one, into)
        ],
        "page": page, "rows": [(each, announcing.name(each.consultation)) for each in page],
    }  # fmt: skip
    return desk.page(request, "desk_contributor_into.html", context, wanted)
