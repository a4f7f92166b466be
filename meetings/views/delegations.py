"""The delegations in the secretariat's site: who is in them, who comes, who leaves, who begins."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from auditlog.models import LogEntry
from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Case, Count, F, Max, When
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from meetings import delegations
from meetings.access import audience, groups_of
from meetings.forms.delegation_list import ListForm
from meetings.forms.delegations import AgainForm, HandOverForm, InviteForm, RemoveForm
from meetings.models import DelegateTerm, MemberState, WorkingGroup

ROWS_A_PAGE = 50
SEE, INVITE, HAND_OVER = "meetings.view_delegateterm", "delegation.invite", "delegation.hand_over"
HAPPENED = {
    "delegations.invite": "Invited",
    "delegations.invite_again": "Invited again",
    "delegations.accept": "Set a password",
    "delegations.remove": "Removed",
    "delegations.hand_over": "Handed over",
}

type View = Callable[..., HttpResponseBase]


def addresses(admin_view: Callable[[View], View]) -> list[URLPattern]:
    """Return the addresses of these pages, for the secretariat's site to take in."""
    one = "delegations/<slug:slug>/<slug:iso>/"
    return [
        path("delegations/", admin_view(delegation_list), name="delegations"),
        path("delegations/invite/", admin_view(invite), name="delegation_invite"),
        path("delegations/list/", admin_view(invite_list), name="delegation_list"),
        path(one, admin_view(delegation), name="delegation"),
        path(f"{one}hand-over/", admin_view(hand_over), name="delegation_hand_over"),
        path(f"{one}<int:pk>/remove/", admin_view(remove), name="delegation_remove"),
    ]


@require_safe
def delegation_list(request: HttpRequest) -> HttpResponse:
    """Show the delegations of the reader's groups, and which has no focal point."""
    today = timezone.localdate()
    groups = _groups(request, SEE)
    asked = request.GET.get("group", "")
    shown = [each for each in groups if asked in {"", each.slug}]
    focal = Case(When(role=DelegateTerm.Role.FOCAL_POINT, then=F("person")))
    found = (
        DelegateTerm.objects.on(today)
        .filter(group__in=shown)
        .order_by("group__slug", "member_state__iso")
        .values("group", "member_state")
        .annotate(people=Count("pk"), focal=Max(focal))
    )
    page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": "Delegations", "page": page, "rows": _rows(page, groups), "groups": groups,
        "asked": asked, "query": f"group={asked}&" if asked in {g.slug for g in shown} else "",
        "may_invite": any(request.user.has_perm(INVITE, each) for each in groups),
    }  # fmt: skip
    return _page(request, "delegation_list.html", context)


def _rows(found: Any, groups: list[WorkingGroup]) -> list[dict[str, Any]]:
    named = {group.pk: group for group in groups}
    states = MemberState.objects.in_bulk([row["member_state"] for row in found])
    accounts: Any = get_user_model()._default_manager
    people = accounts.in_bulk([row["focal"] for row in found if row["focal"]])
    return [
        {
            "group": named[row["group"]], "state": states[row["member_state"]],
            "people": row["people"], "focal": people.get(row["focal"]),
        }
        for row in found
    ]  # fmt: skip


def delegation(request: HttpRequest, slug: str, iso: str) -> HttpResponse:
    """Show one delegation, its people now and before, and its history; mail an invitation again."""
    today = timezone.localdate()
    group, state = _delegation(request, slug, iso, SEE)
    now = delegations.people(group, state, today)
    may_invite = request.user.has_perm(INVITE, group)
    form = AgainForm(request.POST if request.method == "POST" else None, terms=now)
    if form.is_bound and not may_invite:
        raise PermissionDenied
    if form.is_bound and form.is_valid():
        term = form.save(by=request.user, at=timezone.now())
        if term is not None:
            messages.success(request, f"The invitation of {term.person} is mailed again.")
            return _to(group, state)
    page = Paginator(now, ROWS_A_PAGE).get_page(request.GET.get("page"))
    terms = DelegateTerm.objects.filter(group=group, member_state=state)
    before = terms.filter(to_day__lt=today).select_related("person").order_by("-to_day", "-pk")
    context = {
        "title": f"{state}: delegation to {group}", "group": group, "state": state, "page": page,
        "audience": audience(DelegateTerm(group=group)), "form": form,
        "has_focal": now.filter(role=DelegateTerm.Role.FOCAL_POINT).exists(),
        "former": before[:ROWS_A_PAGE], "history": _history(terms),
        "may_invite": may_invite, "may_hand_over": request.user.has_perm(HAND_OVER, group),
    }  # fmt: skip
    return _page(request, "delegation_read.html", context, form)


def _history(terms: Any) -> list[dict[str, Any]]:
    """Return what happened in a delegation, the last first."""
    kept = ContentType.objects.get_for_model(DelegateTerm)
    entries = LogEntry.objects.filter(content_type=kept, object_id__in=terms.values("pk"))
    entries = entries.select_related("actor").order_by("-timestamp", "-pk")[:ROWS_A_PAGE]
    return [
        {
            "at": entry.timestamp, "by": entry.actor, "about": entry.object_repr,
            "what": HAPPENED.get((entry.additional_data or {}).get("activity", ""), "Changed"),
            "reason": (entry.additional_data or {}).get("reason", ""),
        }
        for entry in entries
    ]  # fmt: skip


def invite(request: HttpRequest) -> HttpResponse:
    """Invite somebody to a delegation of one of the reader's groups."""
    groups = _groups(request, INVITE)
    asked = {name: request.GET[name] for name in ("group", "member_state") if name in request.GET}
    form = InviteForm(_sent(request), groups=groups, **asked)
    if form.is_valid():
        term = form.save(by=request.user, at=timezone.now())
        if term is not None:
            messages.success(request, f"{term.person.email} is invited; the mail leaves now.")
            return _to(term.group, term.member_state)
    context = {"title": "Invite to a delegation", "form": form, "button": "Invite"}
    return _page(request, "delegation_form.html", context, form)


def invite_list(request: HttpRequest) -> HttpResponse:
    """Invite the people of a list, and name the lines of which nobody was invited."""
    groups = _groups(request, INVITE)
    files = request.FILES if request.method == "POST" else None
    form = ListForm(_sent(request), files, groups=groups)
    context: dict[str, Any] = {"title": "Invite by a list", "form": form, "result": None}
    if form.is_valid():
        # Nobody is invited twice: the page may be loaded anew
        context["result"] = form.save(by=request.user, at=timezone.now())
    return _page(request, "delegation_invite_list.html", context, form)


def hand_over(request: HttpRequest, slug: str, iso: str) -> HttpResponse:
    """Record that a delegation has another focal point."""
    today = timezone.localdate()
    group, state = _delegation(request, slug, iso, HAND_OVER)
    now = delegations.people(group, state, today)
    focal = now.filter(role=DelegateTerm.Role.FOCAL_POINT).first()
    form = HandOverForm(_sent(request), terms=now, focal=focal, today=today)
    if form.is_valid():
        begun = form.save(group, state, by=request.user, at=timezone.now())
        if begun is not None:
            messages.success(
                request, f"{begun.person} is the focal point from {begun.from_day:%-d %B %Y} on."
            )
            return _to(group, state)
    context = {
        "title": f"Hand over: {state}, {group}", "form": form, "button": "Hand over",
        "lead": f"Focal point now: {focal.person}." if focal else "There is no focal point now.",
        "group": group, "state": state,
    }  # fmt: skip
    return _page(request, "delegation_form.html", context, form)


def remove(request: HttpRequest, slug: str, iso: str, pk: int) -> HttpResponse:
    """End somebody's term from today on, with the reason."""
    today = timezone.localdate()
    group, state = _delegation(request, slug, iso, INVITE)
    now = delegations.people(group, state, today)
    term = now.filter(pk=pk).first() if pk < 2**63 else None
    if term is None:
        raise Http404
    form = RemoveForm(_sent(request), term=term)
    if form.is_valid() and form.save(by=request.user, day=today, at=timezone.now()):
        messages.success(request, f"{term.person} is in the delegation no longer.")
        return _to(group, state)
    context = {
        "title": f"Remove {term.person}", "form": form, "button": "Remove", "group": group,
        "state": state,
        "lead": f"{term.get_role_display()} of {state} since {term.from_day:%-d %B %Y}. From now on "
        "the delegation’s desk is closed to them; what they wrote stays the delegation’s.",
    }  # fmt: skip
    return _page(request, "delegation_form.html", context, form)


# Whose


def _groups(request: HttpRequest, act: str) -> list[WorkingGroup]:
    """Return the groups in which the reader may `act`. Raises PermissionDenied where there is none."""
    kept = groups_of(request.user, timezone.localdate()).filter(record_kept_here=True)
    found = [each for each in kept.prefetch_related("names") if request.user.has_perm(act, each)]
    if not found:
        raise PermissionDenied
    return found


def _delegation(
    request: HttpRequest, slug: str, iso: str, act: str
) -> tuple[WorkingGroup, MemberState]:
    """Return the group and the Member State of an address, where the reader may `act`.

    Raises Http404 for what is another group's as for what is not there, else PermissionDenied.
    """
    kept = groups_of(request.user, timezone.localdate()).filter(record_kept_here=True, slug=slug)
    group = kept.prefetch_related("names").first()
    state = MemberState.objects.filter(iso=iso).first()
    if group is None or state is None:
        raise Http404
    if not request.user.has_perm(act, group):
        raise PermissionDenied
    return group, state


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _to(group: WorkingGroup, state: MemberState) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("admin:delegation", args=[group.slug, state.iso]))


def _page(
    request: HttpRequest, template: str, context: dict[str, Any], form: Any = None
) -> HttpResponse:
    wrong = form is not None and form.is_bound and bool(form.errors)
    return TemplateResponse(
        request, f"meetings/{template}", {**admin.site.each_context(request), **context},
        status=422 if wrong else 200,
    )  # fmt: skip
